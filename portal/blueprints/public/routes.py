"""Home and the information pages that anybody may read."""

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.web.access import public
from portal.web.pages import page

blueprint = Blueprint("public", __name__)


@blueprint.get("/")
@public
def home() -> Response:
    """The start page."""
    return page("public/home.html")

"""Signing in and out, one's own account."""

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.web.access import public
from portal.web.pages import page

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/inloggen")
@public
def sign_in() -> Response:
    """The sign-in page."""
    return page("accounts/sign_in.html")

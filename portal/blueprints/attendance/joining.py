"""Going into an online meeting by one's own link. A look writes nothing: mail programs open links to see what is
behind them, so who comes in presses a button."""

from flask import Blueprint, redirect
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from portal import clock
from portal.db import transaction
from portal.domain.attendance.join_rules import WayIn, opens_at
from portal.domain.attendance.joins import get_way_in, join_meeting
from portal.domain.calendar.join_links import Comer, read_join_token
from portal.errors import Conflict, NotFound
from portal.web.access import public
from portal.web.headers import policy
from portal.web.limits import limit
from portal.web.pages import page
from portal.web.signing import current_actor

blueprint = Blueprint("meeting_joins", __name__)


@blueprint.after_request
def keep_to_oneself(response: FlaskResponse) -> FlaskResponse:
    """Kept nowhere and found by nobody. The form may lead to the meeting, and on from there: browsers hold redirects of
    a form to this rule too, and meeting programs redirect."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Security-Policy"] = policy("'self' https: http:")
    return response


@blueprint.get("/meedoen/<token>")
@public
@limit("join")
def way_in(token: str) -> Response:
    """Which meeting and when, with the button; or why there is none."""
    return _page(token)


@blueprint.post("/meedoen/<token>")
@public
@limit("join")
def join(token: str) -> Response:
    """Notes it and goes on to the meeting."""
    try:
        with transaction():
            address = join_meeting(comer=_comer(token), actor=current_actor(), now=clock.now())
    except Conflict:
        return _page(token, status=409)
    return redirect(address, 303)


def _comer(token: str) -> Comer:
    comer = read_join_token(token)
    if comer is None:
        raise NotFound
    return comer


def _page(token: str, status: int = 200) -> Response:
    found = get_way_in(_comer(token), clock.now())
    begin = opens_at(found.starts_at)
    return page("attendance/join.html", status=status, found=found, token=token, opens_at=begin, WayIn=WayIn)

"""The code at the door: on the trainer's screen, where it turns every minute, and on paper; and who came in by it."""

from datetime import datetime

from flask import Blueprint, current_app, flash, jsonify, session, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.attendance.own import keepers, own_meeting
from portal.blueprints.attendance.routes import REST
from portal.db import transaction
from portal.documents.qr import qr_image
from portal.domain.attendance import door
from portal.domain.attendance.arrivals import count_in, list_arrivals
from portal.domain.attendance.check_ins import mark_arrived
from portal.domain.attendance.door import Hindrance, How
from portal.domain.attendance.queries import MeetingHead, list_seat_rows
from portal.language import _, _n
from portal.links import link
from portal.web.pages import page, see_other
from portal.web.signing import current_actor

blueprint = Blueprint("attendance_door", __name__, url_prefix="/bijeenkomsten/<int:meeting_id>/presentie")


def door_key() -> str:
    """What the codes are signed with."""
    return str(current_app.config["PORTAL"].secret_key)


@blueprint.get("/code")
@keepers
def code(meeting_id: int) -> Response:
    """The code that turns, large enough for people to scan it from the door."""
    head, now = own_meeting(meeting_id), clock.now()
    closed = _hindrance(head, now)
    return page(
        "attendance/code.html",
        head=head,
        closed=closed,
        Hindrance=Hindrance,
        can_print=closed is not Hindrance.FINISHED and now < _paper_until(head),
        opens_at=door.opens_at(head.starts_at),
        image=_turning_image(meeting_id, now),
        count=_count(meeting_id),
    )


@blueprint.get("/code/stand")
@keepers
def code_state(meeting_id: int) -> Response:
    """The code of this minute and how many are in; 410 when the door is closed, so that the page is asked afresh."""
    head, now = own_meeting(meeting_id), clock.now()
    if _hindrance(head, now):
        response = jsonify({})
        response.status_code = 410
        return response
    return jsonify({"image": _turning_image(meeting_id, now), "count": _count(meeting_id)})


@blueprint.get("/code/papier")
@keepers
def paper(meeting_id: int) -> Response:
    """The code of this meeting to print and put up at the door."""
    head = own_meeting(meeting_id)
    token = door.paper_token(door_key(), meeting_id)
    return page(
        "attendance/code_on_paper.html",
        head=head,
        opens_at=door.opens_at(head.starts_at),
        closes_at=_paper_until(head),
        image=qr_image(link(f"/i/{token}")),
    )


@blueprint.post("/gemeld")
@keepers
def arrived(meeting_id: int) -> Response:
    """Marks everybody present who came in and is not marked yet."""
    own_meeting(meeting_id)
    with transaction():
        seat_ids = mark_arrived(meeting_id=meeting_id, actor=current_actor(), now=clock.now())
    if seat_ids:
        session[REST] = [meeting_id, *seat_ids]
    else:
        flash(_("Iedereen die zich meldde, is al ingevuld."), "info")
    return see_other(url_for("attendance.sheet", meeting_id=meeting_id))


def _hindrance(head: MeetingHead, now: datetime) -> Hindrance | None:
    finished = head.finished_at is not None
    return door.hindrance(How.SCREEN, starts_at=head.starts_at, ends_at=head.ends_at, finished=finished, now=now)


def _paper_until(head: MeetingHead) -> datetime:
    return door.closes_at(How.PAPER, starts_at=head.starts_at, ends_at=head.ends_at)


def _turning_image(meeting_id: int, now: datetime) -> str:
    return qr_image(link(f"/i/{door.turning_token(door_key(), meeting_id, now)}"))


def _count(meeting_id: int) -> str:
    rows = list_seat_rows(meeting_id)
    count = count_in(rows, list_arrivals(meeting_id))
    return str(_n("%(count)s van %(num)s is er", "%(count)s van %(num)s zijn er", len(rows), count=count))

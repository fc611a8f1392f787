"""The trainer takes somebody in by the letters that they say or show."""

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.attendance.door import door_key
from portal.blueprints.attendance.forms import LettersForm
from portal.blueprints.attendance.own import keepers, own_meeting
from portal.db import transaction
from portal.domain.attendance import door
from portal.domain.attendance.check_ins import check_in
from portal.domain.attendance.door import How
from portal.domain.attendance.queries import get_seat_row
from portal.domain.attendance.rules import ListState
from portal.domain.attendance.taking_in import find_arrival, find_to_take_in, nothing_to_do
from portal.language import _
from portal.web.access import note_view
from portal.web.forms import PortalForm
from portal.web.headers import with_camera
from portal.web.limits import limit
from portal.web.pages import page, see_other
from portal.web.signing import current_actor

blueprint = Blueprint("taking_in", __name__, url_prefix="/bijeenkomsten/<int:meeting_id>/presentie/aankomst")


@blueprint.route("", methods=["GET", "POST"])
@keepers
@limit("letters")
def ask(meeting_id: int) -> Response:
    """A field for somebody's letters, and a camera that reads them."""
    head, form, now = own_meeting(meeting_id), LettersForm(), clock.now()
    finished = head.finished_at is not None
    closed = door.hindrance(How.TAKEN_IN, starts_at=head.starts_at, ends_at=head.ends_at, finished=finished, now=now)
    if closed is None and form.validate_on_submit():
        with form.answering():
            row = find_to_take_in(door_key(), head, form.letters.data or "", now)
            return see_other(url_for(".confirm", meeting_id=meeting_id, seat_id=row.seat_id))
    said = door.hindrance_in_words(closed, How.TAKEN_IN, starts_at=head.starts_at) if closed else ""
    return with_camera(page("attendance/take_in.html", form=form, head=head, closed=said))


@blueprint.get("/<int:seat_id>")
@keepers
def confirm(meeting_id: int, seat_id: int) -> Response:
    """Whose letters they are, before anything is marked."""
    own_meeting(meeting_id)
    return _confirm_page(meeting_id, seat_id, PortalForm())


@blueprint.post("/<int:seat_id>")
@keepers
def take_in(meeting_id: int, seat_id: int) -> Response:
    """Keeps that they are there, and marks them present when the meeting has begun."""
    head, form, now = own_meeting(meeting_id), PortalForm(), clock.now()
    row = get_seat_row(meeting_id, seat_id)
    with form.answering(), transaction():
        check_in(meeting_id=meeting_id, seat_id=seat_id, how=How.TAKEN_IN, actor=current_actor(), now=now)
    if form.errors:
        return _confirm_page(meeting_id, seat_id, form)
    if head.state(now) is ListState.AHEAD:
        flash(_("%(name)s heeft zich gemeld. Na het begin zet je dat op Aanwezig.", name=row.name), "good")
    else:
        flash(_("%(name)s is er.", name=row.name), "good")
    return see_other(url_for(".ask", meeting_id=meeting_id))


def _confirm_page(meeting_id: int, seat_id: int, form: PortalForm) -> Response:
    enrolment_id = get_seat_row(meeting_id, seat_id).enrolment_id
    note_view(meeting_id=meeting_id, enrolment_id=enrolment_id)
    head, row = own_meeting(meeting_id), get_seat_row(meeting_id, seat_id)
    state = head.state(clock.now())
    done = nothing_to_do(row, find_arrival(meeting_id, seat_id), state)
    ahead = state is ListState.AHEAD
    return page("attendance/take_in_confirm.html", form=form, head=head, row=row, done=done, ahead=ahead)

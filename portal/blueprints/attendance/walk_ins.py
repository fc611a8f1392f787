"""Somebody came who is not on the list: the trainer adds them, and they say afterwards whether that is right."""

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.attendance.forms import WalkInForm
from portal.blueprints.attendance.own import keepers, own_meeting
from portal.db import transaction
from portal.domain.attendance.rules import ListState
from portal.domain.attendance.walk_ins import add_walk_in, confirm_walk_in, list_unanswered, withdraw_walk_in
from portal.domain.enrolment.at_the_door import AtTheDoor, full_in_words, get_at_the_door, only_whole_in_words
from portal.domain.enrolment.own_enrolments import get_own_enrolment
from portal.language import _, moment
from portal.web.access import signed_in
from portal.web.forms import PortalForm
from portal.web.limits import limit
from portal.web.pages import page, see_other
from portal.web.signing import current_actor, the_person

adding = Blueprint("walk_ins", __name__)
own = Blueprint("own_walk_ins", __name__, url_prefix="/mijn/inschrijvingen/<int:enrolment_id>/erbij")
blueprints = (adding, own)
ANSWERS = {"confirm": confirm_walk_in, "withdraw": withdraw_walk_in}


@adding.route("/bijeenkomsten/<int:meeting_id>/presentie/erbij", methods=["GET", "POST"])
@keepers
@limit("enrolled")
def add(meeting_id: int) -> Response:
    """Name and address of who came, what that costs, and why it cannot be, when it cannot."""
    own_meeting(meeting_id)
    form = WalkInForm()
    if get_at_the_door(meeting_id).edition.in_company:
        del form.told
    if form.validate_on_submit():
        name = ""
        with form.answering(), transaction():
            fields = {"name": form.name.data or "", "email": form.email.data or ""}
            name = add_walk_in(meeting_id=meeting_id, **fields, actor=current_actor(), now=clock.now())
        if not form.errors:
            flash(_("%(name)s staat op de lijst, op Aanwezig, en krijgt een mail.", name=name), "good")
            return see_other(url_for("attendance.sheet", meeting_id=meeting_id))
    return _add_page(meeting_id, form)


def _add_page(meeting_id: int, form: PortalForm) -> Response:
    head, door = own_meeting(meeting_id), get_at_the_door(meeting_id)
    return page(
        "attendance/walk_in.html", form=form, head=head, door=door, closed=_closed(head.state(clock.now()), door)
    )


def _closed(state: ListState, door: AtTheDoor) -> str:
    """Why nobody can be added, before anything is filled in; empty when somebody can."""
    if state is ListState.AHEAD:
        return str(_("Iemand erbij zetten kan vanaf het begin, %(moment)s.", moment=moment(door.meeting.starts_at)))
    if state is ListState.FINISHED:
        return str(_("De lijst is afgerond. Het bureau kan iemand nog inschrijven voor een andere datum."))
    if door.only_whole:
        return only_whole_in_words()
    return full_in_words(door.meeting.capacity) if door.meeting.free <= 0 else ""


@own.get("")
@signed_in
def ask(enrolment_id: int) -> Response:
    """What the trainer wrote down, with a yes and a no."""
    return _ask_page(enrolment_id, PortalForm())


@own.post("")
@signed_in
def answer(enrolment_id: int) -> Response:
    """Yes, that was agreed; or no."""
    get_own_enrolment(the_person().id, enrolment_id)
    form, button = PortalForm(), request.form.get("button", "")
    if button not in ANSWERS:
        form.form_errors.append(_("Kies of het klopt."))
    else:
        with form.answering(), transaction():
            ANSWERS[button](enrolment_id=enrolment_id, actor=current_actor(), now=clock.now())
    if form.errors:
        return _ask_page(enrolment_id, form)
    flash(_("Bevestigd. Je doet mee.") if button == "confirm" else _("Ingetrokken. Je betaalt niets."), "good")
    return see_other(url_for("own.enrolment", enrolment_id=enrolment_id))


def _ask_page(enrolment_id: int, form: PortalForm) -> Response:
    enrolment = get_own_enrolment(the_person().id, enrolment_id)
    awaited = any(one.enrolment_id == enrolment_id for one in list_unanswered(enrolment.person_id))
    if not awaited and not form.errors:
        return see_other(url_for("own.enrolment", enrolment_id=enrolment_id))
    return page("attendance/walk_in_answer.html", form=form, own=enrolment, awaited=awaited)

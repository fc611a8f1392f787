"""Meetings of an edition: changed freely in a draft; once published, moved with a new invitation to everybody."""

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.office.edition_forms import CapacityForm, MeetingForm, MoveForm, NewMeetingForm, TrainersForm
from portal.db import transaction
from portal.domain.accounts.rules import Role
from portal.domain.calendar import trainers as calendar
from portal.domain.catalogue import editions, queries
from portal.domain.catalogue.facts import EditionFacts, MeetingRow
from portal.domain.catalogue.models import Meeting
from portal.domain.catalogue.queries import get_row
from portal.domain.enrolment import commands as enrolment
from portal.domain.enrolment.policy import current_policy
from portal.domain.reporting.consequences import Slot, foresee_move
from portal.domain.reporting.editions import list_meeting_trainers
from portal.domain.reporting.foreseen import move_as_foreseen
from portal.language import _, _n
from portal.web.access import allow, note_view
from portal.web.forms import PortalForm
from portal.web.pages import page, see_other
from portal.web.signing import current_actor

blueprint = Blueprint("office_meetings", __name__, url_prefix="/bureau")


@blueprint.route("/uitvoeringen/<int:edition_id>/bijeenkomsten/nieuw", methods=["GET", "POST"])
@allow(Role.OFFICE)
def add(edition_id: int) -> Response:
    """A meeting for a module of a draft that has none yet."""
    edition = queries.get_edition(edition_id)
    form = NewMeetingForm()
    form.module_id.offer(_modules_without(edition), empty=_("Kies een dagdeel"))
    form.trainer_ids.offer([(row.id, row.name) for row in queries.list_trainers()])
    if form.validate_on_submit():
        with form.answering(), transaction():
            plan = form.plan(form.module_id.data)
            editions.add_meeting(edition_id=edition_id, plan=plan, actor=current_actor(), now=clock.now())
            flash(_("De bijeenkomst staat erin."), "good")
            return see_other(url_for("office_editions.show", edition_id=edition_id))
    return page("office/meeting_form.html", form=form, edition=edition, meeting=None)


@blueprint.route("/bijeenkomsten/<int:meeting_id>", methods=["GET", "POST"])
@allow(Role.OFFICE)
def edit(meeting_id: int) -> Response:
    """All of a draft's meeting but the module that it teaches."""
    edition, meeting = _found(meeting_id)
    form = MeetingForm(**_times(meeting_id), trainer_ids=list_meeting_trainers(meeting_id))
    form.trainer_ids.offer([(row.id, row.name) for row in queries.list_trainers()])
    if form.validate_on_submit():
        with form.answering(), transaction():
            plan = form.plan(meeting.module_id)
            editions.edit_meeting(meeting_id=meeting_id, plan=plan, actor=current_actor(), now=clock.now())
            flash(_("De bijeenkomst is bewaard."), "good")
            return see_other(url_for("office_editions.show", edition_id=edition.id))
    return page("office/meeting_form.html", form=form, edition=edition, meeting=meeting)


@blueprint.post("/bijeenkomsten/<int:meeting_id>/verwijderen")
@allow(Role.OFFICE)
def remove(meeting_id: int) -> Response:
    """Takes a meeting out of a draft."""
    edition, _meeting = _found(meeting_id)
    form = PortalForm()
    with form.answering(), transaction():
        editions.remove_meeting(meeting_id=meeting_id, actor=current_actor(), now=clock.now())
        flash(_("De bijeenkomst is uit het concept gehaald."), "good")
    for sentence in form.form_errors:
        flash(sentence, "error")
    return see_other(url_for("office_editions.show", edition_id=edition.id))


@blueprint.route("/bijeenkomsten/<int:meeting_id>/verplaatsen", methods=["GET", "POST"])
@allow(Role.OFFICE)
def move(meeting_id: int) -> Response:
    """Asks for another time or place; then says what that does to whom."""
    note_view(meeting_id=meeting_id)
    form = MoveForm(**_times(meeting_id))
    if form.validate_on_submit() and "again" not in request.form:
        return _foreseen(meeting_id, form)
    return _move_form(meeting_id, form)


@blueprint.post("/bijeenkomsten/<int:meeting_id>/verplaatsen/doen")
@allow(Role.OFFICE)
def move_now(meeting_id: int) -> Response:
    """Gives everybody the new time and place, when that does what the page before said."""
    note_view(meeting_id=meeting_id)
    edition, _meeting = _found(meeting_id)
    form = MoveForm()
    if form.validate_on_submit():
        with form.answering(), transaction():
            told = move_as_foreseen(
                meeting_id=meeting_id,
                becomes=_slot(form),
                seen=form.seen.data or "",
                actor=current_actor(),
                now=clock.now(),
            )
            flash(_("De bijeenkomst is verplaatst.") + " " + _told(told), "good")
            return see_other(url_for("office_editions.show", edition_id=edition.id))
        if form.status == 409:
            return _foreseen(meeting_id, form)
    return _move_form(meeting_id, form)


@blueprint.route("/bijeenkomsten/<int:meeting_id>/plekken", methods=["GET", "POST"])
@allow(Role.OFFICE)
def capacity(meeting_id: int) -> Response:
    """More or fewer seats, never fewer than are taken."""
    edition, meeting = _found(meeting_id)
    form = CapacityForm(capacity=meeting.capacity)
    if form.validate_on_submit():
        with form.answering(), transaction():
            enrolment.change_capacity(
                meeting_id=meeting_id, capacity=form.capacity.data, actor=current_actor(), now=clock.now()
            )
            flash(_("Het aantal plekken is bewaard."), "good")
            return see_other(url_for("office_editions.show", edition_id=edition.id))
    return page("office/meeting_capacity.html", form=form, edition=edition, meeting=meeting)


@blueprint.route("/bijeenkomsten/<int:meeting_id>/trainers", methods=["GET", "POST"])
@allow(Role.OFFICE)
def trainers(meeting_id: int) -> Response:
    """Somebody else gives the meeting."""
    edition, meeting = _found(meeting_id)
    form = TrainersForm(trainer_ids=list_meeting_trainers(meeting_id))
    form.trainer_ids.offer([(row.id, row.name) for row in queries.list_trainers()])
    if form.validate_on_submit():
        with form.answering(), transaction():
            calendar.assign_trainers(
                meeting_id=meeting_id, trainer_ids=form.trainer_ids.data or (), actor=current_actor(), now=clock.now()
            )
            flash(_("De trainers zijn bewaard."), "good")
            return see_other(url_for("office_editions.show", edition_id=edition.id))
    return page("office/meeting_trainers.html", form=form, edition=edition, meeting=meeting)


def _foreseen(meeting_id: int, form: MoveForm) -> Response:
    """The page between the form and the deed; the form again when it cannot be done."""
    edition, meeting = _found(meeting_id)
    with form.answering():
        return page(
            "office/meeting_consequences.html",
            form=form,
            edition=edition,
            meeting=meeting,
            foreseen=foresee_move(meeting_id, _slot(form), clock.now()),
            minutes=current_policy(clock.now()).mail_wait_minutes,
        )
    return _move_form(meeting_id, form)


def _move_form(meeting_id: int, form: MoveForm) -> Response:
    edition, meeting = _found(meeting_id)
    return page("office/meeting_move.html", form=form, edition=edition, meeting=meeting)


def _slot(form: MoveForm) -> Slot:
    return Slot(form.begin, form.end, form.venue.data or "", form.link.data or "")


def _found(meeting_id: int) -> tuple[EditionFacts, MeetingRow]:
    """The meeting as its edition tells of it, or NotFound."""
    edition = queries.get_edition(get_row(Meeting, meeting_id).edition_id)
    return edition, next(meeting for meeting in edition.meetings if meeting.id == meeting_id)


def _times(meeting_id: int) -> dict[str, object]:
    """What the form begins with: day and times as Amsterdam's clocks have them."""
    meeting = get_row(Meeting, meeting_id)
    begin, end = clock.local(meeting.starts_at), clock.local(meeting.ends_at)
    return {
        "held_on": begin.date(),
        "starts_at": begin.time(),
        "ends_at": end.time(),
        "venue": meeting.venue,
        "link": meeting.link,
        "capacity": meeting.capacity,
    }


def _modules_without(edition: EditionFacts) -> list[tuple[int, str]]:
    """The course's modules that this edition does not teach yet."""
    course = queries.get_course(edition.course_slug, on=clock.today(), hidden_too=True)
    taught = {meeting.module_id for meeting in edition.meetings}
    free = [module for module in course.modules if module.id not in taught]
    return [(m.id, _("Dagdeel %(n)s: %(title)s", n=m.position, title=m.title)) for m in free]


def _told(people: int) -> str:
    if not people:
        return str(_("Er was niemand om bericht te sturen."))
    return str(
        _n(
            "%(num)s deelnemer krijgt een nieuwe uitnodiging.",
            "%(num)s deelnemers krijgen een nieuwe uitnodiging.",
            people,
        )
    )

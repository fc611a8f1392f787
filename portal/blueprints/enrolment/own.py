"""A participant's own pages: where they stand, one enrolment, cancelling it."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, url_for
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.enrolment.forms import PlainForm
from portal.blueprints.enrolment.own_code import codes_of_today
from portal.blueprints.enrolment.timelines import timeline_of
from portal.db import transaction
from portal.domain.accreditation.missed import list_own_make_ups
from portal.domain.accreditation.queries import points_earned
from portal.domain.attendance.amendments import list_corrections
from portal.domain.attendance.mark_words import mark_in_words
from portal.domain.attendance.walk_ins import Unanswered, list_unanswered
from portal.domain.calendar.feeds import invited_agenda
from portal.domain.calendar.join_links import Comer, join_token
from portal.domain.calendar.replies import list_open_questions
from portal.domain.calendar.rules import leads_in
from portal.domain.enrolment import commands
from portal.domain.enrolment.own_enrolments import (
    OwnEnrolment,
    OwnMeeting,
    count_own_enrolments,
    find_own_successor,
    get_own_enrolment,
    list_own_enrolments,
    list_register_numbers,
)
from portal.domain.enrolment.rules import EnrolmentState
from portal.domain.enrolment.wording import (
    costs_by_period,
    sentence_of_cost,
    sentence_of_least,
    sentence_of_moving,
    sentence_of_substituting,
)
from portal.domain.quality.queries import OwnEvaluation, list_own_evaluations
from portal.errors import NotFound
from portal.language import _
from portal.web.access import signed_in
from portal.web.addresses import asked_page
from portal.web.pages import page, see_other
from portal.web.signing import current_actor, the_person

blueprint = Blueprint("own", __name__, url_prefix="/mijn")
PER_PAGE = 10
# After the last meeting the trainer still finishes the list and the certificate still comes.
WORTH_A_TIMELINE = timedelta(days=60)


@blueprint.get("")
@signed_in
def start() -> Response:
    """Where somebody stands: what is first, a timeline of each enrolment that goes on, a line for what is past."""
    person, now = the_person(), clock.now()
    number = asked_page()
    pages = max(1, -(-count_own_enrolments(person.id) // PER_PAGE))
    enrolments = list_own_enrolments(person.id, page=min(number, pages), per_page=PER_PAGE)
    past = [own for own in enrolments if _is_past(own, now)]
    points = points_earned([own.id for own in past])
    going_on = [own for own in enrolments if own not in past]
    return page(
        "enrolment/own_start.html",
        person=person,
        enrolments=_timelines(going_on, now),
        codes=codes_of_today(going_on, now),
        unanswered=_unanswered(going_on),
        past=[(own, points[own.id]) for own in past],
        first=_first(enrolments, now),
        number=min(number, pages),
        pages=pages,
    )


def _first(enrolments: list[OwnEnrolment], now: datetime) -> tuple[OwnEnrolment, OwnMeeting] | None:
    """The meeting that goes on or comes next, with its enrolment."""
    coming = [
        (own, meeting)
        for own in enrolments
        if own.state == EnrolmentState.ENROLLED
        for meeting in own.meetings
        if meeting.ends_at > now
    ]
    return min(coming, key=lambda pair: pair[1].starts_at, default=None)


def _unanswered(enrolments: list[OwnEnrolment]) -> list[Unanswered]:
    """Those of them that a trainer made at the door and that wait for an answer. Asked only where somebody was enrolled
    after a meeting began, which happens at the door alone."""
    at_the_door = {own.id for own in enrolments if any(one.starts_at <= own.enrolled_at for one in own.meetings)}
    asked = list_unanswered(enrolments[0].person_id) if at_the_door else []
    return [one for one in asked if one.enrolment_id in at_the_door]


def _evaluations(enrolments: list[OwnEnrolment], now: datetime) -> dict[int, OwnEvaluation]:
    """By edition, what somebody was asked about these enrolments of theirs: nothing before the last meeting is over."""
    over = [own for own in enrolments if max(meeting.ends_at for meeting in own.edition.meetings) <= now]
    return list_own_evaluations(over[0].person_id, [own.edition.id for own in over], now) if over else {}


def _timelines(enrolments: list[OwnEnrolment], now: datetime) -> list[tuple[OwnEnrolment, list[dict[str, Any]]]]:
    """Each with its timeline."""
    make_ups, asked = list_own_make_ups(enrolments, now), _evaluations(enrolments, now)
    return [(own, timeline_of(own, now, make_ups.get(own.id, ()), asked.get(own.edition.id))) for own in enrolments]


def _whole_timeline(own: OwnEnrolment, now: datetime) -> list[dict[str, Any]]:
    """With ways to swap what is to come, and what can be made up for."""
    make_ups = list_own_make_ups([own], now).get(own.id, ())
    return timeline_of(own, now, make_ups, _evaluations([own], now).get(own.edition.id), may_swap=True)


def _is_past(own: OwnEnrolment, now: datetime) -> bool:
    """Completed or cancelled, or its last meeting is so long ago that nothing is to be expected of it."""
    last = max((meeting.ends_at for meeting in own.meetings), default=now)
    return own.state != EnrolmentState.ENROLLED or last < now - WORTH_A_TIMELINE


@blueprint.get("/inschrijvingen/<int:enrolment_id>")
@signed_in
def enrolment(enrolment_id: int) -> Response:
    """One enrolment of one's own."""
    return enrolment_page(enrolment_id, PlainForm())


def enrolment_page(enrolment_id: int, form: PlainForm) -> Response:
    """That page, with what is wrong in a form on it."""
    own, now = get_own_enrolment(the_person().id, enrolment_id), clock.now()
    declined_ids = {one.meeting_id for one in list_open_questions(own.person_id, own.meeting_ids, now)}
    return page(
        "enrolment/own_enrolment.html",
        form=form,
        own=own,
        declined=[meeting for meeting in own.meetings if meeting.id in declined_ids],
        codes=codes_of_today([own], now),
        unanswered=_unanswered([own]),
        timeline_items=_whole_timeline(own, now),
        numbers=list_register_numbers(own.id),
        ways_in=_ways_in(own),
        may_cancel=own.state == EnrolmentState.ENROLLED and not own.begun(now),
        cost=_cost_in_words(own, now),
        moving=sentence_of_moving(own.cost_of_moving(now)),
        may_substitute=own.may_substitute(now),
        substituting=sentence_of_substituting(own.terms, own.meetings[0].starts_at) if own.meetings else "",
        goes_on_id=find_own_successor(own),
        corrections=list_corrections(own.id),
        mark_in_words=mark_in_words,
    )


def _ways_in(own: OwnEnrolment) -> dict[int, str]:
    """The address of one's own way into each online meeting, by its id."""
    return {
        meeting.id: url_for("meeting_joins.way_in", token=join_token(Comer(meeting.id, own.person_id)))
        for meeting in own.meetings
        if leads_in(meeting.link)
    }


@blueprint.get("/inschrijvingen/<int:enrolment_id>/agenda.ics")
@signed_in
def agenda(enrolment_id: int) -> Response:
    """The meetings of one enrolment, with the UIDs that were mailed."""
    own = get_own_enrolment(the_person().id, enrolment_id)
    ics = invited_agenda(own.person_id, own.meeting_ids, clock.now())
    if ics is None:
        raise NotFound
    headers = {"Content-Disposition": f'attachment; filename="{own.number}.ics"'}
    return FlaskResponse(ics, content_type="text/calendar; charset=utf-8", headers=headers)


@blueprint.get("/inschrijvingen/<int:enrolment_id>/annuleren")
@signed_in
def cancel(enrolment_id: int) -> Response:
    """What cancelling costs, before the button."""
    return _cancel_page(enrolment_id, PlainForm())


@blueprint.post("/inschrijvingen/<int:enrolment_id>/annuleren")
@signed_in
def cancel_done(enrolment_id: int) -> Response:
    """Cancels."""
    get_own_enrolment(the_person().id, enrolment_id)
    form = PlainForm()
    with form.answering(), transaction():
        commands.cancel_enrolment(enrolment_id=enrolment_id, actor=current_actor(), now=clock.now())
    if form.errors:
        return _cancel_page(enrolment_id, form)
    flash(_("Je inschrijving is geannuleerd. We hebben je een bevestiging gemaild."), "good")
    return see_other(url_for(".enrolment", enrolment_id=enrolment_id))


def _cancel_page(enrolment_id: int, form: PlainForm) -> Response:
    own, now = get_own_enrolment(the_person().id, enrolment_id), clock.now()
    return page(
        "enrolment/own_cancel.html",
        form=form,
        own=own,
        may_cancel=own.state == EnrolmentState.ENROLLED and not own.begun(now),
        cost=_cost_in_words(own, now),
        least=sentence_of_least(own.least_percent, own.price_cents),
        costs=costs_by_period(own.cancelling, own.price_cents, own.first_on, clock.local_date(now)),
    )


def _cost_in_words(own: OwnEnrolment, now: datetime) -> str:
    """What cancelling costs; of a place that was taken over it costs whose agreement it is."""
    if own.for_another:
        return str(_("Annuleren kost je zelf niets. De kosten zijn voor wie de overeenkomst sloot."))
    return sentence_of_cost(own.cost(now))

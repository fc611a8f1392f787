"""Adding somebody at the door who is not on the list, and what they say of it afterwards.

The trainer adds; the participant agrees. Until they have confirmed by the link in their mail they may withdraw for
nothing, also though the dagdeel was given: nobody agrees to a price for somebody else
(docs/decisions/0016-a-code-at-the-door.md)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.domain.accounts.queries import get_person
from portal.domain.attendance import walk_in_mails
from portal.domain.attendance.commands import Change, mark
from portal.domain.attendance.events import WalkInAdded, WalkInAnswered
from portal.domain.attendance.rules import NOT_MARKED, Mark, Status, fingerprint
from portal.domain.attendance.walk_in_models import WalkIn
from portal.domain.catalogue.models import Course, Edition
from portal.domain.enrolment.at_the_door import agree, enrol_at_the_door
from portal.domain.enrolment.commands import cancel_enrolment
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.own_enrolments import OwnEnrolment, get_own_enrolment
from portal.domain.enrolment.queries import get_edition
from portal.domain.enrolment.rules import ContractParty, EnrolmentState
from portal.errors import Conflict
from portal.language import _


class Answer(StrEnum):
    """awaited: nothing is agreed yet. not_asked: the agreement is an organisation's."""

    AWAITED = "awaited"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class Unanswered:
    """An enrolment that its person has not confirmed yet."""

    enrolment_id: int
    title: str


def add_walk_in(*, meeting_id: int, name: str, email: str, actor: Actor, now: datetime) -> str:
    """Puts somebody on an open list, present, with an enrolment in this dagdeel; mails them what it is and costs, and
    tells the office's desk. Returns the name on the list.

    Errors: as enrol_at_the_door; also before the meeting begins (Refused) and on a finished list (Conflict)."""
    enrolment = enrol_at_the_door(meeting_id=meeting_id, name=name, email=email, actor=actor, now=now)
    asked = enrolment.contract_party == ContractParty.PARTICIPANT
    db.session.add(
        WalkIn(
            enrolment_id=enrolment.id,
            meeting_id=meeting_id,
            added_by_id=actor.id,
            added_at=now,
            answer=Answer.AWAITED if asked else Answer.NOT_ASKED,
        )
    )
    happened = WalkInAdded(enrolment_id=enrolment.id, edition_id=enrolment.edition_id, meeting_id=meeting_id)
    audit.record(happened, actor=actor, at=now)
    seat_id = db.session.scalars(select(Seat.id).where(Seat.enrolment_id == enrolment.id)).one()
    present = Change(seat_id, fingerprint(NOT_MARKED), Mark(Status.PRESENT))
    mark(meeting_id=meeting_id, changes=[present], actor=actor, now=now)
    edition = get_edition(enrolment.edition_id)
    meetings = [meeting for meeting in edition.meetings if meeting.id == meeting_id]
    person = get_person(enrolment.person_id)
    walk_in_mails.added(person, enrolment, edition, meetings, asked=asked, now=now)
    walk_in_mails.tell_the_office(enrolment, edition, meetings, now)
    return enrolment.participant_name


def list_unanswered(person_id: int) -> list[Unanswered]:
    """What somebody was put on the list for and has not confirmed, the newest first. One query."""
    rows = db.session.execute(
        select(WalkIn.enrolment_id, Course.title)
        .join(Enrolment, Enrolment.id == WalkIn.enrolment_id)
        .join(Edition, Edition.id == Enrolment.edition_id)
        .join(Course, Course.id == Edition.course_id)
        .where(
            WalkIn.answer == Answer.AWAITED,
            Enrolment.person_id == person_id,
            Enrolment.state != EnrolmentState.CANCELLED,
        )
        .order_by(WalkIn.enrolment_id.desc())
    )
    return [Unanswered(row.enrolment_id, row.title) for row in rows]


def confirm_walk_in(*, enrolment_id: int, actor: Actor, now: datetime) -> None:
    """The participant agrees to what the trainer wrote down, and to the terms; from now the days to think again count.
    NotFound for somebody else's, Conflict when it was answered before."""
    own = _own(enrolment_id, actor)
    _answer(own, Answer.CONFIRMED, actor, now)
    agree(enrolment_id, now)


def withdraw_walk_in(*, enrolment_id: int, actor: Actor, now: datetime) -> None:
    """The participant did not agree: the enrolment is cancelled at no cost. That they were there stays on the list.
    Errors: as confirm_walk_in; Refused when it was completed meanwhile."""
    own = _own(enrolment_id, actor)
    _answer(own, Answer.WITHDRAWN, actor, now)
    # As the office may: the dagdeel was given, but nothing was agreed, so there is nothing to keep anybody to.
    cancel_enrolment(enrolment_id=own.id, actor=actor, now=now, by_office=True, cost_cents=0)
    walk_in_mails.tell_the_office_it_was_withdrawn(own, now)


def _own(enrolment_id: int, actor: Actor) -> OwnEnrolment:
    return get_own_enrolment(actor.id or 0, enrolment_id)


def _answer(own: OwnEnrolment, answer: Answer, actor: Actor, now: datetime) -> None:
    changed = db.session.execute(
        update(WalkIn)
        .where(WalkIn.enrolment_id == own.id, WalkIn.answer == Answer.AWAITED)
        .values(answer=answer, answered_at=now)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(_("Hier is al antwoord op gegeven. Kijk op de pagina van je inschrijving."))
    happened = WalkInAnswered(enrolment_id=own.id, edition_id=own.edition.id, answer=answer)
    audit.record(happened, actor=actor, at=now)

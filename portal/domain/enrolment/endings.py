"""What every ending of an enrolment has in common: nobody else at it meanwhile, its state, seats and calendar."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.domain.calendar import commands as calendar
from portal.domain.catalogue.models import Meeting
from portal.domain.enrolment import seats
from portal.domain.enrolment.events import SeatReleased
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.own_enrolments import OwnEnrolment, get_own_enrolment
from portal.domain.enrolment.rules import EndedBy, EnrolmentState, may_become
from portal.errors import Conflict, NotFound, Refused
from portal.language import _
from portal.mail import Invitation


def hold(enrolment_id: int, others: Iterable[int] = ()) -> tuple[OwnEnrolment, frozenset[int]]:
    """The enrolment as it is once the editions that its seats are in, and these others, are held: nobody else frees or
    moves seats there until the transaction ends. Returns it with the editions of its seats. NotFound."""
    enrolment = get_enrolment(enrolment_id)
    of_its_seats = (
        select(Meeting.edition_id)
        .join(Seat, Seat.meeting_id == Meeting.id)
        .where(Seat.enrolment_id == enrolment_id, Seat.released_at.is_(None))
    )
    touched = frozenset({enrolment.edition_id, *db.session.scalars(of_its_seats)})
    seats.lock_editions({*touched, *others})
    return get_own_enrolment(enrolment.person_id, enrolment_id), touched


def get_enrolment(enrolment_id: int) -> Enrolment:
    """The row, or NotFound."""
    enrolment = db.session.get(Enrolment, enrolment_id)
    if enrolment is None:
        raise NotFound
    return enrolment


def end(enrolment_id: int, by: EndedBy, cost_cents: int, now: datetime) -> None:
    """Cancels it, with why and at what cost. Raises Conflict when it was cancelled before, Refused when completed."""
    ended: dict[str, Any] = {"cancelled_at": now, "ended_by": by, "cost_cents": cost_cents}
    if transition(enrolment_id, EnrolmentState.ENROLLED, EnrolmentState.CANCELLED, **ended) is not None:
        return
    state = db.session.scalar(select(Enrolment.state).where(Enrolment.id == enrolment_id))
    if state == EnrolmentState.CANCELLED:
        raise Conflict(_("Deze inschrijving was al geannuleerd."))
    raise Refused(_("Deze inschrijving is afgerond en kan niet meer worden geannuleerd."))


def transition(enrolment_id: int, before: EnrolmentState, to: EnrolmentState, **values: Any) -> int | None:
    """The edition of the enrolment that this call took to another state; None when it did not: decided by the database,
    so that the second of two at once finds another state."""
    if not may_become(before, to):
        raise ValueError(f"an enrolment does not go from {before} to {to}")
    changed = update(Enrolment).where(Enrolment.id == enrolment_id, Enrolment.state == before)
    return db.session.scalar(changed.values(state=to, **values).returning(Enrolment.edition_id))


def free_seats(own: OwnEnrolment, actor: Actor, now: datetime) -> None:
    """Frees the seats in what is still to come, and notes each."""
    note_released(own, seats.release(own.id, now), actor, now)


def note_released(own: OwnEnrolment, meeting_ids: Iterable[int], actor: Actor, now: datetime) -> None:
    """Notes that the enrolment no longer holds these seats."""
    edition_of = {meeting.id: meeting.edition_id for meeting in own.meetings}
    for meeting_id in meeting_ids:
        released = SeatReleased(enrolment_id=own.id, edition_id=edition_of[meeting_id], meeting_id=meeting_id)
        audit.record(released, actor=actor, at=now)


def withdraw_invitations(own: OwnEnrolment, actor: Actor, now: datetime) -> Invitation | None:
    """Takes the invitations for what is still to come back, save where the person sits by another enrolment too; None
    when there is none."""
    coming = {meeting.id for meeting in own.meetings if meeting.ends_at > now}
    coming -= set(
        db.session.scalars(
            select(Seat.meeting_id)
            .join(Enrolment, Enrolment.id == Seat.enrolment_id)
            .where(
                Enrolment.person_id == own.person_id,
                Enrolment.id != own.id,
                Seat.meeting_id.in_(coming),
                Seat.released_at.is_(None),
            )
        )
    )
    return calendar.withdraw(person_id=own.person_id, meeting_ids=coming, actor=actor, now=now)


def contract_of(own: OwnEnrolment) -> dict[str, Any]:
    """What an enrolment that goes on from this one keeps of it: the agreement, whoever comes and wherever."""
    return {
        "replaces_id": own.id,
        "contract_party": own.contract_party,
        "organisation_id": own.organisation_id,
        "order_reference": own.order_reference,
        "terms_version_id": own.terms_version_id,
        "contracted_at": own.contracted_at,
        "contracted_by_id": own.contracted_by_id,
        "least_percent": own.least_percent,
    }

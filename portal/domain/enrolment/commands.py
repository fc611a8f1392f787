"""The verbs of enrolling. Enrolling itself stands in enrolling.py, changes to meetings in planning.py, the waiting list
in waiting_list.py; all are offered here. What becomes of an edition as a whole stands in edition_life.py."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import update

from portal import audit
from portal.audit import Actor, Private
from portal.db import db
from portal.domain.accounts.queries import get_person
from portal.domain.calendar import commands as calendar
from portal.domain.enrolment import mails, seats
from portal.domain.enrolment.drafts import save_draft
from portal.domain.enrolment.enrolling import Outcome, enrol
from portal.domain.enrolment.events import (
    EnrolmentCancelled,
    EnrolmentCompleted,
    EnrolmentReopened,
    SeatReleased,
)
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.own_enrolments import OwnEnrolment, get_own_enrolment
from portal.domain.enrolment.participants import Participant
from portal.domain.enrolment.planning import change_capacity, move_meeting
from portal.domain.enrolment.rules import EndedBy, EnrolmentState, may_become
from portal.domain.enrolment.terms import NOTHING, Cost
from portal.domain.enrolment.waiting_list import join_waiting_list, leave_waiting_list
from portal.errors import Conflict, NotFound, Refused
from portal.language import _, day
from portal.mail import Invitation

__all__ = [
    "Outcome",
    "Participant",
    "cancel_enrolment",
    "change_capacity",
    "complete_enrolment",
    "end_with_edition",
    "enrol",
    "join_waiting_list",
    "leave_waiting_list",
    "move_meeting",
    "reopen_enrolment",
    "save_draft",
]


def cancel_enrolment(
    *, enrolment_id: int, actor: Actor, now: datetime, by_office: bool = False, reason: str = ""
) -> Cost:
    """Cancels an enrolment: frees its seats in what is still to come, withdraws its invitations, mails its person what
    it costs.

    Not by the participant once the first of its meetings has begun; the office may, and says why in `reason`, which
    only the log keeps. Raises Refused then and for a completed one, Conflict when it was cancelled already, NotFound.
    Returns what it costs."""
    enrolment = _get(enrolment_id)
    own = get_own_enrolment(enrolment.person_id, enrolment_id)
    cost = own.cost(now)
    _cancel(enrolment_id, EndedBy.CANCELLED, cost, now)
    if own.begun(now) and not by_office:
        raise Refused(
            _("De training is begonnen op %(day)s. Bel of mail ons als je stopt.", day=day(own.meetings[0].starts_at))
        )
    invitation = _free(own, cost, actor, now, with_edition=False, reason=reason)
    mails.cancelled(get_person(own.person_id), own, cost, invitation=invitation, now=now)
    return cost


def end_with_edition(*, enrolment: Enrolment, actor: Actor, now: datetime) -> None:
    """Cancels an enrolment, at no cost, because its edition is not given, and tells its person. Raises Refused when it
    was completed."""
    own = get_own_enrolment(enrolment.person_id, enrolment.id)
    _cancel(enrolment.id, EndedBy.EDITION_CANCELLED, NOTHING, now)
    invitation = _free(own, NOTHING, actor, now, with_edition=True)
    mails.edition_cancelled(get_person(own.person_id), own, invitation=invitation, now=now)


def complete_enrolment(*, enrolment_id: int, on: date, actor: Actor, now: datetime) -> None:
    """Every meeting was attended, the last one on this date. Changes nothing unless the enrolment was 'enrolled'."""
    edition_id = _moved(enrolment_id, EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, completed_on=on)
    if edition_id is not None:
        happened = EnrolmentCompleted(enrolment_id=enrolment_id, edition_id=edition_id, on=on)
        audit.record(happened, actor=actor, at=now)


def reopen_enrolment(*, enrolment_id: int, actor: Actor, now: datetime) -> None:
    """A correction showed that not every meeting was attended. Changes nothing unless it was 'completed'."""
    edition_id = _moved(enrolment_id, EnrolmentState.COMPLETED, EnrolmentState.ENROLLED, completed_on=None)
    if edition_id is not None:
        audit.record(EnrolmentReopened(enrolment_id=enrolment_id, edition_id=edition_id), actor=actor, at=now)


def _get(enrolment_id: int) -> Enrolment:
    enrolment = db.session.get(Enrolment, enrolment_id)
    if enrolment is None:
        raise NotFound
    return enrolment


def _cancel(enrolment_id: int, by: EndedBy, cost: Cost, now: datetime) -> None:
    """Sets the state, why and at what cost; or says why not."""
    ended: dict[str, Any] = {"cancelled_at": now, "ended_by": by, "cost_cents": cost.cents}
    if _moved(enrolment_id, EnrolmentState.ENROLLED, EnrolmentState.CANCELLED, **ended) is not None:
        return
    if _get(enrolment_id).state == EnrolmentState.CANCELLED:
        raise Conflict(_("Deze inschrijving was al geannuleerd."))
    raise Refused(_("Deze inschrijving is afgerond en kan niet meer worden geannuleerd."))


def _moved(enrolment_id: int, before: EnrolmentState, to: EnrolmentState, **values: Any) -> int | None:
    """The edition of the enrolment that this call moved; None when it did not: decided by the database, so that the
    second of two at once finds another state."""
    if not may_become(before, to):
        raise ValueError(f"an enrolment does not go from {before} to {to}")
    moved = update(Enrolment).where(Enrolment.id == enrolment_id, Enrolment.state == before)
    return db.session.scalar(moved.values(state=to, **values).returning(Enrolment.edition_id))


def _free(
    own: OwnEnrolment, cost: Cost, actor: Actor, now: datetime, *, with_edition: bool, reason: str = ""
) -> Invitation | None:
    """Frees the seats, notes it, and takes the invitations for what is still to come back."""
    edition_of = {meeting.id: meeting.edition_id for meeting in own.meetings}
    for meeting_id in seats.release(own.id, now):
        released = SeatReleased(enrolment_id=own.id, edition_id=edition_of[meeting_id], meeting_id=meeting_id)
        audit.record(released, actor=actor, at=now)
    happened = EnrolmentCancelled(
        enrolment_id=own.id,
        edition_id=own.edition.id,
        person_id=own.person_id,
        cost_cents=cost.cents,
        withdrawal=cost.withdrawal,
        with_edition=with_edition,
        reason=Private(reason) if reason else None,
    )
    audit.record(happened, actor=actor, at=now)
    coming = [meeting.id for meeting in own.meetings if meeting.ends_at > now]
    return calendar.withdraw(person_id=own.person_id, meeting_ids=coming, actor=actor, now=now)

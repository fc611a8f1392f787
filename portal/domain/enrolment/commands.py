"""The verbs of enrolling. Enrolling itself stands in enrolling.py, moving to another edition in moves.py, sending
somebody else in substitutes.py, changes to meetings in planning.py, the waiting list in waiting_list.py; all are
offered here. What becomes of an edition as a whole stands in edition_life.py."""

from datetime import date, datetime

from portal import audit
from portal.audit import Actor, Private
from portal.domain.accounts.queries import get_person
from portal.domain.enrolment import change_mails, mails
from portal.domain.enrolment.drafts import save_draft
from portal.domain.enrolment.endings import end, free_seats, hold, transition, withdraw_invitations
from portal.domain.enrolment.enrolling import Outcome, enrol
from portal.domain.enrolment.events import EnrolmentCancelled, EnrolmentCompleted, EnrolmentReopened
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.moves import move_enrolment
from portal.domain.enrolment.own_enrolments import OwnEnrolment, get_own_enrolment
from portal.domain.enrolment.participants import Participant
from portal.domain.enrolment.planning import change_capacity, move_meeting
from portal.domain.enrolment.promotion import offer_freed_seats
from portal.domain.enrolment.rules import EndedBy, EnrolmentState
from portal.domain.enrolment.substitutes import send_substitute
from portal.domain.enrolment.terms import NOTHING, Cost, agreed
from portal.domain.enrolment.waiting_list import join_waiting_list, leave_waiting_list
from portal.errors import Refused
from portal.language import _, day

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
    "move_enrolment",
    "move_meeting",
    "reopen_enrolment",
    "save_draft",
    "send_substitute",
]


def cancel_enrolment(
    *,
    enrolment_id: int,
    actor: Actor,
    now: datetime,
    by_office: bool = False,
    reason: str = "",
    cost_cents: int | None = None,
) -> Cost:
    """Cancels an enrolment: frees its seats in what is still to come, withdraws its invitations, mails its person what
    it costs, and who contracted when that is somebody else.

    Not by the participant once the first of its meetings has begun. The office may, and may ask another cost than the
    terms do (`cost_cents`); it says why in `reason`, which only the log keeps. Raises Refused then and for a completed
    one, Conflict when it was cancelled already, NotFound. Returns what it costs."""
    own, touched = hold(enrolment_id)
    cost = agreed(own.cost(now), cost_cents)
    end(enrolment_id, EndedBy.CANCELLED, cost.cents, now)
    if own.begun(now) and not by_office:
        raise Refused(
            _("De training is begonnen op %(day)s. Bel of mail ons als je stopt.", day=day(own.meetings[0].starts_at))
        )
    free_seats(own, actor, now)
    _note_cancelled(own, cost, actor, now, with_edition=False, reason=reason)
    invitation = withdraw_invitations(own, actor, now)
    mails.cancelled(get_person(own.person_id), own, cost, invitation=invitation, now=now)
    if own.for_another:
        change_mails.cancelled_by_substitute(get_person(own.contracted_by_id), own, cost, now)
    offer_freed_seats(*touched, actor=actor, now=now)
    return cost


def end_with_edition(*, enrolment: Enrolment, actor: Actor, now: datetime) -> None:
    """Cancels an enrolment, at no cost, because its edition is not given, and tells its person, and
    who contracted when that is somebody else. Raises Refused when it
    was completed."""
    own = get_own_enrolment(enrolment.person_id, enrolment.id)
    end(enrolment.id, EndedBy.EDITION_CANCELLED, 0, now)
    free_seats(own, actor, now)
    _note_cancelled(own, NOTHING, actor, now, with_edition=True)
    invitation = withdraw_invitations(own, actor, now)
    mails.edition_cancelled(get_person(own.person_id), own, invitation=invitation, now=now)
    if own.for_another:
        change_mails.edition_cancelled_for_substitute(get_person(own.contracted_by_id), own, now)


def complete_enrolment(*, enrolment_id: int, on: date, actor: Actor, now: datetime) -> None:
    """Every meeting was attended, the last one on this date. Changes nothing unless the enrolment was 'enrolled'."""
    edition_id = transition(enrolment_id, EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, completed_on=on)
    if edition_id is not None:
        happened = EnrolmentCompleted(enrolment_id=enrolment_id, edition_id=edition_id, on=on)
        audit.record(happened, actor=actor, at=now)


def reopen_enrolment(*, enrolment_id: int, actor: Actor, now: datetime) -> None:
    """A correction showed that not every meeting was attended. Changes nothing unless it was 'completed'."""
    edition_id = transition(enrolment_id, EnrolmentState.COMPLETED, EnrolmentState.ENROLLED, completed_on=None)
    if edition_id is not None:
        audit.record(EnrolmentReopened(enrolment_id=enrolment_id, edition_id=edition_id), actor=actor, at=now)


def _note_cancelled(
    own: OwnEnrolment, cost: Cost, actor: Actor, now: datetime, *, with_edition: bool, reason: str = ""
) -> None:
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

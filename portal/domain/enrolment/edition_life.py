"""What becomes of an edition as a whole, and of everybody in it: one command for each transition.

The minimum that confirms an edition by itself stands in minimum.py; what the clock does, at the end, is for the
worker."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, exists, select, update

from portal import audit
from portal.audit import Actor
from portal.clock import local_date
from portal.db import db, transaction
from portal.domain.calendar import trainers
from portal.domain.catalogue import editions
from portal.domain.catalogue.editions import EditionDetails
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.catalogue.queries import get_row
from portal.domain.catalogue.rules import AHEAD, TRANSITIONS, EditionState
from portal.domain.enrolment import edition_mails, seats
from portal.domain.enrolment.commands import end_with_edition
from portal.domain.enrolment.edition_people import count_people, list_coming_trainers, list_guests, list_taking_part
from portal.domain.enrolment.events import (
    DecisionPostponed,
    EditionCancelled,
    EditionConfirmed,
    EditionFinished,
    EditionStarted,
)
from portal.domain.enrolment.minimum import confirm, confirm_when_reached, lock_tentative
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.places import end_places_with_edition
from portal.domain.enrolment.policy import current_policy
from portal.domain.enrolment.promotion import offer_freed_seats
from portal.domain.enrolment.queries import get_edition
from portal.domain.enrolment.rules import EnrolmentState
from portal.domain.enrolment.stand_ins import release_guests
from portal.domain.enrolment.told_later import told_later
from portal.domain.enrolment.waiting_list import close_waiting_list
from portal.errors import Conflict, Refused
from portal.language import _


def publish_edition(*, edition_id: int, actor: Actor, now: datetime) -> Edition:
    """Opens an edition for enrolling and invites its trainers. One with a minimum is decided so many days before its
    first meeting as the office has set, and not before today. Raises Refused when a module has no meeting, Conflict
    when it was no draft."""
    starts_on = get_row(Edition, edition_id).starts_on or local_date(now)
    ahead = timedelta(days=current_policy(now).minimum_warning_days)
    decide_on = max(starts_on - ahead, min(local_date(now), starts_on))
    edition = editions.publish_edition(edition_id=edition_id, decide_on=decide_on, actor=actor, now=now)
    trainers.invite_trainers(edition_id=edition_id, actor=actor, now=now)
    return edition


def edit_edition(*, edition_id: int, details: EditionDetails, actor: Actor, now: datetime) -> Edition:
    """Gives an edition these details; a tentative one with enough people for its new minimum is confirmed. Raises
    Refused at the field that is wrong."""
    edition = editions.edit_edition(edition_id=edition_id, details=details, actor=actor, now=now)
    with told_later(EditionConfirmed, edition_id, actor=actor, now=now):
        confirm_when_reached(edition_id=edition_id, actor=actor, now=now)
    return edition


def confirm_edition(*, edition_id: int, reason: str, actor: Actor, now: datetime) -> int:
    """The office has a tentative edition go ahead below its minimum, and says why in `reason`, for the log alone. Its
    participants and trainers are told. Returns how many participants.

    Raises Refused without a reason, Conflict when it is not tentative (any more), NotFound."""
    get_row(Edition, edition_id)
    edition = _tentative(edition_id)
    if not reason.strip():
        raise Refused(_("Vul in waarom"), "reason")
    with told_later(EditionConfirmed, edition_id, actor=actor, now=now):
        confirm(edition, actor=actor, now=now, reason=reason)
    return count_people(edition_id)


def postpone_decision(*, edition_id: int, decide_on: date, actor: Actor, now: datetime) -> int:
    """The office decides about a tentative edition by another day; everybody who takes part is told. Returns how many.

    Raises Refused for a day that is past or after the first meeting's, Conflict when it is not tentative; NotFound."""
    get_row(Edition, edition_id)
    edition = _tentative(edition_id)
    was = edition.decide_on
    if decide_on == was:
        return 0
    if decide_on < local_date(now):
        raise Refused(_("Kies vandaag of een latere dag"), "decide_on")
    if edition.starts_on and decide_on > edition.starts_on:
        raise Refused(_("Kies een dag voor het begin van de uitvoering"), "decide_on")
    edition.decide_on = decide_on
    db.session.flush()
    offered, people = get_edition(edition_id), list_taking_part(edition_id)
    with told_later(DecisionPostponed, edition_id, actor=actor, now=now):
        for person, enrolment_id in people:
            edition_mails.decision_postponed(person, enrolment_id, offered, decide_on, now)
        for person, enrolment_id, modules in list_guests(edition_id, now):
            theirs = replace(offered, meetings=offered.meetings_of(modules))
            edition_mails.decision_postponed(person, enrolment_id, theirs, decide_on, now)
    audit.record(DecisionPostponed(edition_id=edition_id, was_on=was, decide_on=decide_on), actor=actor, at=now)
    return len(people)


def cancel_edition(*, edition_id: int, actor: Actor, now: datetime) -> int:
    """Cancels an edition that is not given: every enrolment in it is cancelled at no cost, everybody is mailed (after
    the wait in which the office can hold it up), their invitations are withdrawn, guests from other editions lose their
    seat in it, places without a name go back, its trainers are told, the waiting list is closed. Returns how many
    enrolments it had.

    Raises Conflict when it was cancelled already, Refused when it is over or somebody has completed it, NotFound."""
    edition = get_edition(edition_id)
    touched = seats.list_editions_of_enrolments(edition_id)
    seats.lock_editions(touched)
    if not _moved(edition_id, EditionState.CANCELLED, cancelled_at=now):
        if _state_of(edition_id) == EditionState.CANCELLED:
            raise Conflict(_("Deze uitvoering was al geannuleerd."))
        raise Refused(_already_given())
    # Only now: whoever was enrolling held the edition, and has committed; whoever comes later is refused.
    enrolments = db.session.scalars(
        select(Enrolment)
        .where(Enrolment.edition_id == edition_id, Enrolment.state != EnrolmentState.CANCELLED)
        .order_by(Enrolment.id)
    ).all()
    if any(enrolment.state == EnrolmentState.COMPLETED for enrolment in enrolments):
        raise Refused(_already_given())
    with told_later(EditionCancelled, edition_id, actor=actor, now=now):
        for enrolment in enrolments:
            end_with_edition(enrolment=enrolment, actor=actor, now=now)
        release_guests(edition, actor=actor, now=now)
        end_places_with_edition(edition_id=edition_id, actor=actor, now=now)
        trainers.withdraw_trainers(edition_id=edition_id, actor=actor, now=now)
        close_waiting_list(edition, actor=actor, now=now)
    offer_freed_seats(*touched, actor=actor, now=now)
    audit.record(EditionCancelled(edition_id=edition_id, enrolments=len(enrolments)), actor=actor, at=now)
    return len(enrolments)


def start_edition(*, edition_id: int, actor: Actor, now: datetime) -> bool:
    """Its first meeting has begun: whether this call noted it. Its trainers hear where the lists are, those whose
    meetings are all over by now excepted."""
    if not _moved(edition_id, EditionState.STARTED):
        return False
    edition = get_edition(edition_id)
    for person in list_coming_trainers(edition_id, now):
        edition_mails.started(person, edition, now)
    audit.record(EditionStarted(edition_id=edition_id, people=count_people(edition_id)), actor=actor, at=now)
    return True


def finish_edition(*, edition_id: int, actor: Actor, now: datetime) -> bool:
    """Its last meeting has ended: whether this call noted it. Everybody who took part hears what comes next."""
    if not _moved(edition_id, EditionState.FINISHED):
        return False
    edition, people = get_edition(edition_id), list_taking_part(edition_id)
    for person, enrolment_id in people:
        edition_mails.finished(person, enrolment_id, edition, now)
    audit.record(EditionFinished(edition_id=edition_id, people=len(people)), actor=actor, at=now)
    return True


def work_on_editions(now: datetime) -> int:
    """Starts and finishes what the clock says, also what it said while no worker ran. Returns how many editions. For
    the worker: each has a transaction of its own; a second worker at the same time finds nothing left to do."""
    system = Actor.system()
    begun = exists().where(Meeting.edition_id == Edition.id, Meeting.starts_at <= now)
    to_come = exists().where(Meeting.edition_id == Edition.id, Meeting.ends_at > now)
    started = _numbers(Edition.state.in_(AHEAD), Edition.starts_on <= local_date(now), begun)
    done = 0
    for edition_id in started:
        with transaction():
            done += start_edition(edition_id=edition_id, actor=system, now=now)
    for edition_id in _numbers(Edition.state == EditionState.STARTED, begun, ~to_come):
        with transaction():
            done += finish_edition(edition_id=edition_id, actor=system, now=now)
    return done


def _numbers(*wanted: ColumnElement[bool]) -> list[int]:
    return list(db.session.scalars(select(Edition.id).where(*wanted).order_by(Edition.id)))


def _tentative(edition_id: int) -> Edition:
    edition = lock_tentative(edition_id)
    if edition is None:
        raise Conflict(_("Over deze uitvoering is al beslist."))
    return edition


def _moved(edition_id: int, to: EditionState, **values: datetime | None) -> bool:
    """Whether this call moved the edition: decided by the database, so that the second of two at once does not."""
    before = [state for state in EditionState if to in TRANSITIONS[state]]
    moved = update(Edition).where(Edition.id == edition_id, Edition.state.in_(before))
    values = {"decide_on": None, **values}
    return db.session.scalar(moved.values(state=to, **values).returning(Edition.id)) is not None


def _state_of(edition_id: int) -> str | None:
    return db.session.scalar(select(Edition.state).where(Edition.id == edition_id))


def _already_given() -> str:
    return str(_("Deze uitvoering is al gegeven en kan niet meer worden geannuleerd."))

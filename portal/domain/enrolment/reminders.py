"""Reminding people, for the worker: meeting by meeting, a few people in a transaction.

Stopped or killed between two transactions nothing is lost and nothing is told twice: what a person was told of is noted
in the transaction that queues the mail, and the meeting is looked at again until it was gone through to the end. Two
workers may do so at once: they lock the enrolments (or the trainers) that they write to, and the second finds them
told."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.clock import local_date
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.enrolment import reminder_mails as mails
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.policy import Policy, current_policy
from portal.domain.enrolment.reminder_models import Reminder, ReminderRound
from portal.domain.enrolment.reminder_queries import (
    Round,
    count_people,
    find_round,
    list_enrolment_ids,
    list_enrolments_told,
    list_meetings_given,
    list_told,
    list_trainer_ids,
    list_trainer_names,
)
from portal.domain.enrolment.reminder_rules import (
    DaysBefore,
    Occasion,
    ReminderKind,
    SeatHeld,
    due,
    horizon,
    occasion,
    occasions,
)

PORTION = 25


def days_before(policy: Policy) -> DaysBefore:
    """The days that the office decided for the reminders."""
    return DaysBefore(policy.practical_days, policy.preparation_days, policy.tomorrow_days)


def remind_due(now: datetime) -> int:
    """Goes through the next meeting whose reminders are due; returns 0 when there is none. For the worker: it opens its
    own transactions. Raises SQLAlchemyError when the database fails; the next call goes on."""
    days = days_before(current_policy(now))
    found = find_round(days, now)
    if found is None:
        return 0
    of_trainers = found.kind is ReminderKind.TRAINER
    ids = list_trainer_ids(found.meeting_id) if of_trainers else list_enrolment_ids(found.meeting_id)
    for portion in _portions(ids):
        with transaction():
            if of_trainers:
                _remind_trainers(portion, days, now)
            else:
                _remind_participants(portion, days, now)
    with transaction():
        close_round(found)
    return 1 + len(ids)


def close_round(done: Round) -> None:
    """Notes that a meeting was gone through; a second time changes nothing."""
    try:
        with db.session.begin_nested():
            row = ReminderRound(meeting_id=done.meeting_id, kind=done.kind, starts_at=done.starts_at, days=done.days)
            db.session.add(row)
    except IntegrityError:
        pass  # another worker was here at the same moment


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + PORTION] for start in range(0, len(ids), PORTION))


def _remind_participants(enrolment_ids: Sequence[int], days: DaysBefore, now: datetime) -> None:
    _lock_enrolments(enrolment_ids)
    enrolments = list_enrolments_told(enrolment_ids)
    people = _people([each.person_id for each in enrolments])
    keys = {each.key for enrolment in enrolments for each, _seat in occasions(enrolment.seats, days)}
    told = list_told(list(people), keys)
    trainers = list_trainer_names({meeting_id for each in enrolments for meeting_id in each.meetings})
    for enrolment in enrolments:
        known = [key for person_id, key in told if person_id == enrolment.person_id]
        found = due(enrolment.seats, days, known, now)
        if found:
            _note(enrolment.person_id, found, now)
            mails.reminder(people[enrolment.person_id], enrolment, found, trainers, now)


def _remind_trainers(person_ids: Sequence[int], days: DaysBefore, now: datetime) -> None:
    people = _people(person_ids)
    for person_id in person_ids:
        given = list_meetings_given(person_id, now, horizon(days.tomorrow, now))
        found = [occasion(ReminderKind.TRAINER, SeatHeld(0, m.id, m.starts_at, now, False), days) for m in given]
        told = list_told([person_id], [each.key for each in found])
        meetings = {meeting.id: meeting for meeting in given}
        counts = count_people(list(meetings))
        waiting = [each for each in found if (person_id, each.key) not in told]
        for on in dict.fromkeys(local_date(each.until) for each in waiting):
            that_day = [each for each in waiting if local_date(each.until) == on]
            _note(person_id, that_day, now)
            mails.trainers_day(people[person_id], that_day, meetings, counts, now)


def _lock_enrolments(enrolment_ids: Sequence[int]) -> None:
    """Holds these enrolments, so that nobody cancels one, or reminds its person, meanwhile. First their editions, as
    everybody does, shared: enrolling goes on."""
    of_these = Seat.enrolment_id.in_(enrolment_ids)
    editions = select(Meeting.edition_id).join(Seat, Seat.meeting_id == Meeting.id).where(of_these)
    own = select(Enrolment.edition_id).where(Enrolment.id.in_(enrolment_ids))
    locked = select(Edition.id).where(Edition.id.in_(editions) | Edition.id.in_(own)).order_by(Edition.id)
    db.session.execute(locked.with_for_update(read=True))
    held = select(Enrolment.id).where(Enrolment.id.in_(enrolment_ids)).order_by(Enrolment.id)
    db.session.execute(held.with_for_update(key_share=True))


def _people(person_ids: Sequence[int]) -> dict[int, Person]:
    """These people by number, held as everybody does: last, and in order."""
    found = select(Person).where(Person.id.in_(person_ids)).order_by(Person.id).with_for_update(key_share=True)
    return {person.id: person for person in db.session.scalars(found.execution_options(populate_existing=True))}


def _note(person_id: int, found: Sequence[Occasion], now: datetime) -> None:
    db.session.add_all(Reminder(person_id=person_id, occasion=each.key, told_at=now) for each in found)
    db.session.flush()

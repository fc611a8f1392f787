"""Reading what the reminders need: which meeting is next, who is in it, and what to write to them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, exists, func, literal, select, union_all

from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.calendar.rules import full_place
from portal.domain.catalogue.models import Course, Edition, Meeting, MeetingTrainer, Module
from portal.domain.catalogue.rules import GIVEN, Delivery, EditionState
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.reminder_models import Reminder, ReminderRound
from portal.domain.enrolment.reminder_rules import DaysBefore, ReminderKind, SeatHeld, horizon
from portal.domain.enrolment.rules import EnrolmentState
from portal.language import _

# Whether it is given is not sure before; what to bring and to prepare is told once it is.
SURE = GIVEN - {EditionState.TENTATIVE}
# By kind; anything else is told whenever it is given.
TOLD_IN = {ReminderKind.PRACTICAL: SURE, ReminderKind.PREPARATION: SURE}


@dataclass(frozen=True)
class Round:
    """A meeting whose people are to be looked at for one kind of reminder."""

    meeting_id: int
    kind: ReminderKind
    starts_at: datetime
    days: int


@dataclass(frozen=True)
class MeetingTold:
    """A meeting as a reminder tells it."""

    id: int
    edition_id: int
    title: str
    position: int
    preparation: str
    preparation_minutes: int
    starts_at: datetime
    ends_at: datetime
    venue: str
    place: str
    link: str
    online: bool

    @property
    def where(self) -> str:
        """The place; where the way in is found when it is given online."""
        if self.online and not self.venue:
            return str(_("online, de link staat bij je inschrijving"))
        return full_place(self.venue, self.place)


@dataclass(frozen=True)
class EnrolmentTold:
    """An enrolment with its seats, in order of time; `meetings` by id."""

    id: int
    person_id: int
    seats: tuple[SeatHeld, ...]
    meetings: dict[int, MeetingTold]


def find_round(days: DaysBefore, now: datetime) -> Round | None:
    """The next meeting, in order of time, with a kind of reminder that is due and was not gone through. One query that
    looks at the coming meetings inside the days decided, however many enrolments there are."""
    waiting = union_all(*[_waiting(kind, days.of(kind), now) for kind in ReminderKind]).subquery()
    order = (waiting.c.starts_at, waiting.c.meeting_id, waiting.c.kind)
    row = db.session.execute(select(waiting).order_by(*order).limit(1)).first()
    return Round(row.meeting_id, ReminderKind(row.kind), row.starts_at, row.days) if row else None


def _waiting(kind: ReminderKind, days: int, now: datetime) -> Select[int, str, datetime, int]:
    done = exists().where(
        ReminderRound.meeting_id == Meeting.id,
        ReminderRound.kind == kind.value,
        ReminderRound.starts_at == Meeting.starts_at,
        ReminderRound.days == days,
    )
    wanted = (
        select(
            Meeting.id.label("meeting_id"),
            literal(kind.value).label("kind"),
            Meeting.starts_at.label("starts_at"),
            literal(days).label("days"),
        )
        .join(Edition, Edition.id == Meeting.edition_id)
        .where(Meeting.starts_at > now, Meeting.starts_at < horizon(days, now))
        .where(Edition.state.in_(TOLD_IN.get(kind, GIVEN)), ~done)
    )
    if kind is ReminderKind.PREPARATION:
        wanted = wanted.join(Module, Module.id == Meeting.module_id).where(Module.preparation != "")
    return wanted


def list_enrolment_ids(meeting_id: int) -> list[int]:
    """The enrolments that hold a seat in a meeting, in order, whatever edition they are in."""
    held = and_(Seat.meeting_id == meeting_id, Seat.released_at.is_(None), Enrolment.state == EnrolmentState.ENROLLED)
    found = select(Enrolment.id).join(Seat, Seat.enrolment_id == Enrolment.id).where(held)
    return list(db.session.scalars(found.order_by(Enrolment.id)))


def list_trainer_ids(meeting_id: int) -> list[int]:
    """Who gives a meeting, in order."""
    found = select(MeetingTrainer.person_id).where(MeetingTrainer.meeting_id == meeting_id)
    return list(db.session.scalars(found.order_by(MeetingTrainer.person_id)))


def list_enrolments_told(enrolment_ids: Collection[int]) -> list[EnrolmentTold]:
    """These enrolments, in order, with the seats that they hold in meetings that are given. One query."""
    rows = db.session.execute(
        select(
            Enrolment.id.label("enrolment_id"),
            Enrolment.person_id,
            func.coalesce(Seat.taken_at, Enrolment.enrolled_at).label("taken_at"),
            Edition.state.label("edition_state"),
            *_columns(),
        )
        .select_from(Seat)
        .join(Enrolment, Enrolment.id == Seat.enrolment_id)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .join(Module, Module.id == Meeting.module_id)
        .join(Edition, Edition.id == Meeting.edition_id)
        .join(Course, Course.id == Edition.course_id)
        .where(
            Seat.enrolment_id.in_(enrolment_ids),
            Seat.released_at.is_(None),
            Enrolment.state == EnrolmentState.ENROLLED,
            Edition.state.in_(GIVEN),
        )
        .order_by(Enrolment.id, Meeting.starts_at, Meeting.id)
    )
    people: dict[int, int] = {}
    seats: defaultdict[int, list[SeatHeld]] = defaultdict(list)
    meetings: defaultdict[int, dict[int, MeetingTold]] = defaultdict(dict)
    for row in rows:
        people[row.enrolment_id] = row.person_id
        meetings[row.enrolment_id][row.id] = _meeting(row)
        sure = row.edition_state in SURE
        seat = SeatHeld(row.enrolment_id, row.id, row.starts_at, row.taken_at, bool(row.preparation), sure)
        seats[row.enrolment_id].append(seat)
    return [EnrolmentTold(each, people[each], tuple(seats[each]), meetings[each]) for each in people]


def list_meetings_given(person_id: int, now: datetime, before: datetime) -> list[MeetingTold]:
    """What a trainer gives from now on and before a moment, in order of time. One query."""
    rows = db.session.execute(
        select(*_columns())
        .join(MeetingTrainer, MeetingTrainer.meeting_id == Meeting.id)
        .join(Module, Module.id == Meeting.module_id)
        .join(Edition, Edition.id == Meeting.edition_id)
        .join(Course, Course.id == Edition.course_id)
        .where(
            MeetingTrainer.person_id == person_id,
            Meeting.starts_at > now,
            Meeting.starts_at < before,
            Edition.state.in_(GIVEN),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return [_meeting(row) for row in rows]


def count_people(meeting_ids: Collection[int]) -> dict[int, int]:
    """How many people hold a seat in each of these meetings."""
    counted = (
        select(Seat.meeting_id, func.count().label("people"))
        .where(Seat.meeting_id.in_(meeting_ids), Seat.released_at.is_(None))
        .group_by(Seat.meeting_id)
    )
    found = {row.meeting_id: row.people for row in db.session.execute(counted)}
    return {meeting_id: found.get(meeting_id, 0) for meeting_id in meeting_ids}


def list_trainer_names(meeting_ids: Collection[int]) -> dict[int, list[str]]:
    """The names of who gives each of these meetings. One query."""
    rows = db.session.execute(
        select(MeetingTrainer.meeting_id, Person.name)
        .join(Person, Person.id == MeetingTrainer.person_id)
        .where(MeetingTrainer.meeting_id.in_(meeting_ids))
        .order_by(Person.name, Person.id)
    )
    names: dict[int, list[str]] = {meeting_id: [] for meeting_id in meeting_ids}
    for row in rows:
        names[row.meeting_id].append(row.name)
    return names


def list_told(person_ids: Collection[int], keys: Collection[str]) -> set[tuple[int, str]]:
    """Which of these occasions these people were told of, as (person, key). One query."""
    found = select(Reminder.person_id, Reminder.occasion).where(
        Reminder.person_id.in_(person_ids), Reminder.occasion.in_(keys)
    )
    return {(row.person_id, row.occasion) for row in db.session.execute(found)}


def _columns() -> tuple[Any, ...]:
    return (
        Meeting.id,
        Meeting.edition_id,
        Course.title,
        Module.position,
        Module.preparation,
        Module.preparation_minutes,
        Meeting.starts_at,
        Meeting.ends_at,
        Meeting.venue,
        Edition.place,
        Meeting.link,
        Edition.delivery,
    )


def _meeting(row: Row[*tuple[Any, ...]]) -> MeetingTold:
    names = ("id", "edition_id", "title", "position", "preparation", "preparation_minutes", "starts_at", "ends_at")
    facts = {name: row._mapping[name] for name in (*names, "venue", "place", "link")}
    return MeetingTold(**facts, online=row._mapping["delivery"] == Delivery.ONLINE)

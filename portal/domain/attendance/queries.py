"""Meetings and their lists, as the people who keep them read them."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.attendance.count_models import HeadCount
from portal.domain.attendance.models import Attendance, AttendanceSheet
from portal.domain.attendance.rules import ListState, Mark, Status, list_state, may_finish, open_seats
from portal.domain.catalogue.models import Course, Edition, Meeting, MeetingTrainer, Module
from portal.domain.catalogue.rules import GIVEN
from portal.domain.enrolment.models import Enrolment, Seat
from portal.errors import NotFound


@dataclass(frozen=True)
class MeetingHead:
    """What stands above a list. `contact_minutes` are net; `finished_at` None while the list is not finished.
    `counted_only`: it has no list, but a number."""

    id: int
    edition_id: int
    course_title: str
    module_id: int
    module_position: int
    module_title: str
    contact_minutes: int
    preparation: str
    starts_at: datetime
    ends_at: datetime
    venue: str
    link: str
    finished_at: datetime | None
    signed_name: str | None
    counted_only: bool
    trainer_ids: frozenset[int]

    @property
    def lasts_minutes(self) -> int:
        """Minutes on the clock, breaks included."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    def state(self, now: datetime) -> ListState:
        return list_state(starts_at=self.starts_at, finished=self.finished_at is not None, now=now)

    def is_over(self, now: datetime) -> bool:
        """From its end on, the list can be finished."""
        return may_finish(ends_at=self.ends_at, now=now)


@dataclass(frozen=True)
class Guest:
    """Where somebody comes from who is not of this edition. `makes_up`: they missed this dagdeel there, else they
    swapped it."""

    edition_id: int
    place: str
    starts_on: date | None
    makes_up: bool


@dataclass(frozen=True)
class SeatRow:
    """One person on a list. `marked_by` and `marked_at` are None while nobody marked. `guest` of another edition's
    people: they take this dagdeel here."""

    seat_id: int
    enrolment_id: int
    name: str
    employer: str
    mark: Mark
    marked_at: datetime | None
    marked_by: str | None
    guest: Guest | None = None


@dataclass(frozen=True)
class MeetingCard:
    """A meeting on its trainer's start page, with how far its list is. Of its `people`, `guests` come from another
    edition. `counted_only`: it has no list, but a number, which is `counted` once it was signed."""

    id: int
    course_title: str
    module_position: int
    module_title: str
    starts_at: datetime
    ends_at: datetime
    venue: str
    link: str
    people: int
    guests: int
    marked: int
    finished: bool
    counted_only: bool
    counted: int | None

    def state(self, now: datetime) -> ListState:
        return list_state(starts_at=self.starts_at, finished=self.finished, now=now)


@dataclass(frozen=True)
class TrainersDay:
    """`today`: all of today's meetings. `unfinished`: past ones without a finished list, the newest first, at most
    `MOST_UNFINISHED`. `upcoming`: one page of what comes after today."""

    today: list[MeetingCard]
    unfinished: list[MeetingCard]
    upcoming: list[MeetingCard]
    upcoming_total: int


MOST_UNFINISHED = 20
PER_PAGE = 10


def get_meeting_head(meeting_id: int) -> MeetingHead:
    """The meeting of a published edition, or NotFound. Two queries."""
    row = db.session.execute(
        select(
            Meeting.id,
            Meeting.edition_id,
            Course.title.label("course_title"),
            Meeting.module_id,
            Module.position.label("module_position"),
            Module.title.label("module_title"),
            Module.contact_minutes,
            Module.preparation,
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.venue,
            Meeting.link,
            AttendanceSheet.finished_at,
            AttendanceSheet.signed_name,
            Edition.counted_only,
        )
        .join(Module, Meeting.module_id == Module.id)
        .join(Edition, Meeting.edition_id == Edition.id)
        .join(Course, Edition.course_id == Course.id)
        .outerjoin(AttendanceSheet, AttendanceSheet.meeting_id == Meeting.id)
        .where(Meeting.id == meeting_id, Edition.state.in_(GIVEN))
    ).one_or_none()
    if row is None:
        raise NotFound
    trainers = db.session.scalars(
        select(MeetingTrainer.person_id)
        .where(MeetingTrainer.meeting_id == meeting_id)
        .order_by(MeetingTrainer.person_id)
    )
    return MeetingHead(**row._mapping, trainer_ids=frozenset(trainers))


def get_seat_row(meeting_id: int, seat_id: int) -> SeatRow:
    """Somebody on the list; NotFound for a seat that is not (or no longer) in this meeting. One query."""
    row = next((row for row in list_seat_rows(meeting_id) if row.seat_id == seat_id), None)
    if row is None:
        raise NotFound
    return row


def list_seat_rows(meeting_id: int) -> list[SeatRow]:
    """Everybody with a seat in the meeting, by name. One query."""
    marker, stood_in = aliased(Person), aliased(Seat)
    rows = db.session.execute(
        select(
            Seat.id,
            Seat.enrolment_id,
            Enrolment.participant_name,
            Enrolment.employer,
            Enrolment.edition_id,
            Edition.place,
            Edition.starts_on,
            (Enrolment.edition_id != Meeting.edition_id).label("is_guest"),
            and_(stood_in.id.is_not(None), stood_in.released_at.is_(None)).label("makes_up"),
            *mark_columns(),
            Attendance.marked_at,
            marker.name.label("marked_by"),
        )
        .join(Enrolment, Seat.enrolment_id == Enrolment.id)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .join(Edition, Edition.id == Enrolment.edition_id)
        .outerjoin(stood_in, stood_in.id == Seat.instead_of_id)
        .outerjoin(Attendance, Attendance.seat_id == Seat.id)
        .outerjoin(marker, Attendance.marked_by_id == marker.id)
        .where(Seat.meeting_id == meeting_id, Seat.released_at.is_(None))
        .order_by(Seat.id)
    )
    return sorted((_seat_row(row) for row in rows), key=lambda row: (_sort_key(row.name), row.seat_id))


def _seat_row(row: Any) -> SeatRow:
    return SeatRow(
        seat_id=row.id,
        enrolment_id=row.enrolment_id,
        name=row.participant_name,
        employer=row.employer,
        mark=mark_of(row),
        marked_at=row.marked_at,
        marked_by=row.marked_by,
        guest=Guest(row.edition_id, row.place, row.starts_on, bool(row.makes_up)) if row.is_guest else None,
    )


def mark_of(row: Any) -> Mark:
    """The mark in a row with the columns of Attendance, which are None where nothing was marked."""
    return Mark(
        status=Status(row.status) if row.status else None,
        minutes_late=row.minutes_late or 0,
        minutes_left_early=row.minutes_left_early or 0,
        excuse=row.excuse or "",
        preparation_done=bool(row.preparation_done),
    )


def list_open_names(rows: list[SeatRow]) -> list[str]:
    """The names of the people on a list who are not marked yet, in its order."""
    still_open = set(open_seats({row.seat_id: row.mark for row in rows}))
    return [row.name for row in rows if row.seat_id in still_open]


def trainers_day(trainer_id: int, *, now: datetime, page: int = 1) -> TrainersDay:
    """What a trainer gives today, has yet to finish, and gives later. Four queries."""
    today = clock.local_date(now)
    midnight = clock.from_local(datetime.combine(today, datetime.min.time()))
    next_midnight = clock.from_local(datetime.combine(today + timedelta(days=1), datetime.min.time()))
    begun_before = and_(Meeting.starts_at < midnight, AttendanceSheet.meeting_id.is_(None))
    later = Meeting.starts_at >= next_midnight
    upcoming = _cards(trainer_id).where(later).order_by(Meeting.starts_at, Meeting.id)
    upcoming_total = _count(trainer_id, later)
    last = max(1, -(-upcoming_total // PER_PAGE))
    return TrainersDay(
        today=_read(
            _cards(trainer_id)
            .where(Meeting.starts_at >= midnight, Meeting.starts_at < next_midnight)
            .order_by(Meeting.starts_at, Meeting.id)
        ),
        unfinished=_read(
            _cards(trainer_id)
            .where(begun_before)
            .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
            .limit(MOST_UNFINISHED)
        ),
        upcoming=_read(upcoming.limit(PER_PAGE).offset((min(page, last) - 1) * PER_PAGE)),
        upcoming_total=upcoming_total,
    )


def _cards(trainer_id: int) -> Select[Any]:
    seats = select(func.count()).select_from(Seat)
    held = (Seat.meeting_id == Meeting.id, Seat.released_at.is_(None))
    guests = seats.join(Enrolment, Enrolment.id == Seat.enrolment_id)
    guests = guests.where(*held, Enrolment.edition_id != Meeting.edition_id)
    marked = seats.join(Attendance, Attendance.seat_id == Seat.id).where(*held, Attendance.status.is_not(None))
    return (
        select(
            Meeting.id,
            Course.title.label("course_title"),
            Module.position.label("module_position"),
            Module.title.label("module_title"),
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.venue,
            Meeting.link,
            seats.where(*held).scalar_subquery().label("people"),
            guests.scalar_subquery().label("guests"),
            marked.scalar_subquery().label("marked"),
            AttendanceSheet.meeting_id.is_not(None).label("finished"),
            Edition.counted_only,
            HeadCount.people.label("counted"),
        )
        .join(MeetingTrainer, MeetingTrainer.meeting_id == Meeting.id)
        .join(Module, Meeting.module_id == Module.id)
        .join(Edition, Meeting.edition_id == Edition.id)
        .join(Course, Edition.course_id == Course.id)
        .outerjoin(AttendanceSheet, AttendanceSheet.meeting_id == Meeting.id)
        .outerjoin(HeadCount, HeadCount.meeting_id == Meeting.id)
        .where(MeetingTrainer.person_id == trainer_id, Edition.state.in_(GIVEN))
    )


def _read(cards: Select[Any]) -> list[MeetingCard]:
    return [MeetingCard(**{**row, "finished": bool(row["finished"])}) for row in db.session.execute(cards).mappings()]


def _count(trainer_id: int, wanted: ColumnElement[bool]) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Meeting)
            .join(MeetingTrainer, MeetingTrainer.meeting_id == Meeting.id)
            .join(Edition, Meeting.edition_id == Edition.id)
            .where(MeetingTrainer.person_id == trainer_id, Edition.state.in_(GIVEN), wanted)
        )
        or 0
    )


def mark_columns() -> tuple[Any, ...]:
    """What mark_of reads."""
    return (
        Attendance.status,
        Attendance.minutes_late,
        Attendance.minutes_left_early,
        Attendance.excuse,
        Attendance.preparation_done,
    )


def _sort_key(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold() or name

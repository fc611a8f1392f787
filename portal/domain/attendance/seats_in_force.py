"""Which seats of an enrolment decide what it attended: one for each module, wherever it was given.

A dagdeel may have been swapped to another edition, or missed and made up there. Points, certificates and completion all
ask here, so that they never say different things."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from portal.clock import local_date
from portal.db import db
from portal.domain.attendance.models import Attendance, AttendanceSheet
from portal.domain.attendance.queries import mark_columns, mark_of
from portal.domain.attendance.rules import ATTENDED, Attempt, Mark, deciding
from portal.domain.catalogue.models import Edition, Meeting, Module
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.rules import EnrolmentState


@dataclass(frozen=True)
class SeatInForce:
    """The seat that decides about one module. Minutes are net. `elsewhere`: its meeting is another edition's, in the
    town `place`. `missed_on`: the day of the meeting that it makes up for. `attended_on`: the day on which the module
    was attended by a signed list, also when that was before this seat was booked to do better."""

    seat_id: int
    meeting_id: int
    edition_id: int
    module_id: int
    position: int
    title: str
    contact_minutes: int
    preparation_minutes: int
    starts_at: datetime
    ends_at: datetime
    place: str
    elsewhere: bool
    missed_on: date | None
    attended_on: date | None
    is_finished: bool
    mark: Mark

    @property
    def held_on(self) -> date:
        """Its date in Amsterdam."""
        return local_date(self.starts_at)


@dataclass(frozen=True)
class LostModule:
    """A module that an enrolment had a seat for and has no more."""

    module_id: int
    position: int
    title: str


@dataclass(frozen=True)
class SeatsInForce:
    """Those of one enrolment, in order of module. `lost`: what has no meeting any more, since the other edition in
    which it was to be taken is not given."""

    state: str = EnrolmentState.ENROLLED
    seats: tuple[SeatInForce, ...] = ()
    lost: tuple[LostModule, ...] = ()

    @property
    def attended_all(self) -> bool:
        """Whether every module it was booked for was attended, on signed lists."""
        return bool(self.seats) and not self.lost and all(seat.attended_on for seat in self.seats)

    @property
    def last_on(self) -> date:
        """The day on which the last of what was attended took place."""
        return max(seat.attended_on for seat in self.seats if seat.attended_on)


def list_in_force(wanted: ColumnElement[bool]) -> Mapping[int, SeatsInForce]:
    """By enrolment, for those that `wanted` (about Enrolment) asks; without seats for one that never had any.
    One query."""
    rows: dict[int, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in db.session.execute(_all_seats().where(wanted)):
        rows[row.enrolment_id][row.module_id].append(row)
    found: dict[int, SeatsInForce] = defaultdict(SeatsInForce)
    for enrolment_id, modules in rows.items():
        seats, lost = [], []
        for module_id, of_module in modules.items():
            held = [row for row in of_module if row.released_at is None]
            if held:
                seats.append(_in_force(held))
            else:
                lost.append(LostModule(module_id, of_module[0].position, of_module[0].title))
        state = next(iter(modules.values()))[0].state
        in_order = tuple(sorted(seats, key=lambda seat: seat.position))
        found[enrolment_id] = SeatsInForce(state, in_order, tuple(sorted(lost, key=lambda one: one.position)))
    return found


def _all_seats() -> Select[*tuple[Any, ...]]:
    """Released ones too, in the order in which they were taken."""
    return (
        select(
            Seat.enrolment_id, Seat.id.label("seat_id"), Seat.meeting_id, Seat.released_at, Enrolment.state,
            Enrolment.edition_id.label("own_edition_id"), Meeting.edition_id, Edition.place, Meeting.module_id,
            Meeting.starts_at, Meeting.ends_at, Module.position, Module.title, Module.contact_minutes,
            Module.preparation_minutes, AttendanceSheet.meeting_id.label("sheet"), *mark_columns(),
        )
        .join(Enrolment, Enrolment.id == Seat.enrolment_id)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .join(Module, Module.id == Meeting.module_id)
        .join(Edition, Edition.id == Meeting.edition_id)
        .outerjoin(AttendanceSheet, AttendanceSheet.meeting_id == Meeting.id)
        .outerjoin(Attendance, Attendance.seat_id == Seat.id)
        .order_by(Seat.enrolment_id, Seat.id)
    )  # fmt: skip


def _in_force(held: list[Any]) -> SeatInForce:
    """Of the seats that are held for one module, the one that decides."""
    chosen = deciding([Attempt(row.sheet is not None, mark_of(row)) for row in held])
    row = held[chosen]
    attended = [one for one in (row, *reversed(held)) if one.sheet is not None and one.status in ATTENDED]
    return SeatInForce(
        seat_id=row.seat_id,
        meeting_id=row.meeting_id,
        edition_id=row.edition_id,
        module_id=row.module_id,
        position=row.position,
        title=row.title,
        contact_minutes=row.contact_minutes,
        preparation_minutes=row.preparation_minutes,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        elsewhere=row.edition_id != row.own_edition_id,
        missed_on=local_date(held[chosen - 1].starts_at) if chosen else None,
        attended_on=local_date(attended[0].ends_at) if attended else None,
        is_finished=row.sheet is not None,
        mark=mark_of(row),
    )

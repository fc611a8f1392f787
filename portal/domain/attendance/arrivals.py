"""Who said that they are there, as the people who keep the list and they themselves read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from portal.db import db
from portal.domain.attendance.door import How, how_in_words, own_letters
from portal.domain.attendance.models import AttendanceCheckIn
from portal.domain.attendance.queries import MeetingHead, SeatRow
from portal.domain.attendance.rules import ATTENDED
from portal.domain.attendance.tap_rules import said_of
from portal.domain.catalogue.models import Meeting
from portal.domain.enrolment.models import Enrolment, Seat
from portal.language import _, clock_time

NEAR = timedelta(days=1)


@dataclass(frozen=True)
class Arrival:
    """When and how somebody said that they are there."""

    at: datetime
    how: How


@dataclass(frozen=True)
class OwnSeat:
    """Somebody's seat in a meeting, as far as the door needs it."""

    seat_id: int
    person_id: int
    name: str
    arrival: Arrival | None


def list_arrivals(meeting_id: int) -> dict[int, Arrival]:
    """By seat, of all who hold one. One query."""
    rows = db.session.execute(
        select(AttendanceCheckIn.seat_id, AttendanceCheckIn.at, AttendanceCheckIn.how)
        .join(Seat, Seat.id == AttendanceCheckIn.seat_id)
        .where(Seat.meeting_id == meeting_id, Seat.released_at.is_(None))
        .order_by(AttendanceCheckIn.seat_id)
    )
    return {row.seat_id: Arrival(row.at, How(row.how)) for row in rows}


def find_own_seat(meeting_id: int, person_id: int) -> OwnSeat | None:
    """The seat that a person holds in a meeting, the oldest of several; None without one. One query."""
    seats = _seats(meeting_id, person_id)
    return seats[0] if seats else None


def find_by_letters(key: str, meeting_id: int, letters: str) -> OwnSeat | None:
    """Whose own letters these are in this meeting; None when they are nobody's or those of two people. One query."""
    found = [seat for seat in _seats(meeting_id) if own_letters(key, seat.seat_id) == letters]
    return found[0] if len(found) == 1 else None


def find_other_meeting(key: str, head: MeetingHead, letters: str) -> datetime | None:
    """When the meeting begins for which these letters are instead: one of the same edition, or a day from this one at
    the most. None when there is none. One query."""
    near = Meeting.starts_at.between(head.starts_at - NEAR, head.starts_at + NEAR)
    rows = db.session.execute(
        select(Seat.id, Meeting.starts_at)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(or_(Meeting.edition_id == head.edition_id, near), Seat.meeting_id != head.id)
        .order_by(Seat.id)
    )
    return next((row.starts_at for row in rows if own_letters(key, row.id) == letters), None)


def count_in(rows: Iterable[SeatRow], arrivals: Mapping[int, Arrival]) -> int:
    """How many are in: marked as there, or not marked and said so themselves."""
    return sum(row.mark.status in ATTENDED or (row.mark.status is None and row.seat_id in arrivals) for row in rows)


def list_to_mark(rows: Iterable[SeatRow], arrivals: Mapping[int, Arrival]) -> list[SeatRow]:
    """Who said that they are there, and is not marked."""
    return [row for row in rows if row.mark.status is None and row.seat_id in arrivals]


def arrival_in_words(arrival: Arrival | None) -> str:
    """'Meldde zich om 09.27 (code aan de deur).'; nothing for nobody."""
    if arrival is None:
        return ""
    return str(_("Meldde zich om %(time)s (%(how)s).", time=clock_time(arrival.at), how=how_in_words(arrival.how)))


def said_beside(row: SeatRow, arrival: Arrival | None, reader: str) -> str:
    """What stands beside somebody on the list of the trainer `reader`: that they came in, and what somebody else made
    of it since. The mark that came with the arrival is not said again."""
    others = row.marked_at and row.marked_by != reader and not (arrival and row.marked_at == arrival.at)
    marked = said_of(row.mark, by=row.marked_by, at=row.marked_at) if others else ""
    return " ".join(filter(None, (arrival_in_words(arrival), marked)))


def _seats(meeting_id: int, person_id: int | None = None) -> list[OwnSeat]:
    wanted = (
        select(Seat.id, Enrolment.person_id, Enrolment.participant_name, AttendanceCheckIn.at, AttendanceCheckIn.how)
        .join(Enrolment, Enrolment.id == Seat.enrolment_id)
        .outerjoin(AttendanceCheckIn, AttendanceCheckIn.seat_id == Seat.id)
        .where(Seat.meeting_id == meeting_id, Seat.released_at.is_(None))
        .order_by(Seat.id)
    )
    if person_id is not None:
        wanted = wanted.where(Enrolment.person_id == person_id)
    return [
        OwnSeat(row.id, row.person_id, row.participant_name, Arrival(row.at, How(row.how)) if row.how else None)
        for row in db.session.execute(wanted)
    ]

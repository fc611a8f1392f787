"""What stands beside the marks of a list and says who was there: people who said so, who went in by their own link, and
the times of reports that were taken over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.documents.meeting_report import Source
from portal.domain.attendance.arrivals import list_arrivals
from portal.domain.attendance.door import how_in_words
from portal.domain.attendance.join_models import MeetingJoin
from portal.domain.attendance.report_models import AttendanceReport, PresenceInterval
from portal.domain.attendance.report_words import source_in_words
from portal.domain.enrolment.models import Seat
from portal.language import _


@dataclass(frozen=True)
class Entrance:
    """Once that somebody came in: when, how in words, and until when they stayed, where a report says so."""

    seat_id: int
    name: str
    at: datetime
    how: str
    until: datetime | None = None


def list_entrances(meeting_id: int, names: Mapping[int, str]) -> list[Entrance]:
    """Of these people, by seat, in order of time. Three queries."""
    found = [
        Entrance(seat_id, names[seat_id], arrival.at, how_in_words(arrival.how))
        for seat_id, arrival in list_arrivals(meeting_id).items()
        if seat_id in names
    ]
    found += [*_by_own_link(meeting_id, names), *_by_report(meeting_id, names)]
    return sorted(found, key=lambda one: (one.at, one.seat_id, one.how))


def first_of_each(entrances: list[Entrance]) -> dict[int, Entrance]:
    """The first of each seat, of those in order of time."""
    return {one.seat_id: one for one in reversed(entrances)}


def _by_own_link(meeting_id: int, names: Mapping[int, str]) -> list[Entrance]:
    rows = db.session.execute(
        select(MeetingJoin.seat_id, MeetingJoin.at)
        .join(Seat, Seat.id == MeetingJoin.seat_id)
        .where(Seat.meeting_id == meeting_id)
    )
    how = str(_("eigen link naar de online bijeenkomst"))
    return [Entrance(row.seat_id, names[row.seat_id], row.at, how) for row in rows if row.seat_id in names]


def _by_report(meeting_id: int, names: Mapping[int, str]) -> list[Entrance]:
    rows = db.session.execute(
        select(PresenceInterval.seat_id, PresenceInterval.from_at, PresenceInterval.until_at, AttendanceReport.source)
        .join(AttendanceReport, AttendanceReport.id == PresenceInterval.report_id)
        .where(AttendanceReport.meeting_id == meeting_id)
    )
    return [
        Entrance(
            row.seat_id,
            names[row.seat_id],
            row.from_at,
            str(_("verslag van %(source)s", source=source_in_words(Source(row.source)))),
            row.until_at,
        )
        for row in rows
        if row.seat_id in names
    ]

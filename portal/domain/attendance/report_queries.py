"""A report of a meeting program beside the list of its meeting: who is who, and which mark follows for whom."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.db import db
from portal.documents.meeting_report import Doubt, Source, Visit
from portal.domain.accounts.models import Person
from portal.domain.attendance.queries import MeetingHead, SeatRow, list_seat_rows
from portal.domain.attendance.report_models import AttendanceReport, PresenceInterval
from portal.domain.attendance.report_rules import (
    Expected,
    Interval,
    Matches,
    Presence,
    Reported,
    mark_from,
    match,
    people_of,
    presence,
)
from portal.domain.attendance.rules import Mark, fingerprint
from portal.domain.enrolment.models import Enrolment, Seat
from portal.errors import NotFound


@dataclass(frozen=True)
class SentReport:
    """What is known of a report. `visits` and `answers` are empty when it `is_kept` no more."""

    id: int
    source: Source
    visits: tuple[Visit, ...]
    answers: Mapping[int, int]
    is_kept: bool
    sent_at: datetime
    sent_by: str
    taken_over_at: datetime | None
    taken_over_by: str | None


@dataclass(frozen=True)
class Proposal:
    """What a report says of one person on the list. `people`: who in the report they are. `was`: None for who was not
    in. `undecided`: that depends on who somebody else in the report is."""

    row: SeatRow
    people: tuple[Reported, ...]
    was: Presence | None
    mark: Mark
    undecided: bool

    @property
    def is_so_already(self) -> bool:
        return fingerprint(self.mark) == fingerprint(self.row.mark)

    @property
    def doubts(self) -> frozenset[Doubt]:
        return frozenset(doubt for person in self.people for doubt in person.doubts)

    @property
    def tick(self) -> str:
        """What its tick says: whom, which mark was shown, and which was proposed."""
        return f"{self.row.seat_id}.{fingerprint(self.row.mark)}.{fingerprint(self.mark)}"


@dataclass(frozen=True)
class Preview:
    """A report beside its list. `asked`: who in the report it is asked about, answered or not, with the rows that they
    may be. `adds_up`: times of reports that were taken over before count as well."""

    report: SentReport
    proposals: tuple[Proposal, ...]
    asked: tuple[tuple[Reported, tuple[SeatRow, ...]], ...]
    leading: tuple[Reported, ...]
    strangers: tuple[Reported, ...]
    adds_up: bool

    def of(self, seat_id: int) -> Proposal | None:
        return next((one for one in self.proposals if one.row.seat_id == seat_id), None)


def get_report(meeting_id: int, report_id: int) -> SentReport:
    """A report of this meeting, or NotFound. One query."""
    found = _reports(AttendanceReport.meeting_id == meeting_id, AttendanceReport.id == report_id)
    if not found:
        raise NotFound
    return found[0]


def list_taken_over(meeting_id: int) -> list[SentReport]:
    """The reports of a meeting that were taken over, the last first. One query."""
    return _reports(AttendanceReport.meeting_id == meeting_id, AttendanceReport.taken_over_at.is_not(None))


def preview(head: MeetingHead, report: SentReport) -> Preview:
    """What a report says of each person on the list, together with those that were taken over before: a meeting that
    broke off and went on has two. Four queries, however many people."""
    rows = list_seat_rows(head.id)
    people = people_of(report.visits)
    certain = match(people, _expected(head.id, rows), _trainers(head))
    matches, earlier = certain.answered(report.answers), _earlier(head.id, report.id)
    by_seat = {row.seat_id: row for row in rows}
    by_key = {person.key: person for person in people}
    return Preview(
        report,
        tuple(_proposal(head, row, people, matches, earlier.get(row.seat_id, [])) for row in rows),
        tuple((by_key[key], tuple(by_seat[one] for one in seats)) for key, seats in certain.asked.items()),
        tuple(by_key[key] for key in matches.leading),
        tuple(by_key[key] for key in matches.strangers),
        bool(earlier),
    )


def _proposal(
    head: MeetingHead, row: SeatRow, people: Sequence[Reported], matches: Matches, earlier: Sequence[Interval]
) -> Proposal:
    mine = tuple(person for person in people if matches.found.get(person.key) == row.seat_id)
    visits = [*earlier, *(visit for person in mine for visit in person.visits)]
    was = presence(visits, starts_at=head.starts_at, ends_at=head.ends_at)
    return Proposal(row, mine, was, mark_from(was, row.mark), row.seat_id in matches.open_seats)


def _earlier(meeting_id: int, report_id: int) -> dict[int, list[Interval]]:
    """The times of the other reports of a meeting that were taken over, by seat."""
    rows = db.session.execute(
        select(PresenceInterval.seat_id, PresenceInterval.from_at, PresenceInterval.until_at)
        .join(AttendanceReport, AttendanceReport.id == PresenceInterval.report_id)
        .where(AttendanceReport.meeting_id == meeting_id, AttendanceReport.id != report_id)
        .order_by(PresenceInterval.id)
    )
    found: dict[int, list[Interval]] = defaultdict(list)
    for row in rows:
        found[row.seat_id].append((row.from_at, row.until_at))
    return found


def _expected(meeting_id: int, rows: Sequence[SeatRow]) -> list[Expected]:
    addresses = db.session.execute(
        select(Seat.id, Person.email)
        .join(Enrolment, Enrolment.id == Seat.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Seat.meeting_id == meeting_id, Seat.released_at.is_(None))
        .order_by(Seat.id)
    )
    by_seat = {row.id: row.email for row in addresses}
    return [Expected(row.seat_id, row.name, by_seat.get(row.seat_id, "")) for row in rows]


def _trainers(head: MeetingHead) -> list[Expected]:
    found = select(Person).where(Person.id.in_(head.trainer_ids)).order_by(Person.id)
    return [Expected(person.id, person.name, person.email) for person in db.session.scalars(found)]


def _reports(*wanted: Any) -> list[SentReport]:
    sender, taker = aliased(Person), aliased(Person)
    rows = db.session.execute(
        select(AttendanceReport, sender.name.label("sent_by"), taker.name.label("taken_over_by"))
        .join(sender, sender.id == AttendanceReport.sent_by_id)
        .outerjoin(taker, taker.id == AttendanceReport.taken_over_by_id)
        .where(*wanted)
        .order_by(AttendanceReport.taken_over_at.desc(), AttendanceReport.id.desc())
    )
    return [
        SentReport(
            id=row[0].id,
            source=Source(row[0].source),
            visits=tuple(visit_from_json(values) for values in row[0].visits),
            answers={int(key): int(seat_id) for key, seat_id in row[0].answers.items()},
            is_kept=row[0].is_kept,
            sent_at=row[0].sent_at,
            sent_by=row.sent_by,
            taken_over_at=row[0].taken_over_at,
            taken_over_by=row.taken_over_by,
        )
        for row in rows
    ]


def visit_to_json(visit: Visit) -> list[Any]:
    """A visit as it is kept."""
    times = (visit.joined_at.isoformat(), visit.left_at.isoformat())
    return [visit.line, visit.name, visit.email, *times, visit.doubt]


def visit_from_json(values: Sequence[Any]) -> Visit:
    """A visit that was kept."""
    line, name, email, joined, left, doubt = values
    times = (datetime.fromisoformat(joined), datetime.fromisoformat(left))
    return Visit(line, name, email, *times, Doubt(doubt) if doubt else None)

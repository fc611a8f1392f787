"""The facts that points are decided on, and the points of a person."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select, union

from portal.db import db
from portal.domain.accounts.models import RegisterNumber
from portal.domain.accreditation.models import PointAward
from portal.domain.accreditation.reasons import Reason, Verdict
from portal.domain.accreditation.rules import (
    AttendedMeeting,
    Award,
    Elsewhere,
    Grant,
    Participation,
    TaughtModule,
    decide,
    earned,
    waiting,
)
from portal.domain.attendance.seats_in_force import list_in_force
from portal.domain.catalogue.models import Accreditation, Course, Edition, Module
from portal.domain.enrolment.models import Enrolment, EnrolmentRegisterNumber

PER_PAGE = 25
MOST_YEARS = 8


class EnrolmentInCourse(NamedTuple):
    """An enrolment and where it belongs."""

    id: int
    edition_id: int
    course_id: int
    course_title: str
    person_id: int


@dataclass(frozen=True)
class PointRow:
    """One award on somebody's page. `module_position` and `module_title` are None for the course as a whole."""

    enrolment_id: int
    course_title: str
    module_position: int | None
    module_title: str | None
    held_on: date | None
    award: Award


@dataclass(frozen=True)
class YearOfPoints:
    """Points of the meetings of one calendar year."""

    year: int
    earned: int
    planned: int


@dataclass(frozen=True)
class RegisterPoints:
    """What somebody has at one register. `rows`: this page of it, the newest meeting first; `total_rows`: all.
    `years`: the last eight with points, the oldest first."""

    register: str
    earned: int
    waiting: int
    years: list[YearOfPoints]
    rows: list[PointRow]
    total_rows: int


def points_of(person_id: int, *, now: datetime, page: int = 1, per_page: int | None = None) -> list[RegisterPoints]:
    """Somebody's points, per register in the order of the alphabet; every register has the same page of its rows, or
    all of them when `per_page` is None.

    Decided awards are read as they were kept; what waits is worked out now. Seven queries, however many enrolments."""
    enrolments = list_in_courses(Enrolment.person_id == person_id)
    participations = _participations(enrolments, now)
    kept = list_awards([enrolment.id for enrolment in enrolments])
    titles = _module_titles({enrolment.course_id for enrolment in enrolments})
    rows: dict[str, list[PointRow]] = defaultdict(list)
    still_to_come: dict[str, int] = defaultdict(int)
    for enrolment in enrolments:
        awards = _kept_or_new(kept.get(enrolment.id, []), decide(participations[enrolment.id]))
        for register, points in waiting(awards).items():
            still_to_come[register] += points
        for award in awards:
            position, title = titles.get(award.module_id or 0, (None, None))
            rows[award.register].append(
                PointRow(enrolment.id, enrolment.course_title, position, title, _held_on(award), award)
            )
    return [
        _of_register(register, found, still_to_come[register], page, per_page)
        for register, found in sorted(rows.items())
    ]


def list_awards(enrolment_ids: Collection[int]) -> dict[int, list[Award]]:
    """The decided awards of these enrolments, by enrolment, as they were kept. One query."""
    found: dict[int, list[Award]] = defaultdict(list)
    rows = db.session.execute(
        select(*PointAward.__table__.columns)
        .where(PointAward.enrolment_id.in_(enrolment_ids))
        .order_by(PointAward.enrolment_id, PointAward.id)
    )
    for row in rows:
        found[row.enrolment_id].append(
            Award(
                register=row.register_code,
                module_id=row.module_id,
                accreditation_id=row.accreditation_id,
                points=row.points,
                offered=int(row.facts.get("offered", row.points)),
                reason=Reason(row.reason),
                facts=row.facts,
            )
        )
    return found


def awards_now(enrolment_ids: Collection[int], now: datetime) -> dict[int, list[Award]]:
    """What these enrolments have, by enrolment: what was decided as it was kept, and what waits. Six queries, however
    many."""
    kept = list_awards(enrolment_ids)
    participations = load_participations(enrolment_ids, now)
    return {one.id: _kept_or_new(kept.get(one.id, []), decide(found)) for one, found in participations.items()}


def points_earned(enrolment_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """The points that count, by enrolment and then by register's name in the order of the alphabet; an enrolment
    without points has an empty dict. One query."""
    earned: dict[int, dict[str, int]] = {enrolment_id: {} for enrolment_id in enrolment_ids}
    rows = db.session.execute(
        select(PointAward.enrolment_id, PointAward.register_code, func.sum(PointAward.points).label("points"))
        .where(PointAward.enrolment_id.in_(enrolment_ids), PointAward.points > 0)
        .group_by(PointAward.enrolment_id, PointAward.register_code)
        .order_by(PointAward.enrolment_id, PointAward.register_code)
    )
    for row in rows:
        earned[row.enrolment_id][row.register_code] = int(row.points)
    return earned


def load_participations(enrolment_ids: Collection[int], now: datetime) -> dict[EnrolmentInCourse, Participation]:
    """The facts of these enrolments. Of a cancelled one that is what was attended before. Five queries, however
    many."""
    enrolments = list_in_courses(Enrolment.id.in_(enrolment_ids))
    participations = _participations(enrolments, now)
    return {enrolment: participations[enrolment.id] for enrolment in enrolments}


def list_in_courses(wanted: ColumnElement[bool]) -> list[EnrolmentInCourse]:
    """The enrolments that `wanted` asks, in order. One query."""
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.edition_id, Edition.course_id, Course.title, Enrolment.person_id)
        .join(Edition, Enrolment.edition_id == Edition.id)
        .join(Course, Edition.course_id == Course.id)
        .where(wanted)
        .order_by(Enrolment.id)
    )
    return [EnrolmentInCourse(*row) for row in rows]


def _participations(enrolments: Sequence[EnrolmentInCourse], now: datetime) -> dict[int, Participation]:
    course_ids = {enrolment.course_id for enrolment in enrolments}
    modules = _modules(course_ids)
    grants = list_grants(course_ids)
    meetings = _meetings([enrolment.id for enrolment in enrolments], now)
    registers = list_registers_of(enrolments)
    return {
        enrolment.id: Participation(
            modules=tuple(modules[enrolment.course_id]),
            meetings=tuple(meetings[enrolment.id]),
            grants=tuple(grants[enrolment.course_id]),
            registers=frozenset(registers[enrolment.id] | registers[-enrolment.person_id]),
        )
        for enrolment in enrolments
    }


def _modules(course_ids: Collection[int]) -> dict[int, list[TaughtModule]]:
    found: dict[int, list[TaughtModule]] = defaultdict(list)
    rows = db.session.execute(
        select(Module.course_id, Module.id, Module.contact_minutes, Module.preparation)
        .where(Module.course_id.in_(course_ids))
        .order_by(Module.course_id, Module.position)
    )
    for row in rows:
        found[row.course_id].append(TaughtModule(row.id, row.contact_minutes, bool(row.preparation)))
    return found


def list_grants(course_ids: Collection[int]) -> dict[int, list[Grant]]:
    """What the registers granted, by course. One query."""
    found: dict[int, list[Grant]] = defaultdict(list)
    rows = db.session.execute(
        select(*Accreditation.__table__.columns, Module.course_id.label("module_course_id"))
        .outerjoin(Module, Accreditation.module_id == Module.id)
        .where(or_(Accreditation.course_id.in_(course_ids), Module.course_id.in_(course_ids)))
        .order_by(Accreditation.id)
    )
    for row in rows:
        grant = Grant(
            id=row.id,
            register=row.register_code,
            points=row.points,
            module_id=row.module_id,
            number=row.number,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            threshold_percent=row.threshold_percent,
            test_required=row.test_required,
        )
        found[row.course_id or row.module_course_id].append(grant)
    return found


def _meetings(enrolment_ids: Collection[int], now: datetime) -> dict[int, list[AttendedMeeting]]:
    """For each module the meeting that decides, wherever it was given."""
    found: dict[int, list[AttendedMeeting]] = defaultdict(list)
    for enrolment_id, in_force in list_in_force(Enrolment.id.in_(enrolment_ids)).items():
        found[enrolment_id] = [
            AttendedMeeting(
                module_id=seat.module_id,
                held_on=seat.held_on,
                has_begun=seat.starts_at <= now,
                is_finished=seat.is_finished,
                mark=seat.mark,
                elsewhere=Elsewhere(seat.edition_id, seat.place, seat.missed_on) if seat.elsewhere else None,
            )
            for seat in in_force.seats
        ]
    return found


def list_registers_of(enrolments: Sequence[EnrolmentInCourse]) -> dict[int, set[str]]:
    """Where the people are registered: by the number given with the enrolment (key: its id) or kept in the profile
    (key: minus the person's id)."""
    given = select(EnrolmentRegisterNumber.enrolment_id.label("key"), EnrolmentRegisterNumber.register_code).where(
        EnrolmentRegisterNumber.enrolment_id.in_([enrolment.id for enrolment in enrolments])
    )
    kept = select((-RegisterNumber.person_id).label("key"), RegisterNumber.register_code).where(
        RegisterNumber.person_id.in_({enrolment.person_id for enrolment in enrolments})
    )
    found: dict[int, set[str]] = defaultdict(set)
    for key, register in db.session.execute(union(given, kept)):
        found[key].add(register)
    return found


def _module_titles(course_ids: Collection[int]) -> dict[int, tuple[int | None, str | None]]:
    rows = db.session.execute(
        select(Module.id, Module.position, Module.title).where(Module.course_id.in_(course_ids)).order_by(Module.id)
    )
    return {row.id: (row.position, row.title) for row in rows}


def _kept_or_new(kept: Sequence[Award], new: Iterable[Award]) -> list[Award]:
    """What was decided stands as it was kept, also when the catalogue has changed since; the rest is as the rule says
    now."""
    decided = {award.subject for award in kept}
    return [*kept, *(award for award in new if award.subject not in decided)]


def _held_on(award: Award) -> date | None:
    iso = award.facts.get("held_on")
    return date.fromisoformat(iso) if iso else None


def _of_register(
    register: str, rows: list[PointRow], still_to_come: int, page: int, per_page: int | None
) -> RegisterPoints:
    newest_first = sorted(
        rows,
        key=lambda row: (row.held_on or date.min, row.enrolment_id, row.module_position or 0),
        reverse=True,
    )
    return RegisterPoints(
        register=register,
        earned=earned(row.award for row in rows).get(register, 0),
        waiting=still_to_come,
        years=_years(rows),
        rows=newest_first[(page - 1) * per_page : page * per_page] if per_page else newest_first,
        total_rows=len(rows),
    )


def _years(rows: list[PointRow]) -> list[YearOfPoints]:
    totals: dict[int, Any] = defaultdict(lambda: [0, 0])
    for row in rows:
        if row.held_on is None:
            continue
        totals[row.held_on.year][0] += row.award.points
        if row.award.verdict == Verdict.PENDING:
            totals[row.held_on.year][1] += row.award.offered
    years = [YearOfPoints(year, both[0], both[1]) for year, both in sorted(totals.items()) if any(both)]
    return years[-MOST_YEARS:]

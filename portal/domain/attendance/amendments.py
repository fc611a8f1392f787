"""Amendments of finished lists: kept for ever, each with the mark before and after.

The table is append-only in the database itself. Only a reason can be emptied there, when a person is erased."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.attendance.models import Attendance, AttendanceAmendment
from portal.domain.attendance.queries import mark_columns, mark_of
from portal.domain.attendance.rules import NOT_MARKED, Mark, Status
from portal.domain.attendance.signing import Standing, Step
from portal.domain.catalogue.models import Meeting, Module
from portal.domain.enrolment.models import Enrolment, Seat


@dataclass(frozen=True)
class Amendment:
    """One amendment for the eye. `only_excuse`: nothing but what was said about being away changed. The marks have no
    excuse; `reason` is empty once it was erased."""

    id: int
    seat_id: int
    enrolment_id: int
    name: str
    was: Mark
    became: Mark
    only_excuse: bool
    reason: str
    at: datetime
    by: str
    step: Step


@dataclass(frozen=True)
class Correction:
    """An amendment as the participant reads it on their own page: what, of which meeting, and when."""

    position: int
    starts_at: datetime
    asks_preparation: bool
    was: Mark
    became: Mark
    only_excuse: bool
    at: datetime


def keep_amendment(*, meeting_id: int, seat_id: int, wanted: Mark, reason: str, person_id: int, now: datetime) -> int:
    """Keeps what a mark was and is about to become; call it before the mark is written. Returns the amendment's id."""
    columns = (*mark_columns(), Attendance.marked_at, Attendance.marked_by_id)
    row = db.session.execute(select(*columns).where(Attendance.seat_id == seat_id)).one_or_none()
    was = mark_of(row) if row else NOT_MARKED
    kept = AttendanceAmendment(
        meeting_id=meeting_id,
        seat_id=seat_id,
        was_status=was.status,
        was_minutes_late=was.minutes_late,
        was_minutes_left_early=was.minutes_left_early,
        was_preparation_done=was.preparation_done,
        was_marked_at=row.marked_at if row else None,
        was_marked_by_id=row.marked_by_id if row else None,
        status=wanted.status,
        minutes_late=wanted.minutes_late,
        minutes_left_early=wanted.minutes_left_early,
        preparation_done=wanted.preparation_done,
        reason=reason,
        amended_at=now,
        amended_by_id=person_id,
    )
    db.session.add(kept)
    db.session.flush()
    return kept.id


def list_amendments(meeting_id: int) -> list[Amendment]:
    """Those of a meeting's list, the newest first. One query."""
    amender = aliased(Person)
    rows = db.session.execute(
        select(
            *AttendanceAmendment.__table__.columns,
            Seat.enrolment_id,
            Enrolment.participant_name,
            amender.name.label("amended_by"),
        )
        .join(Seat, Seat.id == AttendanceAmendment.seat_id)
        .join(Enrolment, Enrolment.id == Seat.enrolment_id)
        .join(amender, amender.id == AttendanceAmendment.amended_by_id)
        .where(AttendanceAmendment.meeting_id == meeting_id)
        .order_by(AttendanceAmendment.id.desc())
    )
    return [_amendment(row) for row in rows]


def list_corrections(enrolment_id: int) -> list[Correction]:
    """What was amended of one enrolment's marks, the newest first. One query."""
    rows = db.session.execute(
        select(*AttendanceAmendment.__table__.columns, Module.position, Module.preparation, Meeting.starts_at)
        .join(Seat, Seat.id == AttendanceAmendment.seat_id)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .join(Module, Module.id == Meeting.module_id)
        .where(Seat.enrolment_id == enrolment_id)
        .order_by(AttendanceAmendment.id.desc())
    )
    return [
        Correction(
            position=row.position,
            starts_at=row.starts_at,
            asks_preparation=bool(row.preparation),
            was=_was(row),
            became=_became(row),
            only_excuse=_was(row) == _became(row),
            at=row.amended_at,
        )
        for row in rows
    ]


def _amendment(row: Any) -> Amendment:
    was, became = _was(row), _became(row)
    return Amendment(
        id=row.id,
        seat_id=row.seat_id,
        enrolment_id=row.enrolment_id,
        name=row.participant_name,
        was=was,
        became=became,
        only_excuse=was == became,
        reason=row.reason,
        at=row.amended_at,
        by=row.amended_by,
        step=Step(
            seat_id=row.seat_id,
            was=Standing.of(was, row.was_marked_at, row.was_marked_by_id),
            became=Standing.of(became, row.amended_at, row.amended_by_id),
        ),
    )


def _was(row: Any) -> Mark:
    status = Status(row.was_status) if row.was_status else None
    return Mark(status, row.was_minutes_late, row.was_minutes_left_early, preparation_done=row.was_preparation_done)


def _became(row: Any) -> Mark:
    return Mark(
        Status(row.status), row.minutes_late, row.minutes_left_early, preparation_done=bool(row.preparation_done)
    )

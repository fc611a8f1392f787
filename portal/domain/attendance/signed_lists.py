"""Finished lists as they were signed: from the marks as they stand, with the amendments undone."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal.db import db
from portal.domain.attendance.amendments import Amendment, list_amendments
from portal.domain.attendance.models import Attendance, AttendanceSheet
from portal.domain.attendance.queries import mark_columns, mark_of
from portal.domain.attendance.signing import (
    Facts,
    SignedList,
    Standing,
    Verdict,
    hash_of,
    in_groups,
    signed_text,
    undone,
    verdict_on,
)
from portal.domain.catalogue.models import Meeting
from portal.domain.enrolment.models import Enrolment, Seat
from portal.errors import NotFound


@dataclass(frozen=True)
class Signature:
    """A finished list and its hash. `kept_hash` None: it was finished before hashes were kept. `text`: what was signed,
    as it comes out now."""

    kept_hash: str | None
    text: str
    verdict: Verdict
    amendments: int

    @property
    def groups(self) -> str:
        """The hash that was kept, for the eye."""
        return in_groups(self.kept_hash or "")


def sign(sheet: AttendanceSheet) -> str:
    """Gives a list that is being finished the hash of its marks as they are stored. Returns the hash."""
    sheet.sha256 = hash_of(_as_signed(sheet.meeting_id, ()).text)
    return sheet.sha256


def check_signature(meeting_id: int, amendments: Sequence[Amendment] | None = None) -> Signature:
    """Whether a finished list still says what was signed; NotFound when it is not finished. `amendments`: those of its
    list, when the caller has them. Three queries at most."""
    if amendments is None:
        amendments = list_amendments(meeting_id)
    found = _as_signed(meeting_id, amendments)
    verdict = verdict_on(found.kept_hash, found.text, fits=found.fits, amendments=len(amendments))
    return Signature(found.kept_hash, found.text, verdict, len(amendments))


@dataclass(frozen=True)
class _Found:
    kept_hash: str | None
    text: str
    fits: bool


def _as_signed(meeting_id: int, amendments: Sequence[Amendment]) -> _Found:
    facts, kept_hash = get_facts(meeting_id)
    rows = db.session.execute(
        select(Seat.id, Enrolment.number, *mark_columns(), Attendance.marked_at, Attendance.marked_by_id)
        .join(Enrolment, Enrolment.id == Seat.enrolment_id)
        .outerjoin(Attendance, Attendance.seat_id == Seat.id)
        .where(Seat.meeting_id == meeting_id, Seat.released_at.is_(None))
    ).all()
    now = {row.id: Standing.of(mark_of(row), row.marked_at, row.marked_by_id) for row in rows}
    then, fits = undone(now, [amendment.step for amendment in amendments])
    signed = SignedList(**vars(facts), rows=tuple((row.number, then[row.id]) for row in rows))
    return _Found(kept_hash, signed_text(signed), fits)


def get_facts(meeting_id: int) -> tuple[Facts, str | None]:
    """What is signed of every finished meeting, and the hash that was kept; NotFound when it is not finished. One
    query."""
    head = db.session.execute(
        select(
            Meeting.id.label("meeting_id"),
            Meeting.edition_id,
            Meeting.module_id,
            Meeting.starts_at,
            Meeting.ends_at,
            AttendanceSheet.finished_at,
            AttendanceSheet.finished_by_id,
            AttendanceSheet.sha256,
        )
        .join(AttendanceSheet, AttendanceSheet.meeting_id == Meeting.id)
        .where(Meeting.id == meeting_id)
    ).one_or_none()
    if head is None:
        raise NotFound
    facts = dict(head._mapping)
    kept_hash = facts.pop("sha256")
    return Facts(**facts), kept_hash

"""What the audit log notes about attendance. A mark as text is 'late/10/0/prepared': status, minutes late, minutes
left early, preparation."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from portal.audit import Event, Private


@dataclass(frozen=True)
class AttendanceMarked(Event):
    """`tapped_at`: when it was chosen on a phone that sent it later."""

    tag: ClassVar[str] = "attendance.marked"
    edition_id: int
    meeting_id: int
    enrolment_id: int
    before: str
    after: str
    tapped_at: datetime | None = None


@dataclass(frozen=True)
class TapNotKept(Event):
    """A choice on a phone that is not the mark: somebody changed it later, or it could not be kept (`answer`)."""

    tag: ClassVar[str] = "attendance.tap_not_kept"
    edition_id: int
    meeting_id: int
    enrolment_id: int
    standing: str
    wanted: str
    answer: str
    tapped_at: datetime | None


@dataclass(frozen=True)
class CheckedIn(Event):
    """Somebody said that they are there; `how` as door.How."""

    tag: ClassVar[str] = "attendance.checked_in"
    edition_id: int
    meeting_id: int
    enrolment_id: int
    how: str


@dataclass(frozen=True)
class WalkInAdded(Event):
    """A trainer put somebody on the list who was not enrolled."""

    tag: ClassVar[str] = "attendance.walk_in_added"
    edition_id: int
    meeting_id: int
    enrolment_id: int


@dataclass(frozen=True)
class WalkInAnswered(Event):
    """What they say of it themselves: confirmed or withdrawn."""

    tag: ClassVar[str] = "attendance.walk_in_answered"
    edition_id: int
    enrolment_id: int
    answer: str


@dataclass(frozen=True)
class SheetFinished(Event):
    """`sha256`: of the text that was signed; see signing.py."""

    tag: ClassVar[str] = "attendance.finished"
    edition_id: int
    meeting_id: int
    people: int
    attended: int
    sha256: str


@dataclass(frozen=True)
class AttendanceAmended(Event):
    tag: ClassVar[str] = "attendance.amended"
    edition_id: int
    meeting_id: int
    enrolment_id: int
    before: str
    after: str
    reason: Private


@dataclass(frozen=True)
class CameIn(Event):
    """Somebody went into an online meeting by their own link, for the first time."""

    tag: ClassVar[str] = "attendance.came_in"
    edition_id: int
    meeting_id: int
    enrolment_id: int


@dataclass(frozen=True)
class ReportSent(Event):
    """The report of a meeting program came in, with so many visits; nothing was marked yet."""

    tag: ClassVar[str] = "attendance.report_sent"
    edition_id: int
    meeting_id: int
    report_id: int
    visits: int


@dataclass(frozen=True)
class ReportTakenOver(Event):
    """A report was taken over: so many marks, and the times of so many people on the list."""

    tag: ClassVar[str] = "attendance.report_taken_over"
    edition_id: int
    meeting_id: int
    report_id: int
    marks: int
    people: int


@dataclass(frozen=True)
class ReportForgotten(Event):
    """A report that nobody took over was emptied."""

    tag: ClassVar[str] = "attendance.report_forgotten"
    edition_id: int
    meeting_id: int
    report_id: int

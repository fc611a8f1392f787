"""What the audit log notes about attendance. A mark as text is 'late/10/0/prepared': status, minutes late, minutes
left early, preparation."""

from dataclasses import dataclass
from typing import ClassVar

from portal.audit import Event, Private


@dataclass(frozen=True)
class AttendanceMarked(Event):
    tag: ClassVar[str] = "attendance.marked"
    edition_id: int
    meeting_id: int
    enrolment_id: int
    before: str
    after: str


@dataclass(frozen=True)
class SheetFinished(Event):
    tag: ClassVar[str] = "attendance.finished"
    edition_id: int
    meeting_id: int
    people: int
    attended: int


@dataclass(frozen=True)
class AttendanceAmended(Event):
    tag: ClassVar[str] = "attendance.amended"
    edition_id: int
    meeting_id: int
    enrolment_id: int
    before: str
    after: str
    reason: Private

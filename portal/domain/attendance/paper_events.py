"""What the audit log notes about the list on paper. A note that somebody wrote beside a name stays out of it."""

from dataclasses import dataclass
from typing import ClassVar

from portal.audit import Event, Private


@dataclass(frozen=True)
class PaperPhotoAdded(Event):
    """`sha256`: of the bytes that are kept."""

    tag: ClassVar[str] = "attendance.paper_photo_added"
    edition_id: int
    meeting_id: int
    paper_photo_id: int
    sha256: str


@dataclass(frozen=True)
class PaperPhotoWithdrawn(Event):
    tag: ClassVar[str] = "attendance.paper_photo_withdrawn"
    edition_id: int
    meeting_id: int
    paper_photo_id: int
    reason: Private


@dataclass(frozen=True)
class PaperCompared(Event):
    """`before` and `after`: 'agrees', 'differs', 'unreadable', or 'open' when it was not compared."""

    tag: ClassVar[str] = "attendance.paper_compared"
    edition_id: int
    meeting_id: int
    enrolment_id: int
    before: str
    after: str


@dataclass(frozen=True)
class PaperExtraNoted(Event):
    """How many people stand on the paper only."""

    tag: ClassVar[str] = "attendance.paper_extra_noted"
    edition_id: int
    meeting_id: int
    before: int
    people: int

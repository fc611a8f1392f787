"""What the audit log notes of groups that are counted only: numbers."""

from dataclasses import dataclass
from typing import ClassVar

from portal.audit import Event, Private


@dataclass(frozen=True)
class PeopleCounted(Event):
    """The count was signed. `sha256`: of the text that was signed; see signing.py."""

    tag: ClassVar[str] = "attendance.people_counted"
    edition_id: int
    meeting_id: int
    people: int
    sha256: str


@dataclass(frozen=True)
class CountAmended(Event):
    tag: ClassVar[str] = "attendance.count_amended"
    edition_id: int
    meeting_id: int
    before: int
    people: int
    reason: Private

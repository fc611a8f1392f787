"""What the audit log notes about in-company trainings."""

from dataclasses import dataclass
from typing import ClassVar

from portal.audit import Event, Private


@dataclass(frozen=True)
class TrainingRequested(Event):
    tag: ClassVar[str] = "incompany.requested"
    request_id: int
    person_id: int
    course_id: int


@dataclass(frozen=True)
class TrainingPlanned(Event):
    tag: ClassVar[str] = "incompany.planned"
    request_id: int
    edition_id: int
    organisation_id: int


@dataclass(frozen=True)
class TrainingDeclined(Event):
    tag: ClassVar[str] = "incompany.declined"
    request_id: int
    reason: Private

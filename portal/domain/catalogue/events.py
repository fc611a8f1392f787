"""What the audit log notes about the catalogue. `changed` names the columns that got another value."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from portal.audit import Event


@dataclass(frozen=True)
class RegisterAdded(Event):
    tag: ClassVar[str] = "catalogue.register_added"
    register: str


@dataclass(frozen=True)
class CourseAdded(Event):
    tag: ClassVar[str] = "catalogue.course_added"
    course_id: int
    slug: str


@dataclass(frozen=True)
class CourseEdited(Event):
    tag: ClassVar[str] = "catalogue.course_edited"
    course_id: int
    changed: tuple[str, ...]


@dataclass(frozen=True)
class ModuleAdded(Event):
    tag: ClassVar[str] = "catalogue.module_added"
    course_id: int
    module_id: int
    position: int


@dataclass(frozen=True)
class ModuleEdited(Event):
    tag: ClassVar[str] = "catalogue.module_edited"
    course_id: int
    module_id: int
    changed: tuple[str, ...]


@dataclass(frozen=True)
class AccreditationAdded(Event):
    tag: ClassVar[str] = "catalogue.accreditation_added"
    accreditation_id: int
    course_id: int
    module_id: int | None
    register: str
    points: int
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True)
class AccreditationEdited(Event):
    tag: ClassVar[str] = "catalogue.accreditation_edited"
    accreditation_id: int
    course_id: int
    module_id: int | None
    changed: tuple[str, ...]
    points: int
    valid_until: date | None


@dataclass(frozen=True)
class EditionPlanned(Event):
    tag: ClassVar[str] = "catalogue.edition_planned"
    edition_id: int
    course_id: int
    kind: str
    organisation_id: int | None = None
    copied_from_edition: int | None = None


@dataclass(frozen=True)
class EditionEdited(Event):
    tag: ClassVar[str] = "catalogue.edition_edited"
    edition_id: int
    changed: tuple[str, ...]


@dataclass(frozen=True)
class EditionPublished(Event):
    """`decide_on`: the day by which it is decided whether it is given; None when nothing is left to decide."""

    tag: ClassVar[str] = "catalogue.edition_published"
    edition_id: int
    decide_on: date | None = None


@dataclass(frozen=True)
class MeetingPlanned(Event):
    tag: ClassVar[str] = "catalogue.meeting_planned"
    edition_id: int
    meeting_id: int
    module_id: int
    starts_at: datetime
    ends_at: datetime
    capacity: int


@dataclass(frozen=True)
class MeetingEdited(Event):
    tag: ClassVar[str] = "catalogue.meeting_edited"
    edition_id: int
    meeting_id: int
    changed: tuple[str, ...]


@dataclass(frozen=True)
class MeetingRemoved(Event):
    tag: ClassVar[str] = "catalogue.meeting_removed"
    edition_id: int
    meeting_id: int

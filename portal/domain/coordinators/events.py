"""What the audit log notes about coordinators."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from portal.audit import Event


@dataclass(frozen=True)
class RegionAdded(Event):
    """`person_id`: who manages it."""

    tag: ClassVar[str] = "coordinators.region_added"
    region_id: int
    person_id: int | None


@dataclass(frozen=True)
class CoordinatorAdded(Event):
    tag: ClassVar[str] = "coordinators.added"
    coordinator_id: int
    person_id: int
    region_id: int


@dataclass(frozen=True)
class ConferenceRecorded(Event):
    tag: ClassVar[str] = "coordinators.conference_recorded"
    conference_id: int
    coordinator_id: int
    region_id: int
    held_on: date
    kind: str


@dataclass(frozen=True)
class ConferenceRemoved(Event):
    tag: ClassVar[str] = "coordinators.conference_removed"
    conference_id: int
    coordinator_id: int

"""What the audit log notes about enrolments."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from portal.audit import Event


@dataclass(frozen=True)
class EnrolmentCompleted(Event):
    tag: ClassVar[str] = "enrolment.completed"
    enrolment_id: int
    on: date


@dataclass(frozen=True)
class EnrolmentReopened(Event):
    tag: ClassVar[str] = "enrolment.reopened"
    enrolment_id: int

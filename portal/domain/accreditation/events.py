"""What the audit log notes about points."""

from dataclasses import dataclass
from typing import ClassVar

from portal.audit import Event


@dataclass(frozen=True)
class PointsSettled(Event):
    """`awards`, one text each: 'SKJ/module 3/5 points/attended_fully'."""

    tag: ClassVar[str] = "accreditation.points_settled"
    edition_id: int
    enrolment_id: int
    rule_version: str
    awards: tuple[str, ...]

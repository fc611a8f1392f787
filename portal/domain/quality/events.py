"""What the audit log notes about evaluations: that people were asked and that somebody answered, never who or what."""

from dataclasses import dataclass
from typing import ClassVar

from portal.audit import Event


@dataclass(frozen=True)
class EvaluationAsked(Event):
    tag: ClassVar[str] = "quality.asked"
    edition_id: int
    people: int


@dataclass(frozen=True)
class EvaluationAnswered(Event):
    tag: ClassVar[str] = "quality.answered"
    edition_id: int


@dataclass(frozen=True)
class AskedForgotten(Event):
    tag: ClassVar[str] = "quality.asked_forgotten"
    edition_id: int
    people: int

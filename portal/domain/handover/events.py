"""What the audit log notes about hand-overs: registers, counts and numbers of rows, never a register number."""

from dataclasses import dataclass
from typing import ClassVar

from portal.audit import Event, Private


@dataclass(frozen=True)
class HandedOver(Event):
    """By hand. `on`: the day on which the office did it."""

    tag: ClassVar[str] = "handover.by_hand"
    handover_id: int
    edition_id: int
    register: str
    rows: int
    on: str
    note: Private


@dataclass(frozen=True)
class AnswersNoted(Event):
    """What the register said of rows that were handed over by hand."""

    tag: ClassVar[str] = "handover.answers_noted"
    edition_id: int
    register: str
    accepted: int
    refused: int


@dataclass(frozen=True)
class RowReopened(Event):
    """A refused row is to be sent once more as it is."""

    tag: ClassVar[str] = "handover.row_reopened"
    edition_id: int
    enrolment_id: int
    register: str


@dataclass(frozen=True)
class RowLeft(Event):
    """A refused row of which nothing can be mended."""

    tag: ClassVar[str] = "handover.row_left"
    edition_id: int
    enrolment_id: int
    register: str


@dataclass(frozen=True)
class ChangeSettled(Event):
    """What had changed after it was handed over was put right at the register. Points 0: taken back there."""

    tag: ClassVar[str] = "handover.change_settled"
    handover_id: int
    edition_id: int
    enrolment_id: int
    register: str
    points_before: int
    points_now: int
    note: Private


@dataclass(frozen=True)
class SendingRequested(Event):
    tag: ClassVar[str] = "handover.sending_requested"
    handover_id: int
    edition_id: int
    register: str
    rows: int


@dataclass(frozen=True)
class SendingStopped(Event):
    """By the office, or by itself: `fault` is then why, as pe_online.Fault."""

    tag: ClassVar[str] = "handover.sending_stopped"
    handover_id: int
    edition_id: int
    register: str
    waiting: int
    fault: str = ""


@dataclass(frozen=True)
class SendingResumed(Event):
    tag: ClassVar[str] = "handover.sending_resumed"
    handover_id: int
    edition_id: int
    register: str
    waiting: int


@dataclass(frozen=True)
class SendingGivenUp(Event):
    """What was still to be sent is back on the list."""

    tag: ClassVar[str] = "handover.sending_given_up"
    handover_id: int
    edition_id: int
    register: str
    waiting: int


@dataclass(frozen=True)
class SendingFinished(Event):
    tag: ClassVar[str] = "handover.sending_finished"
    handover_id: int
    edition_id: int
    register: str
    accepted: int
    refused: int
    unanswered: int

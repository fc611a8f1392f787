"""What is handed over to a register, and where each person's row stands. Pure.

Sources: the registers' own pages. SKJ: the provider awards the points of an edition in the register's site, from a list
of numbers. PE-online (Registerplein): a list per edition, or per meeting when dagdelen are accredited one by one."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.accounts.rules import REGISTERPLEIN, SKJ

# Registers that take one list for a whole edition; the others take one for each thing that points were granted for.
PER_EDITION = frozenset({SKJ})
# Registers that work with PE-online, so that its web service can be used.
OF_PE_ONLINE = frozenset({REGISTERPLEIN})
# How many days after the last meeting the office is reminded (source: the foundation's design of its desk).
REMIND_AFTER = (1, 15, 30)
# What ended longer ago is known by now; a mail about it would only surprise, as when the portal comes into use.
NO_LONGER_REMINDED = timedelta(days=45)


class Way(StrEnum):
    """How a hand-over went. correction: what the office put right at the register itself after a change."""

    HAND = "hand"
    PE_ONLINE = "pe_online"
    CORRECTION = "correction"


class RunState(StrEnum):
    """Of a hand-over: what is handed over by hand is finished at once, the web service takes its time."""

    RUNNING = "running"
    STOPPED = "stopped"
    FINISHED = "finished"


class Told(StrEnum):
    """What was last told to a register about somebody, and what it said.

    waiting: in a call that is still to be made. asked: in a call whose answer we do not have yet. sent: handed over, no
    answer noted. left: refused, and the office decided that nothing can be mended. withdrawn: taken back there.
    given_up: never told after all."""

    WAITING = "waiting"
    ASKED = "asked"
    SENT = "sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    LEFT = "left"
    WITHDRAWN = "withdrawn"
    GIVEN_UP = "given_up"


class RowState(StrEnum):
    """Where somebody's row stands, in the order in which the office looks at them. changed: what was handed over is no
    longer what counts."""

    CHANGED = "changed"
    REFUSED = "refused"
    TO_SEND = "to_send"
    SENDING = "sending"
    SENT = "sent"
    NO_NUMBER = "no_number"
    LEFT = "left"
    ACCEPTED = "accepted"


# What still waits for somebody. A missing number can only be asked for: it is named and does not keep an edition open.
OPEN = frozenset({RowState.CHANGED, RowState.REFUSED, RowState.TO_SEND, RowState.SENDING, RowState.SENT})
AT_THE_REGISTER = frozenset({Told.SENT, Told.ACCEPTED})
ON_THE_WAY = frozenset({Told.WAITING, Told.ASKED})


class Refusal(StrEnum):
    """Why a register refused somebody."""

    UNKNOWN_NUMBER = "unknown_number"
    WRONG_CHAMBER = "wrong_chamber"
    NOT_REGISTERED = "not_registered"
    ALREADY_THERE = "already_there"
    OTHER = "other"


@dataclass(frozen=True)
class Claim:
    """What counts now: the points (0 when none do any more), and the numbers that were given with the enrolment and are
    kept in the person's profile; '' for none."""

    points: int
    given: str = ""
    kept: str = ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers there are; that of the enrolment comes first, as on the certificate."""
        return tuple(dict.fromkeys(number for number in (self.given, self.kept) if number))


@dataclass(frozen=True)
class LastTold:
    """What was last told, with which number and points. `again`: the office wants it sent once more as it is.
    `refused_numbers`: all that the register ever refused of this person here."""

    state: Told
    number: str
    points: int
    again: bool = False
    refused_numbers: frozenset[str] = frozenset()


def number_for(claim: Claim, last: LastTold | None) -> str:
    """The number to hand over: the first that the register did not refuse; that of last time when it knows that one or
    there is no other; '' when there is none."""
    if last is None:
        return next(iter(claim.numbers), "")
    if last.state in AT_THE_REGISTER | ON_THE_WAY and last.number in claim.numbers:
        return last.number
    fresh = [number for number in claim.numbers if number not in last.refused_numbers]
    return next(iter(fresh or claim.numbers), "")


def state_of(claim: Claim, last: LastTold | None) -> RowState | None:
    """Where a row stands; None when there is nothing to tell and nothing was told.

    A number that was taken away after it was handed over is no change: it is kept no longer than it is needed."""
    if last is not None and last.state in ON_THE_WAY:
        return RowState.SENDING
    if last is not None and last.state in AT_THE_REGISTER:
        same_number = not claim.numbers or last.number in claim.numbers
        if claim.points != last.points or not same_number:
            return RowState.CHANGED
        return RowState.SENT if last.state == Told.SENT else RowState.ACCEPTED
    if claim.points == 0:
        return None
    number = number_for(claim, last)
    if not number:
        return RowState.NO_NUMBER
    if last is None or last.state in (Told.WITHDRAWN, Told.GIVEN_UP) or last.again:
        return RowState.TO_SEND
    if number not in last.refused_numbers or claim.points != last.points:
        return RowState.TO_SEND
    return RowState.REFUSED if last.state == Told.REFUSED else RowState.LEFT


def due_on(last_on: date, days: int) -> date:
    """The day by which an edition should be handed over, so many days after that of its last meeting."""
    return last_on + timedelta(days=days)


def reminder_of(days_ago: int, reminded: Collection[int]) -> int | None:
    """The reminder to send now for an edition whose last meeting was so many days ago: the latest that has come, when
    none so late was sent. Earlier ones that were missed are not made up for."""
    come = [days for days in REMIND_AFTER if days <= days_ago]
    if not come or days_ago > NO_LONGER_REMINDED.days or any(days >= come[-1] for days in reminded):
        return None
    return come[-1]


def count_states(states: Iterable[RowState]) -> Mapping[RowState, int]:
    """How many rows stand where; states without rows are 0."""
    counts = dict.fromkeys(RowState, 0)
    for state in states:
        counts[state] += 1
    return counts

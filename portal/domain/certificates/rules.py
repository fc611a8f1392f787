"""States of a certificate and of a batch of issuing, and who gets what. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Literal

LONGEST_DAGDEEL = 270


class CertificateState(StrEnum):
    """valid until it is revoked (it does not hold any more) or replaced (by one with a corrected name, or with a module
    that was made up)."""

    VALID = "valid"
    REVOKED = "revoked"
    REPLACED = "replaced"


TRANSITIONS: dict[CertificateState, frozenset[CertificateState]] = {
    CertificateState.VALID: frozenset({CertificateState.REVOKED, CertificateState.REPLACED}),
    CertificateState.REVOKED: frozenset(),
    CertificateState.REPLACED: frozenset(),
}


class RunState(StrEnum):
    """running: the worker is at it. stopped: by the office, to be started again or not. finished: nothing waits."""

    RUNNING = "running"
    STOPPED = "stopped"
    FINISHED = "finished"


class ItemState(StrEnum):
    """What became of one enrolment of a batch."""

    WAITING = "waiting"
    ISSUED = "issued"
    REFUSED = "refused"


class EndReason(StrEnum):
    """Why a certificate does not hold any more: the class that anyone who checks it may read."""

    ISSUED_IN_ERROR = "issued_in_error"
    ATTENDANCE_CORRECTED = "attendance_corrected"
    HOLDER_ASKED = "holder_asked"
    NAME_CORRECTED = "name_corrected"
    MADE_UP = "made_up"


REVOCATIONS = (EndReason.ISSUED_IN_ERROR, EndReason.ATTENDANCE_CORRECTED, EndReason.HOLDER_ASKED)


class Standing(StrEnum):
    """Where an enrolment stands on its way to a certificate."""

    READY = "ready"
    BLOCKED = "blocked"
    ISSUED = "issued"


class Hindrance(StrEnum):
    """What keeps an enrolment from a certificate."""

    CANCELLED = "cancelled"
    NO_SEATS = "no_seats"
    OPEN_SHEET = "open_sheet"
    MAKE_UP_AHEAD = "make_up_ahead"
    NOT_MARKED = "not_marked"
    NOBODY_THERE = "nobody_there"
    REVOKED = "revoked"


@dataclass(frozen=True)
class SeatFacts:
    """The seat that decides about one module. `finished`: its list is signed. `present` None: not marked. `made_up_on`:
    its day, when it makes up for one that was missed."""

    position: int
    finished: bool
    present: bool | None
    made_up_on: date | None = None


@dataclass(frozen=True)
class Readiness:
    """The outcome for one enrolment. `whole`: every module of the course was attended. `positions` are the modules that
    the hindrance is about. Issued with the hindrance CANCELLED: it holds, although the enrolment does not any more.
    `outdated`: a module was made up since, which the certificate does not say."""

    standing: Standing
    whole: bool = False
    attended: int = 0
    modules: int = 0
    hindrance: Hindrance | None = None
    positions: tuple[int, ...] = ()
    outdated: bool = False


def readiness(
    seats: Sequence[SeatFacts],
    modules: int,
    states: Iterable[str] = (),
    *,
    cancelled: bool = False,
    printed: Collection[tuple[int, date]] = (),
) -> Readiness:
    """Whether an enrolment may have a certificate, from its seats, the number of modules of its course, the states of
    the certificates that it has had, and the modules and days that are `printed` on the valid one.

    Every list must be finished first: no certificate before the last meeting has taken place (source: SKJ, juistheid
    van certificaten). After a revocation it takes a deliberate decision about the one person, not a batch."""
    had = set(states)
    attended = sum(1 for seat in seats if seat.present)
    hindrance = Hindrance.CANCELLED if cancelled else None
    found = Readiness(Standing.ISSUED, bool(seats) and attended == modules, attended, modules, hindrance)
    if CertificateState.VALID in had:
        settled = all(seat.finished for seat in seats)
        made_up = {(seat.position, seat.made_up_on) for seat in seats if seat.present and seat.made_up_on}
        return replace(found, outdated=settled and not made_up <= set(printed))
    if hindrance:
        return _blocked(found, hindrance)
    if not seats:
        return _blocked(found, Hindrance.NO_SEATS)
    if unfinished := [seat for seat in seats if not seat.finished]:
        to_come = all(seat.made_up_on for seat in unfinished)
        hindrance = Hindrance.MAKE_UP_AHEAD if to_come else Hindrance.OPEN_SHEET
        return _blocked(found, hindrance, tuple(sorted(seat.position for seat in unfinished)))
    if unmarked := tuple(sorted(seat.position for seat in seats if seat.present is None)):
        return _blocked(found, Hindrance.NOT_MARKED, unmarked)
    if not attended:
        return _blocked(found, Hindrance.NOBODY_THERE)
    if CertificateState.REVOKED in had:
        return _blocked(found, Hindrance.REVOKED)
    return Readiness(Standing.READY, found.whole, attended, modules)


def _blocked(found: Readiness, hindrance: Hindrance, positions: tuple[int, ...] = ()) -> Readiness:
    return Readiness(Standing.BLOCKED, found.whole, found.attended, found.modules, hindrance, positions)


def may_become(now: CertificateState, then: CertificateState) -> bool:
    """Whether a certificate in state `now` may go to `then`."""
    return then in TRANSITIONS[now]


def certificate_number(year: int, serial: int) -> str:
    """'EKC-2027-0001': the year of issue in Amsterdam and a count within it."""
    return f"EKC-{year}-{serial:04d}"


def attendance_percent(parts: Iterable[tuple[int, int]]) -> int:
    """Whole percents of (minutes present, minutes given), rounded down, so that 100 means that nothing was missed."""
    pairs = list(parts)
    given = sum(minutes for _present, minutes in pairs)
    return sum(present for present, _minutes in pairs) * 100 // given if given else 0


def unit_of(contact_minutes: Iterable[int]) -> Literal["dagdeel", "onderdeel"]:
    """What a course calls its modules: a dagdeel lasts half a day at most, 4.5 hours; EK-1's days are longer."""
    return "dagdeel" if max(contact_minutes, default=0) <= LONGEST_DAGDEEL else "onderdeel"


def common_period(periods: Iterable[tuple[date | None, date | None]]) -> tuple[date | None, date | None]:
    """The days on which all of these periods hold (None: open on that side); both None when there is no such day."""
    pairs = list(periods)
    starts = [start for start, _end in pairs if start]
    ends = [end for _start, end in pairs if end]
    start, end = max(starts, default=None), min(ends, default=None)
    return (None, None) if start and end and start > end else (start, end)


def as_continuation(text: str) -> str:
    """A sentence's text as it follows 'Je kunt nu': 'Doorvragen ...' begins small, 'EK-2 geven' does not."""
    return text[0].lower() + text[1:] if text[1:2].islower() else text

"""What a mark says, when it may be given, and how much of a meeting somebody attended. Pure."""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from portal.language import _

LONGEST_EXCUSE = 200
LONGEST_REASON = 500


class Status(StrEnum):
    """late and left_early each need minutes, and may have the other's too. excused: absent, and said so before."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ABSENT = "absent"
    EXCUSED = "excused"


ATTENDED = frozenset({Status.PRESENT, Status.LATE, Status.LEFT_EARLY})
PARTLY = frozenset({Status.LATE, Status.LEFT_EARLY})


@dataclass(frozen=True)
class Mark:
    """What is known of one person at one meeting. `status` None: not marked yet, which says nothing."""

    status: Status | None = None
    minutes_late: int = 0
    minutes_left_early: int = 0
    excuse: str = ""
    preparation_done: bool = False


NOT_MARKED = Mark()


class ListState(StrEnum):
    """Where a meeting's list stands."""

    AHEAD = "ahead"
    OPEN = "open"
    FINISHED = "finished"


class Problem(StrEnum):
    """Why a mark cannot be kept as it is."""

    MINUTES_LATE_MISSING = "minutes_late_missing"
    MINUTES_LEFT_EARLY_MISSING = "minutes_left_early_missing"
    MINUTES_BELOW_ZERO = "minutes_below_zero"
    WHOLE_MEETING_MISSED = "whole_meeting_missed"
    EXCUSE_TOO_LONG = "excuse_too_long"


def list_state(*, starts_at: datetime, finished: bool, now: datetime) -> ListState:
    """Nobody is marked before the meeting has begun (source: the registers' rules on attendance)."""
    if finished:
        return ListState.FINISHED
    return ListState.OPEN if now >= starts_at else ListState.AHEAD


def may_finish(*, ends_at: datetime, now: datetime) -> bool:
    """A list gives points when it is finished, and nobody has points for what is still to take place (source: the
    registers' rules on attendance)."""
    return now >= ends_at


def tidy(mark: Mark) -> Mark:
    """The same mark without what does not belong to its status: minutes of somebody present, an excuse of somebody
    who came."""
    if mark.status not in PARTLY:
        mark = replace(mark, minutes_late=0, minutes_left_early=0)
    return mark if mark.status == Status.EXCUSED else replace(mark, excuse="")


def problem_of(mark: Mark, *, lasts_minutes: int) -> Problem | None:
    """What is wrong with a tidy mark for a meeting of so many minutes on the clock, breaks included."""
    if mark.minutes_late < 0 or mark.minutes_left_early < 0:
        return Problem.MINUTES_BELOW_ZERO
    if mark.status == Status.LATE and not mark.minutes_late:
        return Problem.MINUTES_LATE_MISSING
    if mark.status == Status.LEFT_EARLY and not mark.minutes_left_early:
        return Problem.MINUTES_LEFT_EARLY_MISSING
    if mark.minutes_late + mark.minutes_left_early >= lasts_minutes:
        return Problem.WHOLE_MEETING_MISSED
    if len(mark.excuse) > LONGEST_EXCUSE:
        return Problem.EXCUSE_TOO_LONG
    return None


def field_of(problem: Problem, mark: Mark) -> str:
    """The part of the mark where the problem is mended."""
    if problem == Problem.EXCUSE_TOO_LONG:
        return "excuse"
    if problem == Problem.MINUTES_LEFT_EARLY_MISSING or mark.minutes_left_early < 0:
        return "minutes_left_early"
    if problem == Problem.WHOLE_MEETING_MISSED and mark.minutes_left_early > mark.minutes_late:
        return "minutes_left_early"
    return "minutes_late"


def problem_in_words(problem: Problem, name: str) -> str:
    """The sentence for who marks `name`."""
    sentences = {
        Problem.MINUTES_LATE_MISSING: _("Vul in hoeveel minuten %(name)s te laat was.", name=name),
        Problem.MINUTES_LEFT_EARLY_MISSING: _("Vul in hoeveel minuten %(name)s eerder weg was.", name=name),
        Problem.MINUTES_BELOW_ZERO: _("Vul bij %(name)s nul of meer minuten in.", name=name),
        Problem.WHOLE_MEETING_MISSED: _(
            "Zo was %(name)s er geen minuut bij. Vul minder minuten in of kies Afwezig.", name=name
        ),
        Problem.EXCUSE_TOO_LONG: _(
            "Houd de reden bij %(name)s korter: hooguit %(most)s tekens.", name=name, most=LONGEST_EXCUSE
        ),
    }
    return str(sentences[problem])


def status_in_words(status: Status | None) -> str:
    """'Te laat'; 'Nog niet ingevuld' for no mark."""
    names = {
        None: _("Nog niet ingevuld"),
        Status.PRESENT: _("Aanwezig"),
        Status.LATE: _("Te laat"),
        Status.LEFT_EARLY: _("Eerder weg"),
        Status.ABSENT: _("Afwezig"),
        Status.EXCUSED: _("Afgemeld"),
    }
    return str(names[status])


def open_seats(marks: Mapping[int, Mark]) -> list[int]:
    """The seats (keys) that have no status yet, in the order given. Empty: the list may be finished."""
    return [seat_id for seat_id, mark in marks.items() if mark.status is None]


def attended_minutes(mark: Mark, contact_minutes: int) -> int:
    """Net minutes attended of the meeting's net contact minutes (without breaks, as the registers count them).

    Minutes missed are taken off the net time in full, also when a break fell in them: nobody kept the time of the
    break. 0 when absent, excused or not marked."""
    if mark.status not in ATTENDED:
        return 0
    return max(0, contact_minutes - mark.minutes_late - mark.minutes_left_early)


def attended_percent(mark: Mark, contact_minutes: int) -> int:
    """Whole per cents attended, rounded down: 100 is only ever everything."""
    if contact_minutes <= 0:
        return 100 if mark.status in ATTENDED else 0
    return attended_minutes(mark, contact_minutes) * 100 // contact_minutes


def attended_enough(mark: Mark, contact_minutes: int, threshold_percent: int) -> bool:
    """Whether somebody was there for at least `threshold_percent` of the net time. Exact, without rounding.

    How much is needed is a setting per accreditation, 100 by default: the registers publish no figure."""
    if mark.status not in ATTENDED:
        return False
    return attended_minutes(mark, contact_minutes) * 100 >= threshold_percent * contact_minutes


@dataclass(frozen=True)
class Attempt:
    """One seat for a module: whether its list is signed, and what it says."""

    is_finished: bool
    mark: Mark


def deciding(attempts: Sequence[Attempt]) -> int:
    """The place in `attempts`, at least one and in the order in which they were booked, of the one that decides.

    The last stands in for those before it, also while it is still to come. Only when it was attended less than an
    earlier one does that one decide: nobody loses what they had by trying to better it."""
    last = len(attempts) - 1
    if not attempts[last].is_finished:
        return last
    return max(range(last + 1), key=lambda place: (_how_well(attempts[place]), place))


def _how_well(attempt: Attempt) -> tuple[bool, int]:
    """More is better: attended at all, then the fewest minutes missed."""
    mark = attempt.mark
    return attempt.is_finished and mark.status in ATTENDED, -(mark.minutes_late + mark.minutes_left_early)


def fingerprint(mark: Mark) -> str:
    """Sixteen signs that differ when marks differ: a form shows what it was made from without telling it."""
    parts = (mark.status, mark.minutes_late, mark.minutes_left_early, mark.excuse, mark.preparation_done)
    return hashlib.sha256(repr([str(part) for part in parts]).encode()).hexdigest()[:16]


def same_name(typed: str, known: str) -> bool:
    """Whether somebody typed this name, whatever its capitals, accents, dashes and spaces."""
    return bool(letters_of(known)) and letters_of(typed) == letters_of(known)


def letters_of(name: str) -> str:
    """A name without what differs in how people type it; empty for one without a letter."""
    # Letters without a decomposition, which a phone's keyboard hides.
    plain = name.casefold().translate(str.maketrans("ıđłø", "idlo"))
    return "".join(sign for sign in unicodedata.normalize("NFKD", plain) if sign.isalnum())


def in_short(mark: Mark) -> str:
    """The mark for the log, without the excuse, which may be personal: 'late/10/0/prepared', 'open/0/0/unprepared'."""
    prepared = "prepared" if mark.preparation_done else "unprepared"
    return f"{mark.status or 'open'}/{mark.minutes_late}/{mark.minutes_left_early}/{prepared}"

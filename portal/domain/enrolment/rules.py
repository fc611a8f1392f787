"""States of an enrolment, how it ends, who contracts, who may take part. Pure; what changes cost stands in terms.py."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class EnrolmentState(StrEnum):
    """enrolled: holds seats. completed: every meeting it holds a seat in is finished and attended. cancelled: its seats
    in what was still to come are free again."""

    ENROLLED = "enrolled"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


TRANSITIONS: dict[EnrolmentState, frozenset[EnrolmentState]] = {
    EnrolmentState.ENROLLED: frozenset({EnrolmentState.COMPLETED, EnrolmentState.CANCELLED}),
    EnrolmentState.COMPLETED: frozenset({EnrolmentState.ENROLLED}),
    EnrolmentState.CANCELLED: frozenset(),
}


class EndedBy(StrEnum):
    """Why an enrolment is cancelled: by its person or the office, because it went on in another edition or by somebody
    else, or because its edition is not given."""

    CANCELLED = "cancelled"
    MOVED = "moved"
    SUBSTITUTED = "substituted"
    EDITION_CANCELLED = "edition_cancelled"


class ContractParty(StrEnum):
    """Who contracts. A participant who enrols has 14 days to withdraw, also when the employer pays; an organisation
    that contracts has none (source: CRKBO's quality code for institutions, consumer law)."""

    PARTICIPANT = "participant"
    ORGANISATION = "organisation"


@dataclass(frozen=True)
class Facts:
    """What somebody has done: courses completed (slug to date) and the dates of conferences."""

    completed: Mapping[str, date]
    conferences: Sequence[date]


class Lack(StrEnum):
    """What is still to be done before somebody may take part."""

    COURSE = "course"
    CONFERENCES = "conferences"


@dataclass(frozen=True)
class Missing:
    """One prerequisite that is not met. `slug` is the course to complete; `needed` and `done` count conferences, the
    last of them on `last_on`."""

    lack: Lack
    slug: str = ""
    needed: int = 0
    done: int = 0
    last_on: date | None = None


class WrongChoice(StrEnum):
    """Why a choice of modules cannot be enrolled in."""

    NOTHING = "nothing"
    UNKNOWN = "unknown"
    ONLY_WHOLE = "only_whole"


def may_become(now: EnrolmentState, then: EnrolmentState) -> bool:
    """Whether an enrolment in state `now` may go to `then`."""
    return then in TRANSITIONS[now]


def missing(requires: Mapping[str, str | int], facts: Facts) -> list[Missing]:
    """Which of a course's prerequisites somebody does not meet: {"completed": slug, "conferences": n}, each optional.

    EK-2 asks for EK-1 and two conferences (source: the foundation's annual reports of 2023 and 2024)."""
    found = []
    slug = str(requires.get("completed", ""))
    if slug and slug not in facts.completed:
        found.append(Missing(Lack.COURSE, slug=slug))
    needed = int(requires.get("conferences", 0))
    if len(facts.conferences) < needed:
        last = max(facts.conferences, default=None)
        found.append(Missing(Lack.CONFERENCES, needed=needed, done=len(facts.conferences), last_on=last))
    return found


def wrong_choice(offered: Collection[int], chosen: Collection[int], separately_bookable: bool) -> WrongChoice | None:
    """What is wrong with choosing these modules of those on offer; None when nothing is."""
    if not set(chosen) <= set(offered):
        return WrongChoice.UNKNOWN
    if not chosen:
        return WrongChoice.NOTHING
    if set(chosen) != set(offered) and not separately_bookable:
        return WrongChoice.ONLY_WHOLE
    return None


def enrolment_number(running: int, on: date) -> str:
    """'LK-26-0412': the year, and a number that runs on over the years and is never given twice."""
    return f"LK-{on:%y}-{running:04d}"


def looks_like_advertising(name: str) -> bool:
    """True for a name with a web address in it: our mail greets people by name, so a name must not carry a message."""
    return bool(re.search(r"https?:|www\.|://|\.[a-z]{2,}/", name, re.IGNORECASE))

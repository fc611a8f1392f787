"""States of an enrolment, how it ends, who contracts. Pure; what changes cost stands in terms.py, who may take part in
prerequisites.py."""

import re
from collections.abc import Collection
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


class WrongChoice(StrEnum):
    """Why a choice of modules cannot be enrolled in."""

    NOTHING = "nothing"
    UNKNOWN = "unknown"
    ONLY_WHOLE = "only_whole"


def may_become(now: EnrolmentState, then: EnrolmentState) -> bool:
    """Whether an enrolment in state `now` may go to `then`."""
    return then in TRANSITIONS[now]


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

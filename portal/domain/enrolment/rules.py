"""States of an enrolment, who may withdraw, what a cancellation costs, who may take part. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.clock import local_date


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


class ContractParty(StrEnum):
    """Who contracts. A participant who enrols has 14 days to withdraw, also when the employer pays; an organisation
    that contracts has none (source: CRKBO's quality code for institutions, consumer law)."""

    PARTICIPANT = "participant"
    ORGANISATION = "organisation"


# Article 6:230o BW, and CRKBO's quality code: fourteen days, the day of enrolling not counted.
WITHDRAWAL = timedelta(days=14)


@dataclass(frozen=True)
class CostStep:
    """From so many days before the first meeting, cancelling costs this part of the price."""

    days_before: int
    percent: int


# A decision of the foundation's terms of 2026; a later version of the terms with other steps adds its own table.
COST_STEPS = (CostStep(28, 0), CostStep(14, 50), CostStep(0, 100))


@dataclass(frozen=True)
class Cost:
    """What cancelling costs now: cents, the part of the price, whether it is a withdrawal within the 14 days, and until
    which date it is free (None: no longer)."""

    cents: int
    percent: int
    withdrawal: bool
    free_until: date | None


@dataclass(frozen=True)
class CostPeriod:
    """Through `until_on` cancelling costs this many cents."""

    until_on: date
    cents: int


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


def withdraw_until(party: ContractParty, enrolled_at: datetime) -> date | None:
    """The last day on which the contract can be withdrawn from for free; None when an organisation contracts."""
    return local_date(enrolled_at) + WITHDRAWAL if party is ContractParty.PARTICIPANT else None


def may_withdraw(party: ContractParty, enrolled_at: datetime, now: datetime) -> bool:
    """Whether the contract party can still withdraw: a participant, through the fourteenth day after enrolling."""
    last = withdraw_until(party, enrolled_at)
    return last is not None and local_date(now) <= last


def cost_of_cancelling(
    price_cents: int, party: ContractParty, enrolled_at: datetime, first_on: date, now: datetime
) -> Cost:
    """What cancelling at `now` costs. Within the 14 days nothing; else by the days until the first meeting."""
    free_by_terms = first_on - timedelta(days=COST_STEPS[0].days_before)
    ends = [end for end in (free_by_terms, withdraw_until(party, enrolled_at)) if end and end >= local_date(now)]
    free_until = max(ends, default=None)
    if may_withdraw(party, enrolled_at, now):
        return Cost(0, 0, True, free_until)
    days_left = (first_on - local_date(now)).days
    percent = next((step.percent for step in COST_STEPS if days_left >= step.days_before), 100)
    return Cost(price_cents * percent // 100, percent, False, free_until)


def cost_table(price_cents: int, first_on: date) -> list[CostPeriod]:
    """The periods before the first meeting and what cancelling costs in each, in order of time."""
    return [CostPeriod(first_on - timedelta(days=s.days_before), price_cents * s.percent // 100) for s in COST_STEPS]


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

"""Whether somebody has done what a course asks first. Pure; how that is written down stands in
catalogue/requirements.py, how it is told in prerequisite_words.py.

EK-2 asks for EK-1 and two conferences (source: the foundation's annual reports of 2023 and 2024)."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.domain.catalogue.requirements import (
    AtLeast,
    Completed,
    Condition,
    Conferences,
    Valid,
    parse,
)


@dataclass(frozen=True)
class Facts:
    """What somebody has done: the days on which they completed each course as a whole (by slug), and the days of
    their conferences."""

    completed: Mapping[str, Sequence[date]]
    conferences: Sequence[date]


NOTHING_DONE = Facts({}, [])


@dataclass(frozen=True)
class Done:
    """What counts towards a condition: a course on a day, or (with slug '') a conference. `until`: the last day on
    which it counts, where that ends."""

    slug: str
    on: date
    until: date | None = None


@dataclass(frozen=True)
class Answer:
    """One condition: whether it is met, and what was done for it, oldest first."""

    condition: Condition
    met: bool
    done: tuple[Done, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """Every alternative, answered condition by condition. `on`: the first day of what it was asked for."""

    alternatives: tuple[tuple[Answer, ...], ...]
    on: date

    @property
    def met(self) -> bool:
        """Whether all of some alternative is met; also when nothing is asked."""
        return not self.alternatives or any(all(answer.met for answer in one) for one in self.alternatives)


def evaluate(requires: Mapping[str, Any], facts: Facts, on: date) -> Verdict:
    """What a course asks, against what somebody has done, for an edition that begins `on`."""
    alternatives = parse(requires)
    return Verdict(tuple(tuple(_answer(condition, facts, on) for condition in one) for one in alternatives), on)


def _answer(condition: Condition, facts: Facts, on: date) -> Answer:
    match condition:
        case Completed(slug):
            first = _first(slug, facts)
            return Answer(condition, bool(first), first)
        case AtLeast(number, slugs):
            found = sorted((done for slug in slugs for done in _first(slug, facts)), key=lambda done: done.on)
            return Answer(condition, len(found) >= number, tuple(found))
        case Conferences(number):
            held = tuple(Done("", held_on) for held_on in sorted(facts.conferences))
            return Answer(condition, len(held) >= number, held)
        case Valid(slug, months):
            days = facts.completed.get(slug)
            if not days:
                return Answer(condition, met=False)
            # The latest completion lasts longest: an older one can be forgotten.
            last = max(days)
            until = months_later(last, months)
            return Answer(condition, until >= on, (Done(slug, last, until),))


def _first(slug: str, facts: Facts) -> tuple[Done, ...]:
    days = facts.completed.get(slug)
    return (Done(slug, min(days)),) if days else ()


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where that day is not there."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))

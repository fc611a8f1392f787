"""Who on a waiting list fits in what is free, and how long a seat is held. Pure.

Source: decisions of the foundation. What other systems leave open is closed here: one free seat is offered to one wish,
in order of arrival, to the first who fits; nothing is offered once enrolling is closed; what lapsed stays lapsed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class OfferState(StrEnum):
    """open: seats are held. accepted, declined: answered. lapsed: not answered in time. withdrawn: taken back, by the
    office, with the edition, or because who it was for left the list."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class OffList(StrEnum):
    """Why somebody is off a waiting list: they left, accepted, came in by another way, said no or nothing, were taken
    off by the office, or the edition is not given."""

    LEFT = "left"
    ACCEPTED = "accepted"
    ENROLLED = "enrolled"
    DECLINED = "declined"
    LAPSED = "lapsed"
    OFFICE = "office"
    CLOSED = "closed"


OFFER_TRANSITIONS: dict[OfferState, frozenset[OfferState]] = {
    OfferState.OPEN: frozenset(OfferState) - {OfferState.OPEN},
    OfferState.ACCEPTED: frozenset(),
    OfferState.DECLINED: frozenset(),
    OfferState.LAPSED: frozenset(),
    OfferState.WITHDRAWN: frozenset(),
}


def closes_at(starts: Collection[datetime], hours_before: int) -> datetime:
    """When enrolling closes for meetings that start at these instants: so many hours before the first."""
    return min(starts) - timedelta(hours=hours_before)


def seats_to_offer(people: int, together: bool, free: Collection[int]) -> int:
    """For how many of these people there is a seat in every meeting, given the free seats of each; 0 when they want to
    come together and do not all fit."""
    fitting = min(people, *free) if free else 0
    return 0 if together and fitting < people else max(fitting, 0)


def offer_until(now: datetime, closes: datetime, hours: int) -> datetime | None:
    """Until when a seat that is offered now is held: so many hours, but never more than half of the time that is left
    until enrolling closes, so that a next one has a chance too; a whole minute. None when there is no such minute."""
    term = min(timedelta(hours=hours), (closes - now) / 2)
    until = (now + term).replace(second=0, microsecond=0)
    return until if until > now else None


def is_fulfilled(wished: Collection[int] | None, taken: Collection[int], offered: Collection[int]) -> bool:
    """Whether who sits in the modules `taken` has all that they waited for; None is all that is `offered`."""
    return set(offered if wished is None else wished) <= set(taken)


@dataclass(frozen=True)
class Chance:
    """In so many of these earlier waiting lists the same number had an offer; `lists` 0: too few to say."""

    reached: int
    lists: int


FEWEST_LISTS = 5


def chance(position: int, earlier: Collection[tuple[int, int]]) -> Chance:
    """What happened to this number on earlier lists of the same course, each told as (how many were on it, how many of
    them were offered a seat). Only lists that were that long say something, and fewer than five say nothing."""
    telling = [offered for waited, offered in earlier if waited >= position]
    if len(telling) < FEWEST_LISTS:
        return Chance(0, 0)
    return Chance(sum(offered >= position for offered in telling), len(telling))


def is_open(state: str, expires_at: datetime, now: datetime) -> bool:
    """Whether an offer can still be answered: until its moment, and not at it."""
    return state == OfferState.OPEN and now < expires_at

"""What one version of the general terms says in numbers: what a change costs, until when a substitute may be sent, how
long somebody may think again. Pure; which version holds for whom stands in terms_versions.py.

Days count back from the date of the first meeting, by Amsterdam's calendar: whoever cancels through the 28th day before
it does so on that whole day, also in the weeks in which the clock changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise, zip_longest
from typing import Any

from portal.clock import from_local, local_date
from portal.domain.enrolment.rules import ContractParty

# Article 6:230o BW: fourteen days, the day of enrolling not counted. The terms may give more, never less.
FEWEST_WITHDRAWAL_DAYS = 14
MOST_DAYS = 365
WHOLE_PRICE = 100


@dataclass(frozen=True)
class CostStep:
    """Through so many days before the first meeting a change costs this part of the price."""

    days_before: int
    percent: int


@dataclass(frozen=True)
class Terms:
    """The policies of one version. The steps run from far away to near, the last of them to day 0.

    `substitute_days`: through so many days before the first meeting somebody else may come instead; 0 until it begins.
    `withdrawal_days`: so long a participant who contracts may think again for free, also when the employer pays; an
    organisation that contracts may not (source: CRKBO's quality code for institutions, consumer law)."""

    cancelling: tuple[CostStep, ...]
    moving: tuple[CostStep, ...]
    substitute_days: int
    withdrawal_days: int


@dataclass(frozen=True)
class Agreement:
    """What the costs of a change follow from. `contracted_at`: when the agreement was made; moving to another edition
    makes no new one. `first_on`: the date of the first meeting. `least_percent`: what cancelling costs at the least,
    once the days to think again are over; see least_after_move."""

    price_cents: int
    party: ContractParty
    contracted_at: datetime
    first_on: date
    least_percent: int = 0


@dataclass(frozen=True)
class Cost:
    """What a change costs now: cents, the part of the price, whether it is free because of the days to think again, and
    until which date it is free (None: no longer). Not `by_terms`: the office agreed to another amount."""

    cents: int
    percent: int
    withdrawal: bool
    free_until: date | None
    by_terms: bool = True


NOTHING = Cost(0, 0, False, None)


@dataclass(frozen=True)
class CostPeriod:
    """Through `until_on` a change costs this many cents."""

    until_on: date
    cents: int


class Fault(StrEnum):
    """What is wrong with the steps of a policy."""

    NONE_GIVEN = "none_given"
    LAST_NOT_ZERO = "last_not_zero"
    NOT_NEARER = "not_nearer"
    CHEAPER = "cheaper"
    OUT_OF_BOUNDS = "out_of_bounds"


def terms_from_json(kept: Mapping[str, Any]) -> Terms:
    """Terms as TermsVersion.policies keeps them."""
    return Terms(
        cancelling=tuple(CostStep(*step) for step in kept["cancelling"]),
        moving=tuple(CostStep(*step) for step in kept["moving"]),
        substitute_days=kept["substitute_days"],
        withdrawal_days=kept["withdrawal_days"],
    )


def terms_as_json(terms: Terms) -> dict[str, Any]:
    """The other way round."""
    return {
        "cancelling": [[step.days_before, step.percent] for step in terms.cancelling],
        "moving": [[step.days_before, step.percent] for step in terms.moving],
        "substitute_days": terms.substitute_days,
        "withdrawal_days": terms.withdrawal_days,
    }


def fault_in(steps: Sequence[CostStep]) -> Fault | None:
    """What is wrong with these steps, or None: each is nearer to the first meeting than the one before and costs no
    less, and the last runs to the day itself."""
    if not steps:
        return Fault.NONE_GIVEN
    if any(not 0 <= step.days_before <= MOST_DAYS or not 0 <= step.percent <= WHOLE_PRICE for step in steps):
        return Fault.OUT_OF_BOUNDS
    pairs = list(pairwise(steps))
    if any(later.days_before >= earlier.days_before for earlier, later in pairs):
        return Fault.NOT_NEARER
    if any(later.percent < earlier.percent for earlier, later in pairs):
        return Fault.CHEAPER
    return None if steps[-1].days_before == 0 else Fault.LAST_NOT_ZERO


def withdraw_until(terms: Terms, party: ContractParty, contracted_at: datetime) -> date | None:
    """The last day on which the agreement can be withdrawn from for free; None when an organisation contracts."""
    if party is not ContractParty.PARTICIPANT:
        return None
    return local_date(contracted_at) + timedelta(days=terms.withdrawal_days)


def may_withdraw(terms: Terms, party: ContractParty, contracted_at: datetime, now: datetime) -> bool:
    """Whether the contract party can still withdraw: a participant, through the last day to think again."""
    last = withdraw_until(terms, party, contracted_at)
    return last is not None and local_date(now) <= last


def cost_of_cancelling(terms: Terms, agreement: Agreement, now: datetime) -> Cost:
    """What cancelling at `now` costs. Within the days to think again nothing; else by the days that are left."""
    return _cost(at_least(terms.cancelling, agreement.least_percent), terms, agreement, now)


def least_after_move(terms: Terms, agreement: Agreement, now: datetime) -> int:
    """Percent: what cancelling costs at the least after a move at `now`, which is what it costs at `now`. Else who is
    late would move to a far date, for little, and cancel there for nothing."""
    return max(agreement.least_percent, cost_of_cancelling(terms, agreement, now).percent)


def at_least(steps: Sequence[CostStep], percent: int) -> tuple[CostStep, ...]:
    """The same steps where none costs less than this; those that then cost the same are one."""
    raised = [CostStep(step.days_before, max(step.percent, percent)) for step in steps]
    return tuple(
        step for step, later in zip_longest(raised, raised[1:]) if later is None or later.percent != step.percent
    )


def cost_of_moving(terms: Terms, agreement: Agreement, now: datetime) -> Cost:
    """What moving to another edition at `now` costs, counted as for cancelling."""
    return _cost(terms.moving, terms, agreement, now)


def _cost(steps: Sequence[CostStep], terms: Terms, agreement: Agreement, now: datetime) -> Cost:
    today, price, first_on = local_date(now), agreement.price_cents, agreement.first_on
    free_by_terms = [part.until_on for part in cost_table(steps, price, first_on) if part.cents == 0]
    last_to_withdraw = withdraw_until(terms, agreement.party, agreement.contracted_at)
    free_until = max((end for end in (*free_by_terms, last_to_withdraw) if end and end >= today), default=None)
    if last_to_withdraw and today <= last_to_withdraw:
        return Cost(0, 0, True, free_until)
    days_left = (first_on - today).days
    percent = next((step.percent for step in steps if days_left >= step.days_before), steps[-1].percent)
    return Cost(percent_of(price, percent), percent, False, free_until)


def percent_of(price_cents: int, percent: int) -> int:
    """That part of a price in whole cents, never more than it is."""
    return price_cents * percent // WHOLE_PRICE


def agreed(cost: Cost, cents: int | None) -> Cost:
    """The cost by the terms, or the amount that the office agreed to instead."""
    return cost if cents is None else Cost(cents, 0, False, None, by_terms=False)


def cost_table(steps: Sequence[CostStep], price_cents: int, first_on: date) -> list[CostPeriod]:
    """The periods before the first meeting and what a change costs in each, in order of time."""
    return [
        CostPeriod(first_on - timedelta(days=step.days_before), percent_of(price_cents, step.percent)) for step in steps
    ]


def substitute_until(terms: Terms, first_at: datetime) -> datetime:
    """From this instant on nobody else may come instead: the first meeting begins, or the day after the last one that
    the terms name."""
    if terms.substitute_days == 0:
        return first_at
    last_on = local_date(first_at) - timedelta(days=terms.substitute_days)
    return from_local(datetime.combine(last_on + timedelta(days=1), time()))


def may_substitute(terms: Terms, first_at: datetime, now: datetime) -> bool:
    """Whether somebody else may still come instead."""
    return now < substitute_until(terms, first_at)

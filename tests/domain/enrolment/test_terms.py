"""What a version of the terms says in numbers, without a database: costs, days to think again, deadlines."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.enrolment.rules import ContractParty
from portal.domain.enrolment.terms import (
    Agreement,
    Cost,
    CostPeriod,
    CostStep,
    Fault,
    Terms,
    at_least,
    cost_of_cancelling,
    cost_of_moving,
    cost_table,
    fault_in,
    least_after_move,
    may_substitute,
    may_withdraw,
    substitute_until,
    terms_as_json,
    terms_from_json,
    withdraw_until,
)

PARTICIPANT, ORGANISATION = ContractParty
FIRST_ON = date(2027, 3, 4)
CANCELLING = (CostStep(28, 0), CostStep(14, 50), CostStep(0, 100))
MOVING = (CostStep(14, 0), CostStep(0, 25))
TERMS = Terms(CANCELLING, MOVING, substitute_days=0, withdrawal_days=14)


def at(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


LONG_AGO = at(2026, 1, 1)


def agreement(
    price: int = 79500,
    party: ContractParty = ORGANISATION,
    contracted_at: datetime = LONG_AGO,
    first_on: date = FIRST_ON,
    least_percent: int = 0,
) -> Agreement:
    return Agreement(price, party, contracted_at, first_on, least_percent)


@pytest.mark.parametrize(
    ("party", "now", "may"),
    [
        (PARTICIPANT, at(2027, 1, 1), True),
        (PARTICIPANT, at(2027, 1, 15, 22), True),  # 23.00 in Amsterdam, the fourteenth day
        (PARTICIPANT, at(2027, 1, 15, 23), False),  # midnight in Amsterdam
        (ORGANISATION, at(2027, 1, 1), False),
        (ORGANISATION, at(2027, 1, 15), False),
    ],
)
def test_a_participant_withdraws_through_the_fourteenth_day_and_an_organisation_never(
    party: ContractParty, now: datetime, may: bool
):
    assert may_withdraw(TERMS, party, at(2027, 1, 1), now) is may


def test_the_day_of_enrolling_does_not_count():
    assert withdraw_until(TERMS, PARTICIPANT, at(2027, 1, 1)) == date(2027, 1, 15)
    assert withdraw_until(TERMS, ORGANISATION, at(2027, 1, 1)) is None


@pytest.mark.parametrize(
    ("days_before", "cancelling", "moving"),
    [(100, 0, 0), (28, 0, 0), (27, 50, 0), (14, 50, 0), (13, 100, 25), (1, 100, 25), (0, 100, 25), (-3, 100, 25)],
)
def test_a_change_costs_more_as_the_first_meeting_comes_near(days_before: int, cancelling: int, moving: int):
    now = at(2027, 3, 4) - timedelta(days=days_before)
    for cost, percent in (
        (cost_of_cancelling(TERMS, agreement(), now), cancelling),
        (cost_of_moving(TERMS, agreement(), now), moving),
    ):
        assert (cost.percent, cost.cents, cost.withdrawal) == (percent, 795 * percent, False)


def test_the_costs_are_those_of_the_version_that_was_accepted():
    strict = Terms((CostStep(0, 75),), (CostStep(60, 10), CostStep(0, 90)), substitute_days=7, withdrawal_days=30)
    now = at(2026, 12, 25)
    assert cost_of_cancelling(strict, agreement(), now) == Cost(59625, 75, False, None)
    assert cost_of_moving(strict, agreement(), now) == Cost(7950, 10, False, None)
    longer = agreement(party=PARTICIPANT, contracted_at=at(2026, 11, 26))
    assert cost_of_cancelling(strict, longer, now) == Cost(0, 0, True, date(2026, 12, 26))


def test_within_the_days_to_think_again_it_costs_nothing_however_near():
    own = agreement(party=PARTICIPANT, contracted_at=at(2027, 2, 25))
    for cost in (cost_of_cancelling(TERMS, own, at(2027, 3, 3)), cost_of_moving(TERMS, own, at(2027, 3, 3))):
        assert (cost.cents, cost.withdrawal, cost.free_until) == (0, True, date(2027, 3, 11))


@pytest.mark.parametrize(
    ("contracted_at", "now", "free_until"),
    [
        (at(2026, 11, 1), at(2026, 11, 2), date(2027, 2, 4)),
        (at(2027, 2, 1), at(2027, 2, 2), date(2027, 2, 15)),
        (at(2026, 11, 1), at(2027, 2, 5), None),
    ],
)
def test_it_is_free_until_the_later_of_the_terms_and_the_law(
    contracted_at: datetime, now: datetime, free_until: date | None
):
    own = agreement(party=PARTICIPANT, contracted_at=contracted_at)
    assert cost_of_cancelling(TERMS, own, now).free_until == free_until


@given(st.integers(0, 500_000), st.integers(-5, 400), st.integers(0, 400))
def test_a_cancellation_never_costs_more_than_the_price(price: int, days_before: int, days_ago: int):
    now = at(2027, 3, 4) - timedelta(days=days_before)
    own = agreement(price, PARTICIPANT, now - timedelta(days=days_ago))
    assert 0 <= cost_of_moving(TERMS, own, now).cents <= cost_of_cancelling(TERMS, own, now).cents <= price


@pytest.mark.parametrize(
    ("days_before", "moved_before", "costs_there"),
    [
        # Moved to a date half a year later, which is far away: what cancelling costs there, on the very same day.
        (28, 0, 0),
        (27, 0, 50),
        (14, 0, 50),
        (13, 0, 100),
        (0, 0, 100),
        # Moved once more, while the steps ask nothing or less: what the first move left goes on.
        (100, 50, 50),
        (100, 100, 100),
        (20, 25, 50),
        (20, 100, 100),
    ],
)
def test_whoever_moves_when_cancelling_costs_something_never_cancels_for_less(
    days_before: int, moved_before: int, costs_there: int
):
    now = at(2027, 3, 4) - timedelta(days=days_before)
    least = least_after_move(TERMS, agreement(least_percent=moved_before), now)
    there = agreement(first_on=date(2027, 9, 2), least_percent=least)
    for later in (now, at(2027, 8, 4), at(2027, 8, 5), at(2027, 8, 19)):
        by_steps = cost_of_cancelling(TERMS, agreement(first_on=date(2027, 9, 2)), later).percent
        assert cost_of_cancelling(TERMS, there, later).percent == max(costs_there, by_steps)
    assert (cost_of_cancelling(TERMS, there, now).free_until is None) == (costs_there > 0)
    assert cost_of_moving(TERMS, there, now).percent == 0, "moving on is a matter of its own steps"


def test_the_days_to_think_again_pass_over_what_a_move_left():
    own = agreement(party=PARTICIPANT, contracted_at=at(2027, 2, 25))
    assert least_after_move(TERMS, own, at(2027, 3, 3)) == 0
    kept = agreement(party=PARTICIPANT, contracted_at=at(2027, 2, 25), least_percent=50)
    assert cost_of_cancelling(TERMS, kept, at(2027, 3, 3)).cents == 0
    assert least_after_move(TERMS, kept, at(2027, 3, 3)) == 50


@pytest.mark.parametrize(
    ("percent", "steps"),
    [
        (0, CANCELLING),
        (30, (CostStep(28, 30), CostStep(14, 50), CostStep(0, 100))),
        (50, (CostStep(14, 50), CostStep(0, 100))),
        (100, (CostStep(0, 100),)),
    ],
)
def test_steps_that_cost_the_same_are_one(percent: int, steps: tuple[CostStep, ...]):
    assert at_least(CANCELLING, percent) == steps
    assert fault_in(steps) is None


def test_the_table_of_costs_ends_on_the_first_day():
    assert cost_table(CANCELLING, 79501, FIRST_ON) == [
        CostPeriod(date(2027, 2, 4), 0),
        CostPeriod(date(2027, 2, 18), 39750),
        CostPeriod(date(2027, 3, 4), 79501),
    ]


# A second before, at and after each deadline, in the weeks in which the clock goes forward (28 March 2027, 2.00 becomes
# 3.00) and back (31 October 2027, 3.00 becomes 2.00). A day ends at midnight in Amsterdam: 23.00 UTC in winter,
# 22.00 in summer.
@pytest.mark.parametrize(
    ("first_on", "deadline"),
    [
        (date(2027, 4, 24), "2027-03-27T23:00:00+00:00"),  # free through Saturday, the last day of winter time
        (date(2027, 4, 25), "2027-03-28T22:00:00+00:00"),  # through the Sunday that lasts 23 hours
        (date(2027, 11, 27), "2027-10-30T22:00:00+00:00"),  # through the last day of summer time
        (date(2027, 11, 28), "2027-10-31T23:00:00+00:00"),  # through the Sunday that lasts 25 hours
    ],
)
def test_the_28th_day_ends_at_midnight_in_amsterdam(first_on: date, deadline: str):
    costs = [
        cost_of_cancelling(TERMS, agreement(first_on=first_on), instant(deadline) + timedelta(seconds=second)).percent
        for second in (-1, 0, 1)
    ]
    assert costs == [0, 50, 50]


@pytest.mark.parametrize(
    ("first_on", "deadline"),
    [
        (date(2027, 4, 10), "2027-03-27T23:00:00+00:00"),
        (date(2027, 4, 11), "2027-03-28T22:00:00+00:00"),
        (date(2027, 11, 13), "2027-10-30T22:00:00+00:00"),
        (date(2027, 11, 14), "2027-10-31T23:00:00+00:00"),
    ],
)
def test_the_last_free_day_to_move_ends_at_midnight_in_amsterdam(first_on: date, deadline: str):
    costs = [
        cost_of_moving(TERMS, agreement(first_on=first_on), instant(deadline) + timedelta(seconds=second)).percent
        for second in (-1, 0, 1)
    ]
    assert costs == [0, 25, 25]


@pytest.mark.parametrize(
    ("contracted_at", "deadline"),
    [
        ("2027-03-13T22:59:59+00:00", "2027-03-27T23:00:00+00:00"),  # contracted a second before midnight
        ("2027-03-13T23:00:00+00:00", "2027-03-28T22:00:00+00:00"),  # and at midnight: a day more
        ("2027-10-16T12:00:00+00:00", "2027-10-30T22:00:00+00:00"),
        ("2027-10-17T12:00:00+00:00", "2027-10-31T23:00:00+00:00"),
    ],
)
def test_the_days_to_think_again_end_at_midnight_in_amsterdam(contracted_at: str, deadline: str):
    may = [
        may_withdraw(TERMS, PARTICIPANT, instant(contracted_at), instant(deadline) + timedelta(seconds=second))
        for second in (-1, 0, 1)
    ]
    assert may == [True, False, False]


@pytest.mark.parametrize(
    ("days", "first_at", "deadline"),
    [
        (0, "2027-03-28T07:30:00+00:00", "2027-03-28T07:30:00+00:00"),  # until it begins, half past nine
        (0, "2027-10-31T08:30:00+00:00", "2027-10-31T08:30:00+00:00"),
        (1, "2027-03-28T07:30:00+00:00", "2027-03-27T23:00:00+00:00"),  # through Saturday
        (1, "2027-03-29T07:30:00+00:00", "2027-03-28T22:00:00+00:00"),
        (7, "2027-11-06T08:30:00+00:00", "2027-10-30T22:00:00+00:00"),
        (7, "2027-11-07T08:30:00+00:00", "2027-10-31T23:00:00+00:00"),
    ],
)
def test_a_substitute_comes_until_the_deadline(days: int, first_at: str, deadline: str):
    terms = Terms(CANCELLING, MOVING, substitute_days=days, withdrawal_days=14)
    assert substitute_until(terms, instant(first_at)) == instant(deadline)
    may = [
        may_substitute(terms, instant(first_at), instant(deadline) + timedelta(seconds=second)) for second in (-1, 0, 1)
    ]
    assert may == [True, False, False]


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        (CANCELLING, None),
        (MOVING, None),
        ((CostStep(0, 0),), None),
        ((), Fault.NONE_GIVEN),
        ((CostStep(28, 0),), Fault.LAST_NOT_ZERO),
        ((CostStep(14, 0), CostStep(14, 50), CostStep(0, 100)), Fault.NOT_NEARER),
        ((CostStep(14, 0), CostStep(28, 50), CostStep(0, 100)), Fault.NOT_NEARER),
        ((CostStep(14, 50), CostStep(0, 0)), Fault.CHEAPER),
        ((CostStep(14, 0), CostStep(0, 101)), Fault.OUT_OF_BOUNDS),
        ((CostStep(366, 0), CostStep(0, 100)), Fault.OUT_OF_BOUNDS),
    ],
)
def test_steps_come_nearer_and_dearer(steps: tuple[CostStep, ...], fault: Fault | None):
    assert fault_in(steps) is fault


def test_terms_are_kept_as_they_are():
    assert terms_from_json(terms_as_json(TERMS)) == TERMS

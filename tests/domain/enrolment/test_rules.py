"""The rules of enrolling, without a database."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.enrolment.rules import (
    ContractParty,
    CostPeriod,
    EnrolmentState,
    Facts,
    Lack,
    Missing,
    WrongChoice,
    cost_of_cancelling,
    cost_table,
    enrolment_number,
    looks_like_advertising,
    may_become,
    may_withdraw,
    missing,
    withdraw_until,
    wrong_choice,
)

ENROLLED, COMPLETED, CANCELLED = EnrolmentState
EK2 = {"completed": "ek-1", "conferences": 2}
DONE = {"ek-1": date(2026, 6, 21)}
FIRST_ON = date(2027, 3, 4)


def at(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(("now", "then"), list(product(EnrolmentState, repeat=2)))
def test_the_whole_square_of_states(now: EnrolmentState, then: EnrolmentState):
    allowed = {(ENROLLED, COMPLETED), (ENROLLED, CANCELLED), (COMPLETED, ENROLLED)}
    assert may_become(now, then) == ((now, then) in allowed)


@pytest.mark.parametrize(
    ("party", "now", "may"),
    [
        (ContractParty.PARTICIPANT, at(2027, 1, 1), True),
        (ContractParty.PARTICIPANT, at(2027, 1, 15, 22), True),  # 23.00 in Amsterdam, the fourteenth day
        (ContractParty.PARTICIPANT, at(2027, 1, 15, 23), False),  # midnight in Amsterdam
        (ContractParty.ORGANISATION, at(2027, 1, 1), False),
        (ContractParty.ORGANISATION, at(2027, 1, 15), False),
    ],
)
def test_a_participant_withdraws_through_the_fourteenth_day_and_an_organisation_never(
    party: ContractParty, now: datetime, may: bool
):
    assert may_withdraw(party, at(2027, 1, 1), now) is may


def test_the_day_of_enrolling_does_not_count():
    assert withdraw_until(ContractParty.PARTICIPANT, at(2027, 1, 1)) == date(2027, 1, 15)
    assert withdraw_until(ContractParty.ORGANISATION, at(2027, 1, 1)) is None


@pytest.mark.parametrize(
    ("days_before", "percent"), [(100, 0), (28, 0), (27, 50), (14, 50), (13, 100), (1, 100), (0, 100)]
)
def test_cancelling_costs_more_as_the_first_meeting_comes_near(days_before: int, percent: int):
    now = at(2027, 3, 4) - timedelta(days=days_before)
    cost = cost_of_cancelling(79500, ContractParty.ORGANISATION, at(2026, 1, 1), FIRST_ON, now)
    assert (cost.percent, cost.cents, cost.withdrawal) == (percent, 795 * percent, False)


def test_within_the_fourteen_days_it_costs_nothing_however_near():
    cost = cost_of_cancelling(79500, ContractParty.PARTICIPANT, at(2027, 2, 25), FIRST_ON, at(2027, 3, 3))
    assert (cost.cents, cost.withdrawal, cost.free_until) == (0, True, date(2027, 3, 11))


@pytest.mark.parametrize(
    ("enrolled_at", "now", "free_until"),
    [
        (at(2026, 11, 1), at(2026, 11, 2), date(2027, 2, 4)),
        (at(2027, 2, 1), at(2027, 2, 2), date(2027, 2, 15)),
        (at(2026, 11, 1), at(2027, 2, 5), None),
    ],
)
def test_it_is_free_until_the_later_of_the_terms_and_the_law(
    enrolled_at: datetime, now: datetime, free_until: date | None
):
    cost = cost_of_cancelling(79500, ContractParty.PARTICIPANT, enrolled_at, FIRST_ON, now)
    assert cost.free_until == free_until


@given(st.integers(0, 500_000), st.integers(-5, 400), st.integers(0, 400))
def test_a_cancellation_never_costs_more_than_the_price(price: int, days_before: int, days_ago: int):
    now = at(2027, 3, 4) - timedelta(days=days_before)
    cost = cost_of_cancelling(price, ContractParty.PARTICIPANT, now - timedelta(days=days_ago), FIRST_ON, now)
    assert 0 <= cost.cents <= price


def test_the_table_of_costs_ends_on_the_first_day():
    assert cost_table(79501, FIRST_ON) == [
        CostPeriod(date(2027, 2, 4), 0),
        CostPeriod(date(2027, 2, 18), 39750),
        CostPeriod(date(2027, 3, 4), 79501),
    ]


@pytest.mark.parametrize(
    ("requires", "facts", "lacks"),
    [
        ({}, Facts({}, []), []),
        (EK2, Facts({}, []), [Missing(Lack.COURSE, slug="ek-1"), Missing(Lack.CONFERENCES, needed=2)]),
        (
            EK2,
            Facts(DONE, [date(2026, 9, 1)]),
            [Missing(Lack.CONFERENCES, needed=2, done=1, last_on=date(2026, 9, 1))],
        ),
        (EK2, Facts({"ander": date(2026, 1, 1)}, [FIRST_ON] * 2), [Missing(Lack.COURSE, slug="ek-1")]),
        (EK2, Facts(DONE, [FIRST_ON] * 2), []),
        (EK2, Facts(DONE, [FIRST_ON] * 3), []),
        ({"completed": "ek-1"}, Facts(DONE, []), []),
        ({"conferences": 1}, Facts({}, [FIRST_ON]), []),
    ],
)
def test_ek_2_waits_for_ek_1_and_two_conferences(requires: dict[str, str | int], facts: Facts, lacks: list[Missing]):
    assert missing(requires, facts) == lacks


@pytest.mark.parametrize(
    ("chosen", "separately", "wrong"),
    [
        ({1, 2, 3}, True, None),
        ({1, 2, 3}, False, None),
        ({2}, True, None),
        ({2}, False, WrongChoice.ONLY_WHOLE),
        (set(), True, WrongChoice.NOTHING),
        (set(), False, WrongChoice.NOTHING),
        ({1, 4}, True, WrongChoice.UNKNOWN),
        ({1, 4}, False, WrongChoice.UNKNOWN),
    ],
)
def test_modules_are_chosen_one_by_one_only_where_the_course_allows_it(
    chosen: set[int], separately: bool, wrong: WrongChoice | None
):
    assert wrong_choice({1, 2, 3}, chosen, separately) is wrong


def test_a_number_has_the_year_and_runs_on():
    assert enrolment_number(412, date(2026, 11, 22)) == "LK-26-0412"
    assert enrolment_number(12345, date(2027, 1, 1)) == "LK-27-12345"


@pytest.mark.parametrize("name", ["Win nu op https://evil.example", "www.evil.example", "a://b", "Kijk evil.nl/x"])
def test_a_name_is_no_advertisement(name: str):
    assert looks_like_advertising(name)


@pytest.mark.parametrize(
    "name", ["Şule Yılmaz-Škrabáková", "Dr. J.P. Jansen", "Ó Briain", "Nguyễn Thị Ánh", "M. v.d. Berg"]
)
def test_ordinary_names_are_none(name: str):
    assert not looks_like_advertising(name)

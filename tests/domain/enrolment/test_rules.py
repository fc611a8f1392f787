"""The rules of enrolling, without a database."""

from datetime import UTC, date, datetime
from itertools import product

import pytest

from portal.domain.enrolment.rules import (
    EnrolmentState,
    WrongChoice,
    enrolment_number,
    looks_like_advertising,
    may_become,
    wrong_choice,
)

ENROLLED, COMPLETED, CANCELLED = EnrolmentState
FIRST_ON = date(2027, 3, 4)


def at(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(("now", "then"), list(product(EnrolmentState, repeat=2)))
def test_the_whole_square_of_states(now: EnrolmentState, then: EnrolmentState):
    allowed = {(ENROLLED, COMPLETED), (ENROLLED, CANCELLED), (COMPLETED, ENROLLED)}
    assert may_become(now, then) == ((now, then) in allowed)


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

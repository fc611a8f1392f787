"""When the office answers a request, and what may become of it."""

from datetime import date

import pytest

from portal.domain.incompany.rules import RequestState, answer_by, may_become

REQUESTED, PLANNED, DECLINED = RequestState.REQUESTED, RequestState.PLANNED, RequestState.DECLINED


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        (date(2026, 11, 23), date(2026, 11, 25)),  # Monday, Wednesday
        (date(2026, 11, 26), date(2026, 11, 30)),  # Thursday, Monday
        (date(2026, 11, 27), date(2026, 12, 1)),  # Friday, Tuesday
        (date(2026, 11, 28), date(2026, 12, 1)),  # Saturday, Tuesday
        (date(2026, 11, 29), date(2026, 12, 1)),  # Sunday, Tuesday
    ],
)
def test_the_answer_comes_within_two_working_days(asked: date, answered: date) -> None:
    assert answer_by(asked) == answered


def test_a_request_is_answered_once() -> None:
    allowed = {(a, b) for a in RequestState for b in RequestState if may_become(a, b)}

    assert allowed == {(REQUESTED, PLANNED), (REQUESTED, DECLINED)}

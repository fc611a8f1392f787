"""When an evaluation opens and closes, also when the clock changes; what an answer is; from when it is shown."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clock import from_local, local, local_date
from portal.domain.quality.rules import (
    Answers,
    LinkState,
    Question,
    ended_between,
    link_state,
    may_be_shown,
    window,
    wrong_field,
)

CLOSES_AT = datetime(2027, 4, 3, tzinfo=UTC)
SECOND = timedelta(seconds=1)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
ANY_TIME = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes))


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    return from_local(datetime.combine(day, time(hour, minute)))


@pytest.mark.parametrize(
    ("ended", "days", "open_days", "opens", "closes"),
    [
        (at(date(2027, 3, 11), 12, 30), 1, 21, at(date(2027, 3, 12), 9), at(date(2027, 4, 3))),
        # An evening, and one that ends at midnight: of the day on which it ended.
        (at(date(2027, 3, 11), 23, 59), 1, 1, at(date(2027, 3, 12), 9), at(date(2027, 3, 14))),
        (at(date(2027, 3, 12), 0, 0), 1, 1, at(date(2027, 3, 13), 9), at(date(2027, 3, 15))),
        # Summer time begins on 28 March 2027 and ends on 31 October.
        (at(date(2027, 3, 27), 12), 1, 1, datetime(2027, 3, 28, 7, tzinfo=UTC), datetime(2027, 3, 29, 22, tzinfo=UTC)),
        (at(date(2027, 10, 30), 12), 1, 1, datetime(2027, 10, 31, 8, tzinfo=UTC), at(date(2027, 11, 2))),
    ],
)  # fmt: skip
def test_an_evaluation_opens_at_nine_and_closes_at_the_end_of_a_day(
    ended: datetime, days: int, open_days: int, opens: datetime, closes: datetime
):
    found = window(ended, days, open_days)
    assert (found.opens_at, found.closes_at) == (opens, closes)


@given(
    ended=ANY_TIME,
    days=st.integers(1, 30),
    open_days=st.integers(1, 90),
    later=st.timedeltas(timedelta(0), timedelta(days=130)),
)
def test_which_editions_are_open_is_told_by_when_they_ended(
    ended: datetime, days: int, open_days: int, later: timedelta
):
    """What the database is asked and what the window says are one."""
    now = ended + later
    since, before = ended_between(days, open_days, now)
    found = window(ended, days, open_days)
    assert (since <= ended < before) == (found.opens_at <= now < found.closes_at)


@given(ended=ANY_TIME, days=st.integers(1, 30))
def test_nobody_is_asked_before_it_is_over(ended: datetime, days: int):
    opens_at = window(ended, days, 1).opens_at
    assert opens_at > ended
    assert (local(opens_at).time(), local_date(opens_at) - local_date(ended)) == (time(9), timedelta(days=days))


@pytest.mark.parametrize(
    ("used", "now", "state"),
    [
        (False, CLOSES_AT - SECOND, LinkState.OPEN),
        (False, CLOSES_AT, LinkState.CLOSED),
        (False, CLOSES_AT + SECOND, LinkState.CLOSED),
        (True, CLOSES_AT - SECOND, LinkState.USED),
        (True, CLOSES_AT + SECOND, LinkState.USED),
    ],
)
def test_a_link_works_until_the_last_second(used: bool, now: datetime, state: LinkState):
    assert link_state(used, CLOSES_AT, now) is state


GOOD = dict.fromkeys(Question, 8)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        (Answers(GOOD), None),
        (Answers(dict.fromkeys(Question, 1)), None),
        (Answers(dict.fromkeys(Question, 10), "x" * 2000), None),
        (Answers({}), "content"),
        (Answers(GOOD | {Question.TRAINER: 0}), "trainer"),
        (Answers(GOOD | {Question.PLACE: 11}), "place"),
        (Answers(GOOD | {Question.USEFULNESS: -1}), "usefulness"),
        (Answers({each: 8 for each in Question if each is not Question.PLACE}), "place"),
        (Answers(GOOD, "x" * 2001), "remark"),
    ],
)
def test_what_cannot_be_kept_is_named_by_its_field(answers: Answers, field: str | None):
    assert wrong_field(answers) == field


def test_answers_are_shown_from_three_on():
    assert [may_be_shown(number) for number in range(5)] == [False, False, False, True, True]

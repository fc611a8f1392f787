"""The codes at the door: what they say, how long they hold, and that nobody makes one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.documents.codes import ALPHABET
from portal.domain.attendance.door import (
    DoorCode,
    Hindrance,
    How,
    hindrance,
    is_fresh,
    own_letters,
    paper_token,
    plain_letters,
    read_token,
    turning_token,
)

KEY = "k" * 32
STARTS = datetime(2027, 3, 4, 8, 30, tzinfo=UTC)
ENDS = STARTS + timedelta(hours=3)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001, aware by its timezones
meetings = st.integers(1, 999_999_999)


@given(meetings, moments)
def test_a_turning_token_says_its_meeting_and_holds_this_minute_and_the_next(meeting_id: int, now: datetime):
    code = read_token(KEY, turning_token(KEY, meeting_id, now))
    assert code is not None
    assert (code.meeting_id, code.on_paper) == (meeting_id, False)
    begun = now.replace(second=0, microsecond=0)
    held = [is_fresh(code, begun + step) for step in (-SECOND, timedelta(), 2 * MINUTE - SECOND, 2 * MINUTE)]
    assert held == [False, True, True, False]


@given(meetings, moments)
def test_the_token_on_paper_is_one_for_the_meeting(meeting_id: int, now: datetime):
    code = read_token(KEY, paper_token(KEY, meeting_id))
    assert code == DoorCode(meeting_id, None)
    assert is_fresh(code, now)


@given(meetings, moments, st.booleans(), st.data())
def test_whatever_sign_of_a_token_is_changed_it_is_none_of_ours(
    meeting_id: int, now: datetime, on_paper: bool, data: st.DataObject
):
    token = paper_token(KEY, meeting_id) if on_paper else turning_token(KEY, meeting_id, now)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from([sign for sign in "0123456789abcdefsp-Zé٣" if sign != token[place]]))
    assert read_token(KEY, token[:place] + other + token[place + 1 :]) is None


@pytest.mark.parametrize(
    "made_up", ["", "s", "s1-1-", "p1", "s1-1-" + "0" * 20, "p-" + "0" * 20, "🙂", "s1-1\n", "%00"]
)
def test_what_somebody_makes_up_is_none_of_ours(made_up: str):
    assert read_token(KEY, made_up) is None


def test_another_key_makes_other_tokens():
    assert read_token("x" * 32, turning_token(KEY, 7, STARTS)) is None
    assert read_token("x" * 32, paper_token(KEY, 7)) is None


@given(st.text())
def test_reading_never_fails(text: str):
    assert read_token(KEY, text) is None


@pytest.mark.parametrize(
    ("how", "after_the_start", "found"),
    [
        (how, minutes, found)
        for how, last in ((How.SCREEN, 180), (How.LETTERS, 180), (How.PAPER, 30), (How.TAKEN_IN, 10_000))
        for minutes, found in (
            (-31, Hindrance.EARLY),
            (-30, None),
            (0, None),
            (min(last, 181) - 1, None),
            (last, None if how is How.TAKEN_IN else Hindrance.OVER),
        )
    ],
)
def test_when_one_is_let_in(how: How, after_the_start: int, found: Hindrance | None):
    now = STARTS + after_the_start * MINUTE
    assert hindrance(how, starts_at=STARTS, ends_at=ENDS, finished=False, now=now) is found


@pytest.mark.parametrize("how", How)
@pytest.mark.parametrize("minutes", [-60, 0, 200])
def test_a_finished_list_lets_nobody_in(how: How, minutes: int):
    now = STARTS + minutes * MINUTE
    assert hindrance(how, starts_at=STARTS, ends_at=ENDS, finished=True, now=now) is Hindrance.FINISHED


def test_ones_own_letters_are_six_and_others_for_every_seat():
    made = {own_letters(KEY, seat_id) for seat_id in range(2000)}
    assert len(made) == 2000
    assert {len(letters) for letters in made} == {6}
    assert set("".join(made)) == set(ALPHABET)
    assert own_letters("x" * 32, 1) != own_letters(KEY, 1) == own_letters(KEY, 1)


@pytest.mark.parametrize("typed", ["abc-def", " ABC DEF ", "a b c d e f", "ＡＢＣＤＥＦ", "ABC–DEF"])
def test_letters_are_read_however_they_are_typed(typed: str):
    assert plain_letters(typed) == "ABCDEF"

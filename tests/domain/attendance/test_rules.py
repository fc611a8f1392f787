"""What a mark says, when it may be given, and how much of a meeting somebody attended."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.attendance.rules import (
    NOT_MARKED,
    Attempt,
    ListState,
    Mark,
    Problem,
    Status,
    attended_enough,
    attended_minutes,
    attended_percent,
    deciding,
    field_of,
    fingerprint,
    in_short,
    list_state,
    open_seats,
    problem_of,
    same_name,
    tidy,
)

STARTS = datetime(2027, 3, 4, 8, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PRESENT = Mark(Status.PRESENT)

marks = st.builds(
    Mark,
    status=st.none() | st.sampled_from(Status),
    minutes_late=st.integers(0, 300),
    minutes_left_early=st.integers(0, 300),
    excuse=st.text(max_size=20),
    preparation_done=st.booleans(),
)


@pytest.mark.parametrize(
    ("now", "finished", "state"),
    [
        (STARTS - SECOND, False, ListState.AHEAD),
        (STARTS, False, ListState.OPEN),
        (STARTS + SECOND, False, ListState.OPEN),
        (STARTS + timedelta(days=90), False, ListState.OPEN),
        (STARTS + SECOND, True, ListState.FINISHED),
    ],
)
def test_a_list_opens_when_its_meeting_begins_and_closes_when_it_is_finished(
    now: datetime, finished: bool, state: ListState
):
    assert list_state(starts_at=STARTS, finished=finished, now=now) == state


@pytest.mark.parametrize(
    ("mark", "minutes", "percent"),
    [
        (NOT_MARKED, 0, 0),
        (Mark(Status.PRESENT), 210, 100),
        (Mark(Status.LATE, minutes_late=1), 209, 99),
        (Mark(Status.LATE, minutes_late=21), 189, 90),
        (Mark(Status.LEFT_EARLY, minutes_left_early=42), 168, 80),
        (Mark(Status.LATE, minutes_late=30, minutes_left_early=12), 168, 80),
        (Mark(Status.LATE, minutes_late=209), 1, 0),
        (Mark(Status.LATE, minutes_late=230), 0, 0),
        (Mark(Status.ABSENT), 0, 0),
        (Mark(Status.EXCUSED, excuse="griep"), 0, 0),
    ],
)
def test_minutes_missed_are_taken_off_the_net_time(mark: Mark, minutes: int, percent: int):
    assert attended_minutes(mark, 210) == minutes
    assert attended_percent(mark, 210) == percent


@pytest.mark.parametrize(
    ("late", "threshold", "enough"), [(0, 100, True), (1, 100, False), (21, 90, True), (22, 90, False), (42, 80, True)]
)
def test_the_threshold_is_exact(late: int, threshold: int, enough: bool):
    mark = Mark(Status.LATE, minutes_late=late) if late else PRESENT
    assert attended_enough(mark, 210, threshold) is enough


def test_nobody_attended_enough_without_being_there():
    for status in (None, Status.ABSENT, Status.EXCUSED):
        assert not attended_enough(Mark(status), 0, 1)


@given(mark=marks, contact=st.integers(1, 600))
def test_minutes_attended_stay_within_the_meeting(mark: Mark, contact: int):
    assert 0 <= attended_minutes(mark, contact) <= contact
    assert 0 <= attended_percent(mark, contact) <= 100
    assert attended_enough(mark, contact, 100) == (attended_percent(mark, contact) == 100)


@pytest.mark.parametrize(
    ("status", "kept"),
    [
        (None, Mark(None, preparation_done=True)),
        (Status.PRESENT, Mark(Status.PRESENT, preparation_done=True)),
        (Status.LATE, Mark(Status.LATE, 10, 5, preparation_done=True)),
        (Status.LEFT_EARLY, Mark(Status.LEFT_EARLY, 10, 5, preparation_done=True)),
        (Status.ABSENT, Mark(Status.ABSENT, preparation_done=True)),
        (Status.EXCUSED, Mark(Status.EXCUSED, excuse="griep", preparation_done=True)),
    ],
)
def test_a_mark_keeps_what_belongs_to_its_status(status: Status | None, kept: Mark):
    assert tidy(Mark(status, 10, 5, "griep", preparation_done=True)) == kept


@pytest.mark.parametrize(
    ("mark", "problem", "field"),
    [
        (NOT_MARKED, None, None),
        (PRESENT, None, None),
        (Mark(Status.LATE, 1), None, None),
        (Mark(Status.LATE, 0), Problem.MINUTES_LATE_MISSING, "minutes_late"),
        (Mark(Status.LATE, 0, 5), Problem.MINUTES_LATE_MISSING, "minutes_late"),
        (Mark(Status.LATE, 10, 5), None, None),
        (Mark(Status.LATE, -1), Problem.MINUTES_BELOW_ZERO, "minutes_late"),
        (Mark(Status.LATE, 5, -1), Problem.MINUTES_BELOW_ZERO, "minutes_left_early"),
        (Mark(Status.LEFT_EARLY, 0, 0), Problem.MINUTES_LEFT_EARLY_MISSING, "minutes_left_early"),
        (Mark(Status.LEFT_EARLY, 5, 0), Problem.MINUTES_LEFT_EARLY_MISSING, "minutes_left_early"),
        (Mark(Status.LEFT_EARLY, 0, 1), None, None),
        (Mark(Status.LATE, 239), None, None),
        (Mark(Status.LATE, 240), Problem.WHOLE_MEETING_MISSED, "minutes_late"),
        (Mark(Status.LEFT_EARLY, 0, 240), Problem.WHOLE_MEETING_MISSED, "minutes_left_early"),
        (Mark(Status.LATE, 120, 120), Problem.WHOLE_MEETING_MISSED, "minutes_late"),
        (Mark(Status.LATE, 120, 119), None, None),
        (Mark(Status.EXCUSED), None, None),
        (Mark(Status.EXCUSED, excuse="x" * 200), None, None),
        (Mark(Status.EXCUSED, excuse="x" * 201), Problem.EXCUSE_TOO_LONG, "excuse"),
    ],
)
def test_a_mark_is_complete_or_says_what_is_missing(mark: Mark, problem: Problem | None, field: str | None):
    assert problem_of(mark, lasts_minutes=240) == problem
    assert problem is None or field_of(problem, mark) == field


def test_not_marked_is_open_and_absent_is_not():
    found = {7: NOT_MARKED, 3: Mark(Status.ABSENT), 9: Mark(None, preparation_done=True), 1: PRESENT}
    assert open_seats(found) == [7, 9]


@given(one=marks, other=marks)
def test_marks_have_the_same_fingerprint_only_when_they_are_the_same(one: Mark, other: Mark):
    assert (fingerprint(one) == fingerprint(other)) == (one == other)
    assert fingerprint(one) == fingerprint(replace(one))


def test_the_log_does_not_get_the_excuse():
    mark = Mark(Status.EXCUSED, excuse="ligt in het ziekenhuis", preparation_done=True)
    assert in_short(mark) == "excused/0/0/prepared"
    assert in_short(Mark(Status.LATE, 10, 5)) == "late/10/5/unprepared"
    assert in_short(NOT_MARKED) == "open/0/0/unprepared"


@pytest.mark.parametrize(
    ("typed", "known", "same"),
    [
        ("Şule Yılmaz-Škrabáková", "Şule Yılmaz-Škrabáková", True),
        ("  sule yilmaz skrabakova ", "Şule Yılmaz-Škrabáková", True),
        ("nguyen thi anh", "Nguyễn Thị Ánh", True),
        ("jean eric dangelo", "Jean-Éric D'Angélo", True),
        ("O Briain", "Ó Briain", True),
        ("Noor", "Noor Jansen", False),
        ("", "Noor Jansen", False),
        ("", "", False),
        ("---", "...", False),
    ],
)
def test_a_name_is_recognised_as_a_phone_types_it(typed: str, known: str, same: bool):
    assert same_name(typed, known) is same


ABSENT, LATE = Mark(Status.ABSENT), Mark(Status.LATE, minutes_late=30)


@pytest.mark.parametrize(
    ("attempts", "decides"),
    [
        ([(True, ABSENT)], 0),
        ([(True, ABSENT), (False, NOT_MARKED)], 1),
        ([(True, ABSENT), (True, PRESENT)], 1),
        ([(True, ABSENT), (True, ABSENT)], 1),
        ([(True, LATE), (False, NOT_MARKED)], 1),
        ([(True, LATE), (True, PRESENT)], 1),
        ([(True, LATE), (True, ABSENT)], 0),
        ([(True, LATE), (True, Mark(Status.LEFT_EARLY, minutes_left_early=40))], 0),
        ([(True, PRESENT), (True, PRESENT)], 1),
        ([(False, ABSENT), (True, PRESENT)], 1),
        ([(False, PRESENT), (True, ABSENT)], 1),
        ([(True, ABSENT), (True, PRESENT), (False, NOT_MARKED)], 2),
        ([(True, ABSENT), (True, PRESENT), (True, ABSENT)], 1),
    ],
)
def test_the_last_attempt_decides_unless_an_earlier_one_was_better(attempts, decides):
    assert deciding([Attempt(is_finished, mark) for is_finished, mark in attempts]) == decides

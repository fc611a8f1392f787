"""When a reminder is due, to the second and over both clock changes, and that no history tells anything twice."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.clock import AMSTERDAM, from_local, local, local_date
from portal.domain.enrolment.reminder_rules import (
    DaysBefore,
    ReminderKind,
    SeatHeld,
    When,
    due,
    horizon,
    moment_after,
    moment_before,
    when,
)

DAYS = DaysBefore(practical=14, preparation=7, tomorrow=1)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    """An instant from a wall-clock time in Amsterdam."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


def seat(starts: str, *, meeting_id: int = 1, taken_at: datetime = LONG_AGO, prepares: bool = False) -> SeatHeld:
    return SeatHeld(7, meeting_id, at(starts), taken_at, prepares)


def keys(*seats: SeatHeld, now: datetime, days: DaysBefore = DAYS, told: tuple[str, ...] = ()) -> list[str]:
    return [each.key for each in due(seats, days, told, now)]


@pytest.mark.parametrize(
    ("starts", "days", "moment"),
    [
        # Winter and summer, and each clock change between the moment and the meeting: nine o'clock stays nine o'clock.
        ("2027-03-04 09:30", 1, datetime(2027, 3, 3, 8, 0, tzinfo=UTC)),
        ("2027-07-01 09:30", 1, datetime(2027, 6, 30, 7, 0, tzinfo=UTC)),
        ("2027-03-28 09:30", 1, datetime(2027, 3, 27, 8, 0, tzinfo=UTC)),
        ("2027-04-04 19:00", 14, datetime(2027, 3, 21, 8, 0, tzinfo=UTC)),
        ("2027-10-31 09:30", 1, datetime(2027, 10, 30, 7, 0, tzinfo=UTC)),
        ("2027-11-07 00:30", 7, datetime(2027, 10, 31, 8, 0, tzinfo=UTC)),
    ],
)
def test_the_moment_is_nine_in_the_morning_in_amsterdam(starts: str, days: int, moment: datetime):
    assert moment_before(at(starts), days) == moment


@pytest.mark.parametrize(("ended", "moment"), [("2027-03-27 12:30", 7), ("2027-10-30 23:59", 8)])
def test_the_morning_after_follows_the_clock_too(ended: str, moment: int):
    assert moment_after(at(ended)).hour == moment
    assert local_date(moment_after(at(ended))) == local_date(at(ended)) + timedelta(days=1)


@pytest.mark.parametrize("starts", ["2027-03-04 09:30", "2027-03-28 14:00", "2027-10-31 09:30"])
@pytest.mark.parametrize(
    ("after_moment", "expected"), [(-SECOND, False), (timedelta(0), True), (SECOND, True), (timedelta(hours=20), True)]
)
def test_the_reminder_of_a_meeting_is_due_from_its_moment_on(starts: str, after_moment: timedelta, expected: bool):
    on = local_date(at(starts))
    moment = moment_before(at(starts), 1)
    expected_keys = [f"tomorrow:1:{on}"] if expected else []
    told = ("practical:7",)
    assert keys(seat(starts), now=moment + after_moment, told=told) == expected_keys


@pytest.mark.parametrize(("before_start", "expected"), [(SECOND, True), (timedelta(0), False), (-SECOND, False)])
def test_what_comes_too_late_is_dropped(before_start: timedelta, expected: bool):
    """The worker stood still: all is told until the meeting begins, in one mail, and nothing from then on."""
    found = keys(seat("2027-03-04 09:30", prepares=True), now=at("2027-03-04 09:30") - before_start)
    assert found == (["tomorrow:1:2027-03-04", "practical:7", "preparation:1"] if expected else [])


@pytest.mark.parametrize(("after_moment", "expected"), [(-SECOND, True), (timedelta(0), False), (SECOND, False)])
def test_who_came_at_the_moment_or_later_is_not_reminded(after_moment: timedelta, expected: bool):
    moment = moment_before(at("2027-03-04 09:30"), 14)
    held = seat("2027-03-04 09:30", taken_at=moment + after_moment)
    assert keys(held, now=moment + timedelta(hours=1)) == (["practical:7"] if expected else [])


def test_practical_information_comes_once_before_the_first_meeting_that_is_held():
    seats = (seat("2027-03-18 09:30", meeting_id=2), seat("2027-03-04 09:30", meeting_id=1))
    assert keys(*seats, now=at("2027-02-18 09:00")) == ["practical:7"]
    assert keys(*seats, now=at("2027-03-04 10:00")) == []
    assert keys(seats[0], now=at("2027-03-04 10:00")) == ["practical:7"]


def test_only_a_meeting_that_asks_preparation_reminds_of_it():
    asks, asks_not = seat("2027-03-18 09:30", meeting_id=2, prepares=True), seat("2027-03-18 14:00", meeting_id=3)
    assert keys(asks, asks_not, now=at("2027-03-11 09:00"), told=("practical:7",)) == ["preparation:2"]


def test_what_falls_on_one_day_is_told_in_one_go_and_the_meeting_first():
    seats = (seat("2027-03-04 09:30"), seat("2027-03-04 14:00", meeting_id=2, prepares=True))
    assert keys(*seats, days=DaysBefore(1, 1, 1), now=at("2027-03-03 09:00")) == [
        "tomorrow:1:2027-03-04",
        "tomorrow:2:2027-03-04",
        "practical:7",
        "preparation:2",
    ]


def test_another_day_is_another_meeting_to_be_reminded_of_and_another_hour_is_not():
    told = ("practical:7", "preparation:1", "tomorrow:1:2027-03-04")
    hours_later = seat("2027-03-04 19:00", prepares=True)
    assert keys(hours_later, now=at("2027-03-03 12:00"), told=told) == []
    week_later = seat("2027-03-11 09:30", prepares=True)
    assert keys(week_later, now=at("2027-03-10 09:00"), told=told) == ["tomorrow:1:2027-03-11"]


def test_without_seats_there_is_nothing_to_say():
    assert keys(now=at("2027-03-03 12:00")) == []


@pytest.mark.parametrize(("ahead", "called"), [(0, When.TODAY), (1, When.TOMORROW), (2, When.LATER), (-1, When.LATER)])
def test_a_day_has_its_name(ahead: int, called: When):
    today = date(2027, 3, 3)
    assert when(today + timedelta(days=ahead), today) == called


minutes = st.integers(0, 3 * 365 * 24 * 60)
instants = minutes.map(lambda passed: LONG_AGO + timedelta(minutes=passed))


@given(starts_at=instants, days=st.integers(1, 90), now=instants)
def test_the_horizon_finds_exactly_the_meetings_whose_moment_has_come(starts_at: datetime, days: int, now: datetime):
    assert (starts_at < horizon(days, now)) == (moment_before(starts_at, days) <= now)


@given(starts_at=instants, days=st.integers(1, 14))
def test_at_the_moment_itself_the_horizon_lies_behind_the_meeting(starts_at: datetime, days: int):
    moment = moment_before(starts_at, days)
    assert horizon(days, moment - SECOND) <= starts_at < horizon(days, moment)
    assert local(moment).time() == time(9, 0)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 4 * 24 * 60)),
        st.tuples(st.just("move"), st.integers(1, 40), st.integers(0, 23)),
        st.tuples(st.just("enrol"), st.booleans()),
        st.tuples(st.just("decide"), st.integers(1, 20), st.integers(1, 10), st.integers(1, 3)),
    ),
    max_size=40,
)


@settings(max_examples=300)
@given(begin=instants, steps=steps)
def test_no_history_tells_an_occasion_twice_or_to_who_came_later(begin: datetime, steps: list[tuple]):
    """Time passes, meetings are moved, people come, the office decides other days; the worker looks now and then."""
    now, days = begin, DAYS
    meetings = [begin + timedelta(days=20), begin + timedelta(days=27)]
    taken: list[tuple[int, datetime, bool]] = []
    told: dict[int, list[str]] = {}
    for step in steps:
        if step[0] == "wait":
            now += timedelta(minutes=step[1])
        elif step[0] == "move":
            number = step[2] % 2
            if meetings[number] > now:
                on = local_date(now) + timedelta(days=step[1])
                meetings[number] = max(from_local(datetime.combine(on, time(step[2], 30))), now + SECOND)
        elif step[0] == "enrol":
            taken.append((len(taken) + 1, now, step[1]))
        else:
            days = DaysBefore(*step[1:])
        for enrolment_id, taken_at, prepares in taken:
            seats = [SeatHeld(enrolment_id, number, meetings[number], taken_at, prepares) for number in range(2)]
            known = told.setdefault(enrolment_id, [])
            for each in due(seats, days, known, now):
                assert each.key not in known
                known.append(each.key)
                assert taken_at < each.moment <= now < each.until
                assert local(each.moment).time() == time(9, 0)
                if each.kind is ReminderKind.TOMORROW:
                    assert each.key.endswith(str(local_date(meetings[each.meeting_id])))
    for known in told.values():
        assert sum(key.startswith("practical:") for key in known) <= 1
        assert sum(key == "preparation:0" for key in known) <= 1

"""Who of the list was in the report, and which mark follows."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.documents.meeting_report import Visit
from portal.domain.attendance.report_rules import (
    NOBODY,
    Expected,
    Interval,
    Matches,
    Presence,
    mark_from,
    match,
    merged,
    minutes_needed,
    people_of,
    presence,
    spans,
)
from portal.domain.attendance.rules import NOT_MARKED, Mark, Status, attended_enough, problem_of

STARTS = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
LASTS = 180
ENDS = STARTS + timedelta(minutes=LASTS)
AMIRA, BRAM, SULE = (
    Expected(1, "Amira el Khatib", "amira@buurt.example"),
    Expected(2, "Bram Postma", "bram@buurt.example"),
    Expected(3, "Şule Yılmaz", "sule@buurt.example"),
)
LIST = [AMIRA, BRAM, SULE]
NOOR = Expected(9, "Noor Jansen", "noor@trainers.example")


def minute(number: float) -> datetime:
    return STARTS + timedelta(minutes=number)


def was_in(name: str = "", email: str = "", start: float = 0, end: float = LASTS) -> Visit:
    return Visit(1, name, email, minute(start), minute(end))


def matches(*visits: Visit, expected: list[Expected] = LIST) -> Matches:
    return match(people_of(visits), expected, [NOOR])


def presence_of(*minutes: tuple[float, float]) -> Presence | None:
    visits = [(minute(start), minute(end)) for start, end in minutes]
    return presence(visits, starts_at=STARTS, ends_at=ENDS)


class TestWhoIsWho:
    def test_by_address_first_whatever_the_name_and_the_case(self):
        assert matches(was_in("iPad", "BRAM@buurt.example"), was_in("Amira El Khatib")).found == {1: 2, 2: 1}

    @pytest.mark.parametrize(
        "name",
        [
            "sule yilmaz",
            "Şule Yılmaz (Guest)",
            "iPad (Şule Yılmaz)",
            "Sule-Yılmaz",
            "  ŞULE YILMAZ",
            "Şule Yılmaz (zij)",
        ],
    )
    def test_by_a_name_that_only_one_person_has(self, name: str):
        assert matches(was_in(name)).found == {1: 3}

    def test_another_address_does_not_keep_a_unique_name_from_being_known(self):
        assert matches(was_in("Bram Postma", "bp@thuis.example")).found == {1: 2}

    def test_two_of_one_name_on_the_list_are_asked_about(self):
        twice = [AMIRA, Expected(7, "amira el khatib", "a.elkhatib@elders.example"), BRAM]
        found = matches(was_in("Amira el Khatib"), expected=twice)
        assert (found.found, found.asked) == ({}, {1: (1, 7)})

    def test_two_of_one_name_in_the_report_are_asked_about(self):
        found = matches(was_in("Bram Postma", "een@x.example"), was_in("Bram Postma", "twee@x.example"))
        assert (found.found, found.asked) == ({}, {1: (2,), 2: (2,)})

    def test_a_second_device_without_an_address_is_asked_about(self):
        found = matches(was_in("Bram Postma", "bram@buurt.example"), was_in("Bram Postma"))
        assert (found.found, found.asked) == ({1: 2}, {2: (2,)})

    def test_one_name_twice_at_the_same_time_is_asked_about(self):
        found = matches(was_in("Bram Postma", start=0, end=90), was_in("Bram Postma", start=60, end=180))
        assert (found.found, found.asked) == ({}, {1: (2,)})
        assert matches(was_in("Bram Postma", start=0, end=90), was_in("Bram Postma", start=91)).found == {1: 2}

    def test_nobody_knows_them_so_it_is_asked_who_of_the_rest_they_are(self):
        found = matches(was_in("Amira el Khatib"), was_in("iPhone"))
        assert (found.found, found.asked, found.strangers) == ({1: 1}, {2: (2, 3)}, ())

    def test_who_is_left_over_when_all_are_found_is_a_stranger(self):
        found = matches(was_in("Amira el Khatib"), was_in("Bram Postma"), was_in("Sule Yilmaz"), was_in("iPhone"))
        assert (found.asked, found.strangers) == ({}, (4,))

    def test_who_gives_it_is_nobody_of_the_list(self):
        found = matches(was_in("Noor Jansen"), was_in("N.", "noor@trainers.example"))
        assert (found.asked, found.leading) == ({}, (1, 2))

    def test_two_seats_with_one_address_are_asked_about(self):
        shared = [Expected(1, "Amira", "team@x.example"), Expected(2, "Bram", "team@x.example")]
        assert matches(was_in("Team", "team@x.example"), expected=shared).asked == {1: (1, 2)}

    def test_a_name_without_letters_matches_no_other(self):
        strange = [Expected(1, "😀", ""), Expected(2, "", "")]
        assert matches(was_in("🙃"), was_in(""), expected=strange).found == {}

    def test_answers_are_followed_and_what_was_not_offered_is_not(self):
        found = matches(was_in("iPhone"), was_in("iPad"), was_in("Tablet"))
        said = found.answered({1: 2, 2: NOBODY, 3: 99})
        assert (said.found, said.strangers, list(said.asked)) == ({1: 2}, (2,), [3])
        assert said.open_seats == {1, 2, 3}

    @given(
        st.lists(
            st.tuples(st.sampled_from(["Amira el Khatib", "Bram Postma", "sule yilmaz", "Noor Jansen", "iPhone", ""]),
                      st.sampled_from(["", "amira@buurt.example", "BRAM@buurt.example", "x@x.example"])),
            max_size=8,
        )
    )  # fmt: skip
    def test_everybody_in_the_report_is_found_asked_about_or_named(self, people: list[tuple[str, str]]):
        reported = people_of(was_in(*person) for person in people)
        found = match(reported, LIST, [NOOR])
        groups = [*found.found, *found.asked, *found.leading, *found.strangers]
        assert sorted(groups) == [person.key for person in reported]
        assert len(set(found.found.values())) == len(found.found)


class TestHowLong:
    @pytest.mark.parametrize(
        ("minutes", "expected"),
        [
            ([(0, 180)], (180, 0, 0, 0)),
            ([(-20, 200)], (180, 0, 0, 0)),
            ([(12, 180)], (168, 12, 0, 0)),
            ([(0, 170)], (170, 0, 10, 0)),
            ([(12, 90), (100, 170)], (148, 12, 10, 10)),
            ([(0, 90), (30, 60), (80, 180)], (180, 0, 0, 0)),
            ([(0.9, 179.1)], (180, 0, 0, 0)),
            ([(1.0, 180)], (179, 1, 0, 0)),
            ([(170, 400)], (10, 170, 0, 0)),
            ([(30, 30.5)], (1, 30, 149, 0)),
        ],
    )
    def test_minutes_in_late_early_and_away(self, minutes: list[tuple[float, float]], expected: tuple[int, ...]):
        was = presence_of(*minutes)
        assert was is not None
        assert (was.present, was.late, was.early, was.away) == expected

    @pytest.mark.parametrize("minutes", [[], [(-20, 0)], [(180, 200)], [(30, 30)], [(60, 50)]])
    def test_who_was_not_in_for_a_moment_was_not_there(self, minutes: list[tuple[float, float]]):
        assert presence_of(*minutes) is None

    @given(st.lists(st.tuples(st.integers(-300, 12_000), st.integers(-300, 12_000)), max_size=12))
    def test_whatever_the_visits_the_minutes_are_those_of_the_meeting(self, seconds: list[tuple[int, int]]):
        visits = [(STARTS + timedelta(seconds=a), STARTS + timedelta(seconds=b)) for a, b in seconds]
        was = presence(visits, starts_at=STARTS, ends_at=ENDS)
        inside = {second for a, b in seconds for second in range(max(a, 0), min(b, LASTS * 60))}
        if was is None:
            assert inside == set()
            return
        assert was.present + was.late + was.early + was.away == LASTS
        assert 0 <= was.present * 60 - len(inside) < 180
        assert min(was.present, was.late, was.early, was.away) >= 0
        assert _seconds(was.intervals) == inside
        assert problem_of(mark_from(was, NOT_MARKED), lasts_minutes=LASTS) is None

    @given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), max_size=10), st.randoms())
    def test_overlap_counts_once_in_any_order(self, minutes: list[tuple[int, int]], random):
        visits = [(minute(a), minute(b)) for a, b in minutes]
        shuffled = random.sample(visits, len(visits))
        assert merged(visits) == merged(shuffled) == merged(merged(visits))
        assert all(before[1] < after[0] for before, after in zip(merged(visits), merged(visits)[1:], strict=False))


def _seconds(intervals: tuple[Interval, ...]) -> set[int]:
    spans_of = [(int((a - STARTS).total_seconds()), int((b - STARTS).total_seconds())) for a, b in intervals]
    return {second for a, b in spans_of for second in range(a, b)}


class TestTheMark:
    @pytest.mark.parametrize(
        ("minutes", "expected"),
        [
            ([], Mark(Status.ABSENT)),
            ([(0, 180)], Mark(Status.PRESENT)),
            ([(12, 180)], Mark(Status.LATE, minutes_late=12)),
            ([(0, 170)], Mark(Status.LEFT_EARLY, minutes_left_early=10)),
            ([(12, 170)], Mark(Status.LATE, minutes_late=12, minutes_left_early=10)),
            ([(0, 60), (90, 180)], Mark(Status.PRESENT)),
        ],
    )
    def test_what_is_proposed(self, minutes: list[tuple[float, float]], expected: Mark):
        assert mark_from(presence_of(*minutes), NOT_MARKED) == expected

    def test_the_preparation_stays(self):
        before = Mark(Status.EXCUSED, excuse="Ziek", preparation_done=True)
        assert mark_from(None, before) == Mark(Status.ABSENT, preparation_done=True)
        assert mark_from(presence_of((0, 180)), before) == Mark(Status.PRESENT, preparation_done=True)

    @given(st.integers(0, 179), st.integers(0, 179), st.integers(1, 180), st.integers(0, 100))
    def test_enough_minutes_are_those_with_which_the_points_are_earned(
        self, late: int, early: int, contact: int, percent: int
    ):
        was = presence_of((late, LASTS - early))
        if was is None or late + early >= contact:
            return
        needed = minutes_needed(percent, contact_minutes=contact, lasts_minutes=LASTS)
        assert (was.present >= needed) == attended_enough(mark_from(was, NOT_MARKED), contact, percent)

    def test_one_may_miss_what_the_threshold_leaves(self):
        assert minutes_needed(100, contact_minutes=150, lasts_minutes=180) == 180
        assert minutes_needed(80, contact_minutes=150, lasts_minutes=180) == 150
        assert minutes_needed(0, contact_minutes=180, lasts_minutes=180) == 1


@pytest.mark.parametrize(
    ("start", "end", "expected"), [(0, 180, True), (-10, 1, True), (179, 300, True), (-60, 0, False), (180, 240, False)]
)
def test_a_report_is_of_this_meeting_when_anybody_was_in_during_it(start: int, end: int, expected: bool):
    assert spans([was_in("Amira", start=start, end=end)], starts_at=STARTS, ends_at=ENDS) is expected

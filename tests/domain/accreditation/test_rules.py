"""The points of the registers, case by case and over everything at once."""

import itertools
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.accreditation.reasons import Reason, Verdict
from portal.domain.accreditation.rules import (
    AttendedMeeting,
    Award,
    Grant,
    Participation,
    TaughtModule,
    decide,
    earned,
    waiting,
)
from portal.domain.attendance.rules import NOT_MARKED, Mark, Status

SKJ, RP = "SKJ", "Registerplein"
PRESENT = Mark(Status.PRESENT, preparation_done=True)
ABSENT = Mark(Status.ABSENT)
DAY = date(2027, 3, 4)
SINCE_2024 = date(2024, 1, 1)
ALL_OF_2024 = date(2024, 12, 31)


@dataclass(frozen=True)
class Training:
    """A course with what the registers granted for it."""

    modules: tuple[TaughtModule, ...]
    grants: tuple[Grant, ...]

    def attended(self, marks: dict[int, Mark], first_on: date = DAY, **values: object) -> Participation:
        """Somebody with a seat in these modules (by number), a week apart, on finished lists."""
        meetings = tuple(
            AttendedMeeting(number, first_on + timedelta(weeks=number - 1), True, True, mark)
            for number, mark in marks.items()
        )
        return Participation(self.modules, meetings, self.grants, **values)  # type: ignore[arg-type]


def per_module(*points: int, registers: tuple[str, ...] = (SKJ, RP)) -> tuple[Grant, ...]:
    pairs = itertools.product(registers, enumerate(points, 1))
    return tuple(
        Grant(id=number, register=register, points=worth, module_id=module, valid_from=SINCE_2024)
        for number, (register, (module, worth)) in enumerate(pairs, 1)
    )


FOUR_MODULES = tuple(TaughtModule(number, 210) for number in (1, 2, 3, 4))
SAMENKRACHT = Training(
    (*FOUR_MODULES[:2], TaughtModule(3, 210, True), TaughtModule(4, 210, True)), per_module(4, 4, 5, 6)
)
INFORMAL_NETWORK = Training((TaughtModule(1, 120, True),), per_module(3, registers=(SKJ,)))
WHOLE_OF_13 = Training(
    FOUR_MODULES,
    (
        Grant(id=1, register=SKJ, points=13, valid_until=ALL_OF_2024),
        Grant(id=2, register=RP, points=13, valid_until=ALL_OF_2024),
    ),
)
IN_2024 = date(2024, 10, 1)


def outcomes(participation: Participation) -> list[tuple[str, int | None, int, Reason]]:
    return [(a.register, a.module_id, a.points, a.reason) for a in decide(participation)]


def only(participation: Participation) -> Award:
    (award,) = decide(participation)
    return award


def test_samenkracht_in_full_gives_19_at_both_registers():
    participation = SAMENKRACHT.attended(dict.fromkeys((1, 2, 3, 4), PRESENT))
    assert earned(decide(participation)) == {SKJ: 19, RP: 19}


def test_dagdeel_1_and_3_give_9():
    assert earned(decide(SAMENKRACHT.attended(dict.fromkeys((1, 3), PRESENT)))) == {SKJ: 9, RP: 9}
    missed_two = {1: PRESENT, 2: ABSENT, 3: PRESENT, 4: ABSENT}
    assert earned(decide(SAMENKRACHT.attended(missed_two))) == {SKJ: 9, RP: 9}


def test_samenwerken_met_informeel_netwerk_gives_3_at_skj_only():
    assert earned(decide(INFORMAL_NETWORK.attended({1: PRESENT}))) == {SKJ: 3}
    known_at_both = INFORMAL_NETWORK.attended({1: PRESENT}, registers=frozenset({SKJ, RP}))
    assert outcomes(known_at_both) == [(RP, None, 0, Reason.NOT_ACCREDITED), (SKJ, 1, 3, Reason.ATTENDED_FULLY)]


def test_the_13_points_training_gives_13_for_all_four():
    whole = WHOLE_OF_13.attended(dict.fromkeys((1, 2, 3, 4), PRESENT), IN_2024)
    assert outcomes(whole) == [(r, None, 13, Reason.WHOLE_COURSE_ATTENDED) for r in (RP, SKJ)]


@pytest.mark.parametrize("missed", [1, 2, 3, 4])
def test_the_13_points_training_gives_nothing_for_three_of_four(missed: int):
    absent_once = {**dict.fromkeys((1, 2, 3, 4), PRESENT), missed: ABSENT}
    booked_three = {number: PRESENT for number in (1, 2, 3, 4) if number != missed}
    for marks in (absent_once, booked_three):
        awards = decide(WHOLE_OF_13.attended(marks, IN_2024))
        assert [(a.points, a.reason, a.facts["modules_attended"]) for a in awards] == [
            (0, Reason.MODULES_MISSING, 3)
        ] * 2


def test_the_13_points_training_gives_nothing_in_2025():
    awards = decide(WHOLE_OF_13.attended(dict.fromkeys((1, 2, 3, 4), PRESENT), date(2025, 2, 6)))
    assert [(a.register, a.points, a.reason) for a in awards] == [(RP, 0, Reason.EXPIRED), (SKJ, 0, Reason.EXPIRED)]
    assert {a.facts["valid_until"] for a in awards} == {"2024-12-31"}


def test_the_13_points_training_gives_nothing_when_it_ends_after_the_period():
    awards = decide(WHOLE_OF_13.attended(dict.fromkeys((1, 2, 3, 4), PRESENT), date(2024, 12, 20)))
    assert [(a.points, a.reason, a.facts["held_on"]) for a in awards] == [(0, Reason.EXPIRED, "2025-01-03")] * 2


# One module of 210 minutes, 5 points, valid in 2027, preparation asked: what is done, and what comes of it.
ONE = Training(
    (TaughtModule(1, 210, True),),
    (Grant(1, SKJ, 5, 1, "SKJ-1", date(2027, 1, 1), date(2027, 12, 31), threshold_percent=90),),
)
DECISIONS = [
    # date                mark                                                   points  reason
    (date(2027, 3, 4), Mark(Status.PRESENT, preparation_done=True), 5, Reason.ATTENDED_FULLY),
    (date(2027, 3, 4), Mark(Status.LATE, 21, preparation_done=True), 5, Reason.ATTENDED_ENOUGH),
    (date(2027, 3, 4), Mark(Status.LATE, 22, preparation_done=True), 0, Reason.TOO_SHORT),
    (date(2027, 3, 4), Mark(Status.LEFT_EARLY, 0, 21, preparation_done=True), 5, Reason.ATTENDED_ENOUGH),
    (date(2027, 3, 4), Mark(Status.LATE, 11, 11, preparation_done=True), 0, Reason.TOO_SHORT),
    (date(2027, 3, 4), Mark(Status.PRESENT), 0, Reason.PREPARATION_MISSING),
    (date(2027, 3, 4), Mark(Status.ABSENT, preparation_done=True), 0, Reason.ABSENT),
    (date(2027, 3, 4), Mark(Status.EXCUSED, preparation_done=True), 0, Reason.EXCUSED),
    (date(2027, 3, 4), NOT_MARKED, 0, Reason.LIST_OPEN),
    (date(2026, 12, 31), PRESENT, 0, Reason.NOT_YET_VALID),
    (date(2027, 1, 1), PRESENT, 5, Reason.ATTENDED_FULLY),
    (date(2027, 12, 31), PRESENT, 5, Reason.ATTENDED_FULLY),
    (date(2028, 1, 1), PRESENT, 0, Reason.EXPIRED),
]


@pytest.mark.parametrize(("day", "mark", "points", "reason"), DECISIONS)
def test_the_table_of_decisions(day: date, mark: Mark, points: int, reason: Reason):
    award = only(ONE.attended({1: mark}, day))
    assert (award.points, award.reason) == (points, reason)


@pytest.mark.parametrize(
    ("begun", "finished", "mark", "reason"),
    [
        (False, False, NOT_MARKED, Reason.AHEAD),
        (False, False, PRESENT, Reason.AHEAD),
        (True, False, NOT_MARKED, Reason.LIST_OPEN),
        (True, False, PRESENT, Reason.LIST_OPEN),
        (True, False, ABSENT, Reason.LIST_OPEN),
        (True, True, PRESENT, Reason.ATTENDED_FULLY),
        (True, True, ABSENT, Reason.ABSENT),
    ],
)
def test_nothing_is_decided_before_the_list_is_finished(begun: bool, finished: bool, mark: Mark, reason: Reason):
    meeting = AttendedMeeting(1, DAY, begun, finished, mark)
    awards = decide(Participation(ONE.modules, (meeting,), ONE.grants))
    assert [award.reason for award in awards] == [reason]
    waits = awards[0].verdict == Verdict.PENDING
    assert waiting(awards) == ({SKJ: 5} if waits else {})


def test_the_whole_course_waits_for_its_last_meeting():
    marks = dict.fromkeys((1, 2, 3, 4), PRESENT)
    attended = WHOLE_OF_13.attended(marks, IN_2024)
    last_ahead = (
        *attended.meetings[:3],
        replace(attended.meetings[3], has_begun=False, is_finished=False, mark=NOT_MARKED),
    )
    awards = decide(replace(attended, meetings=last_ahead))
    assert [(a.points, a.reason, a.facts["held_on"]) for a in awards] == [(0, Reason.AHEAD, "2024-10-22")] * 2
    assert waiting(awards) == {SKJ: 13, RP: 13}


def test_the_whole_course_needs_each_meeting_to_reach_the_threshold():
    marks = {**dict.fromkeys((1, 2, 4), PRESENT), 3: Mark(Status.LATE, 1)}
    awards = decide(WHOLE_OF_13.attended(marks, IN_2024))
    assert [(a.points, a.reason, a.facts["held_on"]) for a in awards] == [(0, Reason.TOO_SHORT, "2024-10-15")] * 2


def test_a_test_that_is_asked_and_not_passed_keeps_the_points_back():
    grant = replace(ONE.grants[0], test_required=True)
    asked = replace(ONE.attended({1: PRESENT}), grants=(grant,))
    assert only(asked).reason == Reason.TEST_MISSING
    assert only(replace(asked, test_passed=True)).points == 5
    whole = replace(WHOLE_OF_13.grants[0], test_required=True)
    marks = dict.fromkeys((1, 2, 3, 4), PRESENT)
    asked_whole = replace(WHOLE_OF_13.attended(marks, IN_2024), grants=(whole,))
    assert only(asked_whole).reason == Reason.TEST_MISSING
    assert only(replace(asked_whole, test_passed=True)).points == 13


def test_of_overlapping_periods_the_newest_wins():
    old = Grant(1, SKJ, 4, 1, "oud", date(2024, 1, 1), date(2027, 6, 30))
    new = Grant(2, SKJ, 5, 1, "nieuw", date(2027, 1, 1), date(2029, 12, 31))
    for grants in ((old, new), (new, old)):
        attended = replace(ONE.attended({1: PRESENT}), grants=grants)
        assert (only(attended).points, only(attended).facts["number"]) == (5, "nieuw")
    before = replace(ONE.attended({1: PRESENT}, date(2026, 5, 1)), grants=(old, new))
    assert only(before).facts["number"] == "oud"


def test_between_two_periods_the_one_that_ended_is_named():
    first = Grant(1, SKJ, 4, 1, valid_from=date(2020, 1, 1), valid_until=date(2023, 12, 31))
    next_one = Grant(2, SKJ, 4, 1, valid_from=date(2028, 1, 1))
    award = only(replace(ONE.attended({1: PRESENT}), grants=(next_one, first)))
    assert (award.points, award.reason, award.facts["valid_until"]) == (0, Reason.EXPIRED, "2023-12-31")


def test_points_of_the_modules_and_of_the_whole_are_never_added_up():
    modules = per_module(2, 2, registers=(SKJ,))
    marks = {1: PRESENT, 2: PRESENT}
    for worth, total, counted in ((5, 5, {None}), (4, 4, {None}), (3, 4, {1, 2})):
        training = Training(FOUR_MODULES[:2], (*modules, Grant(9, SKJ, worth)))
        awards = decide(training.attended(marks))
        assert earned(awards) == {SKJ: total}
        assert {a.module_id for a in awards if a.points} == counted
        assert {a.reason for a in awards if not a.points} == {Reason.COUNTED_ELSEWHERE}
    half = Training(FOUR_MODULES[:2], (*modules, Grant(9, SKJ, 5))).attended({1: PRESENT, 2: ABSENT})
    assert earned(decide(half)) == {SKJ: 2}


def test_somebody_without_a_seat_has_no_awards():
    assert decide(SAMENKRACHT.attended({})) == []


def test_a_register_that_accredits_other_modules_only_says_so():
    grants = per_module(3, registers=(SKJ,))
    assert outcomes(Training(FOUR_MODULES[:2], grants).attended({1: PRESENT, 2: PRESENT})) == [
        (SKJ, 1, 3, Reason.ATTENDED_FULLY),
        (SKJ, 2, 0, Reason.NOT_ACCREDITED),
    ]


# Everything at once

days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
marks_of_a_meeting = st.one_of(
    st.just(NOT_MARKED),
    st.builds(
        Mark,
        status=st.sampled_from(Status),
        minutes_late=st.integers(0, 250),
        minutes_left_early=st.integers(0, 250),
        preparation_done=st.booleans(),
    ),
)
modules_of_a_course = st.lists(st.tuples(st.integers(60, 420), st.booleans()), min_size=1, max_size=4).map(
    lambda found: tuple(TaughtModule(number, *one) for number, one in enumerate(found, 1))
)


@st.composite
def participations(draw: st.DrawFn) -> Participation:
    modules = draw(modules_of_a_course)
    numbers = [module.id for module in modules]
    seats = draw(st.lists(st.sampled_from(numbers), unique=True))
    meetings = tuple(
        AttendedMeeting(number, draw(days), draw(st.booleans()), draw(st.booleans()), draw(marks_of_a_meeting))
        for number in seats
    )
    grants = tuple(
        Grant(
            id=number,
            register=draw(st.sampled_from([SKJ, RP])),
            points=draw(st.integers(0, 20)),
            module_id=draw(st.none() | st.sampled_from(numbers)),
            valid_from=draw(st.none() | days),
            valid_until=draw(st.none() | days),
            threshold_percent=draw(st.integers(1, 100)),
            test_required=draw(st.booleans()),
        )
        for number in range(1, draw(st.integers(0, 6)) + 1)
    )
    return Participation(
        modules, meetings, grants, draw(st.frozensets(st.sampled_from([SKJ, RP]))), draw(st.booleans())
    )


def on_offer(participation: Participation, register: str) -> int:
    granted = [grant for grant in participation.grants if grant.register == register]
    modules = {grant.module_id for grant in granted if grant.module_id}
    best = [max(g.points for g in granted if g.module_id == module) for module in modules]
    return max(sum(best), max((g.points for g in granted if g.module_id is None), default=0))


@given(participations())
def test_points_lie_between_nothing_and_what_is_on_offer(participation: Participation):
    awards = decide(participation)
    assert all(award.points in (0, award.offered) for award in awards)
    assert all(award.points == 0 or award.verdict == Verdict.COUNTS for award in awards)
    for register, points in earned(awards).items():
        assert 0 <= points <= on_offer(participation, register)


@given(participations())
def test_there_is_one_award_per_register_and_module(participation: Participation):
    subjects = [award.subject for award in decide(participation)]
    assert len(subjects) == len(set(subjects))


@given(participations(), st.randoms())
def test_the_order_of_the_facts_does_not_matter(participation: Participation, random: object):
    def shuffled(things: tuple) -> tuple:  # type: ignore[type-arg]
        return tuple(random.sample(things, len(things)))  # type: ignore[attr-defined]

    other = replace(participation, meetings=shuffled(participation.meetings), grants=shuffled(participation.grants))
    assert decide(other) == decide(participation)


@given(participations(), st.integers(0, 3))
def test_who_attends_more_never_earns_less(participation: Participation, which: int):
    if which >= len(participation.meetings):
        return
    fully = replace(participation.meetings[which], has_begun=True, is_finished=True, mark=PRESENT)
    meetings = (*participation.meetings[:which], fully, *participation.meetings[which + 1 :])
    before, after = earned(decide(participation)), earned(decide(replace(participation, meetings=meetings)))
    assert all(after[register] >= points for register, points in before.items())


@given(participations())
def test_every_fact_can_be_kept_as_json(participation: Participation):
    for award in decide(participation):
        assert all(isinstance(value, str | int | None) for value in award.facts.values())

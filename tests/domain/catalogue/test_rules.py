"""Points, prices and seats: the arithmetic of what is on offer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.catalogue import rules
from portal.domain.catalogue.rules import ON_OFFER, EditionKind, EditionState, Grant, SeatCount, Standing

DAY = date(2024, 6, 1)
NOW = datetime(2027, 3, 4, 8, 0, tzinfo=UTC)
SAMENKRACHT = [
    Grant(register, points, module, date(2024, 1, 1))
    for module, points in enumerate((4, 4, 5, 6), 1)
    for register in ("SKJ", "Registerplein")
]
THIRTEEN = [Grant(register, 13, None, None, date(2024, 12, 31)) for register in ("SKJ", "Registerplein")]


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "day", "holds"),
    [
        (None, None, DAY, True),
        (DAY, None, DAY, True),
        (DAY, None, DAY - timedelta(days=1), False),
        (None, DAY, DAY, True),
        (None, DAY, DAY + timedelta(days=1), False),
        (DAY, DAY, DAY, True),
        (DAY, DAY + timedelta(days=2), DAY + timedelta(days=3), False),
    ],
)
def test_an_accreditation_holds_on_both_of_its_ends_and_an_open_side_has_no_end(
    valid_from: date | None, valid_until: date | None, day: date, holds: bool
):
    assert rules.holds_on(Grant("SKJ", 3, 1, valid_from, valid_until), day) is holds


@pytest.mark.parametrize(
    ("modules", "points"),
    [
        ((1, 2, 3, 4), {"Registerplein": 19, "SKJ": 19}),
        ((1, 3), {"Registerplein": 9, "SKJ": 9}),
        ((4,), {"Registerplein": 6, "SKJ": 6}),
        ((), {}),
    ],
)
def test_samenkracht_brings_the_points_of_the_chosen_dagdelen(modules: tuple[int, ...], points: dict[str, int]):
    assert rules.points_on_offer(SAMENKRACHT, dict.fromkeys(modules, DAY), [1, 2, 3, 4]) == points


@pytest.mark.parametrize(
    ("dates", "points"),
    [
        ({1: DAY, 2: DAY, 3: DAY, 4: DAY}, {"Registerplein": 13, "SKJ": 13}),
        ({1: DAY, 2: DAY, 3: DAY}, {}),
        ({1: DAY, 2: DAY, 3: DAY, 4: date(2025, 1, 9)}, {}),
        (dict.fromkeys((1, 2, 3, 4), date(2025, 3, 1)), {}),
    ],
)
def test_a_grant_for_the_whole_needs_every_dagdeel_inside_its_period(dates: dict[int, date], points: dict[str, int]):
    assert rules.points_on_offer(THIRTEEN, dates, [1, 2, 3, 4]) == points


def test_a_renewed_accreditation_does_not_count_twice_on_the_day_where_both_hold():
    grants = [Grant("SKJ", 4, 1, None, DAY), Grant("SKJ", 5, 1, DAY, None)]
    assert rules.points_on_offer(grants, {1: DAY}, [1]) == {"SKJ": 5}


def test_a_grant_for_the_whole_takes_the_place_of_the_modules_points():
    grants = [Grant("SKJ", 4, 1), Grant("SKJ", 4, 2), Grant("SKJ", 7)]
    assert rules.points_on_offer(grants, {1: DAY, 2: DAY}, [1, 2]) == {"SKJ": 7}
    assert rules.points_on_offer(grants, {1: DAY}, [1, 2]) == {"SKJ": 4}


modules = st.integers(1, 4)
grants = st.lists(
    st.builds(
        Grant,
        register=st.sampled_from(["SKJ", "Registerplein"]),
        points=st.integers(0, 20),
        module_id=modules,
        valid_from=st.none() | st.dates(date(2023, 1, 1), date(2025, 1, 1)),
        valid_until=st.none() | st.dates(date(2025, 1, 1), date(2027, 1, 1)),
    ),
    max_size=8,
)
choices = st.dictionaries(modules, st.dates(date(2022, 1, 1), date(2028, 1, 1)))


@given(grants, choices, choices)
def test_points_per_module_of_two_choices_without_overlap_add_up(
    granted: list[Grant], one: dict[int, date], other: dict[int, date]
):
    other = {module: day for module, day in other.items() if module not in one}
    both = rules.points_on_offer(granted, one | other, [1, 2, 3, 4])
    parts = [rules.points_on_offer(granted, part, [1, 2, 3, 4]) for part in (one, other)]
    registers = {register for part in parts for register in part}
    assert both == {register: sum(part.get(register, 0) for part in parts) for register in registers}


@given(grants, choices)
def test_the_order_of_the_grants_makes_no_difference(granted: list[Grant], chosen: dict[int, date]):
    assert rules.points_on_offer(granted, chosen, [1, 2]) == rules.points_on_offer(granted[::-1], chosen, [1, 2])


@pytest.mark.parametrize(
    ("separately", "meetings", "whole"), [(True, 4, True), (True, 3, False), (True, 0, True), (False, 3, True)]
)
def test_some_modules_of_what_may_be_taken_apart_are_not_the_whole(separately: bool, meetings: int, whole: bool):
    assert rules.gives_whole(separately, meetings, 4) is whole


def test_the_whole_has_its_own_price_and_modules_are_added_up():
    assert rules.price_of_choice(whole=True, whole_price=79_500, module_prices=[25_000, 25_000]) == 79_500
    assert rules.price_of_choice(whole=False, whole_price=79_500, module_prices=[25_000, 20_050]) == 45_050


@pytest.mark.parametrize(("edition", "price"), [(None, 79_500), (69_500, 69_500), (0, 0)])
def test_an_edition_may_have_its_own_price(edition: int | None, price: int):
    assert rules.whole_price(79_500, edition) == price


@pytest.mark.parametrize("state", EditionState)
@pytest.mark.parametrize("kind", EditionKind)
@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_people_enrol_in_an_open_edition_on_offer_before_the_first_chosen_meeting(state: str, kind: str, hours: int):
    starts = [NOW + timedelta(days=7), NOW + timedelta(hours=hours)]
    expected = state in ON_OFFER and kind == EditionKind.OPEN and hours == 1
    assert rules.may_enrol_now(state, kind, starts, NOW) is expected


def test_nobody_enrols_in_no_meeting():
    assert rules.may_enrol_now(EditionState.PUBLISHED, EditionKind.OPEN, [], NOW) is False


@pytest.mark.parametrize(
    ("counts", "left"), [([], 0), ([(0, 12)], 12), ([(3, 12), (11, 12), (0, 12)], 1), ([(3, 12), (12, 12)], 0)]
)
def test_the_fullest_meeting_decides_how_many_seats_are_left(counts: list[tuple[int, int]], left: int):
    assert rules.seats_left([SeatCount(*count) for count in counts]) == left


MAY_BECOME = {
    ("draft", "published"),
    ("draft", "tentative"),
    ("draft", "cancelled"),
    ("published", "started"),
    ("published", "cancelled"),
    ("tentative", "confirmed"),
    ("tentative", "started"),
    ("tentative", "cancelled"),
    ("confirmed", "started"),
    ("confirmed", "cancelled"),
    ("started", "finished"),
    ("started", "cancelled"),
}


@pytest.mark.parametrize("before", EditionState)
@pytest.mark.parametrize("after", EditionState)
def test_an_edition_goes_forward_and_never_back(before: EditionState, after: EditionState):
    assert rules.may_become(before, after) is ((before.value, after.value) in MAY_BECOME)


def test_what_is_on_offer_is_given_and_what_is_over_is_not_on_offer():
    assert sorted(set(EditionState) - rules.GIVEN) == ["cancelled", "draft"]
    assert sorted(rules.GIVEN - rules.ON_OFFER) == ["finished"]
    assert sorted(rules.ON_OFFER - rules.AHEAD) == ["started"]


FREE, FULL, GONE = SeatCount(3, 12), SeatCount(12, 12), SeatCount(3, 12, begun=True)


@pytest.mark.parametrize(
    ("meetings", "as_a_whole", "loose"),
    [
        ([FREE, FREE], Standing.OPEN, Standing.OPEN),
        ([FREE, FULL], Standing.FULL, Standing.LOOSE),
        ([FULL, FULL], Standing.FULL, Standing.FULL),
        ([GONE, FREE], Standing.BEGUN, Standing.LOOSE),
        ([GONE, FULL], Standing.BEGUN, Standing.FULL),
        ([GONE, GONE], Standing.OVER, Standing.OVER),
        ([], Standing.OVER, Standing.OVER),
    ],
)
def test_what_can_be_done_follows_from_the_meetings(meetings: list[SeatCount], as_a_whole: Standing, loose: Standing):
    state, kind = EditionState.PUBLISHED, EditionKind.OPEN
    assert rules.standing(state, kind, False, meetings) == as_a_whole
    assert rules.standing(state, kind, True, meetings) == loose


@pytest.mark.parametrize("state", sorted(ON_OFFER))
def test_what_can_be_done_is_the_same_however_sure_it_is(state: EditionState):
    assert rules.standing(state, EditionKind.OPEN, True, [GONE, FREE]) == Standing.LOOSE


def test_nothing_can_be_done_with_what_is_not_published_and_open():
    meetings = [FREE]
    assert rules.standing(EditionState.DRAFT, EditionKind.OPEN, True, meetings) == Standing.DRAFT
    assert rules.standing(EditionState.CANCELLED, EditionKind.IN_COMPANY, True, meetings) == Standing.CANCELLED
    assert rules.standing(EditionState.PUBLISHED, EditionKind.IN_COMPANY, True, meetings) == Standing.CLOSED


@pytest.mark.parametrize(
    ("minutes", "in_days"),
    [([420, 420, 420], True), ([360], True), ([420, 359], False), ([210] * 4, False), ([], False)],
)
def test_a_training_is_told_in_days_when_each_part_takes_six_hours(minutes: list[int], in_days: bool):
    assert rules.in_days(minutes) is in_days

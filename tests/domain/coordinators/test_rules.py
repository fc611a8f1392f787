"""The pathway from EK-1 over two conferences to EK-2."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.coordinators.rules import PathStep, Progress, Step, pathway

EK1 = date(2024, 6, 21)
FIRST, SECOND, THIRD = date(2024, 9, 1), date(2024, 11, 1), date(2025, 2, 1)
EK2 = date(2025, 6, 11)


def test_somebody_new_begins_with_ek1() -> None:
    assert pathway(ek1_on=None, conferences=[], ek2_on=None) == [
        PathStep(Step.EK1, Progress.NOW),
        PathStep(Step.FIRST_CONFERENCE, Progress.COMING),
        PathStep(Step.SECOND_CONFERENCE, Progress.COMING),
        PathStep(Step.EK2, Progress.COMING),
    ]


def test_conferences_count_in_the_order_of_their_dates() -> None:
    steps = pathway(ek1_on=EK1, conferences=[THIRD, FIRST, SECOND], ek2_on=None)

    assert steps == [
        PathStep(Step.EK1, Progress.DONE, EK1),
        PathStep(Step.FIRST_CONFERENCE, Progress.DONE, FIRST),
        PathStep(Step.SECOND_CONFERENCE, Progress.DONE, SECOND),
        PathStep(Step.EK2, Progress.NOW),
    ]


def test_the_whole_way() -> None:
    steps = pathway(ek1_on=EK1, conferences=[FIRST, SECOND], ek2_on=EK2)

    assert [step.done_on for step in steps] == [EK1, FIRST, SECOND, EK2]


@given(
    ek1_on=st.none() | st.dates(),
    conferences=st.lists(st.dates(), max_size=5),
    ek2_on=st.none() | st.dates(),
)
def test_at_most_one_step_is_now_and_it_is_the_first_that_is_not_done(
    ek1_on: date | None, conferences: list[date], ek2_on: date | None
) -> None:
    progress = [step.progress for step in pathway(ek1_on=ek1_on, conferences=conferences, ek2_on=ek2_on)]

    open_steps = [p for p in progress if p is not Progress.DONE]
    assert open_steps == [Progress.NOW, *[Progress.COMING] * (len(open_steps) - 1)][: len(open_steps)]

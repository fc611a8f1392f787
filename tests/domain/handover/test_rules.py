"""Where a row stands, for everything that can count and everything that was told."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.accreditation.reasons import Reason, Verdict, verdict_of
from portal.domain.handover.rules import (
    AT_THE_REGISTER,
    NO_LONGER_REMINDED,
    ON_THE_WAY,
    Claim,
    LastTold,
    RowState,
    Told,
    due_on,
    number_for,
    reminder_of,
    state_of,
)
from portal.domain.handover.wording import NOT_COUNTING

OWN, NEW = "110001", "110002"
COUNTS = Claim(5, given=OWN)
NOTHING = Claim(0, given=OWN)


def told(
    state: Told, number: str = OWN, points: int = 5, again: bool = False, refused: tuple[str, ...] = ()
) -> LastTold:
    own = (number,) if state in (Told.REFUSED, Told.LEFT) else ()
    return LastTold(state, number, points, again, frozenset({*refused, *own}))


@pytest.mark.parametrize(
    ("claim", "last", "expected"),
    [
        (COUNTS, None, RowState.TO_SEND),
        (Claim(5), None, RowState.NO_NUMBER),
        (Claim(5, kept=OWN), None, RowState.TO_SEND),
        (NOTHING, None, None),
        (COUNTS, told(Told.WAITING), RowState.SENDING),
        (NOTHING, told(Told.ASKED), RowState.SENDING),
        (COUNTS, told(Told.SENT), RowState.SENT),
        (COUNTS, told(Told.ACCEPTED), RowState.ACCEPTED),
        # Something changed after it was handed over.
        (NOTHING, told(Told.SENT), RowState.CHANGED),
        (NOTHING, told(Told.ACCEPTED), RowState.CHANGED),
        (Claim(9, given=OWN), told(Told.ACCEPTED), RowState.CHANGED),
        (Claim(5, given=NEW), told(Told.ACCEPTED), RowState.CHANGED),
        # The number that the register knows is still one of the person's; or it is no longer kept.
        (Claim(5, given=NEW, kept=OWN), told(Told.ACCEPTED), RowState.ACCEPTED),
        (Claim(5), told(Told.ACCEPTED), RowState.ACCEPTED),
        (COUNTS, told(Told.REFUSED), RowState.REFUSED),
        (COUNTS, told(Told.LEFT), RowState.LEFT),
        (NOTHING, told(Told.REFUSED), None),
        (Claim(5), told(Told.REFUSED), RowState.NO_NUMBER),
        # Mended: another number, other points, or the office says so.
        (Claim(5, given=NEW), told(Told.REFUSED), RowState.TO_SEND),
        (Claim(5, given=OWN, kept=NEW), told(Told.REFUSED), RowState.TO_SEND),
        (Claim(5, given=OWN, kept=NEW), told(Told.LEFT), RowState.TO_SEND),
        (Claim(9, given=OWN), told(Told.REFUSED), RowState.TO_SEND),
        (COUNTS, told(Told.REFUSED, again=True), RowState.TO_SEND),
        # Both numbers were refused: the one is not tried for ever in the place of the other.
        (Claim(5, given=OWN, kept=NEW), told(Told.REFUSED, NEW, refused=(OWN,)), RowState.REFUSED),
        (COUNTS, told(Told.WITHDRAWN, points=0), RowState.TO_SEND),
        (NOTHING, told(Told.WITHDRAWN, points=0), None),
    ],
)
def test_where_a_row_stands(claim: Claim, last: LastTold | None, expected: RowState | None):
    assert state_of(claim, last) == expected


@pytest.mark.parametrize(
    ("claim", "last", "expected"),
    [
        (Claim(5, OWN, NEW), None, OWN),
        (Claim(5, "", NEW), None, NEW),
        (Claim(5), None, ""),
        (Claim(5, OWN, NEW), told(Told.REFUSED), NEW),
        (Claim(5, OWN, NEW), told(Told.REFUSED, NEW), OWN),
        (Claim(5, OWN, NEW), told(Told.REFUSED, NEW, refused=(OWN,)), OWN),
        (Claim(5, OWN, NEW), told(Told.ACCEPTED, NEW, refused=(OWN,)), NEW),
        (Claim(5, OWN), told(Told.ACCEPTED, NEW), OWN),
    ],
)
def test_which_number_is_told(claim: Claim, last: LastTold | None, expected: str):
    assert number_for(claim, last) == expected


CLAIMS = [Claim(points, given, kept) for points, given, kept in product((0, 5, 9), ("", OWN, NEW), ("", OWN, NEW))]
LASTS = [
    told(state, number, points, again)
    for state, number, points, again in product(Told, (OWN, NEW), (5, 0), (True, False))
]


@pytest.mark.parametrize("claim", CLAIMS, ids=str)
def test_what_counts_is_never_silently_right(claim: Claim):
    """Whatever was told: 'accepted' and 'sent' are only said of the points that count now, under a number of theirs."""
    for last in LASTS:
        state = state_of(claim, last)
        if state in (RowState.SENT, RowState.ACCEPTED):
            assert claim.points == last.points
            assert not claim.numbers or last.number in claim.numbers
        if last.state in AT_THE_REGISTER and claim.points != last.points:
            assert state == RowState.CHANGED
        if last.state in ON_THE_WAY:
            assert state == RowState.SENDING
        if state == RowState.TO_SEND:
            assert claim.points > 0
            assert number_for(claim, last)
        if claim.points and state is None:
            pytest.fail(f"{last} hides that {claim} counts")


@given(st.integers(0, 60), st.sets(st.sampled_from((1, 15, 30))))
def test_a_reminder_comes_once_and_never_late(days_ago: int, sent: set[int]):
    found = reminder_of(days_ago, sent)
    if found is not None:
        assert found <= days_ago <= NO_LONGER_REMINDED.days
        assert found not in sent
        assert reminder_of(days_ago, sent | {found}) is None


@pytest.mark.parametrize(
    ("days_ago", "sent", "expected"),
    [
        (0, (), None), (1, (), 1), (14, (), 1), (14, (1,), None), (15, (1,), 15), (15, (), 15), (16, (15,), None),
        (30, (1, 15), 30), (31, (1, 15, 30), None), (45, (), 30), (46, (), None),
    ],
)  # fmt: skip
def test_the_days_of_the_reminders(days_ago: int, sent: tuple[int, ...], expected: int | None):
    assert reminder_of(days_ago, sent) == expected


def test_the_day_by_which_it_is_due():
    assert due_on(date(2026, 12, 20), 14) == date(2027, 1, 3)


def test_every_reason_without_points_has_its_words():
    assert set(NOT_COUNTING) == {reason for reason in Reason if verdict_of(reason) is Verdict.REFUSED}

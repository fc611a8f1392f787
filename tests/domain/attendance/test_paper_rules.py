"""What comes of comparing a list with its paper."""

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.attendance.paper_rules import (
    NOT_COMPARED,
    Check,
    Compared,
    Extra,
    OnPaper,
    check_fingerprint,
    outcome_of,
)
from portal.domain.attendance.rules import Mark, Status, fingerprint

PRESENT, LATE = Mark(Status.PRESENT), Mark(Status.LATE, 10)
NOBODY = Extra()


def row(number: int, on_paper: OnPaper | None, mark: Mark = PRESENT, compared_with: Mark = PRESENT) -> Compared:
    return Compared(number, number, f"Naam {number}", "", mark, Check(on_paper), fingerprint(compared_with))


def test_who_stands_in_which_group_in_the_order_of_the_list():
    rows = [row(1, OnPaper.AGREES), row(2, OnPaper.DIFFERS), row(3, None), row(4, OnPaper.UNREADABLE)]
    rows += [row(5, OnPaper.AGREES)]
    outcome = outcome_of(rows, NOBODY)
    assert [one.seat_id for one in outcome.agrees] == [1, 5]
    assert [one.seat_id for one in outcome.differs] == [2]
    assert [one.seat_id for one in outcome.unreadable] == [4]
    assert [one.seat_id for one in outcome.open] == [3]
    assert (outcome.people, outcome.all_agree, outcome.has_begun) == (5, False, True)


def test_all_agree_only_when_nobody_is_on_the_paper_alone():
    rows = [row(1, OnPaper.AGREES)]
    assert outcome_of(rows, NOBODY).all_agree
    assert not outcome_of(rows, Extra(1, "Karin")).all_agree
    assert outcome_of([row(1, None)], Extra(1)).has_begun
    assert not outcome_of([row(1, None)], NOBODY).has_begun


def test_what_was_found_holds_only_for_the_mark_that_it_was_compared_with():
    before = row(1, OnPaper.DIFFERS)
    after = row(1, OnPaper.DIFFERS, mark=LATE)
    assert (before.is_outdated, before.holds) == (False, Check(OnPaper.DIFFERS))
    assert (after.is_outdated, after.holds) == (True, NOT_COMPARED)
    assert outcome_of([after], NOBODY).open == (after,)
    assert not row(1, None, mark=LATE).is_outdated


@given(st.lists(st.tuples(st.sampled_from([*OnPaper, None]), st.sampled_from([PRESENT, LATE]))), st.integers(0, 50))
def test_everybody_is_in_exactly_one_group(found: list[tuple[OnPaper | None, Mark]], extra: int):
    rows = [row(number, on_paper, mark) for number, (on_paper, mark) in enumerate(found)]
    outcome = outcome_of(rows, Extra(extra))
    groups = [*outcome.agrees, *outcome.differs, *outcome.unreadable, *outcome.open]
    assert sorted(one.seat_id for one in groups) == list(range(len(found)))
    assert outcome.all_agree == (len(outcome.agrees) == len(found) and extra == 0)


@given(st.sampled_from([*OnPaper, None]), st.text(max_size=9), st.sampled_from([*OnPaper, None]), st.text(max_size=9))
def test_fingerprints_differ_when_checks_do(first: OnPaper | None, note: str, second: OnPaper | None, other: str):
    one, two = Check(first, note), Check(second, other)
    assert (check_fingerprint(one) == check_fingerprint(two)) == (one == two)

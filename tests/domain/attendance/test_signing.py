"""The text that is signed, and its hash: every fact in it counts, their order does not."""

import hashlib
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.attendance.rules import Mark, Status
from portal.domain.attendance.signing import (
    SignedList,
    Standing,
    Step,
    Verdict,
    hash_of,
    in_groups,
    signed_text,
    undone,
    verdict_on,
)

BEGAN = datetime(2027, 3, 4, 8, 30, tzinfo=UTC)
AMIRA = Standing(Status.PRESENT, 0, 0, True, BEGAN, 7)
BRAM = Standing(Status.LATE, 10, 5, False, BEGAN + timedelta(minutes=10, microseconds=250), 8)
LIST = SignedList(
    meeting_id=12,
    edition_id=3,
    module_id=5,
    starts_at=BEGAN,
    ends_at=BEGAN + timedelta(hours=3),
    finished_at=BEGAN + timedelta(hours=3, seconds=1),
    finished_by_id=7,
    rows=(("LK-2027-00042", AMIRA), ("LK-2027-00007", BRAM)),
)
instants = st.integers(0, 10**15).map(lambda microseconds: BEGAN + timedelta(microseconds=microseconds))
ids = st.integers(1, 10**6)
standings = st.builds(
    Standing,
    st.sampled_from(Status),
    st.integers(0, 600),
    st.integers(0, 600),
    st.booleans(),
    instants,
    ids,
)
rows = st.lists(
    st.tuples(st.from_regex(r"LK-20[0-9]{2}-[0-9]{5}", fullmatch=True), standings), unique_by=lambda row: row[0]
).map(lambda found: tuple(sorted(found, key=str)))
lists = st.builds(SignedList, ids, ids, ids, instants, instants, instants, ids, rows)


def test_the_text_is_this_text_for_ever():
    assert signed_text(LIST) == (
        "leerkring-presentielijst 1\n"
        "bijeenkomst 12\n"
        "uitvoering 3\n"
        "dagdeel 5\n"
        "begin 2027-03-04T08:30:00.000000Z\n"
        "einde 2027-03-04T11:30:00.000000Z\n"
        "afgerond 2027-03-04T11:30:01.000000Z door 7\n"
        "mensen 2\n"
        "LK-2027-00007 te-laat minuten-te-laat=10 minuten-eerder-weg=5 voorbereiding=nee "
        "ingevuld=2027-03-04T08:40:00.000250Z door=8\n"
        "LK-2027-00042 aanwezig minuten-te-laat=0 minuten-eerder-weg=0 voorbereiding=ja "
        "ingevuld=2027-03-04T08:30:00.000000Z door=7\n"
    )
    # By `sha256sum` of a file with that text.
    assert hash_of(signed_text(LIST)) == "3dbb9920c7aceef06e3aed8800bd73906becb1ce43dd854cf18c99fea29bad76"


def test_the_hash_is_that_of_sha256sum_and_reads_in_groups():
    digest = hash_of("presentie\n")
    assert digest == hashlib.sha256(b"presentie\n").hexdigest()
    assert in_groups(digest).replace(" ", "") == digest
    assert [len(group) for group in in_groups(digest).split()] == [8] * 8


@given(lists, st.randoms())
def test_the_order_of_the_rows_does_not_matter(signed: SignedList, chance):
    shuffled = list(signed.rows)
    chance.shuffle(shuffled)
    assert signed_text(replace(signed, rows=tuple(shuffled))) == signed_text(signed)


@given(lists, lists)
def test_two_lists_have_one_text_only_when_they_are_the_same(one: SignedList, other: SignedList):
    assert (signed_text(one) == signed_text(other)) == (one == other)


@pytest.mark.parametrize("name", [field.name for field in fields(SignedList) if field.name != "rows"])
def test_every_fact_of_the_meeting_changes_the_hash(name: str):
    value = getattr(LIST, name)
    changed = replace(LIST, **{name: value + (timedelta(microseconds=1) if isinstance(value, datetime) else 1)})
    assert hash_of(signed_text(changed)) != hash_of(signed_text(LIST))


@pytest.mark.parametrize(
    "changed",
    [
        *(replace(BRAM, status=status) for status in (*Status, None) if status != BRAM.status),
        replace(BRAM, minutes_late=11),
        replace(BRAM, minutes_left_early=0),
        replace(BRAM, preparation_done=True),
        replace(BRAM, marked_at=BEGAN),
        replace(BRAM, marked_at=None),
        replace(BRAM, marked_by_id=7),
        replace(BRAM, marked_by_id=None),
    ],
)
def test_every_fact_of_a_mark_changes_the_hash(changed: Standing):
    assert signed_text(replace(LIST, rows=(LIST.rows[0], ("LK-2027-00007", changed)))) != signed_text(LIST)


def test_somebody_more_less_or_else_changes_the_hash():
    amira, bram = LIST.rows
    for others in ((amira,), (amira, bram, ("LK-2027-00008", BRAM)), (amira, ("LK-2027-00008", BRAM))):
        assert signed_text(replace(LIST, rows=others)) != signed_text(LIST)


def test_an_instant_is_the_same_in_every_zone():
    there = timezone(timedelta(hours=5, minutes=30))
    moved = replace(LIST, starts_at=BEGAN.astimezone(there), rows=((LIST.rows[0]), ("LK-2027-00007", BRAM)))
    assert signed_text(moved) == signed_text(LIST)


def test_an_excuse_is_not_signed():
    said = [Standing.of(Mark(Status.EXCUSED, excuse=excuse), BEGAN, 7) for excuse in ("Ziek", "")]
    assert said[0] == said[1]


# Amendments


@given(st.lists(st.tuples(st.integers(1, 3), standings), max_size=8), st.tuples(standings, standings, standings))
def test_undoing_every_amendment_gives_what_was_signed(changes: list[tuple[int, Standing]], signed: tuple):
    marks = dict(enumerate(signed, 1))
    steps = []
    for seat_id, wanted in changes:
        steps.insert(0, Step(seat_id, marks[seat_id], wanted))
        marks[seat_id] = wanted
    assert undone(marks, steps) == (dict(enumerate(signed, 1)), True)


def test_a_mark_that_is_not_what_its_amendment_made_of_it_does_not_fit():
    step = Step(2, was=AMIRA, became=BRAM)
    assert undone({1: AMIRA, 2: BRAM}, [step]) == ({1: AMIRA, 2: AMIRA}, True)
    for tampered in ({1: AMIRA, 2: AMIRA}, {1: AMIRA, 2: replace(BRAM, marked_by_id=9)}, {1: AMIRA}):
        assert undone(tampered, [step])[1] is False


TEXT = signed_text(LIST)


@pytest.mark.parametrize(
    ("kept", "fits", "amendments", "verdict"),
    [
        (None, True, 0, Verdict.NO_HASH),
        (None, False, 2, Verdict.NO_HASH),
        (hash_of(TEXT), True, 0, Verdict.UNCHANGED),
        (hash_of(TEXT), True, 1, Verdict.AMENDED),
        (hash_of(TEXT), False, 1, Verdict.DIFFERENT),
        (hash_of(TEXT + " "), True, 0, Verdict.DIFFERENT),
        (hash_of(TEXT + " "), True, 3, Verdict.DIFFERENT),
    ],
)
def test_what_is_said_of_a_list(kept: str | None, fits: bool, amendments: int, verdict: Verdict):
    assert verdict_on(kept, TEXT, fits=fits, amendments=amendments) == verdict

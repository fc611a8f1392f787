"""Whether somebody has done what a course asks first, and how that is told."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.enrolment.prerequisite_words import asked_in_words, in_one_sentence, reasons
from portal.domain.enrolment.prerequisites import NOTHING_DONE, Facts, evaluate, months_later

ON, TODAY = date(2027, 3, 4), date(2026, 11, 22)
JUNE, MAY = date(2024, 6, 21), date(2025, 5, 3)
HELD = [date(2026, 9, 1), date(2026, 10, 1)]
EK1 = {"completed": "ek-1"}
TWO = {"at_least": 2, "of": "conferences"}
EK2 = {"any": [[EK1, TWO]]}
VALID = {"any": [[{"valid": "ek-1", "months": 24}]]}
SOME = {"any": [[{"at_least": 2, "of": ["a", "b", "c"]}]]}
EITHER = {"any": [[EK1, TWO], [{"completed": "a"}]]}
TITLES = {"ek-1": "EK-1", "a": "Alfa", "b": "Bèta", "c": "Gamma"}


@pytest.mark.parametrize(
    ("requires", "facts", "met"),
    [
        ({}, NOTHING_DONE, True),
        (EK2, NOTHING_DONE, False),
        (EK2, Facts({"ek-1": [JUNE]}, HELD[:1]), False),
        (EK2, Facts({"ander": [JUNE]}, HELD), False),
        (EK2, Facts({"ek-1": [JUNE]}, HELD), True),
        (EK2, Facts({"ek-1": [JUNE]}, [*HELD, HELD[0]]), True),
        ({"completed": "ek-1", "conferences": 2}, Facts({"ek-1": [JUNE]}, HELD), True),
        ({"completed": "ek-1", "conferences": 2}, Facts({"ek-1": [JUNE]}, HELD[:1]), False),
        (VALID, NOTHING_DONE, False),
        (VALID, Facts({"ek-1": [date(2025, 3, 3)]}, []), False),
        (VALID, Facts({"ek-1": [date(2025, 3, 4)]}, []), True),
        (VALID, Facts({"ek-1": [JUNE, MAY]}, []), True),
        (SOME, Facts({"a": [MAY]}, []), False),
        (SOME, Facts({"a": [MAY, JUNE]}, []), False),
        (SOME, Facts({"a": [MAY], "c": [JUNE]}, []), True),
        (EITHER, Facts({"a": [MAY]}, []), True),
        (EITHER, Facts({"ek-1": [MAY]}, HELD), True),
        (EITHER, Facts({"ek-1": [MAY], "b": [MAY]}, HELD[:1]), False),
    ],
)
def test_who_may_take_part(requires: Mapping[str, Any], facts: Facts, met: bool):
    assert evaluate(requires, facts, ON).met is met


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 1, 15), 24, date(2028, 1, 15)),
        (date(9999, 1, 1), 600, date.max),
    ],
)
def test_months_end_where_the_calendar_does(day: date, months: int, then: date):
    assert months_later(day, months) == then


SLUGS = st.sampled_from(["a", "b", "c"])
DAYS = st.dates(date(2020, 1, 1), date(2027, 1, 1))
CONDITIONS = (
    st.fixed_dictionaries({"completed": SLUGS})
    | st.fixed_dictionaries({"valid": SLUGS, "months": st.integers(1, 60)})
    | st.fixed_dictionaries({"at_least": st.integers(1, 3), "of": st.just("conferences")})
    | st.fixed_dictionaries({"at_least": st.integers(1, 3), "of": st.just(["a", "b", "c"])})
)
SETS = st.lists(CONDITIONS, min_size=1, max_size=3)
ASKED = st.lists(SETS, min_size=1, max_size=3)
FACTS = st.builds(Facts, st.dictionaries(SLUGS, st.lists(DAYS, min_size=1, max_size=3)), st.lists(DAYS, max_size=3))


def met(alternatives: list[Any], facts: Facts) -> bool:
    return evaluate({"any": alternatives}, facts, ON).met


@given(ASKED, ASKED, FACTS)
def test_alternatives_are_one_or_the_other(some: list[Any], others: list[Any], facts: Facts):
    assert met(some + others, facts) is (met(some, facts) or met(others, facts))


@given(SETS, SETS, FACTS)
def test_conditions_are_all_of_them(some: list[Any], others: list[Any], facts: Facts):
    assert met([some + others], facts) is (met([some], facts) and met([others], facts))


@given(ASKED, FACTS, FACTS)
def test_who_has_done_more_is_never_refused_what_was_open(asked: list[Any], facts: Facts, more: Facts):
    both = {slug: [*facts.completed.get(slug, []), *more.completed.get(slug, [])] for slug in "abc"}
    together = Facts({slug: days for slug, days in both.items() if days}, [*facts.conferences, *more.conferences])
    assert not met(asked, facts) or met(asked, together)


def told(requires: Mapping[str, Any], facts: Facts, *, own: bool = True) -> list[list[tuple[bool, str]]]:
    found = reasons(evaluate(requires, facts, ON), titles=TITLES, title="EK-2", today=TODAY, own=own)
    return [[(reason.met, reason.sentence) for reason in one] for one in found]


FIRST = "Rond eerst EK-1 af, dan kun je meedoen aan EK-2. Op zondag 22 november 2026 was dat nog niet zo."
NO_ALFA = "Rond eerst Alfa af, dan kun je meedoen aan EK-2. Op zondag 22 november 2026 was dat nog niet zo."
BOTH_HELD = "Op zondag 22 november 2026 stonden er 2 conferenties op je naam, de laatste van donderdag 1 oktober 2026."


@pytest.mark.parametrize(
    ("requires", "facts", "sentences"),
    [
        (
            EK2,
            Facts({"ek-1": [MAY, JUNE]}, HELD),
            [[(True, "EK-1 rondde je af op 21 juni 2024."), (True, BOTH_HELD)]],
        ),
        (EITHER, Facts({}, HELD), [[(False, FIRST), (True, BOTH_HELD)], [(False, NO_ALFA)]]),
        (
            SOME,
            NOTHING_DONE,
            [
                [
                    (
                        False,
                        "Voor EK-2 zijn minstens 2 van deze trainingen nodig: Alfa, Bèta, Gamma. "
                        "Op zondag 22 november 2026 was er nog geen afgerond.",
                    )
                ]
            ],
        ),
        (
            SOME,
            Facts({"b": [MAY], "a": [JUNE]}, []),
            [[(True, "Alfa rondde je af op 21 juni 2024. Bèta rondde je af op 3 mei 2025.")]],
        ),
        (
            VALID,
            Facts({"ek-1": [MAY]}, []),
            [[(True, "EK-1 rondde je af op 3 mei 2025. Dat geldt tot en met 3 mei 2027.")]],
        ),
        (
            VALID,
            Facts({"ek-1": [JUNE]}, []),
            [
                [
                    (
                        False,
                        "EK-1 rondde je af op 21 juni 2024. Dat gold tot en met 21 juni 2026, en de eerste dag is "
                        "4 maart 2027. Eerst is EK-1 opnieuw nodig.",
                    )
                ]
            ],
        ),
        (
            VALID,
            NOTHING_DONE,
            [[(False, f"{FIRST} Dat mag op de eerste dag hoogstens 24 maanden geleden zijn.")]],
        ),
    ],
)
def test_every_condition_is_told_with_its_days(app: Flask, requires: Any, facts: Facts, sentences: Any):
    assert told(requires, facts) == sentences


def test_about_somebody_else_it_is_not_said_to_them(app: Flask):
    for requires in (EK2, VALID, SOME, EITHER):
        for facts in (NOTHING_DONE, Facts({"ek-1": [JUNE], "a": [JUNE], "b": [MAY]}, HELD)):
            text = str(told(requires, facts, own=False))
            assert " je " not in text
            assert "Rond" not in text
    assert told(EK2, Facts({"ek-1": [JUNE]}, [])) != told(EK2, Facts({"ek-1": [JUNE]}, []), own=False)


def test_one_message_names_what_each_way_still_asks(app: Flask):
    one = reasons(evaluate(EK2, Facts({}, HELD), ON), titles=TITLES, title="EK-2", today=TODAY)
    assert in_one_sentence(one) == FIRST
    two = reasons(evaluate(EITHER, Facts({}, HELD), ON), titles=TITLES, title="EK-2", today=TODAY)
    assert in_one_sentence(two) == f"Dit kan op 2 manieren. 1. {FIRST} 2. {NO_ALFA}"


def test_what_is_asked_is_the_same_for_everybody(app: Flask):
    requires = {"any": [[EK1, TWO], [SOME["any"][0][0], VALID["any"][0][0]]]}
    assert [[(one.sentence, one.courses) for one in words] for words in asked_in_words(requires, TITLES)] == [
        [
            ("Je hebt eerst deze training gevolgd:", (("ek-1", "EK-1"),)),
            ("Je hebt minstens 2 conferenties begeleid.", ()),
        ],
        [
            ("Je hebt minstens 2 van deze trainingen gevolgd:", (("a", "Alfa"), ("b", "Bèta"), ("c", "Gamma"))),
            ("Je hebt deze training gevolgd, hoogstens 24 maanden voor de eerste dag:", (("ek-1", "EK-1"),)),
        ],
    ]

"""The canonical text of a certificate's facts: complete, always the same, read back as it was."""

import dataclasses
import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.documents.certificate import CertificateFacts, facts_from_json, facts_to_json
from tests.documents.sample_certificates import FOR_THE_WHOLE_ONLY, INFORMAL_NETWORK, MODULES, PARTIAL, WHOLE, both, skj


@pytest.mark.parametrize("facts", [WHOLE, PARTIAL, INFORMAL_NETWORK, FOR_THE_WHOLE_ONLY])
def test_facts_come_back_as_they_were(facts: CertificateFacts) -> None:
    assert facts_from_json(facts_to_json(facts)) == facts
    assert facts_to_json(facts_from_json(facts_to_json(facts))) == facts_to_json(facts)


def test_the_text_holds_every_fact_in_one_order() -> None:
    text = facts_to_json(WHOLE)
    assert sorted(json.loads(text)) == sorted([field.name for field in dataclasses.fields(WHOLE)] + ["form"])
    assert text.isascii()
    assert text.startswith('{"attendance_percent":100,"check_url":"https://leerkring.example/c/WZVG7P835YDXZP",')
    assert '"held_on":"2027-03-04"' in text


def test_equal_points_have_equal_text() -> None:
    texts = {
        facts_to_json(dataclasses.replace(WHOLE, registers=(skj(p),))) for p in (19, Decimal(19), Decimal("19.00"))
    }
    assert len(texts) == 1
    half = dataclasses.replace(
        WHOLE,
        rows=(dataclasses.replace(MODULES[0], points=both(Decimal("3.50"))),),
        registers=(skj(Decimal("3.5")),),
    )
    assert '"points":"3.5"' in facts_to_json(half)
    assert facts_from_json(facts_to_json(half)) == half
    ten = dataclasses.replace(WHOLE, registers=(skj(Decimal("1E+1")),))
    assert facts_from_json(facts_to_json(ten)).registers[0].points == 10


def test_every_change_changes_the_text() -> None:
    others = [
        dataclasses.replace(WHOLE, issued_on=date(2027, 4, 17)),
        dataclasses.replace(WHOLE, holder_name="Dewi Hardjo "),
        dataclasses.replace(WHOLE, rows=WHOLE.rows[::-1]),
        dataclasses.replace(WHOLE, registers=WHOLE.registers[:1]),
        dataclasses.replace(WHOLE, language="en"),
    ]
    assert len({facts_to_json(facts) for facts in [WHOLE, *others]}) == 6


@given(st.text(st.characters(codec=None)), st.lists(st.text(st.characters(codec=None)), max_size=3))
def test_any_text_survives(name: str, trainers: list[str]) -> None:
    facts = dataclasses.replace(WHOLE, holder_name=name, trainers=tuple(trainers))
    assert facts_from_json(facts_to_json(facts)) == facts


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"form":2}', facts_to_json(WHOLE).replace("holder_name", "holder")])
def test_what_is_not_facts_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        facts_from_json(text)

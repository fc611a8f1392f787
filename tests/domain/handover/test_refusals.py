"""What the office pastes back: numbers with reasons, in the registers' words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.handover.refusals import SaidNo, read_pasted, reason_in
from portal.domain.handover.rules import Refusal


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("Onjuiste kamer", Refusal.WRONG_CHAMBER),
        ("Professional is niet geregistreerd in de juiste KAMER", Refusal.WRONG_CHAMBER),
        ("Registratienummer onbekend", Refusal.UNKNOWN_NUMBER),
        ("Nummer  niet\tgevonden", Refusal.UNKNOWN_NUMBER),
        ("Persoon staat niet meer in het register", Refusal.NOT_REGISTERED),
        ("Registratie is geschorst", Refusal.NOT_REGISTERED),
        ("Presentie reeds ingevoerd", Refusal.ALREADY_THERE),
        ("Storing", Refusal.OTHER),
        ("", Refusal.OTHER),
    ],
)
def test_the_reason_in_a_registers_words(words: str, reason: Refusal):
    assert reason_in(words) == reason


@pytest.mark.parametrize(
    ("text", "found", "unread"),
    [
        ("110001; onjuiste kamer", [SaidNo("110001", Refusal.WRONG_CHAMBER, "onjuiste kamer")], []),
        ("110001\tOnbekend nummer", [SaidNo("110001", Refusal.UNKNOWN_NUMBER, "Onbekend nummer")], []),
        ("1100 01 - reeds bekend", [SaidNo("110001", Refusal.ALREADY_THERE, "reeds bekend")], []),
        ("110001", [SaidNo("110001", Refusal.OTHER, "")], []),
        (
            "\n 110001 : x\r\n\r\n110002 y \n",
            [SaidNo("110001", Refusal.OTHER, "x"), SaidNo("110002", Refusal.OTHER, "y")],
            [],
        ),
        ("110001 x\n110001 kamer", [SaidNo("110001", Refusal.WRONG_CHAMBER, "kamer")], []),
        (
            "Dewi Hardjo; onjuiste kamer\n110001 x",
            [SaidNo("110001", Refusal.OTHER, "x")],
            ["Dewi Hardjo; onjuiste kamer"],
        ),
        ("", [], []),
    ],
)
def test_pasted_lines_are_read(text: str, found: list[SaidNo], unread: list[str]):
    assert read_pasted(text) == (found, unread)


@given(st.text(max_size=200))
def test_nothing_that_is_pasted_is_lost_or_breaks(text: str):
    found, unread = read_pasted(text)
    assert all(one.number and len(one.words) <= 300 for one in found)
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(unread) + len(found) <= len(lines)
    assert bool(found or unread) == bool(lines)

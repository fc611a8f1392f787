"""The words of the web service: what is written, and everything that may come back."""

from datetime import date

import lxml.etree
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.handover import pe_service
from portal.domain.handover.pe_online import (
    MOST_BYTES,
    Account,
    Answer,
    Attended,
    Fault,
    RowRefused,
    attended,
    read_answer,
    to_xml,
)
from portal.domain.handover.rules import Refusal
from tests.plugins.pe_online import SENTENCES, StandIn

ACCOUNT = Account("12345", "geheime-sleutel", "321")
ROWS = [attended(number, "456789", 7, 21, "2026-03-05") for number in ("46101", "46102", "46103")]


def summary(accepted: int | str, rejected: int | str, further: str = "") -> bytes:
    counts = f"<accepted_rows>{accepted}</accepted_rows><rejected_rows>{rejected}</rejected_rows>"
    return f"<Summary><Results>{counts}</Results>{further}</Summary>".encode()


def error(words: str, number: str = "100") -> str:
    return f"<Error><errorNR>{number}</errorNR><errorMsg>{words}</errorMsg></Error>"


def yes(*numbers: str) -> str:
    return "".join(f"<Accepted><person>{number}</person></Accepted>" for number in numbers)


def test_a_call_says_who_was_where():
    entry = lxml.etree.fromstring(to_xml(ACCOUNT, ROWS[:1]))
    assert entry.tag == "Entry"
    assert {each.tag: each.text for each in entry.find("Settings")} == {
        "userID": "12345",
        "userRole": "EDU",
        "userKey": "geheime-sleutel",
        "orgID": "321",
        "settingOutput": "1",
        "languageID": "1",
        "defaultLanguageID": "1",
    }
    assert [{each.tag: each.text for each in row} for row in entry.findall("Attendance")] == [
        {
            "PECourseID": "456789",
            "externalEditionID": "LK-7",
            "externalMeetingID": "LK-B21",
            "externalPersonID": "46101",
            "endDate": "2026-03-05T00:00:00",
        }
    ]


def test_a_training_without_a_number_of_theirs_goes_under_our_code_and_as_a_whole_without_a_meeting():
    row = attended("46101", "LK-A3", 7, None, "2026-03-05")
    entry = lxml.etree.fromstring(to_xml(ACCOUNT, [row]))
    found = {each.tag: each.text for each in entry.find("Attendance")}
    assert found["externalCourseID"] == "LK-A3"
    assert "PECourseID" not in found
    assert "externalMeetingID" not in found


def test_a_call_holds_a_thousand_rows_and_no_more():
    assert to_xml(ACCOUNT, ROWS[:1] * 1000)
    with pytest.raises(ValueError, match="1001"):
        to_xml(ACCOUNT, ROWS[:1] * 1001)


def test_the_key_is_in_no_text_of_an_account():
    assert "geheime" not in repr(ACCOUNT)


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=30))
def test_whatever_stands_in_a_number_stays_in_its_element(number: str):
    row = Attended(number, "1", True, "LK-7", "", date(2026, 3, 5))
    try:
        entry = lxml.etree.fromstring(to_xml(ACCOUNT, [row]))
    except lxml.etree.XMLSyntaxError:
        # Signs that XML has no place for, such as U+FFFF.
        return
    assert entry.findtext("Attendance/externalPersonID") == number
    assert len(entry) == 2


UNKNOWN = RowRefused(Refusal.UNKNOWN_NUMBER, "Persoon onbekend: 46102")
CHAMBER = RowRefused(Refusal.WRONG_CHAMBER, "Onjuiste kamer")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (summary(3, 0), Answer((True, True, True))),
        (summary(2, 1, error("Persoon onbekend: 46102") + yes("46101", "46103")), Answer((True, UNKNOWN, True))),
        # The accepted are not listed: who is named refused is, and the counts settle the others.
        (summary(2, 1, error("Persoon onbekend: 46102")), Answer((True, UNKNOWN, True))),
        # The refused are not named: they are who is not listed.
        (summary(1, 2, error("Onjuiste kamer") + yes("46101")), Answer((True, CHAMBER, CHAMBER))),
        (summary(0, 3, error("Onjuiste kamer")), Answer((CHAMBER, CHAMBER, CHAMBER))),
        # Nobody is named: then it is not known who.
        (summary(2, 1, error("Onjuiste kamer")), Answer((None, None, None))),
        # More are named than are counted: then nothing is certain.
        (summary(2, 1, error("46101 onbekend") + error("46102 onbekend")), Answer((None, None, None))),
        (summary(2, 2), Answer(fault=Fault.NOT_UNDERSTOOD)),
        (summary("", ""), Answer(fault=Fault.NOT_UNDERSTOOD)),
        (summary("²", "0"), Answer(fault=Fault.NOT_UNDERSTOOD)),
        (summary(-1, 4), Answer(fault=Fault.NOT_UNDERSTOOD)),
        (b"", Answer(fault=Fault.NOT_UNDERSTOOD)),
        (b"<Summary>", Answer(fault=Fault.NOT_UNDERSTOOD)),
        (b"<html><body>Onderhoud</body></html>", Answer(fault=Fault.NOT_UNDERSTOOD)),
        (b" " * (MOST_BYTES + 1), Answer(fault=Fault.NOT_UNDERSTOOD)),
        (b'<?xml version="1.0" encoding="klingon"?><Summary/>', Answer(fault=Fault.NOT_UNDERSTOOD)),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', Answer(fault=Fault.NOT_UNDERSTOOD)),
    ],
)
def test_what_an_answer_says_of_each_row(body: bytes, expected: Answer):
    assert read_answer(body, ROWS) == expected


@pytest.mark.parametrize("number", SENTENCES)
def test_every_documented_error_is_known(stand_in: StandIn, number: str):
    stand_in.fault = number
    assert pe_service.send(stand_in.settings, ROWS) == Answer(fault=Fault(number))
    assert stand_in.taken == []


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(body: bytes):
    assert read_answer(body, ROWS).fault == Fault.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    ("mood", "fault"),
    [
        ("lose", Fault.UNREACHABLE),
        ("cut", Fault.UNREACHABLE),
        ("redirect", Fault.UNREACHABLE),
        ("broken", Fault.UNREACHABLE),
        ("nonsense", Fault.NOT_UNDERSTOOD),
        ("huge", Fault.NOT_UNDERSTOOD),
        ("bomb", Fault.NOT_UNDERSTOOD),
        ("wrapped", None),
        ("", None),
    ],
)
def test_what_goes_wrong_on_the_way_is_a_fault_of_its_own(stand_in: StandIn, mood: str, fault: Fault | None):
    stand_in.mood = mood
    answer = pe_service.send(stand_in.settings, ROWS)
    assert answer.fault == fault
    assert answer.rows == (() if fault else (True, True, True))


@pytest.mark.parametrize("mood", ["hang", "drip"])
def test_who_takes_too_long_is_not_waited_for(stand_in: StandIn, mood: str):
    stand_in.mood = mood
    assert pe_service.send(stand_in.settings, ROWS, within=0.5) == Answer(fault=Fault.UNREACHABLE)


def test_where_nobody_listens_is_unreachable(stand_in: StandIn):
    settings = stand_in.settings
    stand_in.stop()
    assert pe_service.send(settings, ROWS) == Answer(fault=Fault.UNREACHABLE)

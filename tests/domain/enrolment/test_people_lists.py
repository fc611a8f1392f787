"""Which column of a list holds what, and what is said about a cell that is not right."""

import io
import time

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from portal.domain.enrolment.people_lists import (
    MOST_PEOPLE,
    Listed,
    as_json,
    changed,
    from_json,
    read_list,
    wrong_cells,
)
from portal.errors import Refused

BSN = "111222333"


@pytest.fixture(autouse=True)
def sentences(portal: Flask):
    """Sentences are put together in the language of the page."""
    with portal.app_context():
        yield


def people(text: str) -> list[tuple[str, str, str, str, str]]:
    return [(p.name, p.email, p.employer, p.skj, p.registerplein) for p in read_list(text=text).people]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Naam;E-mail\nJan Smit;jan@zorg.example", ("Jan Smit", "jan@zorg.example", "", "", "")),
        ("E-MAILADRES *\tVolledige naam\njan@zorg.example\tJan Smit", ("Jan Smit", "jan@zorg.example", "", "", "")),
        (
            "Voornaam;Tussenvoegsel;Achternaam;Mail;Organisatie;Team\nJan;de;Smit;jan@zorg.example;De Brug;Noord",
            ("Jan de Smit", "jan@zorg.example", "De Brug, Noord", "", ""),
        ),
        (
            "First name,Last name,E-mail address,Employer,SKJ number,Registerplein number\n"
            "Jan,Smit,jan@zorg.example,De Brug,110 024 518,4610.0001",
            ("Jan Smit", "jan@zorg.example", "De Brug", "110 024 518", "4610.0001"),
        ),
        ("Deelnemers najaar;;\n;;\nNaam;Werk e-mail;E-mail (werk)\nJan Smit;;jan@zorg.example",
         ("Jan Smit", "jan@zorg.example", "", "", "")),
        ("Jan Smit;jan@zorg.example;De Brug", ("Jan Smit", "jan@zorg.example", "De Brug", "", "")),
        ("Jan\tSmit\tjan@zorg.example\tDe Brug", ("Jan Smit", "jan@zorg.example", "De Brug", "", "")),
        ("Jan Smit\tDe Brug\tjan@zorg.example", ("Jan Smit", "jan@zorg.example", "De Brug", "", "")),
        ("jan@zorg.example\tJan Smit\t110024518\t46100001", ("Jan Smit", "jan@zorg.example", "", "110024518",
                                                              "46100001")),
        ("Jan Smit <jan@zorg.example>", ("Jan Smit", "jan@zorg.example", "", "", "")),
        ('"Smit, Jan" <jan@zorg.example>;', ("Smit, Jan", "jan@zorg.example", "", "", "")),
        ("naam;e-mail\nعلي حسن;ali@zorg.example", ("علي حسن", "ali@zorg.example", "", "", "")),
        ("ｎａａｍ；;Ｅ－ｍａｉｌ\nＪａｎ;ｊａｎ＠ｚｏｒｇ.example", ("Ｊａｎ", "jan@zorg.example", "", "", "")),
        ("Naam;E-mail\n Jan\u00a0 Smit ;\u200bjan@zorg.example\u00a0", ("Jan Smit", "jan@zorg.example", "", "", "")),
        ("Naam;E-mail\n=CMD();mailto:jan@zorg.example", ("=CMD()", "jan@zorg.example", "", "", "")),
    ],
)  # fmt: skip
def test_the_columns_are_found_by_their_words_or_by_what_they_hold(text: str, first: tuple[str, ...]):
    assert people(text)[0] == first


def test_empty_rows_are_left_out_and_lines_are_those_of_the_list():
    found = read_list(text="Naam;E-mail\n;;\nJan;jan@zorg.example\n \t;\nEls;els@zorg.example")
    assert [(person.line, person.name) for person in found.people] == [(3, "Jan"), (5, "Els")]


def test_columns_that_are_not_asked_are_named_and_never_kept():
    found = read_list(text=f"Naam;Geboortedatum;BSN;E-mail\nJan;1-1-1980;{BSN};jan@zorg.example")
    assert found.unread == ("Geboortedatum", "BSN")
    assert BSN not in str(as_json(found.people))
    assert "1980" not in str(as_json(found.people))


@pytest.mark.parametrize("typed", [BSN, "111 222 333", "111.222.333", "１１１２２２３３３", f"(bsn {BSN})"])
@pytest.mark.parametrize("column", ["Naam", "SKJ", "Registerplein", "Werkgever"])
def test_a_citizen_service_number_is_emptied_and_said(column: str, typed: str):
    found = read_list(text=f"E-mail;{column}\njan@zorg.example;{typed}")
    assert BSN not in "".join(filter(str.isdigit, str(as_json(found.people))))
    (cells,) = wrong_cells(found.people).values()
    assert any("burgerservicenummer" in sentence for sentence in cells.values())


def test_nine_digits_in_an_address_are_part_of_the_address():
    assert people(f"Naam;E-mail\nJan;jan{BSN}@zorg.example")[0][1] == f"jan{BSN}@zorg.example"


def test_typing_one_again_is_not_kept_either_and_emptying_it_is_right():
    person = Listed(2, "Jan", "jan@zorg.example", emptied=("skj",))
    again = changed(person, {"skj": BSN})
    assert (again.skj, again.emptied) == ("", ("skj",))
    assert wrong_cells([changed(again, {"skj": ""})]) == {}
    assert wrong_cells([changed(again, {"skj": "110024518"})]) == {}


@pytest.mark.parametrize(
    ("row", "cell", "sentence"),
    [
        (";jan@zorg.example", "name", "Vul de naam in"),
        ("Kijk op www.evil.example/x;jan@zorg.example", "name", "Vul de naam in zonder webadres"),
        ("jan@thuis.example;jan@zorg.example", "name", "Vul de naam in zonder webadres"),
        ("Jan;jan@zorg", "email", "Vul het e-mailadres in zoals naam@organisatie.nl"),
        ("Jan;", "email", "Vul het e-mailadres in zoals naam@organisatie.nl"),
        ("Jan;jan@x.example, els@x.example", "email", "Vul het e-mailadres in zoals naam@organisatie.nl"),
        ("Jan;jan@x.example\u2028Bcc: els@x.example", "email", "Vul het e-mailadres in zoals naam@organisatie.nl"),
        ("Els;ELS@zorg.example", "email", "Dit e-mailadres staat ook op regel 2"),
        (f"{'J' * 201};jan@zorg.example", "name", "Houd dit onder de 200 tekens"),
    ],
)
def test_what_is_not_right_is_said_at_its_cell(row: str, cell: str, sentence: str):
    found = read_list(text=f"Naam;E-mail\nEls Vos;els@zorg.example\n{row}")
    assert wrong_cells(found.people) == {3: {cell: sentence}}


def test_mending_the_cells_makes_it_right():
    person = Listed(2, "", "jan@zorg", "De Brug")
    mended = changed(person, {"name": "Jan", "email": "ｊａｎ@zorg.example", "number": "1"})
    assert (mended.name, mended.email, mended.employer) == ("Jan", "jan@zorg.example", "De Brug")
    assert wrong_cells([mended]) == {}
    assert from_json(as_json([mended])) == (mended,)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"text": " \n "}, "De lijst is leeg"),
        ({"text": "Jan Smit\nEls Vos"}, "We vinden geen e-mailadressen"),
        ({"text": "Naam;Telefoon\nJan;06"}, "We vinden geen e-mailadressen"),
        ({"text": "Naam;E-mail\n;"}, "Er staan geen mensen in de lijst"),
        ({"data": b"%PDF-1.7"}, "Dit is geen lijst"),
    ],
)
def test_a_list_that_cannot_be_read_says_what_to_do(given: dict[str, object], sentence: str):
    with pytest.raises(Refused) as refused:
        read_list(**given)  # type: ignore[arg-type]
    assert refused.value.sentence.startswith(sentence)
    assert refused.value.field == ("file" if "data" in given else "people")


def test_as_many_as_may_be_are_read_and_one_more_is_too_many():
    rows = [f"Jan {number};jan{number}@zorg.example" for number in range(MOST_PEOPLE + 1)]
    assert len(people("\n".join(rows[:-1]))) == MOST_PEOPLE
    with pytest.raises(Refused, match=f"hoogstens {MOST_PEOPLE} mensen"):
        read_list(text="\n".join(rows))


def test_ten_thousand_rows_are_refused_at_once():
    made = Workbook(write_only=True)
    sheet = made.create_sheet()
    for number in range(10_000):
        sheet.append([f"Jan {number}", f"jan{number}@zorg.example"])
    buffer = io.BytesIO()
    made.save(buffer)
    started = time.process_time()
    with pytest.raises(Refused, match="hoogstens"):
        read_list(data=buffer.getvalue())
    assert time.process_time() - started < 1


@given(st.text(st.characters(), max_size=300))
@example("@")
@example(";@;\n@")
@example("E-mail;naam;naam\n\n@;a;b;c")
@example("Naam;E-mail\n" + '"' * 5)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_is_a_list_or_refused(text: str):
    try:
        found = read_list(text=text)
    except Refused:
        return
    assert from_json(as_json(found.people)) == found.people
    wrong_cells(found.people)


@given(st.lists(st.lists(st.sampled_from(["Naam", "E-mail", "a@b.example", "Jan", "4610", BSN, "", "=1"]), max_size=5)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_table_is_a_list_or_refused(rows: list[list[str]]):
    try:
        found = read_list(text="\n".join(";".join(row) for row in rows))
    except Refused:
        return
    assert BSN not in str(as_json(found.people))
    assert {person.line for person in found.people} <= set(range(1, len(rows) + 1))

"""The list on paper: what it says, how many fit on a page, that screen readers accept it, that no name fails it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from flask import Flask

from portal.documents.attendance_list import ListedPerson, ListFacts, render_list
from portal.language import speaking
from tests.documents.pdf_judges import facts_of, fonts_of, judge, qr_codes_of, text_of

ADDRESS = "https://leerkring.example/bijeenkomsten/7/presentie"
LIST = ListFacts(
    number="PL-27-14-2",
    address=ADDRESS,
    issuer="Stichting Eigen Kracht Centrale",
    course_title="SamenKracht",
    module_position=2,
    module_title="De kring vergroten in complexe situaties",
    starts_at=datetime(2027, 3, 18, 8, 30, tzinfo=UTC),
    ends_at=datetime(2027, 3, 18, 12, 0, tzinfo=UTC),
    contact_minutes=210,
    venue="Buurthuis De Schakel, Zwolle",
    trainers=("Noor van Dijk", "Samir Haddou"),
    registers=("SKJ: 4 punten, accreditatie-ID 123456",),
    people=(
        ListedPerson(name="Amira el Khatib", organisation="Wijkteam Assendorp", numbers=("SKJ …501",)),
        ListedPerson(name="Bram Postma"),
    ),
    printed_at=datetime(2027, 3, 17, 15, 2, tzinfo=UTC),
)
HEAD = "Nr Naam en organisatie Registratienummer In Uit Handtekening"
PrintPdf = Callable[[ListFacts], Path]


@pytest.fixture
def print_pdf(app: Flask, tmp_path: Path) -> PrintPdf:
    def printed(facts: ListFacts) -> Path:
        path = tmp_path / "list.pdf"
        path.write_bytes(render_list(facts))
        return path

    return printed


def people(number: int) -> tuple[ListedPerson, ...]:
    return tuple(
        ListedPerson(name=f"Deelnemer {place}", organisation="Jeugdzorg Noord", numbers=("SKJ …501", "Registerplein"))
        for place in range(1, number + 1)
    )


def test_it_says_all_that_accreditors_ask_and_leaves_room_for_who_just_comes_in(print_pdf: PrintPdf) -> None:
    assert text_of(print_pdf(LIST)) == [
        "Presentielijst SamenKracht, dagdeel 2",
        "De kring vergroten in complexe situaties",
        "Donderdag 18 maart 2027, 09.30 – 13.00 uur (3,5 contacturen)",
        "Buurthuis De Schakel, Zwolle. Trainers: Noor van Dijk, Samir Haddou",
        "SKJ: 4 punten, accreditatie-ID 123456",
        HEAD,
        "1 Amira el Khatib",
        "Wijkteam Assendorp",
        "SKJ …501",
        "2 Bram Postma",
        "3",
        "4",
        "5",
        "Handtekening trainer Bijzonderheden",
        "Presentielijst PL-27-14-2, geprint 17 maart 2027 om 16.02 Pagina 1 van 1",
    ]


def test_fourteen_people_fit_on_one_page(print_pdf: PrintPdf) -> None:
    pdf = print_pdf(replace(LIST, people=people(14), registers=LIST.registers * 2))
    assert facts_of(pdf)["Pages"] == "1"
    assert text_of(pdf).count(HEAD) == 1


def test_sixty_people_have_the_head_on_every_page_and_the_signature_on_the_last(print_pdf: PrintPdf) -> None:
    pdf = print_pdf(replace(LIST, people=people(60)))
    assert facts_of(pdf)["Pages"] == "3"
    for number in ("1", "2", "3"):
        text = judge("pdftotext", "-raw", "-f", number, "-l", number, pdf, "-")
        assert text.count(HEAD) == 1
        assert f"Pagina {number} van 3" in text
        assert ("Presentielijst SamenKracht, dagdeel 2, 18 maart 2027" in text) == (number != "1")
        assert ("Handtekening trainer" in text) == (number == "3")
    named = [line for line in text_of(pdf) if "Deelnemer" in line]
    assert named == [f"{place} Deelnemer {place}" for place in range(1, 61)]


def test_rows_are_high_enough_to_sign_in(print_pdf: PrintPdf) -> None:
    pdf = print_pdf(replace(LIST, people=people(20)))
    words = judge("pdftotext", "-bbox", pdf, "-").splitlines()
    tops = [float(line.split('yMin="')[1].split('"')[0]) for line in words if ">Deelnemer<" in line]
    heights = [(lower - upper) / 72 * 25.4 for upper, lower in pairwise(tops)]
    assert heights == pytest.approx([9.6] * 19, abs=0.05)


def test_a_finished_list_says_what_was_and_has_nothing_left_to_sign(print_pdf: PrintPdf) -> None:
    marked = (ListedPerson(name="Amira", mark="Te laat, 10 minuten"), ListedPerson(name="Bram", mark="Afwezig"))
    text = text_of(print_pdf(replace(LIST, people=marked, signed="Afgerond en getekend door Noor van Dijk.")))
    assert text[5:11] == [
        HEAD,
        "1 Amira Te laat, 10 minuten",
        "2 Bram Afwezig",
        "Afgerond en getekend door Noor van Dijk.",
        "Bijzonderheden",
        "Presentielijst PL-27-14-2, geprint 17 maart 2027 om 16.02 Pagina 1 van 1",
    ]


def test_archives_and_screen_readers_accept_it(print_pdf: PrintPdf) -> None:
    pdf = print_pdf(replace(LIST, people=people(60)))
    judge("qpdf", "--check", pdf)
    said = facts_of(pdf)
    assert {key: said[key] for key in ("Title", "Author", "Tagged", "Page size", "JavaScript", "Encrypted")} == {
        "Title": "Presentielijst SamenKracht, dagdeel 2",
        "Author": "Stichting Eigen Kracht Centrale",
        "Tagged": "yes",
        "Page size": "595.276 x 841.89 pts (A4)",
        "JavaScript": "no",
        "Encrypted": "no",
    }
    assert fonts_of(pdf)
    assert all(fonts_of(pdf).values())
    structure = judge("pdfinfo", "-struct-text", pdf)
    assert (structure.count("H1 "), structure.count("TH <")) == (1, 6)
    with pikepdf.open(pdf) as opened:
        assert str(opened.Root.Lang) == "nl"
        spoken = [
            str(thing.Alt) for thing in opened.objects if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing
        ]
        assert spoken == [f"QR-code: de presentielijst op {ADDRESS}"]
        with opened.open_metadata() as meta:
            assert (meta.pdfa_status, meta["pdfuaid:part"]) == ("2B", "1")


def test_the_code_leads_to_the_list_on_the_screen(print_pdf: PrintPdf) -> None:
    assert qr_codes_of(print_pdf(LIST)) == [(ADDRESS, "Q")]


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Şule Yılmaz-Škrabáková van den Bogaard", "1 Şule Yılmaz-Škrabáková van den Bogaard"),
        ("#let x = 1; *vet* _schuin_ $x^2$", "1 #let x = 1; *vet* _schuin_ $x^2$"),
        ("Noor 😀", "1 Noor \ufffd"),
        ("Юлия Ковальчук", "1 Юлия Ковальчук"),
    ],
)
def test_a_name_is_printed_as_it_is_whatever_it_is(print_pdf: PrintPdf, name: str, printed: str) -> None:
    pdf = print_pdf(replace(LIST, people=(ListedPerson(name=name, organisation=name),)))
    assert printed in text_of(pdf)
    assert all(fonts_of(pdf).values())


@pytest.mark.parametrize("name", ["محمد علي", "דוד כהן", "Naam " * 40, "A" * 200, "😀" * 200, "\u202e\u200b"])
def test_no_name_keeps_a_list_from_being_printed(print_pdf: PrintPdf, name: str) -> None:
    pdf = print_pdf(replace(LIST, people=(ListedPerson(name=name, organisation=name), *people(13))))
    judge("qpdf", "--check", pdf)
    assert "14 Deelnemer 13" in text_of(pdf)


def test_in_english_it_is_english_and_says_so(app: Flask, tmp_path: Path) -> None:
    with speaking("en"):
        data = render_list(LIST)
    (tmp_path / "list.pdf").write_bytes(data)
    text = text_of(tmp_path / "list.pdf")
    assert text[0] == "Attendance list SamenKracht, session 2"
    assert "No. Name and organisation Registration number In Out Signature" in text
    with pikepdf.open(tmp_path / "list.pdf") as opened:
        assert str(opened.Root.Lang) == "en"


def test_the_same_facts_give_the_same_bytes(app: Flask) -> None:
    assert render_list(LIST) == render_list(LIST)

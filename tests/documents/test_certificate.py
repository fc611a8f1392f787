"""The certificate as a PDF: what it says, that archives and screen readers accept it, that no name fails it."""

import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.documents import certificate, certificate_words
from portal.documents.certificate import CertificateFacts, RegisterPoints, render_certificate
from portal.documents.press import Press
from tests.documents.pdf_judges import facts_of, fonts_of, judge, qr_codes_of, text_of
from tests.documents.sample_certificates import (
    CODE,
    FOR_THE_WHOLE_ONLY,
    INFORMAL_NETWORK,
    MODULES,
    PARTIAL,
    WHOLE,
    both,
    registerplein,
    skj,
)

PrintPdf = Callable[[CertificateFacts], Path]

TEMPLATE = Path(certificate.__file__).with_name("certificate.typ")
NAMES = [
    "Şule Yılmaz-Škrabáková van den Bogaard",
    "Nguyễn Thị Ánh",
    "Jean-Éric D'Angélo",
    "Ó Briain",
    "Αλέξανδρος Παπαδόπουλος",
    "Юлия Ковальчук",
]
MARKUP = [
    '=HYPERLINK("http://x.example";"klik")',
    "#let x = 1; #panic() *vet* _schuin_ $x^2$ @ref <label>",
    "</svg><script>alert(1)</script>",
    '"]; #read("/etc/passwd")',
    "a@x, b@x",
]


@pytest.fixture
def print_pdf(tmp_path: Path) -> PrintPdf:
    def printed(facts: CertificateFacts) -> Path:
        path = tmp_path / "certificate.pdf"
        path.write_bytes(render_certificate(facts))
        return path

    return printed


def test_a_whole_training_says_all_that_registers_ask(print_pdf: PrintPdf) -> None:
    assert text_of(print_pdf(WHOLE)) == [
        "Leerkring",
        "Trainingen van de Eigen Kracht Centrale",
        "Certificaat van deelname",
        "Dewi Hardjo",
        "volgde de volledige training SamenKracht en maakt de kring groter.",
        "19 punten",
        "SKJ, Kwaliteitsregister Jeugd",
        "Accreditatie-ID 123456",
        "Geldig 1 jan 2025 t/m 31 dec 2027",
        "Registratienummer deelnemer 110024518",
        "19 punten",
        "Registerplein",
        "Accreditatie-ID 654321",
        "Dagdeel Datum Contacturen Punten",
        "1. Maak de kring groter do 4 mrt 2027 3,5 4",
        "2. Kring vergroten in complexe situaties do 18 mrt 2027 3,5 4",
        "3. Kringvergroting met creatieve middelen do 1 apr 2027 3,5 5",
        "4. Het faciliteren en organiseren van familiegroepsbijeenkomsten do 15 apr 2027 3,5 6",
        "Totaal, 100% aanwezig 14 19",
        "Op locatie gegeven. Daarnaast 3 uur voorbereiding.",
        "Je kunt nu de kring groter maken in complexe situaties.",
        "Noor van Dijk",
        "Trainer",
        "Hedda van Lieshout",
        "Bestuurder, Zwolle, 16 april 2027",
        "Controleer dit certificaat",
        "leerkring.example/c/",
        "WZVG7-P835-YDXZP",
        "Certificaat EKC-2027-000123",
        "Stichting Eigen Kracht Centrale,",
        "KvK 28094820",
        "CRKBO Register Instellingen",
    ]


def test_two_dagdelen_of_four_say_which_and_for_how_many_points(print_pdf: PrintPdf) -> None:
    text = text_of(print_pdf(PARTIAL))
    assert text[2:5] == [
        "Bewijs van deelname, dagdeel 1 en 3, 9 punten",
        "Dewi Hardjo",
        "volgde dagdeel 1 en 3 van de training SamenKracht en maakt de kring groter.",
    ]
    assert [line for line in text if line.startswith(("2.", "4.", "Totaal", "Op locatie"))] == [
        "Totaal, 100% aanwezig 7 9",
        "Op locatie gegeven. Daarnaast 1,5 uur voorbereiding.",
    ]


def test_a_short_training_for_one_register_shows_that_register_only(print_pdf: PrintPdf) -> None:
    text = text_of(print_pdf(INFORMAL_NETWORK))
    assert [line for line in text if "punt" in line.lower()] == ["3 punten", "Onderdeel Datum Contacturen Punten"]
    assert "1. Samenwerken met informeel netwerk di 4 jun 2024 2 3" in text
    assert not [line for line in text if "Registerplein" in line]
    assert not [line for line in text if line.startswith("Je kunt nu")]


def test_points_for_the_whole_stand_on_the_card_and_not_in_the_table(print_pdf: PrintPdf) -> None:
    text = text_of(print_pdf(FOR_THE_WHOLE_ONLY))
    assert "13 punten" in text
    assert "Dagdeel Datum Contacturen" in text
    assert "Totaal, 100% aanwezig 14" in text
    assert "Registerplein: telt niet mee, want de accreditatie gold tot en met 31 december 2024." in text


def test_registers_that_differ_each_have_their_column(print_pdf: PrintPdf) -> None:
    rows = tuple(replace(row, points=row.points[:1]) if row.position > 2 else row for row in MODULES)
    facts = replace(PARTIAL, rows=rows[1:3], registers=(skj(9), registerplein(Decimal("4.0"))))
    text = text_of(print_pdf(facts))
    assert "Bewijs van deelname, dagdeel 2 en 3, 9 punten SKJ, 4 punten Registerplein" in text
    assert "Dagdeel Datum Contacturen SKJ Registerplein" in text
    assert "3. Kringvergroting met creatieve middelen do 1 apr 2027 3,5 5 –" in text
    assert "Totaal, 100% aanwezig 7 9 4" in text


def test_one_point_and_half_points_are_written_as_people_do(print_pdf: PrintPdf) -> None:
    row = replace(MODULES[0], points=(RegisterPoints(register="SKJ", points=Decimal("3.50")),))
    text = text_of(print_pdf(replace(WHOLE, rows=(row,), registers=(skj(Decimal("3.50")), registerplein(1)))))
    assert [line for line in text if line.endswith(("punt", "punten"))] == ["3,5 punten", "1 punt"]


def test_an_english_certificate_is_english_throughout(print_pdf: PrintPdf) -> None:
    pdf = print_pdf(replace(PARTIAL, language="en", delivery="online", trainers=("Noor van Dijk", "Ó Briain")))
    text = text_of(pdf)
    for line in (
        "Proof of attendance, sessions 1 and 3, 9 points",
        "attended sessions 1 and 3 of the training SamenKracht and makes the circle",
        "bigger.",
        "Session Date Contact hours Points",
        "1. Maak de kring groter Thu 4 Mar 2027 3.5 4",
        "Total, 100% present 7 9",
        "Given online. In addition 1.5 hours of preparation.",
        "Noor van Dijk and Ó Briain",
        "Trainers",
        "Director, Zwolle, 16 April 2027",
        "Valid 1 Jan 2025 to 31 Dec 2027",
        "Check this certificate",
    ):
        assert line in text
    assert facts_of(pdf)["Title"] == "Proof of attendance, SamenKracht, Dewi Hardjo"
    with pikepdf.open(pdf) as opened:
        assert str(opened.Root.Lang) == "en"


@pytest.mark.parametrize("facts", [WHOLE, PARTIAL, INFORMAL_NETWORK, FOR_THE_WHOLE_ONLY, replace(WHOLE, registers=())])
def test_archives_and_screen_readers_accept_it(print_pdf: PrintPdf, facts: CertificateFacts) -> None:
    pdf = print_pdf(facts)
    judge("qpdf", "--check", pdf)
    said = facts_of(pdf)
    assert {key: said[key] for key in ("Tagged", "Pages", "PDF version", "Page size", "JavaScript", "Encrypted")} == {
        "Tagged": "yes",
        "Pages": "1",
        "PDF version": "1.7",
        "Page size": "841.89 x 595.276 pts (A4)",
        "JavaScript": "no",
        "Encrypted": "no",
    }
    assert said["Author"] == "Stichting Eigen Kracht Centrale"
    assert all(fonts_of(pdf).values())
    with pikepdf.open(pdf) as opened:
        assert str(opened.Root.Lang) == "nl"
        assert opened.Root.ViewerPreferences.DisplayDocTitle
        with opened.open_metadata() as meta:
            assert (meta.pdfa_status, meta["pdfuaid:part"]) == ("2B", "1")
            assert meta["xmp:CreateDate"] == meta["xmp:ModifyDate"] == "2027-04-16T00:00:00Z"


def test_a_screen_reader_hears_a_heading_a_table_with_heads_and_what_the_code_is(print_pdf: PrintPdf) -> None:
    structure = judge("pdfinfo", "-struct-text", print_pdf(WHOLE))
    assert structure.count("H1 ") == 1
    assert '"Dewi Hardjo"' in structure.partition("H1 ")[2].splitlines()[1]
    assert structure.count("TH <") == 4
    assert structure.count("TFoot") == 1
    with pikepdf.open(print_pdf(WHOLE)) as pdf:
        spoken = [str(thing.Alt) for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing]
    assert spoken == [f"QR-code: controleer dit certificaat op leerkring.example/c/{CODE}"]


def test_a_phone_reads_the_address_from_the_code(print_pdf: PrintPdf) -> None:
    ((address, level),) = qr_codes_of(print_pdf(WHOLE))
    assert address == f"https://leerkring.example/c/{CODE}"
    assert level in ("Q", "H")


def test_the_same_facts_give_the_same_bytes_and_others_do_not() -> None:
    bytes_of_whole = render_certificate(WHOLE)
    other = render_certificate(replace(WHOLE, issued_on=date(2027, 4, 17)))
    assert hashlib.sha256(render_certificate(WHOLE)).digest() == hashlib.sha256(bytes_of_whole).digest()
    assert other != bytes_of_whole
    fresh = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from tests.documents.sample_certificates import WHOLE;"
            "from portal.documents.certificate import render_certificate;"
            "sys.stdout.buffer.write(render_certificate(WHOLE))",
        ],
        capture_output=True,
        check=True,
    )
    assert fresh.stdout == bytes_of_whole


@pytest.mark.parametrize("name", NAMES)
def test_names_from_many_languages_are_printed_in_full(print_pdf: PrintPdf, name: str) -> None:
    pdf = print_pdf(replace(WHOLE, holder_name=name, trainers=(name,), director=name))
    text = text_of(pdf)
    assert text[3] == name
    assert [line for line in text if name in line] == [name, name, name]
    assert facts_of(pdf)["Title"] == f"Certificaat van deelname, SamenKracht, {name}"
    assert facts_of(pdf)["Pages"] == "1"


def test_the_heading_keeps_to_one_typeface(print_pdf: PrintPdf) -> None:
    latin = fonts_of(print_pdf(replace(WHOLE, holder_name="Nguyễn Thị Ánh")))
    assert list(latin) == [
        "BricolageGrotesque-Bold",
        "AtkinsonHyperlegibleNext-Regular",
        "AtkinsonHyperlegibleNext-Bold",
    ]
    assert "NotoSans-Bold" in fonts_of(print_pdf(replace(WHOLE, holder_name="Юлия Ковальчук")))


@pytest.mark.parametrize("name", ["محمد بن علي", "דוד לוי"])
def test_names_from_right_to_left_are_printed(print_pdf: PrintPdf, name: str) -> None:
    pdf = print_pdf(replace(WHOLE, holder_name=name))
    judge("qpdf", "--check", pdf)
    assert facts_of(pdf)["Title"].endswith(name)
    assert any(font.startswith(("NotoSansArabic", "NotoSansHebrew")) for font in fonts_of(pdf))


def test_signs_without_a_shape_are_replaced_and_never_fail_the_certificate(print_pdf: PrintPdf) -> None:
    assert text_of(print_pdf(replace(WHOLE, holder_name="Dewi 👩‍👩‍👧 王小明 Hardjo")))[3] == "Dewi � ��� Hardjo"


@pytest.mark.parametrize("text", MARKUP)
def test_markup_stays_text(print_pdf: PrintPdf, text: str) -> None:
    facts = replace(
        WHOLE, holder_name=text, course_title=text, trainers=(text,), director=text, learning_result=text, notes=(text,)
    )
    printed = "".join(text_of(print_pdf(facts))).replace(" ", "")
    assert printed.count(text.replace(" ", "")) == 6


def test_line_breaks_and_control_signs_do_not_reach_the_paper(print_pdf: PrintPdf) -> None:
    assert text_of(print_pdf(replace(WHOLE, holder_name="Dewi\r\nHar\x00djo\u202e \ud800")))[3] == "Dewi Hardjo �"


@pytest.mark.parametrize("name", ["x" * 200, "W" * 200, "Anna Bo " * 25])
def test_a_name_of_200_signs_stays_inside_its_column(print_pdf: PrintPdf, name: str) -> None:
    pdf = print_pdf(replace(WHOLE, holder_name=name))
    printed = "".join(text_of(pdf)).replace(" ", "").replace("\u200b", "")
    assert name.replace(" ", "") in printed
    boxes = judge("pdftotext", "-bbox", pdf, "-").splitlines()
    edges = [float(line.split('xMax="')[1].split('"')[0]) for line in boxes if "<word" in line and name[:4] in line]
    assert edges
    assert max(edges) <= (22 + 166) / 25.4 * 72 + 1


def test_a_training_of_thirty_modules_continues_on_a_second_page(print_pdf: PrintPdf) -> None:
    rows = tuple(replace(MODULES[0], position=number, points=both(1)) for number in range(1, 31))
    pdf = print_pdf(replace(WHOLE, rows=rows))
    assert facts_of(pdf)["Pages"] == "2"
    text = text_of(pdf)
    assert len([line for line in text if "Maak de kring groter" in line]) == 30
    assert text.count("WZVG7-P835-YDXZP") == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(codec=None), max_size=60))
def test_no_text_at_all_fails_a_certificate(text: str) -> None:
    facts = replace(WHOLE, holder_name=text, course_title=text, learning_result=text, place=text, number=text)
    assert render_certificate(facts).startswith(b"%PDF-1.7")


def test_threads_take_turns() -> None:
    expected = [render_certificate(replace(WHOLE, holder_name=f"Dewi {number}")) for number in range(8)]
    made: dict[int, bytes] = {}

    def work(number: int) -> None:
        made[number] = render_certificate(replace(WHOLE, holder_name=f"Dewi {number}"))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [made[number] for number in range(8)] == expected


def test_a_process_forked_after_printing_prints_too() -> None:
    program = """
import os, signal, sys
from tests.documents.sample_certificates import WHOLE
from portal.documents.certificate import render_certificate
before = render_certificate(WHOLE)
signal.alarm(20)  # a hanging process must not outlive the test
if os.fork() == 0:
    sys.exit(0 if render_certificate(WHOLE) == before else 1)
_child, status = os.wait()
print(status, render_certificate(WHOLE) == before)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "0 True\n"


def test_printing_goes_on_after_the_typesetter_died() -> None:
    press = Press(TEMPLATE)
    sheet = json.dumps(certificate_words.sheet(WHOLE))
    before = press.print(sheet)
    assert press.typesetter is not None
    press.typesetter.kill()

    assert press.print(sheet) == before
    press.end()


def test_what_typst_refuses_is_told_and_the_next_sheet_printed() -> None:
    press = Press(TEMPLATE)

    with pytest.raises(RuntimeError, match="JSON"):
        press.print("no sheet")

    assert press.print(json.dumps(certificate_words.sheet(WHOLE))).startswith(b"%PDF-")
    press.end()


def test_the_typesetter_does_not_see_the_settings_of_the_portal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_SECRET_KEY", "k" * 32)
    press = Press(TEMPLATE)
    press.print(json.dumps(certificate_words.sheet(WHOLE)))
    assert press.typesetter is not None

    seen = Path(f"/proc/{press.typesetter.pid}/environ").read_bytes()

    assert b"MALLOC_TRIM_THRESHOLD_" in seen
    assert b"PORTAL_SECRET_KEY" not in seen
    press.end()

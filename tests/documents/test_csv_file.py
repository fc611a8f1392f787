"""CSV files: read back what went in, and nothing starts a formula."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.documents.csv_file import csv_bytes


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_file_for_a_dutch_spreadsheet() -> None:
    data = csv_bytes(
        ["Naam", "Punten", "Datum"],
        [["Şule Yılmaz", 4, date(2027, 3, 4)], ["Ó Briain; Áine", Decimal("3.5"), None]],
    )
    assert data == ('\ufeffNaam;Punten;Datum\r\nŞule Yılmaz;4;2027-03-04\r\n"Ó Briain; Áine";3,5;\r\n'.encode())


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ('=HYPERLINK("http://x.example";"klik")', '\'=HYPERLINK("http://x.example";"klik")'),
        ("+31612345678", "'+31612345678"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'=1+1"),
        ("\r=1+1", "'=1+1"),
        ("\n=1+1", "'=1+1"),
        ("  =1+1", "'=1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("Jean-Éric D'Angélo", "Jean-Éric D'Angélo"),
        ("a@x, b@x", "a@x, b@x"),
        ("een\r\ntwee", "een  twee"),
    ],
)
def test_text_never_starts_a_formula(typed: str, written: str) -> None:
    assert read(csv_bytes(["=kop"], [[typed]])) == [["'=kop"], [written]]


def test_numbers_and_moments_stay_what_they_are() -> None:
    row = [-3, Decimal("-0.50"), True, False, datetime(2027, 3, 4, 9, 30, tzinfo=UTC)]
    assert read(csv_bytes(list("abcde"), [row]))[1] == ["-3", "-0,50", "ja", "nee", "2027-03-04 09:30"]


def test_a_row_of_another_width_is_refused() -> None:
    with pytest.raises(ValueError, match="2 cells under a header of 3"):
        csv_bytes(["a", "b", "c"], [["1", "2"]])


@given(st.lists(st.lists(st.text(st.characters(codec=None)), min_size=2, max_size=2)))
def test_any_text_gives_one_line_per_record_and_no_formula(rows: list[list[str]]) -> None:
    data = csv_bytes(["a", "b"], rows)
    assert data.count(b"\r\n") == len(rows) + 1
    back = read(data)
    assert len(back) == len(rows) + 1
    assert not [cell for row in back for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]

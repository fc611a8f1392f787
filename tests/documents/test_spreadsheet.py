"""Rows of text from what anybody may send: workbooks, separated values, pasted text."""

import contextlib
import io
import struct
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook

from portal.documents.spreadsheet import plain_cell, rows_of_file, rows_of_text
from portal.documents.unreadable import Fault, Unreadable

LISTED = [["Naam", "E-mail"], ["Şule Yılmaz", "sule@zorg.example"]]


def workbook(*rows: list[object], change: Callable[[Workbook], None] = lambda _made: None) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    change(made)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def with_entry(data: bytes, name: str, contents: bytes = b"x") -> bytes:
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, contents)
    return buffer.getvalue()


def locked(data: bytes) -> bytes:
    """The same with the flag for a password in every entry of the directory."""
    changed = bytearray(data)
    at = changed.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<H", changed, at + 8, 1)
        at = changed.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


def fault(data: bytes) -> Fault:
    with pytest.raises(Unreadable) as refused:
        list(rows_of_file(data))
    return refused.value.fault


@pytest.mark.parametrize(
    "data",
    [
        "Naam;E-mail\r\nŞule Yılmaz;sule@zorg.example\r\n".encode(),
        "Naam;E-mail\nŞule Yılmaz;sule@zorg.example".encode("utf-8-sig"),
        "Naam,E-mail\nŞule Yılmaz,sule@zorg.example\n".encode(),
        'Naam\tE-mail\n"Şule Yılmaz"\tsule@zorg.example\n'.encode("utf-16"),
        "Naam\tE-mail\nŞule Yılmaz\tsule@zorg.example\n".encode("utf-16-le"),
        "Naam\tE-mail\nŞule Yılmaz\tsule@zorg.example\n".encode("utf-16-be"),
        workbook(*LISTED),
    ],
    ids=["utf-8", "mark", "commas", "utf-16", "utf-16-le", "utf-16-be", "xlsx"],
)
def test_every_form_of_a_list_gives_the_same_rows(data: bytes):
    assert [[cell for cell in row if cell] for row in rows_of_file(data)] == LISTED


def test_what_windows_wrote_is_read_as_windows_wrote_it():
    assert list(rows_of_file("Naam;E-mail\nRené Größ – €;r@x.nl".encode("cp1252")))[1] == ["René Größ – €", "r@x.nl"]


def test_cells_become_the_text_that_one_sees():
    cells = [
        110024518,
        46100123.0,
        1.5,
        True,
        date(2027, 3, 4),
        datetime.fromisoformat("2027-03-04T09:30"),
        None,
        " a \n b ",
        "=1+1",
    ]
    (row,) = rows_of_file(workbook(cells))
    assert row[:9] == ["110024518", "46100123", "1.5", "ja", "2027-03-04", "2027-03-04 09:30", "", "a b", "=1+1"]


@pytest.mark.parametrize("text", ["=SUM(A1:A9)", "+31612345678", "-1", "@SUM(1)", '=HYPERLINK("http://evil")'])
def test_a_formula_is_the_text_that_it_is_written_in(text: str):
    assert next(rows_of_file(workbook([text])))[0] == text
    assert next(rows_of_text(f"{text}\tx"))[0] == text


def test_only_the_first_sheet_that_is_seen_is_read():
    def hide_the_first(made: Workbook) -> None:
        made.create_sheet("Zichtbaar").append(["ja@x.nl"])
        made.worksheets[0].sheet_state = "hidden"

    assert next(rows_of_file(workbook(["nee@x.nl"], change=hide_the_first)))[0] == "ja@x.nl"


def test_what_is_not_seen_is_taken_out_of_a_cell():
    assert plain_cell("\u202aŞule\u00a0\u200bYılmaz\u200f\x00 \u2028 ") == "Şule Yılmaz"
    assert plain_cell("علي حسن") == "علي حسن"
    assert plain_cell("e\u0301") == "é"


def test_a_comma_in_a_name_separates_nothing_when_semicolons_do():
    assert list(rows_of_text("Jansen, Piet; piet@x.nl\nSmit, Jan; jan@x.nl"))[1] == ["Smit, Jan", "jan@x.nl"]


def test_a_file_that_unpacks_to_a_hundred_megabytes_is_refused_by_its_directory():
    sheet = with_entry(workbook(*LISTED), "xl/worksheets/sheet2.xml", b" " * 100_000_000)
    assert len(sheet) < 200_000
    started = time.process_time()
    assert fault(sheet) == Fault.TOO_LARGE
    assert time.process_time() - started < 1


def test_a_directory_that_lies_about_the_size_unpacks_to_no_more_than_it_says():
    made = with_entry(workbook(), "xl/sharedStrings.xml", b" " * 15_000_000)
    lying = made.replace(struct.pack("<I", 15_000_000), struct.pack("<I", 1_000))
    started = time.process_time()
    with contextlib.suppress(Unreadable):
        assert len(list(rows_of_file(lying))) == 0
    assert time.process_time() - started < 1


def test_too_many_entries_are_too_large():
    data = workbook(*LISTED)
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as archive:
        for number in range(1_001):
            archive.writestr(f"xl/media/{number}.png", b"")
    assert fault(buffer.getvalue()) == Fault.TOO_LARGE


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", Fault.EMPTY),
        (b" \r\n ", Fault.EMPTY),
        (b"%PDF-1.7", Fault.OTHER_KIND),
        (b"\x89PNG\r\n", Fault.OTHER_KIND),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", Fault.OLD_OR_LOCKED),
        (b"PK\x03\x04 and no more", Fault.DAMAGED),
        (workbook(*LISTED)[:-40], Fault.DAMAGED),
        (workbook(*LISTED)[:900] + b"x" * 50 + workbook(*LISTED)[950:], Fault.DAMAGED),
        (with_entry(workbook(*LISTED), "xl/externalLinks/externalLink1.xml"), Fault.LINKED),
        (with_entry(workbook(*LISTED), "xl/embeddings/oleObject1.bin"), Fault.NESTED),
        (with_entry(workbook(*LISTED), "docs/nog-een.ZIP"), Fault.NESTED),
        (locked(workbook(*LISTED)), Fault.LOCKED),
        (b"Naam;E-mail\n\xff\xfe", None),
    ],
)
def test_what_is_no_list_says_why(data: bytes, why: Fault | None):
    if why is None:
        assert len(list(rows_of_file(data))) == 2
    else:
        assert fault(data) == why


def test_a_zip_of_something_else_is_no_list():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("brief.txt", "hallo")
    assert fault(buffer.getvalue()) == Fault.OTHER_KIND


def test_entities_in_the_xml_are_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    source = zipfile.ZipFile(io.BytesIO(workbook(*LISTED)))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for entry in source.infolist():
            is_sheet = entry.filename == "xl/worksheets/sheet1.xml"
            archive.writestr(entry.filename, bomb if is_sheet else source.read(entry))
    assert fault(buffer.getvalue()) == Fault.DAMAGED


def test_a_sheet_that_says_it_has_a_million_columns_and_rows_is_read_to_what_it_has():
    source = zipfile.ZipFile(io.BytesIO(workbook(*LISTED)))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for entry in source.infolist():
            contents = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                contents = contents.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
                contents = contents.replace(b'r="2"', b'r="1048576"').replace(b'r="B2"', b'r="XFD1048576"')
            archive.writestr(entry.filename, contents)
    started = time.process_time()
    rows = list(rows_of_file(buffer.getvalue()))
    assert time.process_time() - started < 1
    assert rows[0][:2] == ["Naam", "E-mail"]


@given(st.text())
@example('"')
@example('a;"b\n' * 3)
@example("\x00\ud800")
@example("x" * 200_000)
def test_any_text_is_read_or_refused(text: str):
    try:
        assert all(isinstance(cell, str) for row in rows_of_text(text) for cell in row)
    except Unreadable:
        pass


@given(st.binary())
@example(b"PK\x03\x04")
def test_any_file_is_read_or_refused(data: bytes):
    try:
        list(rows_of_file(data))
    except Unreadable:
        pass

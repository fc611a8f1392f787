"""Rows of text from a spreadsheet that anybody may have sent: a workbook, a file with separated values, or what was
copied from a spreadsheet and pasted.

Every cell becomes plain text on one line, whatever it was; nothing is computed. A text that begins like a formula stays
that text, and is written with care where it goes into a spreadsheet again (see csv_file).
"""

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator

from portal.documents.unreadable import Fault, Unreadable

DELIMITERS = ("\t", ";", ",")
LOOK_AT = 50
LONGEST_CELL = 1_000

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_OTHER_KINDS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Marks that steer the direction of writing or take no room: they come along with copying and make equal texts differ.
_UNSEEN = {
    *map(chr, (0x00AD, 0x061C, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF)),
    *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2066, 0x206A)),
}


def rows_of_file(data: bytes) -> Iterator[list[str]]:
    """The rows of a workbook (.xlsx) or of a file with separated values, empty ones too. Raises Unreadable."""
    if not data.strip():
        raise Unreadable(Fault.EMPTY)
    if data.startswith(_ZIP):
        # Imported here: what reads workbooks takes 13 MiB, and most processes never meet one.
        from portal.documents.workbook import workbook_rows  # noqa: PLC0415

        return _plain(workbook_rows(data))
    if data.startswith(_OLD_EXCEL):
        raise Unreadable(Fault.OLD_OR_LOCKED)
    if data.startswith(_OTHER_KINDS):
        raise Unreadable(Fault.OTHER_KIND)
    return rows_of_text(_decoded(data))


def rows_of_text(text: str) -> Iterator[list[str]]:
    """The rows of pasted text, with tabs, semicolons or commas between the cells. Raises Unreadable."""
    if not text.strip():
        raise Unreadable(Fault.EMPTY)
    return _plain(_separated(text.replace("\x00", "")))


def plain_cell(text: str) -> str:
    """A cell as one line: composed, without marks that nobody sees, every kind of blank made a single space."""
    seen = "".join(sign for sign in text[:LONGEST_CELL] if sign not in _UNSEEN)
    composed = unicodedata.normalize("NFC", seen)
    blank = ("Cc", "Cs", "Zl", "Zp", "Zs")
    spaced = "".join(" " if unicodedata.category(sign) in blank else sign for sign in composed)
    return " ".join(spaced.split())


def _plain(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    return ([plain_cell(cell) for cell in row] for row in rows)


def _decoded(data: bytes) -> str:
    """Text from bytes: by its mark; by the zeroes of UTF-16; UTF-8; and what is left is what Windows wrote."""
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), None)
    if encoding is None and b"\x00" in data[:200]:
        encoding = "utf-16-le" if data[1:2] == b"\x00" else "utf-16-be"
    if encoding is not None:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            raise Unreadable(Fault.DAMAGED) from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _separated(text: str) -> Iterator[list[str]]:
    """The cells of each line, by the separator that gives the most of them; a cell in quotes may hold it."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        yield from reader
    except csv.Error as error:
        raise Unreadable(Fault.DAMAGED) from error


def _delimiter(text: str) -> str:
    """The first of tab, semicolon and comma that stands in at least half of the lines that say something: a comma may
    be part of a name, a tab never is."""
    lines = [line for line in text.splitlines()[:LOOK_AT] if line.strip()]
    often = {sign: sum(sign in line for line in lines) for sign in DELIMITERS}
    return next((sign for sign in DELIMITERS if often[sign] * 2 >= len(lines) > 0 and often[sign]), ",")

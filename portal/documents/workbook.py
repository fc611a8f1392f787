"""The first sheet of an Excel workbook (.xlsx) that anybody may have sent, as plain text.

A workbook is a zip, so its directory is looked at before anything is unpacked: how much it says that it holds, and
whether it holds what a list has no need of. Python's zipfile never unpacks more than the directory said. Formulas are
read as the text that they are written in and never computed; macros are not read at all. The XML goes through
defusedxml, which refuses entities.
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.formula import ArrayFormula

from portal.documents.unreadable import Fault, Unreadable

MOST_ENTRIES = 1_000
MOST_UNPACKED = 20_000_000
# A sheet of text packs to a tenth; what packs better than this is made to.
MOST_RATIO = 150
RATIO_COUNTS_FROM = 1_000_000
# A cell in the last row of all makes a million empty rows before it.
MOST_ROWS_READ = 10_000
MOST_COLUMNS = 60

_ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tar", ".bz2", ".xz", ".xlsx", ".xlsm", ".docx", ".pptx", ".jar")
_ENCRYPTED = 0x1


def workbook_rows(data: bytes) -> Iterator[list[str]]:
    """The rows of the first visible sheet, each cell as text, as far as they are asked for.

    Raises Unreadable for what is no workbook, or holds too much or what it should not."""
    _require_harmless(data)
    try:
        yield from _rows(data)
    except Unreadable:
        raise
    except Exception as error:
        # A damaged file fails anywhere inside the library, in any way; each means that it cannot be read.
        raise Unreadable(Fault.DAMAGED) from error


def _require_harmless(data: bytes) -> None:
    """Raises Unreadable by the directory of the zip alone."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
        raise Unreadable(Fault.DAMAGED) from error
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED:
        raise Unreadable(Fault.TOO_LARGE)
    if unpacked > RATIO_COUNTS_FROM and unpacked > MOST_RATIO * len(data):
        raise Unreadable(Fault.TOO_LARGE)
    for entry in entries:
        name = entry.filename.lower().replace("\\", "/")
        if entry.flag_bits & _ENCRYPTED:
            raise Unreadable(Fault.LOCKED)
        if "externallinks/" in name or name == "xl/connections.xml":
            raise Unreadable(Fault.LINKED)
        if "embeddings/" in name or name.endswith(_ARCHIVES):
            raise Unreadable(Fault.NESTED)
    if not any(entry.filename == "[Content_Types].xml" for entry in entries):
        raise Unreadable(Fault.OTHER_KIND)


def _rows(data: bytes) -> Iterator[list[str]]:
    workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    try:
        visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
        if not visible:
            raise Unreadable(Fault.EMPTY)
        sheet: Any = visible[0]
        # What a sheet says of its own size may be a million rows of a few; it is read to see.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
        for row in islice(rows, MOST_ROWS_READ):
            yield [_text(value) for value in _to_the_last(row)]
    finally:
        workbook.close()


def _to_the_last(row: tuple[object, ...]) -> tuple[object, ...]:
    """The cells up to the last that is filled."""
    filled = next((place for place in range(len(row), 0, -1) if row[place - 1] is not None), 0)
    return row[:filled]


def _text(value: object) -> str:
    """What somebody would read in the cell: dates as 2027-03-04, whole numbers without a fraction, formulas as
    written."""
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nee"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(" ", "minutes")
        case date() | time():
            return value.isoformat()
        case ArrayFormula():
            return str(value.text or "")
    return str(value)

"""CSV files that open well in a Dutch spreadsheet program and never run as formulas there.

UTF-8 with a byte order mark (else Excel reads another alphabet), semicolons (the Dutch list separator), CRLF, decimal
comma, one line per record.

A text whose first sign could start a formula gets an apostrophe in front, as OWASP's page on CSV injection advises;
numbers and dates that come in as such are written as they are.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

Cell = str | int | float | Decimal | date | datetime | None
"""A date is written as 2027-03-04, a datetime as 2027-03-04 09:30 in the zone that it came in, a bool as ja or nee."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a CSV file with one header line; raises ValueError when a row is not as wide as the header."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([_cell(name) for name in header])
    for row in rows:
        if len(row) != len(header):
            raise ValueError(f"A row of {len(row)} cells under a header of {len(header)}")
        writer.writerow([_cell(value) for value in row])
    return buffer.getvalue().encode("utf-8-sig", errors="replace")


def _cell(value: Cell) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nee"
        case int():
            return str(value)
        case float() | Decimal():
            return str(value).replace(".", ",")
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case str():
            return _text(value)


def _text(value: str) -> str:
    # NFKC shows the full-width signs that a spreadsheet takes for their plain sisters.
    risky = unicodedata.normalize("NFKC", value).lstrip(" ").startswith(_FORMULA_STARTS)
    one_line = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in value)
    one_line = one_line.strip() if risky else one_line
    return f"'{one_line}" if risky else one_line

"""Which column of somebody's spreadsheet holds what. Pure.

By the words of a header, in Dutch or English, wherever among the first rows it stands (titles over merged cells come
above it); without a header by what stands in the cells."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from portal.domain.accounts.rules import plain_number

Row = Sequence[str]


class Column(StrEnum):
    """What a column may hold. FIRST, INFIX and LAST together make a name."""

    NAME = "name"
    FIRST = "first"
    INFIX = "infix"
    LAST = "last"
    EMAIL = "email"
    EMPLOYER = "employer"
    DEPARTMENT = "department"
    SKJ = "SKJ"
    REGISTERPLEIN = "Registerplein"


# Without spaces, signs and capitals.
_WORDS = {
    Column.NAME: "naam volledigenaam deelnemer naamdeelnemer medewerker naammedewerker collega naamcollega persoon "
    "name fullname participant participantname employee employeename",
    Column.FIRST: "voornaam voornamen roepnaam firstname givenname forename",
    Column.INFIX: "tussenvoegsel tussenvoegsels tv infix prefix middlename",
    Column.LAST: "achternaam familienaam surname lastname familyname",
    Column.EMAIL: "email emailadres emailadressen mail mailadres werkmail zakelijkemail emailwerk emailaddress "
    "mailaddress workemail",
    Column.EMPLOYER: "werkgever organisatie instelling bedrijf employer organisation organization company",
    Column.DEPARTMENT: "afdeling team wijkteam department unit",
    Column.SKJ: "skj skjnummer skjnr skjregistratienummer skjregistratie skjnumber",
    Column.REGISTERPLEIN: "registerplein registerpleinnummer registerpleinnr registerpleinregistratienummer "
    "registerpleinnumber",
}
WORDS = {word: column for column, words in _WORDS.items() for word in words.split()}
HEADER_WITHIN = 15
# Registerplein's numbers begin so; a column of other digits is taken for SKJ's (source: the registers' public pages).
REGISTERPLEIN_BEGINS = "4610"


def find_columns(rows: Sequence[Row]) -> tuple[dict[Column, int], int, list[str]]:
    """Where each column stands, how many rows come before the people, and the headers that say something else.

    No columns at all when there is neither a header nor a cell with an e-mail address."""
    header = _header(rows[:HEADER_WITHIN])
    if header is None:
        columns, first = _by_contents(rows)
        return columns, first, []
    found: dict[Column, int] = {}
    unread = []
    for place, words in enumerate(rows[header]):
        column = WORDS.get(_squashed(words))
        if column is not None and column not in found:
            found[column] = place
        elif words:
            unread.append(words)
    return found, header + 1, unread


def name_in(cells: Mapping[Column, str]) -> str:
    """The name of a row: as one, or from its parts."""
    parts = (cells.get(part, "") for part in (Column.FIRST, Column.INFIX, Column.LAST))
    return cells.get(Column.NAME, "") or " ".join(part for part in parts if part)


def _header(rows: Sequence[Row]) -> int | None:
    """The row with the most known words, if it names the address or two others; None when a person comes first."""
    best, most = None, 0
    for number, row in enumerate(rows):
        if any("@" in cell for cell in row):
            break
        known = {WORDS[word] for cell in row if (word := _squashed(cell)) in WORDS}
        if len(known) > most and (Column.EMAIL in known or len(known) > 1):
            best, most = number, len(known)
    return best


def _squashed(words: str) -> str:
    """'E-mail adres (werk) *' is 'emailadres': without what stands in brackets, spaces, signs and capitals."""
    plain = re.sub(r"\(.*?\)", "", unicodedata.normalize("NFKC", words)).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def _by_contents(rows: Sequence[Row]) -> tuple[dict[Column, int], int]:
    """Columns by what stands in them: the address by its @, numbers by their digits, names by coming first. The people
    begin with the first row that has an address."""
    first = next((number for number, row in enumerate(rows) if any("@" in cell for cell in row)), None)
    if first is None:
        return {}, 0
    people = rows[first:]
    width = max(len(row) for row in people)
    columns = [[row[place] for row in people if place < len(row) and row[place]] for place in range(width)]
    email = max(range(width), key=lambda place: sum("@" in cell for cell in columns[place]))
    found = {Column.EMAIL: email}
    texts = []
    for place, cells in enumerate(columns):
        if place == email or not cells:
            continue
        if _mostly(cells, lambda cell: plain_number(cell).isdecimal()):
            mine = _mostly(cells, lambda cell: plain_number(cell).startswith(REGISTERPLEIN_BEGINS))
            found.setdefault(Column.REGISTERPLEIN if mine else Column.SKJ, place)
        else:
            texts.append(place)
    return found | _of_texts(texts, columns, email), first


def _of_texts(texts: Sequence[int], columns: Sequence[Sequence[str]], email: int) -> dict[Column, int]:
    """The name, or first and last name where both stand before the address and the first is one word; then the
    employer."""
    if not texts:
        return {}
    apart = len(texts) > 1 and texts[1] < email and _mostly(columns[texts[0]], lambda cell: " " not in cell)
    order = (Column.FIRST, Column.LAST, Column.EMPLOYER) if apart else (Column.NAME, Column.EMPLOYER)
    return dict(zip(order, texts, strict=False))


def _mostly(cells: Sequence[str], holds: Callable[[str], bool]) -> bool:
    return sum(1 for cell in cells if holds(cell)) * 2 > len(cells)

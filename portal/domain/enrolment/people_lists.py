"""Lists of people from a spreadsheet: reading them, and saying per cell what is not right. Pure.

What is read of a list is who takes part and no more; other columns are named and left. A citizen service number is
never kept: a cell that holds one is emptied, and says so."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import Any

from email_validator import EmailNotValidError, validate_email

from portal.documents.spreadsheet import rows_of_file, rows_of_text
from portal.documents.unreadable import Fault, Unreadable
from portal.domain.accounts.rules import REGISTERPLEIN, SKJ, is_citizen_service_number
from portal.domain.enrolment.list_columns import Column, find_columns, name_in
from portal.domain.enrolment.participants import Participant
from portal.domain.enrolment.rules import looks_like_advertising
from portal.errors import Refused
from portal.language import _, _n

# All of a list are enrolled in one transaction, each with a confirmation of their own, and others wait for it.
MOST_PEOPLE = 100
# Titles above a list and empty lines in it; a longer one is not read to its end.
MOST_ROWS = 500
CELLS = ("name", "email", "employer", "skj", "registerplein")
LONGEST = {"name": 200, "email": 254, "employer": 200, "skj": 40, "registerplein": 40}
# 'Jan Jansen <jan@zorg.example>', as a mail program copies it.
_MAILBOX = re.compile(r"(?P<name>[^<>@]*?)\s*<\s*(?P<email>[^<>\s]+@[^<>\s]+)\s*>")

_NINE = re.compile(r"(?<!\d)\d(?:[ .\-]?\d){8}(?!\d)")


@dataclass(frozen=True)
class Listed:
    """One person as the list has them. `line` is the row of the list, from 1; `emptied` names the cells that held a
    citizen service number."""

    line: int
    name: str
    email: str
    employer: str = ""
    skj: str = ""
    registerplein: str = ""
    emptied: tuple[str, ...] = ()

    def participant(self, *, language: str, employer: str) -> Participant:
        """Who takes part; `employer` where the list names none."""
        numbers = {SKJ: self.skj, REGISTERPLEIN: self.registerplein}
        return Participant(self.name, self.email, language, self.employer or employer, numbers)


@dataclass(frozen=True)
class PeopleList:
    """What was read: the people, and the headers of the columns that were not."""

    people: tuple[Listed, ...]
    unread: tuple[str, ...] = ()


def read_list(*, text: str = "", data: bytes = b"") -> PeopleList:
    """The people in a file, or else in pasted text. Raises Refused with what to do, at the field `file` or `people`."""
    field = "file" if data else "people"
    try:
        rows = list(islice(rows_of_file(data) if data else rows_of_text(text), MOST_ROWS + 1))
    except Unreadable as error:
        raise Refused(sentence_of_fault(error.fault), field) from None
    if len(rows) > MOST_ROWS:
        raise Refused(_too_many(), field)
    columns, first, unread = find_columns(rows)
    if Column.EMAIL not in columns:
        raise Refused(_("We vinden geen e-mailadressen. Zet ze in een eigen kolom, met E-mail erboven"), field)
    people = tuple(_people(rows, columns, first))
    if not people:
        raise Refused(_("Er staan geen mensen in de lijst"), field)
    if len(people) > MOST_PEOPLE:
        raise Refused(_too_many(), field)
    return PeopleList(people, tuple(words[:60] for words in unread[:10]))


def changed(person: Listed, cells: Mapping[str, str]) -> Listed:
    """The person with these cells as they are typed now; one with a citizen service number is emptied."""
    kept, emptied = _without_service_numbers({name: typed for name, typed in cells.items() if name in CELLS})
    still = tuple(name for name in person.emptied if name not in cells)
    kept = {name: _plain_address(typed) if name == "email" else typed for name, typed in kept.items()}
    values: dict[str, Any] = {**kept, "emptied": (*still, *emptied)}
    return replace(person, **values)


def wrong_cells(people: Sequence[Listed]) -> dict[int, dict[str, str]]:
    """Line to cell to what is not right about it, with what to do. Empty when all is well."""
    wrong: dict[int, dict[str, str]] = {}
    first_line: dict[str, int] = {}
    for person in people:
        found = dict(_wrong_in(person))
        if person.email and "email" not in found:
            before = first_line.setdefault(person.email.lower(), person.line)
            if before != person.line:
                found["email"] = _("Dit e-mailadres staat ook op regel %(line)s", line=before)
        if found:
            wrong[person.line] = {cell: str(sentence) for cell, sentence in found.items()}
    return wrong


def as_json(people: Iterable[Listed]) -> list[dict[str, Any]]:
    """The list as a draft keeps it."""
    return [asdict(person) for person in people]


def from_json(kept: Iterable[Mapping[str, Any]]) -> tuple[Listed, ...]:
    """The other way round."""
    return tuple(Listed(**{**person, "emptied": tuple(person["emptied"])}) for person in kept)


def sentence_of_fault(fault: Fault) -> str:
    """What to do about a file that cannot be read."""
    sentences = {
        Fault.EMPTY: _("De lijst is leeg"),
        Fault.DAMAGED: _("Dit bestand kunnen we niet lezen. Bewaar het opnieuw, of plak de lijst"),
        Fault.OTHER_KIND: _("Dit is geen lijst. Kies een bestand van Excel (.xlsx) of een .csv"),
        Fault.OLD_OR_LOCKED: _(
            "Dit bestand is oud of heeft een wachtwoord. Bewaar het als .xlsx zonder wachtwoord, of plak de lijst"
        ),
        Fault.LOCKED: _("Dit bestand heeft een wachtwoord. Bewaar het zonder wachtwoord, of plak de lijst"),
        Fault.TOO_LARGE: _("Dit bestand is te groot. Bewaar alleen de lijst in een nieuw bestand, of plak de lijst"),
        Fault.NESTED: _("In dit bestand zitten andere bestanden. Bewaar alleen de lijst, of plak haar"),
        Fault.LINKED: _("Dit bestand haalt gegevens uit andere bestanden. Bewaar alleen de lijst, of plak haar"),
    }
    return str(sentences[fault])


def _too_many() -> str:
    return str(
        _n(
            "Er kan hoogstens %(num)s persoon in een lijst. Deel hem op",
            "Er kunnen hoogstens %(num)s mensen in een lijst. Deel hem op",
            MOST_PEOPLE,
        )
    )


def _people(rows: Sequence[Sequence[str]], columns: Mapping[Column, int], first: int) -> Iterator[Listed]:
    for line, row in enumerate(rows[first:], first + 1):
        cells = {column: row[place] for column, place in columns.items() if place < len(row)}
        if not any(cells.values()):
            continue
        employer = ", ".join(part for part in (cells.get(Column.EMPLOYER), cells.get(Column.DEPARTMENT)) if part)
        name, email = name_in(cells), cells.get(Column.EMAIL, "")
        if copied := _MAILBOX.fullmatch(email):
            name, email = name or copied["name"].strip(" \"'"), copied["email"]
        read = {
            "name": name,
            "email": _plain_address(email),
            "employer": employer,
            "skj": _composed(cells.get(Column.SKJ, "")),
            "registerplein": _composed(cells.get(Column.REGISTERPLEIN, "")),
        }
        kept, emptied = _without_service_numbers(read)
        yield Listed(line, **kept, emptied=emptied)


def _without_service_numbers(cells: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    emptied = tuple(name for name, text in cells.items() if _holds_service_number(name, _composed(text)))
    return {name: "" if name in emptied else text for name, text in cells.items()}, emptied


def _holds_service_number(cell: str, text: str) -> bool:
    """Whether nine digits in a text pass the check; digits that are part of an address are nobody's number."""
    if cell == "email" and _is_address(text):
        return False
    return is_citizen_service_number(text) or any(is_citizen_service_number(found) for found in _NINE.findall(text))


def _is_address(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def _composed(text: str) -> str:
    """Full-width digits and letters as plain ones."""
    return unicodedata.normalize("NFKC", text).strip()


def _plain_address(text: str) -> str:
    """An address in its one spelling; what is none stays as it was typed."""
    seen = "".join(sign for sign in _composed(text) if unicodedata.category(sign) != "Cf")
    try:
        return str(validate_email(seen.removeprefix("mailto:"), check_deliverability=False).normalized)
    except EmailNotValidError:
        return text


def _wrong_in(person: Listed) -> Iterator[tuple[str, str]]:
    if not person.name:
        yield "name", _("Vul de naam in")
    elif looks_like_advertising(person.name) or "@" in person.name:
        yield "name", _("Vul de naam in zonder webadres")
    if not _is_address(person.email):
        yield "email", _("Vul het e-mailadres in zoals naam@organisatie.nl")
    for cell in CELLS:
        if len(getattr(person, cell)) > LONGEST[cell]:
            yield cell, _("Houd dit onder de %(num)s tekens", num=LONGEST[cell])
    for cell in person.emptied:
        yield cell, _("Hier stond iets dat op een burgerservicenummer lijkt. Dat bewaren we niet. Laat het weg")

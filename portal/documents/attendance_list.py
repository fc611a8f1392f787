"""The list of a meeting on paper: A4 portrait, archival (PDF/A-2b) and accessible (PDF/UA-1).

Its words are in the language that is spoken while it is made, as on a page: it is printed for the day, and nobody here
keeps it. typst sets it from ``attendance_list.typ``; words reach it as JSON strings, so markup in a name stays a name.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import segno

from portal.clock import local_date
from portal.documents.glyphs import REPLACEMENT, printable
from portal.documents.press import Press
from portal.language import _, calendar_date, clock_time, day, hours, period, spoken

EMPTY_ROWS = 3
"""For who comes in without being on the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPerson:
    """One row. `numbers`: what may be printed of somebody's numbers, with the register. `mark`: what the finished list
    says of them; empty while there is still something to sign."""

    name: str
    organisation: str = ""
    numbers: tuple[str, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFacts:
    """All that the paper says. `registers`: a line for each accreditation that holds on the day. `signed`: who finished
    the list and when, as a sentence; empty while it is open. `contact_minutes` are net."""

    number: str
    address: str
    issuer: str
    course_title: str
    module_position: int
    module_title: str
    starts_at: datetime
    ends_at: datetime
    contact_minutes: int
    venue: str
    trainers: tuple[str, ...]
    registers: tuple[str, ...]
    people: tuple[ListedPerson, ...]
    printed_at: datetime
    signed: str = ""


def render_list(facts: ListFacts) -> bytes:
    """The PDF, byte for byte the same for the same facts and language. Any thread may call it; some 20 ms, the first
    call some hundreds."""
    return _press.print(json.dumps(_sheet(facts)))


def _sheet(facts: ListFacts) -> dict[str, Any]:
    title = _("Presentielijst %(course)s, dagdeel %(number)s", course=facts.course_title, number=facts.module_position)
    on = local_date(facts.printed_at)
    qr = segno.make(facts.address, error="q", micro=False)
    rows = [_row(number, person) for number, person in enumerate(facts.people, 1)]
    empty = 0 if facts.signed else EMPTY_ROWS
    return {
        "language": spoken(),
        "title": printable(title),
        "issuer": printable(facts.issuer),
        "printed_on": [on.year, on.month, on.day],
        "module": printable(facts.module_title),
        "lines": [printable(line) for line in _lines(facts)],
        "again": printable(f"{title}, {calendar_date(facts.starts_at)}"),
        "head": _("Nr|Naam en organisatie|Registratienummer|In|Uit|Handtekening").split("|"),
        "rows": rows + [_row(len(rows) + number) for number in range(1, empty + 1)],
        "signed": printable(facts.signed),
        "trainer": _("Handtekening trainer"),
        "remarks": _("Bijzonderheden"),
        "footer": printable(
            _(
                "Presentielijst %(number)s, geprint %(day)s om %(time)s",
                number=facts.number,
                day=calendar_date(facts.printed_at),
                time=clock_time(facts.printed_at),
            )
        ),
        "page": _("Pagina|van").split("|"),
        "qr": qr.svg_inline(border=0, dark="#1c2b2a", svgclass=None, lineclass=None, omitsize=True),
        "qr_text": _("QR-code: de presentielijst op %(address)s", address=facts.address),
    }


def _lines(facts: ListFacts) -> list[str]:
    on = day(facts.starts_at)
    when = f"{on[0].upper()}{on[1:]}, {period(facts.starts_at, facts.ends_at)}"
    net = _("%(hours)s contacturen", hours=hours(facts.contact_minutes))
    who = _("Trainers: %(names)s", names=", ".join(facts.trainers)) if facts.trainers else ""
    where = ". ".join(part for part in (facts.venue, who) if part)
    return [line for line in (f"{when} ({net})", where, *facts.registers) if line]


def _row(number: int, person: ListedPerson | None = None) -> dict[str, Any]:
    if person is None:
        return {"number": str(number), "name": "", "organisation": "", "numbers": [], "mark": "", "long": False}
    return {
        "number": str(number),
        "name": printable(person.name) or REPLACEMENT,
        "organisation": printable(person.organisation),
        "numbers": [printable(one) for one in person.numbers],
        "mark": printable(person.mark),
        "long": len(person.name) > 60,
    }


_press = Press(Path(__file__).with_name("attendance_list.typ"))

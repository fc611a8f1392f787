"""The words of a certificate, in Dutch and English, laid out as the sheet that ``certificate.typ`` prints.

They stand here and not in the catalogue of the pages: a certificate is written in the language that its facts name, by
no request, and a better translation of a page must never change what a certificate says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import segno
from babel.dates import format_date
from babel.numbers import format_decimal

from portal.documents.certificate_facts import CertificateFacts, ModuleRow, Points, RegisterFacts
from portal.documents.codes import group_code
from portal.documents.glyphs import REPLACEMENT, covers, printable

_HEADING_FONT, _WIDE_FONT = "Bricolage Grotesque", "Noto Sans"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    locale: str
    tagline: str
    whole: str
    partial: str
    units: dict[str, tuple[str, str]]
    conjunction: str
    point: tuple[str, str]
    lead_single: str
    lead_whole: str
    lead_partial: str
    lead_end: str
    date: str
    contact_hours: str
    points: str
    total: str
    delivery: dict[str, str]
    preparation: str
    hour: tuple[str, str]
    learned: str
    accreditation: str
    valid: str
    valid_from: str
    valid_until: str
    registration: str
    trainer: tuple[str, str]
    director: str
    check: str
    number: str
    qr: str


_DUTCH = _Words(
    locale="nl",
    tagline="Trainingen van de Eigen Kracht Centrale",
    whole="Certificaat van deelname",
    partial="Bewijs van deelname",
    units={"dagdeel": ("dagdeel", "dagdeel"), "onderdeel": ("onderdeel", "onderdeel")},
    conjunction="en",
    point=("punt", "punten"),
    lead_single="volgde de training",
    lead_whole="volgde de volledige training",
    lead_partial="volgde {part} van de training",
    lead_end="en maakt de kring groter.",
    date="Datum",
    contact_hours="Contacturen",
    points="Punten",
    total="Totaal, {percent}% aanwezig",
    delivery={"onsite": "Op locatie gegeven.", "online": "Online gegeven.", "blended": "Deels online gegeven."},
    preparation="Daarnaast {hours} voorbereiding.",
    hour=("uur", "uur"),
    learned="Je kunt nu",
    accreditation="Accreditatie-ID {number}",
    valid="Geldig {start} t/m {end}",
    valid_from="Geldig vanaf {start}",
    valid_until="Geldig t/m {end}",
    registration="Registratienummer deelnemer {number}",
    trainer=("Trainer", "Trainers"),
    director="Bestuurder",
    check="Controleer dit certificaat",
    number="Certificaat {number}",
    qr="QR-code: controleer dit certificaat op {address}",
)

_ENGLISH = _Words(
    locale="en_GB",
    tagline="Training by the Eigen Kracht Centrale",
    whole="Certificate of attendance",
    partial="Proof of attendance",
    units={"dagdeel": ("session", "sessions"), "onderdeel": ("part", "parts")},
    conjunction="and",
    point=("point", "points"),
    lead_single="completed the training",
    lead_whole="completed the whole training",
    lead_partial="attended {part} of the training",
    lead_end="and makes the circle bigger.",
    date="Date",
    contact_hours="Contact hours",
    points="Points",
    total="Total, {percent}% present",
    delivery={"onsite": "Given in person.", "online": "Given online.", "blended": "Given partly online."},
    preparation="In addition {hours} of preparation.",
    hour=("hour", "hours"),
    learned="You can now",
    accreditation="Accreditation ID {number}",
    valid="Valid {start} to {end}",
    valid_from="Valid from {start}",
    valid_until="Valid until {end}",
    registration="Participant's number {number}",
    trainer=("Trainer", "Trainers"),
    director="Director",
    check="Check this certificate",
    number="Certificate {number}",
    qr="QR code: check this certificate at {address}",
)

_LANGUAGES = {"nl": _DUTCH, "en": _ENGLISH}


def sheet(facts: CertificateFacts) -> dict[str, Any]:
    """Return every word of the certificate in its place, printable, ready for ``certificate.typ``."""
    words = _LANGUAGES[facts.language]
    kind = words.whole if facts.title_kind == "whole" else words.partial
    name = printable(facts.holder_name) or REPLACEMENT
    return {
        "language": facts.language,
        "title": f"{kind}, {printable(facts.course_title)}, {name}",
        "issuer": printable(facts.issuer_name),
        "issued_on": [facts.issued_on.year, facts.issued_on.month, facts.issued_on.day],
        "tagline": words.tagline,
        "kind": kind if facts.title_kind == "whole" else _partial_kind(facts, words),
        "name": name,
        "name_font": _HEADING_FONT if covers(_HEADING_FONT.replace(" ", ""), name) else _WIDE_FONT,
        "lead": _lead(facts, words),
        "course": printable(facts.course_title),
        "lead_end": words.lead_end,
        "table": _table(facts, words),
        "below": " ".join(_below(facts, words)),
        "learned": words.learned if facts.learning_result else "",
        "learning_result": printable(facts.learning_result),
        "notes": [printable(note) for note in facts.notes],
        "cards": [_card(register, words) for register in facts.registers],
        **_signatures(facts, words),
        **_check(facts, words),
    }


def _signatures(facts: CertificateFacts, words: _Words) -> dict[str, str]:
    return {
        "trainers": _and([printable(trainer) for trainer in facts.trainers], words),
        "trainer_role": words.trainer[len(facts.trainers) > 1],
        "director": printable(facts.director),
        "director_role": f"{words.director}, {printable(facts.place)}, {_long_date(facts.issued_on, words)}",
    }


def _check(facts: CertificateFacts, words: _Words) -> dict[str, str]:
    address = printable(_without_scheme(facts.check_url))
    qr = segno.make(facts.check_url, error="q", micro=False)
    return {
        "check": words.check,
        "address": printable(_without_scheme(facts.check_url).removesuffix(facts.code)),
        "code": printable(group_code(facts.code)),
        "number": words.number.format(number=printable(facts.number)),
        "issuer_line": f"{printable(facts.issuer_name)}, KvK {printable(facts.issuer_kvk)}",
        "crkbo": printable(facts.crkbo_line),
        "qr": qr.svg_inline(border=0, dark="#1c2b2a", svgclass=None, lineclass=None, omitsize=True),
        "qr_text": words.qr.format(address=address),
    }


def _without_scheme(url: str) -> str:
    return url.removeprefix("https://").removeprefix("http://")


def _partial_kind(facts: CertificateFacts, words: _Words) -> str:
    """Bewijs van deelname, dagdeel 1 en 3, 9 punten; per register when they differ; without points when none count."""
    earned = {register.points for register in facts.registers if register.points}
    if len(earned) == 1:
        points = [_counted(earned.pop(), words.point, words)]
    else:
        points = [
            f"{_counted(register.points, words.point, words)} {printable(register.name)}"
            for register in facts.registers
            if register.points
        ]
    return ", ".join([words.partial, _part(facts, words), *points])


def _part(facts: CertificateFacts, words: _Words) -> str:
    unit = words.units[facts.unit][len(facts.rows) > 1]
    return f"{unit} {_and([str(row.position) for row in facts.rows], words)}"


def _lead(facts: CertificateFacts, words: _Words) -> str:
    if facts.title_kind == "partial":
        return words.lead_partial.format(part=_part(facts, words))
    return words.lead_whole if len(facts.rows) > 1 else words.lead_single


def _table(facts: CertificateFacts, words: _Words) -> dict[str, Any]:
    registers = _columns(facts)
    same = len({tuple(_points_of(row, register) for row in facts.rows) for register in registers}) == 1
    shown = registers[:1] if same else registers
    unit = words.units[facts.unit][0]
    return {
        "head": [
            unit[0].upper() + unit[1:],
            words.date,
            _unbroken(words.contact_hours),
            *([words.points] if same else [printable(register.name) for register in shown]),
        ],
        "rows": [
            [
                f"{row.position}. {printable(row.title)}",
                _unbroken(format_date(row.held_on, "EEE d MMM y", locale=words.locale)),
                _hours(row.contact_minutes, words),
                *(_number(_points_of(row, register), words) for register in shown),
            ]
            for row in facts.rows
        ],
        "foot": [
            words.total.format(percent=facts.attendance_percent),
            _hours(facts.contact_minutes, words),
            *(_number(register.points, words) for register in shown),
        ],
    }


def _columns(facts: CertificateFacts) -> list[RegisterFacts]:
    """The registers that grant points per module: those that grant them for the whole have only a card."""
    return [register for register in facts.registers if any(_points_of(row, register) for row in facts.rows)]


def _points_of(row: ModuleRow, register: RegisterFacts) -> Points:
    return sum((p.points for p in row.points if p.register == register.name), start=Decimal())


def _below(facts: CertificateFacts, words: _Words) -> list[str]:
    lines = [words.delivery[facts.delivery]]
    if facts.preparation_minutes:
        hours = _counted(Decimal(facts.preparation_minutes) / 60, words.hour, words)
        lines.append(words.preparation.format(hours=hours))
    return lines


def _card(register: RegisterFacts, words: _Words) -> dict[str, Any]:
    start = _short_date(register.valid_from, words) if register.valid_from else ""
    end = _short_date(register.valid_until, words) if register.valid_until else ""
    valid = words.valid if start and end else words.valid_from if start else words.valid_until if end else ""
    lines = [
        words.accreditation.format(number=printable(register.accreditation_number or "")),
        valid.format(start=start, end=end),
        words.registration.format(number=printable(register.registration_number or "")),
    ]
    shown = (register.accreditation_number, valid, register.registration_number)
    return {
        "points": _counted(register.points, words.point, words),
        "name": ", ".join(printable(name) for name in (register.name, register.full_name) if name),
        "lines": [line for line, there in zip(lines, shown, strict=True) if there],
    }


def _and(parts: Sequence[str], words: _Words) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {words.conjunction} {parts[-1]}"


def _counted(number: Points, forms: tuple[str, str], words: _Words) -> str:
    return f"{_number(number, words)} {forms[number != 1]}"


def _number(number: Points, words: _Words) -> str:
    return format_decimal(number, "0.##", locale=words.locale) if number else "\N{EN DASH}"


def _hours(minutes: int, words: _Words) -> str:
    return format_decimal(Decimal(minutes) / 60, "0.##", locale=words.locale)


def _unbroken(words: str) -> str:
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def _short_date(day: date, words: _Words) -> str:
    return format_date(day, "d MMM y", locale=words.locale)


def _long_date(day: date, words: _Words) -> str:
    return format_date(day, "d MMMM y", locale=words.locale)

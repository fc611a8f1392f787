"""Reading a catalogue file (TOML): pure. What it says comes out typed; what is wrong with it comes out all at once.

A course has `slug` and `title`, its modules `position`, `title` and `contact_hours`, its accreditations `register` and
`points`; everything else may be left out, and then stays as the catalogue has it. Hours become minutes and euros
become cents here. portal/data/catalogue-2024.toml is an example."""

import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.domain.catalogue.requirements import SLUG, parse, written
from portal.domain.catalogue.rules import Delivery, Vat
from portal.errors import Refused
from portal.language import _

Columns = dict[str, Any]
Reader = Callable[[Any], Any]
ACCREDITATIONS = "accreditation"
MODULES = "module"


class CatalogueRefused(Refused):
    """The file cannot be taken in. `complaints` name each entry and field that is wrong."""

    def __init__(self, complaints: list[str]) -> None:
        super().__init__("\n".join(complaints))
        self.complaints = complaints


@dataclass(frozen=True)
class ModuleEntry:
    """What the file says of one module, by column."""

    columns: Columns
    accreditations: list[Columns]


@dataclass(frozen=True)
class CourseEntry:
    """What the file says of one course, by column. `where` names the entry in complaints."""

    where: str
    columns: Columns
    accreditations: list[Columns]
    modules: list[ModuleEntry]


@dataclass(frozen=True)
class _Field:
    column: str
    read: Reader
    required: bool = False


@dataclass
class _Reading:
    """The file being read: collects complaints on the way."""

    complaints: list[str] = field(default_factory=list)

    def complain(self, where: str, what: str) -> None:
        self.complaints.append(f"{where}: {what}" if where else what)

    def columns(
        self, where: str, table: Mapping[str, Any], known: Mapping[str, _Field], nested: Iterable[str]
    ) -> Columns:
        """The columns of one entry; every field that is missing, unknown or wrong becomes a complaint."""
        found: Columns = {}
        for name in table:
            if name not in known and name not in nested:
                self.complain(where, _("%(field)s kennen we niet", field=name))
        for name, spec in known.items():
            if name not in table:
                if spec.required:
                    self.complain(where, _("%(field)s ontbreekt", field=name))
                continue
            try:
                found[spec.column] = spec.read(table[name])
            except ValueError as wrong:
                self.complain(where, f"{name} {wrong}")
        return found

    def tables(self, where: str, table: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
        """The list of entries under a name; [] when it is not there or no such list."""
        value = table.get(name, [])
        if isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
            return value
        self.complain(where, _("%(field)s moet een lijst van tabellen zijn", field=name))
        return []

    def once(self, where: str, name: str, value: object, seen: set[object]) -> None:
        """Complains when a value that must be unique comes again."""
        if value in seen:
            self.complain(where, _("%(field)s komt twee keer voor", field=name))
        elif value is not None:
            seen.add(value)


def read_catalogue(data: bytes) -> list[CourseEntry]:
    """The entries of a catalogue file. Raises CatalogueRefused with every complaint."""
    reading = _Reading()
    table = _toml(data)
    for name in table:
        if name != "course":
            reading.complain("", _("%(field)s kennen we niet", field=name))
    if not table.get("course"):
        reading.complain("", _("%(field)s ontbreekt", field="course"))
    slugs: set[object] = set()
    entries = []
    for number, course in enumerate(reading.tables("", table, "course"), 1):
        entry = _course(reading, number, course)
        reading.once(entry.where, "slug", entry.columns.get("slug"), slugs)
        entries.append(entry)
    if reading.complaints:
        raise CatalogueRefused(reading.complaints)
    return entries


def _toml(data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise CatalogueRefused([_("Het bestand is geen tekst in UTF-8")]) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise CatalogueRefused([_("Het bestand is geen TOML: %(why)s", why=str(error))]) from None


def _course(reading: _Reading, number: int, table: Mapping[str, Any]) -> CourseEntry:
    slug = table.get("slug")
    where = f'course {number} "{slug}"' if isinstance(slug, str) else f"course {number}"
    columns = reading.columns(where, table, COURSE_FIELDS, (ACCREDITATIONS, MODULES))
    modules = []
    positions: set[object] = set()
    for position, module in enumerate(reading.tables(where, table, MODULES), 1):
        inside = f"{where}, module {position}"
        found = reading.columns(inside, module, MODULE_FIELDS, (ACCREDITATIONS,))
        reading.once(inside, "position", found.get("position"), positions)
        modules.append(ModuleEntry(found, _accreditations(reading, inside, module)))
    if MODULES not in table or table[MODULES] == []:
        reading.complain(where, _("%(field)s ontbreekt", field=MODULES))
    return CourseEntry(where, columns, _accreditations(reading, where, table), modules)


def _accreditations(reading: _Reading, where: str, table: Mapping[str, Any]) -> list[Columns]:
    entries = []
    periods: set[object] = set()
    for number, accreditation in enumerate(reading.tables(where, table, ACCREDITATIONS), 1):
        inside = f"{where}, accreditation {number}"
        found = reading.columns(inside, accreditation, ACCREDITATION_FIELDS, ())
        start, end = found.get("valid_from"), found.get("valid_until")
        if start and end and end < start:
            reading.complain(inside, _("valid_until ligt voor valid_from"))
        if "register_code" in found:
            reading.once(inside, _("register met dezelfde valid_from"), (found["register_code"], start), periods)
        entries.append(found)
    return entries


def _line(longest: int) -> Reader:
    def read(value: Any) -> str:
        text: str = _text(longest)(value)
        if not text:
            raise ValueError(_("is leeg"))
        if "\n" in text:
            raise ValueError(_("moet op één regel staan"))
        return text

    return read


def _text(longest: int) -> Reader:
    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError(_("moet een tekst zijn"))
        text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").strip()
        if any(unicodedata.category(char) == "Cc" and char != "\n" for char in text):
            raise ValueError(_("bevat een teken dat geen tekst is"))
        if len(text) > longest:
            raise ValueError(_("is langer dan %(count)d tekens", count=longest))
        return text

    return read


def _slug(value: Any) -> str:
    text: str = _line(80)(value)
    if not SLUG.match(text):
        raise ValueError(_("mag alleen kleine letters, cijfers en streepjes hebben"))
    return text


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(_("moet true of false zijn"))
    return value


def _whole(lowest: int, highest: int) -> Reader:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise ValueError(
                _("moet een geheel getal van %(lowest)d tot en met %(highest)d zijn", lowest=lowest, highest=highest)
            )
        return value

    return read


def _times(factor: int, highest: int, *, above_zero: bool = False) -> Reader:
    """A number that times `factor` is whole: hours in minutes, euros in cents."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= highest:
            raise ValueError(_("moet een getal van 0 tot en met %(highest)d zijn", highest=highest))
        product = Decimal(str(value)) * factor
        if product != int(product):
            raise ValueError(_("is te precies: %(value)s", value=value))
        if above_zero and not product:
            raise ValueError(_("moet meer dan 0 zijn"))
        return int(product)

    return read


def _day(value: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError(_("moet een datum zijn, zoals 2024-01-31"))
    return value


def _one_of(*known: str) -> Reader:
    def read(value: Any) -> str:
        if value not in known:
            raise ValueError(_("moet een van deze zijn: %(known)s", known=", ".join(known)))
        return str(value)

    return read


def _deliveries(value: Any) -> list[str]:
    if not isinstance(value, list) or not value or len(set(map(str, value))) < len(value):
        raise ValueError(_("moet een lijst zijn met een of meer van: %(known)s", known=", ".join(Delivery)))
    return [_one_of(*Delivery)(item) for item in value]


def _requirements(value: Any) -> Columns:
    return written(parse(value))


COURSE_FIELDS = {
    "slug": _Field("slug", _slug, required=True),
    "title": _Field("title", _line(200), required=True),
    "summary": _Field("summary", _text(2000)),
    "outcome": _Field("outcome", _text(5000)),
    "audience": _Field("audience", _line(200)),
    "delivery": _Field("delivery", _deliveries),
    "separately_bookable": _Field("separately_bookable", _yes_or_no),
    "price": _Field("price_cents", _times(100, 100_000)),
    "vat": _Field("vat", _one_of(*Vat)),
    "requires": _Field("requires", _requirements),
    "visible": _Field("visible", _yes_or_no),
}
MODULE_FIELDS = {
    "position": _Field("position", _whole(1, 100), required=True),
    "title": _Field("title", _line(200), required=True),
    "contact_hours": _Field("contact_minutes", _times(60, 24, above_zero=True), required=True),
    "preparation": _Field("preparation", _text(2000)),
    "preparation_hours": _Field("preparation_minutes", _times(60, 200)),
    "price": _Field("price_cents", _times(100, 100_000)),
}
ACCREDITATION_FIELDS = {
    "register": _Field("register_code", _line(20), required=True),
    "points": _Field("points", _whole(0, 1000), required=True),
    "number": _Field("number", _line(40)),
    "valid_from": _Field("valid_from", _day),
    "valid_until": _Field("valid_until", _day),
    "threshold_percent": _Field("threshold_percent", _whole(1, 100)),
    "test_required": _Field("test_required", _yes_or_no),
}

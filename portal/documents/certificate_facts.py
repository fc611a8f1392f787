"""What a certificate says: frozen facts, and their one canonical text.

The facts are what is kept for ever: `facts_to_json` writes the same facts always alike, so that the SHA-256 of the text
proves them. Not on a certificate, on purpose: date of birth, citizen service number, employer, mark.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

Points = int | Decimal
"""Accreditation points; registers grant whole and, seldom, half ones."""

_FORM = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPoints:
    """What one module earned at one register, by the register's short name ("SKJ")."""

    register: str
    points: Points


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleRow:
    """One attended module; ``contact_minutes`` are net minutes, without breaks. No points: they hold for the whole."""

    position: int
    title: str
    held_on: date
    contact_minutes: int
    points: tuple[RegisterPoints, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFacts:
    """What all of it earned at one register, under which accreditation, and the holder's number there."""

    name: str
    points: Points
    full_name: str = ""
    accreditation_number: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    registration_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """Everything that a certificate says.

    ``code`` is the stored code without hyphens; ``check_url`` the full address behind the QR code. ``unit`` is what the
    course calls its modules. ``notes`` are whole sentences, for example why a register's points are not here.
    """

    number: str
    code: str
    check_url: str
    holder_name: str
    course_title: str
    title_kind: Literal["whole", "partial"]
    rows: tuple[ModuleRow, ...]
    registers: tuple[RegisterFacts, ...]
    attendance_percent: int
    delivery: Literal["onsite", "online", "blended"]
    trainers: tuple[str, ...]
    director: str
    place: str
    issued_on: date
    issuer_name: str
    issuer_kvk: str
    crkbo_line: str
    preparation_minutes: int = 0
    learning_result: str = ""
    notes: tuple[str, ...] = ()
    unit: Literal["dagdeel", "onderdeel"] = "dagdeel"
    language: Literal["nl", "en"] = "nl"

    @property
    def contact_minutes(self) -> int:
        """Net contact minutes of all rows together."""
        return sum(row.contact_minutes for row in self.rows)


def facts_to_json(facts: CertificateFacts) -> str:
    """Return the one canonical text of the facts: ASCII, sorted keys, no spaces. Its SHA-256 stands for the facts."""
    return json.dumps(
        {"form": _FORM, **asdict(facts)}, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=_plain
    )


def facts_from_json(text: str) -> CertificateFacts:
    """Return the facts that `facts_to_json` wrote; raises ValueError, KeyError or TypeError for anything else."""
    data: dict[str, Any] = json.loads(text)
    if data.pop("form") != _FORM:
        raise ValueError("These facts were written in another form")
    data["rows"] = tuple(_row(row) for row in data["rows"])
    data["registers"] = tuple(_register(register) for register in data["registers"])
    data["issued_on"] = date.fromisoformat(data["issued_on"])
    data["trainers"] = tuple(data["trainers"])
    data["notes"] = tuple(data["notes"])
    return CertificateFacts(**data)


def _plain(value: object) -> str | int:
    match value:
        case date():
            return value.isoformat()
        case Decimal():
            # 4, 4.0 and 4.00 are the same number of points, so they have the same text.
            return int(value) if value == value.to_integral_value() else str(value.normalize())
    raise TypeError(f"No canonical text for {type(value)}")


def _row(data: dict[str, Any]) -> ModuleRow:
    points = tuple(RegisterPoints(register=p["register"], points=_points(p["points"])) for p in data["points"])
    return ModuleRow(**{**data, "held_on": date.fromisoformat(data["held_on"]), "points": points})


def _register(data: dict[str, Any]) -> RegisterFacts:
    period = {key: date.fromisoformat(data[key]) if data[key] else None for key in ("valid_from", "valid_until")}
    return RegisterFacts(**{**data, **period, "points": _points(data["points"])})


def _points(text: str | int) -> Points:
    exact = Decimal(text)
    return int(exact) if exact == exact.to_integral_value() else exact

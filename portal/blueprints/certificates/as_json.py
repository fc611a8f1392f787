"""The public check for machines: the same fields as the page."""

from datetime import date, datetime
from typing import Any

from portal.audit import instant
from portal.clock import local_date
from portal.documents.certificate import CertificateFacts
from portal.domain.certificates.evidence import Sealing
from portal.domain.certificates.queries import CertificateView
from portal.links import link


def check_as_json(found: CertificateView | None, sealing: Sealing | None, checked_at: datetime) -> dict[str, Any]:
    """What we know of a certificate, as plain JSON values; only the state when we know none."""
    when = checked_at.isoformat(timespec="seconds")
    if found is None:
        return {"state": "unknown", "checked_at": when}
    return {
        "state": found.state,
        "checked_at": when,
        "ended_on": _iso(local_date(found.ended_at) if found.ended_at else None),
        "end_reason": found.end_reason or None,
        "replaced_by": link(f"/c/{found.replaced_by_code}") if found.replaced_by_code else None,
        "name": found.shown_name,
        "sha256": found.sha256,
        "evidence": _evidence(found, sealing),
        **_facts(found.facts),
    }


def _evidence(found: CertificateView, sealing: Sealing | None) -> dict[str, Any] | None:
    """Where it stands in the log; under no head yet, what is of the head is None."""
    if sealing is None:
        return None
    head = sealing.head
    return {
        "entry": sealing.seq,
        "entries": head.size if head else None,
        "signed_at": instant(head.signed_at) if head else None,
        "proof": link(f"/c/{found.facts.code}/bewijs.json") if head else None,
    }


def _facts(facts: CertificateFacts) -> dict[str, Any]:
    return {
        "number": facts.number,
        "training": facts.course_title,
        "whole": facts.title_kind == "whole",
        "modules": _modules(facts),
        "contact_minutes": facts.contact_minutes,
        "preparation_minutes": facts.preparation_minutes,
        "attendance_percent": facts.attendance_percent,
        "delivery": facts.delivery,
        "registers": _registers(facts),
        "learning_result": facts.learning_result,
        "notes": list(facts.notes),
        "trainers": list(facts.trainers),
        "director": facts.director,
        "place": facts.place,
        "issued_on": _iso(facts.issued_on),
        "issuer": {"name": facts.issuer_name, "kvk": facts.issuer_kvk, "crkbo": facts.crkbo_line},
    }


def _modules(facts: CertificateFacts) -> list[dict[str, Any]]:
    return [
        {
            "position": row.position,
            "title": row.title,
            "held_on": _iso(row.held_on),
            "contact_minutes": row.contact_minutes,
            "points": {earned.register: float(earned.points) for earned in row.points},
        }
        for row in facts.rows
    ]


def _registers(facts: CertificateFacts) -> list[dict[str, Any]]:
    return [
        {
            "register": register.name,
            "points": float(register.points),
            "accreditation_number": register.accreditation_number,
            "valid_from": _iso(register.valid_from),
            "valid_until": _iso(register.valid_until),
            "registration_number_ends_in": (register.registration_number or "")[-3:] or None,
        }
        for register in facts.registers
    ]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

"""What people keep of themselves: name, language, employer, how their name is shown, register numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import select

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.domain.accounts.models import RegisterNumber
from portal.domain.accounts.queries import get_person
from portal.domain.accounts.rules import is_citizen_service_number, plain_number
from portal.errors import Refused
from portal.language import _


@dataclass(frozen=True)
class ProfileChanged(audit.Event):
    """`fields`: the names of what changed, never the values."""

    tag: ClassVar[str] = "accounts.profile_changed"
    person_id: int
    fields: tuple[str, ...]


def list_own_numbers(person_id: int) -> dict[str, str]:
    """Register code to number, as kept in a person's profile."""
    found = select(RegisterNumber).where(RegisterNumber.person_id == person_id).order_by(RegisterNumber.register_code)
    return {row.register_code: row.number for row in db.session.scalars(found)}


def change_profile(
    *,
    person_id: int,
    name: str,
    language: str,
    employer: str,
    initials_only: bool,
    register_numbers: Mapping[str, str],
    actor: Actor,
    now: datetime,
) -> None:
    """Changes what somebody keeps of themselves. An empty number is taken away; a register that is not named stays.

    `initials_only`: who checks a certificate sees initials and surname instead of the whole name. Certificates that
    were issued keep what they said. Raises Refused for a number that passes the check of a BSN, or for no name."""
    if not name.strip():
        raise Refused(_("Vul je naam in"), "name")
    numbers = {code: plain_number(number) for code, number in register_numbers.items()}
    for code, number in numbers.items():
        if is_citizen_service_number(number):
            raise Refused(_("Dit lijkt op een burgerservicenummer. Dat bewaren we niet"), f"register_{code}")
    person = get_person(person_id)
    changed = []
    values = {"name": name, "language": language, "employer": employer, "initials_only": initials_only}
    for field, value in values.items():
        if getattr(person, field) != value:
            setattr(person, field, value)
            changed.append(field)
    changed += [f"register_{code}" for code, number in numbers.items() if _keep_number(person_id, code, number)]
    db.session.flush()
    if changed:
        audit.record(ProfileChanged(person_id=person_id, fields=tuple(changed)), actor=actor, at=now)


def add_numbers(
    *, person_id: int, numbers: Mapping[str, str], actor: Actor, now: datetime, newly_added: bool = False
) -> None:
    """Keeps plain numbers of registers that somebody has none of yet; those that they have stay as they are.

    `newly_added`: the person was added in this transaction and cannot have any, so nobody needs to look."""
    known = {} if newly_added else list_own_numbers(person_id)
    new = {code: number for code, number in numbers.items() if code not in known}
    db.session.add_all(
        RegisterNumber(person_id=person_id, register_code=code, number=number) for code, number in new.items()
    )
    db.session.flush()
    if new:
        fields = tuple(f"register_{code}" for code in new)
        audit.record(ProfileChanged(person_id=person_id, fields=fields), actor=actor, at=now)


def _keep_number(person_id: int, code: str, number: str) -> bool:
    """Whether it changed anything."""
    found = select(RegisterNumber).where(RegisterNumber.person_id == person_id, RegisterNumber.register_code == code)
    row = db.session.scalar(found)
    if row is None and number:
        db.session.add(RegisterNumber(person_id=person_id, register_code=code, number=number))
    elif row is not None and not number:
        db.session.delete(row)
    elif row is not None and row.number != number:
        row.number = number
    else:
        return False
    return True

"""Finding people."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.models import BrowserSession, Person, RoleGrant
from portal.domain.accounts.rules import Role
from portal.errors import NotFound


@dataclass(frozen=True)
class SignedIn:
    """The signed-in person as every page needs them."""

    id: int
    name: str
    email: str
    language: str
    roles: frozenset[Role]
    organisation_ids: frozenset[int]


def hash_token(token: str) -> str:
    """SHA-256 in hex: tokens are random and long, so a fast hash is enough to keep them unread in a stolen database."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_signed_in(token: str, now: datetime) -> SignedIn | None:
    """The person behind a browser's token, with roles, in one query; None when it ended or expired."""
    rows = db.session.execute(
        select(Person.id, Person.name, Person.email, Person.language, RoleGrant.role, RoleGrant.organisation_id)
        .join(BrowserSession, BrowserSession.person_id == Person.id)
        .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            BrowserSession.token_hash == hash_token(token),
            BrowserSession.ended_at.is_(None),
            BrowserSession.expires_at > now,
        )
        .order_by(RoleGrant.id)
    ).all()
    if not rows:
        return None
    roles = {Role(row.role) for row in rows if row.role} | {Role.PARTICIPANT}
    organisations = {row.organisation_id for row in rows if row.organisation_id}
    first = rows[0]
    return SignedIn(first.id, first.name, first.email, first.language, frozenset(roles), frozenset(organisations))


def find_by_email(email: str) -> Person | None:
    """The person with this address, whatever its capitals."""
    return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def get_by_email(email: str) -> Person:
    """The person with this address, or NotFound."""
    person = find_by_email(email)
    if person is None:
        raise NotFound
    return person


def get_person(person_id: int) -> Person:
    """The person, or NotFound."""
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound
    return person

"""Finding people."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, or_, select

from portal.db import Page, db, paged
from portal.domain.accounts import passwords
from portal.domain.accounts.models import BrowserSession, Organisation, Person, RoleGrant
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


@dataclass(frozen=True)
class CheckedPassword:
    """Who gave the right password. `renewed_hash` is its hash at today's cost, when the kept one is of another."""

    person_id: int
    renewed_hash: str | None


def check_password(*, email: str, password: str) -> CheckedPassword | None:
    """The person with this address and password, or None. One query and one check, whoever is asked about."""
    known = db.session.execute(
        select(Person.id, Person.password_hash).where(Person.email == email.strip().lower())
    ).first()
    if not passwords.matches(known.password_hash if known else None, password) or known is None:
        return None
    outdated = passwords.is_outdated(known.password_hash)
    return CheckedPassword(known.id, passwords.hash_password(password) if outdated else None)


def list_sessions(person_id: int, now: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """A person's signed-in browsers, newest first: id, token_hash, by_link, created_at, expires_at."""
    columns = (
        BrowserSession.id,
        BrowserSession.token_hash,
        BrowserSession.by_link,
        BrowserSession.created_at,
        BrowserSession.expires_at,
    )
    going = (BrowserSession.person_id == person_id, BrowserSession.ended_at.is_(None), BrowserSession.expires_at > now)
    return db.session.execute(select(*columns).where(*going).order_by(BrowserSession.id.desc()).limit(100)).all()


def list_people(*, words: str = "", role: Role | None = None, page: int = 1) -> Page:
    """People by name: id, name, email, employer. Every word must stand in the name, the address or the employer."""
    wanted: Select[*tuple[Any, ...]] = select(Person.id, Person.name, Person.email, Person.employer)
    for word in words.split():
        places = (Person.name, Person.email, Person.employer)
        wanted = wanted.where(or_(*[place.icontains(word, autoescape=True) for place in places]))
    if role is not None and role != Role.PARTICIPANT:
        wanted = wanted.where(Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.role == role)))
    return paged(wanted.order_by(Person.name, Person.id), page=page)


def list_roles(person_ids: Iterable[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The roles that were granted to these people: id, person_id, role, organisation_id, organisation (its name)."""
    return db.session.execute(
        select(
            RoleGrant.id,
            RoleGrant.person_id,
            RoleGrant.role,
            RoleGrant.organisation_id,
            Organisation.name.label("organisation"),
        )
        .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
        .where(RoleGrant.person_id.in_(person_ids))
        .order_by(RoleGrant.person_id, RoleGrant.id)
    ).all()


def list_organisations() -> Sequence[Row[*tuple[Any, ...]]]:
    """Organisations by name, to choose from: id, name."""
    return db.session.execute(select(Organisation.id, Organisation.name).order_by(Organisation.name)).all()


def list_names(person_ids: Collection[int]) -> dict[int, str]:
    """The names of these people, by number. One query, none for nobody."""
    if not person_ids:
        return {}
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)).order_by(Person.id))
    return {row.id: row.name for row in rows}

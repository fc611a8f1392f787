"""Adding people and signing in and out."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.domain.accounts.events import PersonAdded, RoleGranted, SignedInEvent, SignedOut
from portal.domain.accounts.models import BrowserSession, Person, RoleGrant, SignInLink
from portal.domain.accounts.queries import find_by_email, get_by_email, hash_token
from portal.domain.accounts.rules import Role

SESSION_LASTS = timedelta(hours=16)
LINK_LASTS = timedelta(minutes=30)


def add_person(
    *, name: str, email: str, language: str = "nl", employer: str = "", actor: Actor, now: datetime
) -> Person:
    """The person with this address: the one who is there already, unchanged, or a new one."""
    known = find_by_email(email)
    if known:
        return known
    values = {"name": name, "email": email.strip().lower(), "language": language, "employer": employer}
    try:
        with db.session.connection().begin_nested():
            db.session.execute(insert(Person).values(**values, created_at=now))
    except IntegrityError:
        # Somebody added this address at the same moment, and has committed by now.
        return get_by_email(email)
    person = get_by_email(email)
    audit.record(PersonAdded(person_id=person.id), actor=actor, at=now)
    return person


def grant_role(*, person_id: int, role: Role, organisation_id: int | None = None, actor: Actor, now: datetime) -> None:
    """Gives a person a role; a second time changes nothing."""
    has = select(RoleGrant.id).where(
        RoleGrant.person_id == person_id,
        RoleGrant.role == role,
        RoleGrant.organisation_id.is_not_distinct_from(organisation_id),
    )
    if db.session.scalar(has):
        return
    db.session.add(RoleGrant(person_id=person_id, role=role, organisation_id=organisation_id))
    db.session.flush()
    audit.record(RoleGranted(person_id=person_id, role=role, organisation_id=organisation_id), actor=actor, at=now)


def start_session(*, person_id: int, actor: Actor, now: datetime) -> str:
    """Signs a browser in for sixteen hours: a trainer's whole day. Returns its token, known to nobody else."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        BrowserSession(
            token_hash=hash_token(token), person_id=person_id, created_at=now, expires_at=now + SESSION_LASTS
        )
    )
    audit.record(SignedInEvent(person_id=person_id), actor=actor, at=now)
    return token


def create_sign_in_link(*, person_id: int, now: datetime, valid_for: timedelta = LINK_LASTS) -> str:
    """A token that signs its person in once, within `valid_for`, at the path /inloggen/link/<token>."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        SignInLink(token_hash=hash_token(token), person_id=person_id, created_at=now, expires_at=now + valid_for)
    )
    db.session.flush()
    return token


def end_session(*, token: str, actor: Actor, now: datetime) -> None:
    """Ends a browser's session on the server."""
    row = db.session.scalar(select(BrowserSession).where(BrowserSession.token_hash == hash_token(token)))
    if row is None or row.ended_at is not None:
        return
    row.ended_at = now
    audit.record(SignedOut(person_id=row.person_id), actor=actor, at=now)

"""Signing in and out: by a link in a mail, by password, per browser.

A known address and an unknown one get the same answer after the same work: the same statements, one argon2 check, one
mail. Otherwise anybody could find out who is in a training."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.domain.accounts import mails
from portal.domain.accounts.events import ApiTokenMade, PasswordSet, SignedInEvent, SignedOut
from portal.domain.accounts.models import ApiToken, BrowserSession, Person, SignInLink
from portal.domain.accounts.passwords import hash_password, matches
from portal.domain.accounts.queries import CheckedPassword, find_by_email, get_person, hash_token
from portal.domain.accounts.rules import SHORTEST_PASSWORD, Weakness, weakness_of
from portal.errors import NotFound, Refused
from portal.language import _

SESSION_LASTS = timedelta(hours=16)
LINK_LASTS = timedelta(minutes=30)


def start_session(*, person_id: int, by_link: bool = False, actor: Actor, now: datetime) -> str:
    """Signs a browser in for sixteen hours: a trainer's whole day. Returns its token, known to nobody else."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        BrowserSession(
            token_hash=hash_token(token),
            person_id=person_id,
            by_link=by_link,
            created_at=now,
            expires_at=now + SESSION_LASTS,
        )
    )
    db.session.flush()
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


def ask_for_sign_in_link(*, email: str, language: str, now: datetime) -> None:
    """Mails a link to the person with this address, or a mail without one to an address that nobody has.

    The update that hits no row stands for the link that is not made: one statement under the same lock."""
    person = find_by_email(email)
    reference = secrets.token_hex(16)
    if person:
        token = create_sign_in_link(person_id=person.id, now=now)
        mails.sign_in_link(person, token=token, reference=reference, now=now)
    else:
        nobodys = SignInLink.token_hash == hash_token(secrets.token_urlsafe(32))
        db.session.execute(update(SignInLink).where(nobodys).values(used_at=now))
        mails.no_account(email.strip().lower(), language=language, reference=reference, now=now)


def sign_in_by_link(*, token: str, now: datetime) -> str:
    """Uses a link up and signs its person in. Returns the new session's token; NotFound when the link is used,
    expired or never was."""
    used = db.session.execute(
        update(SignInLink)
        .where(SignInLink.token_hash == hash_token(token), SignInLink.used_at.is_(None), SignInLink.expires_at > now)
        .values(used_at=now)
        .returning(SignInLink.person_id)
    ).first()
    if used is None:
        raise NotFound
    return start_session(person_id=used.person_id, by_link=True, actor=Actor.person(used.person_id), now=now)


def sign_in_by_password(*, checked: CheckedPassword, now: datetime) -> str:
    """Signs in who passed queries.check_password, and keeps the hash at today's cost. Returns the session's token."""
    if checked.renewed_hash:
        person = Person.id == checked.person_id
        db.session.execute(update(Person).where(person).values(password_hash=checked.renewed_hash))
    return start_session(person_id=checked.person_id, actor=Actor.person(checked.person_id), now=now)


def set_password(
    *, person_id: int, password: str, current: str = "", token: str | None, actor: Actor, now: datetime
) -> None:
    """Sets or changes a person's password and ends their other sessions.

    `token` is the session that asks, None for the operator. Who has a password and did not come in by mail must know
    it. Raises Refused with the field 'current' or 'password'."""
    person = get_person(person_id)
    if token is not None and asks_current_password(person, token) and not matches(person.password_hash, current):
        raise Refused(_("Dit is niet je huidige wachtwoord. Vul het nog een keer in."), field="current")
    weakness = weakness_of(password, name=person.name, email=person.email)
    if weakness:
        raise Refused(_sentence(weakness), field="password")
    person.password_hash = hash_password(password)
    audit.record(PasswordSet(person_id=person_id), actor=actor, at=now)
    end_all_sessions(person_id=person_id, except_token=token, actor=actor, now=now)


def asks_current_password(person: Person, token: str) -> bool:
    """Whether this session must give the current password first: not when there is none, nor after a sign-in by mail,
    for who reads the mail can make a new one anyway."""
    by_link = select(BrowserSession.by_link).where(BrowserSession.token_hash == hash_token(token))
    return person.password_hash is not None and not db.session.scalar(by_link)


def end_session(*, token: str, actor: Actor, now: datetime) -> None:
    """Ends a browser's session on the server."""
    row = db.session.scalar(select(BrowserSession).where(BrowserSession.token_hash == hash_token(token)))
    if row is None or row.ended_at is not None:
        return
    row.ended_at = now
    audit.record(SignedOut(person_id=row.person_id), actor=actor, at=now)


def end_one_session(*, person_id: int, session_id: int, actor: Actor, now: datetime) -> None:
    """Ends one of a person's sessions; NotFound when it is somebody else's."""
    row = db.session.get(BrowserSession, session_id)
    if row is None or row.person_id != person_id:
        raise NotFound
    if row.ended_at is None:
        row.ended_at = now
        audit.record(SignedOut(person_id=person_id), actor=actor, at=now)


def end_all_sessions(*, person_id: int, except_token: str | None = None, actor: Actor, now: datetime) -> None:
    """Ends a person's sessions everywhere, or everywhere but here."""
    going = [BrowserSession.person_id == person_id, BrowserSession.ended_at.is_(None), BrowserSession.expires_at > now]
    if except_token is not None:
        going.append(BrowserSession.token_hash != hash_token(except_token))
    ended = db.session.execute(update(BrowserSession).where(*going).values(ended_at=now).returning(BrowserSession.id))
    if ended.all():
        audit.record(SignedOut(person_id=person_id), actor=actor, at=now)


def make_api_token(*, person_id: int, scope: str = "", actor: Actor, now: datetime) -> str:
    """A bearer token of the API, shown to nobody but the caller and only now."""
    get_person(person_id)
    token = f"lk_{secrets.token_urlsafe(32)}"
    db.session.add(ApiToken(token_hash=hash_token(token), person_id=person_id, scope=scope, created_at=now))
    db.session.flush()
    audit.record(ApiTokenMade(person_id=person_id, scope=scope), actor=actor, at=now)
    return token


def _sentence(weakness: Weakness) -> str:
    sentences = {
        Weakness.SHORT: _("Kies een wachtwoord van %(number)s tekens of meer.", number=SHORTEST_PASSWORD),
        Weakness.PERSONAL: _("Kies een wachtwoord zonder je naam of je e-mailadres erin."),
        Weakness.COMMON: _(
            "Dit wachtwoord kiezen veel mensen. Kies bijvoorbeeld vier woorden die niet bij elkaar horen."
        ),
    }
    return str(sentences[weakness])

"""The waiting list of an edition, in order of arrival. Who is on it has a page of their own behind a random token."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.domain.accounts.commands import add_person
from portal.domain.accounts.models import Person
from portal.domain.accounts.queries import get_person, hash_token
from portal.domain.enrolment import mails
from portal.domain.enrolment.events import WaitingListJoined, WaitingListLeft
from portal.domain.enrolment.models import WaitingListEntry
from portal.domain.enrolment.participants import require_plain
from portal.domain.enrolment.queries import EditionOnOffer, get_edition, get_open_edition
from portal.domain.enrolment.rules import wrong_choice
from portal.domain.enrolment.wording import sentence_of_choice
from portal.errors import NotFound, Refused
from portal.language import _


@dataclass(frozen=True)
class Place:
    """Somebody's place on a waiting list: 1 is the first. None once they left."""

    edition: EditionOnOffer
    position: int | None
    joined_at: datetime


def join_waiting_list(
    *,
    edition_id: int,
    module_ids: Collection[int] | None,
    name: str,
    email: str,
    language: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Puts somebody on the waiting list for the whole (None) or for some modules, and mails them their own page.

    The answer is the same whether they were on it already: then they keep their place and get the mail once more, with
    a new address of that page, at most once a day. Raises Refused when there is a free seat in every meeting."""
    edition = get_open_edition(edition_id)
    wrong = wrong_choice(edition.module_ids, edition.module_ids if module_ids is None else module_ids, True)
    if wrong:
        raise Refused(sentence_of_choice(wrong), "modules")
    if all(meeting.free > 0 for meeting in edition.meetings_of(module_ids)):
        raise Refused(_("Er is weer een plek vrij. Je kunt je meteen aanmelden."))
    require_plain(name, email)
    person = add_person(name=name, email=email, language=language, actor=actor, now=now)
    entry = _find_waiting(edition.id, person.id)
    token = secrets.token_urlsafe(24)
    if entry is None:
        entry = WaitingListEntry(edition_id=edition.id, person_id=person.id, joined_at=now)
        entry.module_ids = None if module_ids is None else sorted(module_ids)
        entry.token_hash = hash_token(token)
        db.session.add(entry)
        db.session.flush()
        happened = WaitingListJoined(waiting_list_entry_id=entry.id, edition_id=edition.id, person_id=person.id)
        audit.record(happened, actor=actor, at=now)
    if mails.waiting_list_joined(person, edition, entry.id, token, now):
        entry.token_hash = hash_token(token)
    db.session.flush()


def get_place(token: str) -> Place:
    """The place behind a token; NotFound for one that is not known."""
    entry = _find(token)
    if entry is None:
        raise NotFound
    ahead = db.session.scalar(
        select(func.count()).where(
            WaitingListEntry.edition_id == entry.edition_id,
            WaitingListEntry.left_at.is_(None),
            WaitingListEntry.id <= entry.id,
        )
    )
    return Place(get_edition(entry.edition_id), ahead if entry.left_at is None else None, entry.joined_at)


def leave_waiting_list(*, token: str, actor: Actor, now: datetime) -> None:
    """Takes somebody off the list; a second time changes nothing. NotFound for a token that is not known."""
    entry = _find(token)
    if entry is None:
        raise NotFound
    _leave(entry, actor, now)


def close_waiting_list(edition: EditionOnOffer, *, actor: Actor, now: datetime) -> None:
    """Takes everybody off the list of an edition that is not given, and tells them."""
    waiting = db.session.scalars(
        select(WaitingListEntry)
        .where(WaitingListEntry.edition_id == edition.id, WaitingListEntry.left_at.is_(None))
        .order_by(WaitingListEntry.id)
    ).all()
    for entry in waiting:
        _leave(entry, actor, now)
        mails.waiting_list_closed(get_person(entry.person_id), entry.id, edition, now)


def _find_waiting(edition_id: int, person_id: int) -> WaitingListEntry | None:
    """Their entry in this list. The person is held, so that two requests at once cannot both find none."""
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    return db.session.scalar(
        select(WaitingListEntry).where(
            WaitingListEntry.edition_id == edition_id,
            WaitingListEntry.person_id == person_id,
            WaitingListEntry.left_at.is_(None),
        )
    )


def _find(token: str) -> WaitingListEntry | None:
    return db.session.scalar(select(WaitingListEntry).where(WaitingListEntry.token_hash == hash_token(token)))


def _leave(entry: WaitingListEntry, actor: Actor, now: datetime) -> None:
    left = db.session.execute(
        update(WaitingListEntry)
        .where(WaitingListEntry.id == entry.id, WaitingListEntry.left_at.is_(None))
        .values(left_at=now)
    )
    if left.rowcount == 1:  # type: ignore[attr-defined]
        happened = WaitingListLeft(
            waiting_list_entry_id=entry.id, edition_id=entry.edition_id, person_id=entry.person_id
        )
        audit.record(happened, actor=actor, at=now)

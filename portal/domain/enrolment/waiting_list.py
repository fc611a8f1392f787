"""The waiting list of an edition, in order of arrival. Who is on it has a page of their own behind a random token."""

import secrets
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.domain.accounts.commands import add_person
from portal.domain.accounts.models import Person
from portal.domain.accounts.queries import get_person, hash_token
from portal.domain.enrolment import mails, seats
from portal.domain.enrolment.closing import require_enrolling_open
from portal.domain.enrolment.events import WaitingListJoined
from portal.domain.enrolment.models import WaitingListEntry
from portal.domain.enrolment.off_list import leave, withdraw_offer
from portal.domain.enrolment.participants import require_plain
from portal.domain.enrolment.promotion import offer_freed_seats
from portal.domain.enrolment.queries import EditionOnOffer, MeetingOnOffer, get_edition, get_open_edition
from portal.domain.enrolment.rules import wrong_choice
from portal.domain.enrolment.waiting_queries import get_entry
from portal.domain.enrolment.waiting_rules import OffList
from portal.domain.enrolment.wording import sentence_of_choice
from portal.errors import Conflict, NotFound, Refused
from portal.language import _

# A larger group is better off with an edition of its own.
MOST_PEOPLE = 30


def join_waiting_list(
    *,
    edition_id: int,
    module_ids: Collection[int] | None,
    name: str,
    email: str,
    language: str,
    people: int = 1,
    together: bool = True,
    actor: Actor,
    now: datetime,
) -> None:
    """Puts somebody on the waiting list for the whole (None) or for some modules, and mails them their own page. For
    several people they say whether all come or none (`together`), or as many as there are seats for.

    The answer is the same whether they were on it already: then they keep their place and get the mail once more, with
    a new address of that page, at most once a day. What is free for some of them now is offered at once. Raises
    Refused when there is a seat for all of them in every meeting, once enrolling is closed, or for too many people."""
    seats.lock_editions([edition_id])
    edition = get_open_edition(edition_id)
    _require_wish(edition, module_ids, people, now)
    require_plain(name, email)
    person = add_person(name=name, email=email, language=language, actor=actor, now=now)
    entry = _find_waiting(edition.id, person.id)
    token = secrets.token_urlsafe(24)
    if entry is None:
        entry = WaitingListEntry(
            edition_id=edition.id,
            person_id=person.id,
            module_ids=None if module_ids is None else sorted(module_ids),
            people=people,
            together=together or people == 1,
            token_hash=hash_token(token),
            joined_at=now,
        )
        db.session.add(entry)
        db.session.flush()
        happened = WaitingListJoined(waiting_list_entry_id=entry.id, edition_id=edition.id, person_id=person.id)
        audit.record(happened, actor=actor, at=now)
    if mails.waiting_list_joined(person, edition, entry.id, token, now):
        entry.token_hash = hash_token(token)
    db.session.flush()
    offer_freed_seats(edition.id, actor=actor, now=now)


def _require_wish(edition: EditionOnOffer, module_ids: Collection[int] | None, people: int, now: datetime) -> None:
    wrong = wrong_choice(edition.module_ids, edition.module_ids if module_ids is None else module_ids, True)
    if wrong:
        raise Refused(sentence_of_choice(wrong), "modules")
    if not 1 <= people <= MOST_PEOPLE:
        raise Refused(_("Vul een aantal in van 1 tot en met %(most)s", most=MOST_PEOPLE), "people")
    meetings = edition.meetings_of(module_ids)
    require_enrolling_open(meetings, now)
    if all(meeting.free >= people for meeting in meetings):
        raise Refused(_("Er is weer een plek vrij. Je kunt je meteen aanmelden."))


def leave_waiting_list(*, token: str, actor: Actor, now: datetime) -> None:
    """Takes somebody off the list; a second time changes nothing. NotFound for a token that is not known."""
    entry = get_entry(token)
    seats.lock_editions([entry.edition_id])
    withdraw_offer(entry, actor=actor, now=now)
    leave(entry, OffList.LEFT, actor=actor, now=now)
    offer_freed_seats(entry.edition_id, actor=actor, now=now)


def take_off_waiting_list(*, entry_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """The office takes somebody off the list, with the seats that were offered, and says why in `reason`, which only
    the log keeps. Refused without a reason, Conflict when they are off it already; NotFound."""
    entry = db.session.get(WaitingListEntry, entry_id)
    if entry is None:
        raise NotFound
    if not reason.strip():
        raise Refused(_("Vul in waarom"), "reason")
    seats.lock_editions([entry.edition_id])
    db.session.refresh(entry)
    if entry.left_at is not None:
        raise Conflict(_("Diegene staat niet meer op de lijst."))
    withdraw_offer(entry, actor=actor, now=now, reason=reason)
    leave(entry, OffList.OFFICE, actor=actor, now=now, reason=reason)
    mails.taken_off_waiting_list(get_person(entry.person_id), entry.id, get_edition(entry.edition_id), now)
    offer_freed_seats(entry.edition_id, actor=actor, now=now)


def close_waiting_list(edition: EditionOnOffer, *, actor: Actor, now: datetime) -> None:
    """Takes everybody off the list of an edition that is not given, and tells them."""
    waiting = db.session.scalars(
        select(WaitingListEntry)
        .where(WaitingListEntry.edition_id == edition.id, WaitingListEntry.left_at.is_(None))
        .order_by(WaitingListEntry.id)
    ).all()
    for entry in waiting:
        withdraw_offer(entry, actor=actor, now=now)
        leave(entry, OffList.CLOSED, actor=actor, now=now)
        mails.waiting_list_closed(get_person(entry.person_id), entry.id, edition, now)


def tell_of_moved_meeting(edition: EditionOnOffer, meeting: MeetingOnOffer, now: datetime) -> None:
    """Tells everybody who waits for this meeting, alone or among others, that it is at another time or place."""
    waiting = db.session.scalars(
        select(WaitingListEntry)
        .where(WaitingListEntry.edition_id == edition.id, WaitingListEntry.left_at.is_(None))
        .order_by(WaitingListEntry.id)
    ).all()
    for entry in waiting:
        if meeting in edition.meetings_of(entry.module_ids):
            mails.waiting_list_moved(get_person(entry.person_id), entry.id, edition, meeting, now)


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

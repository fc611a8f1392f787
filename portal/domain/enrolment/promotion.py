"""Offering seats that came free to who waits, in order of arrival."""

import secrets
from datetime import datetime

from sqlalchemy import exists, func, select

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.domain.accounts.queries import get_person, hash_token
from portal.domain.enrolment import offer_mails, seats
from portal.domain.enrolment.eligibility import is_eligible
from portal.domain.enrolment.events import SeatsOffered
from portal.domain.enrolment.models import Enrolment, WaitingListEntry, WaitingListOffer
from portal.domain.enrolment.policy import Policy, current_policy
from portal.domain.enrolment.queries import EditionOnOffer, get_edition, with_meetings_now
from portal.domain.enrolment.rules import EnrolmentState
from portal.domain.enrolment.waiting_rules import OfferState, closes_at, is_open, offer_until, seats_to_offer


def offer_freed_seats(*edition_ids: int, actor: Actor, now: datetime) -> int:
    """Walks the waiting list of each of these editions in order, and holds seats for everybody who fits in what is
    free; returns how many offers that made.

    Whoever frees a seat, or makes room, calls this at the end of the same transaction, so that there is no moment at
    which somebody else could take the seat. Nobody is offered anything in an edition that is not on offer, or once
    enrolling is closed, or who may not take part (any more): they keep their place."""
    seats.lock_editions(edition_ids)
    return sum(_walk(edition_id, actor, now) for edition_id in sorted(set(edition_ids)))


def _walk(edition_id: int, actor: Actor, now: datetime) -> int:
    waiting = _list_waiting(edition_id)
    if not waiting:
        return 0
    edition = get_edition(edition_id)
    if not edition.open_to_all:
        return 0
    policy = current_policy(now)
    offers = 0
    for entry, offer in waiting:
        if offer is None:
            made = _offer(entry, edition, policy, actor, now)
        else:
            made = _add_to(offer, entry, edition, actor, now)
        offers += made
        edition = with_meetings_now(edition) if made else edition
    return offers


def may_take_part(entry: WaitingListEntry, edition: EditionOnOffer, now: datetime) -> bool:
    """Whether the person of an entry may be enrolled now. Of a group the names are not known yet: each is looked at
    when the seats are accepted."""
    if not entry.is_single:
        return True
    enrolled = select(
        exists().where(
            Enrolment.edition_id == edition.id,
            Enrolment.person_id == entry.person_id,
            Enrolment.state != EnrolmentState.CANCELLED,
        )
    )
    if db.session.scalar(enrolled):
        return False
    return is_eligible(edition, entry.person_id, now)


def _list_waiting(edition_id: int) -> list[tuple[WaitingListEntry, WaitingListOffer | None]]:
    """Who waits for seats that nobody has offered them yet, in order of arrival, with the offer they have already: of
    a group that comes with as many as there is room for, some may be offered a seat and others wait."""
    theirs = (WaitingListOffer.entry_id == WaitingListEntry.id) & (WaitingListOffer.state == OfferState.OPEN)
    wanted = (
        select(WaitingListEntry, WaitingListOffer)
        .outerjoin(WaitingListOffer, theirs)
        .where(
            WaitingListEntry.edition_id == edition_id,
            WaitingListEntry.left_at.is_(None),
            func.coalesce(WaitingListOffer.people, 0) < WaitingListEntry.people,
        )
        .order_by(WaitingListEntry.id)
        .execution_options(populate_existing=True)
    )
    return [(entry, offer) for entry, offer in db.session.execute(wanted)]


def _offer(entry: WaitingListEntry, edition: EditionOnOffer, policy: Policy, actor: Actor, now: datetime) -> bool:
    """Holds seats for an entry and tells its person; False when it does not fit."""
    meetings = edition.meetings_of(entry.module_ids)
    people = seats_to_offer(entry.people, entry.together, [meeting.free for meeting in meetings])
    if not people:
        return False
    closes = closes_at([meeting.starts_at for meeting in meetings], policy.enrolment_closes_hours)
    until = offer_until(now, closes, policy.offer_hours)
    if until is None or not may_take_part(entry, edition, now):
        return False
    token = secrets.token_urlsafe(24)
    offer = WaitingListOffer(
        entry_id=entry.id,
        people=people,
        state=OfferState.OPEN,
        token_hash=hash_token(token),
        offered_at=now,
        expires_at=until,
    )
    db.session.add(offer)
    db.session.flush()
    seats.hold(meetings, people, offer_id=offer.id)
    _note(offer, entry, people, actor, now)
    offer_mails.offered(get_person(entry.person_id), edition, meetings, offer, token, now)
    return True


def _add_to(
    offer: WaitingListOffer, entry: WaitingListEntry, edition: EditionOnOffer, actor: Actor, now: datetime
) -> bool:
    """Holds further seats under an offer that is still open, until the same moment; False when there are none."""
    meetings = edition.meetings_of(entry.module_ids)
    further = seats_to_offer(entry.people - offer.people, entry.together, [meeting.free for meeting in meetings])
    if not further or not is_open(offer.state, offer.expires_at, now):
        return False
    seats.hold(meetings, further, offer_id=offer.id)
    offer.people += further
    db.session.flush()
    _note(offer, entry, further, actor, now)
    offer_mails.more_offered(get_person(entry.person_id), edition, offer, now)
    return True


def _note(offer: WaitingListOffer, entry: WaitingListEntry, people: int, actor: Actor, now: datetime) -> None:
    happened = SeatsOffered(
        waiting_list_offer_id=offer.id,
        waiting_list_entry_id=entry.id,
        edition_id=entry.edition_id,
        person_id=entry.person_id,
        people=people,
        until=offer.expires_at,
    )
    audit.record(happened, actor=actor, at=now)

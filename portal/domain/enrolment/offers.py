"""Answering an offer of held seats, or letting it lapse. Of two answers at once the database takes one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from portal import audit
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.queries import get_person
from portal.domain.enrolment import offer_mails, seats
from portal.domain.enrolment.enrolling import Held, Outcome, enrol
from portal.domain.enrolment.events import OfferAccepted, OfferDeclined, OfferLapsed
from portal.domain.enrolment.models import WaitingListEntry, WaitingListOffer
from portal.domain.enrolment.participants import Participant
from portal.domain.enrolment.promotion import offer_freed_seats
from portal.domain.enrolment.queries import get_edition
from portal.domain.enrolment.rules import ContractParty
from portal.domain.enrolment.waiting_rules import OfferState, OffList
from portal.errors import Conflict, NotFound, Refused
from portal.language import _

LAPSED_AT_ONCE = 20


def accept_offer(
    *,
    offer_id: int,
    participants: Sequence[Participant],
    contract_party: ContractParty,
    terms_version_id: int,
    order_reference: str = "",
    actor: Actor,
    now: datetime,
) -> list[Outcome]:
    """Enrols these people in the held seats: all of them or none. Held seats that are left go to who waits next; who
    wished for more people than were offered keeps the place for the others.

    The caller has seen to it that whoever answers had the mail of the offer. Raises Conflict when the offer was
    answered, lapsed or withdrawn, Refused for nobody or too many people and for what enrolling refuses; NotFound."""
    offer, entry = _locked(offer_id)
    if not participants:
        raise Refused(_("Vul in wie er komt"))
    if len(participants) > offer.people:
        raise Refused(_("Er zijn %(num)s plekken. Vul niet meer mensen in", num=offer.people))
    _end(offer, OfferState.ACCEPTED, now, in_time=True)
    own_address = get_person(entry.person_id).email
    outcomes = [
        enrol(
            edition_id=entry.edition_id,
            module_ids=entry.module_ids,
            participant=participant,
            contract_party=contract_party,
            terms_version_id=terms_version_id,
            order_reference=order_reference,
            actor=actor,
            now=now,
            held=Held(offer_id=offer.id),
            offers_on=False,
            trusted=participant.email == own_address,
        )
        for participant in participants
    ]
    _settle(offer, entry, now)
    audit.record(OfferAccepted(**_about(offer, entry), enrolled=len(outcomes)), actor=actor, at=now)
    offer_freed_seats(entry.edition_id, actor=actor, now=now)
    return outcomes


def _settle(offer: WaitingListOffer, entry: WaitingListEntry, now: datetime) -> None:
    """Gives back what is still held, and leaves on the list only who was not offered a seat."""
    seats.let_go(offer_ids=[offer.id])
    entry.people -= offer.people
    if entry.people <= 0:
        entry.left_at, entry.ended_by = now, OffList.ACCEPTED
    db.session.flush()


def decline_offer(*, offer_id: int, actor: Actor, now: datetime) -> None:
    """Says no: the seats go to who waits next, and this entry is off the list. Errors: as accept_offer."""
    offer, entry = _locked(offer_id)
    _end(offer, OfferState.DECLINED, now)
    _leave(offer, entry, OffList.DECLINED, now)
    audit.record(OfferDeclined(**_about(offer, entry)), actor=actor, at=now)
    offer_mails.declined(get_person(entry.person_id), get_edition(entry.edition_id), offer, now)
    offer_freed_seats(entry.edition_id, actor=actor, now=now)


def lapse_offers(now: datetime, *, at_most: int = LAPSED_AT_ONCE) -> int:
    """Due work: ends the offers that nobody answered in time, each in a transaction of its own, and offers their seats
    to who waits next; of many only the first to end. Returns how many."""
    due = select(WaitingListOffer.id).where(
        WaitingListOffer.state == OfferState.OPEN, WaitingListOffer.expires_at <= now
    )
    offer_ids = db.session.scalars(due.order_by(WaitingListOffer.expires_at, WaitingListOffer.id).limit(at_most)).all()
    for offer_id in offer_ids:
        with transaction():
            _lapse(offer_id, Actor.system(), now)
    return len(offer_ids)


def _lapse(offer_id: int, actor: Actor, now: datetime) -> None:
    offer, entry = _locked(offer_id)
    if offer.state != OfferState.OPEN:
        return
    _end(offer, OfferState.LAPSED, now)
    _leave(offer, entry, OffList.LAPSED, now)
    audit.record(OfferLapsed(**_about(offer, entry)), actor=actor, at=now)
    offer_mails.lapsed(get_person(entry.person_id), get_edition(entry.edition_id), offer, now)
    offer_freed_seats(entry.edition_id, actor=actor, now=now)


def _locked(offer_id: int) -> tuple[WaitingListOffer, WaitingListEntry]:
    """The offer and its entry as they are now, with their edition held: offers of an edition change one by one."""
    edition_id = db.session.scalar(
        select(WaitingListEntry.edition_id)
        .join(WaitingListOffer, WaitingListOffer.entry_id == WaitingListEntry.id)
        .where(WaitingListOffer.id == offer_id)
    )
    if edition_id is None:
        raise NotFound
    seats.lock_editions([edition_id])
    found = (
        select(WaitingListOffer, WaitingListEntry)
        .join(WaitingListEntry, WaitingListEntry.id == WaitingListOffer.entry_id)
        .where(WaitingListOffer.id == offer_id)
        .execution_options(populate_existing=True)
    )
    offer, entry = db.session.execute(found).one()
    return offer, entry


def _end(offer: WaitingListOffer, state: OfferState, now: datetime, *, in_time: bool = False) -> None:
    """Closes an open offer, `in_time` only before its moment; Conflict, which says what became of it, for another."""
    mine = update(WaitingListOffer).where(WaitingListOffer.id == offer.id, WaitingListOffer.state == OfferState.OPEN)
    if in_time:
        mine = mine.where(WaitingListOffer.expires_at > now)
    ended = db.session.scalar(mine.values(state=state, ended_at=now).returning(WaitingListOffer.id))
    if ended is None:
        raise Conflict(sentence_of_ended(offer))


def sentence_of_ended(offer: WaitingListOffer) -> str:
    """Why an offer cannot be answered any more."""
    sentences = {
        OfferState.OPEN: _("De tijd om te kiezen is voorbij. De plek gaat naar de volgende op de lijst."),
        OfferState.ACCEPTED: _("Je hebt deze plek al. Kijk in je mail voor de bevestiging."),
        OfferState.DECLINED: _("Je hebt eerder gekozen om niet mee te doen. De plek is naar een ander."),
        OfferState.LAPSED: _("Je koos niet op tijd. De plek is naar een ander."),
        OfferState.WITHDRAWN: _("Deze plek is er niet meer."),
    }
    return str(sentences[OfferState(offer.state)])


def _leave(offer: WaitingListOffer, entry: WaitingListEntry, ended_by: OffList, now: datetime) -> None:
    seats.let_go(offer_ids=[offer.id])
    entry.left_at, entry.ended_by = now, ended_by
    db.session.flush()


def _about(offer: WaitingListOffer, entry: WaitingListEntry) -> dict[str, int]:
    return {
        "waiting_list_offer_id": offer.id,
        "waiting_list_entry_id": entry.id,
        "edition_id": entry.edition_id,
        "person_id": entry.person_id,
    }

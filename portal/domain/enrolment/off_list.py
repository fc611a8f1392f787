"""Going off a waiting list, with the offer that was open. Whoever calls this has locked the edition, and at the end of
its change offers what came free to who waits."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, select, update

from portal import audit
from portal.audit import Actor, Private
from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.enrolment import seats
from portal.domain.enrolment.events import OfferWithdrawn, WaitingListLeft
from portal.domain.enrolment.models import Enrolment, WaitingListEntry, WaitingListOffer
from portal.domain.enrolment.queries import EditionOnOffer
from portal.domain.enrolment.waiting_rules import OfferState, OffList, is_fulfilled


class Known(NamedTuple):
    """Somebody with an address, and whether they wait for seats in an edition."""

    person: Person | None
    waits: bool


def find_known(edition_id: int, email: str) -> Known:
    """Who has this address, and whether they are on the list of this edition. One query."""
    here = and_(
        WaitingListEntry.person_id == Person.id,
        WaitingListEntry.edition_id == edition_id,
        WaitingListEntry.left_at.is_(None),
    )
    wanted = select(Person, WaitingListEntry.id).outerjoin(WaitingListEntry, here)
    row = db.session.execute(wanted.where(Person.email == email.strip().lower())).first()
    return Known(None, False) if row is None else Known(row[0], row[1] is not None)


def leave(entry: WaitingListEntry, ended_by: OffList, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """Takes an entry off its list; a second time changes nothing."""
    left = db.session.execute(
        update(WaitingListEntry)
        .where(WaitingListEntry.id == entry.id, WaitingListEntry.left_at.is_(None))
        .values(left_at=now, ended_by=ended_by)
    )
    if left.rowcount == 1:  # type: ignore[attr-defined]
        happened = WaitingListLeft(
            waiting_list_entry_id=entry.id,
            edition_id=entry.edition_id,
            person_id=entry.person_id,
            ended_by=ended_by,
            reason=Private(reason) if reason else None,
        )
        audit.record(happened, actor=actor, at=now)


def withdraw_offer(entry: WaitingListEntry, *, actor: Actor, now: datetime, reason: str = "") -> bool:
    """Takes back the open offer of an entry that goes off the list, if it has one, and frees its seats; whether it had.
    `reason` is the office's, for the log."""
    mine = (WaitingListOffer.entry_id == entry.id, WaitingListOffer.state == OfferState.OPEN)
    ended = update(WaitingListOffer).where(*mine).values(state=OfferState.WITHDRAWN, ended_at=now)
    offer_id = db.session.scalar(ended.returning(WaitingListOffer.id))
    if offer_id is None:
        return False
    seats.let_go(offer_ids=[offer_id])
    happened = OfferWithdrawn(
        waiting_list_offer_id=offer_id,
        waiting_list_entry_id=entry.id,
        edition_id=entry.edition_id,
        person_id=entry.person_id,
        reason=Private(reason) if reason else None,
    )
    audit.record(happened, actor=actor, at=now)
    return True


def leave_since_enrolled(
    enrolment: Enrolment,
    edition: EditionOnOffer,
    module_ids: Collection[int],
    *,
    actor: Actor,
    now: datetime,
    offer_id: int | None = None,
) -> bool:
    """Takes whose enrolment this is off the list of an edition, when they waited alone for no more than these modules
    and have them by another way than the offer `offer_id`; whether seats came free that were offered to them."""
    wanted = select(WaitingListEntry).where(
        WaitingListEntry.edition_id == edition.id,
        WaitingListEntry.person_id == enrolment.person_id,
        WaitingListEntry.left_at.is_(None),
    )
    entry = db.session.scalar(wanted.execution_options(populate_existing=True))
    if entry is None or not entry.is_single or not is_fulfilled(entry.module_ids, module_ids, edition.module_ids):
        return False
    if offer_id is not None and db.session.get_one(WaitingListOffer, offer_id).entry_id == entry.id:
        return False
    freed = withdraw_offer(entry, actor=actor, now=now)
    leave(entry, OffList.ENROLLED, actor=actor, now=now)
    return freed

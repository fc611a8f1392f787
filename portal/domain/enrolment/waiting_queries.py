"""Reading a waiting list as who is on it sees it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal.clock import local_date
from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.accounts.queries import get_person, hash_token
from portal.domain.catalogue.models import Edition
from portal.domain.enrolment.models import WaitingListEntry, WaitingListOffer
from portal.domain.enrolment.queries import EditionOnOffer, MeetingOnOffer, get_edition
from portal.domain.enrolment.waiting_rules import Chance, OfferState, chance, is_open
from portal.errors import NotFound

# What happened on lists of longer ago says little about today's.
LOOKS_BACK = timedelta(days=3 * 365)


@dataclass(frozen=True)
class Place:
    """Somebody's place on a waiting list: `position` 1 is the first, None once they are off it; `ended_by` says why.
    `offer` is the last one that was made to them, open or not; `people` are still wished for."""

    edition: EditionOnOffer
    meetings: tuple[MeetingOnOffer, ...]
    person: Person
    position: int | None
    ended_by: str
    joined_at: datetime
    people: int
    together: bool
    offer: WaitingListOffer | None
    chance: Chance

    @property
    def is_single(self) -> bool:
        """Whether they wait for themselves alone."""
        return self.people == 1 and self.together

    def open_offer(self, now: datetime) -> WaitingListOffer | None:
        """The offer that can be answered now."""
        return self.offer if self.offer and is_open(self.offer.state, self.offer.expires_at, now) else None

    @property
    def price_cents(self) -> int:
        """What it costs for one person, as enrolling would say it."""
        whole = len(self.meetings) == len(self.edition.meetings)
        return self.edition.price_of(None if whole else [meeting.module_id for meeting in self.meetings])


def get_place(token: str, now: datetime) -> Place:
    """The place behind the token of a list or of an offer; NotFound for one that is not known. Seven queries."""
    entry = get_entry(token)
    edition = get_edition(entry.edition_id)
    position = _position(entry) if entry.left_at is None else None
    last = select(WaitingListOffer).where(WaitingListOffer.entry_id == entry.id).order_by(WaitingListOffer.id.desc())
    return Place(
        edition=edition,
        meetings=edition.meetings_of(entry.module_ids),
        person=get_person(entry.person_id),
        position=position,
        ended_by=entry.ended_by,
        joined_at=entry.joined_at,
        people=entry.people,
        together=entry.together,
        offer=db.session.scalars(last.limit(1)).first(),
        chance=chance(position or 1, _earlier_lists(edition, now)),
    )


def get_entry(token: str) -> WaitingListEntry:
    """The entry of this token, its own or that of one of its offers; NotFound."""
    hashed = hash_token(token)
    offered = select(WaitingListOffer.entry_id).where(WaitingListOffer.token_hash == hashed)
    mine = (WaitingListEntry.token_hash == hashed) | WaitingListEntry.id.in_(offered)
    entry = db.session.scalar(select(WaitingListEntry).where(mine))
    if entry is None:
        raise NotFound
    return entry


def get_last_offer(token: str) -> int:
    """The last offer of this token's entry, in whatever state: answering it says what became of it. NotFound."""
    entry = get_entry(token)
    last = db.session.scalar(select(func.max(WaitingListOffer.id)).where(WaitingListOffer.entry_id == entry.id))
    if last is None:
        raise NotFound
    return last


def _position(entry: WaitingListEntry) -> int:
    ahead = select(func.count()).where(
        WaitingListEntry.edition_id == entry.edition_id,
        WaitingListEntry.left_at.is_(None),
        WaitingListEntry.id <= entry.id,
    )
    return db.session.scalar(ahead) or 1


def _earlier_lists(edition: EditionOnOffer, now: datetime) -> list[tuple[int, int]]:
    """(how many were on it, how many of them were offered a seat), per earlier edition of the same course that had a
    list and has begun."""
    today = local_date(now)
    offered = select(WaitingListOffer.entry_id).where(WaitingListOffer.state != OfferState.WITHDRAWN)
    rows = db.session.execute(
        select(
            func.count(WaitingListEntry.id).label("waited"),
            func.count(WaitingListEntry.id).filter(WaitingListEntry.id.in_(offered)).label("offered"),
        )
        .join(Edition, Edition.id == WaitingListEntry.edition_id)
        .where(
            Edition.course_id == edition.course_id,
            Edition.id != edition.id,
            Edition.starts_on < today,
            Edition.starts_on >= today - LOOKS_BACK,
        )
        .group_by(WaitingListEntry.edition_id)
    )
    return [(row.waited, row.offered) for row in rows]

"""Who should be offered what: the waiting list told once more, without a look at how the portal does it.

`look()` reads what stands in the tables; `due()` walks the list over it by the words of the promise: in order of
arrival, each who fits in what is free, nobody twice, nobody who could not come, nobody without time to answer."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.db import db
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.enrolment.group_models import GroupBooking, ReservedPlace
from portal.domain.enrolment.models import Enrolment, Seat, SeatHold, WaitingListEntry, WaitingListOffer

ON_OFFER = {"published", "tentative", "confirmed", "started"}


@dataclass(frozen=True)
class Meets:
    id: int
    edition_id: int
    module_id: int
    starts_at: datetime
    capacity: int
    taken: int


@dataclass(frozen=True)
class Takes:
    id: int
    edition_id: int
    person_id: int
    state: str


@dataclass(frozen=True)
class Waits:
    id: int
    edition_id: int
    person_id: int
    module_ids: tuple[int, ...] | None
    people: int
    together: bool
    left_at: datetime | None
    ended_by: str


@dataclass(frozen=True)
class Offered:
    id: int
    entry_id: int
    people: int
    state: str
    expires_at: datetime


@dataclass(frozen=True)
class Kept:
    """A place of a group, and the modules of the group."""

    id: int
    group_id: int
    edition_id: int
    module_ids: tuple[int, ...] | None
    state: str
    name_until: datetime


@dataclass(frozen=True)
class State:
    """What stands in the tables at one moment, by id. `sits` and `held_offer`, `held_place` count seats by meeting."""

    editions: dict[int, str] = field(default_factory=dict)
    meetings: dict[int, Meets] = field(default_factory=dict)
    enrolments: dict[int, Takes] = field(default_factory=dict)
    entries: dict[int, Waits] = field(default_factory=dict)
    offers: dict[int, Offered] = field(default_factory=dict)
    places: dict[int, Kept] = field(default_factory=dict)
    sits: Counter[int] = field(default_factory=Counter)
    seats: dict[tuple[int, int], int] = field(default_factory=dict)
    held_offer: Counter[tuple[int, int]] = field(default_factory=Counter)
    held_place: Counter[tuple[int, int]] = field(default_factory=Counter)

    def wished(self, of: "Waits | Kept") -> list[Meets]:
        """The meetings of a wish."""
        return [
            meeting
            for meeting in self.meetings.values()
            if meeting.edition_id == of.edition_id and (of.module_ids is None or meeting.module_id in of.module_ids)
        ]

    def open_offer(self, entry_id: int) -> Offered | None:
        """The one that is open; two are an error of the portal."""
        found = [offer for offer in self.offers.values() if offer.entry_id == entry_id and offer.state == "open"]
        assert len(found) <= 1, f"two open offers for one wish: {found}"
        return found[0] if found else None

    def takes_part(self, person_id: int, edition_id: int) -> bool:
        return any(
            one.person_id == person_id and one.edition_id == edition_id and one.state != "cancelled"
            for one in self.enrolments.values()
        )


@dataclass(frozen=True)
class Terms:
    """What the office decided, and who has done what the course asks first."""

    offer_hours: int
    closes_hours: int
    prepared: frozenset[int]


def look() -> State:
    """The tables as they are now. Eight queries."""
    state = State()
    state.editions.update((row.id, row.state) for row in db.session.execute(select(Edition.id, Edition.state)))
    columns = (Meeting.id, Meeting.edition_id, Meeting.module_id, Meeting.starts_at, Meeting.capacity, Meeting.taken)
    state.meetings.update((row.id, Meets(*row)) for row in db.session.execute(select(*columns).order_by(Meeting.id)))
    took = select(Enrolment.id, Enrolment.edition_id, Enrolment.person_id, Enrolment.state)
    state.enrolments.update((row.id, Takes(*row)) for row in db.session.execute(took.order_by(Enrolment.id)))
    for entry in db.session.execute(select(*WaitingListEntry.__table__.c).order_by(WaitingListEntry.id)):
        modules = None if entry.module_ids is None else tuple(entry.module_ids)
        waits = (entry.id, entry.edition_id, entry.person_id, modules, entry.people, entry.together)
        state.entries[entry.id] = Waits(*waits, entry.left_at, entry.ended_by)
    offered = select(*(getattr(WaitingListOffer, name) for name in Offered.__dataclass_fields__))
    state.offers.update((row.id, Offered(*row)) for row in db.session.execute(offered.order_by(WaitingListOffer.id)))
    of_group = (GroupBooking.edition_id, GroupBooking.module_ids, GroupBooking.name_until)
    booked = select(ReservedPlace.id, ReservedPlace.group_id, ReservedPlace.state, *of_group)
    booked = booked.join(GroupBooking, GroupBooking.id == ReservedPlace.group_id)
    for row in db.session.execute(booked.order_by(ReservedPlace.id)):
        modules = None if row.module_ids is None else tuple(row.module_ids)
        state.places[row.id] = Kept(row.id, row.group_id, row.edition_id, modules, row.state, row.name_until)
    held = select(Seat.id, Seat.enrolment_id, Seat.meeting_id).where(Seat.released_at.is_(None)).order_by(Seat.id)
    for seat in db.session.execute(held):
        state.sits[seat.meeting_id] += 1
        state.seats[seat.enrolment_id, seat.meeting_id] = seat.id
    for hold in db.session.execute(select(SeatHold.meeting_id, SeatHold.offer_id, SeatHold.place_id)):
        assert (hold.offer_id is None) != (hold.place_id is None), "a held seat is for one thing"
        if hold.offer_id is not None:
            state.held_offer[hold.offer_id, hold.meeting_id] += 1
        else:
            state.held_place[hold.place_id, hold.meeting_id] += 1
    return state


def due(was: State, now_is: State, terms: Terms, now: datetime) -> dict[int, int]:
    """What should have been offered between these two moments: people by entry. The walk comes last in every change, so
    it saw what is there now, and what is there now of it was free."""
    free = {meeting.id: meeting.capacity - meeting.taken for meeting in now_is.meetings.values()}
    for entry_id, people in made(was, now_is).items():
        for meeting in now_is.wished(now_is.entries[entry_id]):
            free[meeting.id] += people
    found: dict[int, int] = {}
    for entry in sorted(now_is.entries.values(), key=lambda one: one.id):
        offer = now_is.open_offer(entry.id)
        before = was.offers[offer.id].people if offer and offer.id in was.offers else 0
        wished = now_is.wished(entry)
        wanted = entry.people - before
        room = min(free[meeting.id] for meeting in wished)
        people = wanted if room >= wanted else 0 if entry.together else room
        if entry.left_at is not None or people < 1 or not _may_be_offered(entry, now_is, terms):
            continue
        if before and offer and now >= offer.expires_at:
            continue
        if not before and answer_by(now, [meeting.starts_at for meeting in wished], terms) is None:
            continue
        found[entry.id] = people
        for meeting in wished:
            free[meeting.id] -= people
    return found


def made(was: State, now_is: State) -> dict[int, int]:
    """What was offered between these two moments: people by entry."""
    found: Counter[int] = Counter()
    for offer in now_is.offers.values():
        before = was.offers.get(offer.id)
        more = offer.people - (before.people if before else 0)
        if more:
            found[offer.entry_id] += more
    return dict(found)


def answer_by(now: datetime, starts: list[datetime], terms: Terms) -> datetime | None:
    """So many hours, yet at most half of what is left until enrolling closes; whole minutes; none is no time."""
    left = min(starts) - timedelta(hours=terms.closes_hours) - now
    minutes = int(min(timedelta(hours=terms.offer_hours), left / 2).total_seconds() // 60)
    return now + timedelta(minutes=minutes) if minutes > 0 else None


def _may_be_offered(entry: Waits, state: State, terms: Terms) -> bool:
    if state.editions[entry.edition_id] not in ON_OFFER:
        return False
    alone = entry.people == 1 and entry.together
    may = entry.person_id in terms.prepared and not state.takes_part(entry.person_id, entry.edition_id)
    return may or not alone

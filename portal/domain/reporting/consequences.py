"""What moving a meeting or cancelling an edition would do, to whom, before it is done. Reads only.

Everybody is found as the commands find them (enrolment/planning.py, enrolment/edition_life.py): the tests hold what is
foreseen here beside what those then do."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select

from portal.clock import local_date
from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.accreditation.queries import list_grants
from portal.domain.accreditation.rules import Grant
from portal.domain.calendar.models import CalendarInvitation
from portal.domain.catalogue.models import Course, Edition, Meeting, MeetingTrainer
from portal.domain.catalogue.queries import get_row
from portal.domain.catalogue.rules import GIVEN, TRANSITIONS, EditionState
from portal.domain.certificates.models import Certificate
from portal.domain.certificates.rules import CertificateState
from portal.domain.enrolment.edition_people import list_coming_trainers
from portal.domain.enrolment.group_models import GroupBooking, PlaceState, ReservedPlace
from portal.domain.enrolment.models import Enrolment, Seat, SeatHold, WaitingListEntry
from portal.domain.enrolment.planning import require_movable
from portal.domain.enrolment.rules import EnrolmentState
from portal.errors import Refused
from portal.language import _


class Reader(NamedTuple):
    """Somebody who has to do with it. `number`: of the enrolment, seat, entry or person by which they do."""

    number: int
    name: str


class Slot(NamedTuple):
    """When and where a meeting is."""

    starts_at: datetime
    ends_at: datetime
    venue: str
    link: str


class Clash(NamedTuple):
    """Somebody who would have to be elsewhere at that time, as a `trainer` or taking part."""

    name: str
    trainer: bool
    title: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Fingerprinted:
    """What is foreseen, with a mark by which it is known again."""

    @property
    def fingerprint(self) -> str:
        """Differs as soon as anything differs that is foreseen."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class MoveForeseen(Fingerprinted):
    """What moving a meeting does. `participants`, `guests` (of other editions) and `trainers` get a new invitation;
    `waiting` and `contacts` (of places without a name in it) hear of it by mail, unless only the link is another.
    `lapses`: what a register granted for the old date
    and not for the new one. `ends_on`: the day of the edition's last meeting, then and now, after which certificates
    can be issued."""

    was: Slot
    becomes: Slot
    participants: tuple[Reader, ...]
    guests: tuple[Reader, ...]
    trainers: tuple[Reader, ...]
    waiting: tuple[Reader, ...]
    contacts: tuple[Reader, ...]
    seats: int
    lapses: tuple[Grant, ...]
    clashes: tuple[Clash, ...]
    ended_on: date
    ends_on: date

    @property
    def becomes_on(self) -> date:
        """The new date in Amsterdam."""
        return local_date(self.becomes.starts_at)

    @property
    def invited(self) -> int:
        """How many mails go with one event for the calendar."""
        return len(self.participants) + len(self.guests) + len(self.trainers)

    @property
    def tells_others(self) -> bool:
        """Whether the time or the place is another, so that those hear of it too who have no invitation."""
        return self.was[:3] != self.becomes[:3]

    @property
    def told(self) -> int:
        """How many mails go."""
        return self.invited + (len(self.waiting) + len(self.contacts) if self.tells_others else 0)


@dataclass(frozen=True)
class CancelForeseen(Fingerprinted):
    """What cancelling an edition does. `guests` are seats of people from other editions, `holders` made the agreement
    under which somebody else takes part; `seats` and `held` (for places
    without a name) are freed; `stays`: seats in meetings that have begun, whose lists and points stay; `withdrawn`:
    events taken out of calendars; `certificates` that stay valid; `cents` that were agreed and need not be paid."""

    state: str
    participants: tuple[Reader, ...]
    guests: tuple[Reader, ...]
    trainers: tuple[Reader, ...]
    waiting: tuple[Reader, ...]
    contacts: tuple[Reader, ...]
    holders: tuple[Reader, ...]
    seats: int
    held: int
    stays: int
    withdrawn: int
    certificates: int
    cents: int

    @property
    def possible(self) -> bool:
        """Whether an edition in its state can be cancelled."""
        return EditionState.CANCELLED in TRANSITIONS[EditionState(self.state)]

    @property
    def mails(self) -> int:
        """How many mails go."""
        return sum(
            map(len, (self.participants, self.guests, self.trainers, self.waiting, self.contacts, self.holders)),
        )


def foresee_move(meeting_id: int, becomes: Slot, now: datetime) -> MoveForeseen:
    """What giving a meeting this time and place would do now. Ten queries, however many people. Raises Refused when it
    cannot be moved to then, or nothing would change; NotFound."""
    meeting = get_row(Meeting, meeting_id)
    becomes = Slot(becomes.starts_at, becomes.ends_at, " ".join(becomes.venue.split()), becomes.link.strip())
    require_movable(meeting, starts_at=becomes.starts_at, ends_at=becomes.ends_at, now=now)
    if becomes == (meeting.starts_at, meeting.ends_at, meeting.venue, meeting.link):
        raise Refused(_("Er verandert niets. Kies een andere tijd of plaats."))
    edition_id, was = meeting.edition_id, Slot(meeting.starts_at, meeting.ends_at, meeting.venue, meeting.link)
    invited = db.session.execute(
        select(Person.id, Person.name, CalendarInvitation.as_participant)
        .join(CalendarInvitation, CalendarInvitation.person_id == Person.id)
        .where(CalendarInvitation.meeting_id == meeting_id, CalendarInvitation.withdrawn_at.is_(None))
        .order_by(Person.name, Person.id)
    ).all()
    sits = select(Enrolment.person_id).join(Seat, Seat.enrolment_id == Enrolment.id)
    sits = sits.where(Seat.meeting_id == meeting_id, Seat.released_at.is_(None))
    from_elsewhere = set(db.session.scalars(sits.where(Enrolment.edition_id != edition_id)))
    taking_part = [Reader(row.id, row.name) for row in invited if row.as_participant]
    others = db.session.scalars(
        select(Meeting.starts_at).where(Meeting.edition_id == edition_id, Meeting.id != meeting_id)
    ).all()
    return MoveForeseen(
        was=was,
        becomes=becomes,
        participants=tuple(reader for reader in taking_part if reader.number not in from_elsewhere),
        guests=tuple(reader for reader in taking_part if reader.number in from_elsewhere),
        trainers=tuple(Reader(row.id, row.name) for row in invited if not row.as_participant),
        waiting=_waiting(edition_id, meeting.module_id),
        contacts=_contacts(edition_id, meeting.module_id),
        seats=meeting.taken,
        lapses=_lapses(meeting, becomes),
        clashes=_clashes(meeting, becomes, {row.id for row in invited} | set(db.session.scalars(sits))),
        ended_on=local_date(max([was.starts_at, *others])),
        ends_on=local_date(max([becomes.starts_at, *others])),
    )


def foresee_cancelling(edition_id: int, now: datetime) -> CancelForeseen:
    """What cancelling an edition would do now. Fifteen queries, however many people; NotFound."""
    edition = get_row(Edition, edition_id)
    own = and_(Enrolment.edition_id == edition_id, Enrolment.state == EnrolmentState.ENROLLED)
    guest = and_(Meeting.edition_id == edition_id, Enrolment.edition_id != edition_id, Meeting.starts_at > now)
    participants = select(Enrolment.id, Person.name).join(Person, Person.id == Enrolment.person_id).where(own)
    coming, begun = Meeting.starts_at > now, Meeting.starts_at <= now
    guests = _held_seats(Seat.id, Person.name).join(Person, Person.id == Enrolment.person_id).where(guest)
    certificates = select(func.count()).where(
        Certificate.enrolment_id.in_(select(Enrolment.id).where(Enrolment.edition_id == edition_id)),
        Certificate.state == CertificateState.VALID,
    )
    return CancelForeseen(
        state=db.session.scalar(select(Edition.state).where(Edition.id == edition_id)) or edition.state,
        participants=_readers(participants),
        guests=_readers(guests),
        trainers=tuple(Reader(person.id, person.name) for person in list_coming_trainers(edition_id, now)),
        waiting=_waiting(edition_id),
        contacts=_contacts(edition_id),
        holders=_readers(_holders(own)),
        seats=_count(_held_seats(Seat.id).where(own, coming)) + _count(_held_seats(Seat.id).where(guest)),
        held=_count(select(SeatHold.id).join(Meeting).where(Meeting.edition_id == edition_id)),
        stays=_count(_held_seats(Seat.id).where(own, begun)),
        withdrawn=_count_withdrawn(edition_id, own, guest, now),
        certificates=db.session.scalar(certificates) or 0,
        cents=_agreed_cents(edition_id, own),
    )


def _held_seats(*columns: Any) -> Select[*tuple[Any, ...]]:
    """Seats that nobody gave up, with their enrolment and meeting."""
    found = select(*columns).select_from(Seat).join(Enrolment, Enrolment.id == Seat.enrolment_id)
    return found.join(Meeting, Meeting.id == Seat.meeting_id).where(Seat.released_at.is_(None))


def _readers(found: Select[*tuple[Any, ...]]) -> tuple[Reader, ...]:
    rows = db.session.execute(found.order_by(Person.name, *found.selected_columns[:1]))
    return tuple(Reader(*row) for row in rows)


def _count(found: Select[*tuple[Any, ...]]) -> int:
    return db.session.scalar(select(func.count()).select_from(found.subquery())) or 0


def _waiting(edition_id: int, module_id: int | None = None) -> tuple[Reader, ...]:
    """Who waits, for this module where one is named."""
    waits = select(WaitingListEntry.id, Person.name, WaitingListEntry.module_ids)
    waits = waits.join(Person, Person.id == WaitingListEntry.person_id)
    found = waits.where(WaitingListEntry.edition_id == edition_id, WaitingListEntry.left_at.is_(None))
    return _of_module(found, module_id)


def _of_module(found: Select[*tuple[Any, ...]], module_id: int | None) -> tuple[Reader, ...]:
    """Of rows (number, name, modules or None for the whole) those that have to do with this module."""
    rows = db.session.execute(found.order_by(Person.name, *found.selected_columns[:1])).all()
    readers = [Reader(*row[:2]) for row in rows if module_id is None or row[2] is None or module_id in row[2]]
    return tuple(dict.fromkeys(readers))


def _holders(own: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    others = select(Enrolment.id, Person.name).join(Person, Person.id == Enrolment.contracted_by_id)
    return others.where(own, Enrolment.contracted_by_id != Enrolment.person_id)


def _nameless(edition_id: int) -> ColumnElement[bool]:
    return and_(GroupBooking.edition_id == edition_id, ReservedPlace.state == PlaceState.RESERVED)


def _contacts(edition_id: int, module_id: int | None = None) -> tuple[Reader, ...]:
    """Who speaks for a group that has places without a name here, in this module where one is named: one for each
    group."""
    found = select(GroupBooking.id, Person.name, GroupBooking.module_ids)
    found = found.join(Person, Person.id == GroupBooking.contact_id)
    found = found.join(ReservedPlace, ReservedPlace.group_id == GroupBooking.id)
    return _of_module(found.where(_nameless(edition_id)), module_id)


def _agreed_cents(edition_id: int, own: ColumnElement[bool]) -> int:
    enrolled = db.session.scalar(select(func.sum(Enrolment.price_cents)).where(own)) or 0
    places = select(func.sum(GroupBooking.price_cents)).join(ReservedPlace, ReservedPlace.group_id == GroupBooking.id)
    return enrolled + (db.session.scalar(places.where(_nameless(edition_id))) or 0)


def _lapses(meeting: Meeting, becomes: Slot) -> tuple[Grant, ...]:
    course_id = get_row(Edition, meeting.edition_id).course_id
    was_on, is_on = local_date(meeting.starts_at), local_date(becomes.starts_at)
    return tuple(
        grant
        for grant in list_grants([course_id])[course_id]
        if grant.module_id in (None, meeting.module_id) and grant.holds_on(was_on) and not grant.holds_on(is_on)
    )


def _clashes(meeting: Meeting, becomes: Slot, person_ids: Collection[int]) -> tuple[Clash, ...]:
    """Who of these people is expected in another meeting then, in order of name."""
    overlaps = (
        Meeting.id != meeting.id,
        Meeting.starts_at < becomes.ends_at,
        Meeting.ends_at > becomes.starts_at,
        Edition.state.in_(GIVEN),
    )
    columns = (Person.name, Course.title, Meeting.starts_at, Meeting.ends_at)
    sits = _held_seats(*columns).join(Person, Person.id == Enrolment.person_id)
    sits = sits.where(Enrolment.state != EnrolmentState.CANCELLED)
    gives = select(*columns).select_from(MeetingTrainer).join(Meeting, Meeting.id == MeetingTrainer.meeting_id)
    gives = gives.join(Person, Person.id == MeetingTrainer.person_id)
    found = []
    for trainer, busy in ((True, gives), (False, sits)):
        busy = busy.join(Edition, Edition.id == Meeting.edition_id).join(Course, Course.id == Edition.course_id)
        for row in db.session.execute(busy.where(*overlaps, Person.id.in_(person_ids))):
            found.append(Clash(row.name, trainer, row.title, row.starts_at, row.ends_at))
    return tuple(sorted(found))


def _count_withdrawn(edition_id: int, own: ColumnElement[bool], guest: ColumnElement[bool], now: datetime) -> int:
    """Events that leave somebody's calendar: of seats that are given up, here and elsewhere, where they are not
    expected as something else too; and of who would give it."""
    pair = (Enrolment.person_id, Seat.meeting_id)
    leaving = {tuple(row) for row in db.session.execute(_held_seats(*pair).where(own, Meeting.ends_at > now))}
    meeting_ids = {meeting_id for _person_id, meeting_id in leaving}
    sitting = _held_seats(*pair).where(Enrolment.edition_id != edition_id, Meeting.edition_id != edition_id)
    leaving -= {tuple(row) for row in db.session.execute(sitting.where(Seat.meeting_id.in_(meeting_ids)))}
    leaving |= {tuple(row) for row in db.session.execute(_held_seats(*pair).where(guest))}
    given = select(MeetingTrainer.person_id, MeetingTrainer.meeting_id).join(Meeting)
    giving = {
        tuple(row) for row in db.session.execute(given.where(Meeting.edition_id == edition_id, Meeting.ends_at > now))
    }
    live = select(CalendarInvitation).where(
        CalendarInvitation.meeting_id.in_({meeting_id for _person_id, meeting_id in leaving | giving}),
        CalendarInvitation.withdrawn_at.is_(None),
    )
    ended = 0
    for row in db.session.scalars(live):
        where = (row.person_id, row.meeting_id)
        stays = (row.as_participant and where not in leaving) or (row.as_trainer and where not in giving)
        ended += not stays and (where in leaving or where in giving)
    return ended

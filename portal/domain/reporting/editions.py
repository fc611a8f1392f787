"""An edition as the office reads it: who takes part, who waits, and whom a change would touch."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, func, select

from portal.db import db, paged
from portal.domain.accounts.models import Organisation, Person
from portal.domain.calendar.models import CalendarInvitation
from portal.domain.catalogue.models import Edition, Meeting, MeetingTrainer, Module
from portal.domain.catalogue.rules import EditionState
from portal.domain.enrolment.models import Enrolment, Seat, WaitingListEntry
from portal.domain.enrolment.rules import EnrolmentState

MOST_WAITING_SHOWN = 50
MOST_CLOSED_OFFERED = 50


@dataclass(frozen=True)
class ParticipantRow:
    """One enrolment. `positions` are those of the modules that it holds (once cancelled: held) a seat in."""

    enrolment_id: int
    person_id: int
    number: str
    name: str
    employer: str
    state: str
    whole: bool
    positions: tuple[int, ...]


@dataclass(frozen=True)
class ParticipantPage:
    """One page of enrolments; `total` of them on `pages` pages."""

    rows: list[ParticipantRow]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class WaitingRow:
    """Somebody on the waiting list. `position` 1 is the first; `modules` are positions, empty for the whole."""

    position: int
    person_id: int
    name: str
    modules: tuple[int, ...]
    joined_at: datetime


@dataclass(frozen=True)
class Consequences:
    """What cancelling an edition does: enrolments that end, seats that are freed, people taken off the waiting list."""

    people: int
    seats: int
    waiting: int

    @property
    def mails(self) -> int:
        """Everybody who takes part or waits gets one."""
        return self.people + self.waiting


def list_participants(edition_id: int, *, page: int = 1, per_page: int = 50) -> ParticipantPage:
    """A page of an edition's enrolments by name, the cancelled ones last. Three queries."""
    found = paged(
        select(
            Enrolment.id,
            Enrolment.person_id,
            Enrolment.number,
            Enrolment.participant_name.label("name"),
            Enrolment.employer,
            Enrolment.state,
            Enrolment.whole,
        )
        .where(Enrolment.edition_id == edition_id)
        .order_by(Enrolment.state == EnrolmentState.CANCELLED, Enrolment.participant_name, Enrolment.id),
        page=page,
        per_page=per_page,
    )
    positions = _positions([row.id for row in found.rows])
    rows = [
        ParticipantRow(
            row.id, row.person_id, row.number, row.name, row.employer, row.state, row.whole, positions[row.id]
        )
        for row in found.rows
    ]
    return ParticipantPage(rows, found.number, found.pages, found.total)


def list_waiting(edition_id: int) -> list[WaitingRow]:
    """The waiting list in order of arrival, its first fifty. Two queries."""
    rows = db.session.execute(
        select(WaitingListEntry.person_id, Person.name, WaitingListEntry.module_ids, WaitingListEntry.joined_at)
        .join(Person, Person.id == WaitingListEntry.person_id)
        .where(WaitingListEntry.edition_id == edition_id, WaitingListEntry.left_at.is_(None))
        .order_by(WaitingListEntry.id)
        .limit(MOST_WAITING_SHOWN)
    ).all()
    taught = select(Module.id, Module.position).join(Meeting).where(Meeting.edition_id == edition_id)
    position_of: dict[int, int] = {row.id: row.position for row in db.session.execute(taught)}
    return [
        WaitingRow(
            place,
            row.person_id,
            row.name,
            tuple(sorted(position_of[number] for number in row.module_ids or () if number in position_of)),
            row.joined_at,
        )
        for place, row in enumerate(rows, 1)
    ]


def count_waiting(edition_id: int) -> int:
    """How many people are on an edition's waiting list."""
    waits = select(func.count()).where(WaitingListEntry.edition_id == edition_id, WaitingListEntry.left_at.is_(None))
    return db.session.scalar(waits) or 0


def list_invited(meeting_id: int) -> Sequence[str]:
    """The names of everybody who has this meeting in their calendar: they get a new invitation when it moves."""
    invited = (
        select(Person.name)
        .join(CalendarInvitation, CalendarInvitation.person_id == Person.id)
        .where(CalendarInvitation.meeting_id == meeting_id, CalendarInvitation.withdrawn_at.is_(None))
    )
    return db.session.scalars(invited.order_by(Person.name, Person.id)).all()


def foresee_cancelling(edition_id: int) -> Consequences:
    """What cancelling this edition would do now. Three queries."""
    enrolled = (Enrolment.edition_id == edition_id, Enrolment.state != EnrolmentState.CANCELLED)
    people = db.session.scalar(select(func.count()).where(*enrolled)) or 0
    held = select(func.count(Seat.id)).join(Enrolment).where(*enrolled, Seat.released_at.is_(None))
    return Consequences(people, db.session.scalar(held) or 0, count_waiting(edition_id))


def list_meeting_trainers(meeting_id: int) -> list[int]:
    """The ids of who gives a meeting."""
    given_by = select(MeetingTrainer.person_id).where(MeetingTrainer.meeting_id == meeting_id)
    return list(db.session.scalars(given_by.order_by(MeetingTrainer.person_id)))


def list_closed(course_id: int) -> Sequence[Row[int, str, date | None]]:
    """A course's in-company editions that are not cancelled, the newest fifty. Rows: id, organisation, starts_on."""
    closed = (
        select(Edition.id, Organisation.name.label("organisation"), Edition.starts_on)
        .join(Organisation, Organisation.id == Edition.organisation_id)
        .where(Edition.course_id == course_id, Edition.state != EditionState.CANCELLED)
    )
    return db.session.execute(closed.order_by(Edition.id.desc()).limit(MOST_CLOSED_OFFERED)).all()


def _positions(enrolment_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    rows = db.session.execute(
        select(Seat.enrolment_id, Module.position)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .join(Module, Module.id == Meeting.module_id)
        .where(Seat.enrolment_id.in_(enrolment_ids))
        .order_by(Module.position)
    )
    found: dict[int, tuple[int, ...]] = defaultdict(tuple)
    for row in rows:
        found[row.enrolment_id] = tuple(dict.fromkeys((*found[row.enrolment_id], row.position)))
    return found

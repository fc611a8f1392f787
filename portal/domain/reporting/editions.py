"""An edition as the office reads it: who takes part, who waits, and whom a change would touch."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import aliased

from portal.db import db, paged
from portal.domain.accounts.models import Organisation, Person
from portal.domain.catalogue.models import Edition, Meeting, MeetingTrainer, Module
from portal.domain.catalogue.rules import EditionState
from portal.domain.enrolment.models import Enrolment, Seat, WaitingListEntry
from portal.domain.enrolment.rules import EnrolmentState

MOST_WAITING_SHOWN = 50
MOST_CLOSED_OFFERED = 50
MOST_GUESTS_SHOWN = 100


@dataclass(frozen=True)
class ParticipantRow:
    """One enrolment. `positions` are those of the modules that it holds (once cancelled: held) a seat in; `elsewhere`
    those of them that it takes, or makes up for, in another edition."""

    enrolment_id: int
    person_id: int
    number: str
    name: str
    employer: str
    state: str
    whole: bool
    positions: tuple[int, ...]
    elsewhere: tuple[int, ...]


@dataclass(frozen=True)
class GuestRow:
    """A seat of somebody from another edition, which is in the town `place`. `makes_up`: they missed the module there,
    else they swapped it."""

    enrolment_id: int
    person_id: int
    name: str
    position: int
    held_at: datetime
    edition_id: int
    place: str
    makes_up: bool


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
            row.id, row.person_id, row.number, row.name, row.employer, row.state, row.whole, *positions[row.id]
        )
        for row in found.rows
    ]
    return ParticipantPage(rows, found.number, found.pages, found.total)


def list_guests(edition_id: int) -> list[GuestRow]:
    """Who of other editions has a seat here, in order of the meetings and by name; at most a hundred. One query."""
    own, stood_in = aliased(Edition), aliased(Seat)
    makes_up = and_(stood_in.id.is_not(None), stood_in.released_at.is_(None))
    rows = db.session.execute(
        select(
            Enrolment.id, Enrolment.person_id, Enrolment.participant_name, Module.position, Meeting.starts_at, own.id,
            own.place, makes_up,
        )
        .join(Seat, Seat.enrolment_id == Enrolment.id)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .join(Module, Module.id == Meeting.module_id)
        .join(own, own.id == Enrolment.edition_id)
        .outerjoin(stood_in, stood_in.id == Seat.instead_of_id)
        .where(Meeting.edition_id == edition_id, Enrolment.edition_id != edition_id, Seat.released_at.is_(None))
        .order_by(Meeting.starts_at, Meeting.id, Enrolment.participant_name, Enrolment.id)
        .limit(MOST_GUESTS_SHOWN)
    )  # fmt: skip
    return [GuestRow(*columns[:-1], makes_up=bool(columns[-1])) for columns in rows]


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


def _positions(enrolment_ids: Collection[int]) -> dict[int, tuple[tuple[int, ...], tuple[int, ...]]]:
    """The modules that these enrolments have, and those of them that they have in another edition now."""
    rows = db.session.execute(
        select(
            Seat.enrolment_id,
            Module.position,
            and_(Meeting.edition_id != Enrolment.edition_id, Seat.released_at.is_(None)).label("elsewhere"),
        )
        .join(Enrolment, Enrolment.id == Seat.enrolment_id)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .join(Module, Module.id == Meeting.module_id)
        .where(Seat.enrolment_id.in_(enrolment_ids))
        .order_by(Module.position)
    )
    found: dict[int, tuple[tuple[int, ...], tuple[int, ...]]] = defaultdict(lambda: ((), ()))
    for row in rows:
        held, elsewhere = found[row.enrolment_id]
        if row.elsewhere:
            elsewhere = (*elsewhere, row.position)
        found[row.enrolment_id] = tuple(dict.fromkeys((*held, row.position))), tuple(dict.fromkeys(elsewhere))
    return found

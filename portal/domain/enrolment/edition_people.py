"""Who has to do with an edition: takes part in it, gives it, counts for its minimum."""

from datetime import datetime

from sqlalchemy import func, select

from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.catalogue.models import Meeting, MeetingTrainer
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.rules import EnrolmentState


def count_people(edition_id: int) -> int:
    """How many people take part, for all of it or for some: these count for the minimum. One query."""
    active = select(func.count()).where(Enrolment.edition_id == edition_id, Enrolment.state != EnrolmentState.CANCELLED)
    return db.session.scalar(active) or 0


def list_taking_part(edition_id: int) -> list[tuple[Person, int]]:
    """Everybody who takes part and the number of their enrolment, in order of enrolling. One query."""
    rows = db.session.execute(
        select(Person, Enrolment.id)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.edition_id == edition_id, Enrolment.state != EnrolmentState.CANCELLED)
        .order_by(Enrolment.id)
    )
    return [(person, enrolment_id) for person, enrolment_id in rows]


def list_guests(edition_id: int, now: datetime) -> list[tuple[Person, int, frozenset[int]]]:
    """Who of another edition takes part in a coming meeting of this one: the person, the number of their enrolment and
    the modules they come for, in order of enrolling. One query."""
    rows = db.session.execute(
        select(Person, Enrolment.id, Meeting.module_id)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(Seat, Seat.enrolment_id == Enrolment.id)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(
            Meeting.edition_id == edition_id,
            Enrolment.edition_id != edition_id,
            Meeting.starts_at > now,
            Seat.released_at.is_(None),
        )
        .order_by(Enrolment.id, Meeting.id)
    )
    found: dict[int, tuple[Person, int, frozenset[int]]] = {}
    for person, enrolment_id, module_id in rows:
        _person, _number, modules = found.get(enrolment_id, (person, enrolment_id, frozenset[int]()))
        found[enrolment_id] = person, enrolment_id, modules | {module_id}
    return list(found.values())


def list_coming_trainers(edition_id: int, now: datetime) -> list[Person]:
    """Everybody who gives a meeting of it that is not over, by number. One query."""
    giving = (
        select(MeetingTrainer.person_id)
        .join(Meeting, Meeting.id == MeetingTrainer.meeting_id)
        .where(Meeting.edition_id == edition_id, Meeting.ends_at > now)
    )
    return list(db.session.scalars(select(Person).where(Person.id.in_(giving)).order_by(Person.id)))

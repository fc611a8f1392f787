"""Finding requests and a client's own editions."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Row, func, select
from sqlalchemy.orm import joinedload

from portal.db import Page, db, paged
from portal.domain.accounts.models import Person
from portal.domain.catalogue.models import Course, Edition, Meeting, Module
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.rules import EnrolmentState
from portal.domain.incompany.models import TrainingRequest
from portal.errors import NotFound


def get_request(request_id: int) -> TrainingRequest:
    """The request with its contact, course and organisation, or NotFound."""
    loads = (TrainingRequest.contact, TrainingRequest.course, TrainingRequest.organisation)
    wanted = select(TrainingRequest).options(*[joinedload(relation) for relation in loads])
    found = db.session.scalar(wanted.where(TrainingRequest.id == request_id))
    if found is None:
        raise NotFound
    return found


def list_requests(*, contact_id: int | None = None, page: int = 1, per_page: int = 25) -> Page:
    """A page of requests, those without an answer first and the oldest of those first; of one contact, or all.

    Rows: id, organisation_name, course, contact, state, group_size, requested_at, edition_id."""
    wanted = (
        select(
            TrainingRequest.id,
            TrainingRequest.organisation_name,
            Course.title.label("course"),
            Person.name.label("contact"),
            TrainingRequest.state,
            TrainingRequest.group_size,
            TrainingRequest.requested_at,
            TrainingRequest.edition_id,
        )
        .join(Course, Course.id == TrainingRequest.course_id)
        .join(Person, Person.id == TrainingRequest.contact_id)
        .order_by(TrainingRequest.answered_at.is_not(None), TrainingRequest.requested_at, TrainingRequest.id)
    )
    if contact_id is not None:
        wanted = wanted.where(TrainingRequest.contact_id == contact_id)
    return paged(wanted, page=page, per_page=per_page)


def count_waiting() -> int:
    """How many requests have no answer yet."""
    return db.session.scalar(select(func.count()).where(TrainingRequest.answered_at.is_(None))) or 0


def get_client_edition(edition_id: int, organisation_ids: Collection[int]) -> Edition:
    """An edition of one of these organisations, with its course and organisation; else NotFound."""
    wanted = select(Edition).options(joinedload(Edition.course), joinedload(Edition.organisation))
    found = db.session.scalar(
        wanted.where(Edition.id == edition_id, Edition.organisation_id.in_(list(organisation_ids)))
    )
    if found is None:
        raise NotFound
    return found


def list_client_editions(organisation_ids: Collection[int], *, page: int = 1, per_page: int = 25) -> Page:
    """A page of these organisations' editions, newest first. Rows: id, course, starts_on, place, state, people."""
    people = (
        select(Enrolment.edition_id, func.count().label("people"))
        .where(Enrolment.state != EnrolmentState.CANCELLED)
        .group_by(Enrolment.edition_id)
        .subquery()
    )
    wanted = (
        select(
            Edition.id,
            Course.title.label("course"),
            Edition.starts_on,
            Edition.place,
            Edition.state,
            func.coalesce(people.c.people, 0).label("people"),
        )
        .join(Course, Course.id == Edition.course_id)
        .outerjoin(people, people.c.edition_id == Edition.id)
        .where(Edition.organisation_id.in_(list(organisation_ids)))
        .order_by(Edition.starts_on.desc(), Edition.id)
    )
    return paged(wanted, page=page, per_page=per_page)


def list_participants(edition_id: int, *, page: int = 1, per_page: int = 50) -> Page:
    """A page of the people in a client's edition, by name. Rows: id (of the enrolment), name, email, state."""
    wanted = (
        select(Enrolment.id, Enrolment.participant_name.label("name"), Person.email, Enrolment.state)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.edition_id == edition_id, Enrolment.state != EnrolmentState.CANCELLED)
        .order_by(Enrolment.participant_name, Enrolment.id)
    )
    return paged(wanted, page=page, per_page=per_page)


def get_participant(edition_id: int, enrolment_id: int) -> Enrolment:
    """An enrolment in this very edition, or NotFound."""
    found = db.session.get(Enrolment, enrolment_id)
    if found is None or found.edition_id != edition_id:
        raise NotFound
    return found


def list_meetings(edition_id: int) -> Sequence[Row[str, datetime, datetime, str, int, int]]:
    """An edition's meetings in time order. Rows: title, starts_at, ends_at, venue, capacity, taken."""
    wanted = (
        select(Module.title, Meeting.starts_at, Meeting.ends_at, Meeting.venue, Meeting.capacity, Meeting.taken)
        .join(Module, Module.id == Meeting.module_id)
        .where(Meeting.edition_id == edition_id)
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return db.session.execute(wanted).all()


def list_course_choices() -> list[tuple[int, str]]:
    """(id, title) of the trainings that may be asked for, by title."""
    wanted = select(Course.id, Course.title).where(Course.visible).order_by(Course.title, Course.id)
    return [(row.id, row.title) for row in db.session.execute(wanted)]

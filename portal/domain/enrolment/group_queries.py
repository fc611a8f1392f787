"""Reading groups: by those who speak for them, and who of a list takes part already."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select

from portal.db import Page, db, paged
from portal.domain.accounts.models import Organisation, Person
from portal.domain.accounts.queries import hash_token
from portal.domain.catalogue.models import Course, Edition
from portal.domain.enrolment.eligibility import eligibilities
from portal.domain.enrolment.group_models import GroupBooking, PlaceState, ReservedPlace
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.people_lists import Listed
from portal.domain.enrolment.place_rules import last_day_before
from portal.domain.enrolment.queries import EditionOnOffer, MeetingOnOffer, get_edition
from portal.domain.enrolment.rules import EnrolmentState
from portal.errors import NotFound
from portal.language import _


@dataclass(frozen=True)
class Group:
    """A group as those who speak for it see it. `organisation` is the name of who contracts."""

    id: int
    edition: EditionOnOffer
    meetings: tuple[MeetingOnOffer, ...]
    organisation: str
    employer: str
    contact_id: int
    order_reference: str
    price_cents: int
    booked_at: datetime
    name_until: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether places without a name can still be named."""
        return self.name_until is not None and now < self.name_until

    @property
    def name_last_on(self) -> date | None:
        """The last day on which a place without a name can be named."""
        return last_day_before(self.name_until) if self.name_until else None


def get_group(group_id: int, *, person_id: int, organisation_ids: Collection[int]) -> Group:
    """The group, for its contact and for contacts of the organisation that contracts; NotFound for everybody else."""
    booking = db.session.get(GroupBooking, group_id)
    if booking is None or (booking.contact_id != person_id and booking.organisation_id not in organisation_ids):
        raise NotFound
    return read_group(booking)


def read_group(booking: GroupBooking) -> Group:
    """The group of a booking."""
    edition = get_edition(booking.edition_id)
    organisation = booking.employer
    if booking.organisation_id is not None:
        organisation = (
            db.session.scalar(select(Organisation.name).where(Organisation.id == booking.organisation_id))
            or organisation
        )
    return Group(
        id=booking.id,
        edition=edition,
        meetings=edition.meetings_of(booking.module_ids),
        organisation=organisation,
        employer=booking.employer,
        contact_id=booking.contact_id,
        order_reference=booking.order_reference,
        price_cents=booking.price_cents,
        booked_at=booking.booked_at,
        name_until=booking.name_until,
    )


def list_groups(person_id: int, organisation_ids: Collection[int], *, page: int = 1, per_page: int = 25) -> Page:
    """A page of the groups that somebody speaks for, newest first. Rows: id, course, starts_on, place, people (named
    or still to be named), booked_at."""
    people = (
        select(ReservedPlace.group_id, func.count().label("people"))
        .where(ReservedPlace.state != PlaceState.RELEASED)
        .group_by(ReservedPlace.group_id)
        .subquery()
    )
    wanted = (
        select(
            GroupBooking.id,
            Course.title.label("course"),
            Edition.starts_on,
            Edition.place,
            func.coalesce(people.c.people, 0).label("people"),
            GroupBooking.booked_at,
        )
        .join(Edition, Edition.id == GroupBooking.edition_id)
        .join(Course, Course.id == Edition.course_id)
        .outerjoin(people, people.c.group_id == GroupBooking.id)
        .where(_of(person_id, organisation_ids))
        .order_by(GroupBooking.id.desc())
    )
    return paged(wanted, page=page, per_page=per_page)


def list_places(group_id: int, *, page: int = 1, per_page: int = 50) -> Page:
    """A page of a group's places, those still without a name first, then by name. Rows: id, state, name, email, number,
    cancelled (whether the enrolment that came of it was)."""
    wanted = (
        select(
            ReservedPlace.id,
            ReservedPlace.state,
            ReservedPlace.name,
            ReservedPlace.email,
            ReservedPlace.number,
            (func.coalesce(Enrolment.state, "") == EnrolmentState.CANCELLED).label("cancelled"),
        )
        .outerjoin(Enrolment, Enrolment.id == ReservedPlace.enrolment_id)
        .where(ReservedPlace.group_id == group_id)
        .order_by(ReservedPlace.state != PlaceState.RESERVED, ReservedPlace.name, ReservedPlace.id)
    )
    return paged(wanted, page=page, per_page=per_page)


@dataclass(frozen=True)
class PlaceOfGroup:
    """One place with its group."""

    id: int
    state: str
    group: Group
    booking: GroupBooking


def get_place(place_id: int, group_id: int, *, person_id: int, organisation_ids: Collection[int]) -> PlaceOfGroup:
    """A place of a group that somebody speaks for; NotFound for everybody else and for another group's place."""
    group = get_group(group_id, person_id=person_id, organisation_ids=organisation_ids)
    place = db.session.get(ReservedPlace, place_id)
    if place is None or place.group_id != group_id:
        raise NotFound
    return PlaceOfGroup(place.id, place.state, group, db.session.get_one(GroupBooking, group_id))


def find_place_by_token(token: str) -> PlaceOfGroup:
    """The place of a link by which somebody names themselves, also when it has a name by now; else NotFound."""
    place = db.session.scalar(select(ReservedPlace).where(ReservedPlace.fill_token_hash == hash_token(token)))
    if place is None:
        raise NotFound
    booking = db.session.get_one(GroupBooking, place.group_id)
    return PlaceOfGroup(place.id, place.state, read_group(booking), booking)


def who_cannot(edition: EditionOnOffer, people: Sequence[Listed], now: datetime) -> dict[int, dict[str, str]]:
    """Line to cell to why somebody of a list cannot be enrolled: takes part already, or has not done what is asked
    first. Only for whoever may know."""
    persons = _known([person.email.lower() for person in people])
    enrolled = set(
        db.session.scalars(
            select(Enrolment.person_id).where(
                Enrolment.edition_id == edition.id,
                Enrolment.person_id.in_(persons.values()),
                Enrolment.state != EnrolmentState.CANCELLED,
            )
        )
    )
    found: dict[int, dict[str, str]] = {}
    eligible = eligibilities(edition, {None, *persons.values()}, now)
    for person in people:
        person_id = persons.get(person.email.lower())
        if person_id in enrolled:
            found[person.line] = {"email": str(_("Doet al mee. Laat deze regel weg"))}
        elif not eligible[person_id].met:
            found[person.line] = {"email": eligible[person_id].sentence}
    return found


def _known(addresses: Collection[str]) -> dict[str, int]:
    rows = db.session.execute(select(Person.email, Person.id).where(Person.email.in_(addresses)).order_by(Person.id))
    return {row.email: row.id for row in rows}


def _of(person_id: int, organisation_ids: Collection[int]) -> ColumnElement[bool]:
    own = GroupBooking.contact_id == person_id
    return or_(own, GroupBooking.organisation_id.in_(list(organisation_ids)))

"""Finding coordinators and their conferences."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.db import Page, db, paged
from portal.domain.accounts.models import Person
from portal.domain.coordinators.models import Conference, Coordinator, Region
from portal.errors import NotFound


def find_coordinator(person_id: int) -> Coordinator | None:
    """The coordinator that this person is, with region and person."""
    wanted = select(Coordinator).where(Coordinator.person_id == person_id)
    return db.session.scalar(wanted.options(joinedload(Coordinator.region), joinedload(Coordinator.person)))


def get_coordinator(coordinator_id: int, *, manager_id: int | None = None) -> Coordinator:
    """The coordinator with region and person; with `manager_id` only when in a region of that manager, else
    NotFound."""
    wanted = select(Coordinator).join(Coordinator.region).where(Coordinator.id == coordinator_id)
    if manager_id is not None:
        wanted = wanted.where(Region.manager_id == manager_id)
    found = db.session.scalar(wanted.options(joinedload(Coordinator.region), joinedload(Coordinator.person)))
    if found is None:
        raise NotFound
    return found


def list_conferences(coordinator_id: int) -> Sequence[Conference]:
    """A coordinator's conferences, newest first."""
    wanted = select(Conference).where(Conference.coordinator_id == coordinator_id)
    return db.session.scalars(wanted.order_by(Conference.held_on.desc(), Conference.id.desc())).all()


def list_regions(manager_id: int) -> Sequence[Region]:
    """The regions that somebody manages, by name."""
    return db.session.scalars(select(Region).where(Region.manager_id == manager_id).order_by(Region.name)).all()


def list_in_regions(manager_id: int, *, page: int = 1, per_page: int = 25) -> Page:
    """A page of the coordinators in somebody's regions, by name.

    Rows: id, person_id, name, region, conferences (a count)."""
    conferences = (
        select(Conference.coordinator_id, func.count().label("done")).group_by(Conference.coordinator_id).subquery()
    )
    mine = (
        select(
            Coordinator.id,
            Coordinator.person_id,
            Person.name,
            Region.name.label("region"),
            func.coalesce(conferences.c.done, 0).label("conferences"),
        )
        .join(Person, Person.id == Coordinator.person_id)
        .join(Region, Region.id == Coordinator.region_id)
        .outerjoin(conferences, conferences.c.coordinator_id == Coordinator.id)
        .where(Region.manager_id == manager_id)
    )
    return paged(mine.order_by(Person.name, Coordinator.id), page=page, per_page=per_page)

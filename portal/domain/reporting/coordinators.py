"""Regions and coordinators over the whole country."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select

from portal.db import Page, db, paged
from portal.domain.accounts.models import Person
from portal.domain.coordinators.models import Conference, Coordinator, Region


def list_regions() -> Sequence[Row[Any]]:
    """All regions by name. Rows: id, name, manager (a name, None without one), coordinators (a count)."""
    inside = (
        select(func.count(Coordinator.id)).where(Coordinator.region_id == Region.id).correlate(Region).scalar_subquery()
    )
    regions = select(Region.id, Region.name, Person.name.label("manager"), inside.label("coordinators")).outerjoin(
        Person, Person.id == Region.manager_id
    )
    return db.session.execute(regions.order_by(Region.name, Region.id)).all()


def list_coordinators(*, page: int = 1, per_page: int = 25) -> Page:
    """A page of all coordinators by name. Rows: id, person_id, name, region, conferences (a count)."""
    held = (
        select(func.count(Conference.id))
        .where(Conference.coordinator_id == Coordinator.id)
        .correlate(Coordinator)
        .scalar_subquery()
    )
    wanted = (
        select(
            Coordinator.id,
            Coordinator.person_id,
            Person.name,
            Region.name.label("region"),
            held.label("conferences"),
        )
        .join(Person, Person.id == Coordinator.person_id)
        .join(Region, Region.id == Coordinator.region_id)
    )
    return paged(wanted.order_by(Person.name, Coordinator.id), page=page, per_page=per_page)

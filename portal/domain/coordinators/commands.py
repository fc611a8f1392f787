"""Adding coordinators and recording their conferences."""

from datetime import date, datetime

from sqlalchemy import select

from portal import audit, clock
from portal.audit import Actor
from portal.db import db
from portal.domain.accounts import commands as accounts
from portal.domain.accounts.rules import Role
from portal.domain.coordinators.events import ConferenceRecorded, ConferenceRemoved, CoordinatorAdded, RegionAdded
from portal.domain.coordinators.models import Conference, Coordinator, Region
from portal.domain.coordinators.queries import find_coordinator
from portal.domain.coordinators.rules import ConferenceKind
from portal.errors import Conflict, NotFound, Refused
from portal.language import _


def add_region(*, name: str, manager_id: int | None, actor: Actor, now: datetime) -> Region:
    """A new region. Raises Conflict when its name is taken."""
    if db.session.scalar(select(Region.id).where(Region.name == name)):
        raise Conflict(_("Deze regio is er al."), "name")
    region = Region(name=name, manager_id=manager_id)
    db.session.add(region)
    db.session.flush()
    audit.record(RegionAdded(region_id=region.id, person_id=manager_id), actor=actor, at=now)
    return region


def add_coordinator(*, person_id: int, region_id: int, actor: Actor, now: datetime) -> Coordinator:
    """Makes a person a coordinator (with the role) in a region; one who is it already stays as they are."""
    known = find_coordinator(person_id)
    if known:
        return known
    coordinator = Coordinator(person_id=person_id, region_id=region_id)
    db.session.add(coordinator)
    db.session.flush()
    accounts.grant_role(person_id=person_id, role=Role.COORDINATOR, actor=actor, now=now)
    happened = CoordinatorAdded(coordinator_id=coordinator.id, person_id=person_id, region_id=region_id)
    audit.record(happened, actor=actor, at=now)
    return coordinator


def record_conference(
    *, coordinator: Coordinator, held_on: date, kind: ConferenceKind, actor: Actor, now: datetime
) -> Conference:
    """Notes that a coordinator has done a conference. Refuses a date that is still to come."""
    if held_on > clock.local_date(now):
        raise Refused(_("Vul een datum in die geweest is: een conferentie telt pas als ze gehouden is."), "held_on")
    conference = Conference(coordinator_id=coordinator.id, region_id=coordinator.region_id, held_on=held_on, kind=kind)
    db.session.add(conference)
    db.session.flush()
    happened = ConferenceRecorded(
        conference_id=conference.id,
        coordinator_id=coordinator.id,
        region_id=conference.region_id,
        held_on=held_on,
        kind=kind,
    )
    audit.record(happened, actor=actor, at=now)
    return conference


def remove_conference(*, coordinator: Coordinator, conference_id: int, actor: Actor, now: datetime) -> None:
    """Takes back a conference that was recorded by mistake; the log keeps both."""
    conference = db.session.get(Conference, conference_id)
    if conference is None or conference.coordinator_id != coordinator.id:
        raise NotFound
    db.session.delete(conference)
    audit.record(ConferenceRemoved(conference_id=conference_id, coordinator_id=coordinator.id), actor=actor, at=now)

"""The people come in: accounts of every role, trainers, regions, coordinators, clients."""

from datetime import datetime, timedelta

from portal.audit import Actor
from portal.demo.people import ACCOUNTS, ORGANISATIONS, PASSWORD, TRAINERS
from portal.domain.accounts import commands as accounts
from portal.domain.accounts.models import Person
from portal.domain.accounts.queries import find_by_email
from portal.domain.accounts.rules import Role
from portal.domain.accounts.signing_in import set_password
from portal.domain.coordinators import commands as coordinators
from portal.domain.coordinators.queries import find_coordinator
from portal.domain.coordinators.rules import ConferenceKind

SYSTEM = Actor.system("cli")


def enter(now: datetime) -> None:
    """Adds everybody who works with the portal; participants come when they enrol."""
    clients = [
        accounts.add_organisation(name=name, sector=sector, actor=SYSTEM, now=now) for name, sector in ORGANISATIONS
    ]
    for email, name, role in ACCOUNTS:
        person = accounts.add_person(name=name, email=email, actor=SYSTEM, now=now)
        set_password(person_id=person.id, password=PASSWORD, token=None, actor=SYSTEM, now=now)
        if role in (None, Role.COORDINATOR):
            continue
        organisation_id = clients[0].id if role == Role.ORGANISATION else None
        accounts.grant_role(person_id=person.id, role=role, organisation_id=organisation_id, actor=SYSTEM, now=now)
    for number, name in enumerate(TRAINERS):
        trainer = accounts.add_person(name=name, email=f"trainer{number + 2}@leerkring.example", actor=SYSTEM, now=now)
        accounts.grant_role(person_id=trainer.id, role=Role.TRAINER, actor=SYSTEM, now=now)
    _regions(now)


def somebody(role_account: str) -> Person:
    """One of the demo accounts, by the part of its address before the @."""
    found = find_by_email(f"{role_account}@demo.example")
    if found is None:
        raise LookupError(role_account)
    return found


def record_conferences(now: datetime) -> None:
    """The coordinator of the demo has done one conference, and needs one more before EK-2."""
    coordinator = find_coordinator(somebody("coordinator").id)
    if coordinator is None:
        raise LookupError("coordinator")
    coordinators.record_conference(
        coordinator=coordinator,
        held_on=(now - timedelta(days=3)).date(),
        kind=ConferenceKind.FAMILY,
        actor=Actor.person(somebody("regio").id),
        now=now,
    )


def _regions(now: datetime) -> None:
    region = coordinators.add_region(
        name="Overijssel en Drenthe", manager_id=somebody("regio").id, actor=SYSTEM, now=now
    )
    coordinators.add_coordinator(person_id=somebody("coordinator").id, region_id=region.id, actor=SYSTEM, now=now)
    for number, name in enumerate(("Jolanda Meijer", "Abdi Warsame", "Ying Chen")):
        person = accounts.add_person(
            name=name, email=f"coordinator{number + 2}@leerkring.example", actor=SYSTEM, now=now
        )
        coordinators.add_coordinator(person_id=person.id, region_id=region.id, actor=SYSTEM, now=now)

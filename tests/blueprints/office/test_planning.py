"""The office plans an edition, puts it online, moves and cancels it; what it sees is what the public gets."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.rules import Role
from portal.domain.catalogue.models import Edition, Meeting, MeetingTrainer
from portal.domain.catalogue.rules import EditionState
from portal.domain.enrolment.commands import Participant, enrol
from portal.domain.enrolment.models import Enrolment
from tests import factories
from tests.page import Page
from tests.plugins.portal import PortalClient

FIRST = date(2027, 3, 18)


@pytest.fixture
def office(as_role: Callable[[Role], PortalClient]) -> PortalClient:
    return as_role(Role.OFFICE)


def plan_page(office: PortalClient, course_id: int) -> Page:
    return office.visit(f"/bureau/uitvoeringen/nieuw?training={course_id}")


def row(number: int, **values: Any) -> dict[str, Any]:
    return {f"meetings-{number}-{name}": value for name, value in values.items()}


FIRST_ROW = row(
    0, held_on="2027-03-18", starts_at="09:30", ends_at="13:00", capacity="12", venue="Grote Markt 1, Zwolle"
)


def enrol_somebody(edition_id: int, name: str = "Şule Yılmaz", email: str = "sule@zorg.example") -> Enrolment:
    with transaction():
        outcome = enrol(
            edition_id=edition_id,
            module_ids=None,
            participant=Participant(name, email),
            contract_party="participant",
            actor=Actor.visitor(),
            now=clock.now(),
        )
    return db.session.get_one(Enrolment, outcome.enrolment_id)


def test_from_the_plan_to_the_public_page(office: PortalClient, client: PortalClient):
    trainer = factories.person(role=Role.TRAINER, name="Noor van Dijk")
    course, modules = factories.course_with_modules(modules=2)
    form = plan_page(office, course.id)
    planned = form.submit(
        "Bewaar als concept",
        FIRST_ROW
        | row(0, trainer_ids=str(trainer.id))
        | row(1, held_on="2027-03-25")
        | {"place": "Zwolle", "minimum": "6", "price_cents": "795,50"},
    )
    edition = db.session.scalars(select(Edition)).one()
    assert (edition.state, edition.place, edition.minimum, edition.price_cents, edition.starts_on) == (
        EditionState.DRAFT,
        "Zwolle",
        6,
        79550,
        FIRST,
    )
    meetings = db.session.scalars(select(Meeting).order_by(Meeting.starts_at)).all()
    assert [(m.module_id, clock.local(m.starts_at).isoformat(), m.venue, m.capacity) for m in meetings] == [
        (modules[0].id, "2027-03-18T09:30:00+01:00", "Grote Markt 1, Zwolle", 12),
        (modules[1].id, "2027-03-25T09:30:00+01:00", "Grote Markt 1, Zwolle", 12),
    ]
    assert list(db.session.scalars(select(MeetingTrainer.person_id))) == [trainer.id, trainer.id]
    online = planned.submit("Zet online")
    assert "De uitvoering staat online." in online.text
    assert db.session.get_one(Edition, edition.id).state == EditionState.PUBLISHED

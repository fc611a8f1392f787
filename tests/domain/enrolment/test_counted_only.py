"""Where people are counted only, nobody gets in by name: every way in is refused."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

import portal
from portal import clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.catalogue.rules import EditionKind
from portal.domain.enrolment import commands, waiting_list
from portal.domain.enrolment.at_the_door import enrol_at_the_door
from portal.domain.enrolment.groups import Order, book_group
from portal.domain.enrolment.models import Enrolment, Seat, SeatHold, WaitingListEntry
from portal.domain.enrolment.moves import list_destinations
from portal.domain.enrolment.other_dates import list_other_dates, wish_of
from portal.domain.enrolment.own_enrolments import get_own_enrolment
from portal.domain.enrolment.participants import Participant
from portal.domain.enrolment.rules import ContractParty
from portal.domain.enrolment.stand_ins import swap_seat
from portal.domain.incompany.commands import enter_participant
from portal.errors import NotFound, Refused
from tests import factories
from tests.factories import EditionAndMeetings

SENTENCE = "Van deze groep schrijven we geen namen op: we tellen alleen hoeveel mensen er zijn."
DEWI = Participant("Dewi Hardjo", "dewi@zorg.example")


@dataclass
class Scene:
    """Two editions of one client: somebody is enrolled in the one; of the other the people are counted."""

    named: EditionAndMeetings
    counted: EditionAndMeetings
    enrolment: Enrolment
    person: Person
    organisation_id: int


@pytest.fixture
def scene(app: Flask) -> Scene:
    course, client = factories.course_with_modules(2), factories.organisation()
    closed = {"kind": EditionKind.IN_COMPANY, "organisation_id": client.id}
    named = factories.edition_with_meetings(course, **closed)
    counted = factories.edition_with_meetings(course, clock.today() + timedelta(days=60), counted_only=True, **closed)
    person = factories.person(name="Amira")
    enrolment = factories.enrolment(named, person, organisation_id=client.id)
    factories.terms()
    db.session.commit()
    return Scene(named, counted, enrolment, person, client.id)


def enrol_by_office(scene: Scene) -> None:
    _enrol(scene, scene.organisation_id, trusted=True)


def enrol_by_client(scene: Scene) -> None:
    _enrol(scene, scene.organisation_id, trusted=False)


def _enrol(scene: Scene, organisation_id: int, *, trusted: bool) -> None:
    commands.enrol(
        edition_id=scene.counted.edition.id,
        module_ids=None,
        participant=DEWI,
        contract_party=ContractParty.ORGANISATION,
        organisation_id=organisation_id,
        terms_version_id=factories.terms().id,
        trusted=trusted,
        actor=Actor.person(scene.person.id),
        now=clock.now(),
    )


def single_module(scene: Scene) -> None:
    commands.enrol(
        edition_id=scene.counted.edition.id,
        module_ids=[scene.counted.meetings[0].module_id],
        participant=DEWI,
        contract_party=ContractParty.ORGANISATION,
        organisation_id=scene.organisation_id,
        terms_version_id=factories.terms().id,
        trusted=True,
        actor=Actor.person(scene.person.id),
        now=clock.now(),
    )


def one_of_a_client(scene: Scene) -> None:
    edition = db.session.get_one(Edition, scene.counted.edition.id)
    enter_participant(
        edition=edition, name=DEWI.name, email=DEWI.email, actor=Actor.person(scene.person.id), now=clock.now()
    )


def list_of_people(scene: Scene) -> None:
    _book(scene, people=(DEWI,), places=0)


def places_without_names(scene: Scene) -> None:
    _book(scene, people=(), places=3)


def _book(scene: Scene, people: tuple[Participant, ...], places: int) -> None:
    order = Order(
        edition_id=scene.counted.edition.id,
        module_ids=None,
        contact_id=scene.person.id,
        terms_version_id=factories.terms().id,
        organisation_id=scene.organisation_id,
    )
    actor = Actor.person(scene.person.id)
    book_group(order=order, people=people, places=places, trusted=True, actor=actor, now=clock.now())


def move(scene: Scene) -> None:
    commands.move_enrolment(
        enrolment_id=scene.enrolment.id,
        edition_id=scene.counted.edition.id,
        by_office=True,
        reason="Andere datum",
        actor=Actor.person(scene.person.id),
        now=clock.now(),
    )


def swap_one_dagdeel(scene: Scene) -> None:
    meeting = scene.counted.meetings[0]
    swap_seat(
        enrolment_id=scene.enrolment.id,
        module_id=meeting.module_id,
        meeting_id=meeting.id,
        actor=Actor.person(scene.person.id),
        now=clock.now(),
    )


def at_the_door(scene: Scene) -> None:
    meeting = scene.counted.meetings[0]
    begun = meeting.starts_at + timedelta(minutes=1)
    actor = Actor.person(scene.person.id)
    enrol_at_the_door(meeting_id=meeting.id, name=DEWI.name, email=DEWI.email, actor=actor, now=begun)


@pytest.mark.parametrize(
    "way",
    [
        enrol_by_office,
        enrol_by_client,
        single_module,
        one_of_a_client,
        list_of_people,
        places_without_names,
        move,
        swap_one_dagdeel,
        at_the_door,
    ],
)
def test_no_way_in_by_name_and_it_says_why(scene: Scene, way: Callable[[Scene], None]):
    people = db.session.scalar(select(func.count(Person.id)))
    with pytest.raises(Refused) as refused, transaction():
        way(scene)
    assert refused.value.sentence.endswith(SENTENCE)
    meetings = [meeting.id for meeting in scene.counted.meetings]
    for table in (Seat, SeatHold):
        assert db.session.scalars(select(table).where(table.meeting_id.in_(meetings))).all() == []
    assert db.session.scalars(select(Meeting.taken).where(Meeting.id.in_(meetings))).all() == [0, 0]
    assert db.session.scalar(select(func.count(Person.id))) == people


def test_the_same_ways_are_open_where_people_are_known(scene: Scene):
    """So that what is refused above is refused for the one reason."""
    scene.counted = scene.named
    with transaction():
        enrol_by_office(scene)
        list_of_people(scene)
        places_without_names(scene)
    assert db.session.scalar(select(func.count(SeatHold.id))) == 6


def test_its_waiting_list_does_not_exist(scene: Scene):
    with pytest.raises(NotFound), transaction():
        waiting_list.join_waiting_list(
            edition_id=scene.counted.edition.id,
            module_ids=None,
            name=DEWI.name,
            email=DEWI.email,
            language="nl",
            actor=Actor.visitor(),
            now=clock.now(),
        )
    assert db.session.scalars(select(WaitingListEntry)).all() == []


def test_it_is_not_offered_as_another_date(scene: Scene):
    own = get_own_enrolment(scene.person.id, scene.enrolment.id)
    module_id = scene.counted.meetings[0].module_id
    assert list_destinations(own, now=clock.now(), by_office=True).total == 0
    assert list_other_dates(wish_of(own, module_id), clock.now()) == []
    db.session.get_one(Edition, scene.counted.edition.id).counted_only = False
    db.session.commit()
    assert list_destinations(own, now=clock.now(), by_office=True).total == 1
    assert [meeting.id for meeting in list_other_dates(wish_of(own, module_id), clock.now())] == [
        scene.counted.meetings[0].id
    ]


def test_whoever_writes_a_seat_has_taken_it_first():
    """A further way in has to pass `seats.take`, which refuses, and belongs among the ways above."""
    writes = re.compile(r"insert\((?:Seat|SeatHold)\)|add(?:_all)?\(\s*(?:Seat|SeatHold)\(")
    root = Path(portal.__file__).parent
    found = {
        str(path.relative_to(root)): text
        for path in sorted(root.rglob("*.py"))
        if writes.search(text := path.read_text(encoding="utf-8"))
    }
    assert set(found) == {
        "domain/enrolment/enrolling.py",
        "domain/enrolment/seats.py",
        "domain/enrolment/stand_ins.py",
    }
    assert all("seats.take(" in text or "take(meetings" in text for text in found.values())

"""Moving one's own enrolment and sending a colleague, on the pages."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.rules import EndedBy, EnrolmentState
from tests import factories
from tests.factories import CourseAndModules, EditionAndMeetings
from tests.page import Link
from tests.plugins.portal import PortalClient, Queries

SignIn = Callable[[Person], PortalClient]


@pytest.fixture
def person(app: Flask) -> Person:
    return factories.person(name="Dewi Hardjo", email="dewi@zorg.example")


@pytest.fixture
def course(app: Flask) -> CourseAndModules:
    return factories.course_with_modules(title="SamenKracht", price_cents=79500)


@pytest.fixture
def here(course: CourseAndModules) -> EditionAndMeetings:
    return factories.edition_with_meetings(course)


@pytest.fixture
def there(course: CourseAndModules) -> EditionAndMeetings:
    return factories.edition_with_meetings(course, first_on=clock.today() + timedelta(days=90), place="Utrecht")


@pytest.fixture
def enrolment_id(person: Person, here: EditionAndMeetings) -> int:
    return factories.enrol(here, person.email, by=person).enrolment_id


def test_from_the_enrolment_to_another_date_in_three_clicks(
    sign_in: SignIn, person: Person, enrolment_id: int, there: EditionAndMeetings
):
    page = sign_in(person).visit(f"/mijn/inschrijvingen/{enrolment_id}").follow("Boek om naar een andere datum")
    assert page.h1 == "Omboeken naar een andere datum"
    assert "Omboeken is gratis tot en met" in page.text
    assert "Nog 12 plekken" in page.text
    check = page.follow(next(link.text for link in page.links if link.text.startswith("Kies ")))
    assert check.facts()["Kosten van omboeken"] == "gratis"
    assert check.facts()["Prijs van de training"] == "€ 795, zoals afgesproken"
    assert check.facts()["Wordt"].count("Dagdeel") == 4
    done = check.submit("Ja, boek mij om")
    assert "Je bent omgeboekt. We hebben je de nieuwe data gemaild." in done.text
    assert done.facts()["Prijs"] == "€ 795"
    assert there.meetings[0].taken == 1
    old = sign_in(person).visit(f"/mijn/inschrijvingen/{enrolment_id}")
    assert "Omgeboekt" in old.text
    assert old.follow("Bekijk je nieuwe inschrijving").address == done.address
    assert "Boek om naar een andere datum" not in old.text


def test_late_it_says_what_moving_costs(
    sign_in: SignIn, person: Person, here: EditionAndMeetings, there: EditionAndMeetings
):
    made = factories.enrol(here, person.email, by=person, now=clock.now() - timedelta(days=60))
    with time_machine.travel(here.meetings[0].starts_at - timedelta(days=2), tick=False):
        client = sign_in(person)
        page = client.visit(f"/mijn/inschrijvingen/{made.enrolment_id}/omboeken")
        assert "Omboeken kost nu € 198,75 (25 %)." in page.text
        check = client.visit(f"/mijn/inschrijvingen/{made.enrolment_id}/omboeken/{there.edition.id}")
        assert check.facts()["Kosten van omboeken"] == "€ 198,75"
        least = "Annuleren kost na het omboeken ten minste € 795 (100 %)."
        assert least in page.text
        assert least in check.text
        cancel = check.submit("Ja, boek mij om").follow("Annuleer deze inschrijving")
        assert "Annuleren kost nu € 795 (100 %)." in cancel.text
        assert f"Je boekte om toen annuleren geld kostte. {least}" in cancel.text
        assert "gratis" not in cancel.text


def test_the_last_seat_gone_meanwhile_is_said_on_the_same_page(
    sign_in: SignIn, person: Person, enrolment_id: int, there: EditionAndMeetings
):
    client = sign_in(person)
    check = client.visit(f"/mijn/inschrijvingen/{enrolment_id}/omboeken/{there.edition.id}")
    for meeting in there.meetings:
        meeting.capacity = 1
    factories.enrol(there, modules=(2,))
    lost = check.submit("Ja, boek mij om")
    assert (lost.status, lost.title.startswith("Fout:")) == (409, True)
    assert "dagdeel 2" in lost.text
    assert Link("Kies een andere datum", f"/mijn/inschrijvingen/{enrolment_id}/omboeken") in lost.links
    assert db.session.get_one(Enrolment, enrolment_id).state == EnrolmentState.ENROLLED


def test_without_another_date_it_says_what_to_do(sign_in: SignIn, person: Person, enrolment_id: int):
    page = sign_in(person).visit(f"/mijn/inschrijvingen/{enrolment_id}/omboeken")
    assert "Er is nu geen andere datum met plek." in page.text
    assert page.follow("Bekijk de training").h1 == "SamenKracht"


def test_what_has_begun_is_not_changed_by_oneself(
    sign_in: SignIn, person: Person, here: EditionAndMeetings, there: EditionAndMeetings, enrolment_id: int
):
    with time_machine.travel(here.meetings[0].starts_at, tick=False):
        client = sign_in(person)
        start = client.visit(f"/mijn/inschrijvingen/{enrolment_id}")
        assert "Boek om naar een andere datum" not in start.text
        for path in ("omboeken", f"omboeken/{there.edition.id}"):
            assert "De training is begonnen op " in client.visit(f"/mijn/inschrijvingen/{enrolment_id}/{path}").text
        assert "Een collega sturen kon tot " in client.visit(f"/mijn/inschrijvingen/{enrolment_id}/vervanger").text
        moved = client.send(f"/mijn/inschrijvingen/{enrolment_id}/omboeken/{there.edition.id}")
        sent = client.send(f"/mijn/inschrijvingen/{enrolment_id}/vervanger", name="Piet", email="piet@zorg.example")
    assert (moved.status_code, sent.status_code) == (422, 422)
    assert db.session.scalars(select(Enrolment.ended_by)).all() == [None]


def test_a_colleague_takes_the_place(sign_in: SignIn, person: Person, enrolment_id: int, here: EditionAndMeetings):
    factories.register("SKJ")
    page = sign_in(person).visit(f"/mijn/inschrijvingen/{enrolment_id}").follow("Laat een collega komen")
    assert page.h1 == "Een collega in jouw plaats"
    done = page.submit("Draag mijn plek over", name="Piet Bakker", email="piet@zorg.example", register_SKJ="1100")
    assert "Je collega heeft je plek. Jullie krijgen allebei een mail." in done.text
    assert "Overgenomen door een collega" in done.text
    assert here.meetings[0].taken == 1
    colleague = db.session.scalars(select(Person).where(Person.email == "piet@zorg.example")).one()
    theirs = db.session.scalars(select(Enrolment).where(Enrolment.person_id == colleague.id)).one()
    own = sign_in(colleague).visit(f"/mijn/inschrijvingen/{theirs.id}")
    assert own.facts()["Overeenkomst"] == "Met wie je de plek gaf"
    assert "€" not in own.text.replace("Annuleren kost je zelf niets", "").split("Kun je niet?")[0]


def test_a_wrong_form_keeps_what_was_typed(sign_in: SignIn, person: Person, enrolment_id: int):
    page = sign_in(person).visit(f"/mijn/inschrijvingen/{enrolment_id}/vervanger")
    refused = page.submit("Draag mijn plek over", name="", email="piet", register_SKJ="111222333")
    assert (refused.status, refused.title.startswith("Fout:")) == (422, True)
    assert refused.errors == [
        Link("Vul de naam van je collega in", "#name"),
        Link("Vul het e-mailadres van je collega in, zoals naam@organisatie.nl", "#email"),
        Link("Dit lijkt op een burgerservicenummer. Dat bewaren we niet", "#register_SKJ"),
    ]
    assert refused.form("Draag mijn plek over").values["email"] == ["piet"]
    oneself = page.submit("Draag mijn plek over", name="Dewi", email="dewi@zorg.example")
    assert oneself.errors == [Link("Vul het e-mailadres van je collega in, niet dat van jezelf", "#email")]


@pytest.mark.parametrize("path", ["omboeken", "omboeken/{there}", "vervanger"])
def test_somebody_elses_enrolment_is_not_found(
    sign_in: SignIn, enrolment_id: int, there: EditionAndMeetings, path: str
):
    stranger = sign_in(factories.person())
    address = f"/mijn/inschrijvingen/{enrolment_id}/{path.format(there=there.edition.id)}"
    assert stranger.get(address).status_code == 404
    if path != "omboeken":
        sent = stranger.send(address, name="Piet Bakker", email="piet@zorg.example")
        assert sent.status_code == 404
    assert db.session.get_one(Enrolment, enrolment_id).state == EnrolmentState.ENROLLED


def test_an_edition_of_another_course_is_not_found(sign_in: SignIn, person: Person, enrolment_id: int):
    other = factories.edition_with_meetings()
    client = sign_in(person)
    address = f"/mijn/inschrijvingen/{enrolment_id}/omboeken/{other.edition.id}"
    assert (client.get(address).status_code, client.send(address).status_code) == (404, 404)


def test_many_other_dates_come_in_pages_with_the_same_queries(
    sign_in: SignIn,
    person: Person,
    course: CourseAndModules,
    enrolment_id: int,
    count_queries: Callable[[], AbstractContextManager[Queries]],
):
    client = sign_in(person)
    counts = []
    for number in (1, 2, 9):
        for _edition in range(number):
            factories.edition_with_meetings(course, first_on=clock.today() + timedelta(days=90))
        with count_queries() as queries:
            assert client.get(f"/mijn/inschrijvingen/{enrolment_id}/omboeken").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]
    page = client.visit(f"/mijn/inschrijvingen/{enrolment_id}/omboeken?pagina=2")
    assert "Pagina 2 van 2" in page.text


def test_what_ended_it_is_kept_with_what_it_costs(sign_in: SignIn, person: Person, here: EditionAndMeetings):
    made = factories.enrol(here, person.email, by=person, now=clock.now() - timedelta(days=60))
    with time_machine.travel(here.meetings[0].starts_at - timedelta(days=20), tick=False):
        done = (
            sign_in(person)
            .visit(f"/mijn/inschrijvingen/{made.enrolment_id}/annuleren")
            .submit("Ja, annuleer mijn inschrijving")
        )
    assert done.facts()["Kosten"] == "€ 397,50"
    ended = db.session.get_one(Enrolment, made.enrolment_id)
    assert (ended.ended_by, ended.cost_cents) == (EndedBy.CANCELLED, 39750)


def test_an_enrolment_keeps_its_terms_when_the_office_sets_new_ones(
    sign_in: SignIn, person: Person, here: EditionAndMeetings, there: EditionAndMeetings
):
    made = factories.enrol(here, person.email, by=person, now=clock.now() - timedelta(days=60))
    strict = factories.terms_version(clock.today(), cancelling=((0, 100),), moving=((0, 100),), substitute_days=30)
    later = factories.enrol(there, "ander@zorg.example", terms_version_id=strict.id)
    client = sign_in(person)
    page = client.visit(f"/mijn/inschrijvingen/{made.enrolment_id}/annuleren")
    assert "gratis" in page.text
    assert page.follow("Lees je voorwaarden").address == "/voorwaarden/2024-01-01"
    other = db.session.scalars(select(Person).where(Person.email == "ander@zorg.example")).one()
    strange = sign_in(other).visit(f"/mijn/inschrijvingen/{later.enrolment_id}/omboeken")
    assert strange.follow("Lees je voorwaarden").address == f"/voorwaarden/{clock.today().isoformat()}"

"""Places without a name, as who speaks for the group and as who fills themselves in."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.domain.catalogue.models import Meeting
from portal.domain.catalogue.rules import EditionKind
from portal.domain.enrolment.group_models import ReservedPlace
from portal.domain.enrolment.models import Enrolment
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings
from tests.page import Link, Page
from tests.plugins.portal import PortalClient

SignIn = Callable[[Person], PortalClient]


@pytest.fixture
def edition(app: Flask) -> EditionAndMeetings:
    factories.terms()
    for register in ("SKJ", "Registerplein"):
        factories.register(register)
    of = factories.course_with_modules(2, title="SamenKracht", price_cents=40000)
    return factories.edition_with_meetings(of, capacity=5)


@pytest.fixture
def hanneke(app: Flask) -> Person:
    return factories.person(name="Hanneke de Boer", email="hanneke@zorg.example")


@pytest.fixture
def client(hanneke: Person, sign_in: SignIn) -> PortalClient:
    return sign_in(hanneke)


@pytest.fixture
def visitor(app: Flask) -> PortalClient:
    client = app.test_client()
    assert isinstance(client, PortalClient)
    return client


def reserve(client: PortalClient, edition: EditionAndMeetings, number: str = "2", people: str = "") -> Page:
    page = client.visit(f"/uitvoeringen/{edition.edition.id}/collegas")
    page = page.submit("Lees de lijst", places=number, people=people)
    if people:
        page = page.submit("Verder naar controleren")
    return page


def reserved(client: PortalClient, edition: EditionAndMeetings) -> Page:
    return reserve(client, edition).submit("Reserveer 2 plekken", employer="De Brug", terms=True)


def link_in(page: Page) -> str:
    return page.find("//code")[0].text.removeprefix("https://leerkring.example")


def taken(edition: EditionAndMeetings) -> list[int]:
    wanted = select(Meeting.taken).where(Meeting.edition_id == edition.edition.id).order_by(Meeting.id)
    return list(db.session.scalars(wanted))


def test_places_are_reserved_and_named_one_by_one(client: PortalClient, edition: EditionAndMeetings):
    check = reserve(client, edition)
    assert "Namen invullen tot en met" in check.facts()["Plekken zonder naam"]
    assert check.facts()["Samen"].startswith("€ 800")
    group = check.submit("Reserveer 2 plekken", employer="De Brug", terms=True)
    assert "2 plekken zijn gereserveerd." in group.text
    assert [row["Stand"] for row in group.table("Wie er meedoen")] == ["Nog zonder naam"] * 2
    refused = group.follow("Vul de naam in, plek 1").submit("Meld aan", name="Els Vos", email="els@zorg")
    assert (refused.status, refused.errors[0].href) == (422, "#email")
    after = refused.submit("Meld aan", email="els@zorg.example", register_SKJ="110024518")
    assert "Els Vos is aangemeld" in after.text
    assert [row["Naam"] for row in after.table("Wie er meedoen")] == ["Vul de naam in, plek 1", "Els Vos"]
    assert taken(edition) == [2, 2]
    enrolment = db.session.scalars(select(Enrolment)).one()
    assert (enrolment.employer, enrolment.contract_party) == ("De Brug", "organisation")


def test_people_and_places_go_together(client: PortalClient, edition: EditionAndMeetings):
    check = reserve(client, edition, "2", "Bo Bos;bo@zorg.example")
    done = check.submit("Meld 1 persoon aan", employer="De Brug", terms=True)
    assert "1 persoon is aangemeld" in done.text
    assert "2 plekken zijn gereserveerd." in done.text
    assert taken(edition) == [3, 3]


def test_more_names_come_from_a_list(client: PortalClient, edition: EditionAndMeetings, sign_in: SignIn):
    group = reserved(client, edition)
    page = group.follow("Vul meer namen tegelijk in, met een lijst")
    stranger = sign_in(factories.person())
    assert stranger.visit(page.address).status == 404
    other = factories.edition_with_meetings()
    assert client.visit(page.address.replace(str(edition.edition.id), str(other.edition.id), 1)).status == 404
    many = "\n".join(f"{name};{name}@zorg.example" for name in ("els", "bo", "ali"))
    refused = page.submit("Lees de lijst", people=many).submit("Verder naar controleren").submit("Meld 3 mensen aan")
    assert "Er zijn nog 2 plekken zonder naam" in refused.text
    check = page.submit("Lees de lijst", people="Els;els@zorg.example\nBo;bo@zorg").submit(
        "Kijk opnieuw na", {"people-0-email": "bo@zorg.example"}
    )
    check.submit("Meld 2 mensen aan")
    done = check.submit("Meld 2 mensen aan")
    assert [row["Naam"] for row in done.table("Wie er meedoen")] == ["Bo", "Els"]
    assert taken(edition) == [2, 2]
    assert {e.employer for e in db.session.scalars(select(Enrolment))} == {"De Brug"}


@pytest.mark.parametrize(
    ("number", "sentence"),
    [("veel", "Vul een aantal in, zoals 3"), ("101", "Reserveer hoogstens 100 plekken zonder naam")],
)
def test_a_number_of_places_is_a_number(client: PortalClient, edition: EditionAndMeetings, number: str, sentence: str):
    page = reserve(client, edition, number)
    assert page.status == 422
    assert Link(sentence, "#places") in page.errors


def test_more_places_than_there_are_names_the_full_meeting(client: PortalClient, edition: EditionAndMeetings):
    refused = reserve(client, edition, "6").submit("Reserveer 6 plekken", employer="De Brug", terms=True)
    assert refused.status == 409
    assert "Voor 6 mensen is geen plek" in refused.text
    assert taken(edition) == [0, 0]


def test_who_has_the_link_fills_themselves_in_by_a_button_and_once(
    client: PortalClient, edition: EditionAndMeetings, visitor: PortalClient
):
    page = reserved(client, edition).follow("Vul de naam in, plek 1").submit("Maak een link")
    address = link_in(page)
    form = visitor.visit(address)
    assert form.h1 == "Er is een plek voor je gereserveerd"
    assert "Hanneke" not in form.text
    visitor.visit(address)
    assert set(db.session.scalars(select(ReservedPlace.state))) == {"reserved"}
    done = form.submit("Meld mij aan", name="Els Vos", email="els@zorg.example")
    assert done.h1 == "Je doet mee!"
    used = visitor.visit(address)
    assert used.h1 == "Deze plek heeft al een naam"
    assert "Els" not in used.text
    again = form.submit("Meld mij aan", name="Bo", email="bo@zorg.example")
    assert (again.status, again.h1) == (409, "Deze plek heeft al een naam")
    assert taken(edition) == [2, 2]
    assert form.submit("Meld mij aan", name="Bo", email="").status == 422


def test_the_answer_is_the_same_for_who_takes_part_already(
    client: PortalClient, edition: EditionAndMeetings, visitor: PortalClient
):
    factories.enrolment(edition, factories.person(email="els@zorg.example"))
    address = link_in(reserved(client, edition).follow("Vul de naam in, plek 1").submit("Maak een link"))
    done = visitor.visit(address).submit("Meld mij aan", name="Els Vos", email="els@zorg.example")
    assert done.h1 == "Je doet mee!"
    assert taken(edition) == [2, 2]
    kinds = select(OutgoingMail.kind).where(OutgoingMail.to_address == "els@zorg.example")
    assert db.session.scalars(kinds).all() == ["enrolment.enrolled_already"]
    stands = [row["Stand"] for row in client.visit("/mijn/groepen").follow("SamenKracht").table("Wie er meedoen")]
    assert stands == ["Nog zonder naam", "Aangemeld"]


def test_forged_and_stale_links_show_nobody(client: PortalClient, edition: EditionAndMeetings, visitor: PortalClient):
    page = reserved(client, edition).follow("Vul de naam in, plek 1")
    old, new = (link_in(page.submit("Maak een link")) for _ in range(2))
    for path in (old, f"{new}x", "/plek/-"):
        assert visitor.visit(path).status == 404
        assert visitor.send(path, name="Els", email="els@zorg.example").status_code == 404
    with time_machine.travel(clock.now() + timedelta(days=29), tick=False):
        late = visitor.visit(new)
        assert late.h1 == "De laatste dag is voorbij"
        assert visitor.send(new, name="Els", email="els@zorg.example").status_code == 422
    assert db.session.scalars(select(Enrolment)).all() == []


def test_giving_a_place_back_says_first_what_it_costs(client: PortalClient, edition: EditionAndMeetings):
    page = reserved(client, edition).follow("Vul de naam in, plek 2")
    assert "Geef de plek terug. Dat kost je niets. Gratis tot en met" in page.text
    after = page.submit("Geef de plek terug")
    assert "De plek is teruggegeven. Je betaalt niets." in after.text
    assert [row["Stand"] for row in after.table("Wie er meedoen")] == ["Nog zonder naam", "Teruggegeven"]
    assert taken(edition) == [1, 1]
    again = page.submit("Geef de plek terug")
    assert (again.status, again.h1) == (409, "Deze plek is teruggegeven")


def test_nobody_else_opens_a_place(client: PortalClient, edition: EditionAndMeetings, sign_in: SignIn):
    path = reserved(client, edition).follow("Vul de naam in, plek 1").address
    stranger = sign_in(factories.person(role=Role.ORGANISATION))
    for address in (path, f"{path}/link", f"{path}/teruggeven"):
        assert stranger.send(address, name="Els", email="els@zorg.example").status_code == 404
    assert stranger.visit(path).status == 404
    assert set(db.session.scalars(select(ReservedPlace.state))) == {"reserved"}


def test_a_clients_contact_hears_that_somebody_takes_part_already(app: Flask, sign_in: SignIn):
    factories.terms()
    brug = factories.organisation(name="De Brug")
    closed = factories.edition_with_meetings(kind=EditionKind.IN_COMPANY, organisation_id=brug.id)
    factories.enrolment(closed, factories.person(email="els@zorg.example"))
    contact = sign_in(factories.person(role=Role.ORGANISATION, organisation=brug))
    page = contact.visit(f"/organisatie/uitvoeringen/{closed.edition.id}/deelnemers/lijst")
    page.submit("Lees de lijst", places="1").submit("Reserveer 1 plek")
    groups = contact.visit("/mijn/groepen")
    place = groups.follow(groups.table()[0]["Training"]).follow("Vul de naam in, plek 1")
    refused = place.submit("Meld aan", name="Els", email="els@zorg.example")
    assert refused.errors == [Link("Diegene doet al mee. Kies iemand anders", "#email")]


def test_a_course_that_asks_something_first_has_places_that_people_fill_in_signed_in(
    client: PortalClient, visitor: PortalClient, sign_in: SignIn
):
    factories.terms()
    first = factories.course_with_modules(1, slug="ek-1", title="EK-1")
    asking = factories.edition_with_meetings(factories.course_with_modules(1, requires={"completed": "ek-1"}))
    els = factories.person(email="els@zorg.example")
    done = clock.today() - timedelta(days=9)
    factories.enrolment(factories.edition_with_meetings(first), els, state="completed", completed_on=done)
    page = client.visit(f"/uitvoeringen/{asking.edition.id}/collegas").submit("Verder naar controleren", places="1")
    page = page.submit("Reserveer 1 plek", employer="De Brug", terms=True)
    address = link_in(page.follow("Vul de naam in, plek 1").submit("Maak een link"))
    answers = {"name": "Els Vos", "email": "els@zorg.example"}
    assert "Log eerst in" in visitor.visit(address).submit("Meld mij aan", answers).text
    assert sign_in(els).visit(address).submit("Meld mij aan", answers).h1 == "Je doet mee!"


def test_the_pages_are_there_in_english(client: PortalClient, edition: EditionAndMeetings, visitor: PortalClient):
    page = client.visit(f"/en/uitvoeringen/{edition.edition.id}/collegas").submit(None, places="1")
    page = page.submit(None, employer="De Brug", terms=True)
    place = client.visit(next(link.href for link in page.links if "/plekken/" in link.href))
    assert (page.language, place.language, place.status) == ("en", "en", 200)
    link = place.submit("Make a link")
    assert (link.language, visitor.visit(f"/en{link_in(link).removeprefix('/en')}").language) == ("en", "en")

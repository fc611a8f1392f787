"""The page on which a trainer adds somebody, and the one on which they say whether that is right."""

from datetime import timedelta

import pytest

from portal import clock
from portal.config import Limits
from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.domain.attendance.models import AttendanceSheet
from portal.domain.attendance.rules import Mark, Status
from portal.domain.attendance.walk_ins import list_unanswered
from portal.domain.enrolment.models import Enrolment, WaitingListEntry
from tests import factories
from tests.blueprints.attendance.test_sheet import Room, SignIn, room_of
from tests.page import Page
from tests.plugins.portal import PortalClient

DEWI = "dewi@zorg.example"


@pytest.fixture
def room(sign_in: SignIn) -> Room:
    factories.terms()
    return room_of(sign_in, "Amira el Khatib", "Bram Postma")


def add(room: Room, name: str = "Dewi Jansen", email: str = DEWI, told: bool = True) -> Page:
    page = room.client.visit(f"{room.path}/erbij")
    return page.submit("Zet op de lijst", name=name, email=email, told=told)


def meeting_of(room: Room) -> factories.Meeting:
    return db.session.get_one(factories.Meeting, room.meeting_id)


def dewis_enrolment() -> Enrolment:
    return db.session.query(Enrolment).join(Person, Enrolment.person_id == Person.id).filter_by(email=DEWI).one()


def test_somebody_is_added_and_stands_on_the_list_present(room: Room):
    page = room.visit().follow("Iemand erbij")
    assert page.h1 == "Iemand erbij"
    assert page.facts() == {
        "Waarvoor": "Alleen dagdeel 1 van SamenKracht",
        "Prijs": "€ 250",
        "Vrij": "38 plekken",
    }
    page = page.submit("Zet op de lijst", name="Dewi Jansen", email=DEWI, told=True)
    assert "Dewi Jansen staat op de lijst, op Aanwezig, en krijgt een mail." in page.text
    assert room.marks == [Mark(), Mark(), Mark(Status.PRESENT)]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "عمر بن\u202eabc", "Š" * 200, "=HYPERLINK(1)"])
def test_names_are_text_and_never_markup(room: Room, name: str):
    page = add(room, name=name)
    assert page.status == 200
    assert name in [e.text_content().strip() for e in page.find("//legend/span")]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": ""}, ("Vul de naam in", "#name")),
        ({"name": "x" * 201}, ("Vul de naam in met ten hoogste 200 tekens", "#name")),
        ({"name": "Kijk op www.kwaad.example"}, ("Vul je naam in zonder webadres", "#name")),
        ({"email": ""}, ("Vul één e-mailadres in, zoals naam@organisatie.nl", "#email")),
        ({"email": "a@x.nl, b@x.nl"}, ("Vul één e-mailadres in, zoals naam@organisatie.nl", "#email")),
        ({"email": "a@x.nl\r\nBcc: b@x.nl"}, ("Vul één e-mailadres in, zoals naam@organisatie.nl", "#email")),
        ({"told": False}, ("Zeg wat het kost en vink dat aan", "#told")),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(room: Room, fields: dict, error: tuple[str, str]):
    page = add(room, **fields)
    assert (page.status, page.errors) == (422, [error])
    assert page.title.startswith("Fout:")
    if "name" not in fields:
        assert page.form("Zet op de lijst").values["name"] == ["Dewi Jansen"]
    assert room.marks == [Mark()] * 2
    assert db.session.query(Enrolment).count() == 2


def test_who_is_on_the_list_already_is_said_at_the_address(room: Room):
    person = db.session.query(Person).filter_by(name="Amira el Khatib").one()
    page = add(room, name="Iemand anders", email=person.email)
    assert (page.status, page.errors) == (422, [("Amira el Khatib staat al op deze lijst.", "#email")])


def test_a_full_meeting_says_what_can_be_done(room: Room):
    page = room.client.visit(f"{room.path}/erbij")
    meeting_of(room).capacity = 2
    db.session.commit()
    late = page.submit("Zet op de lijst", name="Dewi", email=DEWI, told=True)
    assert late.status == 409
    page = room.client.visit(f"{room.path}/erbij")
    for shown in (late, page):
        assert "Het bureau kan een plek bijmaken of iemand op de wachtlijst zetten." in shown.text
        assert shown.find("//main//input[@name='email']") == []
    assert room.marks == [Mark()] * 2


def test_a_training_that_is_only_given_as_a_whole_is_for_the_office(sign_in: SignIn):
    factories.terms()
    trainer = factories.person(Role.TRAINER)
    course = factories.course_with_modules(2, separately_bookable=False)
    given = factories.edition_with_meetings(course, clock.today() - timedelta(days=1), trainer=trainer)
    path = f"/bijeenkomsten/{given.meetings[0].id}/presentie/erbij"
    page = sign_in(trainer).visit(path)
    assert "Deze training is er alleen als geheel." in page.text
    assert page.find("//main//form") == []


def test_that_others_wait_is_said_first(room: Room):
    waits = factories.person(name="Wie wacht")
    edition_id = meeting_of(room).edition_id
    factories.add(WaitingListEntry(edition_id=edition_id, person_id=waits.id, token_hash="x", joined_at=clock.now()))
    page = room.client.visit(f"{room.path}/erbij")
    assert "Er wacht 1 ander op een plek in deze uitvoering. Wie je nu erbij zet, gaat die voor." in page.text
    assert "Wie wacht" not in page.html


def test_only_an_open_list_takes_somebody(sign_in: SignIn, room: Room):
    ahead = room_of(sign_in, "Amira el Khatib", days_ago=-1)
    page = ahead.client.visit(f"{ahead.path}/erbij")
    assert "Iemand erbij zetten kan vanaf het begin" in page.text
    assert "Iemand erbij" not in [link.text for link in ahead.visit().links]
    sent = ahead.client.send(f"{ahead.path}/erbij", name="Dewi", email=DEWI, told="y")
    assert sent.status_code == 422
    trainer = db.session.query(factories.MeetingTrainer).filter_by(meeting_id=room.meeting_id).one()
    signed = {"finished_at": clock.now(), "finished_by_id": trainer.person_id, "signed_name": "Noor"}
    factories.add(AttendanceSheet(meeting_id=room.meeting_id, **signed))
    assert "De lijst is afgerond." in room.client.visit(f"{room.path}/erbij").text
    sent = room.client.send(f"{room.path}/erbij", name="Dewi", email=DEWI, told="y")
    assert sent.status_code == 409
    assert db.session.query(Person).filter_by(email=DEWI).count() == 0


def test_only_who_keeps_the_list_adds_people(room: Room, as_role, client):
    for ask in ("get", "send"):
        assert getattr(as_role(Role.TRAINER), ask)(f"{room.path}/erbij").status_code == 404
        assert getattr(as_role(Role.PARTICIPANT), ask)(f"{room.path}/erbij").status_code == 403
        assert getattr(client, ask)(f"{room.path}/erbij").status_code == 303


def test_in_a_closed_edition_no_price_is_named(room: Room):
    edition = db.session.get_one(factories.Edition, meeting_of(room).edition_id)
    edition.kind, edition.organisation_id = "in_company", factories.organisation().id
    page = room.client.visit(f"{room.path}/erbij")
    assert page.facts()["Prijs"] == "Volgens de afspraak met de organisatie"
    page.submit("Zet op de lijst", name="Dewi", email=DEWI)
    assert room.marks[-1] == Mark(Status.PRESENT)


@pytest.fixture
def dewi(room: Room, sign_in: SignIn) -> PortalClient:
    """Her browser, after a trainer added her."""
    add(room)
    return sign_in(db.session.query(Person).filter_by(email=DEWI).one())


def test_she_confirms_on_her_own_pages(dewi: PortalClient):
    page = dewi.visit("/mijn")
    assert "Klopt je inschrijving?" in page.headings
    page = page.follow("Kijk of het klopt")
    assert page.facts()["Prijs"] == "€ 250"
    assert "Na je bevestiging heb je nog 14 dagen bedenktijd." in page.text
    page = page.submit("Ja, dit klopt")
    assert "Bevestigd. Je doet mee." in page.text
    assert list_unanswered(dewis_enrolment().person_id) == []
    assert "Klopt je inschrijving?" not in dewi.visit("/mijn").headings
    # Asked once: the address leads on to the enrolment itself.
    assert dewi.visit(f"/mijn/inschrijvingen/{dewis_enrolment().id}/erbij").h1 == "SamenKracht"


def test_she_withdraws_for_nothing(dewi: PortalClient):
    page = dewi.visit(f"/mijn/inschrijvingen/{dewis_enrolment().id}").follow("Kijk of het klopt")
    page = page.submit("Nee, trek het in")
    assert "Ingetrokken. Je betaalt niets." in page.text
    assert (dewis_enrolment().state, dewis_enrolment().cost_cents) == ("cancelled", 0)


def test_an_answer_from_a_page_that_stayed_open_changes_nothing(dewi: PortalClient):
    page = dewi.visit(f"/mijn/inschrijvingen/{dewis_enrolment().id}/erbij")
    page.submit("Ja, dit klopt")
    late = page.submit("Nee, trek het in")
    assert late.status == 409
    assert "Hier is al antwoord op gegeven." in late.text
    assert dewis_enrolment().state == "enrolled"


@pytest.mark.parametrize("button", [{}, {"button": "misschien"}])
def test_no_answer_is_no_answer(dewi: PortalClient, button: dict[str, str]):
    sent = dewi.send(f"/mijn/inschrijvingen/{dewis_enrolment().id}/erbij", **button)
    assert sent.status_code == 422
    assert dewis_enrolment().state == "enrolled"
    assert len(list_unanswered(dewis_enrolment().person_id)) == 1


def test_nobody_answers_for_her(dewi: PortalClient, sign_in: SignIn):
    stranger = sign_in(factories.person())
    path = f"/mijn/inschrijvingen/{dewis_enrolment().id}/erbij"
    assert stranger.get(path).status_code == 404
    assert stranger.send(path, button="withdraw").status_code == 404
    assert dewis_enrolment().state == "enrolled"


def test_an_ordinary_enrolment_is_not_asked(room: Room, sign_in: SignIn):
    enrolled = db.session.query(Enrolment).order_by(Enrolment.id).first()
    assert enrolled
    browser = sign_in(db.session.get_one(Person, enrolled.person_id))
    path = f"/mijn/inschrijvingen/{enrolled.id}/erbij"
    assert browser.visit(path).address == f"/mijn/inschrijvingen/{enrolled.id}"
    assert browser.send(path, button="withdraw").status_code == 409
    assert enrolled.state == "enrolled"


def test_whoever_adds_too_many_waits(make_app, room: Room):
    trainer = db.session.query(factories.MeetingTrainer).filter_by(meeting_id=room.meeting_id).one()
    browser = make_app(limits=Limits(enrolled="2 per minute")).test_client()
    browser.sign_in(db.session.get_one(Person, trainer.person_id))
    asked = [browser.send(f"{room.path}/erbij").status_code for _ in range(3)]
    assert asked == [422, 422, 429]

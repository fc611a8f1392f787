"""The page of a group that is counted only: a number, signed, and its correction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from portal import audit, clock
from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.domain.attendance.count_models import HeadCount
from portal.domain.attendance.counting import find_count
from portal.domain.attendance.models import AttendanceSheet
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.catalogue.rules import EditionKind
from tests import factories
from tests.page import Page
from tests.plugins.portal import PortalClient

NUMBER = "Vul een aantal in van 0 tot en met 500."


@dataclass
class Room:
    meeting_id: int
    edition_id: int
    client: PortalClient

    @property
    def list_path(self) -> str:
        return f"/bijeenkomsten/{self.meeting_id}/presentie"

    @property
    def path(self) -> str:
        return f"{self.list_path}/aantal"

    def sign(self, **fields: object) -> Page:
        given = {"people": "12", "signed_name": "Noor Jansen", "agreed": True} | fields
        return self.client.visit(self.path).submit("Afronden en tekenen", given)


@pytest.fixture
def room(sign_in: Callable[[Person], PortalClient]) -> Room:
    trainer = factories.person(Role.TRAINER, name="Noor Jansen")
    given = factories.edition_with_meetings(
        factories.course_with_modules(1, title="SamenKracht"),
        clock.today() - timedelta(days=1),
        trainer=trainer,
        kind=EditionKind.IN_COMPANY,
        organisation_id=factories.organisation(name="P.I. De Poort").id,
        counted_only=True,
    )
    db.session.commit()
    return Room(given.meetings[0].id, given.edition.id, sign_in(trainer))


def test_the_address_of_the_list_leads_to_the_number(room: Room):
    answer = room.client.get(room.list_path)
    assert (answer.status_code, answer.headers["Location"]) == (303, room.path)
    page = room.client.visit(room.path)
    assert "Van deze groep schrijven we geen namen op." in page.text
    assert page.find("//input[@type='radio']") == []


def test_a_number_is_signed_and_then_read(room: Room):
    page = room.sign()
    assert "Het aantal is getekend en staat vast." in page.text
    assert page.facts() == {"Geteld": "12 mensen"}
    assert "Het aantal is ongewijzigd sinds het tekenen." in page.text
    kept = db.session.get_one(AttendanceSheet, room.meeting_id).sha256
    assert kept in page.text.replace(" ", "")
    assert "Getekend door Noor Jansen" in page.text
    assert page.find("//input[@name='people']") == []


def test_a_number_that_is_not_what_was_signed_says_so_loudly(room: Room):
    room.sign()
    db.session.get_one(HeadCount, room.meeting_id).people = 20
    db.session.commit()
    page = room.client.visit(room.path)
    assert "Dit aantal klopt niet met wat is getekend" in page.text
    assert "ongewijzigd" not in page.text


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"people": ""}, [(NUMBER, "#people")]),
        ({"people": "veel"}, [(NUMBER, "#people")]),
        ({"people": "-3"}, [(NUMBER, "#people")]),
        ({"people": "501"}, [(NUMBER, "#people")]),
        ({"signed_name": ""}, [("Vul je naam in.", "#signed_name")]),
        ({"signed_name": "Bram"}, [("Vul je naam in zoals we die kennen: Noor Jansen.", "#signed_name")]),
        ({"agreed": False}, [("Vink aan dat het aantal klopt.", "#agreed")]),
    ],
)
def test_a_number_a_name_and_a_tick(room: Room, fields: dict[str, object], errors: list[tuple[str, str]]):
    page = room.sign(**fields)
    assert (page.status, page.title.startswith("Fout:"), page.errors) == (422, True, errors)
    assert find_count(room.meeting_id) is None
    kept = page.form("Afronden en tekenen").values
    assert kept["people"] == [fields.get("people", "12")]


def test_before_its_end_there_is_nothing_to_sign(room: Room):
    meeting = db.session.get_one(Meeting, room.meeting_id)
    meeting.starts_at = clock.now() - timedelta(hours=1)
    meeting.ends_at = clock.now() + timedelta(hours=1)
    db.session.commit()
    assert room.client.visit(room.path).find("//input[@name='people']") == []
    answer = room.client.send(room.path)
    assert answer.status_code == 422
    assert "als de bijeenkomst voorbij is" in answer.text


def test_a_signed_number_is_not_signed_again(room: Room):
    room.sign()
    answer = room.client.send(room.path, people="3", signed_name="Noor Jansen", agreed="y")
    assert (answer.status_code, "Dit aantal is al getekend." in answer.text) == (409, True)
    assert find_count(room.meeting_id) == 12


def test_a_correction_asks_why(room: Room):
    page = room.sign().follow("Wijzig met reden")
    refused = page.submit("Bewaar de wijziging", people="14")
    assert (refused.status, refused.errors) == (422, [("Vul in waarom je dit wijzigt.", "#reason")])
    assert refused.form("Bewaar de wijziging").values["people"] == ["14"]
    done = refused.submit("Bewaar de wijziging", reason="Twee kwamen later")
    assert done.facts() == {"Geteld": "14 mensen"}
    (entry,) = audit.list_entries(tag="attendance.count_amended").entries
    assert (entry.facts["before"], entry.facts["people"]) == (12, 14)


@pytest.mark.parametrize("people", ["", "501", "x"])
def test_a_correction_is_a_number_too(room: Room, people: str):
    page = room.sign().follow("Wijzig met reden")
    refused = page.submit("Bewaar de wijziging", people=people, reason="Fout geteld")
    assert (refused.status, refused.errors) == (422, [(NUMBER, "#people")])
    assert find_count(room.meeting_id) == 12


def test_who_corrected_first_is_not_overwritten_unseen(room: Room, as_role):
    page = room.sign().follow("Wijzig met reden")
    as_role(Role.OFFICE).visit(f"{room.path}/wijzigen").submit("Bewaar de wijziging", people="14", reason="Geteld")
    clash = page.submit("Bewaar de wijziging", people="15", reason="Fout geteld")
    assert (clash.status, find_count(room.meeting_id)) == (409, 14)
    clash.submit("Bewaar de wijziging")
    assert find_count(room.meeting_id) == 15


def test_nothing_is_corrected_before_it_is_signed(room: Room):
    assert room.client.get(f"{room.path}/wijzigen").status_code == 404


def test_another_trainer_does_not_find_it_and_a_list_by_name_has_no_number(room: Room, sign_in):
    other = factories.person(Role.TRAINER)
    named = factories.edition_with_meetings(factories.course_with_modules(1), clock.today(), trainer=other)
    db.session.commit()
    assert sign_in(other).get(room.path).status_code == 404
    path = f"/bijeenkomsten/{named.meetings[0].id}/presentie/aantal"
    assert (sign_in(other).get(path).status_code, sign_in(other).get(f"{path}/wijzigen").status_code) == (404, 404)


@pytest.mark.parametrize("page", ["/afronden", "/lijst.pdf", "/papier", "/stand", "/code"])
def test_there_is_no_page_that_would_ask_a_name(room: Room, page: str):
    assert room.client.get(f"{room.list_path}{page}").status_code == 404


def test_the_trainers_day_says_so_and_leads_there(room: Room):
    page = room.client.visit("/trainer")
    assert "alleen tellen" in page.text
    assert room.list_path in [link.href for link in page.links]
    room.sign()
    assert room.list_path not in [link.href for link in room.client.visit("/trainer").links]


def test_today_shows_the_number(room: Room):
    meeting = db.session.get_one(Meeting, room.meeting_id)
    meeting.starts_at, meeting.ends_at = clock.now() - timedelta(minutes=2), clock.now() - timedelta(minutes=1)
    db.session.commit()
    room.sign()
    assert "12 mensen geteld" in room.client.visit("/trainer").text


def test_the_office_reads_the_number_and_no_names(room: Room, as_role):
    office = as_role(Role.OFFICE)
    address = f"/bureau/uitvoeringen/{room.edition_id}"
    page = office.visit(address)
    assert "nog niet geteld" in page.text
    assert [heading for heading in page.headings if heading in ("Deelnemers", "Wachtlijst")] == []
    room.sign()
    assert "12 mensen geteld" in office.visit(address).text


def test_where_the_office_reads_how_full_it_is_no_seats_are_told(room: Room, as_role):
    meeting, edition = db.session.get_one(Meeting, room.meeting_id), db.session.get_one(Edition, room.edition_id)
    meeting.starts_at, meeting.ends_at = clock.now() + timedelta(days=7), clock.now() + timedelta(days=8)
    edition.starts_on = clock.today() + timedelta(days=7)
    db.session.commit()
    office = as_role(Role.OFFICE)
    (row,) = office.visit("/bureau/uitvoeringen").table()
    assert row["Bezet"] == "alleen tellen"
    assert [link for link in office.visit("/bureau").links if link.href == f"/bureau/uitvoeringen/{edition.id}"] == []


def test_the_office_hears_that_it_was_not_counted_yet(room: Room, as_role):
    office = as_role(Role.OFFICE)
    assert room.list_path in [link.href for link in office.visit("/bureau").links]
    room.sign()
    assert room.list_path not in [link.href for link in office.visit("/bureau").links]


def test_a_list_of_people_is_refused_with_why_before_anybody_fills_it_in(room: Room, as_role):
    answer = as_role(Role.OFFICE).get(f"/bureau/uitvoeringen/{room.edition_id}/deelnemers/lijst")
    assert answer.status_code == 422
    assert "Van deze groep schrijven we geen namen op: we tellen alleen" in answer.text


def test_the_client_reads_why_there_is_no_form_and_cannot_get_round_it(sign_in):
    client = factories.organisation()
    contact = factories.person()
    factories.grant(contact, Role.ORGANISATION, client)
    factories.terms()
    given = factories.edition_with_meetings(
        factories.course_with_modules(1), kind=EditionKind.IN_COMPANY, organisation_id=client.id, counted_only=True
    )
    db.session.commit()
    address = f"/organisatie/uitvoeringen/{given.edition.id}"
    page = sign_in(contact).visit(address)
    assert "Je hoeft niemand aan te melden." in page.text
    assert page.find("//input[@name='email']") == []
    answer = sign_in(contact).send(address, name="Dewi Hardjo", email="dewi@zorg.example")
    assert answer.status_code == 422
    assert "Van deze groep schrijven we geen namen op: we tellen alleen" in answer.text
    assert sign_in(contact).get(f"{address}/deelnemers/lijst").status_code == 422

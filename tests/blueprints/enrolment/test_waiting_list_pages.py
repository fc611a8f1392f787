"""The waiting list's pages: the same answer for everybody, and leaving only by a button."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.domain.enrolment.models import WaitingListEntry
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings
from tests.page import Link
from tests.plugins.portal import PortalClient


@pytest.fixture
def full(app: Flask) -> EditionAndMeetings:
    edition = factories.edition_with_meetings(factories.course_with_modules(2, title="SamenKracht"), capacity=1)
    factories.enrol(edition)
    return edition


def join(client: PortalClient, edition: EditionAndMeetings, who: str = "piet@zorg.example") -> str:
    """Joins, and returns the address of one's own page from the mail."""
    page = client.visit(f"/uitvoeringen/{edition.edition.id}/wachtlijst").submit(
        "Zet mij op de wachtlijst", name="Piet", email=who
    )
    assert page.h1 == "Je staat op de wachtlijst"
    mail = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
    assert mail is not None
    assert mail.to_address == who
    return re.findall(r"https://leerkring.example(/wachtlijst/\S+)", mail.text_body)[0]


def test_one_finds_the_list_from_a_full_edition(client: PortalClient, full: EditionAndMeetings):
    page = client.visit(f"/uitvoeringen/{full.edition.id}/inschrijven")
    assert page.h1 == "De kring is vol"
    assert page.follow("Zet mij op de wachtlijst").h1 == "Zet mij op de wachtlijst"


def test_ones_own_page_shows_the_place_and_a_button_to_leave(client: PortalClient, full: EditionAndMeetings):
    join(client, full, "eerst@zorg.example")
    address = join(client, full)
    page = client.visit(address)
    assert page.h1 == "Je staat op plaats 2"
    assert "eerst@zorg.example" not in page.html
    left = page.submit("Haal mij van de wachtlijst")
    assert left.h1 == "Je staat niet op de wachtlijst"
    assert "Je staat niet meer op de wachtlijst." in left.text


def test_looking_never_leaves_the_list(client: PortalClient, full: EditionAndMeetings):
    address = join(client, full)
    for _visit in range(3):
        client.get(address)
        client.head(address)
    assert db.session.scalars(select(WaitingListEntry.left_at)).all() == [None]


def test_joining_twice_looks_the_same(client: PortalClient, full: EditionAndMeetings):
    path = f"/uitvoeringen/{full.edition.id}/wachtlijst"
    answers = [
        client.visit(path).submit("Zet mij op de wachtlijst", name="Piet", email="piet@zorg.example").text
        for _time in range(2)
    ]
    assert answers[0] == answers[1]
    assert len(db.session.scalars(select(WaitingListEntry.id)).all()) == 1


def test_mistakes_are_named_with_the_input_kept(client: PortalClient, full: EditionAndMeetings):
    page = client.visit(f"/uitvoeringen/{full.edition.id}/wachtlijst")
    refused = page.submit("Zet mij op de wachtlijst", name="Win op www.evil.example", email="piet")
    assert (refused.status, refused.title.startswith("Fout:")) == (422, True)
    assert refused.errors == [
        Link("Vul je naam in zonder webadres", "#name"),
        Link("Vul je e-mailadres in zoals naam@organisatie.nl", "#email"),
    ]
    assert refused.form("Zet mij op de wachtlijst").values["email"] == ["piet"]


def test_who_can_enrol_is_sent_there(client: PortalClient, app: Flask):
    edition = factories.edition_with_meetings(factories.course_with_modules(2))
    page = client.visit(f"/uitvoeringen/{edition.edition.id}/wachtlijst")
    refused = page.submit("Zet mij op de wachtlijst", name="Piet", email="piet@zorg.example")
    assert refused.status == 422
    assert "Er is weer een plek vrij. Je kunt je meteen aanmelden." in refused.text


def test_an_unknown_token_is_not_found(client: PortalClient):
    assert client.get("/wachtlijst/bestaat-niet").status_code == 404
    assert client.send("/wachtlijst/bestaat-niet").status_code == 404

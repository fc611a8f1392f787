"""/wachtlijst/<token> while seats are held: what is offered, and both answers, by buttons only."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import TimeMachineFixture

from portal import clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.enrolment.commands import cancel_enrolment, change_capacity
from portal.domain.enrolment.models import Enrolment, WaitingListOffer
from portal.domain.enrolment.offers import lapse_offers
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings
from tests.page import Page
from tests.plugins.portal import PortalClient

ANSWER = {"contract_party": "participant", "terms": "y"}


@pytest.fixture
def full(app: Flask) -> EditionAndMeetings:
    """Two dagdelen with two seats each, both taken."""
    edition = factories.edition_with_meetings(factories.course_with_modules(2, title="SamenKracht"), capacity=2)
    for number in range(2):
        factories.enrol(edition, f"zit{number}@zorg.example")
    return edition


def offer(client: PortalClient, edition: EditionAndMeetings, freed: int = 1, **form: str) -> str:
    """Piet waits, seats come free: the address in the mail with the offer."""
    client.visit(f"/uitvoeringen/{edition.edition.id}/wachtlijst").submit(
        "Zet mij op de wachtlijst", {"name": "Piet", "email": "piet@zorg.example"} | form
    )
    for enrolment_id in db.session.scalars(select(Enrolment.id).order_by(Enrolment.id).limit(freed)).all():
        with transaction():
            cancel_enrolment(enrolment_id=enrolment_id, actor=Actor.system("cli"), now=clock.now())
    mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.kind == "enrolment.offered")).one()
    return re.findall(r"https://leerkring.example(/wachtlijst/\S+)", mail.text_body)[0]


def state() -> str:
    return db.session.scalars(select(WaitingListOffer.state)).one()


def enrolled() -> list[str]:
    wanted = select(Enrolment.participant_name).where(Enrolment.state == "enrolled").order_by(Enrolment.id)
    return list(db.session.scalars(wanted))


def test_the_offer_says_what_and_until_when_and_one_button_enrols(client: PortalClient, full: EditionAndMeetings):
    page = client.visit(offer(client, full))
    assert page.h1 == "Er is een plek vrij. Wil je die?"
    assert ("Je hebt tot" in page.text, "€ 500" in page.text) == (True, True)
    done = page.submit("Ik doe mee", ANSWER)
    assert (done.h1, state(), enrolled()) == ("Je doet mee!", "accepted", ["Şule Yılmaz", "Piet"])


def test_no_takes_one_off_the_list(client: PortalClient, full: EditionAndMeetings):
    done = client.visit(offer(client, full)).submit("Nee, ik doe niet mee")
    assert (done.h1, state()) == ("Je staat niet op de wachtlijst", "declined")
    assert "Je koos om niet mee te doen." in done.text


def test_looking_answers_nothing(client: PortalClient, full: EditionAndMeetings):
    address = offer(client, full)
    for path in (address, f"{address}/aannemen", f"{address}/afslaan"):
        client.get(path)
        client.head(path)
    assert state() == "open"


def test_without_the_terms_nothing_happens_and_what_was_filled_in_stays(client: PortalClient, full: EditionAndMeetings):
    page = client.visit(offer(client, full))
    answer = page.submit("Ik doe mee", contract_party="organisation", employer="", order_reference="PO-7")
    assert (answer.status, answer.title.startswith("Fout:"), state()) == (422, True, "open")
    assert {link.href for link in answer.errors} == {"#employer", "#terms"}
    assert answer.form("Ik doe mee").values["order_reference"] == ["PO-7"]


def test_a_group_that_comes_as_it_fits_says_who_and_waits_on_with_the_others(
    client: PortalClient, full: EditionAndMeetings
):
    page = client.visit(offer(client, full, people="3", together="free"))
    assert page.h1 == "Er is een plek vrij. Wil je die?"
    done = page.submit("Wij doen mee", ANSWER | {"people-0-name": "Ama", "people-0-email": "ama@zorg.example"})
    assert (done.h1, enrolled()) == ("Je staat op plaats 1", ["Şule Yılmaz", "Ama"])
    assert "2, zoveel als er plek is" in done.text


def test_an_empty_row_gives_its_seat_back(client: PortalClient, full: EditionAndMeetings):
    page = client.visit(offer(client, full, freed=2, people="2", together="free"))
    assert page.h1 == "Er zijn 2 plekken vrij. Wil je die?"
    done = page.submit("Wij doen mee", ANSWER)
    assert (done.h1, enrolled()) == ("Je doet mee!", ["Piet"])
    assert "Nog 1 plek" in client.visit(f"/uitvoeringen/{full.edition.id}").text


def test_wrong_names_are_said_at_their_row(client: PortalClient, full: EditionAndMeetings):
    page = client.visit(offer(client, full, freed=2, people="2", together="together"))
    assert page.h1 == "Er zijn 2 plekken vrij. Wil je die?"
    answer = page.submit("Wij doen mee", ANSWER | {"people-1-name": "Ama", "people-1-email": "ama"})
    assert (answer.status, [link.href for link in answer.errors]) == (422, ["#people-1-email"])
    assert answer.form("Wij doen mee").values["people-1-name"] == ["Ama"]
    done = answer.submit("Wij doen mee", ANSWER | {"people-1-email": "ama@zorg.example"})
    assert (done.h1, enrolled()) == ("Je doet mee!", ["Piet", "Ama"])


# Two days before each change of the clock, so that the offer is held across it.
CLOCK_CHANGES = ["2027-03-26T12:00", "2027-10-29T12:00"]
MOMENTS = pytest.mark.parametrize(("seconds", "comes"), [(-1, True), (0, False), (1, False)])


@pytest.mark.parametrize("offered_at", CLOCK_CHANGES)
@MOMENTS
def test_the_button_works_until_the_moment_and_not_at_it(
    client: PortalClient, app: Flask, time_machine: TimeMachineFixture, offered_at: str, seconds: int, comes: bool
):
    page, until = offered_over_a_clock_change(client, time_machine, offered_at)
    time_machine.move_to(until + timedelta(seconds=seconds), tick=False)
    answer = page.submit("Ik doe mee", ANSWER)
    if comes:
        assert (answer.h1, state(), enrolled()[-1]) == ("Je doet mee!", "accepted", "Piet")
    else:
        assert (answer.status, state(), "Piet" in enrolled()) == (409, "open", False)
        assert "De tijd om te kiezen is voorbij. De plek gaat naar de volgende op de lijst." in answer.text
        assert client.visit(page.address).h1 == "De tijd om te kiezen is voorbij"


@pytest.mark.parametrize("offered_at", CLOCK_CHANGES)
@MOMENTS
def test_the_worker_ends_an_offer_at_its_moment_and_not_before(
    client: PortalClient, app: Flask, time_machine: TimeMachineFixture, offered_at: str, seconds: int, comes: bool
):
    page, until = offered_over_a_clock_change(client, time_machine, offered_at)
    time_machine.move_to(until + timedelta(seconds=seconds), tick=False)
    assert (lapse_offers(clock.now()), state()) == ((0, "open") if comes else (1, "lapsed"))
    if not comes:
        answer = page.submit("Ik doe mee", ANSWER)
        assert (answer.status, "Je koos niet op tijd. De plek is naar een ander." in answer.text) == (409, True)


def offered_over_a_clock_change(
    client: PortalClient, time_machine: TimeMachineFixture, offered_at: str
) -> tuple[Page, datetime]:
    """The page of an offer that was made at that time in Amsterdam, and until when it is held: 48 hours."""
    now = clock.from_local(datetime.fromisoformat(offered_at))
    time_machine.move_to(now, tick=False)
    edition = factories.edition_with_meetings(factories.course_with_modules(2), capacity=1)
    factories.enrol(edition)
    page = client.visit(offer(client, edition))
    until = db.session.scalars(select(WaitingListOffer.expires_at)).one()
    assert until == now + timedelta(hours=48)
    assert clock.local(until).utcoffset() != clock.local(now).utcoffset()
    return page, until


def test_who_came_in_by_another_way_reads_that_they_take_part(client: PortalClient, full: EditionAndMeetings):
    address = offer(client, full)
    for meeting in full.meetings:
        with transaction():
            change_capacity(meeting_id=meeting.id, capacity=3, actor=Actor.system("cli"), now=clock.now())
    factories.enrol(full, "piet@zorg.example")
    assert (client.visit(address).h1, state()) == ("Je doet mee!", "withdrawn")


def test_a_forged_token_is_not_found(client: PortalClient, full: EditionAndMeetings):
    assert client.get("/wachtlijst/verzonnen").status_code == 404
    assert client.send("/wachtlijst/verzonnen/aannemen").status_code == 404
    assert client.send("/wachtlijst/verzonnen/afslaan").status_code == 404

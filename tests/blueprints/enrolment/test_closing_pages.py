"""Once enrolling is closed the pages offer nothing that would be refused, and say so."""

from datetime import timedelta

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from portal import clock
from portal.audit import Actor
from portal.db import transaction
from portal.domain.enrolment.policy import Policy, decide_policy
from tests import factories
from tests.factories import EditionAndMeetings
from tests.page import Page
from tests.plugins.portal import PortalClient

ME = {"name": "Els Vos", "email": "els@zorg.example", "contract_party": "participant"}


@pytest.fixture
def edition(app: Flask) -> EditionAndMeetings:
    with transaction():
        policy = Policy(enrolment_closes_hours=48)
        decide_policy(policy=policy, actor=Actor.system("cli"), now=clock.now())
    factories.terms()
    return factories.edition_with_meetings(factories.course_with_modules(2, title="SamenKracht"))


def close(time_machine: TimeMachineFixture, edition: EditionAndMeetings, number: int, seconds: int = 0) -> None:
    begins = edition.meetings[number - 1].starts_at
    time_machine.move_to(begins - timedelta(hours=48) + timedelta(seconds=seconds), tick=False)


def links(page: Page) -> list[str]:
    return [link.text for link in page.links]


def test_the_page_of_an_edition_offers_what_can_be_had(
    client: PortalClient, edition: EditionAndMeetings, time_machine: TimeMachineFixture
):
    address = f"/uitvoeringen/{edition.edition.id}"
    close(time_machine, edition, 1, seconds=-1)
    assert "Meld je aan" in links(client.visit(address))
    close(time_machine, edition, 1)
    page = client.visit(address)
    assert ("Meld je aan" in links(page), "Kies losse dagdelen" in links(page)) == (False, True)
    assert ("gesloten" in page.text, "geweest" in page.text) == (True, False)
    close(time_machine, edition, 2)
    page = client.visit(address)
    assert ("Kies losse dagdelen" in links(page), "De inschrijving is gesloten" in page.text) == (False, True)
    assert "Deze uitvoering is geweest" not in page.text


def test_only_what_is_open_is_chosen_from_and_then_nothing(
    client: PortalClient, edition: EditionAndMeetings, time_machine: TimeMachineFixture
):
    address = f"/uitvoeringen/{edition.edition.id}/inschrijven"
    close(time_machine, edition, 1)
    page = client.visit(address)
    assert "Voor de eerste dagdelen is de inschrijving gesloten." in page.text
    assert ("1. Dagdeel 1" in page.text, "2. Dagdeel 2" in page.text) == (False, True)
    close(time_machine, edition, 2)
    page = client.visit(address)
    assert page.h1 == "Aanmelden kan niet meer"
    assert "De inschrijving voor deze uitvoering van SamenKracht is gesloten." in page.text


def test_who_was_filling_in_reads_on_the_last_page_that_it_closed(
    client: PortalClient, edition: EditionAndMeetings, time_machine: TimeMachineFixture
):
    close(time_machine, edition, 1, seconds=-1)
    page = client.visit(f"/uitvoeringen/{edition.edition.id}/inschrijven").submit("Verder naar je gegevens")
    check = page.submit("Verder naar controleren", ME)
    assert check.h1 == "Klopt alles?"
    close(time_machine, edition, 1)
    refused = check.submit("Meld mij aan", terms=True)
    assert (refused.status, "De inschrijving is gesloten: aanmelden kon tot" in refused.text) == (422, True)

"""The start page and the pages that anybody may read."""

from datetime import date, timedelta

import pytest

from portal import clock
from tests import factories
from tests.plugins.portal import PortalClient

PAGES = {
    "/": "Maak de kring groter",
    "/contact": "Contact",
    "/voorwaarden": "Algemene voorwaarden",
    "/klachten": "Klachtenregeling",
    "/privacy": "Privacy",
    "/toegankelijkheid": "Toegankelijkheid",
}


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_there_in_two_languages(client: PortalClient, address: str):
    page = client.visit(address)
    assert (page.status, page.language, page.h1) == (200, "nl", PAGES[address])
    english = client.visit("/en" + address)
    assert (english.status, english.language) == (200, "en")
    assert [link.href for link in english.links if not link.href.startswith(("/en/", "#", "mailto:", "tel:"))] == []


@pytest.mark.parametrize("address", [address for address in PAGES if address != "/"])
def test_every_page_is_in_the_foot_of_the_others(client: PortalClient, address: str):
    assert [a.get("href") for a in client.visit("/").find("//footer//a")].count(address) == 1


def test_the_start_page_shows_the_next_three_editions(client: PortalClient):
    for days in (4, 3, 2, 1):
        of = factories.course_with_modules(1, title=f"Over {days} dagen")
        factories.edition_with_meetings(of, clock.today() + timedelta(days=days))
    page = client.visit("/")
    assert page.headings[2:5] == ["Over 1 dagen", "Over 2 dagen", "Over 3 dagen"]
    assert "Over 4 dagen" not in page.text


def test_the_start_page_finds_a_training_and_says_when_there_is_nothing(client: PortalClient):
    assert "Er staat nu niets gepland" in client.visit("/").text
    factories.course_with_modules(1, title="SamenKracht")
    factories.course_with_modules(1, title="Iets anders")
    found = client.visit("/").submit("Zoek", zoek="kracht")
    assert found.headings == ["Trainingen", "SamenKracht"]


def test_the_terms_are_those_that_hold_today(client: PortalClient):
    today = clock.today()
    for effective_on, text in (
        (date(2020, 1, 1), "De tekst van toen"),
        (today, "Wie zich inschrijft, komt.\n\nWie <b>niet</b> kan, meldt het."),
        (today + timedelta(days=1), "De tekst van morgen"),
    ):
        factories.terms_version(effective_on, text=text)
    page = client.visit("/voorwaarden")
    assert page.text.endswith("Wie zich inschrijft, komt.Wie <b>niet</b> kan, meldt het.")
    assert "De tekst van" not in page.text


def test_the_retention_terms_are_public(client: PortalClient):
    terms = client.visit("/privacy").table()
    assert len(terms) == 15
    assert {"Gegeven": "Klacht", "Bewaartermijn": "2 jaar"} in terms

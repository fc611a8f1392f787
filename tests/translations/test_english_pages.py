"""The portal in English: every public page, every step of enrolling, and what comes back when something is wrong.

The words of the office, such as the name of a training, stay Dutch and are marked so."""

import re
from collections.abc import Callable

import lxml.html
import pytest
from flask import Flask
from lxml.html import HtmlElement
from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.catalogue.models import MeetingTrainer
from portal.domain.enrolment.models import Enrolment
from tests import factories
from tests.factories import EditionAndMeetings
from tests.page import Page
from tests.page_shape import words
from tests.plugins.portal import PortalClient

# A Dutch sentence of some length cannot do without one of these, and no English sentence has them.
DUTCH = re.compile(r"\b(?:je|het|een|niet|vul|kies|voor|naar|deze|nog|dagdeel|bijeenkomst)\b", re.IGNORECASE)
DETAILS = {"name": "Şule Yılmaz", "email": "sule@zorg.example", "contract_party": "participant"}


def dutch_in(page: Page) -> list[str]:
    """The Dutch sentences that a reader of this page gets, outside what is marked as Dutch; its title left out, where
    nothing can be marked."""
    document: HtmlElement = lxml.html.document_fromstring(page.html)
    for element in document.xpath("//body//*[@lang='nl'] | //*[contains(@class, 'breadcrumbs')]"):
        element.drop_tree()
    spoken = document.xpath("//body//*/@aria-label | //body//*/@alt | //body//*/@placeholder | //body//*/@data-label")
    texts = [words(element) for element in document.body.iter("p", "li", "dt", "dd", "td", "th", "label", "legend")]
    texts += [words(element) for element in document.body.iter("h1", "h2", "h3", "a", "button", "summary", "caption")]
    return sorted({text for text in [*texts, *spoken] if DUTCH.search(text)})


def english(page: Page) -> Page:
    """The page, when a reader of English can read it."""
    assert page.language == "en"
    assert dutch_in(page) == []
    return page


@pytest.fixture
def edition(app: Flask) -> EditionAndMeetings:
    of = factories.course_with_modules(
        title="Kijk niet om je heen",
        slug="kijk",
        summary="Een training over het netwerk van je cliënt.",
        audience="Wie niet alleen wil staan",
    )
    for module in of.modules:
        module.title = "Het gesprek met een buur"
        module.preparation = "Lees het boekje dat je van ons krijgt"
        factories.accreditation(module)
    factories.terms()
    return factories.edition_with_meetings(of, capacity=3)


def public_addresses(app: Flask) -> list[str]:
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.arguments
        and app.view_functions[rule.endpoint].access_mark.roles is None  # type: ignore[attr-defined]
    )


def test_what_is_dutch_is_found():
    said = "<p>Sign up</p><p lang='nl'>Kijk niet om</p><p>Je <b>doet</b> mee</p><img alt='Een kring'>"
    assert dutch_in(Page(f"<!doctype html><html lang='en'><body>{said}</body></html>")) == ["Een kring", "Je doet mee"]


def test_every_public_page_is_english(app: Flask, client: PortalClient, edition: EditionAndMeetings):
    pages = [page for address in public_addresses(app) if (page := page_at(client, f"/en{address}"))]
    assert len(pages) > 10
    assert {page.address: (page.language, dutch_in(page)) for page in pages} == {
        page.address: ("en", []) for page in pages
    }


def page_at(client: PortalClient, address: str) -> Page | None:
    """The page there; None for what is no page, such as a calendar file."""
    response = client.get(address)
    return Page.of(response, client) if response.mimetype == "text/html" and response.status_code == 200 else None


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/trainingen/kijk", "Kijk niet om je heen"),
        ("/uitvoeringen/{edition}", "Kijk niet om je heen"),
        ("/uitvoeringen/{edition}/wachtlijst", ""),
        ("/c/K7MQ2-9RTD-4WXEA", "This certificate is not known to us"),
        ("/inloggen/link/bestaat-niet", ""),
        ("/bestaat-niet", "This page does not exist (any more)"),
    ],
)
def test_pages_about_one_thing_are_english(
    client: PortalClient, edition: EditionAndMeetings, address: str, heading: str
):
    page = english(client.visit("/en" + address.format(edition=edition.edition.id)))
    assert heading in page.h1


@pytest.mark.parametrize("role", [None, *Role])
def test_what_the_menu_of_a_role_opens_is_english(
    app: Flask, sign_in: Callable[..., PortalClient], edition: EditionAndMeetings, role: Role | None
):
    """With something to see on the start pages: an enrolment, a meeting to give, a training of one's own client."""
    client_of = factories.organisation() if role == Role.ORGANISATION else None
    person = factories.person(role=role, organisation=client_of)
    factories.enrolment(edition, person)
    factories.add(MeetingTrainer(meeting_id=edition.meetings[0].id, person_id=person.id))
    client = sign_in(person)
    menu = client.visit("/en/account").find("//header//nav//a[starts-with(@href, '/en/')]/@href")
    pages = [client.visit(str(address)) for address in sorted(set(menu))]
    assert len(pages) > 1
    assert {page.address: (page.language, dutch_in(page)) for page in pages} == {
        page.address: ("en", []) for page in pages
    }


def test_the_words_of_the_office_are_marked_as_dutch(client: PortalClient, edition: EditionAndMeetings):
    page = client.visit(f"/en/uitvoeringen/{edition.edition.id}")
    marked = {words(element) for element in page.find("//main//*[@lang='nl']")}
    assert page.find("//meta[@name='description']/@lang") == ["nl"]
    assert {"Kijk niet om je heen", "1. Het gesprek met een buur", "Lees het boekje dat je van ons krijgt"} <= marked


def test_enrolling_is_english_at_every_step(client: PortalClient, edition: EditionAndMeetings):
    page = english(client.visit(f"/en/uitvoeringen/{edition.edition.id}/inschrijven"))
    assert english(page.submit(None, choice="single")).errors[0].text == "Choose at least one session"
    page = english(page.submit("On to your details", choice="whole"))
    refused = english(page.submit("On to checking", DETAILS | {"email": "sule"}))
    assert [error.text for error in refused.errors] == ["Enter your email address like name@organisation.nl"]
    assert refused.title.startswith("Error: ")
    page = english(page.submit("On to checking", DETAILS))
    assert page.h1 == "Is everything right?"
    assert page.facts()["Price"] == "€1,000"
    assert re.search(r"\b09:30 – 12:30\b", page.text)
    done = english(page.submit("Sign me up", terms=True))
    assert done.h1 == "You're in!"
    assert db.session.scalars(select(Enrolment.number)).one() in done.text


def test_a_choice_that_is_not_on_offer_is_refused_in_the_language_of_the_page(client: PortalClient):
    for prefix, sentence in (("", "Kies iets uit de lijst"), ("/en", "Choose something from the list")):
        page = Page.of(client.send(f"{prefix}/in-company/aanvragen", course="987654"), client)
        assert sentence in [error.text for error in page.errors]


@pytest.mark.parametrize("address", ["/", "/trainingen", "/trainingen?waar=Zwolle", "/contact", "/agenda", "/inloggen"])
def test_the_link_to_the_other_language_leads_to_the_same_page_and_back(client: PortalClient, address: str):
    dutch = client.visit(address)
    there = follow_language(dutch, "en")
    assert (there.language, there.address.rstrip("?")) == ("en", f"/en{address}")
    back = follow_language(there, "nl")
    assert (back.language, back.address.rstrip("?"), back.h1) == ("nl", address, dutch.h1)


def follow_language(page: Page, language: str) -> Page:
    """The page behind the link to this language; the main menu and that of a phone have the same one."""
    (address,) = {link.get("href") for link in page.find(f"//header//a[@hreflang='{language}']")}
    assert page.client is not None
    return page.client.visit(str(address))

"""Each error page says what happened and what to do, in the reader's language, and leads on."""

import pytest
from flask import Flask, render_template

from tests.page import Page
from tests.plugins.portal import PortalClient

TITLES = {
    "403": "Deze pagina is niet voor jou",
    "404": "Deze pagina bestaat niet (meer)",
    "409": "Iemand was je net voor",
    "413": "Dat is te groot om te versturen",
    "422": "Dit kan nu niet",
    "429": "Even rustig aan",
    "500": "Er ging iets mis bij ons",
    "csrf": "Deze pagina is verlopen",
    "other": "Dit lukt zo niet",
}


def shown(app: Flask, name: str, **context: str) -> Page:
    with app.test_request_context("/"):
        app.preprocess_request()
        page = Page(render_template(f"errors/{name}.html", **context))
    page.check()
    return page


@pytest.mark.parametrize(("name", "title"), TITLES.items())
def test_a_fault_has_a_page_of_our_own_that_leads_on(app: Flask, name: str, title: str):
    page = shown(app, name)
    assert page.h1 == title
    assert page.title == f"{title} · Leerkring"
    assert [link for link in page.links if link.text] == [
        ("Naar de startpagina", "/"),
        ("Bekijk de trainingen", "/trainingen"),
    ]


def test_what_the_domain_said_takes_the_place_of_the_general_words(app: Flask):
    page = shown(app, "409", sentence="De laatste plek is net vergeven.")
    assert "De laatste plek is net vergeven." in page.text
    assert "is hier iets veranderd" not in page.text


def test_a_fault_of_ours_has_a_number_and_does_not_lean_on_the_menu(app: Flask):
    page = shown(app, "500", reference="a1b2c3d4")
    assert "Noem dit nummer als je ons belt of mailt: a1b2c3d4" in page.text
    assert page.find("//header//nav") == []
    assert "Noem dit nummer" not in shown(app, "500").text


def test_an_address_that_does_not_exist_is_404_in_both_languages(client: PortalClient):
    assert (client.visit("/bestaat-niet").status, client.visit("/bestaat-niet").language) == (404, "nl")
    assert (client.visit("/en/bestaat-niet").status, client.visit("/en/bestaat-niet").language) == (404, "en")

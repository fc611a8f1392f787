"""On the demo data every role of the contract signs in and lands on its own page, and no menu leads nowhere."""

from __future__ import annotations

import re

from tests.journeys.conftest import DESK, NewPerson
from tests.plugins.live import LiveServer

START_PAGES = {
    "deelnemer": ("/mijn", "Dag Dewi Hardjo"),
    "trainer": ("/trainer", "Vandaag"),
    "organisatie": ("/organisatie", "Trainingen van je organisatie"),
    "coordinator": ("/coordinator", "Mijn pad"),
    "regio": ("/regio", "Mijn regio"),
    "bureau": ("/bureau", r"Goede(morgen|middag|navond) Marleen"),
    "auditor": ("/audit", "Logboek"),
    "beheer": ("/bureau", r"Goede(morgen|middag|navond) Tom"),
}


def test_every_role_signs_in_and_its_menu_leads_somewhere(demo_server: LiveServer, new_person: NewPerson):
    # One test, since loading two years of demo data once is slow enough.
    for account, (path, h1) in START_PAGES.items():
        person = new_person(server=demo_server, width=DESK)
        person.sign_in(f"{account}@demo.example")
        assert (account, person.path) == (account, path)
        assert re.fullmatch(h1, person.h1), person.h1
        menu = person.page.locator("nav.site-navigation a, footer a")
        addresses = menu.evaluate_all("links => links.map(link => link.getAttribute('href'))")
        assert path in addresses
        answers = {address: person.page.request.get(demo_server.url(address)).status for address in addresses}
        assert answers == dict.fromkeys(addresses, 200)

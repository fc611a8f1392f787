"""Enrolling, as somebody with a browser does it."""

import pytest
from sqlalchemy import select

from portal.db import db
from portal.domain.enrolment.models import Enrolment
from tests import factories
from tests.factories import EditionAndMeetings
from tests.page import Page
from tests.plugins.portal import PortalClient

DETAILS = {
    "name": "Şule Yılmaz-Škrabáková",
    "email": "Sule@Zorg.example",
    "employer": "Wijkteam Stadshagen",
    "register_SKJ": "110 024 518",
    "contract_party": "participant",
}


def go_to_details(client: PortalClient, edition_id: int, **choice: object) -> Page:
    return client.visit(f"/uitvoeringen/{edition_id}/inschrijven").submit(
        "Verder naar je gegevens", {"choice": "whole"} | choice
    )


def go_to_check(client: PortalClient, edition_id: int, **changes: object) -> Page:
    return go_to_details(client, edition_id).submit("Verder naar controleren", DETAILS | changes)


@pytest.fixture
def edition(app: object) -> EditionAndMeetings:
    of = factories.course_with_modules(title="SamenKracht", slug="samenkracht", price_cents=79500)
    factories.register("Registerplein")
    for module in of.modules:
        factories.accreditation(module, "SKJ", 4)
    return factories.edition_with_meetings(of, capacity=3)


def test_the_whole_training_in_dutch(client: PortalClient, edition: EditionAndMeetings):
    page = go_to_check(client, edition.edition.id)
    assert page.h1 == "Klopt alles?"
    assert page.facts()["Naam op certificaat"] == "Şule Yılmaz-Škrabáková"
    done = page.submit("Meld mij aan", terms=True)
    assert done.h1 == "Je doet mee!"
    enrolment = db.session.scalars(select(Enrolment)).one()
    assert enrolment.number in done.text

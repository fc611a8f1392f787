"""/bureau/uitvoeringen: whether an edition goes ahead, as the office decides and as visitors read it."""

from datetime import timedelta

import pytest

from portal import clock
from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.catalogue.models import Edition
from portal.domain.catalogue.rules import EditionState
from tests import factories
from tests.factories import EditionAndMeetings
from tests.plugins.portal import PortalClient

IN_TEN_DAYS = timedelta(days=10)


@pytest.fixture
def edition(office: PortalClient) -> EditionAndMeetings:
    """Tentative: one takes part, three are needed."""
    of = factories.course_with_modules(2, title="SamenKracht")
    decide_on = clock.today() + IN_TEN_DAYS
    made = factories.edition_with_meetings(of, state=EditionState.TENTATIVE, minimum=3, decide_on=decide_on)
    factories.enrolment(made)
    factories.enrolment(made, state="cancelled")
    db.session.commit()
    return made


def test_the_office_reads_how_sure_it_is_and_lets_it_go_ahead(office: PortalClient, edition: EditionAndMeetings):
    desk = office.visit(f"/bureau/uitvoeringen/{edition.edition.id}")
    assert "gaat nog niet zeker door" in desk.text
    assert "3 deelnemers. Nu 1, dus nog 2 nodig. Beslis uiterlijk" in desk.text
    form = desk.follow("Laat doorgaan")
    assert "Er doet 1 deelnemer mee. Afgesproken was: vanaf 3 gaat het door." in form.text
    refused = form.submit("Laat doorgaan", reason="")
    assert (refused.status, [(e.href, e.text) for e in refused.errors]) == (422, [("#reason", "Vul in waarom")])
    done = form.submit("Laat doorgaan", reason="Het kan uit.")
    assert "De uitvoering gaat door. 1 deelnemer krijgt bericht." in done.text
    assert db.session.get_one(Edition, edition.edition.id).state == EditionState.CONFIRMED
    again = office.send(f"/bureau/uitvoeringen/{edition.edition.id}/doorgaan", reason="Nog eens")
    assert (again.status_code, "Over deze uitvoering is al beslist." in again.text) == (409, True)


def test_the_office_decides_on_another_day(office: PortalClient, edition: EditionAndMeetings):
    form = office.visit(f"/bureau/uitvoeringen/{edition.edition.id}").follow("Beslis op een andere dag")
    late = form.submit("Bewaar en laat het weten", decide_on="2032-01-01")
    assert (late.status, [e.href for e in late.errors]) == (422, ["#decide_on"])
    day = clock.today() + timedelta(days=20)
    done = form.submit("Bewaar en laat het weten", decide_on=day.isoformat())
    assert "De dag van de beslissing is bewaard. 1 deelnemer krijgt bericht." in done.text
    assert db.session.get_one(Edition, edition.edition.id).decide_on == day


def test_visitors_read_how_sure_it_is(client: PortalClient, edition: EditionAndMeetings):
    address = f"/uitvoeringen/{edition.edition.id}"
    assert "Gaat door bij 3 deelnemers. Nog 2 nodig. Uiterlijk" in client.visit(address).text
    assert "gaat door bij 3 deelnemers" in client.visit("/agenda").text
    edition.edition.state = EditionState.CONFIRMED
    db.session.commit()
    page = client.visit(address)
    assert ("Gaat door" in page.text, "nodig" in page.text) == (True, False)
    assert "€ 500, gaat door" in client.visit("/agenda").text.replace("\xa0", " ")
    assert "It will take place" in client.visit("/en" + address).text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("draft", "concept"),
        ("published", "online"),
        ("tentative", "gaat nog niet zeker door"),
        ("confirmed", "gaat door"),
        ("started", "begonnen"),
        ("finished", "geweest"),
        ("cancelled", "gaat niet door"),
    ],
)
def test_the_list_is_of_one_state_when_asked_and_says_which(office: PortalClient, state: str, words: str):
    for each in EditionState:
        factories.edition_with_meetings(state=each)
    db.session.commit()
    rows = office.visit(f"/bureau/uitvoeringen?stand={state}").table("1 uitvoering")
    assert [row["Stand"] for row in rows] == [words]


def test_only_the_office_decides(client: PortalClient, edition: EditionAndMeetings):
    client.sign_in(factories.person(role=Role.TRAINER))
    for what in ("doorgaan", "beslissing"):
        assert client.get(f"/bureau/uitvoeringen/{edition.edition.id}/{what}").status_code == 403

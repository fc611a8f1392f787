"""The last seat goes to somebody else while the form is being filled in: 409, the waiting list, and off it again."""

from __future__ import annotations

from tests.journeys.conftest import NewPerson
from tests.journeys.mailed import mailed_link
from tests.journeys.stage import enrol, plan_samenkracht
from tests.plugins.live import LiveServer

NAME, EMAIL = "Chantal de Wit", "chantal@gemeente.example"


def test_who_comes_too_late_joins_the_waiting_list_and_leaves_it(
    portal_server: LiveServer, new_person: NewPerson, looking
):
    planned = plan_samenkracht(portal_server, place="Deventer", capacity=1)
    visitor = new_person(look_at=looking)
    visitor.open(f"/uitvoeringen/{planned.edition_id}")
    visitor.follow("Meld je aan")
    visitor.press("Verder naar je gegevens")
    visitor.fill("Je naam", NAME)
    visitor.fill("Je e-mailadres", EMAIL)
    visitor.tick("Ikzelf")
    visitor.press("Verder naar controleren")
    visitor.tick("Ik ga akkoord met de algemene voorwaarden")
    enrol(portal_server, planned.edition_id, "Bram Postma", "bram@zorg.example")

    visitor.press("Meld mij aan", status=409)
    assert visitor.page.title().startswith("Fout:")
    assert "is vol" in visitor.main.locator("[data-error-summary]").inner_text()
    assert "Je gegevens zijn bewaard" in visitor.text
    visitor.follow("Zet mij op de wachtlijst")
    assert visitor.main.get_by_label("Je e-mailadres").input_value() == EMAIL
    visitor.press("Zet mij op de wachtlijst")
    assert visitor.h1 == "Je staat op de wachtlijst"

    mail = portal_server.mailbox.wait_for(EMAIL, "Je staat op de wachtlijst voor SamenKracht")
    visitor.open(mailed_link(mail, "/wachtlijst/"))
    assert visitor.h1 == "Je staat op plaats 1"
    visitor.press("Haal mij van de wachtlijst")
    assert visitor.h1 == "Je staat niet op de wachtlijst"
    assert len(portal_server.mailbox.to(EMAIL)) == 1

    visitor.open(f"/uitvoeringen/{planned.edition_id}")
    visitor.follow("Zet mij op de wachtlijst")
    assert visitor.h1 == "De kring is vol"

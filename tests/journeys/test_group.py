"""A list from a spreadsheet becomes a group: read, mended, checked, and everybody has their own confirmation."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.journeys.conftest import DESK, PHONE, NewPerson
from tests.journeys.invitation import read_invitation
from tests.journeys.mailed import mailed_link, text_of
from tests.journeys.someone import Someone
from tests.journeys.stage import plan_samenkracht
from tests.plugins.live import LiveServer

ROWS = [
    ["Deelnemers najaar 2026"],
    [],
    ["Voornaam", "Achternaam", "E-mail", "Team", "SKJ-nummer", "Geboortedatum"],
    ["Els", "van den Bogaard", "els{}@delinde.example", "Wijkteam Noord", "110024518", "1-2-1980"],
    ["Ali", "Demir", "ali{}@delinde", "Wijkteam Noord", "", ""],
    ["علي", "حسن", "hasan{}@delinde.example", "Wijkteam Zuid", "111222333", ""],
    ["", "", "noor{}@delinde.example", "Wijkteam Zuid", "", ""],
    ["Els", "Bogaard", "ELS{}@delinde.example", "", "", ""],
    ["=1+1", "Jansen", "jansen{}@delinde.example", "Wijkteam Zuid", "", ""],
]


def workbook(where: Path, mark: str) -> Path:
    made = Workbook()
    for row in ROWS:
        made.active.append([cell.format(mark) for cell in row])
    made.active.merge_cells("A1:F1")
    buffer = io.BytesIO()
    made.save(buffer)
    where.write_bytes(buffer.getvalue())
    return where


@pytest.mark.parametrize(
    ("width", "script", "who", "place"),
    [(PHONE, True, "deelnemer", "Meppel"), (DESK, True, "coordinator", "Kampen"), (PHONE, False, "regio", "Hattem")],
    ids=["phone", "desk", "without script"],
)
def test_a_list_becomes_a_group(
    portal_server: LiveServer,
    new_person: NewPerson,
    looking,
    tmp_path: Path,
    width: int,
    script: bool,
    who: str,
    place: str,
):
    planned = plan_samenkracht(portal_server, place=place)
    # axe is a script itself.
    contact = new_person(width=width, script=script, **({"look_at": looking} if script else {}))
    contact.sign_in(f"{who}@demo.example")
    contact.open(f"/uitvoeringen/{planned.edition_id}/inschrijven")
    contact.follow("Meld je collega’s aan")
    contact.press("Lees de lijst", status=422)
    contact.page.locator("input[type=file]").set_input_files(workbook(tmp_path / "lijst.xlsx", who))
    contact.press("Lees de lijst")
    mend(contact, who)

    assert contact.h1 == "Klopt alles?"
    assert contact.facts()["Mensen"].startswith("5")
    contact.fill("Naam van de organisatie", "Zorggroep De Linde")
    contact.fill("Inkoopnummer of kenmerk", "PO 2026-114")
    contact.press("Meld 5 mensen aan", status=422)
    contact.tick("Ik ga akkoord met de algemene voorwaarden")
    contact.press("Meld 5 mensen aan")

    assert contact.h1 == "Groep voor SamenKracht"
    assert "=1+1 Jansen" in contact.text
    mail = portal_server.mailbox.wait_for(f"els{who}@delinde.example", "Je doet mee aan SamenKracht")
    assert len(read_invitation(mail)[1]) == 4
    own = portal_server.mailbox.wait_for(f"{who}@demo.example", "Je groep voor SamenKracht is aangemeld")
    assert "Je meldde 5 mensen aan" in text_of(own)
    assert "@delinde" not in text_of(own)
    contact.open(mailed_link(own, "/mijn/groepen/"))
    assert "علي حسن" in contact.text
    contact.open("/mijn/groepen")
    assert place in contact.text


def mend(contact: Someone, mark: str) -> None:
    """What is not right: an address, a citizen service number, a name, and somebody who is in the list twice."""
    assert contact.h1 == "Kijk de lijst na"
    assert contact.page.title().startswith("Fout:")
    assert "4 regels kloppen nog niet" in contact.text
    assert "Geboortedatum" in contact.text
    assert "111222333" not in contact.page.content()
    contact.fill("E-mailadres, regel 5", f"ali{mark}@delinde.example")
    contact.press("Kijk opnieuw na", status=422)
    # The number is gone already; whoever looks again leaves its field empty.
    assert "2 regels kloppen nog niet" in contact.text
    contact.fill("Naam, regel 7", "Noor de Wit")
    contact.tick("Laat weg, regel 8")
    contact.press("Kijk opnieuw na")


def test_a_place_is_filled_in_by_who_comes(portal_server: LiveServer, new_person: NewPerson, looking):
    planned = plan_samenkracht(portal_server, place="Ommen")
    contact, colleague = new_person(width=DESK, look_at=looking), new_person(look_at=looking)
    contact.sign_in("beheer@demo.example")
    contact.open(f"/uitvoeringen/{planned.edition_id}/collegas")
    contact.fill("Plekken zonder naam", "2")
    contact.press("Lees de lijst")
    contact.fill("Naam van de organisatie", "Zorggroep De Linde")
    contact.tick("Ik ga akkoord met de algemene voorwaarden")
    contact.press("Reserveer 2 plekken")
    contact.follow("Vul de naam in")
    contact.press("Maak een link")
    address = contact.main.locator("code").inner_text()

    colleague.open(address)
    colleague.press("Meld mij aan", status=422)
    colleague.fill("Je naam", "Nguyễn Thị Ánh")
    colleague.fill("Je e-mailadres", "anh@delinde.example")
    colleague.press("Meld mij aan")
    assert colleague.h1 == "Je doet mee!"
    mail = portal_server.mailbox.wait_for("anh@delinde.example", "Je doet mee aan SamenKracht")
    assert len(read_invitation(mail)[1]) == 4
    colleague.open(address)
    assert colleague.h1 == "Deze plek heeft al een naam"

    contact.follow("Terug naar je groep")
    assert "Nguyễn Thị Ánh" in contact.text
    contact.follow("Vul de naam in")
    contact.press("Geef de plek terug")
    assert "De plek is teruggegeven." in contact.text

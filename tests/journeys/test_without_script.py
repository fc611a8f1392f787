"""The main steps in English, on a wide screen, in a browser without JavaScript: dagdeel 1 and 3 alone."""

from __future__ import annotations

from pathlib import Path

from tests.documents.pdf_judges import facts_of, text_of
from tests.journeys.conftest import DESK, NewPerson
from tests.journeys.invitation import read_invitation
from tests.journeys.mailed import mailed_link
from tests.journeys.someone import Someone
from tests.journeys.stage import (
    OFFICE,
    TRAINER,
    TRAINERS_NAME,
    Planned,
    let_the_weeks_go_by,
    plan_samenkracht,
)
from tests.plugins.live import LiveServer

NAME, EMAIL = "Nguyễn Thị Ánh", "anh@wijkteam.example"
PLACE = "Utrecht"
TAKEN = (1, 3)


def test_single_dagdelen_in_english_without_script(
    portal_server: LiveServer, new_person: NewPerson, looking_in_one_way, tmp_path: Path
):
    planned = plan_samenkracht(portal_server, place=PLACE)
    english = {"language": "en", "width": DESK, "script": False}
    participant, trainer, office, anybody = (new_person(**english) for _ in range(4))

    enrol_in_two(participant)
    mail = portal_server.mailbox.wait_for(
        EMAIL, participant.say("Je doet mee aan %(title)s") % {"title": "SamenKracht"}
    )
    assert mail["Content-Language"] == "en"
    method, events = read_invitation(mail)
    assert (method, len(events)) == ("REQUEST", len(TAKEN))
    participant.open(mailed_link(mail, "/en/inloggen/link/"))
    participant.press("Inloggen")
    assert participant.path == "/en/mijn"

    let_the_weeks_go_by(portal_server, planned, TAKEN)
    trainer.sign_in(TRAINER)
    for number in TAKEN:
        keep_the_list(trainer, planned, number)

    office.sign_in(OFFICE)
    office.open(f"/bureau/certificaten/uitvoeringen/{planned.edition_id}")
    office.submit(f"/bureau/certificaten/uitvoeringen/{planned.edition_id}/uitgeven")
    # The page loads itself again until all is done, without a script.
    office.page.get_by_text(
        office.say("Klaar. Iedereen heeft een mail gekregen met een link naar het certificaat.")
    ).wait_for()

    participant.open("/mijn/certificaten")
    pdf = participant.download("Download (pdf)", tmp_path / "certificate.pdf")
    assert NAME in facts_of(pdf)["Title"]
    assert "Kringvergroting met creatieve middelen" in " ".join(text_of(pdf))
    address = participant.main.get_by_role("link", name="/c/").inner_text()
    participant.open("/mijn/punten")
    assert participant.points_at("SKJ") == 9
    assert participant.points_at("Registerplein") == 9
    anybody.open("/certificaat-controleren")
    code = address.rpartition("/")[2]
    anybody.page.locator("input[name=code]").fill(code.lower())
    anybody.press("Controleer")
    assert anybody.h1 == anybody.say("Dit certificaat is echt")

    # axe is a script itself, so somebody else looks at the pages in English.
    looker = new_person(language="en", width=DESK, look_at=looking_in_one_way)
    for path in ("/trainingen", "/trainingen/samenkracht", f"/uitvoeringen/{planned.edition_id}", f"/c/{code}"):
        looker.open(path)


def enrol_in_two(visitor: Someone) -> None:
    visitor.open("/")
    visitor.follow("Bekijk alle trainingen")
    visitor.follow("SamenKracht")
    visitor.follow(PLACE)
    visitor.follow("Meld je aan")
    visitor.tick("Losse dagdelen")
    visitor.tick("1. Maak de kring groter")
    visitor.tick("3. Kringvergroting met creatieve middelen")
    visitor.press("Verder naar je gegevens")
    visitor.fill("Je naam", NAME)
    visitor.fill("Je e-mailadres", EMAIL)
    visitor.fill("Waar werk je?", "Wijkteam Lombok")
    visitor.tick("Mijn werkgever of organisatie")
    visitor.press("Verder naar controleren")
    # Nobody agreed to the terms: the same page, with what was filled in.
    visitor.press("Meld mij aan", status=422)
    assert NAME in visitor.text
    visitor.tick("Ik ga akkoord met de algemene voorwaarden")
    visitor.press("Meld mij aan")
    assert visitor.h1 == visitor.say("Je doet mee!")


def keep_the_list(trainer: Someone, planned: Planned, number: int) -> None:
    trainer.choose_in_menu("Vandaag")
    trainer.follow_to(f"/bijeenkomsten/{planned.meeting_ids[number - 1]}/presentie")
    trainer.press("Rest is er")
    if number == 3:
        trainer.tick("Voorbereiding gedaan", of=NAME)
    trainer.press("Afronden")
    trainer.fill("Typ je naam als handtekening", TRAINERS_NAME)
    trainer.tick("Deze lijst klopt: zo was het")
    trainer.press("Afronden en tekenen")
    assert trainer.say("De lijst is afgerond. De punten zijn bijgewerkt.") in trainer.text

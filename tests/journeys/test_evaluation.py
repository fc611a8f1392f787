"""Three people were there; two days later each reads a mail and answers, one of them without JavaScript; and what they
thought is read by the office, the auditor and nobody else."""

from __future__ import annotations

from tests.journeys.conftest import DESK, NewPerson
from tests.journeys.mailed import mailed_link
from tests.journeys.someone import Someone
from tests.journeys.stage import (
    AUDITOR,
    OFFICE,
    TRAINER,
    enrol,
    let_the_weeks_go_by,
    plan_samenkracht,
)
from tests.plugins.live import LiveServer

PEOPLE = {"Els Bos": "els@buurt.example", "Ali Demir": "ali@buurt.example", "Dewi Vos": "dewi@buurt.example"}
QUESTIONS = ("de inhoud?", "de trainers?", "de plek en het materiaal?", "in je werk gebruiken?")


def test_what_people_thought_of_it(portal_server: LiveServer, new_person: NewPerson, looking):
    planned = plan_samenkracht(portal_server, place="Kampen")
    for name, email in PEOPLE.items():
        enrol(portal_server, planned.edition_id, name, email)
    let_the_weeks_go_by(portal_server, planned, days_since=2)
    trainer = new_person(width=DESK)
    trainer.sign_in(TRAINER)
    trainer.open(f"/bijeenkomsten/{planned.meeting_ids[0]}/presentie")
    trainer.touch("Rest is er")

    links = {
        email: mailed_link(portal_server.mailbox.wait_for(email, "Wat vond je van SamenKracht?"), "/evaluatie/")
        for email in PEOPLE.values()
    }
    visitors = [new_person(script=False), new_person(look_at=looking), new_person(look_at=looking)]
    for visitor, link, grade in zip(visitors, links.values(), (6, 8, 9), strict=True):
        answer(visitor, link, grade)
    visitors[1].open(links["ali@buurt.example"])
    assert (visitors[1].h1, visitors[1].main.locator("form").count()) == ("Dank je wel", 0)

    for account in (OFFICE, AUDITOR):
        reader = new_person(width=DESK, look_at=looking)
        reader.sign_in(account)
        reader.open(f"/bureau/uitvoeringen/{planned.edition_id}/evaluatie")
        assert "Inhoud 7,7" in reader.text
        assert "Een 6 is ook goed" in reader.text
        assert not [name for name in PEOPLE if name in reader.text]
    trainer.open(f"/bureau/uitvoeringen/{planned.edition_id}/evaluatie", status=403)


def answer(visitor: Someone, link: str, grade: int) -> None:
    visitor.open(link)
    visitor.press("Verstuur je antwoorden", status=422)
    assert visitor.page.title().startswith("Fout:")
    for question in QUESTIONS:
        visitor.group(question).get_by_text(str(grade), exact=True).click()
    visitor.fill("Wat kan beter?", f"Een {grade} is ook goed")
    visitor.press("Verstuur je antwoorden")
    assert visitor.h1 == "Dank je wel"

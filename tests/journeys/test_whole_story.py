"""The whole story on a phone, in Dutch: from a training in the catalogue to a certificate that anyone can check."""

from __future__ import annotations

import re
from email.message import EmailMessage
from pathlib import Path

import pikepdf

from portal import clock
from tests.documents.pdf_judges import facts_of, fonts_of, judge, text_of
from tests.journeys import mailed
from tests.journeys.conftest import NewPerson
from tests.journeys.invitation import read_invitation
from tests.journeys.someone import Someone
from tests.journeys.stage import (
    AUDITOR,
    OFFICE,
    TRAINER,
    TRAINERS_NAME,
    VENUE,
    Planned,
    enrol,
    let_the_weeks_go_by,
    plan_samenkracht,
)
from tests.plugins.live import LiveServer

NAME, EMAIL = "Şule Yılmaz-Škrabáková", "sule@zorg.example"
# Whoever checks sees initials, unless the holder wants it otherwise.
NAME_FOR_ANYBODY = "Ş. Yılmaz-Škrabáková"
LATECOMER = "Jean-Éric D'Angélo"
TITLES = [
    "Maak de kring groter",
    "Kring vergroten in complexe situaties",
    "Kringvergroting met creatieve middelen",
    "Het faciliteren en organiseren van familiegroepsbijeenkomsten",
]


def test_from_the_catalogue_to_a_certificate_that_anyone_can_check(
    portal_server: LiveServer, new_person: NewPerson, looking, tmp_path: Path
):
    planned = plan_samenkracht(portal_server)
    enrol(portal_server, planned.edition_id, LATECOMER, "jean-eric@zorg.example")
    participant = new_person(look_at=looking)
    trainer = new_person(look_at=looking)
    office = new_person(look_at=looking)
    auditor = new_person(look_at=looking)
    anybody = new_person(look_at=looking)

    find_the_edition(participant)
    enrol_in_the_whole(participant)
    mail = portal_server.mailbox.wait_for(EMAIL, "Je doet mee aan SamenKracht")
    the_invitations_are_right(mail)
    open_the_mailed_link(participant, mail)

    trainer.sign_in(TRAINER)
    the_list_is_not_open_yet(trainer, planned)
    let_the_weeks_go_by(portal_server, planned)
    for number in (1, 2, 3, 4):
        keep_the_list(trainer, planned, number)

    office.sign_in(OFFICE)
    issue_the_certificates(office, planned)
    portal_server.mailbox.wait_for(EMAIL, "Je certificaat voor SamenKracht staat klaar")
    pdf, address = take_the_certificate(participant, tmp_path)
    the_certificate_is_sound(pdf, address)
    the_points_are_there(participant)

    anybody.open(address)
    assert anybody.h1 == "Dit certificaat is echt"
    assert anybody.facts()["Naam"] == NAME_FOR_ANYBODY
    revoke_the_certificate(office, planned)
    portal_server.mailbox.wait_for(EMAIL, "Je certificaat voor SamenKracht is ingetrokken")
    anybody.open(address)
    assert anybody.h1 == "Dit certificaat is ingetrokken"

    auditor.sign_in(AUDITOR)
    the_trail_holds_every_step(auditor, planned)
    assert re.search(r"\d+ entries, unchanged", portal_server.flask("audit", "verify"))


def find_the_edition(visitor: Someone) -> None:
    """Home, catalogue, course, edition."""
    visitor.open("/")
    visitor.follow("Bekijk alle trainingen")
    assert visitor.path == "/trainingen"
    visitor.follow("SamenKracht")
    assert visitor.h1 == "SamenKracht"
    visitor.follow("Zwolle")
    assert visitor.path.startswith("/uitvoeringen/")
    assert "19 punten" in visitor.text


def enrol_in_the_whole(visitor: Someone) -> None:
    """Choice, details, check, done; a slip on the way is told and nothing is lost."""
    visitor.follow("Meld je aan")
    assert visitor.h1 == "Aanmelden voor SamenKracht"
    visitor.tick("De hele training")
    visitor.press("Verder naar je gegevens")
    visitor.fill("Je naam", NAME)
    visitor.fill("Je e-mailadres", "sule@")
    visitor.fill("Waar werk je?", "Wijkteam Assendorp")
    visitor.fill("SKJ-nummer", "110 024 518")
    visitor.fill("Registerplein-nummer", "4610 1234 56")
    visitor.tick("Ikzelf")
    visitor.press("Verder naar controleren", status=422)
    assert visitor.page.title().startswith("Fout:")
    assert visitor.page.evaluate("document.activeElement.matches('[data-error-summary]')")
    visitor.fill("Je e-mailadres", EMAIL)
    visitor.press("Verder naar controleren")
    assert visitor.h1 == "Klopt alles?"
    told = visitor.facts()
    assert (told["Naam op certificaat"], told["E-mailadres"]) == (NAME, EMAIL)
    visitor.tick("Ik ga akkoord met de algemene voorwaarden")
    visitor.press("Meld mij aan")
    assert visitor.h1 == "Je doet mee!"


def the_invitations_are_right(mail: EmailMessage) -> None:
    method, events = read_invitation(mail)
    assert method == "REQUEST"
    assert [event.summary for event in events] == [
        f"SamenKracht, dagdeel {number}: {title}" for number, title in enumerate(TITLES, start=1)
    ]
    assert {event.sequence for event in events} == {0}
    assert {event.location for event in events} == {VENUE}
    assert {event.attendee for event in events} == {f"mailto:{EMAIL}"}
    assert len({event.uid for event in events}) == 4
    assert {clock.local(event.starts_at).strftime("%H.%M") for event in events} == {"09.30"}
    assert str(mail["Auto-Submitted"]) == "auto-generated"
    # Beyond the reader's own name and the facts of the meetings, a mail tells nothing: the rest is behind the link.
    for told in (mailed.text_of(mail), mailed.html_of(mail)):
        assert "110024518" not in told
        assert "Wijkteam" not in told


def open_the_mailed_link(visitor: Someone, mail: EmailMessage) -> None:
    """Signs in: a button, since mail scanners open every link."""
    visitor.open(mailed.mailed_link(mail, "/inloggen/link/"))
    visitor.press("Inloggen")
    assert visitor.path == "/mijn"
    assert visitor.h1 == f"Dag {NAME}"
    assert "SamenKracht, dagdeel 1" in visitor.text


def the_list_is_not_open_yet(trainer: Someone, planned: Planned) -> None:
    trainer.open(f"/bijeenkomsten/{planned.meeting_ids[0]}/presentie")
    assert "Je kunt de presentie invullen vanaf" in trainer.text
    assert trainer.page.locator("main input[type=radio]").count() == 0


def keep_the_list(trainer: Someone, planned: Planned, number: int) -> None:
    """From the trainer's day: one was late once, the rest is here, preparation where it is asked; finish and sign."""
    trainer.choose_in_menu("Vandaag")
    trainer.follow_to(f"/bijeenkomsten/{planned.meeting_ids[number - 1]}/presentie")
    assert trainer.h1 == f"Presentie dagdeel {number}"
    if number == 1:
        trainer.choose("Te laat", of=LATECOMER)
        trainer.group(LATECOMER).get_by_label("Minuten te laat").fill("20")
    trainer.touch("Rest is er")
    assert "2 van 2 klaar" in trainer.page.locator(".sticky-bar").inner_text()
    asks_preparation = number > 2
    for name in (NAME, LATECOMER):
        ticks = trainer.group(name).get_by_label("Voorbereiding gedaan")
        assert ticks.count() == asks_preparation
        if asks_preparation:
            trainer.tick("Voorbereiding gedaan", of=name)
    trainer.press("Afronden")
    trainer.fill("Typ je naam als handtekening", TRAINERS_NAME)
    trainer.tick("Deze lijst klopt")
    trainer.press("Afronden en tekenen")
    assert f"getekend door {TRAINERS_NAME}" in trainer.text


def issue_the_certificates(office: Someone, planned: Planned) -> None:
    """One button; the worker makes them while the page counts along."""
    office.open("/bureau/certificaten")
    office.follow_to(f"/bureau/certificaten/uitvoeringen/{planned.edition_id}")
    office.press("Geef 2 certificaten uit")
    office.page.get_by_text("Klaar. Iedereen heeft een mail gekregen").wait_for()
    office.look_at(office.page)
    assert office.page.locator("main progress").get_attribute("value") == "2"


def take_the_certificate(participant: Someone, folder: Path) -> tuple[Path, str]:
    """The file, and the address by which others check it."""
    participant.choose_in_menu("Mijn leerkring")
    participant.follow("Mijn certificaten")
    address = participant.main.get_by_role("link", name="/c/").inner_text()
    return participant.download("Download (pdf)", folder / "certificaat.pdf"), address


def the_certificate_is_sound(pdf: Path, address: str) -> None:
    judge("qpdf", "--check", pdf)
    facts = facts_of(pdf)
    assert NAME in facts["Title"]
    assert facts["Tagged"] == "yes"
    with pikepdf.open(pdf) as file:
        assert str(file.Root.Lang) == "nl"
    assert set(fonts_of(pdf).values()) == {True}
    printed = " ".join(text_of(pdf))
    assert NAME in printed
    for title in TITLES:
        assert title in printed
    assert address.rpartition("/")[2] in printed.replace("-", "").replace(" ", "")


def the_points_are_there(participant: Someone) -> None:
    """4 + 4 + 5 + 6, at both registers."""
    participant.choose_in_menu("Mijn leerkring")
    participant.follow("Mijn punten")
    assert participant.points_at("SKJ") == 19
    assert participant.points_at("Registerplein") == 19


def revoke_the_certificate(office: Someone, planned: Planned) -> None:
    office.open(f"/bureau/certificaten/uitvoeringen/{planned.edition_id}")
    office.follow(NAME)
    office.main.get_by_text("Het certificaat had er niet mogen zijn").click()
    office.main.locator("[id=reason] label").first.click()
    office.fill("Toelichting", "De presentie bleek van een ander te zijn.")
    office.press("Trek het certificaat in")
    assert "Het certificaat is ingetrokken." in office.text


def the_trail_holds_every_step(auditor: Someone, planned: Planned) -> None:
    auditor.open(f"/audit/uitvoeringen/{planned.edition_id}")
    tags = set()
    while True:
        tags |= set(auditor.main.locator(".entry-facts dt:text-is('tag') + dd").all_text_contents())
        following = auditor.main.get_by_role("link", name="Volgende")
        if not following.count():
            break
        auditor.follow("Volgende")
    assert tags >= {
        "catalogue.edition_planned",
        "catalogue.meeting_planned",
        "catalogue.edition_published",
        "enrolment.enrolled",
        "calendar.invited",
        "attendance.marked",
        "attendance.finished",
        "accreditation.points_settled",
        "certificates.run_requested",
        "certificates.issued",
        "certificates.run_finished",
        "certificates.revoked",
        "privacy.viewed",
    }
    # The auditor reads that it happened, and to which number; not to whom.
    assert NAME not in auditor.text

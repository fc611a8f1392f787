"""Dagdeel 2 is missed in one edition and made up in another: one certificate with 19 points."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from portal import clock
from portal.db import db
from portal.domain.catalogue.models import Meeting
from portal.language import day, short_day
from tests.documents.pdf_judges import judge, text_of
from tests.journeys.conftest import DESK, NewPerson
from tests.journeys.invitation import read_invitation
from tests.journeys.mailed import mailed_link
from tests.journeys.someone import Someone
from tests.journeys.stage import (
    OFFICE,
    TRAINER,
    TRAINERS_NAME,
    Planned,
    enrol,
    let_the_weeks_go_by,
    plan_samenkracht,
)
from tests.plugins.live import LiveServer

NAME, EMAIL = "Bregje Oosterhuis", "bregje@jeugdzorg.example"
OTHER = "Amira el Khatib"


def test_a_missed_dagdeel_made_up_elsewhere_gives_one_certificate_with_19_points(
    portal_server: LiveServer, new_person: NewPerson, looking, tmp_path: Path
):
    missed = plan_samenkracht(portal_server, place="Zutphen")
    # Sooner than any other journey on this server plans, so that it is the date that is offered.
    again = plan_samenkracht(portal_server, place="Deventer", weeks_ahead=2)
    enrol(portal_server, missed.edition_id, NAME, EMAIL)
    enrol(portal_server, again.edition_id, OTHER, "amira@jeugdzorg.example")
    confirmation = portal_server.mailbox.wait_for(EMAIL, "Je doet mee aan SamenKracht")
    participant, trainer = new_person(look_at=looking), new_person(look_at=looking)
    office, anybody = new_person(width=DESK, look_at=looking), new_person(look_at=looking)

    trainer.sign_in(TRAINER)
    let_the_weeks_go_by(portal_server, missed)
    for number in (1, 2, 3, 4):
        keep_the_list(trainer, missed.meeting_ids[number - 1], absent=NAME if number == 2 else "")
    participant.open(mailed_link(confirmation, "/inloggen/link/"))
    participant.press("Inloggen")
    make_up_for_it(participant, portal_server, again)
    the_invitation_is_for_that_one(portal_server, again)
    the_certificate_waits(office, missed)

    let_the_weeks_go_by(portal_server, again, meetings=[2])
    keep_the_list(trainer, again.meeting_ids[1], guest="Inhaler uit Zutphen")
    office.open(f"/bureau/certificaten/uitvoeringen/{missed.edition_id}")
    office.press("Geef 1 certificaat uit")
    office.page.get_by_text("Klaar. Iedereen heeft een mail gekregen").wait_for()
    portal_server.mailbox.wait_for(EMAIL, "Je certificaat voor SamenKracht staat klaar")

    for register in ("SKJ", "Registerplein"):
        participant.open("/mijn/punten")
        assert participant.points_at(register) == 19
    assert "Ingehaald: Deventer" in participant.text
    participant.open("/mijn/certificaten")
    assert participant.main.get_by_role("link", name="/c/").count() == 1
    address = participant.main.get_by_role("link", name="/c/").inner_text()
    held = [missed.meeting_ids[0], again.meeting_ids[1], *missed.meeting_ids[2:]]
    days, short_days = days_of(portal_server, held), days_of(portal_server, held, short_day)
    pdf = participant.download("Download (pdf)", tmp_path / "certificaat.pdf")
    judge("qpdf", "--check", pdf)
    printed = " ".join(" ".join(text_of(pdf)).split())
    anybody.open(address)
    assert anybody.h1 == "Dit certificaat is echt"
    facts = anybody.facts()
    assert facts["Wat het is"] == "Certificaat van deelname, hele training"
    assert [facts[register].startswith("19 punten") for register in ("SKJ", "Registerplein")] == [True, True]
    for number, held_on in enumerate(days, start=1):
        assert f"{number}. " in facts["Gevolgd"]
        assert held_on in facts["Gevolgd"]
        assert short_days[number - 1] in printed


def keep_the_list(trainer: Someone, meeting_id: int, *, absent: str = "", guest: str = "") -> None:
    """Who was absent, the rest is there and prepared; finish and sign."""
    trainer.open(f"/bijeenkomsten/{meeting_id}/presentie")
    assert guest in trainer.text
    if absent:
        trainer.choose("Afwezig", of=absent)
        trainer.wait_until_saved()
    else:
        trainer.touch("Rest is er")
    for ticks in trainer.main.get_by_label("Voorbereiding gedaan").all():
        trainer.main.locator(f"label[for='{ticks.get_attribute('id')}']").click()
    trainer.press("Afronden")
    trainer.fill("Typ je naam als handtekening", TRAINERS_NAME)
    trainer.tick("Deze lijst klopt")
    trainer.press("Afronden en tekenen")


def make_up_for_it(participant: Someone, server: LiveServer, again: Planned) -> None:
    """From the timeline to the date, a last look, and one button."""
    (on,) = days_of(server, [again.meeting_ids[1]])
    participant.open("/mijn")
    assert f"Je hebt dagdeel 2 gemist. Dit kun je inhalen op {on}." in participant.text
    participant.follow("Haal dagdeel 2 in")
    assert participant.h1 == "Dagdeel 2 inhalen"
    assert "4 punten SKJ" in participant.text
    participant.follow(f"Kies {on}")
    assert participant.h1 == "Klopt dit?"
    assert participant.facts()["Kosten"] == "Je betaalt niets extra"
    participant.press("Boek deze datum")
    assert "Je haalt dit dagdeel in. We hebben je een bevestiging gemaild." in participant.text
    assert "Dit dagdeel haal je in." in participant.text


def the_invitation_is_for_that_one(server: LiveServer, again: Planned) -> None:
    mail = server.mailbox.wait_for(EMAIL, "Je haalt dagdeel 2 van SamenKracht in")
    method, (event,) = read_invitation(mail)
    with server.database():
        starts_at = db.session.scalars(select(Meeting.starts_at).where(Meeting.id == again.meeting_ids[1])).one()
    assert (method, event.starts_at) == ("REQUEST", starts_at)


def the_certificate_waits(office: Someone, missed: Planned) -> None:
    office.sign_in(OFFICE)
    office.open(f"/bureau/certificaten/uitvoeringen/{missed.edition_id}")
    assert "Haalt dagdeel 2 in. Die presentie is nog niet afgerond" in office.text
    assert office.page.get_by_role("button", name="Geef 1 certificaat uit").count() == 0


def days_of(server: LiveServer, meeting_ids: list[int], in_words: Callable[..., str] = day) -> list[str]:
    """'donderdag 4 maart 2027' for each of these meetings; with short_day 'do 4 mrt 2027'."""
    with server.database():
        starts = {
            row.id: row.starts_at
            for row in db.session.execute(select(Meeting.id, Meeting.starts_at).where(Meeting.id.in_(meeting_ids)))
        }
        return [in_words(clock.local_date(starts[meeting_id])) for meeting_id in meeting_ids]

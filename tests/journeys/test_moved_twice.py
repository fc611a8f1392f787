"""A meeting is moved twice and one of two participants cancels, followed in khal from the mail that really arrived."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from portal import clock
from tests.journeys.conftest import DESK, NewPerson
from tests.journeys.khal import KhalCalendar
from tests.journeys.mailed import mailed_link
from tests.journeys.someone import Someone
from tests.journeys.stage import OFFICE, Planned, enrol, plan_samenkracht
from tests.plugins.live import LiveServer

STAYS, GOES = "sule-blijft@zorg.example", "siobhan-gaat@school.example"
TITLE = "SamenKracht, dagdeel 2: Kring vergroten in complexe situaties"


def move_second(office: Someone, planned: Planned, weeks: int, begins: str, ends: str) -> str:
    """The office moves the second meeting to a day so many weeks from now; returns that day."""
    office.open(f"/bureau/bijeenkomsten/{planned.meeting_ids[1]}/verplaatsen")
    moved_to = (clock.today() + timedelta(weeks=weeks, days=1)).isoformat()
    office.main.get_by_label("Datum").fill(moved_to)
    office.fill("Van", begins)
    office.fill("Tot", ends)
    office.press("Bekijk wat er gebeurt")
    office.press("Verplaats")
    assert "De bijeenkomst is verplaatst." in office.text
    office.main.get_by_role("button", name="Verstuur nu").click()
    assert "mails gaan nu op weg." in office.text
    return moved_to


def test_one_event_moved_twice_and_gone_for_who_cancels(
    portal_server: LiveServer, new_person: NewPerson, tmp_path: Path
):
    planned = plan_samenkracht(portal_server, place="Deventer")
    enrol(portal_server, planned.edition_id, "Şule Yılmaz", STAYS)
    enrol(portal_server, planned.edition_id, "Siobhán Ó Briain", GOES)
    calendars = {who: KhalCalendar(tmp_path / who.partition("@")[0]) for who in (STAYS, GOES)}
    read = dict.fromkeys(calendars, 0)

    def read_mail(who: str, subject: str, number: int) -> list[str]:
        """Reads what came for them, as soon as there are so many mails with this subject; what khal then shows of the
        second dagdeel."""
        portal_server.mailbox.wait_for(who, subject, number)
        arrived = portal_server.mailbox.to(who)
        for mail in arrived[read[who] :]:
            calendars[who].receive(mail)
        read[who] = len(arrived)
        return [line for line in calendars[who].shown() if TITLE in line]

    (first,) = read_mail(STAYS, "Je doet mee", 1)
    assert read_mail(GOES, "Je doet mee", 1) == [first]
    assert len(calendars[STAYS].shown()) == len(calendars[GOES].shown()) == 4
    assert first.endswith(f"09:30-13:30 | {TITLE} | Buurthuis De Schakel, Zwolle, Deventer")

    office = new_person(width=DESK)
    office.sign_in(OFFICE)
    for number, (begins, ends) in enumerate([("13:00", "17:00"), ("14:15", "18:15")], 1):
        moved_to = move_second(office, planned, 6 + number, begins, ends)
        expected = [f"{moved_to} {begins}-{ends} | {TITLE} | Buurthuis De Schakel, Zwolle, Deventer"]
        assert read_mail(STAYS, "Wijziging: SamenKracht, dagdeel 2", number) == expected
        assert read_mail(GOES, "Wijziging: SamenKracht, dagdeel 2", number) == expected
        assert len(calendars[STAYS].shown()) == len(calendars[GOES].shown()) == 4

    participant = new_person()
    participant.open(mailed_link(portal_server.mailbox.to(GOES)[0], "/inloggen/link/"))
    participant.press("Inloggen")
    participant.follow("Bekijk je inschrijving")
    participant.follow("Annuleer deze inschrijving")
    participant.press("Ja, annuleer mijn inschrijving")
    assert read_mail(GOES, "Je inschrijving voor SamenKracht is geannuleerd", 1) == []
    assert calendars[GOES].shown() == []
    assert [line for line in calendars[STAYS].shown() if TITLE in line] == expected
    assert len(calendars[STAYS].shown()) == 4

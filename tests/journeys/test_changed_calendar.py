"""A meeting is moved and an enrolment cancelled: what the participant's calendar hears of it, and in which order."""

from __future__ import annotations

from datetime import timedelta

from portal import clock
from tests.journeys.conftest import DESK, NewPerson
from tests.journeys.invitation import read_invitation
from tests.journeys.mailed import mailed_link
from tests.journeys.stage import OFFICE, enrol, plan_samenkracht
from tests.plugins.live import LiveServer

NAME, EMAIL = "Siobhán Ó Briain", "siobhan@school.example"


def test_a_moved_meeting_and_a_cancelled_enrolment_reach_the_calendar(
    portal_server: LiveServer, new_person: NewPerson, looking
):
    planned = plan_samenkracht(portal_server, place="Amersfoort")
    enrol(portal_server, planned.edition_id, NAME, EMAIL)
    confirmation = portal_server.mailbox.wait_for(EMAIL, "Je doet mee")
    office, participant = new_person(width=DESK, look_at=looking), new_person(look_at=looking)

    office.sign_in(OFFICE)
    office.open(f"/bureau/uitvoeringen/{planned.edition_id}")
    office.follow_to(f"/bureau/bijeenkomsten/{planned.meeting_ids[1]}/verplaatsen")
    day = office.main.get_by_label("Datum")
    moved_to = clock.today() + timedelta(weeks=6, days=1)
    day.fill(moved_to.isoformat())
    office.fill("Van", "13:00")
    office.fill("Tot", "17:00")
    office.press("Bekijk wat er gebeurt")
    assert "Er gaan 2 mails uit" in office.text
    office.press("Verplaats")
    assert "De bijeenkomst is verplaatst." in office.text
    office.main.get_by_role("button", name="Verstuur nu").click()
    assert "2 mails gaan nu op weg." in office.text
    portal_server.mailbox.wait_for(EMAIL, "Wijziging: SamenKracht, dagdeel 2")

    participant.open(mailed_link(confirmation, "/inloggen/link/"))
    participant.press("Inloggen")
    participant.follow("Bekijk je inschrijving")
    participant.follow("Annuleer deze inschrijving")
    participant.press("Ja, annuleer mijn inschrijving")
    assert "Je inschrijving is geannuleerd." in participant.text
    portal_server.mailbox.wait_for(EMAIL, "Je inschrijving voor SamenKracht is geannuleerd")

    first, second, third = (read_invitation(mail) for mail in portal_server.mailbox.to(EMAIL))
    (moved,) = second[1]
    assert [method for method, _events in (first, second, third)] == ["REQUEST", "REQUEST", "CANCEL"]
    invited = {event.uid: event for event in first[1]}
    assert len(invited) == 4
    assert (moved.uid, moved.sequence) == (first[1][1].uid, 1)
    assert clock.local(moved.starts_at).isoformat(" ", "minutes").startswith(f"{moved_to} 13:00")
    withdrawn = {event.uid: event for event in third[1]}
    assert withdrawn.keys() == invited.keys()
    assert all(event.cancelled for event in withdrawn.values())
    assert {uid: event.sequence for uid, event in withdrawn.items()} == {
        uid: 2 if uid == moved.uid else 1 for uid in invited
    }
    assert withdrawn[moved.uid].starts_at == moved.starts_at

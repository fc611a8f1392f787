"""The office's post: found by state and words, read without what signs in, sent again."""

from typing import Any

import pytest
from sqlalchemy import select

from portal import clock
from portal.audit import trail_of
from portal.db import db, transaction
from portal.domain.accounts import commands
from portal.domain.accounts.rules import Role
from portal.mail import MailState, OutgoingMail
from portal.mail.queries import without_secrets
from portal.mail.sender import send_due
from tests import factories
from tests.plugins.mail import Mailbox

CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Leerkring//NL\r\nEND:VCALENDAR\r\n"


def mail(**values: Any) -> OutgoingMail:
    number = next(factories.numbers)
    ordinary = {
        "kind": "test.mail",
        "dedupe_key": f"test:{number}",
        "message_id": f"<{number}@leerkring.example>",
        "to_address": "dewi@zorg.example",
        "to_name": "Dewi Hardjo",
        "language": "nl",
        "subject": f"Je doet mee {number}",
        "text_body": "Dag Dewi",
        "html_body": "<p>Dag Dewi</p>",
        "queued_at": clock.now(),
        "next_attempt_at": clock.now(),
    }
    return factories.add(OutgoingMail(**ordinary | values))


def subjects(page: Any) -> list[str]:
    return [row["Onderwerp"] for row in page.table()] if page.find("//table") else []


def test_mail_is_found_by_state_words_and_edition(as_role: Any) -> None:
    office = as_role(Role.OFFICE)
    mail(subject="Eerste", state=MailState.FAILED, edition_id=7)
    mail(subject="Tweede", to_name="Anna", to_address="anna@zorg.example")
    assert subjects(office.visit("/bureau/post")) == ["Tweede", "Eerste"]
    assert subjects(office.visit("/bureau/post?staat=failed")) == ["Eerste"]
    assert subjects(office.visit("/bureau/post?zoek=anna")) == ["Tweede"]
    assert subjects(office.visit("/bureau/post?uitvoering=7")) == ["Eerste"]
    assert "Geen mail gevonden." in office.visit("/bureau/post?staat=sent").text
    assert "Mislukt: 1" in office.visit("/bureau/post").text


def test_all_mail_to_one_person_is_a_link_away(as_role: Any) -> None:
    office, dewi = as_role(Role.OFFICE), factories.person(name="Dewi Hardjo")
    mail(subject="Aan Dewi", person_id=dewi.id, to_address="vorig.adres@zorg.example", edition_id=7)
    mail(subject="Ook aan Dewi", person_id=dewi.id, state=MailState.FAILED)
    mail(subject="Aan een ander", person_id=factories.person().id)
    page = office.visit(f"/bureau/mensen/{dewi.id}").follow("Bekijk de mail aan deze persoon")
    assert (page.h1, subjects(page)) == ("Post aan Dewi Hardjo", ["Ook aan Dewi", "Aan Dewi"])
    assert [row["Staat"] for row in page.table()] == ["Mislukt", "Wacht"]
    failed = page.submit("Toon", staat="failed")
    assert (failed.h1, subjects(failed)) == ("Post aan Dewi Hardjo", ["Ook aan Dewi"])
    assert subjects(office.visit(f"/bureau/post?persoon={dewi.id}&uitvoering=7")) == ["Aan Dewi"]
    assert office.get("/bureau/post?persoon=987654").status_code == 404
    assert "privacy.viewed" in [entry.tag for entry in trail_of("person", dewi.id).entries]


def test_much_mail_comes_a_page_at_a_time_with_the_same_number_of_queries(as_role: Any, count_queries: Any) -> None:
    office = as_role(Role.OFFICE)
    numbers = []
    for more in (1, 60):
        for _ in range(more):
            mail()
        with count_queries() as queries:
            page = office.visit("/bureau/post")
        numbers.append(len(queries))
    assert numbers[0] == numbers[1], queries
    assert [len(subjects(page)), len(subjects(page.follow("Volgende").follow("Volgende")))] == [25, 11]


def test_one_mail_is_shown_without_the_links_that_sign_in(client: Any, as_role: Any) -> None:
    person = factories.person()
    with transaction():
        commands.ask_for_sign_in_link(email=person.email, language="nl", now=clock.now())
    sent = db.session.scalars(select(OutgoingMail)).one()
    token = sent.text_body.split("/inloggen/link/")[1].split()[0]
    page = as_role(Role.OFFICE).visit(f"/bureau/post/{sent.id}")
    assert (page.h1, token in page.html) == (sent.subject, False)
    assert "/inloggen/link/…" in page.text
    assert [entry.tag for entry in trail_of("person", person.id).entries] == ["privacy.viewed"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://x.nl/en/inloggen/link/" + "a-B_9" * 9 + "\n", "https://x.nl/en/inloggen/link/…\n"),
        ("https://x.nl/wachtlijst/" + "a" * 43 + "?x", "https://x.nl/wachtlijst/…?x"),
        ("https://x.nl/agenda/" + "a" * 43 + ".ics", "https://x.nl/agenda/….ics"),
        ("https://x.nl/uitvoeringen/412", "https://x.nl/uitvoeringen/412"),
        ("Het faciliteren/organiseren", "Het faciliteren/organiseren"),
    ],
)
def test_only_long_random_parts_of_links_are_left_out(text: str, shown: str) -> None:
    assert without_secrets(text) == shown


def test_a_failed_mail_is_sent_again_by_the_office(as_role: Any, mailbox: Mailbox) -> None:
    failed = mail(state=MailState.FAILED, attempts=48, last_error="550 Die is er niet")
    mail_id = failed.id
    page = as_role(Role.OFFICE).visit(f"/bureau/post/{mail_id}")
    facts = page.facts()
    assert (facts["Staat"], facts["Pogingen"]) == ("Mislukt", "48")
    assert facts["Laatste antwoord van de mailserver"] == "550 Die is er niet"
    page = page.submit("Verstuur opnieuw")
    assert "De mail gaat zo opnieuw op weg." in page.text
    assert send_due(clock.now()) == 1
    assert mailbox.only(to="dewi@zorg.example")["Message-ID"] == failed.message_id
    assert db.session.execute(select(OutgoingMail.state, OutgoingMail.attempts)).one() == (MailState.SENT, 1)
    assert [entry.tag for entry in trail_of("mail", mail_id).entries] == ["mail.queued_again"]


def test_a_mail_that_its_reader_cannot_find_goes_again_as_a_new_one(as_role: Any, mailbox: Mailbox) -> None:
    sent = mail(state=MailState.SENT, attempts=1, sent_at=clock.now(), calendar=CALENDAR, calendar_method="REQUEST")
    old_id, office = sent.id, as_role(Role.OFFICE)
    page = office.visit(f"/bureau/post/{old_id}").submit("Verstuur opnieuw")
    new = db.session.scalars(select(OutgoingMail).where(OutgoingMail.id != old_id)).one()
    assert page.address == f"/bureau/post/{new.id}"
    same = ("kind", "to_address", "subject", "text_body", "html_body", "calendar", "calendar_method", "person_id")
    assert [getattr(new, name) for name in same] == [getattr(sent, name) for name in same]
    assert office.send(f"/bureau/post/{old_id}/opnieuw").status_code == 409
    assert send_due(clock.now()) == 1
    assert mailbox.only(to="dewi@zorg.example")["Message-ID"] == new.message_id != sent.message_id
    assert db.session.get_one(OutgoingMail, old_id).state == MailState.SENT
    (entry,) = trail_of("mail", new.id).entries
    assert (entry.tag, entry.facts["repeats"]) == ("mail.repeated", old_id)
    office.visit(f"/bureau/post/{old_id}").submit("Verstuur opnieuw")
    assert send_due(clock.now()) == 1
    assert len({message["Message-ID"] for message in mailbox.messages}) == 2


def test_mail_that_waits_is_not_queued_twice(as_role: Any) -> None:
    waiting = mail()
    office = as_role(Role.OFFICE)
    assert "Verstuur opnieuw" not in office.visit(f"/bureau/post/{waiting.id}").text
    assert office.send(f"/bureau/post/{waiting.id}/opnieuw").status_code == 409
    assert office.send("/bureau/post/987654321/opnieuw").status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.OFFICE, Role.ADMIN)])
def test_post_is_for_the_office(as_role: Any, role: Role) -> None:
    sent = mail(state=MailState.FAILED)
    client = as_role(role)
    answers = [
        client.get("/bureau/post").status_code,
        client.get(f"/bureau/post/{sent.id}").status_code,
        client.send(f"/bureau/post/{sent.id}/opnieuw").status_code,
    ]
    assert answers == [403, 403, 403]

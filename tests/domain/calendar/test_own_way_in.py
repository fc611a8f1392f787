"""What an invitation, a feed and a reminder say about the way into an online meeting."""

from datetime import timedelta

from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from portal import clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.calendar import feeds
from portal.domain.calendar.commands import invite, renew, withdraw
from portal.domain.calendar.join_links import join_address
from portal.domain.calendar.rules import Part
from portal.domain.enrolment.reminders import remind_due
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings

LINK = "https://vergaderen.example/j/812345678"
OFFICE = Actor.person(1)


def online(venue: str = "") -> EditionAndMeetings:
    given = factories.edition_with_meetings(factories.course_with_modules(1), place="", delivery="online")
    given.meetings[0].link, given.meetings[0].venue = LINK, venue
    return given


def event(ics: bytes) -> dict[str, str]:
    (found,) = Calendar.from_ical(ics).walk("VEVENT")
    return {name: str(found.get(name, "")) for name in ("url", "description", "location", "sequence")}


def invited(person: Person, given: EditionAndMeetings, part: Part = Part.PARTICIPANT) -> dict[str, str]:
    meeting_ids = [given.meetings[0].id]
    with transaction():
        made = invite(person_id=person.id, meeting_ids=meeting_ids, actor=OFFICE, now=clock.now(), part=part)
    return event(made.ics)


def test_who_takes_part_reads_their_own_way_in_and_who_gives_it_the_link(app: Flask):
    given, trainer, amira, bram = online(), *(factories.person() for _number in range(3))
    own = join_address(given.meetings[0].id, amira.id)
    first = invited(amira, given)
    assert (first["url"], first["location"]) == (own, "Online")
    assert f"Zo doe je online mee: {own}" in first["description"]
    assert LINK not in str(first)
    assert invited(bram, given)["url"] == join_address(given.meetings[0].id, bram.id) != own
    assert invited(trainer, given, Part.TRAINER)["url"] == LINK


def test_it_is_in_the_language_of_its_reader(app: Flask):
    given, reader = online(), factories.person(language="en")
    assert invited(reader, given)["url"] == join_address(given.meetings[0].id, reader.id, "en")


def test_a_place_stays_the_place_and_words_that_are_no_address_stay_as_they_are(app: Flask):
    given, amira = online("Buurthuis De Schakel"), factories.person()
    assert invited(amira, given)["location"] == "Buurthuis De Schakel"
    given.meetings[0].link = "bel 020 123 45 67"
    db.session.commit()
    assert "Zo doe je online mee: bel 020 123 45 67" in invited(amira, given)["description"]


def test_another_link_asks_for_a_new_version_and_the_own_way_stays_the_same(app: Flask):
    """Invitations of before had the link itself; whoever has one needs the new one."""
    given, amira = online(), factories.person()
    first = invited(amira, given)
    given.meetings[0].link = "https://elders.example/j/1"
    db.session.commit()
    with transaction():
        (renewal,) = renew(meeting_id=given.meetings[0].id, actor=OFFICE, now=clock.now())
    second = event(renewal.invitation.ics)
    assert (second["url"], first["sequence"], second["sequence"]) == (first["url"], "0", "1")


def test_a_withdrawal_tells_nobody_the_link(app: Flask):
    given, amira = online(), factories.person()
    invited(amira, given)
    with transaction():
        gone = withdraw(person_id=amira.id, meeting_ids=[given.meetings[0].id], actor=OFFICE, now=clock.now())
    assert gone is not None
    assert LINK.encode() not in gone.ics.replace(b"\r\n ", b"")


def test_a_feed_says_the_same(app: Flask):
    given, amira = online(), factories.person()
    invited(amira, given)
    assert event(feeds.own_agenda(amira.id, clock.now()))["url"] == join_address(given.meetings[0].id, amira.id)


def test_the_reminders_have_it_as_a_link(app: Flask):
    given, amira = online(), factories.person(name="Amira el Khatib")
    factories.enrolment(given, amira, enrolled_at=clock.now())
    db.session.commit()
    now = given.meetings[0].starts_at - timedelta(hours=20)
    while remind_due(now):
        pass
    mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.to_address == amira.email)).one()
    own = join_address(given.meetings[0].id, amira.id)
    assert f"Online 1: {own}" in mail.text_body
    assert f'href="{own}"' in mail.html_body
    assert LINK not in mail.text_body + mail.html_body

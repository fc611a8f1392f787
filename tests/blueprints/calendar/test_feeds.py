"""The calendars that programs fetch, read by parsers that did not write them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine as travelling
import vobject
from flask import Flask
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar
from sqlalchemy import select

from portal import clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import Organisation, Person, RoleGrant
from portal.domain.accounts.rules import Role
from portal.domain.calendar.commands import invite
from portal.domain.catalogue.rules import EditionKind, EditionState
from portal.domain.enrolment import commands, edition_life
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings
from tests.plugins.portal import PortalClient, Queries


def summaries(ics: bytes) -> list[str]:
    return [str(event["summary"]) for event in Calendar.from_ical(ics).walk("VEVENT")]


def test_the_public_agenda_shows_what_anybody_may_know(client: PortalClient, app: Flask):
    shown = factories.edition_with_meetings(factories.course_with_modules(1, title="Open"))
    shown.meetings[0].link = "https://meet.example/geheim"
    hidden = [
        factories.edition_with_meetings(factories.course_with_modules(1), state=EditionState.DRAFT),
        factories.edition_with_meetings(factories.course_with_modules(1), state=EditionState.CANCELLED),
        factories.edition_with_meetings(
            factories.course_with_modules(1), kind=EditionKind.IN_COMPANY, organisation_id=factories.organisation().id
        ),
        factories.edition_with_meetings(factories.course_with_modules(1, visible=False)),
        factories.edition_with_meetings(factories.course_with_modules(1), first_on=clock.today() - timedelta(days=9)),
    ]
    response = client.get("/agenda.ics")
    assert response.mimetype == "text/calendar"
    assert summaries(response.data) == ["Open, dagdeel 1: Dagdeel 1"]
    assert b"METHOD:PUBLISH" in response.data
    assert b"geheim" not in response.data
    assert b"ATTENDEE" not in response.data
    assert len(hidden) == 5


def test_an_empty_agenda_is_a_calendar_too(client: PortalClient):
    assert summaries(client.get("/agenda.ics").data) == []


def test_the_public_agenda_takes_one_query(
    client: PortalClient, app: Flask, count_queries: Callable[[], AbstractContextManager[Queries]]
):
    counts = []
    for number in (1, 5):
        for _edition in range(number):
            factories.edition_with_meetings()
        with count_queries() as queries:
            client.get("/agenda.ics")
        counts.append(len(queries))
    assert counts == [1, 1]


def test_in_english_it_speaks_english_addresses(client: PortalClient, app: Flask):
    edition = factories.edition_with_meetings().edition
    assert f"https://leerkring.example/en/uitvoeringen/{edition.id}".encode() in client.get("/en/agenda.ics").data


def test_a_feed_shows_ones_own_meetings_and_those_one_gives(
    client: PortalClient, sign_in: Callable[[Person], PortalClient]
):
    trainer = factories.person()
    given = factories.edition_with_meetings(factories.course_with_modules(1, title="Gegeven"), trainer=trainer)
    given.meetings[0].link = "https://meet.example/kring"
    factories.enrol(factories.edition_with_meetings(factories.course_with_modules(1, title="Gevolgd")), trainer.email)
    factories.enrol(factories.edition_with_meetings(factories.course_with_modules(1, title="Van een ander")))
    page = sign_in(trainer).visit("/mijn/gegevens").submit("Maak een agenda-adres")
    address = page.find("//code")[0].text_content().removeprefix("https://leerkring.example")
    ics = client.get(address).data
    assert sorted(summaries(ics)) == ["Gegeven, dagdeel 1: Dagdeel 1", "Gevolgd, dagdeel 1: Dagdeel 1"]
    assert b"https://meet.example/kring" in ics.replace(b"\r\n ", b"")


def feed_of(client: PortalClient) -> str:
    """The path of the feed that this person makes."""
    page = client.visit("/mijn/gegevens").submit("Maak een agenda-adres")
    return str(page.find("//code")[0].text_content()).removeprefix("https://leerkring.example")


def test_a_feed_has_the_uids_that_were_mailed_to_participants_and_trainers(
    client: PortalClient, sign_in: Callable[[Person], PortalClient]
):
    trainer = factories.person(role=Role.TRAINER)
    given = factories.edition_with_meetings(factories.course_with_modules(2), trainer=trainer, state=EditionState.DRAFT)
    with transaction():
        edition_life.publish_edition(edition_id=given.edition.id, actor=Actor.person(1), now=clock.now())
    participant = factories.person()
    factories.enrol(given, participant.email)
    for who in (participant, trainer):
        mine = select(OutgoingMail.calendar).where(OutgoingMail.person_id == who.id, OutgoingMail.calendar.is_not(None))
        (mailed,) = db.session.scalars(mine)
        assert identities(client.get(feed_of(sign_in(who))).data) == identities(mailed or b"")


def identities(ics: bytes) -> list[tuple[str, int]]:
    return [(str(event["uid"]), int(event["sequence"])) for event in Calendar.from_ical(ics).walk("VEVENT")]


def test_a_client_reads_the_dates_of_its_own_trainings_without_who_takes_part(
    client: PortalClient, sign_in: Callable[[Person], PortalClient]
):
    ours, theirs = factories.organisation(), factories.organisation()

    def closed(title: str, of: Organisation, state: EditionState = EditionState.PUBLISHED) -> EditionAndMeetings:
        course = factories.course_with_modules(1, title=title)
        return factories.edition_with_meetings(course, kind=EditionKind.IN_COMPANY, organisation_id=of.id, state=state)

    held = closed("Van ons", ours)
    held.meetings[0].link = "https://meet.example/geheim"
    taking_part = factories.person(name="Zoë Geheim", email="zoe.geheim@zorg.example")
    factories.enrolment(held, taking_part)
    closed("Afgelast", ours, EditionState.CANCELLED)
    closed("Nog niet zeker", ours, EditionState.DRAFT)
    closed("Van een ander", theirs)
    contact = factories.person(Role.ORGANISATION, ours)
    path = feed_of(sign_in(contact))
    ics = client.get(path).data
    assert sorted(summaries(ics)) == ["Afgelast, dagdeel 1: Dagdeel 1", "Van ons, dagdeel 1: Dagdeel 1"]
    assert ics.count(b"STATUS:CANCELLED") == 1
    assert b"geheim" not in ics.lower()
    assert f"/organisatie/uitvoeringen/{held.edition.id}".encode() in ics.replace(b"\r\n ", b"")
    assert "Van ons, dagdeel 1: Dagdeel 1" not in summaries(client.get(feed_of(sign_in(taking_part))).data)
    # Who does not speak for it any more sees nothing of it, at the same address.
    db.session.query(RoleGrant).filter_by(person_id=contact.id).delete()
    assert summaries(client.get(path).data) == []


def test_a_contact_who_takes_part_sees_a_meeting_once(client: PortalClient, sign_in: Callable[[Person], PortalClient]):
    ours = factories.organisation()
    held = factories.edition_with_meetings(
        factories.course_with_modules(1), kind=EditionKind.IN_COMPANY, organisation_id=ours.id
    )
    contact = factories.person(Role.ORGANISATION, ours)
    with transaction():
        invite(
            person_id=contact.id,
            meeting_ids=[held.meetings[0].id],
            actor=Actor.person(contact.id),
            now=clock.now(),
        )
    assert len(summaries(client.get(feed_of(sign_in(contact))).data)) == 1


def test_a_feed_that_did_not_change_is_not_sent_again(client: PortalClient, sign_in: Callable[[Person], PortalClient]):
    edition = factories.edition_with_meetings(factories.course_with_modules(1))
    person = factories.person()
    factories.enrol(edition, person.email)
    path = feed_of(sign_in(person))
    with travelling.travel(clock.now()):
        first = client.get(path)
    assert first.headers["Cache-Control"] == "private, no-store"
    with travelling.travel(clock.now() + timedelta(hours=1)):
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        edition.meetings[0].venue = "Ergens anders"
        changed = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.headers["ETag"] != first.headers["ETag"]) == (200, True)
    public = client.get("/agenda.ics")
    assert client.get("/agenda.ics", headers={"If-None-Match": public.headers["ETag"]}).status_code == 304


def test_a_revoked_feed_is_gone(client: PortalClient, sign_in: Callable[[Person], PortalClient]):
    mine = sign_in(factories.person())
    path = feed_of(mine)
    assert client.get(path).status_code == 200
    mine.visit("/mijn/gegevens").submit("Trek het adres in")
    assert client.get(path).status_code == 404


def test_an_unknown_feed_is_not_found(client: PortalClient):
    assert client.get("/agenda/bestaat-niet.ics").status_code == 404


def test_who_takes_part_downloads_their_own_meetings_and_others_the_public_ones(
    client: PortalClient, sign_in: Callable[[Person], PortalClient]
):
    edition = factories.edition_with_meetings(factories.course_with_modules(2))
    edition.meetings[0].link = "https://meet.example/kring"
    person = factories.person()
    factories.enrol(edition, person.email, modules=(1,), by=person)
    path = f"/uitvoeringen/{edition.edition.id}/agenda.ics"
    own, stranger, visitor = (who.get(path) for who in (sign_in(person), sign_in(factories.person()), client))
    assert [len(summaries(r.data)) for r in (own, stranger, visitor)] == [1, 2, 2]
    assert b"/meedoen/" in own.data
    assert b"/meedoen/" not in stranger.data + visitor.data
    assert b"meet.example" not in own.data + stranger.data + visitor.data
    assert own.headers["Cache-Control"] == "no-store"
    assert len(summaries(client.get(f"{path}?module={edition.meetings[1].module_id}").data)) == 1


@pytest.mark.parametrize(
    "title", ['Kring; \\ , "groot"', "Regel\r\nATTENDEE:mailto:b@x.example", "Şule 😀 \u202e", "x" * 200]
)
def test_every_calendar_of_real_commands_is_read_alike_by_three_parsers(client: PortalClient, app: Flask, title: str):
    of = factories.course_with_modules(2, title=title)
    of.modules[1].title = title
    edition = factories.edition_with_meetings(of)
    edition.meetings[0].venue = title
    edition.meetings[1].link = "geen adres maar tekst; met, tekens"
    stays = factories.enrol(edition, "sule@zorg.example")
    meeting = edition.meetings[0]
    with transaction():
        commands.move_meeting(
            meeting_id=meeting.id,
            starts_at=meeting.starts_at + timedelta(days=1),
            ends_at=meeting.ends_at + timedelta(days=1),
            venue=meeting.venue,
            link="https://meet.example/kring",
            actor=Actor.person(1),
            now=clock.now(),
        )
    with transaction():
        commands.cancel_enrolment(enrolment_id=stays.enrolment_id, actor=Actor.visitor(), now=clock.now())
    mailed = list(db.session.scalars(select(OutgoingMail.calendar).order_by(OutgoingMail.id)))
    calendars = [ics for ics in [*mailed, client.get("/agenda.ics").data] if ics]
    assert len(calendars) == 4
    for ics in calendars:
        expected = [
            (
                str(e["uid"]),
                str(e["summary"]),
                e["dtstart"].dt.astimezone(clock.UTC),
                e["dtend"].dt.astimezone(clock.UTC),
            )
            for e in Calendar.from_ical(ics).walk("VEVENT")
        ]
        by_vobject = [
            (e.uid.value, e.summary.value, e.dtstart.value.astimezone(clock.UTC), e.dtend.value.astimezone(clock.UTC))
            for e in vobject.readOne(ics.decode()).vevent_list
        ]
        by_ical = [
            (e.uid, e.summary, e.dtstart.astimezone(clock.UTC), e.dtend.astimezone(clock.UTC))
            for e in IcsCalendarStream.calendar_from_ics(ics.decode()).events
        ]
        assert expected == by_vobject == by_ical
        assert ics.count(b"\r\nATTENDEE") <= len(expected)

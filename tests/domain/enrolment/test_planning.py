"""Moving a meeting and changing its number of seats."""

from datetime import timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.enrolment import commands
from portal.errors import NotFound, Refused
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings


@pytest.fixture
def edition(app: Flask) -> EditionAndMeetings:
    return factories.edition_with_meetings(factories.course_with_modules(title="SamenKracht"), capacity=2)


def move(meeting: Meeting, **changes: object) -> int:
    now = {name: getattr(meeting, name) for name in ("starts_at", "ends_at", "venue", "link")}
    when = {"meeting_id": meeting.id, "actor": Actor.person(1), "now": clock.now()}
    with transaction():
        return commands.move_meeting(**when | now | changes)  # type: ignore[arg-type]


def moved_mails() -> list[OutgoingMail]:
    found = select(OutgoingMail).where(OutgoingMail.kind == "enrolment.meeting_moved").order_by(OutgoingMail.id)
    return list(db.session.scalars(found))


def test_everybody_with_a_live_invitation_gets_a_new_version(edition: EditionAndMeetings):
    stays = factories.enrol(edition, "sule@zorg.example")
    leaves = factories.enrol(edition, "weg@zorg.example", modules=(1,))
    factories.enrol(edition, "ander@zorg.example", modules=(2,))
    with transaction():
        commands.cancel_enrolment(enrolment_id=leaves.enrolment_id, actor=Actor.visitor(), now=clock.now())
    invited = db.session.scalars(select(OutgoingMail).where(OutgoingMail.to_address == "sule@zorg.example")).one()
    first = next(iter(Calendar.from_ical(invited.calendar or b"").walk("VEVENT")))
    later = edition.meetings[0].starts_at + timedelta(hours=1)
    assert move(edition.meetings[0], starts_at=later) == 1
    (mail,) = moved_mails()
    (event,) = Calendar.from_ical(mail.calendar or b"").walk("VEVENT")
    assert (mail.to_address, mail.calendar_method) == ("sule@zorg.example", "REQUEST")
    assert (event["uid"], int(event["sequence"])) == (first["uid"], 1)
    assert event["dtstart"].dt == later
    assert "10.30" in mail.text_body
    assert stays.enrolment_id


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"venue": "Buurthuis De Schakel"}, b"Buurthuis De Schakel"),
        # A participant's own way in, which leads to whatever the link is.
        ({"link": "https://meet.example/kring"}, b"https://leerkring.example/meedoen/"),
    ],
)
def test_another_place_or_link_is_a_new_version_too(edition: EditionAndMeetings, change: dict[str, str], told: bytes):
    factories.enrol(edition)
    assert move(edition.meetings[0], **change) == 1
    assert move(edition.meetings[0], **change) == 0
    (mail,) = moved_mails()
    assert told in (mail.calendar or b"").replace(b"\r\n ", b"")


@pytest.mark.parametrize("ahead", [timedelta(days=-1), timedelta(0)])
def test_nothing_is_moved_into_the_past(edition: EditionAndMeetings, ahead: timedelta):
    factories.enrol(edition)
    was, now = edition.meetings[0].starts_at, clock.now()
    with pytest.raises(Refused, match="Kies een begintijd die nog komt") as refused:
        move(edition.meetings[0], starts_at=now + ahead, ends_at=now + timedelta(hours=3), now=now)
    db.session.rollback()
    assert refused.value.field == "starts_at"
    assert (edition.meetings[0].starts_at, moved_mails()) == (was, [])


def test_nothing_changed_is_nothing_sent_and_nothing_logged(edition: EditionAndMeetings):
    factories.enrol(edition)
    before = audit.list_entries().total
    assert move(edition.meetings[0]) == 0
    assert (moved_mails(), audit.list_entries().total) == ([], before)


def test_moving_twice_sends_twice_with_growing_sequence(edition: EditionAndMeetings):
    factories.enrol(edition)
    move(edition.meetings[0], venue="A")
    move(edition.meetings[0], venue="B")
    move(edition.meetings[0], venue="A")
    sequences = [
        int(event["sequence"])
        for mail in moved_mails()
        for event in Calendar.from_ical(mail.calendar or b"").walk("VEVENT")
    ]
    assert sequences == [1, 2, 3]


def test_the_edition_is_listed_by_its_new_first_day(edition: EditionAndMeetings):
    earlier = edition.meetings[0].starts_at - timedelta(days=3)
    move(edition.meetings[0], starts_at=earlier, ends_at=earlier + timedelta(hours=3))
    assert db.session.get(Edition, edition.edition.id).starts_on == clock.local_date(earlier)  # type: ignore[union-attr]


def test_the_past_is_not_moved(edition: EditionAndMeetings):
    begun = edition.meetings[0].starts_at + timedelta(minutes=1)
    with pytest.raises(Refused) as refused:
        move(edition.meetings[0], venue="Elders", now=begun)
    assert refused.value.sentence.startswith("Deze bijeenkomst begon op ")
    with pytest.raises(Refused) as reversed_times:
        move(edition.meetings[0], ends_at=edition.meetings[0].starts_at)
    assert reversed_times.value.field == "ends_at"


def change_capacity(meeting_id: int, capacity: int) -> None:
    with transaction():
        commands.change_capacity(meeting_id=meeting_id, capacity=capacity, actor=Actor.person(1), now=clock.now())


def test_seats_are_never_fewer_than_are_taken(edition: EditionAndMeetings):
    factories.enrol(edition)
    factories.enrol(edition, modules=(1,))
    first = edition.meetings[0].id
    with pytest.raises(Refused) as refused:
        change_capacity(first, 1)
    assert refused.value.sentence == "Er zijn al 2 plekken bezet. Kies dat aantal of meer"
    change_capacity(first, 3)
    factories.enrol(edition, modules=(1,))
    change_capacity(first, 3)
    assert db.session.scalar(select(Meeting.capacity).where(Meeting.id == first)) == 3
    assert [entry.tag for entry in audit.trail_of("meeting", first).entries].count("enrolment.capacity_changed") == 1
    with pytest.raises(NotFound):
        change_capacity(987, 3)

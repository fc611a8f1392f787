"""The last day to name somebody for a place, once the first meeting is moved. The meeting of these tests is on Monday 2
November 2026, half past nine; places are named through the 26th of October."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.catalogue.models import Meeting
from portal.domain.enrolment import commands, places
from portal.domain.enrolment.group_models import GroupBooking, ReservedPlace
from portal.domain.enrolment.groups import Order, book_group
from portal.domain.enrolment.place_rules import follow_start
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings

NOW = datetime(2026, 10, 1, 10, 0, tzinfo=UTC)
FIRST_ON = date(2026, 11, 2)


def instant(text: str) -> datetime:
    return clock.from_local(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("until", "was_first", "first", "now", "becomes"),
    [
        # As many days before, over both changes of the clock: from winter to summer time and back.
        ("2026-10-27T00:00", "2026-11-02T09:30", "2026-11-09T09:30", "2026-10-01T10:00", "2026-11-03T00:00"),
        ("2026-10-27T00:00", "2026-11-02T09:30", "2026-10-26T09:30", "2026-10-01T10:00", "2026-10-20T00:00"),
        ("2027-03-27T00:00", "2027-04-02T09:30", "2027-04-05T09:30", "2027-03-01T10:00", "2027-03-30T00:00"),
        # Another hour of the same day.
        ("2026-10-27T00:00", "2026-11-02T09:30", "2026-11-02T19:30", "2026-10-01T10:00", "2026-10-27T00:00"),
        # With no days before it, it is the meeting itself, at another hour too.
        ("2026-11-02T09:30", "2026-11-02T09:30", "2026-11-05T13:00", "2026-10-01T10:00", "2026-11-05T13:00"),
        # So much nearer that the last day were over: two days from now, or until it begins.
        ("2026-10-27T00:00", "2026-11-02T09:30", "2026-10-12T09:30", "2026-10-08T10:00", "2026-10-11T00:00"),
        ("2026-10-27T00:00", "2026-11-02T09:30", "2026-10-09T09:30", "2026-10-08T10:00", "2026-10-09T09:30"),
    ],
)
def test_the_last_day_keeps_its_distance(until: str, was_first: str, first: str, now: str, becomes: str):
    assert follow_start(instant(until), instant(was_first), instant(first), instant(now)) == instant(becomes)


@pytest.fixture(autouse=True)
def october():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def edition(app: Flask) -> EditionAndMeetings:
    return factories.edition_with_meetings(factories.course_with_modules(2), FIRST_ON, capacity=9)


@pytest.fixture
def contact(app: Flask) -> Person:
    return factories.person(name="Hanneke", email="hanneke@zorg.example")


def reserve(edition: EditionAndMeetings, contact: Person, modules: tuple[int, ...] | None = None) -> GroupBooking:
    chosen = None if modules is None else [edition.meetings[position - 1].module_id for position in modules]
    order = Order(edition.edition.id, chosen, contact.id, factories.terms().id, employer="De Brug")
    with transaction():
        group_id = book_group(order=order, people=(), places=2, actor=Actor.person(contact.id), now=clock.now())
    return db.session.get_one(GroupBooking, group_id)


def move(meeting: Meeting, **by: int) -> None:
    later = timedelta(**by)
    times = {"starts_at": meeting.starts_at + later, "ends_at": meeting.ends_at + later}
    place = {"venue": meeting.venue, "link": meeting.link}
    with transaction():
        commands.move_meeting(meeting_id=meeting.id, actor=Actor.person(1), now=clock.now(), **place, **times)


def work_through(traveller: time_machine.Traveller, days: int) -> None:
    for hours in range(0, 24 * days, 3):
        traveller.move_to(NOW + timedelta(hours=hours))
        while places.do_what_is_due_for_places(clock.now()):
            pass


def mailed(kind: str) -> list[str]:
    found = select(OutgoingMail.text_body).where(OutgoingMail.kind == f"enrolment.{kind}").order_by(OutgoingMail.id)
    return list(db.session.scalars(found))


def test_whoever_was_reminded_of_the_old_last_day_is_reminded_of_the_new(
    edition: EditionAndMeetings, contact: Person, october: time_machine.Traveller
):
    booking = reserve(edition, contact)
    work_through(october, 20)
    assert len(mailed("names_wanted")) == 2
    move(edition.meetings[0], days=7)
    assert booking.name_until == instant("2026-11-03T00:00")
    (told,) = mailed("places_moved")
    assert "maandag 9 november 2026" in told
    assert "dat kan tot en met maandag 2 november 2026" in told
    work_through(october, 40)
    wanted = mailed("names_wanted")
    assert len(wanted) == 2 + 4 - 1, "fourteen days before the new last day was over when it moved"
    assert "dat kan tot en met maandag 2 november 2026" in wanted[2]
    assert len(mailed("places_released")) == 1
    released = db.session.scalars(select(ReservedPlace.released_at)).all()
    assert [clock.local_date(at) for at in released] == [date(2026, 11, 3)] * 2


def test_only_the_first_meeting_of_the_group_itself_counts(edition: EditionAndMeetings, contact: Person):
    """A group for dagdeel 2 alone counts from that one; it hears nothing of dagdeel 1."""
    first, second = edition.meetings
    whole, of_second = reserve(edition, contact), reserve(edition, contact, modules=(2,))
    was = whole.name_until, of_second.name_until
    move(second, days=1)
    assert whole.name_until == was[0]
    assert of_second.name_until == was[1] + timedelta(days=1)
    assert len(mailed("places_moved")) == 2
    move(first, days=-1)
    assert (was[0] - whole.name_until, of_second.name_until - was[1]) == (timedelta(days=1), timedelta(days=1))
    assert len(mailed("places_moved")) == 3


def test_what_was_over_stays_over(edition: EditionAndMeetings, contact: Person, october: time_machine.Traveller):
    """The worker has not come round yet; the places go back when it does."""
    booking = reserve(edition, contact)
    until = booking.name_until
    october.move_to(until)
    move(edition.meetings[0], days=30)
    assert (booking.name_until, mailed("places_moved")) == (until, [])
    while places.do_what_is_due_for_places(clock.now()):
        pass
    assert len(mailed("places_released")) == 1

"""Trainers hear of what they give: invited, moved, released, called off; one mail for each deed."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.domain.calendar import trainers
from portal.domain.calendar.models import CalendarInvitation
from portal.domain.catalogue.models import MeetingTrainer
from portal.domain.catalogue.rules import EditionState
from portal.domain.enrolment import commands as enrolment
from portal.domain.enrolment import edition_life
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings

OFFICE = Actor.person(1)
Told = tuple[str, str | None, list[tuple[str, int]]]


@pytest.fixture
def noor(app: Flask) -> Person:
    return factories.person(role=Role.TRAINER, name="Noor van Dijk", email="noor@leerkring.example")


@pytest.fixture
def draft(noor: Person) -> EditionAndMeetings:
    """Two meetings that Noor gives; nobody knows of them yet."""
    course = factories.course_with_modules(2, title="SamenKracht")
    return factories.edition_with_meetings(course, trainer=noor, state=EditionState.DRAFT)


def publish(edition: EditionAndMeetings) -> None:
    with transaction():
        edition_life.publish_edition(edition_id=edition.edition.id, actor=OFFICE, now=clock.now())


def assign(edition: EditionAndMeetings, position: int, who: Sequence[Person]) -> None:
    with transaction():
        trainers.assign_trainers(
            meeting_id=edition.meetings[position - 1].id,
            trainer_ids=[person.id for person in who],
            actor=OFFICE,
            now=clock.now(),
        )


def told(who: Person) -> list[Told]:
    """What they were mailed: kind, METHOD, and the (UID, SEQUENCE) of every event, in order."""
    mails = db.session.scalars(
        select(OutgoingMail).where(OutgoingMail.person_id == who.id).order_by(OutgoingMail.id)
    ).all()
    return [(mail.kind, mail.calendar_method, events_in(mail)) for mail in mails]


def events_in(mail: OutgoingMail) -> list[tuple[str, int]]:
    if mail.calendar is None:
        return []
    return [(str(event["uid"]), int(event["sequence"])) for event in Calendar.from_ical(mail.calendar).walk("VEVENT")]


def uids(who: Person) -> list[str]:
    found = select(CalendarInvitation.uid).where(CalendarInvitation.person_id == who.id)
    return list(db.session.scalars(found.order_by(CalendarInvitation.meeting_id)))


def test_a_draft_is_in_nobodys_calendar(draft: EditionAndMeetings, noor: Person) -> None:
    other = factories.person(role=Role.TRAINER)
    assign(draft, 1, [other])
    assert (told(noor), told(other), uids(noor)) == ([], [], [])


def test_publishing_invites_for_all_of_it_in_one_mail(draft: EditionAndMeetings, noor: Person) -> None:
    publish(draft)
    first, second = uids(noor)
    assert told(noor) == [("calendar.trainer_invited", "REQUEST", [(first, 0), (second, 0)])]
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.subject == "Je geeft SamenKracht"
    page = f"/bijeenkomsten/{draft.meetings[0].id}/presentie"
    assert page.encode() in (mail.calendar or b"").replace(b"\r\n ", b"")


def test_what_is_over_when_it_is_published_is_not_invited_for(draft: EditionAndMeetings, noor: Person) -> None:
    with transaction():
        for meeting in draft.meetings[:1]:
            meeting.starts_at -= timedelta(days=60)
            meeting.ends_at -= timedelta(days=60)
    publish(draft)
    assert [len(events) for _kind, _method, events in told(noor)] == [1]


def test_who_comes_is_invited_and_who_goes_is_told(draft: EditionAndMeetings, noor: Person) -> None:
    publish(draft)
    other = factories.person(role=Role.TRAINER)
    assign(draft, 2, [other])
    assert told(noor)[1:] == [("calendar.trainer_released", "CANCEL", [(uids(noor)[1], 1)])]
    assert told(other) == [("calendar.trainer_invited", "REQUEST", [(uids(other)[0], 0)])]
    assign(draft, 2, [other])
    assert (len(told(noor)), len(told(other))) == (2, 1)
    assign(draft, 2, [noor, other])
    assert told(noor)[2:] == [("calendar.trainer_invited", "REQUEST", [(uids(noor)[1], 2)])]
    assert len(told(other)) == 1


def test_a_move_reaches_who_gives_it(draft: EditionAndMeetings, noor: Person) -> None:
    publish(draft)
    factories.enrol(draft, "sule@zorg.example")
    meeting = draft.meetings[0]
    with transaction():
        participants = enrolment.move_meeting(
            meeting_id=meeting.id,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            venue="Buurthuis De Schakel",
            link="",
            actor=OFFICE,
            now=clock.now(),
        )
    assert participants == 1
    assert told(noor)[1:] == [("calendar.trainer_moved", "REQUEST", [(uids(noor)[0], 1)])]
    kinds = db.session.scalars(select(OutgoingMail.kind).where(OutgoingMail.to_address == "sule@zorg.example")).all()
    assert sorted(kinds) == ["enrolment.enrolled", "enrolment.meeting_moved"]


def test_an_edition_that_is_called_off_leaves_their_calendar(draft: EditionAndMeetings, noor: Person) -> None:
    publish(draft)
    with transaction():
        edition_life.cancel_edition(edition_id=draft.edition.id, actor=OFFICE, now=clock.now())
    first, second = uids(noor)
    assert told(noor)[1:] == [("calendar.trainer_edition_cancelled", "CANCEL", [(first, 1), (second, 1)])]


def test_who_both_gives_and_takes_part_keeps_one_event_until_neither_holds(
    draft: EditionAndMeetings, noor: Person
) -> None:
    publish(draft)
    outcome = factories.enrol(draft, noor.email, by=noor, modules=(1,))
    assert len(uids(noor)) == 2
    with transaction():
        enrolment.cancel_enrolment(enrolment_id=outcome.enrolment_id, actor=OFFICE, now=clock.now())
    kind, method, _events = told(noor)[-1]
    assert (kind, method) == ("enrolment.cancelled", None)
    assign(draft, 1, [])
    assert told(noor)[-1] == ("calendar.trainer_released", "CANCEL", [(uids(noor)[0], 1)])


def test_the_log_knows_who_was_invited(draft: EditionAndMeetings, noor: Person) -> None:
    publish(draft)
    assign(draft, 1, [])
    tags = [entry.tag for entry in audit.trail_of("person", noor.id).entries]
    assert sorted(tags) == ["calendar.invited", "calendar.invited", "calendar.withdrawn"]


def test_a_meeting_that_is_over_changes_in_nobodys_calendar(noor: Person) -> None:
    past = clock.today() - timedelta(days=9)
    edition = factories.edition_with_meetings(factories.course_with_modules(1), first_on=past, trainer=noor)
    assign(edition, 1, [])
    assert told(noor) == []
    assert db.session.scalars(select(MeetingTrainer)).all() == []

"""Swapping one dagdeel to another edition, and what becomes of guests: seats, mail, calendars and the log."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from portal import audit
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.calendar.queries import list_invited_meetings
from portal.domain.catalogue.models import Meeting
from portal.domain.catalogue.rules import EditionKind, EditionState
from portal.domain.enrolment.commands import cancel_enrolment, move_meeting
from portal.domain.enrolment.edition_life import cancel_edition, confirm_edition, postpone_decision
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.other_dates import list_other_dates, wish_of
from portal.domain.enrolment.own_enrolments import OwnEnrolment, get_own_enrolment
from portal.domain.enrolment.stand_ins import swap_seat
from portal.errors import Conflict, DomainError, NotFound, Refused
from portal.mail import OutgoingMail
from tests import factories
from tests.make_up_scenes import Scene, given_twice

BEFORE = datetime.fromisoformat("2027-02-01T09:00:00+00:00")


@pytest.fixture
def scene(app: Flask) -> Scene:
    """Dewi enrolled by the real command, so that she has her invitations."""
    scene = given_twice()
    amira = factories.person(name="Amira el Khatib", email="amira@zorg.example")
    outcome = factories.enrol(scene.zwolle, amira.email, by=amira)
    dewi = db.session.get_one(Enrolment, outcome.enrolment_id)
    db.session.query(OutgoingMail).delete()
    db.session.commit()
    return Scene(scene.course, scene.zwolle, scene.deventer, dewi, amira, scene.trainer)


def own(scene: Scene) -> OwnEnrolment:
    return get_own_enrolment(scene.person.id, scene.dewi.id)


def swap(scene: Scene, meeting: Meeting, position: int = 2, now: datetime = BEFORE) -> None:
    values = {"module_id": scene.course.modules[position - 1].id, "meeting_id": meeting.id}
    enrolment_id, actor = scene.dewi.id, Actor.person(scene.person.id)
    with transaction():
        swap_seat(enrolment_id=enrolment_id, actor=actor, now=now, **values)


def taken(scene: Scene, number: int = 2) -> tuple[int, int]:
    meetings = scene.zwolle.meetings[number - 1], scene.deventer.meetings[number - 1]
    first, second = (db.session.get_one(Meeting, meeting.id, populate_existing=True).taken for meeting in meetings)
    return first, second


def mails() -> list[tuple[str, str | None]]:
    found = select(OutgoingMail.kind, OutgoingMail.calendar_method).order_by(OutgoingMail.id)
    return [(row.kind.removeprefix("enrolment."), row.calendar_method) for row in db.session.execute(found)]


def places(scene: Scene) -> list[tuple[int, str]]:
    return [(meeting.position, meeting.place) for meeting in own(scene).meetings]


def test_a_swap_moves_one_seat_and_one_event(scene: Scene):
    assert taken(scene) == (2, 0)
    swap(scene, scene.deventer.meetings[1])
    assert taken(scene) == (1, 1)
    assert places(scene) == [(1, "Zwolle"), (3, "Zwolle"), (4, "Zwolle"), (2, "Deventer")]
    assert mails() == [("swapped_away", "CANCEL"), ("swapped", "REQUEST")]
    gone, came = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    starts = [Calendar.from_ical(mail.calendar).walk("VEVENT")[0]["dtstart"].dt for mail in (gone, came)]
    assert starts == [scene.zwolle.meetings[1].starts_at, scene.deventer.meetings[1].starts_at]
    assert "Ruilen kost je niets" in came.text_body
    for tag in ("enrolment.seat_released", "enrolment.seat_taken", "enrolment.stand_in_booked"):
        entry = audit.list_entries(tag=tag).entries[0]
        assert entry.facts["enrolment_id"] == scene.dewi.id


def test_a_swap_may_be_swapped_back(scene: Scene):
    swap(scene, scene.deventer.meetings[1])
    swap(scene, scene.zwolle.meetings[1])
    assert taken(scene) == (2, 0)
    assert places(scene) == [(position, "Zwolle") for position in (1, 2, 3, 4)]
    live = [(one.meeting.place, one.withdrawn) for one in list_invited_meetings(scene.person.id, BEFORE)]
    assert sorted(live) == [("Deventer", True), *[("Zwolle", False)] * 4]


def test_a_full_meeting_changes_nothing(scene: Scene):
    scene.deventer.meetings[1].capacity = scene.deventer.meetings[1].taken = 1
    db.session.commit()
    with pytest.raises(Conflict, match="net geen plek meer"):
        swap(scene, scene.deventer.meetings[1])
    assert (taken(scene), mails(), len(own(scene).meetings)) == ((2, 1), [], 4)


@pytest.mark.parametrize(
    ("seconds", "refused"), [(-1, False), (0, True), (1, True)], ids=["before", "at the moment", "after"]
)
def test_nothing_is_swapped_from_the_moment_that_it_begins(scene: Scene, seconds: int, refused: bool):
    now = scene.zwolle.meetings[1].starts_at + timedelta(seconds=seconds)
    if refused:
        with pytest.raises(Refused, match="Ruilen kan niet meer"):
            swap(scene, scene.deventer.meetings[1], now=now)
    else:
        swap(scene, scene.deventer.meetings[1], now=now)
    assert taken(scene) == ((2, 0) if refused else (1, 1))


def test_a_dagdeel_of_another_module_or_enrolment_is_not_found(scene: Scene):
    with pytest.raises(NotFound):
        swap(scene, scene.deventer.meetings[2])
    only_first = factories.enrolment(scene.zwolle, modules=(1,))
    with pytest.raises(NotFound), transaction():
        swap_seat(
            enrolment_id=only_first.id,
            module_id=scene.course.modules[1].id,
            meeting_id=scene.deventer.meetings[1].id,
            actor=Actor.person(only_first.person_id),
            now=BEFORE,
        )


def test_only_dates_for_this_person_are_offered(scene: Scene):
    mine = factories.organisation()
    closed = {"kind": EditionKind.IN_COMPANY, "place": "Besloten"}
    later = scene.deventer.meetings[0].starts_at.date() + timedelta(days=90)
    factories.edition_with_meetings(scene.course, later, **closed, organisation_id=factories.organisation().id)
    factories.edition_with_meetings(scene.course, later, **closed | {"place": "Eigen huis"}, organisation_id=mine.id)
    factories.edition_with_meetings(scene.course, later, state=EditionState.DRAFT, place="Concept")
    factories.edition_with_meetings(scene.course, later, state=EditionState.CANCELLED, place="Niet")
    factories.edition_with_meetings(scene.course, later, capacity=1, place="Vol").meetings[1].taken = 1
    sits_in = factories.edition_with_meetings(scene.course, later, place="Zit er al")
    factories.enrolment(sits_in, scene.person, modules=(2,))
    module_id = scene.course.modules[1].id

    def offered() -> list[str]:
        return [meeting.place for meeting in list_other_dates(wish_of(own(scene), module_id), BEFORE)]

    assert offered() == ["Deventer"]
    scene.dewi.organisation_id = mine.id
    db.session.commit()
    assert offered() == ["Deventer", "Eigen huis"]


def test_cancelling_the_enrolment_frees_the_seat_in_the_other_edition_too(scene: Scene):
    swap(scene, scene.deventer.meetings[1])
    with transaction():
        cancel_enrolment(enrolment_id=scene.dewi.id, actor=Actor.person(scene.person.id), now=BEFORE)
    assert taken(scene) == (1, 0)
    *_swapped, cancelled = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    assert len(Calendar.from_ical(cancelled.calendar or b"").walk("VEVENT")) == 4
    released = [e.facts["edition_id"] for e in audit.list_entries(tag="enrolment.seat_released").entries]
    assert sorted(released)[-1] == scene.deventer.edition.id


def test_cancelling_the_other_edition_tells_its_guests_to_choose_again(scene: Scene):
    swap(scene, scene.deventer.meetings[1])
    edition_id = scene.deventer.edition.id
    with transaction():
        assert cancel_edition(edition_id=edition_id, actor=Actor.person(1), now=BEFORE) == 0
    assert taken(scene) == (1, 0)
    assert mails()[2:] == [("guest_not_given", "CANCEL"), ("calendar.trainer_edition_cancelled", "CANCEL")]
    mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.kind == "enrolment.guest_not_given")).one()
    module_id = scene.course.modules[1].id
    assert f"/mijn/inschrijvingen/{scene.dewi.id}/dagdeel/{module_id}/omwisselen" in mail.text_body
    assert (own(scene).lost, own(scene).state) == (frozenset({module_id}), "enrolled")
    third = factories.edition_with_meetings(scene.course, date(2027, 9, 2), place="Ede")
    swap(scene, third.meetings[1])
    assert (places(scene)[-1], own(scene).lost) == ((2, "Ede"), frozenset())


def test_cancelling_ones_own_edition_ends_what_is_taken_elsewhere(scene: Scene):
    swap(scene, scene.deventer.meetings[1])
    edition_id = scene.zwolle.edition.id
    with transaction():
        cancel_edition(edition_id=edition_id, actor=Actor.person(1), now=BEFORE)
    assert taken(scene) == (0, 0)
    assert db.session.query(Seat).filter(Seat.released_at.is_(None)).count() == 0


def test_a_moved_meeting_reaches_its_guests_with_a_way_to_their_own_enrolment(scene: Scene):
    swap(scene, scene.deventer.meetings[1])
    meeting = scene.deventer.meetings[1]
    values = {"meeting_id": meeting.id, "venue": meeting.venue, "link": meeting.link}
    starts_at = meeting.starts_at + timedelta(days=1)
    with transaction():
        ends_at = starts_at + timedelta(hours=3)
        move_meeting(starts_at=starts_at, ends_at=ends_at, actor=Actor.person(1), now=BEFORE, **values)
    mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.kind == "enrolment.meeting_moved")).one()
    assert (mail.to_address, mail.calendar_method) == (scene.person.email, "REQUEST")
    assert f"/mijn/inschrijvingen/{scene.dewi.id}" in mail.text_body
    assert [one.starts_at for one in own(scene).meetings if one.elsewhere] == [starts_at]


def test_who_sits_there_by_an_enrolment_of_their_own_keeps_the_event(scene: Scene):
    swap(scene, scene.deventer.meetings[1])
    factories.enrol(scene.deventer, scene.person.email, by=scene.person, modules=(2,))
    swap(scene, scene.zwolle.meetings[1])
    invited = list_invited_meetings(scene.person.id, BEFORE)
    live = {(one.meeting.place, one.meeting.position): one.withdrawn for one in invited}
    assert live["Deventer", 2] is False


def test_guests_hear_whether_the_edition_they_come_to_is_given(scene: Scene):
    edition = scene.deventer.edition
    edition.state, edition.minimum, edition.decide_on = EditionState.TENTATIVE, 4, date(2027, 4, 1)
    db.session.commit()
    swap(scene, scene.deventer.meetings[1])
    edition_id = edition.id
    with transaction():
        postpone_decision(edition_id=edition_id, decide_on=date(2027, 4, 8), actor=Actor.person(1), now=BEFORE)
    with transaction():
        confirm_edition(edition_id=edition_id, reason="Toch", actor=Actor.person(1), now=BEFORE)
    found = select(OutgoingMail).where(OutgoingMail.to_address == scene.person.email).order_by(OutgoingMail.id.desc())
    sure, unsure = db.session.scalars(found.limit(2))
    assert (unsure.kind, sure.kind) == ("enrolment.decision_postponed", "enrolment.edition_confirmed")
    for mail in (unsure, sure):
        assert (mail.text_body.count("Dagdeel 2"), mail.text_body.count("Dagdeel 1")) == (1, 0)


def test_refusals_are_sentences(scene: Scene):
    with transaction():
        cancel_enrolment(enrolment_id=scene.dewi.id, actor=Actor.person(scene.person.id), now=BEFORE)
    with pytest.raises(DomainError, match="loopt niet meer"):
        swap(scene, scene.deventer.meetings[1])

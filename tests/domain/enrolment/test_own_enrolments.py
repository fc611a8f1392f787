"""An enrolment as its person sees it: with the meetings that they sit in, wherever those are given."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.audit import Actor
from portal.clock import local_date
from portal.db import db, transaction
from portal.domain.enrolment.commands import cancel_enrolment
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.own_enrolments import OwnEnrolment, get_own_enrolment
from tests import factories
from tests.factories import CourseAndModules, EditionAndMeetings

Both = tuple[EditionAndMeetings, EditionAndMeetings]


@pytest.fixture
def course(app: Flask) -> CourseAndModules:
    return factories.course_with_modules(3)


@pytest.fixture
def both(course: CourseAndModules) -> Both:
    """The course given in Zwolle, and once more in Deventer half a year later."""
    later = clock.today() + timedelta(days=200)
    return (
        factories.edition_with_meetings(course, place="Zwolle"),
        factories.edition_with_meetings(course, first_on=later, place="Deventer"),
    )


def own(enrolment: Enrolment) -> OwnEnrolment:
    return get_own_enrolment(enrolment.person_id, enrolment.id)


def where(enrolment: Enrolment) -> list[tuple[int, str, bool, bool]]:
    return [(m.position, m.place, m.elsewhere, m.stood_in_for) for m in own(enrolment).meetings]


def test_a_missed_dagdeel_stands_beside_the_one_that_makes_up_for_it(both: Both):
    zwolle, deventer = both
    enrolment = factories.enrolment(zwolle)
    factories.enrolment(deventer)
    factories.stand_in(enrolment, deventer.meetings[1])
    assert where(enrolment) == [
        (1, "Zwolle", False, False),
        (2, "Zwolle", False, True),
        (3, "Zwolle", False, False),
        (2, "Deventer", True, False),
    ]
    found = own(enrolment)
    assert found.edition.place_of(found.meetings[-1]) == "Grote Markt 1, Zwolle, Deventer"
    assert [meeting.place for meeting in found.edition.meetings] == ["Zwolle"] * 3


def test_a_swapped_dagdeel_is_only_there_where_it_is_taken_now(both: Both):
    zwolle, deventer = both
    enrolment = factories.enrolment(zwolle)
    factories.stand_in(enrolment, deventer.meetings[0], swapped=True)
    assert where(enrolment) == [
        (2, "Zwolle", False, False),
        (3, "Zwolle", False, False),
        (1, "Deventer", True, False),
    ]


def test_swapping_the_first_dagdeel_to_a_later_date_makes_cancelling_no_cheaper(both: Both):
    zwolle, deventer = both
    enrolment = factories.enrolment(zwolle, modules=(1,))
    factories.stand_in(enrolment, deventer.meetings[0], swapped=True)
    assert own(enrolment).first_on == local_date(zwolle.meetings[0].starts_at)
    assert own(enrolment).last_on == local_date(deventer.meetings[0].starts_at)


def test_once_cancelled_it_shows_what_it_held_last(both: Both):
    zwolle, deventer = both
    enrolment = factories.enrolment(zwolle)
    factories.stand_in(enrolment, deventer.meetings[0], swapped=True)
    before = where(enrolment)
    later = clock.now() + timedelta(days=1)
    with transaction():
        cancel_enrolment(enrolment_id=enrolment.id, actor=Actor.person(enrolment.person_id), now=later)
    assert where(enrolment) == before
    assert [meeting.taken for meeting in (*zwolle.meetings, *deventer.meetings)] == [0] * 6


def test_one_seat_has_one_stand_in_at_a_time(course: CourseAndModules, both: Both):
    zwolle, deventer = both
    enrolment = factories.enrolment(zwolle)
    first = factories.stand_in(enrolment, deventer.meetings[1])
    third = factories.edition_with_meetings(course, first_on=clock.today() + timedelta(days=300), place="Zutphen")
    again = Seat(enrolment_id=enrolment.id, meeting_id=third.meetings[1].id, instead_of_id=first.instead_of_id)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        factories.add(again)
    first.released_at = clock.now()
    db.session.flush()
    factories.add(Seat(enrolment_id=enrolment.id, meeting_id=third.meetings[1].id, instead_of_id=first.instead_of_id))
    assert [place for _position, place, _elsewhere, _stood_in in where(enrolment)] == ["Zwolle"] * 3 + ["Zutphen"]

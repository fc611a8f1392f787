"""Settling points: from a trainer's list to what is kept."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal import audit
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accreditation import commands, queries
from portal.domain.accreditation.models import PointAward
from portal.domain.accreditation.rules import RULE_VERSION, earned
from portal.domain.attendance import commands as attendance
from portal.domain.attendance.commands import Change
from portal.domain.attendance.queries import list_seat_rows
from portal.domain.attendance.rules import Mark, Status, fingerprint
from portal.domain.enrolment.commands import cancel_enrolment
from portal.domain.enrolment.models import Enrolment
from tests import factories
from tests.factories import EditionAndMeetings

PRESENT = Mark(Status.PRESENT, preparation_done=True)
ABSENT = Mark(Status.ABSENT)


@pytest.fixture
def trainer(app) -> Actor:
    return Actor.person(factories.person(name="Noor Jansen").id)


def samenkracht(first_on: date = date(2027, 3, 4)) -> EditionAndMeetings:
    """Four dagdelen of 4, 4, 5 and 6 points at both registers, the last two with preparation."""
    course = factories.course_with_modules(4)
    for module, points in zip(course.modules, (4, 4, 5, 6), strict=True):
        module.preparation = "Lezen en een opdracht" if module.position > 2 else ""
        for register in ("SKJ", "Registerplein"):
            factories.accreditation(module, register, points)
    return factories.edition_with_meetings(course, first_on)


def give(given: EditionAndMeetings, number: int, mark: Mark, actor: Actor) -> None:
    """Holds the meeting with this number: everybody the same mark, list finished."""
    meeting = given.meetings[number - 1]
    now, meeting_id = meeting.starts_at + timedelta(hours=3), meeting.id
    changes = [Change(row.seat_id, fingerprint(row.mark), mark) for row in list_seat_rows(meeting_id)]
    with transaction():
        attendance.mark(meeting_id=meeting_id, changes=changes, actor=actor, now=now)
        commands.finish_sheet(meeting_id=meeting_id, signed_name="Noor Jansen", actor=actor, now=now)


def kept(enrolment: Enrolment) -> dict[str, int]:
    return earned(queries.list_awards([enrolment.id])[enrolment.id])


def test_samenkracht_grows_to_19_points_meeting_by_meeting(trainer: Actor):
    given = samenkracht()
    enrolment = factories.enrolment(given)
    for number, total in ((1, 4), (2, 8), (3, 13), (4, 19)):
        give(given, number, PRESENT, trainer)
        assert kept(enrolment) == {"SKJ": total, "Registerplein": total}
    assert set(db.session.scalars(select(PointAward.rule_version))) == {RULE_VERSION}


def test_who_booked_dagdeel_1_and_3_has_9_points(trainer: Actor):
    given = samenkracht()
    enrolment = factories.enrolment(given, modules=(1, 3))
    for number in (1, 3):
        give(given, number, PRESENT, trainer)
    assert kept(enrolment) == {"SKJ": 9, "Registerplein": 9}


def test_a_meeting_counts_on_its_date_in_amsterdam(trainer: Actor):
    given = samenkracht(date(2027, 1, 1))
    # Half past nine in UTC would be the same day; half past midnight in Amsterdam is the day before.
    meeting = given.meetings[0]
    meeting.starts_at -= timedelta(hours=9)
    meeting.ends_at -= timedelta(hours=9)
    for grant in db.session.scalars(
        select(factories.Accreditation).where(factories.Accreditation.module_id == meeting.module_id)
    ):
        grant.valid_from = date(2027, 1, 1)
    enrolment = factories.enrolment(given, modules=(1,))
    give(given, 1, PRESENT, trainer)
    assert meeting.starts_at.date() == date(2026, 12, 31)
    assert kept(enrolment) == {"SKJ": 4, "Registerplein": 4}


def test_an_amended_mark_takes_the_points_back(trainer: Actor):
    given = samenkracht()
    enrolment, other = factories.enrolment(given, modules=(1,)), factories.enrolment(given, modules=(1,))
    give(given, 1, PRESENT, trainer)
    row = next(row for row in list_seat_rows(given.meetings[0].id) if row.enrolment_id == enrolment.id)
    with transaction():
        commands.amend_mark(
            meeting_id=given.meetings[0].id,
            seat_id=row.seat_id,
            was=fingerprint(row.mark),
            wanted=ABSENT,
            reason="Was er niet",
            actor=trainer,
            now=given.meetings[0].ends_at,
        )
    assert kept(enrolment) == {"SKJ": 0, "Registerplein": 0}
    assert kept(other) == {"SKJ": 4, "Registerplein": 4}


def test_settling_twice_changes_nothing(trainer: Actor):
    given = samenkracht()
    enrolment = factories.enrolment(given, modules=(1,))
    give(given, 1, PRESENT, trainer)
    before = list(db.session.scalars(select(PointAward.id)))
    with transaction():
        commands.settle_points(enrolment_id=enrolment.id, actor=trainer, now=given.meetings[0].ends_at)
    assert list(db.session.scalars(select(PointAward.id))) == before
    (entry,) = audit.list_entries(tag="accreditation.points_settled").entries
    module = given.meetings[0].module_id
    assert entry.facts["awards"] == [
        f"Registerplein/module {module}/4 points/attended_fully",
        f"SKJ/module {module}/4 points/attended_fully",
    ]


def test_what_waits_is_not_kept_and_what_was_decided_stays_when_the_catalogue_changes(trainer: Actor):
    given = samenkracht()
    person = factories.person()
    enrolment = factories.enrolment(given, person)
    give(given, 1, PRESENT, trainer)
    assert len(queries.list_awards([enrolment.id])[enrolment.id]) == 2
    for grant in db.session.scalars(select(factories.Accreditation)):
        grant.points = 1
    db.session.commit()
    registers = queries.points_of(person.id, now=given.meetings[0].ends_at)
    assert [(one.register, one.earned, one.waiting) for one in registers] == [("Registerplein", 4, 3), ("SKJ", 4, 3)]


def cancelled(enrolment: Enrolment, at: datetime) -> None:
    with transaction():
        cancel_enrolment(enrolment_id=enrolment.id, actor=Actor.person(1), now=at, by_office=True)


def test_a_cancelled_enrolment_has_no_points(trainer: Actor):
    given = samenkracht()
    enrolment = factories.enrolment(given)
    cancelled(enrolment, given.meetings[0].starts_at - timedelta(days=1))
    assert queries.points_of(enrolment.person_id, now=given.meetings[0].starts_at) == []


def test_who_stops_half_way_keeps_the_points_of_what_was_attended(trainer: Actor):
    given = samenkracht()
    enrolment = factories.enrolment(given)
    give(given, 1, PRESENT, trainer)
    cancelled(enrolment, given.meetings[1].starts_at - timedelta(days=1))
    give(given, 2, PRESENT, trainer)
    found = queries.points_of(enrolment.person_id, now=given.meetings[3].ends_at)
    assert [(one.register, one.earned, one.waiting, one.total_rows) for one in found] == [
        ("Registerplein", 4, 0, 1),
        ("SKJ", 4, 0, 1),
    ]
    assert [row.name for row in list_seat_rows(given.meetings[0].id)] == [enrolment.participant_name]


def test_finishing_for_thirty_people_loads_the_facts_as_often_as_for_three(trainer: Actor, count_queries):
    counted = []
    for people in (3, 30):
        given = samenkracht()
        given.meetings[0].capacity = 40
        enrolments = [factories.enrolment(given, modules=(1,)).id for _ in range(people)]
        give(given, 1, ABSENT, trainer)
        now = given.meetings[0].ends_at
        for award in db.session.scalars(select(PointAward)):
            award.points = 1
        db.session.commit()
        with count_queries() as asked, transaction():
            commands._settle(enrolments, actor=trainer, now=now)
        counted.append(len(asked))
    assert counted[0] == counted[1]

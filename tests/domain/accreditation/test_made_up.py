"""Points and completion go by the seat that decides, wherever it was taken."""

from datetime import date, timedelta

import pytest
from flask import Flask

from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accreditation import commands, queries
from portal.domain.accreditation.reasons import Reason, in_words
from portal.domain.accreditation.rules import earned
from portal.domain.attendance.models import AttendanceSheet
from portal.domain.attendance.queries import Guest, list_seat_rows, trainers_day
from portal.domain.attendance.rules import Mark, Status, fingerprint
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.rules import EnrolmentState
from portal.language import speaking
from tests import factories
from tests.make_up_scenes import Scene, given_twice, hold


@pytest.fixture
def scene(app: Flask) -> Scene:
    return given_twice()


def points(scene: Scene) -> dict[str, int]:
    return earned(queries.list_awards([scene.dewi.id])[scene.dewi.id])


def state(scene: Scene) -> tuple[str, date | None]:
    enrolment = db.session.get_one(Enrolment, scene.dewi.id, populate_existing=True)
    return enrolment.state, enrolment.completed_on


def of_module_2(scene: Scene) -> tuple[Reason, int]:
    now = scene.zwolle.meetings[3].ends_at
    registers = queries.points_of(scene.person.id, now=now)
    (row,) = [row for row in registers[0].rows if row.module_position == 2]
    return row.award.reason, row.award.points


def all_but_the_second(scene: Scene) -> None:
    for number in (1, 2, 3, 4):
        hold(scene.zwolle, number, absent=[scene.dewi] if number == 2 else [])


def test_what_was_missed_and_made_up_elsewhere_completes_the_whole(scene: Scene):
    all_but_the_second(scene)
    assert (points(scene), state(scene)) == ({"Registerplein": 15, "SKJ": 15}, (EnrolmentState.ENROLLED, None))
    factories.stand_in(scene.dewi, scene.deventer.meetings[1])
    hold(scene.deventer, 2)
    assert points(scene) == {"Registerplein": 19, "SKJ": 19}
    assert state(scene) == (EnrolmentState.COMPLETED, date(2027, 5, 13))


def test_a_receipt_says_when_and_where_it_was_made_up(scene: Scene):
    all_but_the_second(scene)
    factories.stand_in(scene.dewi, scene.deventer.meetings[1])
    hold(scene.deventer, 2)
    (award, *_rest) = [one for one in queries.list_awards([scene.dewi.id])[scene.dewi.id] if "elsewhere" in one.facts]
    with speaking("nl"):
        assert in_words(award.reason, award.facts) == (
            "Telt mee, want je was er op 13 mei 2027 helemaal bij. Ingehaald: Deventer, want je miste 11 maart 2027."
        )


def test_what_is_still_to_be_made_up_waits_and_falls_back_when_it_is_cancelled(scene: Scene):
    all_but_the_second(scene)
    assert of_module_2(scene) == (Reason.ABSENT, 0)
    seat = factories.stand_in(scene.dewi, scene.deventer.meetings[1])
    with transaction():
        commands.settle_points(enrolment_id=scene.dewi.id, actor=Actor.system(), now=scene.zwolle.meetings[3].ends_at)
    assert of_module_2(scene) == (Reason.AHEAD, 0)
    seat.released_at = scene.zwolle.meetings[3].ends_at
    db.session.commit()
    assert of_module_2(scene) == (Reason.ABSENT, 0)


def test_who_was_there_too_short_loses_nothing_by_missing_the_second_chance_too(scene: Scene):
    hold(scene.zwolle, 1, mark=Mark(Status.LATE, minutes_late=60))
    factories.stand_in(scene.dewi, scene.deventer.meetings[0])
    for number in (2, 3, 4):
        hold(scene.zwolle, number)
    completed = (EnrolmentState.COMPLETED, date(2027, 3, 25))
    assert (points(scene), state(scene)) == ({"Registerplein": 15, "SKJ": 15}, completed)
    hold(scene.deventer, 1, absent=[scene.dewi])
    assert (points(scene), state(scene)) == ({"Registerplein": 15, "SKJ": 15}, completed)


def test_a_swapped_dagdeel_counts_where_it_was_taken(scene: Scene):
    factories.stand_in(scene.dewi, scene.deventer.meetings[3], swapped=True)
    for number in (1, 2, 3, 4):
        hold(scene.zwolle, number)
    assert state(scene)[0] == EnrolmentState.ENROLLED
    hold(scene.deventer, 4)
    assert (points(scene), state(scene)) == (
        {"Registerplein": 19, "SKJ": 19},
        (EnrolmentState.COMPLETED, date(2027, 5, 27)),
    )
    (award, *_rest) = [one for one in queries.list_awards([scene.dewi.id])[scene.dewi.id] if "elsewhere" in one.facts]
    with speaking("nl"):
        assert in_words(award.reason, award.facts).endswith("Geruild naar een andere uitvoering: Deventer.")


def test_nobody_completes_a_training_without_the_dagdeel_that_was_swapped_and_lost(scene: Scene):
    seat = factories.stand_in(scene.dewi, scene.deventer.meetings[1], swapped=True)
    seat.released_at = scene.zwolle.meetings[0].starts_at
    db.session.commit()
    for number in (1, 3, 4):
        hold(scene.zwolle, number)
    assert (points(scene), state(scene)[0]) == ({"Registerplein": 15, "SKJ": 15}, EnrolmentState.ENROLLED)


def test_an_amended_list_of_the_other_edition_reopens_what_it_completed(scene: Scene):
    all_but_the_second(scene)
    factories.stand_in(scene.dewi, scene.deventer.meetings[1])
    hold(scene.deventer, 2)
    (row,) = list_seat_rows(scene.deventer.meetings[1].id)
    with transaction():
        commands.amend_mark(
            meeting_id=scene.deventer.meetings[1].id,
            seat_id=row.seat_id,
            was=fingerprint(row.mark),
            wanted=Mark(Status.ABSENT),
            reason="Was er niet",
            actor=Actor.person(scene.trainer.id),
            now=scene.deventer.meetings[1].ends_at,
        )
    assert (points(scene), state(scene)) == ({"Registerplein": 15, "SKJ": 15}, (EnrolmentState.ENROLLED, None))


def test_a_list_says_who_comes_from_where(scene: Scene):
    own = factories.enrolment(scene.deventer, factories.person(name="Amira el Khatib"))
    swapper = factories.enrolment(scene.zwolle, factories.person(name="Bram Postma"))
    hold(scene.zwolle, 1, absent=[scene.dewi])
    factories.stand_in(scene.dewi, scene.deventer.meetings[0])
    factories.stand_in(swapper, scene.deventer.meetings[1], swapped=True)
    first, second = (list_seat_rows(meeting.id) for meeting in scene.deventer.meetings[:2])
    assert [(row.enrolment_id, row.guest) for row in first] == [
        (own.id, None),
        (scene.dewi.id, Guest(scene.zwolle.edition.id, "Zwolle", date(2027, 3, 4), True)),
    ]
    assert [(row.enrolment_id, row.guest) for row in second] == [
        (own.id, None),
        (swapper.id, Guest(scene.zwolle.edition.id, "Zwolle", date(2027, 3, 4), False)),
    ]
    day = trainers_day(scene.trainer.id, now=scene.deventer.meetings[0].starts_at - timedelta(hours=1))
    assert [(card.people, card.guests) for card in (*day.today, *day.upcoming)] == [(2, 1), (2, 1), (1, 0), (1, 0)]


def test_an_open_list_of_what_was_missed_does_not_hold_up_what_was_made_up(scene: Scene):
    for number in (1, 3, 4):
        hold(scene.zwolle, number)
    hold(scene.zwolle, 2, absent=[scene.dewi], signed=False)
    factories.stand_in(scene.dewi, scene.deventer.meetings[1])
    hold(scene.deventer, 2)
    assert db.session.get(AttendanceSheet, scene.zwolle.meetings[1].id) is None
    assert (points(scene), state(scene)[0]) == ({"Registerplein": 19, "SKJ": 19}, EnrolmentState.COMPLETED)

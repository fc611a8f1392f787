"""Booking what makes up for a missed dagdeel, and letting it go: seats, mail, calendars, points and the log."""

from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from portal import audit
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import RegisterNumber
from portal.domain.accreditation import make_ups, queries
from portal.domain.accreditation.make_up_rules import Why
from portal.domain.accreditation.missed import list_own_make_ups
from portal.domain.accreditation.reasons import Reason
from portal.domain.attendance.models import Attendance
from portal.domain.attendance.rules import Mark, Status
from portal.domain.catalogue.models import Accreditation, Meeting
from portal.domain.enrolment.edition_life import cancel_edition
from portal.domain.enrolment.own_enrolments import get_own_enrolment
from portal.domain.enrolment.rules import EnrolmentState
from portal.domain.enrolment.stand_ins import swap_seat
from portal.errors import Conflict, Refused
from portal.mail import OutgoingMail
from tests import factories
from tests.make_up_scenes import Scene, given_twice, hold


@pytest.fixture
def scene(app: Flask) -> Scene:
    """Dewi was absent at dagdeel 2; the whole of Zwolle is over."""
    scene = given_twice()
    for number in (1, 2, 3, 4):
        hold(scene.zwolle, number, absent=[scene.dewi] if number == 2 else [])
    return scene


def now_of(scene: Scene) -> datetime:
    return scene.zwolle.meetings[3].ends_at


def book(scene: Scene, number: int = 2, meeting: Meeting | None = None, now: datetime | None = None) -> None:
    meeting_id = (meeting or scene.deventer.meetings[number - 1]).id
    values = {"enrolment_id": scene.dewi.id, "module_id": scene.course.modules[number - 1].id}
    actor, now = Actor.person(scene.person.id), now or now_of(scene)
    with transaction():
        make_ups.book_make_up(meeting_id=meeting_id, actor=actor, now=now, **values)


def let_go(scene: Scene, now: datetime | None = None) -> None:
    values = {"enrolment_id": scene.dewi.id, "module_id": scene.course.modules[1].id}
    actor, now = Actor.person(scene.person.id), now or now_of(scene)
    with transaction():
        make_ups.cancel_make_up(actor=actor, now=now, **values)


def to_make_up(scene: Scene) -> list[tuple[int, Why, date | None, bool, datetime | None]]:
    own = get_own_enrolment(scene.person.id, scene.dewi.id)
    found = list_own_make_ups([own], now_of(scene)).get(scene.dewi.id, [])
    return [(one.position, one.why, one.missed_on, one.booked is not None, one.first_at) for one in found]


def kept(scene: Scene) -> dict[tuple[str, int], Reason]:
    positions = {module.id: module.position for module in scene.course.modules}
    awards = queries.list_awards([scene.dewi.id])[scene.dewi.id]
    return {(one.register, positions[one.module_id or 0]): one.reason for one in awards}


def mails() -> list[tuple[str, str | None]]:
    """Those about enrolling; that a list was finished is mailed too, see test_telling.py."""
    found = select(OutgoingMail.kind, OutgoingMail.calendar_method).order_by(OutgoingMail.id)
    found = found.where(OutgoingMail.kind.startswith("enrolment."))
    return [(row.kind.removeprefix("enrolment."), row.calendar_method) for row in db.session.execute(found)]


def taken(scene: Scene) -> int:
    return db.session.get_one(Meeting, scene.deventer.meetings[1].id, populate_existing=True).taken


def test_booking_takes_a_seat_invites_and_lets_the_points_wait(scene: Scene):
    there = scene.deventer.meetings[1].starts_at
    assert to_make_up(scene) == [(2, Why.MISSED, date(2027, 3, 11), False, there)]
    assert kept(scene)["SKJ", 2] == Reason.ABSENT
    book(scene)
    assert to_make_up(scene) == [(2, Why.MISSED, date(2027, 3, 11), True, None)]
    assert (taken(scene), mails()) == (1, [("made_up", "REQUEST")])
    assert ("SKJ", 2) not in kept(scene)
    (entry,) = audit.list_entries(tag="enrolment.stand_in_booked").entries
    assert (entry.facts["enrolment_id"], entry.facts["edition_id"], entry.facts["in_edition"]) == (
        scene.dewi.id,
        scene.zwolle.edition.id,
        scene.deventer.edition.id,
    )
    assert entry.facts["makes_up"] is True


def test_booking_twice_is_told_and_takes_one_seat(scene: Scene):
    book(scene)
    with pytest.raises(Conflict, match="al in"):
        book(scene)
    assert (taken(scene), len(mails())) == (1, 1)


def test_what_was_attended_needs_no_making_up(scene: Scene):
    with pytest.raises(Refused, match="hoef je niet in te halen"):
        book(scene, 3)
    assert mails() == []


def test_the_last_seat_may_be_gone(scene: Scene):
    scene.deventer.meetings[1].taken = scene.deventer.meetings[1].capacity
    db.session.commit()
    assert to_make_up(scene) == [(2, Why.MISSED, date(2027, 3, 11), False, None)]
    with pytest.raises(Conflict, match="net geen plek meer"):
        book(scene)
    assert mails() == []


def test_letting_go_frees_the_seat_and_it_is_missed_again(scene: Scene):
    book(scene)
    let_go(scene)
    assert (taken(scene), mails()) == (0, [("made_up", "REQUEST"), ("let_go", "CANCEL")])
    assert kept(scene)["SKJ", 2] == Reason.ABSENT
    assert to_make_up(scene)[0][3:] == (False, scene.deventer.meetings[1].starts_at)
    book(scene)
    assert (taken(scene), mails()[-1]) == (1, ("made_up", "REQUEST"))


def test_what_has_begun_is_not_let_go(scene: Scene):
    book(scene)
    with pytest.raises(Conflict):
        let_go(scene, scene.deventer.meetings[1].starts_at)
    assert taken(scene) == 1


def test_a_booked_make_up_may_be_swapped_to_another_date(scene: Scene):
    third = factories.edition_with_meetings(scene.course, date(2027, 9, 2), place="Ede")
    book(scene)
    with transaction():
        swap_seat(
            enrolment_id=scene.dewi.id,
            module_id=scene.course.modules[1].id,
            meeting_id=third.meetings[1].id,
            actor=Actor.person(scene.person.id),
            now=now_of(scene),
        )
    assert taken(scene) == 0
    own = get_own_enrolment(scene.person.id, scene.dewi.id)
    assert [(one.place, one.stood_in_for) for one in own.meetings if one.position == 2] == [
        ("Zwolle", True),
        ("Ede", False),
    ]
    hold(third, 2)
    assert kept(scene)["SKJ", 2] == Reason.ATTENDED_FULLY


def test_a_second_chance_that_is_missed_may_be_made_up_again(scene: Scene):
    book(scene)
    now = hold(scene.deventer, 2, absent=[scene.dewi])
    third = factories.edition_with_meetings(scene.course, date(2027, 9, 2), place="Ede")
    book(scene, meeting=third.meetings[1], now=now)
    hold(third, 2)
    assert kept(scene)["SKJ", 2] == Reason.ATTENDED_FULLY


def test_when_the_other_edition_is_not_given_it_is_missed_again(scene: Scene):
    book(scene)
    edition_id = scene.deventer.edition.id
    with transaction():
        cancel_edition(edition_id=edition_id, actor=Actor.person(1), now=now_of(scene))
    assert ("guest_not_given", "CANCEL") in mails()
    mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.kind == "enrolment.guest_not_given")).one()
    assert f"/inhalen/{scene.course.modules[1].id}" in mail.text_body
    assert to_make_up(scene) == [(2, Why.MISSED, date(2027, 3, 11), False, None)]


def test_who_was_there_too_short_stays_completed_while_making_up_for_it(app: Flask):
    scene = given_twice()
    hold(scene.zwolle, 1, mark=Mark(Status.LATE, minutes_late=60))
    for number in (2, 3, 4):
        hold(scene.zwolle, number)
    assert to_make_up(scene)[0][:3] == (1, Why.TOO_SHORT, date(2027, 3, 4))
    book(scene, 1)
    db.session.refresh(scene.dewi)
    assert scene.dewi.state == EnrolmentState.COMPLETED
    hold(scene.deventer, 1)
    assert kept(scene)["SKJ", 1] == Reason.ATTENDED_FULLY


def test_dates_on_which_an_accreditation_holds_come_first(scene: Scene):
    later = factories.edition_with_meetings(scene.course, date(2027, 9, 2), place="Ede")
    module_id = scene.course.modules[1].id
    for grant in db.session.scalars(select(Accreditation).where(Accreditation.module_id == module_id)):
        grant.valid_until = date(2027, 4, 30)
    factories.accreditation(scene.course.modules[1], "SKJ", 4, valid_from=date(2027, 6, 1))
    factories.add(RegisterNumber(person_id=scene.person.id, register_code=factories.register("BAMw").code, number="1"))
    own = get_own_enrolment(scene.person.id, scene.dewi.id)
    choices = make_ups.list_choices(own, module_id, now_of(scene))
    assert [
        (one.meeting.id, one.brings_nothing, [(p.register, p.problem) for p in one.prospects]) for one in choices
    ] == [
        (
            later.meetings[1].id,
            False,
            [("BAMw", Reason.NOT_ACCREDITED), ("Registerplein", Reason.EXPIRED), ("SKJ", None)],
        ),
        (
            scene.deventer.meetings[1].id,
            True,
            [("BAMw", Reason.NOT_ACCREDITED), ("Registerplein", Reason.EXPIRED), ("SKJ", Reason.EXPIRED)],
        ),
    ]


def test_what_there_is_to_make_up_is_found_in_as_few_queries_for_many(scene: Scene, count_queries):
    counted = []
    for people in (1, 3):
        owns = [get_own_enrolment(scene.person.id, scene.dewi.id)]
        for _number in range(people - 1):
            enrolment = factories.enrolment(scene.zwolle)
            hold_again(scene, enrolment.id)
            owns.append(get_own_enrolment(enrolment.person_id, enrolment.id))
        db.session.commit()
        with count_queries() as asked:
            assert len(list_own_make_ups(owns, now_of(scene))) == people
        counted.append(len(asked))
    assert counted[0] == counted[1]


def hold_again(scene: Scene, enrolment_id: int) -> None:
    """Marks somebody who came to the list after it was finished as absent at dagdeel 2."""
    seat = (
        db.session.query(factories.Seat)
        .filter_by(enrolment_id=enrolment_id, meeting_id=scene.zwolle.meetings[1].id)
        .one()
    )
    factories.add(Attendance(seat_id=seat.id, status="absent", marked_at=now_of(scene), marked_by_id=scene.trainer.id))

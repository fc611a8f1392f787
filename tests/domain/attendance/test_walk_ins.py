"""Who comes without being enrolled: added in the one dagdeel that is given, and asked afterwards."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import audit
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.attendance.rules import Mark, Status
from portal.domain.attendance.walk_in_models import WalkIn
from portal.domain.attendance.walk_ins import (
    Answer,
    add_walk_in,
    confirm_walk_in,
    list_unanswered,
    withdraw_walk_in,
)
from portal.domain.catalogue.models import Meeting
from portal.domain.enrolment.at_the_door import get_at_the_door
from portal.domain.enrolment.models import Enrolment, Seat, SeatHold, WaitingListEntry, WaitingListOffer
from portal.domain.enrolment.rules import ContractParty, EnrolmentState
from portal.errors import Conflict, DomainError, NotFound, Refused
from portal.mail import OutgoingMail
from tests import factories
from tests.domain.attendance.test_commands import Room, room_of
from tests.domain.attendance.test_two_at_once import at_once

DEWI = "dewi@zorg.example"


@pytest.fixture
def room(app) -> Room:
    factories.terms()
    return room_of(2, modules=3)


def add(room: Room, email: str = DEWI, name: str = "Dewi Jansen", minutes: int = 5) -> str:
    now = room.given.meetings[0].starts_at + timedelta(minutes=minutes)
    with transaction():
        return add_walk_in(meeting_id=room.meeting_id, name=name, email=email, actor=room.actor, now=now)


def refusal(room: Room, kind: type[DomainError] = Refused, **who: str) -> str:
    """What is said; nothing is left behind."""
    before = counts()
    with pytest.raises(kind) as refused:
        add(room, **who)
    db.session.rollback()
    assert counts() == before
    return str(refused.value.sentence)


def counts() -> list[int]:
    taken = sum(db.session.scalars(select(Meeting.taken)).all())
    return [taken, *(db.session.query(table).count() for table in (Person, Enrolment, Seat, WalkIn, OutgoingMail))]


def waiting(room: Room, email: str) -> WaitingListEntry:
    """Somebody who waits for the dagdeel that is given."""
    meeting, person = room.given.meetings[0], factories.person(email=email)
    wish = {"edition_id": room.given.edition.id, "module_ids": [meeting.module_id]}
    joined_at = meeting.starts_at - timedelta(days=9)
    return factories.add(WaitingListEntry(person_id=person.id, token_hash=email, joined_at=joined_at, **wish))


def the_enrolment(email: str = DEWI) -> Enrolment:
    person = db.session.query(Person).filter_by(email=email).one()
    return db.session.query(Enrolment).filter_by(person_id=person.id).order_by(Enrolment.id.desc()).first()


def test_somebody_new_stands_on_the_list_present_for_this_dagdeel_alone(room: Room):
    assert add(room) == "Dewi Jansen"
    assert [row.mark for row in room.rows if row.name == "Dewi Jansen"] == [Mark(Status.PRESENT)]
    made = the_enrolment()
    assert (made.whole, made.contract_party, made.price_cents) == (False, ContractParty.PARTICIPANT, 25000)
    assert db.session.scalars(select(Seat.meeting_id).where(Seat.enrolment_id == made.id)).all() == [room.meeting_id]
    assert [meeting.taken for meeting in room.given.meetings] == [3, 2, 2]
    tags = [entry.tag for entry in audit.list_entries().entries]
    assert {"enrolment.enrolled", "attendance.walk_in_added", "attendance.marked"} <= set(tags)


def test_they_are_mailed_what_it_is_and_costs_and_the_desk_reads_no_name(room: Room):
    add(room)
    to_them, to_the_desk = db.session.query(OutgoingMail).order_by(OutgoingMail.id).all()
    assert (to_them.to_address, to_them.kind) == (DEWI, "attendance.walk_in_added")
    assert "250" in to_them.text_body
    assert "/inloggen/link/" in to_them.text_body
    assert "Zolang je niet hebt bevestigd, kost dat niets." in to_them.text_body
    assert (to_the_desk.to_address, to_the_desk.kind) == ("bureau@leerkring.example", "attendance.walk_in_notice")
    assert f"/bureau/inschrijvingen/{the_enrolment().id}" in to_the_desk.text_body
    assert "Dewi" not in to_the_desk.text_body + to_the_desk.subject
    assert DEWI not in to_the_desk.text_body


def test_somebody_whom_we_know_keeps_their_own_name(room: Room):
    factories.person(name="Dewi van den Berg-Jansen", email=DEWI)
    assert add(room, email=" DEWI@Zorg.example ".strip(), name="Iemand anders") == "Dewi van den Berg-Jansen"
    assert the_enrolment().participant_name == "Dewi van den Berg-Jansen"


def test_a_training_of_one_meeting_is_enrolled_in_as_a_whole(app):
    factories.terms()
    room = room_of(1)
    course = db.session.get_one(factories.Course, room.given.edition.course_id)
    course.separately_bookable = False
    db.session.commit()
    add(room)
    assert (the_enrolment().whole, the_enrolment().price_cents) == (True, 25000)


def test_what_is_only_given_as_a_whole_is_for_the_office(room: Room):
    course = db.session.get_one(factories.Course, room.given.edition.course_id)
    course.separately_bookable = False
    db.session.commit()
    assert "alleen als geheel" in refusal(room)


def test_a_full_meeting_has_no_seat_for_them(room: Room):
    room.given.meetings[0].capacity = 2
    db.session.commit()
    assert refusal(room, Conflict).startswith("Alle 2 plekken zijn bezet, of worden vastgehouden")


def test_a_seat_that_is_held_for_an_offer_is_not_free(room: Room):
    meeting = room.given.meetings[0]
    meeting.capacity = 3
    db.session.commit()
    waits = waiting(room, "wacht@zorg.example")
    when = {"offered_at": meeting.starts_at, "expires_at": meeting.starts_at + timedelta(days=1)}
    offer = factories.add(WaitingListOffer(entry_id=waits.id, people=1, token_hash="x", **when))
    factories.add(SeatHold(meeting_id=meeting.id, offer_id=offer.id))
    meeting.taken = 3
    db.session.commit()
    assert "vastgehouden voor wie wacht" in refusal(room, Conflict)


def test_who_waited_is_off_the_list_and_how_many_wait_is_told(room: Room):
    for email in (DEWI, "wacht@zorg.example"):
        waiting(room, email)
    db.session.commit()
    assert get_at_the_door(room.meeting_id).waiting == 2
    add(room)
    assert get_at_the_door(room.meeting_id).waiting == 1


def test_who_is_on_the_list_already_is_named(room: Room):
    row = room.rows[0]
    enrolled = db.session.get_one(Enrolment, row.enrolment_id)
    person = db.session.get_one(Person, enrolled.person_id)
    assert refusal(room, email=person.email) == f"{row.name} staat al op deze lijst."


def test_a_guest_of_another_group_is_on_the_list_already(room: Room):
    other = factories.edition_with_meetings(
        factories.CourseAndModules(
            db.session.get_one(factories.Course, room.given.edition.course_id),
            [db.session.get_one(factories.Module, meeting.module_id) for meeting in room.given.meetings],
        )
    )
    guest = factories.person(name="Gast", email=DEWI)
    factories.stand_in(factories.enrolment(other, guest), room.given.meetings[0], swapped=True)
    db.session.commit()
    assert refusal(room) == "Gast staat al op deze lijst."


def test_who_does_another_dagdeel_here_is_for_the_office(room: Room):
    factories.enrolment(room.given, factories.person(email=DEWI, name="Dewi"), modules=(2,))
    db.session.commit()
    said = refusal(room)
    assert said.startswith("Deze persoon doet mee aan deze uitvoering, maar niet aan dit dagdeel.")
    assert "Dewi" not in said


def test_who_cancelled_before_may_come_again(room: Room):
    cancelled = factories.enrolment(room.given, factories.person(email=DEWI, name="Dewi"), modules=(2,))
    cancelled.state = EnrolmentState.CANCELLED
    db.session.commit()
    assert add(room) == "Dewi"


def test_what_the_course_asks_first_is_asked_and_not_told(room: Room):
    course = db.session.get_one(factories.Course, room.given.edition.course_id)
    course.requires = {"completed": "ek-1"}
    factories.person(email=DEWI, name="Dewi")
    db.session.commit()
    said = refusal(room)
    assert said == "Met dit adres kan iemand hier nu niet meedoen. Het bureau weet waarom."
    assert refusal(room, email="nieuw@zorg.example") == said


def test_in_a_closed_edition_the_agreement_is_its_organisations(room: Room):
    organisation = factories.organisation()
    room.given.edition.kind, room.given.edition.organisation_id = "in_company", organisation.id
    db.session.commit()
    add(room)
    made = the_enrolment()
    assert (made.contract_party, made.organisation_id, made.price_cents) == ("organisation", organisation.id, 0)
    assert db.session.get_one(WalkIn, made.id).answer == Answer.NOT_ASKED
    assert list_unanswered(made.person_id) == []
    mail = db.session.query(OutgoingMail).filter_by(to_address=DEWI).one()
    assert "Je organisatie sloot de overeenkomst." in mail.text_body


def test_nobody_is_added_before_the_start_or_to_a_finished_list(room: Room):
    with pytest.raises(Refused, match="Daarna kun je de presentie invullen"):
        add(room, minutes=-1)
    room.mark(*[Mark(Status.PRESENT)] * 2)
    room.finish()
    assert "al afgerond" in refusal(room, Conflict)


@pytest.mark.parametrize(
    ("who", "field"),
    [
        ({"email": "a@x.example, b@x.example"}, "email"),
        ({"email": "geen adres"}, "email"),
        ({"name": "  "}, "name"),
        ({"name": "Kijk op www.kwaad.example"}, "name"),
    ],
)
def test_what_must_not_end_up_in_mail_is_refused(room: Room, who: dict[str, str], field: str):
    with pytest.raises(Refused) as refused:
        add(room, **who)
    assert refused.value.field == field


def test_the_last_seat_goes_to_one_of_two(app):
    factories.terms()
    room = room_of(1, modules=2)
    meeting_id, actor, now = room.meeting_id, room.actor, room.given.meetings[0].starts_at
    room.given.meetings[0].capacity = 2
    db.session.commit()

    def one(email: str):
        return lambda: add_walk_in(meeting_id=meeting_id, name="Dewi", email=email, actor=actor, now=now)

    done = at_once(app, one(DEWI), one("bo@zorg.example"))
    assert sorted(isinstance(each, Conflict) for each in done) == [False, True]
    assert len(room.rows) == 2


def test_the_same_person_twice_at_once_is_on_the_list_once(app):
    factories.terms()
    room = room_of(1, modules=2)
    factories.person(email=DEWI, name="Dewi")
    meeting_id, actor, now = room.meeting_id, room.actor, room.given.meetings[0].starts_at
    db.session.commit()

    def twice():
        try:
            return add_walk_in(meeting_id=meeting_id, name="Dewi", email=DEWI, actor=actor, now=now)
        except Refused as refused:
            raise Conflict(refused.sentence) from refused

    done = at_once(app, twice, twice)
    assert sorted(isinstance(each, Conflict) for each in done) == [False, True]
    assert len(room.rows) == 2


def test_confirming_makes_the_agreement_of_that_moment(room: Room):
    add(room)
    made = the_enrolment()
    later = made.enrolled_at + timedelta(days=2)
    assert [(one.enrolment_id, bool(one.title)) for one in list_unanswered(made.person_id)] == [(made.id, True)]
    with transaction():
        confirm_walk_in(enrolment_id=made.id, actor=Actor.person(made.person_id), now=later)
    db.session.expire_all()
    assert (made.state, made.contracted_at) == (EnrolmentState.ENROLLED, later)
    assert list_unanswered(made.person_id) == []
    for answer in (confirm_walk_in, withdraw_walk_in):
        with pytest.raises(Conflict, match="al antwoord op gegeven"), transaction():
            answer(enrolment_id=made.id, actor=Actor.person(made.person_id), now=later)
    assert made.state == EnrolmentState.ENROLLED


@pytest.mark.parametrize("days", [0, 20])
def test_withdrawing_costs_nothing_however_late_and_the_list_stays(room: Room, days: int):
    add(room)
    made, now = the_enrolment(), room.now + timedelta(days=days)
    with transaction():
        withdraw_walk_in(enrolment_id=made.id, actor=Actor.person(made.person_id), now=now)
    db.session.expire_all()
    assert (made.state, made.cost_cents) == (EnrolmentState.CANCELLED, 0)
    assert [row.mark.status for row in room.rows if row.name == "Dewi Jansen"] == [Status.PRESENT]
    kinds = [mail.kind for mail in db.session.query(OutgoingMail).order_by(OutgoingMail.id)][2:]
    assert kinds == ["enrolment.cancelled", "attendance.walk_in_withdrawn_notice"]
    assert audit.list_entries(tag="attendance.walk_in_answered").entries[0].facts["answer"] == "withdrawn"


def test_nobody_answers_for_somebody_else(room: Room):
    add(room)
    stranger = factories.person()
    db.session.commit()
    for answer in (confirm_walk_in, withdraw_walk_in):
        with pytest.raises(NotFound), transaction():
            answer(enrolment_id=the_enrolment().id, actor=Actor.person(stranger.id), now=room.now)

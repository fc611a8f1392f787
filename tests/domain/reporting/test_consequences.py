"""What moving a meeting and cancelling an edition would do is what they then do, to the last mail."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.enrolment.groups import Order, book_group
from portal.domain.enrolment.models import Enrolment, WaitingListEntry
from portal.domain.enrolment.participants import Participant
from portal.domain.enrolment.stand_ins import swap_seat
from portal.domain.enrolment.substitutes import send_substitute
from portal.domain.reporting.consequences import MoveForeseen, Slot, foresee_cancelling, foresee_move
from portal.domain.reporting.foreseen import cancel_as_foreseen, move_as_foreseen
from portal.errors import Conflict, NotFound, Refused
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
OFFICE = Actor.person(1)


@pytest.fixture(autouse=True)
def in_january():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def given(app: Flask) -> EditionAndMeetings:
    """Zwolle, with two participants of whom one takes dagdeel 2 in Deventer, a guest from Deventer in dagdeel 1, a
    trainer, somebody who waits and a contact with two places without a name."""
    course = factories.course_with_modules(2, title="SamenKracht", price_cents=40000)
    trainer = factories.person(name="Noor van Dijk", role=factories.Role.TRAINER)
    zwolle = factories.edition_with_meetings(course, date(2027, 3, 4), trainer=trainer, place="Zwolle")
    deventer = factories.edition_with_meetings(course, date(2027, 5, 6), place="Deventer")
    amira, dewi, guus = (factories.person(name=name) for name in ("Amira", "Dewi", "Guus"))
    enrol(zwolle, amira)
    swap(enrol(zwolle, dewi), dewi, deventer.meetings[1])
    swap(enrol(deventer, guus), guus, zwolle.meetings[0])
    waits = {"token_hash": "w", "joined_at": NOW, "people": 30}
    factories.add(WaitingListEntry(edition_id=zwolle.edition.id, person_id=factories.person(name="Wim").id, **waits))
    hanneke = factories.person(name="Hanneke")
    order = Order(zwolle.edition.id, None, hanneke.id, factories.terms().id, employer="De Brug")
    with transaction():
        book_group(order=order, people=(), places=2, actor=Actor.person(hanneke.id), now=NOW)
    return zwolle


def enrol(of: EditionAndMeetings, who: Person) -> int:
    return factories.enrol(of, who.email, by=who).enrolment_id


def swap(enrolment_id: int, who: Person, to: Meeting) -> None:
    wanted = {"enrolment_id": enrolment_id, "module_id": to.module_id, "meeting_id": to.id}
    with transaction():
        swap_seat(**wanted, actor=Actor.person(who.id), now=NOW)


def slot(meeting: Meeting, days: int = 1, **changes: object) -> Slot:
    by = timedelta(days=days)
    return Slot(meeting.starts_at + by, meeting.ends_at + by, meeting.venue, meeting.link)._replace(**changes)


def names(readers: tuple[tuple[int, str], ...]) -> list[str]:
    return [name for _number, name in readers]


def mails() -> int:
    return db.session.scalar(select(func.count()).where(OutgoingMail.batch_id.is_not(None))) or 0


def logged(tag: str) -> int:
    return audit.list_entries(tag=tag).total


def move(meeting: Meeting, becomes: Slot, seen: MoveForeseen) -> int:
    values = {"meeting_id": meeting.id, "becomes": becomes, "seen": seen.fingerprint}
    with transaction():
        return move_as_foreseen(**values, actor=OFFICE, now=NOW)


def test_moving_does_what_was_foreseen(given: EditionAndMeetings):
    first = given.meetings[0]
    becomes = slot(first)
    foreseen = foresee_move(first.id, becomes, NOW)
    assert (names(foreseen.participants), names(foreseen.guests)) == (["Amira", "Dewi"], ["Guus"])
    assert names(foreseen.trainers) == ["Noor van Dijk"]
    assert (names(foreseen.waiting), names(foreseen.contacts)) == (["Wim"], ["Hanneke"])
    assert (foreseen.told, foreseen.seats, foreseen.lapses, foreseen.clashes) == (6, 5, (), ())
    invited = logged("calendar.invited")
    assert move(first, becomes, foreseen) == len(foreseen.participants) + len(foreseen.guests)
    assert (mails(), logged("calendar.invited") - invited) == (foreseen.told, foreseen.invited)
    assert db.session.get_one(Meeting, first.id).taken == foreseen.seats


def test_of_another_link_only_those_hear_who_have_it(given: EditionAndMeetings):
    first = given.meetings[0]
    becomes = slot(first, days=0, link="https://elders.example/zaal")
    foreseen = foresee_move(first.id, becomes, NOW)
    move(first, becomes, foreseen)
    assert (mails(), foreseen.tells_others) == (foreseen.told, False) == (4, False)


def test_only_who_waits_for_that_dagdeel_hears_of_it(given: EditionAndMeetings):
    first, second = given.meetings
    for name, meeting in (("Eva", first), ("Tim", second)):
        waits = {"token_hash": name, "joined_at": NOW, "people": 30, "module_ids": [meeting.module_id]}
        factories.add(WaitingListEntry(edition_id=given.edition.id, person_id=factories.person(name=name).id, **waits))
    foreseen = foresee_move(first.id, slot(first), NOW)
    assert names(foreseen.waiting) == ["Eva", "Wim"]
    move(first, slot(first), foreseen)
    assert mails() == foreseen.told == 7


def test_who_pays_for_a_colleague_hears_that_it_is_cancelled(given: EditionAndMeetings):
    amira = db.session.scalars(select(Enrolment).join(Enrolment.person).where(Person.name == "Amira")).one()
    with transaction():
        colleague = Participant("Piet Bakker", "piet@zorg.example")
        send_substitute(enrolment_id=amira.id, colleague=colleague, actor=OFFICE, now=NOW)
    foreseen = foresee_cancelling(given.edition.id, NOW)
    assert names(foreseen.participants) == ["Dewi", "Piet Bakker"]
    assert names(foreseen.holders) == ["Amira"]
    with transaction():
        cancel_as_foreseen(edition_id=given.edition.id, seen=foreseen.fingerprint, actor=OFFICE, now=NOW)
    assert mails() == foreseen.mails


def test_cancelling_does_what_was_foreseen(given: EditionAndMeetings):
    edition_id = given.edition.id
    foreseen = foresee_cancelling(edition_id, NOW)
    assert [len(group) for group in (foreseen.participants, foreseen.guests, foreseen.trainers)] == [2, 1, 1]
    assert (names(foreseen.waiting), names(foreseen.contacts)) == (["Wim"], ["Hanneke"])
    assert (foreseen.seats, foreseen.held, foreseen.stays, foreseen.certificates) == (5, 4, 0, 0)
    taken = select(func.sum(Meeting.taken))
    before = db.session.scalar(taken), logged("enrolment.seat_released"), logged("calendar.withdrawn")
    with transaction():
        told = cancel_as_foreseen(edition_id=edition_id, seen=foreseen.fingerprint, actor=OFFICE, now=NOW)
    assert (told, mails()) == (len(foreseen.participants), foreseen.mails)
    assert (before[0] or 0) - (db.session.scalar(taken) or 0) == foreseen.seats + foreseen.held
    assert logged("enrolment.seat_released") - before[1] == foreseen.seats
    assert logged("calendar.withdrawn") - before[2] == foreseen.withdrawn == 7
    ended = select(func.sum(Enrolment.price_cents), func.sum(Enrolment.cost_cents)).where(
        Enrolment.edition_id == edition_id
    )
    assert tuple(db.session.execute(ended).one()) == (foreseen.cents - 2 * 40000, 0)


def test_what_has_begun_stays(given: EditionAndMeetings):
    later = given.meetings[0].starts_at + timedelta(minutes=1)
    foreseen = foresee_cancelling(given.edition.id, later)
    assert (foreseen.stays, foreseen.seats, len(foreseen.guests)) == (2, 2, 0)
    released = logged("enrolment.seat_released")
    with transaction():
        cancel_as_foreseen(edition_id=given.edition.id, seen=foreseen.fingerprint, actor=OFFICE, now=later)
    assert logged("enrolment.seat_released") - released == foreseen.seats
    assert mails() == foreseen.mails


def test_an_accreditation_that_does_not_hold_then_is_named(given: EditionAndMeetings):
    first, second = given.meetings
    module = factories.db.session.get_one(factories.Module, first.module_id)
    ends = {"valid_until": clock.local_date(first.starts_at)}
    factories.accreditation(module, "SKJ", 4, number="SKJ-1", **ends)
    factories.accreditation(module, "Registerplein", 3)
    assert [grant.number for grant in foresee_move(first.id, slot(first), NOW).lapses] == ["SKJ-1"]
    assert foresee_move(first.id, slot(first, days=-1), NOW).lapses == ()
    assert foresee_move(second.id, slot(second), NOW).lapses == ()


@pytest.mark.parametrize(("minutes", "clashing"), [(-180, 0), (-179, 1), (0, 1), (179, 1), (180, 0)])
def test_who_is_expected_elsewhere_then_is_named(given: EditionAndMeetings, minutes: int, clashing: int):
    """Another training of Noor and of a participant lasts from half past nine to half past twelve."""
    first, becomes = given.meetings[0], slot(given.meetings[0])
    elsewhere = factories.edition_with_meetings(
        factories.course_with_modules(1, title="Netwerk"),
        clock.local_date(becomes.starts_at),
        trainer=db.session.scalars(select(Person).where(Person.name == "Noor van Dijk")).one(),
    )
    taker = foresee_move(first.id, becomes, NOW).participants[0]
    factories.enrolment(elsewhere, db.session.get_one(Person, taker.number))
    by = timedelta(minutes=minutes)
    shifted = becomes._replace(starts_at=becomes.starts_at + by, ends_at=becomes.ends_at + by)
    clashes = foresee_move(first.id, shifted, NOW).clashes
    both = [("Amira", False, "Netwerk"), ("Noor van Dijk", True, "Netwerk")]
    assert [clash[:3] for clash in clashes] == both * clashing


def test_certificates_wait_for_the_last_meeting(given: EditionAndMeetings):
    first, second = given.meetings
    assert (lambda f: f.ended_on == f.ends_on)(foresee_move(first.id, slot(first), NOW))
    moved = foresee_move(second.id, slot(second, days=10), NOW)
    assert (moved.ends_on - moved.ended_on).days == 10


def test_a_deed_is_refused_when_the_facts_changed_meanwhile(given: EditionAndMeetings):
    first, becomes = given.meetings[0], slot(given.meetings[0])
    seen, cancelling = foresee_move(first.id, becomes, NOW), foresee_cancelling(given.edition.id, NOW)
    enrol(given, factories.person(name="Zoë"))
    with pytest.raises(Conflict, match="intussen iets veranderd"):
        move(first, becomes, seen)
    with pytest.raises(Conflict, match="intussen iets veranderd"), transaction():
        cancel_as_foreseen(edition_id=given.edition.id, seen=cancelling.fingerprint, actor=OFFICE, now=NOW)
    assert mails() == 0
    # Another time than was looked at is another deed.
    again = foresee_move(first.id, becomes, NOW)
    with pytest.raises(Conflict):
        move(first, slot(first, days=2), again)
    assert move(first, becomes, again) == 4


def test_what_cannot_be_done_is_not_foreseen(given: EditionAndMeetings):
    first = given.meetings[0]
    with pytest.raises(Refused, match="Er verandert niets"):
        foresee_move(first.id, slot(first, days=0, venue=f" {first.venue} "), NOW)
    with pytest.raises(Refused, match="Kies een begintijd die nog komt"):
        foresee_move(first.id, slot(first, days=-200), NOW)
    for look in (lambda: foresee_move(987, slot(first), NOW), lambda: foresee_cancelling(987, NOW)):
        with pytest.raises(NotFound):
            look()
    with pytest.raises(NotFound), transaction():
        move_as_foreseen(meeting_id=987, becomes=slot(first), seen="", actor=OFFICE, now=NOW)


def test_looking_changes_nothing(given: EditionAndMeetings):
    first = given.meetings[0]
    entries = audit.list_entries().total
    assert foresee_move(first.id, slot(first), NOW) == foresee_move(first.id, slot(first), NOW)
    foresee_cancelling(given.edition.id, NOW)
    assert [*db.session.new, *db.session.dirty] == []
    assert (audit.list_entries().total, db.session.get_one(Edition, given.edition.id).state) == (entries, "published")

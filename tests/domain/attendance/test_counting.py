"""Groups that are counted only: a number that is signed, and its correction."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal import audit
from portal.audit import Actor
from portal.db import db, transaction
from portal.documents.photo import Photo
from portal.domain.accounts.models import Person
from portal.domain.attendance import commands, counting, paper
from portal.domain.attendance.counting import find_count, list_counts
from portal.domain.attendance.models import AttendanceSheet
from portal.domain.attendance.queries import get_meeting_head, trainers_day
from portal.domain.attendance.signed_counts import check_number
from portal.domain.attendance.signing import Verdict
from portal.domain.catalogue.rules import EditionKind
from portal.errors import Conflict, DomainError, NotFound, Refused
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings

MOMENT = timedelta(minutes=1)


@dataclass
class Room:
    """A meeting that ended a minute ago, of which the people are counted, with its trainer."""

    given: EditionAndMeetings
    meeting_id: int
    trainer: Person
    now: datetime

    @property
    def actor(self) -> Actor:
        return Actor.person(self.trainer.id)

    def sign(self, people: int = 12, signed_name: str = "Noor Jansen", now: datetime | None = None) -> None:
        with transaction():
            counting.sign_count(
                meeting_id=self.meeting_id,
                people=people,
                signed_name=signed_name,
                actor=self.actor,
                now=now or self.now,
            )

    def amend(self, people: int, was: int = 12, reason: str = "Twee kwamen later") -> None:
        with transaction():
            counting.amend_count(
                meeting_id=self.meeting_id, was=was, people=people, reason=reason, actor=self.actor, now=self.now
            )


def room_of(*, counted_only: bool) -> Room:
    trainer = factories.person(name="Noor Jansen")
    given = factories.edition_with_meetings(
        factories.course_with_modules(2),
        trainer=trainer,
        kind=EditionKind.IN_COMPANY,
        organisation_id=factories.organisation().id,
        counted_only=counted_only,
    )
    room = Room(given, given.meetings[0].id, trainer, given.meetings[0].ends_at + MOMENT)
    db.session.commit()
    return room


@pytest.fixture
def room(app) -> Room:
    return room_of(counted_only=True)


def events(tag: str) -> list[audit.TrailEntry]:
    return audit.list_entries(tag=tag).entries


@pytest.mark.parametrize("people", [0, 1, 12, 500])
def test_a_number_is_kept_and_signed(room: Room, people: int):
    room.sign(people)
    assert find_count(room.meeting_id) == people
    head = get_meeting_head(room.meeting_id)
    assert (head.finished_at, head.signed_name) == (room.now, "Noor Jansen")
    (entry,) = events("attendance.people_counted")
    assert (entry.facts["meeting_id"], entry.facts["people"]) == (room.meeting_id, people)
    assert list_counts(room.given.edition.id) == {room.meeting_id: people}


def test_nobody_is_told_and_nothing_else_follows(room: Room):
    room.sign()
    assert db.session.scalar(select(func.count(OutgoingMail.id))) == 0
    assert {entry.tag for entry in audit.list_entries().entries} == {"attendance.people_counted"}


@pytest.mark.parametrize("people", [-1, 501])
def test_an_impossible_number_is_refused(room: Room, people: int):
    with pytest.raises(Refused, match="0 tot en met 500") as refused:
        room.sign(people)
    assert refused.value.field == "people"
    assert db.session.get(AttendanceSheet, room.meeting_id) is None


def test_it_is_signed_when_it_is_over_by_ones_own_name_and_once(room: Room):
    with pytest.raises(Refused, match="voorbij"):
        room.sign(now=room.now - 2 * MOMENT)
    with pytest.raises(Refused, match="Vul je naam in"):
        room.sign(signed_name="Bram")
    room.sign()
    with pytest.raises(Conflict, match="al getekend"):
        room.sign(13)
    assert find_count(room.meeting_id) == 12


def test_another_number_needs_a_reason_which_the_log_keeps(room: Room):
    room.sign()
    with pytest.raises(Refused, match="waarom") as refused:
        room.amend(14, reason="")
    assert refused.value.field == "reason"
    room.amend(14)
    assert find_count(room.meeting_id) == 14
    (entry,) = events("attendance.count_amended")
    assert (entry.facts["before"], entry.facts["people"], entry.facts["reason"]) == (12, 14, "Twee kwamen later")


def test_the_same_number_once_more_changes_and_notes_nothing(room: Room):
    room.sign()
    room.amend(12)
    assert events("attendance.count_amended") == []


def test_two_corrections_do_not_overwrite_one_another(room: Room):
    room.sign()
    room.amend(14)
    with pytest.raises(Conflict, match="op 14"):
        room.amend(15)
    room.amend(15, was=14)
    assert find_count(room.meeting_id) == 15


def test_only_what_was_signed_can_be_corrected_and_only_to_what_is_possible(room: Room):
    with pytest.raises(Conflict):
        room.amend(14)
    room.sign()
    with pytest.raises(Refused, match="0 tot en met 500"):
        room.amend(501)


def test_a_list_by_name_is_not_counted(app):
    room = room_of(counted_only=False)
    with pytest.raises(NotFound):
        room.sign()
    with pytest.raises(NotFound):
        room.amend(3)
    assert list_counts(room.given.edition.id) is None


def test_where_people_are_counted_there_is_no_list_by_name(room: Room):
    about = {"meeting_id": room.meeting_id, "actor": room.actor, "now": room.now}
    for command, values in (
        (commands.mark, {"changes": []}),
        (commands.mark_rest_present, {}),
        (commands.take_back, {"seat_ids": []}),
        (commands.finish, {"signed_name": "Noor Jansen"}),
        (paper.add_photo, {"photo": Photo(b"names", 1, 1)}),
        (paper.compare, {"found": [], "extra": paper.Extra(), "extra_was": ""}),
    ):
        with pytest.raises(DomainError, match="schrijven we geen namen op"), transaction():
            command(**about | values)
    assert db.session.get(AttendanceSheet, room.meeting_id) is None


def test_a_trainers_day_has_it_until_it_is_signed(room: Room):
    a_day_later = room.now + timedelta(days=1)
    (card,) = trainers_day(room.trainer.id, now=a_day_later).unfinished
    assert (card.id, card.counted_only, card.counted) == (room.meeting_id, True, None)
    room.sign()
    assert trainers_day(room.trainer.id, now=a_day_later).unfinished == []
    (card,) = trainers_day(room.trainer.id, now=room.now).today
    assert (card.counted, card.finished) == (12, True)


# What is signed


def test_what_is_signed_of_a_number_is_a_text_that_anybody_can_make(room: Room):
    room.sign(12)
    meeting, sheet = room.given.meetings[0], db.session.get(AttendanceSheet, room.meeting_id)
    form = "%Y-%m-%dT%H:%M:%S.%fZ"
    text = (
        "leerkring-aantal 1\n"
        f"bijeenkomst {meeting.id}\n"
        f"uitvoering {meeting.edition_id}\n"
        f"dagdeel {meeting.module_id}\n"
        f"begin {meeting.starts_at.strftime(form)}\n"
        f"einde {meeting.ends_at.strftime(form)}\n"
        f"afgerond {room.now.strftime(form)} door {room.trainer.id}\n"
        "mensen 12\n"
    )
    assert sheet.sha256 == hashlib.sha256(text.encode()).hexdigest()
    (entry,) = events("attendance.people_counted")
    assert entry.facts["sha256"] == sheet.sha256


def test_changes_with_a_reason_are_undone_before_it_is_compared(room: Room):
    room.sign(12)
    assert check_number(room.meeting_id, 12).verdict == Verdict.UNCHANGED
    room.amend(14)
    room.amend(13, was=14)
    found = check_number(room.meeting_id, 13)
    assert (found.verdict, found.people, found.amendments) == (Verdict.AMENDED, 12, 2)


@pytest.mark.parametrize("amended", [False, True])
def test_a_number_that_was_changed_otherwise_is_found(room: Room, amended: bool):
    room.sign(12)
    if amended:
        room.amend(14)
    assert check_number(room.meeting_id, 20).verdict == Verdict.DIFFERENT


def test_a_number_of_before_hashes_were_kept_says_so(room: Room):
    room.sign(12)
    db.session.get(AttendanceSheet, room.meeting_id).sha256 = None
    db.session.flush()
    assert check_number(room.meeting_id, 12).verdict == Verdict.NO_HASH


def test_of_what_nobody_signed_there_is_nothing_to_compare(room: Room):
    with pytest.raises(NotFound):
        check_number(room.meeting_id, 12)

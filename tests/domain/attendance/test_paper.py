"""The list on paper: its photos, what the paper says, and what the log notes of both."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal import audit
from portal.audit import Actor
from portal.db import db, transaction
from portal.documents.photo import Photo
from portal.domain.accounts.models import Person
from portal.domain.attendance import commands, paper
from portal.domain.attendance.paper import Found
from portal.domain.attendance.paper_models import PaperCheck, PaperPhoto
from portal.domain.attendance.paper_queries import find_extra, get_photo, list_compared, list_photos
from portal.domain.attendance.paper_rules import (
    MOST_PHOTOS,
    NOT_COMPARED,
    Check,
    Compared,
    Extra,
    OnPaper,
    check_fingerprint,
)
from portal.domain.attendance.rules import fingerprint
from portal.errors import Conflict, NotFound, Refused
from tests import factories

AGREES, DIFFERS = Check(OnPaper.AGREES), Check(OnPaper.DIFFERS, "tekende niet")


def photo(number: int = 0) -> Photo:
    return Photo(b"jpeg %d" % number, 1200, 900)


@dataclass
class Room:
    """A meeting that ended a minute ago, with its trainer and three people in it."""

    meeting_id: int
    trainer: Person
    now: datetime

    @property
    def actor(self) -> Actor:
        return Actor.person(self.trainer.id)

    @property
    def rows(self) -> list[Compared]:
        return list_compared(self.meeting_id)

    def add(self, taken: Photo | None = None, now: datetime | None = None) -> int:
        with transaction():
            return paper.add_photo(
                meeting_id=self.meeting_id, photo=taken or photo(), actor=self.actor, now=now or self.now
            )

    def withdraw(self, photo_id: int, reason: str = "Verkeerde bijeenkomst") -> None:
        with transaction():
            paper.withdraw_photo(
                meeting_id=self.meeting_id, photo_id=photo_id, reason=reason, actor=self.actor, now=self.now
            )

    def found(self, *checks: Check) -> list[Found]:
        """What a page says that shows the list as it is, with these choices made."""
        rows = zip(self.rows, checks, strict=False)
        return [Found(row.seat_id, check_fingerprint(row.holds), fingerprint(row.mark), check) for row, check in rows]

    def compare(self, found: list[Found], extra: Extra | None = None, by: Person | None = None) -> None:
        known = find_extra(self.meeting_id)
        with transaction():
            paper.compare(
                meeting_id=self.meeting_id,
                found=found,
                extra=known if extra is None else extra,
                extra_was=check_fingerprint(known),
                actor=Actor.person(by.id) if by else self.actor,
                now=self.now,
            )


@pytest.fixture
def room(app) -> Room:
    given = factories.edition_with_meetings(factories.course_with_modules(1))
    for name in ("Amira", "Bram", "Chantal"):
        factories.enrolment(given, factories.person(name=name))
    trainer = factories.person(name="Noor Jansen")
    made = Room(given.meetings[0].id, trainer, given.meetings[0].ends_at + timedelta(minutes=1))
    db.session.commit()
    return made


def events(tag: str) -> list[audit.TrailEntry]:
    return audit.list_entries(tag=tag).entries


def test_a_photo_is_kept_with_who_added_it_and_when(room: Room):
    number = room.add()
    (shown,) = list_photos(room.meeting_id)
    assert (shown.id, shown.width, shown.height, shown.added_by) == (number, 1200, 900, "Noor Jansen")
    assert shown.added_at == room.now
    assert get_photo(room.meeting_id, number) == b"jpeg 0"
    (entry,) = events("attendance.paper_photo_added")
    sha256 = hashlib.sha256(b"jpeg 0").hexdigest()
    assert (entry.facts["paper_photo_id"], entry.facts["sha256"]) == (number, sha256)


def test_the_same_photo_twice_is_kept_once(room: Room):
    assert room.add() == room.add()
    assert room.add(photo(1)) != room.add()
    assert [entry.facts["sha256"] for entry in events("attendance.paper_photo_added")] == [
        hashlib.sha256(photo(number).jpeg).hexdigest() for number in (1, 0)
    ]


def test_nobody_can_have_signed_before_it_begins(room: Room):
    with pytest.raises(Refused, match="Deze bijeenkomst begint"):
        room.add(now=room.now - timedelta(days=1))
    assert list_photos(room.meeting_id) == []


def test_a_photo_may_be_added_after_the_list_was_finished(room: Room):
    with transaction():
        commands.mark_rest_present(meeting_id=room.meeting_id, actor=room.actor, now=room.now)
        commands.finish(meeting_id=room.meeting_id, signed_name="Noor Jansen", actor=room.actor, now=room.now)
    room.add()
    assert len(list_photos(room.meeting_id)) == 1


def test_there_is_an_end_to_photos_and_what_was_withdrawn_does_not_count(room: Room):
    numbers = [room.add(photo(number)) for number in range(MOST_PHOTOS)]
    with pytest.raises(Refused, match="Trek er eerst een in"):
        room.add(photo(99))
    room.withdraw(numbers[0])
    assert room.add(photo(99)) not in numbers


def test_what_was_withdrawn_is_kept_and_shown_to_nobody(room: Room):
    number = room.add()
    room.withdraw(number)
    assert list_photos(room.meeting_id) == []
    with pytest.raises(NotFound):
        get_photo(room.meeting_id, number)
    row = db.session.get(PaperPhoto, number)
    assert row is not None
    assert (row.jpeg, row.withdrawn_at, row.withdrawn_by_id) == (b"jpeg 0", room.now, room.trainer.id)
    (entry,) = events("attendance.paper_photo_withdrawn")
    assert (entry.facts["paper_photo_id"], entry.facts["reason"]) == (number, "Verkeerde bijeenkomst")
    with pytest.raises(NotFound):
        room.withdraw(number)


def test_withdrawing_needs_a_reason_and_a_photo_of_this_meeting(room: Room):
    number = room.add()
    with pytest.raises(Refused, match="waarom"):
        room.withdraw(number, reason="")
    other = factories.edition_with_meetings(factories.course_with_modules(1))
    db.session.commit()
    with pytest.raises(NotFound), transaction():
        paper.withdraw_photo(
            meeting_id=other.meetings[0].id, photo_id=number, reason="Fout", actor=room.actor, now=room.now
        )
    with pytest.raises(NotFound):
        get_photo(other.meetings[0].id, number)
    assert len(list_photos(room.meeting_id)) == 1


def test_what_the_paper_says_is_kept_with_who_looked_and_when(room: Room):
    room.add()
    room.compare(room.found(AGREES, DIFFERS, NOT_COMPARED), Extra(2, "Karin en haar collega"))
    assert [row.check for row in room.rows] == [AGREES, DIFFERS, NOT_COMPARED]
    assert [row.checked_by for row in room.rows] == ["Noor Jansen", "Noor Jansen", ""]
    assert find_extra(room.meeting_id) == Extra(2, "Karin en haar collega")
    changes = [(entry.facts["before"], entry.facts["after"]) for entry in events("attendance.paper_compared")]
    assert changes == [("open", "differs"), ("open", "agrees")]
    (extra,) = events("attendance.paper_extra_noted")
    assert (extra.facts["before"], extra.facts["people"]) == (0, 2)


def test_only_what_changed_is_stored_and_logged(room: Room):
    room.add()
    room.compare(room.found(AGREES, AGREES, AGREES))
    room.compare(room.found(AGREES, DIFFERS, AGREES))
    assert len(events("attendance.paper_compared")) == 4
    assert events("attendance.paper_extra_noted") == []
    room.compare(room.found(AGREES, DIFFERS, AGREES))
    assert len(events("attendance.paper_compared")) == 4


def test_nothing_is_compared_without_a_photo(room: Room):
    room.withdraw(room.add())
    with pytest.raises(Refused, match="Voeg eerst een foto"):
        room.compare(room.found(AGREES))
    assert db.session.scalars(select(PaperCheck)).all() == []


def test_a_mark_that_changes_afterwards_has_to_be_compared_again(room: Room):
    room.add()
    room.compare(room.found(AGREES, AGREES, AGREES))
    with transaction():
        commands.mark_rest_present(meeting_id=room.meeting_id, actor=room.actor, now=room.now)
    assert [row.holds for row in room.rows] == [NOT_COMPARED] * 3
    assert all(row.is_outdated for row in room.rows)
    room.compare(room.found(AGREES))
    assert [row.holds for row in room.rows] == [AGREES, NOT_COMPARED, NOT_COMPARED]


def test_a_mark_that_changed_while_somebody_compared_does_not_count_as_compared(room: Room):
    room.add()
    seen = room.found(AGREES)
    with transaction():
        commands.mark_rest_present(meeting_id=room.meeting_id, actor=room.actor, now=room.now)
    room.compare(seen)
    assert room.rows[0].is_outdated


def test_who_found_something_else_meanwhile_is_not_overwritten_unseen(room: Room):
    room.add()
    seen = room.found(AGREES)
    room.compare(room.found(DIFFERS), by=factories.person(name="Samir"))
    with pytest.raises(Conflict, match="bij: Amira"):
        room.compare(seen)
    assert room.rows[0].check == DIFFERS
    room.compare(room.found(AGREES))
    assert room.rows[0].check == AGREES


def test_two_who_found_the_same_do_not_clash(room: Room):
    room.add()
    seen = room.found(AGREES)
    room.compare(room.found(AGREES), by=factories.person(name="Samir"))
    room.compare(seen)
    assert room.rows[0].checked_by == "Samir"


def test_who_left_a_row_as_it_was_takes_nothing_back(room: Room):
    room.add()
    seen = room.found(NOT_COMPARED, AGREES)
    room.compare(room.found(DIFFERS), Extra(1, "Karin"), by=factories.person(name="Samir"))
    with transaction():
        paper.compare(
            meeting_id=room.meeting_id,
            found=seen,
            extra=Extra(),
            extra_was=check_fingerprint(Extra()),
            actor=room.actor,
            now=room.now,
        )
    assert [row.check for row in room.rows] == [DIFFERS, AGREES, NOT_COMPARED]
    assert find_extra(room.meeting_id) == Extra(1, "Karin")


@pytest.mark.parametrize(
    ("check", "why"), [(Check(None, "iets"), "Kies bij Amira"), (Check(OnPaper.DIFFERS, "x" * 201), "korter")]
)
def test_a_note_without_a_choice_and_a_long_one_are_refused(room: Room, check: Check, why: str):
    room.add()
    with pytest.raises(Refused, match=why):
        room.compare(room.found(check))


@pytest.mark.parametrize("extra", [Extra(-1), Extra(51), Extra(1, "x" * 201)])
def test_an_impossible_number_on_paper_only_is_refused(room: Room, extra: Extra):
    room.add()
    with pytest.raises(Refused):
        room.compare(room.found(AGREES), extra)
    assert room.rows[0].check == NOT_COMPARED


def test_a_seat_of_another_meeting_is_not_there(room: Room):
    room.add()
    with pytest.raises(NotFound):
        room.compare([Found(987654, check_fingerprint(NOT_COMPARED), "", AGREES)])


def test_the_number_of_queries_does_not_depend_on_the_number_of_people(room: Room, count_queries):
    room.add()
    one, all_found = room.found(AGREES), room.found(NOT_COMPARED, AGREES, AGREES)
    with count_queries() as few:
        room.compare(one)
    with count_queries() as many:
        room.compare(all_found)
    assert len(many) == len(few), many

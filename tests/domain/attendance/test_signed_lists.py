"""Signing a list with its hash, amending it, and telling whether it still says what was signed; on the database."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from portal import audit
from portal.db import WRITES, db
from portal.domain.attendance.amendments import list_amendments, list_corrections
from portal.domain.attendance.models import Attendance, AttendanceAmendment, AttendanceSheet
from portal.domain.attendance.rules import Mark, Status
from portal.domain.attendance.signed_lists import check_signature
from portal.domain.attendance.signing import Verdict, hash_of
from portal.domain.catalogue.models import Meeting
from portal.domain.enrolment.models import Seat
from portal.errors import NotFound
from tests import factories
from tests.domain.attendance.test_commands import LATE, PRESENT, Room, events, room_of

ABSENT = Mark(Status.ABSENT)


@pytest.fixture
def room(app) -> Room:
    made = room_of(3)
    made.mark(PRESENT, LATE, Mark(Status.EXCUSED, excuse="Ziek"))
    made.now += timedelta(minutes=5)
    return made


def test_finishing_keeps_the_hash_with_the_list_and_in_the_log(room: Room):
    room.finish()
    signature = check_signature(room.meeting_id)
    assert signature.verdict == Verdict.UNCHANGED
    assert signature.kept_hash == hash_of(signature.text)
    assert [entry.facts["sha256"] for entry in events("attendance.finished")] == [signature.kept_hash]
    assert "Ziek" not in signature.text
    assert "Deelnemer" not in signature.text
    assert "Noor" not in signature.text


def test_an_open_list_has_no_signature(room: Room):
    with pytest.raises(NotFound):
        check_signature(room.meeting_id)


def test_amendments_are_kept_with_what_was_and_undone_to_what_was_signed(room: Room):
    room.finish()
    signed = check_signature(room.meeting_id).text
    room.now += timedelta(hours=1)
    room.amend(room.rows[0], ABSENT, reason="Zat in de andere groep")
    room.now += timedelta(hours=1)
    room.amend(room.rows[0], LATE, reason="Toch gezien")
    room.amend(room.rows[1], PRESENT)
    now = check_signature(room.meeting_id)
    assert (now.verdict, now.amendments, now.text) == (Verdict.AMENDED, 3, signed)
    kept = [(one.name, one.was, one.became, one.reason, one.by) for one in list_amendments(room.meeting_id)]
    assert kept == [
        ("Deelnemer 01", LATE, PRESENT, "Stond op de verkeerde regel", "Noor Jansen"),
        ("Deelnemer 00", ABSENT, LATE, "Toch gezien", "Noor Jansen"),
        ("Deelnemer 00", PRESENT, ABSENT, "Zat in de andere groep", "Noor Jansen"),
    ]


def test_another_excuse_is_an_amendment_without_the_excuse(room: Room):
    room.finish()
    room.amend(room.rows[2], Mark(Status.EXCUSED, excuse="Op vakantie"), reason="Verkeerd opgeschreven")
    (one,) = list_amendments(room.meeting_id)
    assert one.only_excuse
    assert check_signature(room.meeting_id).verdict == Verdict.AMENDED
    columns = db.session.execute(select(AttendanceAmendment.__table__)).one()
    assert not {"Ziek", "Op vakantie"} & set(columns)


def test_what_is_refused_leaves_no_amendment(room: Room):
    room.finish()
    assert room.amend(room.rows[0], PRESENT) is None
    with pytest.raises(Exception, match="waarom"):
        room.amend(room.rows[0], ABSENT, reason="")
    assert list_amendments(room.meeting_id) == []


def test_a_participant_reads_what_was_corrected(room: Room):
    room.finish()
    row = room.rows[0]
    room.amend(row, ABSENT)
    (one,) = list_corrections(row.enrolment_id)
    assert (one.position, one.was, one.became, one.at) == (1, PRESENT, ABSENT, room.now)
    assert list_corrections(room.rows[1].enrolment_id) == []


def mark_was_changed(room: Room) -> None:
    db.session.execute(update(Attendance).where(Attendance.seat_id == room.rows[0].seat_id).values(status="late"))


def marker_was_changed(room: Room) -> None:
    other = factories.person()
    db.session.execute(
        update(Attendance).where(Attendance.seat_id == room.rows[1].seat_id).values(marked_by_id=other.id)
    )


def amended_mark_was_changed(room: Room) -> None:
    room.amend(room.rows[0], ABSENT)
    db.session.execute(update(Attendance).where(Attendance.seat_id == room.rows[0].seat_id).values(status="present"))


def seat_was_taken_away(room: Room) -> None:
    db.session.execute(update(Seat).where(Seat.id == room.rows[2].seat_id).values(released_at=room.now))


def somebody_was_added(room: Room) -> None:
    factories.enrolment(room.given)


def meeting_was_moved(room: Room) -> None:
    meeting = db.session.get(Meeting, room.meeting_id)
    meeting.starts_at -= timedelta(minutes=30)


def signer_was_changed(room: Room) -> None:
    db.session.get(AttendanceSheet, room.meeting_id).finished_at += timedelta(seconds=1)


@pytest.mark.parametrize(
    "tamper",
    [
        mark_was_changed,
        marker_was_changed,
        amended_mark_was_changed,
        seat_was_taken_away,
        somebody_was_added,
        meeting_was_moved,
        signer_was_changed,
    ],
)
def test_what_is_changed_outside_the_portal_is_seen(room: Room, tamper):
    room.finish()
    tamper(room)
    db.session.commit()
    assert check_signature(room.meeting_id).verdict == Verdict.DIFFERENT


def test_a_list_of_before_says_that_it_has_no_hash(room: Room):
    room.finish()
    db.session.get(AttendanceSheet, room.meeting_id).sha256 = None
    db.session.commit()
    mark_was_changed(room)
    assert check_signature(room.meeting_id).verdict == Verdict.NO_HASH


# The triggers

ONLY = {
    "sqlite": ["INSERT OR REPLACE INTO attendance_amendments SELECT * FROM attendance_amendments"],
    "postgresql": ["TRUNCATE attendance_amendments"],
}


def test_the_database_refuses_to_change_an_amendment(room: Room, database_kind: str):
    room.finish()
    room.amend(room.rows[0], ABSENT)
    db.session.rollback()
    columns = [column.name for column in AttendanceAmendment.__table__.columns if column.name != "reason"]
    statements = [
        "DELETE FROM attendance_amendments",
        "UPDATE attendance_amendments SET reason = 'iets anders'",
        *(f"UPDATE attendance_amendments SET {name} = {name}" for name in columns),
        *ONLY[database_kind],
    ]
    for statement in statements:
        with (
            db.engine.connect().execution_options(**{WRITES: True}) as connection,
            pytest.raises(DatabaseError, match="append-only"),
        ):
            connection.execute(text(statement))
    assert [one.reason for one in list_amendments(room.meeting_id)] == ["Stond op de verkeerde regel"]


def test_a_reason_can_be_erased(room: Room):
    room.finish()
    room.amend(room.rows[0], ABSENT)
    db.session.execute(update(AttendanceAmendment).values(reason=""))
    db.session.commit()
    assert [one.reason for one in list_amendments(room.meeting_id)] == [""]
    assert check_signature(room.meeting_id).verdict == Verdict.AMENDED


def test_the_log_keeps_the_reason_apart(room: Room):
    room.finish()
    room.amend(room.rows[0], ABSENT)
    (entry,) = events("attendance.amended")
    assert entry.private == frozenset({"reason"})
    assert audit.verify() is None


def test_checking_thirty_people_asks_as_much_as_three(room: Room, count_queries):
    asked = []
    for people in (3, 30):
        other = room_of(people)
        other.mark(*[PRESENT] * people)
        other.finish()
        for row in other.rows:
            other.amend(row, ABSENT)
        db.session.commit()
        with count_queries() as queries:
            check_signature(other.meeting_id)
        asked.append(len(queries))
    assert asked == [3, 3]

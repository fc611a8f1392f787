"""Tables of who was there."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, UtcDateTime
from portal.domain.enrolment.models import Seat


class AttendanceSheet(Base):
    """The finishing of a meeting's list: who did it and when. While there is no row, the list is open.

    `sha256`: the hash of what was signed (signing.py); None for what was finished before hashes were kept."""

    __tablename__ = "attendance_sheets"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    finished_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    signed_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str | None] = mapped_column(String(64))


class Attendance(Base):
    """One person's mark for one meeting. No row means 'not marked', which is not 'absent'."""

    __tablename__ = "attendances"
    __table_args__ = (CheckConstraint("minutes_late >= 0 AND minutes_left_early >= 0", name="minutes"),)

    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"), primary_key=True)
    status: Mapped[str | None] = mapped_column(String(12))
    minutes_late: Mapped[int] = mapped_column(default=0)
    minutes_left_early: Mapped[int] = mapped_column(default=0)
    excuse: Mapped[str] = mapped_column(Text, default="")
    preparation_done: Mapped[bool] = mapped_column(default=False)
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    marked_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    seat: Mapped[Seat] = relationship(lazy="raise_on_sql")


class AttendanceCheckIn(Base):
    """Somebody said that they are there, before or while the meeting was given; `how` as door.How. Once a seat."""

    __tablename__ = "attendance_check_ins"

    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    how: Mapped[str] = mapped_column(String(10))


class AttendanceTap(Base):
    """A choice as a phone sent it, and what became of it: kept for ever the same, also when it lost.

    `key` was made by the phone, so that what is sent twice counts once. `tapped_at` is on the server's clock; None when
    the phone's clock could not tell."""

    __tablename__ = "attendance_taps"
    __table_args__ = (Index("ix_attendance_taps_meeting_id", "meeting_id"),)

    key: Mapped[str] = mapped_column(String(36), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    status: Mapped[str | None] = mapped_column(String(12))
    minutes_late: Mapped[int]
    minutes_left_early: Mapped[int]
    excuse: Mapped[str] = mapped_column(Text)
    preparation_done: Mapped[bool]
    tapped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(String(16))


class AttendanceAmendment(Base):
    """A change of a mark on a finished list: the mark before and after, and why. Triggers in the migrations refuse
    UPDATE and DELETE, on both databases, save that a reason may be emptied.

    `was_marked_at` and `was_marked_by_id` are None for what was amended before amendments were kept: the log of that
    time does not tell."""

    __tablename__ = "attendance_amendments"
    __table_args__ = (
        Index("ix_attendance_amendments_meeting_id", "meeting_id"),
        Index("ix_attendance_amendments_seat_id", "seat_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"))
    was_status: Mapped[str | None] = mapped_column(String(12))
    was_minutes_late: Mapped[int]
    was_minutes_left_early: Mapped[int]
    was_preparation_done: Mapped[bool]
    was_marked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    was_marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    status: Mapped[str] = mapped_column(String(12))
    minutes_late: Mapped[int]
    minutes_left_early: Mapped[int]
    preparation_done: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    amended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    amended_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))

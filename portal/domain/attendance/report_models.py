"""Tables of the reports of meeting programs."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, UtcDateTime


class AttendanceReport(Base):
    """A report that somebody sent, known by the digest of its bytes. `visits`: what it says, and `answers`: who is who
    in it, by key; both only until it is taken over, or for a few days: it names people who are on no list."""

    __tablename__ = "attendance_reports"
    __table_args__ = (
        UniqueConstraint("meeting_id", "digest"),
        Index("ix_attendance_reports_sent_at", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    digest: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(10))
    visits: Mapped[list[Any]] = mapped_column(JSON)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_kept: Mapped[bool]
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    taken_over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_over_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class PresenceInterval(Base):
    """A time that somebody was in an online meeting, by a report that was taken over: evidence beside the mark."""

    __tablename__ = "presence_intervals"
    __table_args__ = (UniqueConstraint("report_id", "seat_id", "from_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("attendance_reports.id"))
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"), index=True)
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime] = mapped_column(UtcDateTime)

"""Table of how many people were there, of groups of whom nobody is known by name."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, UtcDateTime


class HeadCount(Base):
    """How many people were in a meeting of an edition that is counted only. Its row comes with the signature of who
    counted, which is the meeting's `AttendanceSheet`."""

    __tablename__ = "head_counts"
    __table_args__ = (CheckConstraint("people BETWEEN 0 AND 500", name="people"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    people: Mapped[int]
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    counted_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))

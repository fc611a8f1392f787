"""Tables of the reminders: what people were told, and which meetings were gone through."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, UtcDateTime


class Reminder(Base):
    """One occasion of which one person was told; the unique key keeps it at one. Occasions that fall on one day share a
    mail."""

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("person_id", "occasion"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    occasion: Mapped[str] = mapped_column(String(60))
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReminderRound(Base):
    """Everybody in a meeting was looked at for one kind of reminder, with the meeting at that time and so many days
    before it. So the worker passes over it, until the meeting is moved or the office decides other days: whoever comes
    later is not reminded anyway."""

    __tablename__ = "reminder_rounds"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True)

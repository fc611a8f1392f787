"""Which calendar invitations are out: one per meeting and person, with the SEQUENCE that was sent last (RFC 5545)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, UtcDateTime


class CalendarInvitation(Base):
    """An event in somebody's calendar, who is there as a participant, as a trainer, or as both. `uid` never changes;
    `sequence` grows with every change of time or place; `changed_at` is when it last did, or was taken back."""

    __tablename__ = "calendar_invitations"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    uid: Mapped[str] = mapped_column(String(120), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    as_participant: Mapped[bool] = mapped_column(default=False)
    as_trainer: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CalendarReply(Base):
    """What somebody's calendar programme answered to an invitation. `message_key` names the mail, so that reading it
    twice counts once. `other_address`: it came from another address than the invitation went to. `asked_at`: when it
    became a question to the person themselves, which is open until `answered_at`. What was typed beside it is not
    kept."""

    __tablename__ = "calendar_replies"
    __table_args__ = (
        UniqueConstraint("message_key", "invitation_id"),
        Index(
            "uq_calendar_replies_open",
            "invitation_id",
            unique=True,
            sqlite_where=text("asked_at IS NOT NULL AND answered_at IS NULL"),
            postgresql_where=text("asked_at IS NOT NULL AND answered_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("calendar_invitations.id"), index=True)
    message_key: Mapped[str] = mapped_column(String(64))
    partstat: Mapped[str] = mapped_column(String(12))
    other_address: Mapped[bool]
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(String(12))


class CalendarFeed(Base):
    """A person's own address for a calendar programme to read; revocable, kept as a hash."""

    __tablename__ = "calendar_feeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

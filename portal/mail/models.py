"""Tables of mail: the outbox, and the texts that the office wrote."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, UtcDateTime


class MailState(StrEnum):
    """queued until sent; failed when every attempt was used; kept in a demo without a mail server. stopped: the office
    holds it up, and it may still go. dropped: the office never sends it."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    KEPT = "kept"
    STOPPED = "stopped"
    DROPPED = "dropped"


# In these a mail may go out yet, and what it tells a calendar comes before what later mail tells it.
STILL_TO_GO = (MailState.QUEUED, MailState.STOPPED)


class MailBatch(Base):
    """A deed of the office of which the mails wait together. `deed`: the tag of what the log notes of it."""

    __tablename__ = "mail_batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    deed: Mapped[str] = mapped_column(String(60))
    edition_id: Mapped[int | None] = mapped_column(index=True)
    made_by_id: Mapped[int | None]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    goes_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OutgoingMail(Base):
    """One mail to one person, as it was rendered. Claimed by the worker through `leased_until`."""

    __tablename__ = "outgoing_mails"
    __table_args__ = (
        Index("ix_outgoing_mails_due", "state", "next_attempt_at"),
        Index("ix_outgoing_mails_person_id", "person_id"),
        Index("ix_outgoing_mails_edition_id", "edition_id"),
        Index("ix_outgoing_mails_batch_id", "batch_id"),
        # For the order of calendars: is an earlier one for this person still to go?
        Index(
            "ix_outgoing_mails_calendars",
            "person_id",
            "state",
            "id",
            sqlite_where=text("calendar_method IS NOT NULL"),
            postgresql_where=text("calendar_method IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    person_id: Mapped[int | None]
    edition_id: Mapped[int | None]
    batch_id: Mapped[int | None]
    to_address: Mapped[str] = mapped_column(String(254))
    to_name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2))
    subject: Mapped[str] = mapped_column(String(250))
    text_body: Mapped[str] = mapped_column(Text)
    html_body: Mapped[str] = mapped_column(Text)
    calendar: Mapped[bytes | None] = mapped_column(LargeBinary)
    calendar_method: Mapped[str | None] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default=MailState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)


class MailText(Base):
    """A version of the office's own text of one kind of mail in one language; the newest holds and none is taken away.
    `subject` None: from here on the portal's original text again. `opening` and `closing` hold a paragraph a line."""

    __tablename__ = "mail_texts"
    __table_args__ = (UniqueConstraint("kind", "language", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(2))
    number: Mapped[int]
    subject: Mapped[str | None] = mapped_column(String(200))
    opening: Mapped[str] = mapped_column(Text, default="")
    closing: Mapped[str] = mapped_column(Text, default="")
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    written_by_id: Mapped[int | None]


class ReplyReading(Base):
    """How far a mailbox of replies has been read: up to the message with the number `last_uid`, as the server counted
    them while `uid_validity` was its name for that count. Claimed by a worker through `leased_until`."""

    __tablename__ = "reply_readings"

    account: Mapped[str] = mapped_column(String(300), primary_key=True)
    uid_validity: Mapped[str] = mapped_column(String(20), default="")
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    next_look_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(String(300), default="")
    answers: Mapped[int] = mapped_column(default=0)
    others: Mapped[int] = mapped_column(default=0)
    unreadable: Mapped[int] = mapped_column(default=0)

"""Tables of what was handed over. Rows stay: a new one takes the place of the one before, which remains its history."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, UtcDateTime
from portal.domain.enrolment.models import Enrolment
from portal.domain.handover.rules import RunState


class Handover(Base):
    """People of one edition, handed over to one register at once. The web service's takes some calls, which the worker
    makes under a lease; of those an edition has at most one that is not finished.

    `fault`: why it stopped by itself, as pe_online.Fault; `attempts`: how often it failed to reach the service in a
    row."""

    __tablename__ = "handovers"
    __table_args__ = (
        Index("ix_handovers_edition_id_register_code", "edition_id", "register_code"),
        Index(
            "uq_handovers_unfinished",
            "edition_id",
            "register_code",
            unique=True,
            sqlite_where=text("state <> 'finished'"),
            postgresql_where=text("state <> 'finished'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    register_code: Mapped[str] = mapped_column(ForeignKey("registers.code"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    way: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10), default=RunState.FINISHED)
    handed_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    fault: Mapped[str] = mapped_column(String(20), default="", server_default="")


class HandoverRow(Base):
    """One person in a hand-over: the number and points that were told, for a dagdeel or (module_id None) for the
    edition, and what the register said. `meeting_id`: where the dagdeel was followed, perhaps in another edition.

    `superseded`: a later row tells of the same. `reason` as rules.Refusal; `words`: the register's own."""

    __tablename__ = "handover_rows"
    __table_args__ = (
        Index("ix_handover_rows_handover_id", "handover_id"),
        Index("ix_handover_rows_enrolment_id", "enrolment_id"),
        Index(
            "uq_handover_rows_edition",
            "enrolment_id",
            "register_code",
            unique=True,
            sqlite_where=text("superseded = 0 AND module_id IS NULL"),
            postgresql_where=text("NOT superseded AND module_id IS NULL"),
        ),
        Index(
            "uq_handover_rows_module",
            "enrolment_id",
            "register_code",
            "module_id",
            unique=True,
            sqlite_where=text("superseded = 0 AND module_id IS NOT NULL"),
            postgresql_where=text("NOT superseded AND module_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    handover_id: Mapped[int] = mapped_column(ForeignKey("handovers.id"))
    register_code: Mapped[str] = mapped_column(ForeignKey("registers.code"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    module_id: Mapped[int | None] = mapped_column(ForeignKey("modules.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id"))
    number: Mapped[str] = mapped_column(String(40))
    points: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(20), default="", server_default="")
    words: Mapped[str] = mapped_column(Text, default="", server_default="")
    again: Mapped[bool] = mapped_column(default=False, server_default=false())
    superseded: Mapped[bool] = mapped_column(default=False, server_default=false())
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handover: Mapped[Handover] = relationship(lazy="raise_on_sql")
    enrolment: Mapped[Enrolment] = relationship(lazy="raise_on_sql")


class HandoverReminder(Base):
    """That the office was reminded of an edition, so many days after its last meeting."""

    __tablename__ = "handover_reminders"
    __table_args__ = (UniqueConstraint("edition_id", "register_code", "days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    register_code: Mapped[str] = mapped_column(ForeignKey("registers.code"))
    days: Mapped[int]
    reminded_at: Mapped[datetime] = mapped_column(UtcDateTime)

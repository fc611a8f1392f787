"""Tables of certificates. Facts and bytes are frozen at issue; a correction is a new certificate that replaces."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from portal.db import Base, UtcDateTime
from portal.domain.enrolment.models import Enrolment


class Certificate(Base):
    """What a participant got. `facts` is the canonical JSON of everything printed, `sha256` the hash of `pdf`.
    `end_reason` is a code of rules.EndReason, empty while it is valid."""

    __tablename__ = "certificates"
    __table_args__ = (
        Index(
            "uq_certificates_valid",
            "enrolment_id",
            unique=True,
            sqlite_where=text("state = 'valid'"),
            postgresql_where=text("state = 'valid'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    facts: Mapped[str] = mapped_column(Text)
    pdf: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    sha256: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str] = mapped_column(String(200), default="")
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"))
    enrolment: Mapped[Enrolment] = relationship(lazy="raise_on_sql")


class CertificateYear(Base):
    """The last number that was given in a year. Counted up in the transaction that issues, so no number is lost or
    doubled."""

    __tablename__ = "certificate_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_serial: Mapped[int]


class IssueRun(Base):
    """One batch of issuing for an edition; the worker does it, a few at a time, under a lease. An edition has at most
    one that is not finished."""

    __tablename__ = "issue_runs"
    __table_args__ = (
        Index(
            "uq_issue_runs_unfinished",
            "edition_id",
            unique=True,
            sqlite_where=text("state <> 'finished'"),
            postgresql_where=text("state <> 'finished'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    total: Mapped[int]
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class IssueRunItem(Base):
    """One enrolment of a batch and what became of it: waiting, issued, or refused with the reason in Dutch."""

    __tablename__ = "issue_run_items"

    run_id: Mapped[int] = mapped_column(ForeignKey("issue_runs.id"), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    sentence: Mapped[str] = mapped_column(Text, default="")

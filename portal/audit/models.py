"""Tables of the log. Triggers in the migrations refuse UPDATE and DELETE on the entries, on both databases."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, UtcDateTime


class AuditEntry(Base):
    """One thing that happened. `hash` covers every column and the hash of the entry before."""

    __tablename__ = "audit_entries"

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[int | None]
    via: Mapped[str] = mapped_column(String(10))
    tag: Mapped[str] = mapped_column(String(60), index=True)
    payload: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditThing(Base):
    """Index from a thing to the entries about it; follows from the payloads and can be rebuilt from them."""

    __tablename__ = "audit_things"
    __table_args__ = (Index("ix_audit_things_thing", "kind", "thing_id", "seq"),)

    seq: Mapped[int] = mapped_column(ForeignKey("audit_entries.seq"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    thing_id: Mapped[int] = mapped_column(primary_key=True)


class AuditSecret(Base):
    """The text and salt behind a commitment. Deleting the row erases the text; the chain stays whole."""

    __tablename__ = "audit_secrets"

    seq: Mapped[int] = mapped_column(ForeignKey("audit_entries.seq"), primary_key=True)
    field: Mapped[str] = mapped_column(String(30), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)

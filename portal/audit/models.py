"""Tables of the log. Triggers in the migrations refuse UPDATE and DELETE on the entries, and on heads, nodes and keys
of the tree over them, on both databases."""

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


class AuditKey(Base):
    """The public half of a key that signs heads, for ever. `id`: of its SHA-256, see keys.SigningKey."""

    __tablename__ = "audit_keys"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    public_pem: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditHead(Base):
    """A signed head: the root of the tree over the entries 1 to `size`. Root and signature in hex."""

    __tablename__ = "audit_heads"

    id: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger, index=True)
    root: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    key_id: Mapped[str] = mapped_column(ForeignKey("audit_keys.id"))
    signature: Mapped[str] = mapped_column(String(128))


class AuditNode(Base):
    """The hash of a complete subtree of 2**level leaves, from stored_tree.LOWEST upwards; follows from the entries,
    kept so that a proof reads few of them."""

    __tablename__ = "audit_nodes"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))

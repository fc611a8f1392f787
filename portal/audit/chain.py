"""Writing the chain of hashes.

Entries wait in the session and are written at the very end of the transaction, under one lock (PostgreSQL: an advisory
lock; SQLite: the write lock that the transaction has anyway). So writers queue only for the insert, not for the whole
command, and since nothing else is locked after it, it cannot deadlock."""

import hashlib
import secrets
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event, insert, select, text
from sqlalchemy.orm import Session

from portal.audit.events import Actor, Event, canonical
from portal.audit.models import AuditEntry, AuditSecret, AuditThing
from portal.db import WRITES, db

GENESIS = "0" * 64
LOCK = 7_305_119_428
WAITING = "audit_waiting"


def record(happened: Event, *, actor: Actor, at: datetime) -> None:
    """Notes an event; it is written when the transaction commits and forgotten when it rolls back.

    Raises RuntimeError outside transaction(): an entry that nothing commits would be lost silently."""
    session = db.session()
    if not session.info.get(WRITES):
        raise RuntimeError(f"{happened.tag} recorded outside transaction()")
    session.info.setdefault(WAITING, []).append((happened, actor, at))


def entry_hash(row: dict[str, Any]) -> str:
    """SHA-256 in hex over the canonical JSON of an entry's columns, the hash before included."""
    facts = [row[name] for name in ("seq", "actor_kind", "actor_id", "via", "tag", "payload", "previous_hash")]
    return hashlib.sha256(canonical([row["happened_at"].astimezone(UTC), *facts]).encode()).hexdigest()


def commitment(salt: str, private_text: str) -> str:
    """SHA-256 in hex of salt and text: shows later that a text is the one, without telling it now."""
    return hashlib.sha256(f"{salt}:{private_text}".encode()).hexdigest()


@event.listens_for(Session, "before_commit")
def _write_waiting(session: Session) -> None:
    waiting: list[tuple[Event, Actor, datetime]] = session.info.pop(WAITING, [])
    if not waiting:
        return
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    head = session.execute(select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)).first()
    seq, previous = (head.seq, head.hash) if head else (0, GENESIS)
    entries, things, secret_rows = [], [], []
    for happened, actor, at in waiting:
        seq += 1
        salts = {name: secrets.token_hex(16) for name in happened.private()}
        kept = happened.private()
        row = {
            "seq": seq,
            "happened_at": at.astimezone(UTC),
            "actor_kind": actor.kind,
            "actor_id": actor.id,
            "via": actor.via,
            "tag": happened.tag,
            "payload": happened.payload({name: commitment(salts[name], kept[name]) for name in kept}),
            "previous_hash": previous,
        }
        row["hash"] = previous = entry_hash(row)
        entries.append(row)
        things += [{"seq": seq, "kind": kind, "thing_id": number} for kind, number in sorted(happened.things())]
        secret_rows += [{"seq": seq, "field": name, "salt": salts[name], "text": kept[name]} for name in kept]
    session.execute(insert(AuditEntry), entries)
    if things:
        session.execute(insert(AuditThing), things)
    if secret_rows:
        session.execute(insert(AuditSecret), secret_rows)


@event.listens_for(Session, "after_rollback")
def _forget_waiting(session: Session) -> None:
    session.info.pop(WAITING, None)

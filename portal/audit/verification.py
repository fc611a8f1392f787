"""Checking the chain, and taking a copy of the log away, so that a later one can be compared with it."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import func, select

from portal.audit.chain import GENESIS, commitment, entry_hash, record
from portal.audit.events import Actor, Event, canonical
from portal.audit.models import AuditEntry, AuditSecret, AuditThing
from portal.db import db

CHUNK = 1000


@dataclass(frozen=True)
class Broken:
    """The first entry that does not fit: its number and what is wrong with it."""

    seq: int
    why: str


@dataclass(frozen=True)
class ChainVerified(Event):
    """Somebody had the whole chain recomputed. `first_bad` None: it was whole."""

    tag: ClassVar[str] = "audit.verified"
    entries: int
    first_bad: int | None


def verify() -> Broken | None:
    """Recomputes the whole chain in order, and from the payloads the index of things and the private texts that were
    not erased; flat memory. None when whole.

    A chain cannot tell by itself that its last entries were cut off with all their traces: compare with an export."""
    expected_seq, previous = 1, GENESIS
    for entries in _chunks():
        things = _things(entries[0]["seq"], entries[-1]["seq"])
        changed_texts = _changed_texts(entries)
        for entry in entries:
            if why := _fault(entry, expected_seq, previous, things[entry["seq"]]):
                return Broken(entry["seq"], why)
            if entry["seq"] in changed_texts:
                return Broken(entry["seq"], "a private text of it was changed")
            expected_seq, previous = expected_seq + 1, entry["hash"]
    last_thing = db.session.scalar(select(func.max(AuditThing.seq))) or 0
    return Broken(expected_seq, f"entry {expected_seq} is missing") if last_thing >= expected_seq else None


def note_verified(found: Broken | None, entries: int, *, actor: Actor, at: datetime) -> None:
    """Writes the outcome of verify() in the log, where the auditor's page reads it back."""
    record(ChainVerified(entries=entries, first_bad=found.seq if found else None), actor=actor, at=at)


def export_lines() -> Iterator[str]:
    """Every entry as one line of JSON, in order, hashes included; private texts stay where they are."""
    for entries in _chunks():
        for entry in entries:
            yield canonical({**entry, "happened_at": entry["happened_at"].astimezone(UTC)})


def _chunks() -> Iterator[list[dict[str, Any]]]:
    wanted = select(*AuditEntry.__table__.columns).order_by(AuditEntry.seq).execution_options(yield_per=CHUNK)
    for rows in db.session.execute(wanted).mappings().partitions():
        yield [dict(row) for row in rows]


def _things(first: int, last: int) -> dict[int, set[tuple[str, int]]]:
    found: dict[int, set[tuple[str, int]]] = defaultdict(set)
    wanted = select(AuditThing.seq, AuditThing.kind, AuditThing.thing_id).where(AuditThing.seq.between(first, last))
    for row in db.session.execute(wanted):
        found[row.seq].add((row.kind, row.thing_id))
    return found


def _changed_texts(entries: list[dict[str, Any]]) -> set[int]:
    """The entries whose payload does not commit to a text that is kept for them. A text that is gone was erased."""
    payloads = {entry["seq"]: entry["payload"] for entry in entries}
    columns = (AuditSecret.seq, AuditSecret.field, AuditSecret.salt, AuditSecret.text)
    wanted = select(*columns).where(AuditSecret.seq.between(entries[0]["seq"], entries[-1]["seq"]))
    return {
        kept.seq
        for kept in db.session.execute(wanted)
        if json.loads(payloads.get(kept.seq, "{}")).get(kept.field) != {"sha256": commitment(kept.salt, kept.text)}
    }


def _fault(entry: dict[str, Any], expected_seq: int, previous: str, things: set[tuple[str, int]]) -> str:
    if entry["seq"] != expected_seq:
        return f"entry {expected_seq} is missing"
    if entry["previous_hash"] != previous:
        return "does not hold the hash of the entry before it"
    if entry["hash"] != entry_hash(entry):
        return "its contents were changed"
    if things != _things_of(entry["payload"]):
        return "the index of what it is about was changed"
    return ""


def _things_of(payload: str) -> set[tuple[str, int]]:
    """As Event.things(), from what was stored."""
    return {
        (name.removesuffix("_id"), value)
        for name, value in json.loads(payload).items()
        if name.endswith("_id") and isinstance(value, int)
    }

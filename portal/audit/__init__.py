"""The log that an auditor can trust: append-only entries, each holding the hash of the one before.

`record(event, actor=..., at=...)` notes that something happened; the entry is written at the commit of the same
transaction, so a change and its entry exist together or not at all. Payloads hold numbers and codes, no personal data;
a text that may be personal is a `Private` field: its salted commitment is hashed, the text itself stands apart and
can be erased without breaking the chain. `trail_of(kind, id)` reads, `verify()` recomputes the chain."""

from portal.audit.chain import record
from portal.audit.events import Actor, Event, Private
from portal.audit.trail import Trail, TrailEntry, count_entries, find_first_at, find_head, list_entries, trail_of
from portal.audit.verification import Broken, ChainVerified, export_lines, note_verified, verify

__all__ = [
    "Actor",
    "Broken",
    "ChainVerified",
    "Event",
    "Private",
    "Trail",
    "TrailEntry",
    "count_entries",
    "export_lines",
    "find_first_at",
    "find_head",
    "list_entries",
    "note_verified",
    "record",
    "trail_of",
    "verify",
]

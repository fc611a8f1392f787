"""The log that an auditor can trust: append-only entries, each holding the hash of the one before.

`record(event, actor=..., at=...)` notes that something happened; the entry is written at the commit of the same
transaction, so a change and its entry exist together or not at all. Payloads hold numbers and codes, no personal data;
a text that may be personal is a `Private` field: its salted commitment is hashed, the text itself stands apart and
can be erased without breaking the chain. `trail_of(kind, id)` reads, `verify()` recomputes the chain.

The worker signs heads of a Merkle tree over the entries (`seal_when_due(now)`); `prove(seq, head)` shows by one that an
entry is in the log, `verify_heads()` compares them all with it."""

from portal.audit.chain import record
from portal.audit.events import Actor, Event, Private
from portal.audit.head_rules import LONGEST, Head, instant
from portal.audit.head_verification import verify_heads
from portal.audit.heads import (
    Consistency,
    Proof,
    count_heads,
    find_head_of,
    find_head_over,
    find_newest_head,
    find_seq,
    list_heads,
    list_keys,
    prove,
    prove_consistency,
)
from portal.audit.keys import KeyMissing, make_key, read_key
from portal.audit.sealing import SealRefused, seal_when_due
from portal.audit.trail import Trail, TrailEntry, count_entries, find_first_at, find_head, list_entries, trail_of
from portal.audit.verification import Broken, ChainVerified, export_lines, note_verified, verify

__all__ = [
    "LONGEST",
    "Actor",
    "Broken",
    "ChainVerified",
    "Consistency",
    "Event",
    "Head",
    "KeyMissing",
    "Private",
    "Proof",
    "SealRefused",
    "Trail",
    "TrailEntry",
    "count_entries",
    "count_heads",
    "export_lines",
    "find_first_at",
    "find_head",
    "find_head_of",
    "find_head_over",
    "find_newest_head",
    "find_seq",
    "instant",
    "list_entries",
    "list_heads",
    "list_keys",
    "make_key",
    "note_verified",
    "prove",
    "prove_consistency",
    "read_key",
    "record",
    "seal_when_due",
    "trail_of",
    "verify",
    "verify_heads",
]

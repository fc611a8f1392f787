"""Sealing the log: the worker signs a head over it. Nothing of this happens in the transaction that writes an entry.

Entries are read and hashed outside any write; only the nodes and the head are stored in one short transaction."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, insert, select, text

from portal.audit.chain import GENESIS, entry_hash
from portal.audit.head_rules import BATCH_ENDS, CERTIFICATES, MOST, Head, Unsealed, is_due, signed_text
from portal.audit.heads import find_newest_head
from portal.audit.keys import publish, read_key
from portal.audit.leaves import leaf_of
from portal.audit.merkle import Growing, Node
from portal.audit.models import AuditEntry, AuditHead, AuditNode
from portal.audit.stored_tree import LOWEST, entries_between, tree_of
from portal.db import db, transaction

# Before the lock of the chain, which is taken at the commit; nobody takes them the other way round.
LOCK = 7_305_119_429


class SealRefused(Exception):
    """The log is not what was signed before, or its chain is broken: nothing is signed. Run `audit verify`."""


def seal_when_due(now: datetime) -> int:
    """Makes a head when one is due; returns how many were made, 0 or 1. For the worker: it opens its own transaction.

    Raises KeyMissing without a key and SealRefused when what it would sign does not fit what was signed."""
    before = find_newest_head()
    found = unsealed(before)
    if not is_due(found, now):
        return 0
    key = read_key()
    size = (before.size if before else 0) + min(found.entries, MOST)
    root, nodes = _grown(before, size)
    head = Head(size, root, now, key.id)
    head = replace(head, signature=key.sign(signed_text(head)))
    with transaction():
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        if find_newest_head() != before:
            return 0
        publish(key, now=now)
        db.session.flush()
        if nodes:
            rows = [{"level": at.level, "position": at.position, "hash": found.hex()} for at, found in nodes]
            db.session.execute(insert(AuditNode), rows)
        db.session.add(
            AuditHead(size=size, root=root, signed_at=now, key_id=key.id, signature=head.signature),
        )
    return 1


def unsealed(before: Head | None) -> Unsealed:
    """What the log holds after this head. Two queries by index, cheap enough for every second."""
    last = db.session.scalar(select(func.max(AuditEntry.seq))) or 0
    size = before.size if before else 0
    rows = db.session.execute(
        select(AuditEntry.tag, func.min(AuditEntry.happened_at).label("first_at"))
        .where(AuditEntry.tag.in_((*CERTIFICATES, BATCH_ENDS)), AuditEntry.seq > size)
        .group_by(AuditEntry.tag)
    ).all()
    certificates = [row.first_at for row in rows if row.tag in CERTIFICATES]
    return Unsealed(
        entries=last - size,
        sealed_at=before.signed_at if before else None,
        first_certificate_at=min(certificates, default=None),
        batch_ended=any(row.tag == BATCH_ENDS for row in rows),
    )


def _grown(before: Head | None, size: int) -> tuple[str, list[tuple[Node, bytes]]]:
    """The root over the first `size` entries in hex, and the nodes to store for it. The chain is checked on the way."""
    tree = Growing()
    if before:
        try:
            tree = tree_of(before.size)
        except KeyError as missing:
            raise SealRefused(f"of what was signed, {missing} is gone") from missing
        if tree.root().hex() != before.root:
            raise SealRefused(f"the first {before.size} entries are not those that were signed")
    nodes = []
    for leaf in _checked_leaves(tree.size, size):
        nodes += [(node, found) for node, found in tree.add(leaf) if node.level >= LOWEST]
    return tree.root().hex(), nodes


def _checked_leaves(before: int, size: int) -> Iterator[bytes]:
    """The leaves of the entries after `before`. Raises SealRefused at the first that does not fit the chain."""
    previous = db.session.scalar(select(AuditEntry.hash).where(AuditEntry.seq == before)) or GENESIS
    expected = before + 1
    for row in entries_between(before + 1, size):
        fits = row["seq"] == expected and row["previous_hash"] == previous and row["hash"] == entry_hash(row)
        if not fits:
            raise SealRefused(f"entry {expected} does not fit the chain")
        yield leaf_of(row)
        expected, previous = expected + 1, row["hash"]
    if expected <= size:
        raise SealRefused(f"entry {expected} is missing")

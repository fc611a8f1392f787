"""Checking the signed heads against the log as it is now."""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import select, tuple_

from portal.audit.head_rules import Head, signed_text
from portal.audit.heads import WANTED, list_keys
from portal.audit.keys import is_signed
from portal.audit.leaves import leaf_of
from portal.audit.merkle import Growing, Node
from portal.audit.models import AuditHead, AuditNode
from portal.audit.stored_tree import AT_ONCE, LOWEST, entries_between
from portal.audit.verification import Broken
from portal.db import db


def verify_heads() -> Broken | None:
    """Recomputes the tree over the log and compares every head's root, signature and order, and every stored node.
    None when all fit. Memory: the heads, and flat for the log."""
    heads = [Head(**row._mapping) for row in db.session.execute(WANTED.order_by(AuditHead.id))]
    keys = {row.id: row.public_pem for row in list_keys()}
    sealed = 0
    for head in heads:
        if head.size < sealed:
            return Broken(head.size, "a head was signed over fewer entries than the one before it")
        if not is_signed(keys[head.key_id], head.signature, signed_text(head)):
            return Broken(head.size, "the signature of a head over the entries up to it is not by its key")
        sealed = head.size
    tree, nodes = Growing(), _Nodes()
    for size, of_size in groupby(heads, key=lambda head: head.size):
        for entry in entries_between(tree.size + 1, size):
            if not nodes.agree(list(tree.add(leaf_of(entry)))):
                return Broken(entry["seq"], "a stored hash of the tree over the entries up to it was changed")
        if tree.size != size:
            return Broken(tree.size + 1, f"entry {tree.size + 1} is missing, and a head was signed over it")
        if any(head.root != tree.root().hex() for head in of_size):
            return Broken(size, "the entries up to it are not those over which a head was signed")
    return None


class _Nodes:
    """The stored nodes, read a stretch of the log at a time."""

    def __init__(self) -> None:
        self.stored: dict[Node, str] = {}
        self.read_until = 0

    def agree(self, made: list[tuple[Node, bytes]]) -> bool:
        """Whether each of these that is to be stored is stored so."""
        leaf = made[0][0].position
        if leaf >= self.read_until:
            self.read_until = leaf + AT_ONCE
            self.stored = dict(_stored_between(leaf, self.read_until))
        return all(self.stored.get(node) == found.hex() for node, found in made if node.level >= LOWEST)


def _stored_between(first: int, end: int) -> Iterator[tuple[Node, str]]:
    """The stored nodes of which the last leaf is among the leaves first, ..., end - 1."""
    wanted = []
    for leaf in range(first, end):
        ends = leaf + 1
        level = LOWEST
        while ends % 2**level == 0:
            wanted.append((level, (ends >> level) - 1))
            level += 1
    columns = (AuditNode.level, AuditNode.position, AuditNode.hash)
    for row in db.session.execute(select(*columns).where(tuple_(AuditNode.level, AuditNode.position).in_(wanted))):
        yield Node(row.level, row.position), row.hash

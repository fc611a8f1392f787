"""The tree over the entries in the database. Hashes of complete subtrees of 2**LOWEST leaves and more are stored when a
head is made; what is below is computed from the entries: at most 2**LOWEST of them on either side of a proof."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import or_, select, tuple_

from portal.audit import merkle
from portal.audit.leaves import leaf_of
from portal.audit.merkle import Growing, Node, Stretch
from portal.audit.models import AuditEntry, AuditNode
from portal.db import db

LOWEST = 6
AT_ONCE = 1000
COLUMNS = (AuditEntry.seq, AuditEntry.tag, AuditEntry.payload, AuditEntry.hash)


def hashes_of(stretches: Iterable[Stretch]) -> list[bytes]:
    """The hash of each stretch of a proof under a head, in their order. Two queries, of O(log of the size) nodes and
    fewer than 2 * 2**LOWEST entries. Raises KeyError when something of it is not there."""
    of_each = [merkle.pieces(stretch) for stretch in stretches]
    nodes = {node for parts in of_each for node in parts}
    known = _stored({node for node in nodes if node.level >= LOWEST})
    low = {node for node in nodes if node.level < LOWEST}
    leaves = _leaves(low)
    known |= {node: _computed(node, leaves) for node in low}
    return [merkle.joined([known[node] for node in parts]) for parts in of_each]


def tree_of(size: int) -> Growing:
    """The tree over the first `size` entries, of which a head was made, to go on from. Raises as hashes_of."""
    tree = Growing(size - size % 2**LOWEST)
    tree.peaks = hashes_of([_as_stretch(node) for node in merkle.pieces(Stretch(0, tree.size))])
    for entry in entries_between(tree.size + 1, size):
        for _node, _hash in tree.add(leaf_of(entry)):
            pass
    return tree


def entries_between(first: int, last: int) -> Iterator[dict[str, Any]]:
    """The entries with these numbers and all between, in order; of each all columns. Flat memory: a query for every
    AT_ONCE of them."""
    for begin in range(first, last + 1, AT_ONCE):
        wanted = select(*AuditEntry.__table__.columns).where(
            AuditEntry.seq.between(begin, min(begin + AT_ONCE - 1, last))
        )
        for row in db.session.execute(wanted.order_by(AuditEntry.seq)):
            yield row._asdict()


def _stored(nodes: set[Node]) -> dict[Node, bytes]:
    if not nodes:
        return {}
    wanted = select(AuditNode.level, AuditNode.position, AuditNode.hash).where(
        tuple_(AuditNode.level, AuditNode.position).in_(sorted(nodes))
    )
    return {Node(row.level, row.position): bytes.fromhex(row.hash) for row in db.session.execute(wanted)}


def _leaves(nodes: set[Node]) -> dict[int, bytes]:
    """By the number of a leaf, counted from 0, those below these nodes."""
    if not nodes:
        return {}
    below = [AuditEntry.seq.between(low + 1, high) for low, high in map(_as_stretch, sorted(nodes))]
    return {row.seq - 1: leaf_of(row._asdict()) for row in db.session.execute(select(*COLUMNS).where(or_(*below)))}


def _computed(node: Node, leaves: Mapping[int, bytes]) -> bytes:
    tree = Growing()
    for leaf in range(*_as_stretch(node)):
        for _node, _hash in tree.add(leaves[leaf]):
            pass
    return tree.root()


def _as_stretch(node: Node) -> Stretch:
    return Stretch(node.position << node.level, (node.position + 1) << node.level)

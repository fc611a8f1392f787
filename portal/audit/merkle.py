"""Merkle trees as in RFC 9162 (Certificate Transparency 2.0; the same hashes as RFC 6962). Pure.

A proof is a list of hashes, each of a stretch of leaves [low, high). Which stretches those are follows from numbers
alone, so who has stored hashes of subtrees reads just these. Hashes are 32 bytes; leaves are counted from 0."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

EMPTY = hashlib.sha256().digest()


class Stretch(NamedTuple):
    """The leaves low, low + 1, ..., high - 1."""

    low: int
    high: int


class Node(NamedTuple):
    """A complete subtree: 2**level leaves, of which the first is position * 2**level."""

    level: int
    position: int


def leaf_hash(data: bytes) -> bytes:
    """Section 2.1.1: SHA-256 of a zero and the data."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Section 2.1.1: SHA-256 of a one and both hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """Section 2.1.1: the largest power of two that is smaller than `size`, which is at least 2."""
    return 1 << (size - 1).bit_length() - 1


def pieces(stretch: Stretch) -> list[Node]:
    """The complete subtrees that a stretch of a proof consists of, from left to right; at most log2 of its length."""
    found, low = [], stretch.low
    while low < stretch.high:
        level = (stretch.high - low).bit_length() - 1
        found.append(Node(level, low >> level))
        low += 1 << level
    return found


def joined(hashes: Sequence[bytes]) -> bytes:
    """Section 2.1.1: the hash of a stretch from those of its pieces; of nothing it is that of the empty tree."""
    if not hashes:
        return EMPTY
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def inclusion_stretches(leaf: int, size: int) -> list[Stretch]:
    """Section 2.1.3.1: whose hashes prove that a leaf is in the tree of `size` leaves, from the leaf upwards.

    Raises ValueError when there is no such leaf."""
    if not 0 <= leaf < size:
        raise ValueError(f"no leaf {leaf} in a tree of {size}")
    low, high, found = 0, size, []
    while high - low > 1:
        middle = low + split(high - low)
        if leaf < middle:
            found.append(Stretch(middle, high))
            high = middle
        else:
            found.append(Stretch(low, middle))
            low = middle
    return found[::-1]


def consistency_stretches(old: int, new: int) -> list[Stretch]:
    """Section 2.1.4.1: whose hashes prove that the tree of `new` leaves begins with that of `old`, in the RFC's order.

    Raises ValueError unless 0 < old <= new."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} does not begin with one of {old}")
    low, high, found, known = 0, new, [], True
    while old != high:
        middle = low + split(high - low)
        if old <= middle:
            found.append(Stretch(middle, high))
            high = middle
        else:
            found.append(Stretch(low, middle))
            low, known = middle, False
    if not known:
        found.append(Stretch(low, high))
    return found[::-1]


def root_from_inclusion(leaf_hash: bytes, leaf: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """Section 2.1.3.2: the root that the proof leads to, to compare with a signed one; None when it cannot be one."""
    if not 0 <= leaf < size:
        return None
    number, last, root = leaf, size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            return None
        if number & 1 or number == last:
            root = node_hash(sibling, root)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        number, last = number >> 1, last >> 1
    return root if last == 0 else None


@dataclass
class Growing:
    """A tree to which leaves are added one by one, in memory of log2 of its size. `peaks`: the hashes of the complete
    subtrees that it consists of, from left to right."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> Iterator[tuple[Node, bytes]]:
        """Adds a leaf's hash; yields every complete subtree that it closes, with its hash, from the leaf upwards."""
        node, found = Node(0, self.size), leaf
        yield node, found
        while node.position & 1:
            found = node_hash(self.peaks.pop(), found)
            node = Node(node.level + 1, node.position >> 1)
            yield node, found
        self.peaks.append(found)
        self.size += 1

    def root(self) -> bytes:
        """The hash of the whole tree as it is now."""
        return joined(self.peaks)

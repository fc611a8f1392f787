"""The tree of RFC 9162 against its published vectors, pymerkle, and our own stand-alone verifier."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from portal.audit import merkle
from portal.audit.merkle import Growing, Node, Stretch
from tests import stand_alone

VERIFIER = stand_alone.load()
# Of the reference implementation of Certificate Transparency: merkletree/merkle_tree_test.cc.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# (leaf, size, hashes)
INCLUSIONS = [
    (0, 1, []),
    (0, 8, ["96a296d2", "5f083f0a", "6b47aaf2"]),
    (5, 8, ["bc1a0643", "ca854ea1", "d37ee418"]),
    (2, 3, ["fac54203"]),
    (1, 5, ["6e340b9c", "5f083f0a", "bc1a0643"]),
]
# (old, new, hashes)
CONSISTENCIES = [
    (1, 1, []),
    (1, 8, ["96a296d2", "5f083f0a", "6b47aaf2"]),
    (6, 8, ["0ebc5d34", "ca854ea1", "d37ee418"]),
    (2, 5, ["5f083f0a", "bc1a0643"]),
]


def grown(leaves: Sequence[bytes]) -> Growing:
    tree = Growing()
    for leaf in leaves:
        list(tree.add(merkle.leaf_hash(leaf)))
    return tree


def hashes_of(leaves: Sequence[bytes], stretches: Sequence[Stretch]) -> list[bytes]:
    """From the leaves alone, each stretch as a tree of its own: what a proof means."""
    return [grown(leaves[stretch.low : stretch.high]).root() for stretch in stretches]


@pytest.mark.parametrize("size", range(9))
def test_the_known_roots(size: int):
    assert grown(LEAVES[:size]).root().hex() == ROOTS[size]


@pytest.mark.parametrize(("leaf", "size", "expected"), INCLUSIONS)
def test_the_known_proofs_of_inclusion(leaf: int, size: int, expected: list[str]):
    found = hashes_of(LEAVES, merkle.inclusion_stretches(leaf, size))
    assert [part.hex()[:8] for part in found] == expected


@pytest.mark.parametrize(("old", "new", "expected"), CONSISTENCIES)
def test_the_known_proofs_of_consistency(old: int, new: int, expected: list[str]):
    found = hashes_of(LEAVES, merkle.consistency_stretches(old, new))
    assert [part.hex()[:8] for part in found] == expected


@pytest.mark.parametrize(("leaf", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_no_proof_of_a_leaf_that_is_not_there(leaf: int, size: int):
    with pytest.raises(ValueError):
        merkle.inclusion_stretches(leaf, size)
    assert merkle.root_from_inclusion(b"", leaf, size, []) is None


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3)])
def test_no_proof_that_a_tree_begins_with_what_it_cannot(old: int, new: int):
    with pytest.raises(ValueError):
        merkle.consistency_stretches(old, new)


@pytest.mark.parametrize("size", range(1, 70))
def test_every_proof_up_to_seventy_leaves_holds_and_is_short(size: int):
    leaves = [b"%d" % number for number in range(size)]
    root = grown(leaves).root()
    for leaf in range(size):
        path = hashes_of(leaves, merkle.inclusion_stretches(leaf, size))
        hashed = merkle.leaf_hash(leaves[leaf])
        assert len(path) <= (size - 1).bit_length()
        assert merkle.root_from_inclusion(hashed, leaf, size, path) == root
        assert VERIFIER.root_from_inclusion(hashed, leaf, size, path) == root
    for old in range(1, size + 1):
        path = hashes_of(leaves, merkle.consistency_stretches(old, size))
        old_root = grown(leaves[:old]).root()
        assert VERIFIER.is_consistent(old, old_root, size, root, path)
        assert old == size or not VERIFIER.is_consistent(old, root, size, root, path)
        assert old == size or not VERIFIER.is_consistent(old, old_root, size, old_root, path)


TREES = st.lists(st.binary(max_size=8), min_size=1, max_size=300)


@given(TREES, st.data())
def test_pymerkle_agrees(leaves: list[bytes], data: st.DataObject):
    theirs = InmemoryTree.init_from_entries(leaves, algorithm="sha256")
    size = data.draw(st.integers(1, len(leaves)))
    leaf = data.draw(st.integers(0, size - 1))
    assert grown(leaves[:size]).root() == theirs.get_root(size)
    # Their path begins with the leaf itself.
    proof = theirs.prove_inclusion(leaf + 1, size)
    proof.verify(merkle.leaf_hash(leaves[leaf]), grown(leaves[:size]).root())
    assert hashes_of(leaves, merkle.inclusion_stretches(leaf, size)) == proof.path[1:]
    theirs.prove_consistency(size, len(leaves)).verify(grown(leaves[:size]).root(), grown(leaves).root())


@given(TREES, st.data())
def test_a_proof_proves_nothing_else(leaves: list[bytes], data: st.DataObject):
    size = len(leaves)
    root = grown(leaves).root()
    leaf = data.draw(st.integers(0, size - 1))
    path = hashes_of(leaves, merkle.inclusion_stretches(leaf, size))
    hashed = merkle.leaf_hash(leaves[leaf])
    for check in (merkle.root_from_inclusion, VERIFIER.root_from_inclusion):
        assert check(merkle.leaf_hash(leaves[leaf] + b"x"), leaf, size, path) != root
        assert check(hashed, leaf, size, [*path, root]) != root
        if path:
            assert check(hashed, leaf, size, path[:-1]) != root
            at = data.draw(st.integers(0, len(path) - 1))
            other = [*path]
            other[at] = bytes([other[at][0] ^ 1]) + other[at][1:]
            assert check(hashed, leaf, size, other) != root


@given(TREES)
def test_growing_closes_every_complete_subtree_once(leaves: list[bytes]):
    tree, closed = Growing(), []
    for leaf in leaves:
        closed += list(tree.add(merkle.leaf_hash(leaf)))
        assert len(tree.peaks) == tree.size.bit_count()
    size = len(leaves)
    assert sorted(node for node, _ in closed) == [
        Node(level, position) for level in range(size.bit_length()) for position in range(size >> level)
    ]
    for node, found in closed:
        below = leaves[node.position << node.level : (node.position + 1) << node.level]
        assert found == grown(below).root()

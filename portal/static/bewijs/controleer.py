#!/usr/bin/env python3
"""Checks the evidence of a Leerkring portal, without the portal: one file, Python 3.11 or newer, nothing to install.

    python3 controleer.py log LOG.jsonl [--heads koppen.json ...] [--keys sleutels.json]
        The whole log, as `audit verify --export LOG.jsonl` writes it: its chain of hashes, and each head signed of it.
    python3 controleer.py certificate bewijs.json [--pdf FILE] [--number EKC-2027-0001] [--keys sleutels.json]
        That a certificate stands in the log, with the hash of this very PDF.
    python3 controleer.py consistency samenhang.json [--keys sleutels.json]
        That the log under a newer head begins with all that was under an older one.

Each finding is a sentence. Exit 0: all is well. 1: something is not. 2: a file cannot be read.
Without --keys a signature is checked with the key that the file itself brings along: compare that with one from before.

Hashes as in RFC 9162 section 2.1, signatures as in RFC 8032 section 5.1.7 (Ed25519). What is signed and what a leaf is:
`signed_text` and `leaf_data` below."""

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Json = dict[str, Any]
GENESIS = "0" * 64
OPEN = {
    "certificates.issued": ("number", "replaces", "sha256"),
    "certificates.replaced": ("number", "replaced_by"),
    "certificates.revoked": ("number",),
}


class Unreadable(Exception):
    """A file is not what it should be."""


# Ed25519, RFC 8032. Points are (X, Y, Z, T) with x = X/Z, y = Y/Z, x*y = T/Z.

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)
Point = tuple[int, int, int, int]


def add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % PRIME, (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c, d = 2 * p[3] * q[3] * D % PRIME, 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def times(number: int, point: Point) -> Point:
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = add(result, point)
        point, number = add(point, point), number >> 1
    return result


def decode_point(text: bytes) -> Point | None:
    """The point that 32 bytes stand for; None when they stand for none."""
    number = int.from_bytes(text, "little")
    y, sign = number & (1 << 255) - 1, number >> 255
    if len(text) != 32 or y >= PRIME:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if (x * x - square) % PRIME or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = PRIME - x
    return x, y, 1, x * y % PRIME


BASE_Y = 4 * pow(5, -1, PRIME) % PRIME


def is_signed(public: bytes, signature: bytes, text: bytes) -> bool:
    """RFC 8032, section 5.1.7."""
    base = decode_point(BASE_Y.to_bytes(32, "little"))
    key, nonce = decode_point(public), decode_point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if base is None or key is None or nonce is None or len(signature) != 64 or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % ORDER
    left, right = times(scalar, base), add(nonce, times(challenge, key))
    same_x = (left[0] * right[2] - right[0] * left[2]) % PRIME == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % PRIME == 0


# Merkle trees, RFC 9162


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """Grows leaf by leaf. `peaks`: (number of leaves, hash) of its complete subtrees."""

    def __init__(self) -> None:
        self.peaks: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        size = 1
        while self.peaks and self.peaks[-1][0] == size:
            leaf, size = node_hash(self.peaks.pop()[1], leaf), 2 * size
        self.peaks.append((size, leaf))

    def root(self) -> bytes:
        if not self.peaks:
            return hashlib.sha256().digest()
        root = self.peaks[-1][1]
        for _size, left in reversed(self.peaks[:-1]):
            root = node_hash(left, root)
        return root


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Section 2.1.3.2."""
    if not 0 <= index < size:
        return None
    last, root = size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            root = node_hash(sibling, root)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        index, last = index >> 1, last >> 1
    return root if last == 0 else None


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Section 2.1.4.2."""
    if old == new:
        return old_root == new_root and not path
    if not 0 < old < new or not path:
        return False
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    number, last = old - 1, new - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    first = second = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        number, last = number >> 1, last >> 1
    return last == 0 and (first, second) == (old_root, new_root)


# What the portal writes


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def entry_hash(entry: Json) -> str:
    names = ("happened_at", "seq", "actor_kind", "actor_id", "via", "tag", "payload", "previous_hash")
    return hashlib.sha256(canonical([entry[name] for name in names])).hexdigest()


def leaf_data(entry: Json) -> bytes:
    sealed = hashlib.sha256(bytes.fromhex(entry["hash"])).hexdigest()
    facts: Json = {"form": "leerkring-leaf-1", "seq": entry["seq"], "sealed": sealed}
    if names := OPEN.get(entry["tag"]):
        payload = json.loads(entry["payload"])
        facts |= {"tag": entry["tag"], "facts": {name: payload[name] for name in names if name in payload}}
    return canonical(facts)


def signed_text(head: Json) -> bytes:
    return f"leerkring-head-1\n{head['size']}\n{head['root']}\n{head['signed_at']}\n".encode()


# The checks: each returns what is wrong, a sentence a fault


def public_key(pem: str) -> bytes:
    """The 32 bytes of an Ed25519 key in PEM."""
    der = base64.b64decode("".join(line for line in pem.splitlines() if not line.startswith("-----")))
    if len(der) != 44 or der[:12] != bytes.fromhex("302a300506032b6570032100"):
        raise Unreadable("A key is not an Ed25519 key in PEM.")
    return der[12:]


def key_id(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:16]


def check_signature(head: Json, keys: dict[str, bytes], name: str) -> list[str]:
    if head["key"] not in keys:
        return [f"{name} is signed with key {head['key']}, which is not among the published keys."]
    if not is_signed(keys[head["key"]], bytes.fromhex(head["signature"]), signed_text(head)):
        return [f"The signature of {name} is false: key {head['key']} did not sign this size, root and time."]
    return []


def check_log(lines: Sequence[Json], heads: Sequence[Json], keys: dict[str, bytes]) -> list[str]:
    """The chain from the first entry on, and each head against the tree over as many entries."""
    faults, tree, previous, roots = [], Tree(), GENESIS, {0: hashlib.sha256().digest()}
    wanted = {head["size"] for head in heads}
    for expected, entry in enumerate(lines, start=1):
        if entry["seq"] != expected:
            faults.append(f"Entry {expected} is missing: entry {entry['seq']} stands in its place.")
            break
        if entry["previous_hash"] != previous:
            faults.append(f"Entry {expected} does not hold the hash of the entry before it.")
        if entry["hash"] != entry_hash(entry):
            faults.append(f"Entry {expected} was changed: its hash is of other contents.")
        previous = entry["hash"]
        tree.add(leaf_hash(leaf_data(entry)))
        if expected in wanted:
            roots[expected] = tree.root()
    before = 0
    for head in sorted(heads, key=lambda head: (str(head["signed_at"]), head["size"])):
        name = f"The head of {head['signed_at']} over {head['size']} entries"
        faults += check_signature(head, keys, "the" + name[3:])
        if head["size"] not in roots:
            faults.append(f"{name} covers more than this log holds unbroken: entries were cut off or are missing.")
        elif roots[head["size"]].hex() != head["root"]:
            faults.append(f"{name} has another root than this log: what was signed then was changed.")
        if head["size"] < before:
            faults.append(f"{name} covers fewer entries than one that was signed before it.")
        before = max(before, head["size"])
    return faults


def check_certificate(proof: Json, keys: dict[str, bytes], pdf: bytes | None, number: str | None) -> list[str]:
    """The leaf under the head, the head's signature, and the file."""
    leaf, head = proof["leaf"], proof["head"]
    facts = leaf.get("facts", {})
    path = [bytes.fromhex(part) for part in proof["path"]]
    faults = check_signature(head, keys, "the head")
    root = root_from_inclusion(leaf_hash(canonical(leaf)), leaf["seq"] - 1, head["size"], path)
    if root is None or root.hex() != head["root"]:
        faults.append(f"Entry {leaf['seq']} as it stands in the proof is not under this head.")
    if leaf.get("tag") != "certificates.issued":
        faults.append(f"Entry {leaf['seq']} is not about the issue of a certificate.")
    if number is not None and facts.get("number") != number:
        faults.append(f"The proof is of certificate {facts.get('number')}, not of {number}.")
    if pdf is not None and facts.get("sha256") != hashlib.sha256(pdf).hexdigest():
        faults.append("The PDF is another file than the one that was issued: its SHA-256 is not the one in the log.")
    return faults


def check_consistency(proof: Json, keys: dict[str, bytes]) -> list[str]:
    """Both signatures, and that the old tree is the beginning of the new one."""
    old, new = proof["old"], proof["new"]
    faults = check_signature(old, keys, "the older head") + check_signature(new, keys, "the newer head")
    roots = (bytes.fromhex(old["root"]), bytes.fromhex(new["root"]))
    path = [bytes.fromhex(part) for part in proof["path"]]
    if not is_consistent(old["size"], roots[0], new["size"], roots[1], path):
        faults.append(f"The log of {new['size']} entries does not begin with the one of {old['size']} that was signed.")
    return faults


# Reading and telling


def read_json(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise Unreadable(f"{file} cannot be read: {fault}") from None


def read_keys(file: Path | None, proof: Json) -> dict[str, bytes]:
    """The published keys by id, computed anew; without a file the key that comes with the proof."""
    pems = [key["public_pem"] for key in (read_json(file) if file else proof).get("keys", [])]
    return {key_id(public): public for public in map(public_key, pems)}


def run(asked: argparse.Namespace) -> tuple[list[str], str]:
    """What is wrong, and the sentence for when nothing is."""
    if asked.what == "log":
        try:
            lines = [json.loads(line) for line in asked.file.read_text(encoding="utf-8").split("\n") if line]
        except (OSError, ValueError) as fault:
            raise Unreadable(f"{asked.file} cannot be read: {fault}") from None
        files = [read_json(file) for file in asked.heads or []]
        heads = [head for file in files for head in file["heads"]]
        keys = read_keys(asked.keys, {"keys": [key for file in files for key in file.get("keys", [])]})
        faults = check_log(lines, heads, keys)
        return faults, f"The log is whole: {len(lines)} entries, {len(heads)} signed heads, all over these entries."
    proof = read_json(asked.file)
    keys = read_keys(asked.keys, proof)
    if asked.what == "consistency":
        whole = f"The log of {proof['new']['size']} entries begins with the {proof['old']['size']} that were signed."
        return check_consistency(proof, keys), whole
    pdf = asked.pdf.read_bytes() if asked.pdf else None
    faults = check_certificate(proof, keys, pdf, asked.number)
    leaf, head = proof["leaf"], proof["head"]
    file_too = ", with the hash of this PDF" if pdf is not None else ""
    whole = f"Certificate {leaf.get('facts', {}).get('number')} is entry {leaf['seq']} of {head['size']}{file_too}"
    return faults, f"{whole}, signed at {head['signed_at']} with key {head['key']}."


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["log", "certificate", "consistency"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--heads", type=Path, action="append", help="/bewijs/koppen.json, each page of it")
    parser.add_argument("--keys", type=Path, help="/bewijs/sleutels.json")
    parser.add_argument("--pdf", type=Path, help="the certificate itself")
    parser.add_argument("--number", help="the number on the certificate")
    asked = parser.parse_args()
    try:
        faults, whole = run(asked)
    except (Unreadable, OSError) as fault:
        sys.stdout.write(f"{fault}\n")
        return 2
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        sys.stdout.write(f"{asked.file} is not of the form that the portal writes: {fault!r}\n")
        return 2
    sys.stdout.write("".join(f"{fault}\n" for fault in faults) or f"{whole}\n")
    if not asked.keys:
        sys.stdout.write("The key came with the file itself: compare it with one that you know.\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

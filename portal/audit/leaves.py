"""What a leaf of the tree says of an entry of the log; docs/decisions/0020 says why. Pure; the form is fixed for ever.

A leaf hides its entry behind a second hash, so that a proof can be handed to strangers: entries hold numbers of people.
What a proof is about stands beside it, in the open."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from portal.audit.events import canonical
from portal.audit.merkle import leaf_hash

FORM = "leerkring-leaf-1"
# By tag the fields that strangers may read. Fixed for every tag of which an entry was ever written: another list gives
# other leaves to entries of years ago, and every head becomes wrong. For a new tag a new line.
OPEN: dict[str, tuple[str, ...]] = {
    "certificates.issued": ("number", "replaces", "sha256"),
    "certificates.replaced": ("number", "replaced_by"),
    "certificates.revoked": ("number",),
}


def leaf_facts(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What is in the open of an entry (its columns seq, tag, payload and hash): `sealed` is SHA-256 in hex over the 32
    bytes of its hash; `tag` and `facts` only of tags in OPEN."""
    facts: dict[str, Any] = {
        "form": FORM,
        "seq": entry["seq"],
        "sealed": hashlib.sha256(bytes.fromhex(entry["hash"])).hexdigest(),
    }
    if names := OPEN.get(entry["tag"]):
        payload = json.loads(entry["payload"])
        facts |= {"tag": entry["tag"], "facts": {name: payload[name] for name in names if name in payload}}
    return facts


def leaf_of(entry: Mapping[str, Any]) -> bytes:
    """The hash of an entry's leaf: over the canonical JSON of leaf_facts()."""
    return leaf_hash(canonical(leaf_facts(entry)).encode())

"""Evidence as plain JSON values, as static/bewijs/controleer.py reads it. Pure; the forms are fixed for ever."""

from collections.abc import Sequence
from typing import Any

from portal.audit.head_rules import Head, instant
from portal.audit.heads import Consistency, Proof

Json = dict[str, Any]


def head_as_json(head: Head) -> Json:
    """A head: what is signed, by which key, and the signature."""
    return {
        "size": head.size,
        "root": head.root,
        "signed_at": instant(head.signed_at),
        "key": head.key_id,
        "signature": head.signature,
    }


def heads_as_json(heads: Sequence[Head], *, page: int, pages: int, next_page: str | None) -> Json:
    """A page of heads, the newest first. `next_page`: the address of the older ones."""
    return {
        "form": "leerkring-heads-1",
        "page": page,
        "pages": pages,
        "next": next_page,
        "heads": [head_as_json(head) for head in heads],
    }


def keys_as_json(keys: Sequence[Any]) -> Json:
    """Every key that ever signed, from heads.list_keys()."""
    return {"form": "leerkring-keys-1", "keys": [_key(key) for key in keys]}


def proof_as_json(proof: Proof, keys: Sequence[Any]) -> Json:
    """That an entry is in the log, with the key that signed its head."""
    return {
        "form": "leerkring-proof-1",
        "leaf": proof.leaf,
        "path": proof.path,
        "head": head_as_json(proof.head),
        "keys": [_key(key) for key in keys if key.id == proof.head.key_id],
    }


def consistency_as_json(found: Consistency, keys: Sequence[Any]) -> Json:
    """That the log under one head begins with that under another, with the keys that signed them."""
    return {
        "form": "leerkring-consistency-1",
        "old": head_as_json(found.old),
        "new": head_as_json(found.new),
        "path": found.path,
        "keys": [_key(key) for key in keys if key.id in (found.old.key_id, found.new.key_id)],
    }


def _key(key: Any) -> Json:
    return {"id": key.id, "public_pem": key.public_pem, "added_at": instant(key.added_at)}

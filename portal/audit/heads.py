"""Reading the signed heads, and proving by them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select

from portal.audit import merkle
from portal.audit.head_rules import Head
from portal.audit.leaves import leaf_facts, leaf_of
from portal.audit.models import AuditEntry, AuditHead, AuditKey, AuditThing
from portal.audit.stored_tree import hashes_of
from portal.db import Page, db, paged

WANTED: Select[*tuple[Any, ...]] = select(
    AuditHead.size, AuditHead.root, AuditHead.signed_at, AuditHead.key_id, AuditHead.signature, AuditHead.id
)


@dataclass(frozen=True)
class Proof:
    """That an entry is in the tree of a head: `leaf` is what is in the open of it, `path` the hashes, in hex."""

    leaf: dict[str, Any]
    path: list[str]
    head: Head


@dataclass(frozen=True)
class Consistency:
    """That the tree of `new` begins with that of `old`: the hashes, in hex."""

    old: Head
    new: Head
    path: list[str]


def find_newest_head() -> Head | None:
    """The head that was made last."""
    return _head(db.session.execute(WANTED.order_by(AuditHead.id.desc()).limit(1)).one_or_none())


def find_head_over(seq: int) -> Head | None:
    """The newest head, when the entry with this number is under it."""
    head = find_newest_head()
    return head if head and head.size >= seq else None


def find_head_of(size: int) -> Head | None:
    """The newest head over exactly so many entries."""
    return _head(
        db.session.execute(WANTED.where(AuditHead.size == size).order_by(AuditHead.id.desc()).limit(1)).first()
    )


def list_heads(*, page: int = 1, per_page: int = 25) -> tuple[list[Head], Page]:
    """A page of heads, the newest first, and which page it is of how many."""
    found = paged(WANTED.order_by(AuditHead.id.desc()), page=page, per_page=per_page)
    return [Head(**row._mapping) for row in found.rows], found


def count_heads() -> int:
    """How many heads were ever made."""
    return db.session.scalar(select(func.count()).select_from(AuditHead)) or 0


def list_keys() -> Sequence[Row[*tuple[Any, ...]]]:
    """Every key that ever signed, the newest first. Rows: id, public_pem, added_at."""
    return db.session.execute(
        select(AuditKey.id, AuditKey.public_pem, AuditKey.added_at).order_by(AuditKey.added_at.desc(), AuditKey.id)
    ).all()


def find_seq(kind: str, thing_id: int, tag: str) -> int | None:
    """The number of the first entry with this tag about a thing: find_seq('certificate', 12, 'certificates.issued')."""
    return db.session.scalar(
        select(AuditThing.seq)
        .join(AuditEntry, AuditEntry.seq == AuditThing.seq)
        .where(AuditThing.kind == kind, AuditThing.thing_id == thing_id, AuditEntry.tag == tag)
        .order_by(AuditThing.seq)
        .limit(1)
    )


def prove(seq: int, head: Head) -> Proof | None:
    """The proof that the entry with this number is under a head that covers it; None when it does not come out at the
    head's root, since the log is no longer what was signed. Three queries."""
    row = db.session.execute(select(*AuditEntry.__table__.columns).where(AuditEntry.seq == seq)).one()._asdict()
    try:
        path = hashes_of(merkle.inclusion_stretches(seq - 1, head.size))
    except KeyError:
        return None
    root = merkle.root_from_inclusion(leaf_of(row), seq - 1, head.size, path)
    if root is None or root.hex() != head.root:
        return None
    return Proof(leaf_facts(row), [part.hex() for part in path], head)


def prove_consistency(old: Head, new: Head) -> Consistency | None:
    """The proof that nothing under `old` was changed in `new`; None when hashes for it are gone. Two queries. Raises
    ValueError when `new` is over fewer entries."""
    try:
        path = hashes_of(merkle.consistency_stretches(old.size, new.size))
    except KeyError:
        return None
    return Consistency(old, new, [part.hex() for part in path])


def _head(row: Row[*tuple[Any, ...]] | None) -> Head | None:
    return Head(**row._mapping) if row else None

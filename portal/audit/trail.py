"""Reading the log."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from portal.audit.models import AuditEntry, AuditSecret, AuditThing
from portal.db import db, glance

# Built once: building a statement costs as much as running it, and every visit asks this.
HEAD = select(AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)


@dataclass(frozen=True)
class TrailEntry:
    """One entry for the eye. `facts` are its payload; a private text (its field is in `private`) is its own words, or
    None once erased."""

    seq: int
    happened_at: datetime
    actor_kind: str
    actor_id: int | None
    via: str
    tag: str
    facts: dict[str, Any]
    hash: str
    private: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Trail:
    """A page of entries, newest first, and how many there are in all."""

    entries: list[TrailEntry]
    total: int


def trail_of(kind: str, thing_id: int, *, page: int = 1, per_page: int = 50) -> Trail:
    """Everything that happened about one thing: trail_of('edition', 12). Three queries."""
    about = select(AuditThing.seq).where(AuditThing.kind == kind, AuditThing.thing_id == thing_id)
    return _page(select(AuditEntry).where(AuditEntry.seq.in_(about)), page, per_page)


def list_entries(
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    tag: str = "",
    tags: Collection[str] = (),
    only: Collection[ColumnElement[bool]] = (),
    kind: str = "",
    thing_id: int | None = None,
    page: int = 1,
    per_page: int = 50,
) -> Trail:
    """The log of a period [since, until), of tags that begin with `tag` or are among `tags`, about one thing
    ('edition', 12) or kind of thing; `only`: conditions on AuditEntry of who knows more. Three queries."""
    found = select(AuditEntry).where(*only)
    if tags:
        found = found.where(AuditEntry.tag.in_(tags))
    if kind:
        about = select(AuditThing.seq).where(AuditThing.kind == kind)
        found = found.where(
            AuditEntry.seq.in_(about if thing_id is None else about.where(AuditThing.thing_id == thing_id))
        )
    if since:
        found = found.where(AuditEntry.happened_at >= since)
    if until:
        found = found.where(AuditEntry.happened_at < until)
    if tag:
        found = found.where(AuditEntry.tag.startswith(tag, autoescape=True))
    return _page(found, page, per_page)


def count_entries() -> int:
    """How many entries the log has."""
    return db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def find_head() -> str | None:
    """The hash of the newest entry; None while the log is empty. As long as it is the same, nothing has happened.

    What is read after this call shows at least all that happened up to this head: a change and its entry become visible
    at one moment, the commit, and an entry is written under a lock that is held until then, so whoever sees an entry
    sees every one before it, and their changes. It may show more, of what was committed while it was read; then the
    head has moved on too. The hash, and not the number: after a restore the same number may belong to another past."""
    with glance() as connection:
        return connection.scalar(HEAD)


def find_first_at() -> datetime | None:
    """When the log begins; None while it is empty."""
    return db.session.scalar(select(AuditEntry.happened_at).order_by(AuditEntry.seq).limit(1))


def _page(found: Select[AuditEntry], page: int, per_page: int) -> Trail:
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    # A number past the end gives the last page; one past what a database counts to would be its error.
    number = min(page, max(1, -(-total // per_page)))
    wanted = found.order_by(AuditEntry.seq.desc()).limit(per_page).offset((number - 1) * per_page)
    rows = db.session.scalars(wanted).all()
    texts = {
        (row.seq, row.field): row.text
        for row in db.session.scalars(select(AuditSecret).where(AuditSecret.seq.in_([row.seq for row in rows])))
    }
    return Trail([_entry(row, texts) for row in rows], total)


def _entry(row: AuditEntry, texts: dict[tuple[int, str], str]) -> TrailEntry:
    facts = json.loads(row.payload)
    private = frozenset(name for name, value in facts.items() if isinstance(value, dict) and "sha256" in value)
    facts |= {name: texts.get((row.seq, name)) for name in private}
    return TrailEntry(
        row.seq, row.happened_at, row.actor_kind, row.actor_id, row.via, row.tag, facts, row.hash, private
    )

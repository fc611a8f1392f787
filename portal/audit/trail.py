"""Reading the log."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from portal.audit.models import AuditEntry, AuditSecret, AuditThing
from portal.db import db


@dataclass(frozen=True)
class TrailEntry:
    """One entry for the eye. `facts` are its payload; a private text is its own words, or None once erased."""

    seq: int
    happened_at: datetime
    actor_kind: str
    actor_id: int | None
    via: str
    tag: str
    facts: dict[str, Any]
    hash: str


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
    *, since: datetime | None = None, until: datetime | None = None, tag: str = "", page: int = 1, per_page: int = 50
) -> Trail:
    """The log of a period [since, until), of tags that begin with `tag`. Three queries."""
    found = select(AuditEntry)
    if since:
        found = found.where(AuditEntry.happened_at >= since)
    if until:
        found = found.where(AuditEntry.happened_at < until)
    if tag:
        found = found.where(AuditEntry.tag.startswith(tag, autoescape=True))
    return _page(found, page, per_page)


def _page(found: Select[AuditEntry], page: int, per_page: int) -> Trail:
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    wanted = found.order_by(AuditEntry.seq.desc()).limit(per_page).offset((page - 1) * per_page)
    rows = db.session.scalars(wanted).all()
    texts = {
        (row.seq, row.field): row.text
        for row in db.session.scalars(select(AuditSecret).where(AuditSecret.seq.in_([row.seq for row in rows])))
    }
    return Trail([_entry(row, texts) for row in rows], total)


def _entry(row: AuditEntry, texts: dict[tuple[int, str], str]) -> TrailEntry:
    facts = json.loads(row.payload)
    for name, value in facts.items():
        if isinstance(value, dict) and "sha256" in value:
            facts[name] = texts.get((row.seq, name))
    return TrailEntry(row.seq, row.happened_at, row.actor_kind, row.actor_id, row.via, row.tag, facts, row.hash)

"""What happened to enrolments, read from the log: the history of one, and what participants and contacts changed
themselves. The log is the only record of it; names and trainings are looked up beside it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from portal import audit
from portal.audit import TrailEntry
from portal.audit.models import AuditEntry, AuditThing
from portal.db import db
from portal.domain.accounts.models import RoleGrant
from portal.domain.accounts.queries import list_names
from portal.domain.accounts.rules import Role
from portal.domain.catalogue.models import Course, Edition
from portal.domain.enrolment.models import Enrolment

LATELY = timedelta(days=7)
STAFF = (Role.OFFICE, Role.ADMIN)


class ChangeKind(StrEnum):
    """What people change themselves."""

    CANCELLED = "cancelled"
    MOVED = "moved"
    SUBSTITUTED = "substituted"
    OTHER_DATE = "other_date"
    GROUP = "group"
    WAITING_LIST = "waiting_list"


TAGS = {
    ChangeKind.CANCELLED: ("enrolment.cancelled",),
    ChangeKind.MOVED: ("enrolment.moved",),
    ChangeKind.SUBSTITUTED: ("enrolment.substituted",),
    ChangeKind.OTHER_DATE: ("enrolment.stand_in_booked", "enrolment.stand_in_released"),
    ChangeKind.GROUP: ("enrolment.group_booked", "enrolment.place_named", "enrolment.places_released"),
    ChangeKind.WAITING_LIST: (
        "enrolment.waiting_list_joined",
        "enrolment.waiting_list_left",
        "enrolment.offer_accepted",
        "enrolment.offer_declined",
    ),
}
EVERY_TAG = tuple(tag for of_kind in TAGS.values() for tag in of_kind)
HISTORY = (
    "enrolment.enrolled",
    "enrolment.enrolled_again",
    "enrolment.completed",
    "enrolment.reopened",
    "enrolment.place_named",
    *TAGS[ChangeKind.CANCELLED],
    *TAGS[ChangeKind.MOVED],
    *TAGS[ChangeKind.SUBSTITUTED],
    *TAGS[ChangeKind.OTHER_DATE],
)


@dataclass(frozen=True)
class EditionNamed:
    """An edition in few words."""

    id: int
    course: str
    place: str
    starts_on: date | None


@dataclass(frozen=True)
class Change:
    """One entry of the log with what its numbers stand for. `who`: whom it is about; `by`: who did it, None for a
    visitor with a link and for the portal itself; `to`: the other edition, where there is one."""

    entry: TrailEntry
    person_id: int | None
    who: str
    by: str | None
    edition: EditionNamed | None
    to: EditionNamed | None


@dataclass(frozen=True)
class Latest:
    """One thing that was changed, and in which edition, where there is one."""

    tag: str
    facts: dict[str, Any]
    happened_at: datetime
    edition_id: int | None
    course: str
    place: str


@dataclass(frozen=True)
class ChangesPage:
    """One page of them, the newest first."""

    rows: list[Change]
    number: int
    pages: int
    total: int


def list_own_changes(*, kind: ChangeKind | None = None, page: int = 1, per_page: int = 25) -> ChangesPage:
    """What participants, contacts and holders of a link changed themselves, not the staff or the portal. Six
    queries."""
    found = audit.list_entries(
        tags=TAGS[kind] if kind else EVERY_TAG, only=_by_themselves(), page=page, per_page=per_page
    )
    pages = max(1, -(-found.total // per_page))
    return ChangesPage(_changes(found.entries), min(page, pages), pages, found.total)


def list_latest(*, limit: int = 5) -> list[Latest]:
    """The last of what people changed themselves, without anybody's data. One query."""
    about = and_(AuditThing.seq == AuditEntry.seq, AuditThing.kind == "edition")
    rows = db.session.execute(
        select(AuditEntry.tag, AuditEntry.payload, AuditEntry.happened_at, Edition.id, Course.title, Edition.place)
        .outerjoin(AuditThing, about)
        .outerjoin(Edition, Edition.id == AuditThing.thing_id)
        .outerjoin(Course, Course.id == Edition.course_id)
        .where(AuditEntry.tag.in_(EVERY_TAG), *_by_themselves())
        .order_by(AuditEntry.seq.desc())
        .limit(limit)
    )
    return [
        Latest(row.tag, json.loads(row.payload), row.happened_at, row.id, row.title or "", row.place or "")
        for row in rows
    ]


def count_own_changes(now: datetime) -> int:
    """How much people changed themselves in the last seven days. One query."""
    wanted = select(func.count()).select_from(AuditEntry).where(AuditEntry.tag.in_(EVERY_TAG), *_by_themselves())
    return db.session.scalar(wanted.where(AuditEntry.happened_at >= now - LATELY)) or 0


def list_history(enrolment_id: int, *, page: int = 1, per_page: int = 25) -> ChangesPage:
    """What happened to one enrolment, by whomever, the newest first. Six queries."""
    found = audit.list_entries(kind="enrolment", thing_id=enrolment_id, tags=HISTORY, page=page, per_page=per_page)
    pages = max(1, -(-found.total // per_page))
    return ChangesPage(_changes(found.entries), min(page, pages), pages, found.total)


def _by_themselves() -> list[ColumnElement[bool]]:
    """Done by a person or a visitor, who is none of the staff."""
    staff = select(RoleGrant.person_id).where(RoleGrant.role.in_(STAFF))
    return [
        AuditEntry.actor_kind.in_(("person", "visitor")),
        or_(AuditEntry.actor_id.is_(None), AuditEntry.actor_id.not_in(staff)),
    ]


def _changes(entries: list[TrailEntry]) -> list[Change]:
    enrolments = _people_of({entry.facts.get("enrolment_id") for entry in entries})
    editions = _editions({number for entry in entries for number in (_edition_id(entry), _to(entry))})
    about = {entry.seq: _about(entry, enrolments) for entry in entries}
    actors = {entry.actor_id for entry in entries}
    names = list_names({number for number in (*about.values(), *actors) if number})
    return [
        Change(
            entry,
            about[entry.seq],
            names.get(about[entry.seq] or 0, ""),
            names.get(entry.actor_id or 0),
            editions.get(_edition_id(entry) or 0),
            editions.get(_to(entry) or 0),
        )
        for entry in entries
    ]


def _about(entry: TrailEntry, enrolments: Mapping[int, int]) -> int | None:
    """The person it is about: whom it names, whose enrolment it is, else who did it."""
    named: int | None = entry.facts.get("person_id") or enrolments.get(entry.facts.get("enrolment_id") or 0)
    return named or entry.actor_id


def _edition_id(entry: TrailEntry) -> int | None:
    found: int | None = entry.facts.get("edition_id")
    return found


def _to(entry: TrailEntry) -> int | None:
    found: int | None = entry.facts.get("to_edition") or entry.facts.get("in_edition")
    return found


def _people_of(enrolment_ids: set[Any]) -> dict[int, int]:
    wanted = enrolment_ids - {None}
    if not wanted:
        return {}
    rows = db.session.execute(select(Enrolment.id, Enrolment.person_id).where(Enrolment.id.in_(wanted)))
    return {row.id: row.person_id for row in rows}


def _editions(edition_ids: set[int | None]) -> dict[int, EditionNamed]:
    wanted = select(Edition.id, Course.title, Edition.place, Edition.starts_on)
    rows = db.session.execute(
        wanted.join(Course, Course.id == Edition.course_id).where(Edition.id.in_(edition_ids - {None}))
    )
    return {row.id: EditionNamed(*row) for row in rows}

"""Editions at a register: which wait for the office, and what was handed over of them before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import Any

from sqlalchemy import distinct, exists, func, select
from sqlalchemy.orm import aliased

from portal.clock import local_date
from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.accreditation.models import PointAward
from portal.domain.accreditation.reasons import Reason
from portal.domain.attendance.models import AttendanceSheet
from portal.domain.catalogue.models import Accreditation, Course, Edition, Meeting, Module, Register
from portal.domain.enrolment.models import Enrolment
from portal.domain.handover.models import Handover, HandoverRow
from portal.domain.handover.rows import list_rows
from portal.domain.handover.rules import OPEN, PER_EDITION, RowState, RunState, Told, count_states, due_on
from portal.domain.handover.subjects import known_pairs, last_meetings, open_pairs
from portal.errors import NotFound

PER_PAGE = 20


@dataclass(frozen=True)
class EditionHead:
    """An edition at a register. `accredited`: the register ever granted points for its training. `open_lists`:
    positions of the dagdelen whose list is not finished; `ended_at`: when the last one ends, None without meetings."""

    edition_id: int
    register: str
    register_name: str
    title: str
    place: str
    ended_at: datetime | None
    due_on: date | None
    accredited: bool
    open_lists: tuple[int, ...]

    def is_ready(self, now: datetime) -> bool:
        """Whether its list can be handed over: one list for the edition waits for all of its meetings."""
        if self.ended_at is None:
            return False
        return self.register not in PER_EDITION or (self.ended_at <= now and not self.open_lists)


@dataclass(frozen=True)
class Waiting:
    """An edition on the office's list, and how many of its rows stand where."""

    register: str
    edition_id: int
    title: str
    place: str
    ended_on: date
    due_on: date
    counts: Mapping[RowState, int]

    @property
    def is_open(self) -> bool:
        """Whether something waits for somebody."""
        return any(self.counts[state] for state in OPEN)

    def late(self, today: date) -> int:
        """Days past its day; negative: days to go."""
        return (today - self.due_on).days


@dataclass(frozen=True)
class PageOfEditions:
    rows: list[Waiting]
    number: int
    pages: int


@dataclass(frozen=True)
class PastHandover:
    """One of the history. `waiting`: rows of a call that is still to be made, or whose answer we do not have."""

    id: int
    way: str
    state: str
    handed_on: date
    recorded_at: datetime
    by: str | None
    note: str
    fault: str
    total: int
    accepted: int
    refused: int
    waiting: int


def get_head(register: str, edition_id: int, days: int) -> EditionHead:
    """The edition at the register; NotFound for what is not there. `days` as in the office's policy. Four queries."""
    row = db.session.execute(
        select(Edition.id, Edition.course_id, Edition.place, Course.title).join(Course).where(Edition.id == edition_id)
    ).one_or_none()
    name = db.session.scalar(select(Register.name).where(Register.code == register))
    if row is None or name is None:
        raise NotFound
    granted = (
        select(Accreditation.id)
        .outerjoin(Module, Module.id == Accreditation.module_id)
        .where(
            Accreditation.register_code == register,
            func.coalesce(Accreditation.course_id, Module.course_id) == row.course_id,
        )
    )
    meetings = db.session.execute(
        select(Meeting.ends_at, Meeting.taken, Module.position, AttendanceSheet.finished_at)
        .join(Module, Module.id == Meeting.module_id)
        .outerjoin(AttendanceSheet, AttendanceSheet.meeting_id == Meeting.id)
        .where(Meeting.edition_id == edition_id)
        .order_by(Module.position)
    ).all()
    ended_at = max((meeting.ends_at for meeting in meetings), default=None)
    return EditionHead(
        edition_id=edition_id,
        register=register,
        register_name=name,
        title=row.title,
        place=row.place,
        ended_at=ended_at,
        due_on=due_on(local_date(ended_at), days) if ended_at else None,
        accredited=db.session.scalar(select(granted.exists())) or False,
        open_lists=tuple(one.position for one in meetings if one.taken and one.finished_at is None),
    )


def list_editions(
    now: datetime, days: int, *, register: str = "", everything: bool = False, page: int = 1, per_page: int = PER_PAGE
) -> PageOfEditions:
    """Editions whose last meeting is over, the earliest first: those in which something waits for the office, or all
    that ever had something to hand over. Nine queries, however many."""
    pairs = (known_pairs() if everything else open_pairs()).subquery("pairs")
    ended = last_meetings()
    wanted = (
        select(pairs.c.register_code, pairs.c.edition_id, ended.c.ended_at, func.count().over().label("total"))
        .join(ended, ended.c.edition_id == pairs.c.edition_id)
        .where(ended.c.ended_at <= now)
    )
    if register:
        wanted = wanted.where(pairs.c.register_code == register)
    newest_last = (ended.c.ended_at.desc() if everything else ended.c.ended_at, pairs.c.edition_id)
    wanted = wanted.order_by(*newest_last, pairs.c.register_code).limit(per_page).offset((page - 1) * per_page)
    found = db.session.execute(wanted).all()
    ids = {one.edition_id for one in found}
    rows = list_rows(ids)
    heads = {
        one.id: one
        for one in db.session.execute(
            select(Edition.id, Edition.place, Course.title).join(Course).where(Edition.id.in_(ids))
        )
    }
    waiting = [
        Waiting(
            register=one.register_code,
            edition_id=one.edition_id,
            title=heads[one.edition_id].title,
            place=heads[one.edition_id].place,
            ended_on=local_date(one.ended_at),
            due_on=due_on(local_date(one.ended_at), days),
            counts=count_states(row.state for row in rows.get((one.register_code, one.edition_id), [])),
        )
        for one in found
    ]
    return PageOfEditions(waiting, page, ceil(found[0].total / per_page) if found else 1)


def list_handovers(register: str, edition_id: int, *, page: int = 1) -> tuple[list[PastHandover], int]:
    """What was handed over of an edition, the newest first, and on how many pages. One query."""
    counted = {
        "total": func.count(HandoverRow.id),
        "accepted": func.count().filter(HandoverRow.state.in_([Told.ACCEPTED, Told.WITHDRAWN])),
        "refused": func.count().filter(HandoverRow.state.in_([Told.REFUSED, Told.LEFT])),
        "waiting": func.count().filter(HandoverRow.state.in_([Told.WAITING, Told.ASKED])),
    }
    found = (
        select(Handover, Person.name, func.count().over().label("all"), *(one.label(n) for n, one in counted.items()))
        .outerjoin(HandoverRow, HandoverRow.handover_id == Handover.id)
        .outerjoin(Person, Person.id == Handover.recorded_by_id)
        .where(Handover.register_code == register, Handover.edition_id == edition_id)
        .group_by(Handover.id, Person.name)
        .order_by(Handover.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    rows = db.session.execute(found).all()
    return [_past(row) for row in rows], ceil(rows[0].all / PER_PAGE) if rows else 1


@dataclass(frozen=True)
class RowCounts:
    """What became of the rows of a hand-over; `unknown`: told, and no answer for them."""

    total: int = 0
    accepted: int = 0
    refused: int = 0
    unknown: int = 0
    waiting: int = 0


def count_rows(handover_id: int) -> RowCounts:
    """The rows of one hand-over. One query."""
    found = select(HandoverRow.state, func.count()).where(HandoverRow.handover_id == handover_id)
    counts = {row[0]: row[1] for row in db.session.execute(found.group_by(HandoverRow.state))}
    return RowCounts(
        total=sum(counts.values()),
        accepted=counts.get(Told.ACCEPTED, 0) + counts.get(Told.WITHDRAWN, 0),
        refused=counts.get(Told.REFUSED, 0) + counts.get(Told.LEFT, 0),
        unknown=counts.get(Told.SENT, 0) + counts.get(Told.GIVEN_UP, 0),
        waiting=counts.get(Told.WAITING, 0) + counts.get(Told.ASKED, 0),
    )


def find_unfinished(register: str, edition_id: int) -> Handover | None:
    """The hand-over by the web service that is not finished, of which an edition has one at most. One query."""
    return db.session.scalar(
        select(Handover).where(
            Handover.register_code == register,
            Handover.edition_id == edition_id,
            Handover.state != RunState.FINISHED,
        )
    )


def count_not_counting(register: str, edition_id: int) -> dict[Reason, int]:
    """Why people of an edition have no points at all at the register, and how many for each reason; who has several
    counts for each. One query."""
    other = aliased(PointAward)
    has_points = exists().where(
        other.enrolment_id == PointAward.enrolment_id, other.register_code == register, other.points > 0
    )
    found = (
        select(PointAward.reason, func.count(distinct(PointAward.enrolment_id)))
        .join(Enrolment, Enrolment.id == PointAward.enrolment_id)
        .where(Enrolment.edition_id == edition_id, PointAward.register_code == register, ~has_points)
        .group_by(PointAward.reason)
    )
    counts = {Reason(row[0]): row[1] for row in db.session.execute(found)}
    return {reason: counts[reason] for reason in Reason if reason in counts}


def list_registers() -> dict[str, str]:
    """Code to name of every register, in the order of the alphabet. One query."""
    return {row.code: row.name for row in db.session.scalars(select(Register).order_by(Register.code))}


def _past(row: Any) -> PastHandover:
    one: Handover = row.Handover
    return PastHandover(
        one.id, one.way, one.state, one.handed_on, one.recorded_at, row.name, one.note, one.fault,
        row.total, row.accepted, row.refused, row.waiting,
    )  # fmt: skip

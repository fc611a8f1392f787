"""The rows of an edition at a register as they stand now: what counts, beside what was told."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, select

from portal.clock import local_date
from portal.db import db
from portal.domain.accounts.models import RegisterNumber
from portal.domain.accreditation.models import PointAward
from portal.domain.catalogue.models import Edition, Meeting, Module
from portal.domain.enrolment.models import Enrolment, EnrolmentRegisterNumber
from portal.domain.handover.models import HandoverRow
from portal.domain.handover.rules import PER_EDITION, Claim, LastTold, RowState, Told, number_for, state_of

# (enrolment, module or None): what is told apart.
Subject = tuple[int, int | None]


@dataclass(frozen=True)
class Held:
    """Where a dagdeel was followed. `place`: '' unless it was in another edition."""

    meeting_id: int
    on: date
    elsewhere: str = ""


@dataclass(frozen=True)
class Row:
    """One person at one register. `positions`: the dagdelen that the points are for, empty for the whole training.
    `number` is what would be told now; `told`: the row that was told last, and `was_points` and `was_number` what it
    said."""

    enrolment_id: int
    person_id: int
    module_id: int | None
    name: str
    positions: tuple[int, ...]
    held: Held | None
    state: RowState
    number: str
    points: int
    row_id: int | None = None
    reason: str = ""
    words: str = ""
    was_points: int | None = None
    was_number: str = ""

    @property
    def subject(self) -> Subject:
        return self.enrolment_id, self.module_id

    @property
    def key(self) -> str:
        """As Subject, for a form: '12.0'."""
        return f"{self.enrolment_id}.{self.module_id or 0}"


@dataclass(frozen=True)
class Box:
    """Numbers that are pasted in one go: of people who earned the same, in one meeting where that is told apart."""

    positions: tuple[int, ...]
    held: Held | None
    points: int
    rows: tuple[Row, ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(row.number for row in self.rows)

    @property
    def value(self) -> str:
        return " ".join(row.key for row in self.rows)


def list_rows(edition_ids: Collection[int], register: str = "") -> dict[tuple[str, int], list[Row]]:
    """The rows of these editions by (register, edition), in the order of the names. Six queries, however many."""
    awards = _awards(edition_ids, register)
    told = _told(edition_ids, register)
    claimed: dict[tuple[str, Subject], list[Any]] = defaultdict(list)
    for award in awards:
        module_id = None if award.register_code in PER_EDITION else award.module_id
        claimed[award.register_code, (award.enrolment_id, module_id)].append(award)
    enrolment_ids = {subject[0] for _register, subject in (*claimed, *told)}
    people = _people(enrolment_ids)
    numbers = _numbers(enrolment_ids)
    modules = _modules({people[one].course_id for one in enrolment_ids})
    meetings = _meetings(awards, people)
    found: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for code, subject in {*claimed, *told}:
        person = people[subject[0]]
        given, kept = numbers.get((subject[0], code), ""), numbers.get((-person.person_id, code), "")
        mine = claimed.get((code, subject), [])
        held = meetings.get((code, *subject)) if subject[1] else None
        claim = Claim(sum(one.points for one in mine), given, kept)
        positions = _positions(mine, subject, modules)
        row = _row(person, subject, claim, told.get((code, subject)), positions, held)
        if row is not None:
            found[code, person.edition_id].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row.name.casefold(), row.enrolment_id, row.positions))
    return found


def boxes_of(rows: Collection[Row]) -> list[Box]:
    """The numbers to paste, together for who earned the same; the largest box first."""
    together: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if row.state == RowState.TO_SEND:
            together[row.positions, row.held, row.points].append(row)
    boxes = [Box(positions, held, points, tuple(mine)) for (positions, held, points), mine in together.items()]
    return sorted(boxes, key=lambda box: (box.held.on if box.held else date.min, -len(box.rows), box.positions))


def _row(
    person: Any, subject: Subject, claim: Claim, told: Any, positions: tuple[int, ...], held: Held | None
) -> Row | None:
    last = None
    if told is not None:
        last = LastTold(Told(told.state), told.number, told.points, told.again, told.refused_numbers)
    state = state_of(claim, last)
    if state is None:
        return None
    return Row(
        enrolment_id=subject[0],
        person_id=person.person_id,
        module_id=subject[1],
        name=person.participant_name,
        positions=positions,
        held=held,
        state=state,
        number=number_for(claim, last),
        points=claim.points,
        row_id=told.id if told else None,
        reason=told.reason if told else "",
        words=told.words if told else "",
        was_points=told.points if told else None,
        was_number=told.number if told else "",
    )


def _awards(edition_ids: Collection[int], register: str) -> list[Any]:
    found = (
        select(
            PointAward.enrolment_id, PointAward.register_code, PointAward.module_id, PointAward.points, PointAward.facts
        )
        .join(Enrolment, Enrolment.id == PointAward.enrolment_id)
        .where(Enrolment.edition_id.in_(edition_ids), PointAward.points > 0)
        .order_by(PointAward.id)
    )
    wanted = found.where(PointAward.register_code == register) if register else found
    return list(db.session.execute(wanted))


@dataclass(frozen=True)
class _LastRow:
    id: int
    state: str
    number: str
    points: int
    again: bool
    reason: str
    words: str
    refused_numbers: frozenset[str]


def _told(edition_ids: Collection[int], register: str) -> dict[tuple[str, Subject], _LastRow]:
    found = (
        select(HandoverRow)
        .join(Enrolment, Enrolment.id == HandoverRow.enrolment_id)
        .where(Enrolment.edition_id.in_(edition_ids))
        .order_by(HandoverRow.id)
    )
    refused: dict[tuple[str, Subject], set[str]] = defaultdict(set)
    last: dict[tuple[str, Subject], HandoverRow] = {}
    wanted = found.where(HandoverRow.register_code == register) if register else found
    for row in db.session.scalars(wanted):
        subject = row.register_code, (row.enrolment_id, row.module_id)
        if row.state in (Told.REFUSED, Told.LEFT):
            refused[subject].add(row.number)
        if not row.superseded:
            last[subject] = row
    return {
        key: _LastRow(
            row.id, row.state, row.number, row.points, row.again, row.reason, row.words, frozenset(refused[key])
        )
        for key, row in last.items()
    }


def _people(enrolment_ids: Collection[int]) -> dict[int, Any]:
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.person_id, Enrolment.edition_id, Enrolment.participant_name, Edition.course_id)
        .join(Edition, Edition.id == Enrolment.edition_id)
        .where(Enrolment.id.in_(enrolment_ids))
    )
    return {row.id: row for row in rows}


def _numbers(enrolment_ids: Collection[int]) -> dict[tuple[int, str], str]:
    """Numbers by (enrolment, register), and those of the profiles by (minus the person, register)."""
    given = select(
        EnrolmentRegisterNumber.enrolment_id.label("key"),
        EnrolmentRegisterNumber.register_code,
        EnrolmentRegisterNumber.number,
    ).where(EnrolmentRegisterNumber.enrolment_id.in_(enrolment_ids))
    of_these = select(Enrolment.person_id).where(Enrolment.id.in_(enrolment_ids))
    kept = select((-RegisterNumber.person_id).label("key"), RegisterNumber.register_code, RegisterNumber.number).where(
        RegisterNumber.person_id.in_(of_these)
    )
    return {(row.key, row.register_code): row.number for row in db.session.execute(given.union_all(kept))}


def _modules(course_ids: Collection[int]) -> dict[int, int]:
    rows = db.session.execute(select(Module.id, Module.position).where(Module.course_id.in_(course_ids)))
    return {row.id: row.position for row in rows}


def _positions(awards: Collection[Any], subject: Subject, modules: Mapping[int, int]) -> tuple[int, ...]:
    """Of which dagdelen the points are; of what does not count any more, the dagdeel that was told."""
    ids = {award.module_id for award in awards if award.module_id} or ({subject[1]} if subject[1] else set())
    return tuple(sorted(modules[one] for one in ids))


def _meetings(awards: Collection[Any], people: Mapping[int, Any]) -> dict[tuple[str, int, int | None], Held]:
    """Where each dagdeel that points are for was followed, by (register, enrolment, module). One query."""
    wanted = {}
    for award in awards:
        if award.module_id and award.register_code not in PER_EDITION:
            there = award.facts.get("elsewhere") or {}
            edition_id = there.get("edition", people[award.enrolment_id].edition_id)
            wanted[award.register_code, award.enrolment_id, award.module_id] = edition_id
    rows = db.session.execute(
        select(Meeting.id, Meeting.edition_id, Meeting.module_id, Meeting.starts_at, Edition.place)
        .join(Edition, Edition.id == Meeting.edition_id)
        .where(and_(Meeting.edition_id.in_(set(wanted.values())), Meeting.module_id.in_({key[2] for key in wanted})))
    )
    known = {(row.edition_id, row.module_id): row for row in rows}
    found = {}
    for key, edition_id in wanted.items():
        meeting = known.get((edition_id, key[2]))
        if meeting is not None:
            away = "" if edition_id == people[key[1]].edition_id else meeting.place or "online"
            found[key] = Held(meeting.id, local_date(meeting.starts_at), away)
    return found

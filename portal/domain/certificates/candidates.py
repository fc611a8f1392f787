"""Who may have a certificate: the enrolments of editions, judged by the rules from three queries."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select

from portal.db import Page, db, paged
from portal.documents.certificate import facts_from_json
from portal.domain.attendance.rules import ATTENDED
from portal.domain.attendance.seats_in_force import SeatsInForce, list_in_force
from portal.domain.catalogue.models import Course, Edition, Module
from portal.domain.catalogue.rules import GIVEN
from portal.domain.certificates.models import Certificate
from portal.domain.certificates.rules import CertificateState, Readiness, SeatFacts, Standing, readiness
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.rules import EnrolmentState


@dataclass(frozen=True)
class Candidate:
    """One enrolment and where it stands; `certificate_id` is its last certificate, whatever became of that."""

    enrolment_id: int
    edition_id: int
    person_id: int
    name: str
    readiness: Readiness
    certificate_id: int | None


@dataclass(frozen=True)
class Counts:
    """How many enrolments of an edition stand where."""

    ready: int = 0
    blocked: int = 0
    issued: int = 0


def list_candidates(edition_ids: Collection[int], enrolment_id: int | None = None) -> list[Candidate]:
    """Every enrolment of these editions (or the one), by name; a cancelled one only while it holds a seat or ever had a
    certificate. Four queries, however many; one more when somebody made up for something."""
    enrolments = db.session.execute(
        select(
            Enrolment.id, Enrolment.edition_id, Enrolment.person_id, Enrolment.participant_name.label("name"),
            Edition.course_id, Enrolment.state,
        )
        .join(Edition, Edition.id == Enrolment.edition_id)
        .where(
            Enrolment.edition_id.in_(list(edition_ids)),
            _in_sight(),
            *([] if enrolment_id is None else [Enrolment.id == enrolment_id]),
        )
        .order_by(Enrolment.participant_name, Enrolment.id)
    ).all()  # fmt: skip
    wanted = Enrolment.edition_id.in_(list(edition_ids))
    seats = list_in_force(wanted if enrolment_id is None else and_(wanted, Enrolment.id == enrolment_id))
    printed = _printed([row_id for row_id, found in seats.items() if any(seat.missed_on for seat in found.seats)])
    modules = _modules(edition_ids)
    certificates = _certificates(edition_ids, enrolment_id)
    return [
        Candidate(
            row.id,
            row.edition_id,
            row.person_id,
            row.name,
            readiness(
                _seat_facts(seats[row.id]),
                modules[row.course_id],
                [state for _id, state in certificates[row.id]],
                cancelled=row.state == EnrolmentState.CANCELLED,
                printed=printed.get(row.id, ()),
            ),
            max((number for number, _state in certificates[row.id]), default=None),
        )
        for row in enrolments
    ]


def count_standings(candidates: Sequence[Candidate]) -> dict[int, Counts]:
    """How many stand where, per edition."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(Standing, 0))
    for candidate in candidates:
        found[candidate.edition_id][candidate.readiness.standing] += 1
    return {
        edition_id: Counts(counts[Standing.READY], counts[Standing.BLOCKED], counts[Standing.ISSUED])
        for edition_id, counts in found.items()
    }


def list_editions_begun(*, today: date, page: int = 1, per_page: int = 20) -> Page:
    """A page of the published editions that have begun and have people, the last one first.

    Rows: id, title, starts_on, place, people."""
    people = (
        select(Enrolment.edition_id, func.count().label("people"))
        .where(_in_sight())
        .group_by(Enrolment.edition_id)
        .subquery()
    )
    wanted = (
        select(Edition.id, Course.title, Edition.starts_on, Edition.place, people.c.people)
        .join(Course, Course.id == Edition.course_id)
        .join(people, people.c.edition_id == Edition.id)
        .where(Edition.state.in_(GIVEN), Edition.starts_on <= today)
        .order_by(Edition.starts_on.desc(), Edition.id)
    )
    return paged(wanted, page=page, per_page=per_page)


def _in_sight() -> ColumnElement[bool]:
    """Not cancelled, or cancelled after something had happened: a certificate goes on holding until it is revoked."""
    holds_a_seat = select(Seat.id).where(Seat.enrolment_id == Enrolment.id, Seat.released_at.is_(None)).exists()
    has_had_one = select(Certificate.id).where(Certificate.enrolment_id == Enrolment.id).exists()
    return or_(Enrolment.state != EnrolmentState.CANCELLED, holds_a_seat, has_had_one)


def _seat_facts(in_force: SeatsInForce) -> list[SeatFacts]:
    return [
        SeatFacts(
            seat.position,
            seat.is_finished,
            None if seat.mark.status is None else seat.mark.status in ATTENDED,
            seat.held_on if seat.missed_on else None,
        )
        for seat in in_force.seats
    ]


def _printed(enrolment_ids: Collection[int]) -> dict[int, list[tuple[int, date]]]:
    """The modules and days on the valid certificates of these enrolments. One query, or none for nobody."""
    if not enrolment_ids:
        return {}
    valid = select(Certificate.enrolment_id, Certificate.facts).where(
        Certificate.enrolment_id.in_(list(enrolment_ids)), Certificate.state == CertificateState.VALID
    )
    return {
        row.enrolment_id: [(one.position, one.held_on) for one in facts_from_json(row.facts).rows]
        for row in db.session.execute(valid)
    }


def _modules(edition_ids: Collection[int]) -> dict[int, int]:
    courses = select(Edition.course_id).where(Edition.id.in_(list(edition_ids)))
    rows = db.session.execute(
        select(Module.course_id, func.count()).where(Module.course_id.in_(courses)).group_by(Module.course_id)
    )
    return defaultdict(int, {row.course_id: row[1] for row in rows})


def _certificates(edition_ids: Collection[int], enrolment_id: int | None) -> dict[int, list[tuple[int, str]]]:
    rows = db.session.execute(
        select(Certificate.enrolment_id, Certificate.id, Certificate.state)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .where(
            Enrolment.edition_id.in_(list(edition_ids)),
            *([] if enrolment_id is None else [Enrolment.id == enrolment_id]),
        )
        .order_by(Certificate.id)
    )
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in rows:
        found[row.enrolment_id].append((row.id, row.state))
    return found

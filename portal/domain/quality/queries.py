"""Reading who is to be asked, and what a link is for; what was answered stands in results.py."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, exists, func, select

from portal.db import db
from portal.domain.accounts.queries import hash_token
from portal.domain.attendance.models import Attendance
from portal.domain.attendance.rules import ATTENDED
from portal.domain.catalogue.models import Course, Edition, Meeting
from portal.domain.catalogue.rules import GIVEN
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.place_rules import last_day_before
from portal.domain.enrolment.rules import EnrolmentState
from portal.domain.quality.models import Evaluation, EvaluationRequest
from portal.domain.quality.rules import KEEP_ASKED, LinkState, ended_between, link_state

# No meeting lasts longer: what began earlier has not ended since.
LONGEST_MEETING = timedelta(days=7)


@dataclass(frozen=True)
class Ended:
    """An edition that may be evaluated, and when its last meeting ended."""

    edition_id: int
    ended_at: datetime


@dataclass(frozen=True)
class Link:
    """What somebody's own link is for. It names the edition and never the person."""

    edition_id: int
    title: str
    place: str
    starts_on: date | None
    state: LinkState
    last_on: date


@dataclass(frozen=True)
class OwnEvaluation:
    """Where somebody's own evaluation of an edition stands, and the last day on which they may answer."""

    state: LinkState
    last_on: date


def find_to_open(days: int, open_days: int, now: datetime) -> Ended | None:
    """The edition whose evaluation is to open first: its last meeting is so long ago, and nobody opened it. One
    query, over the meetings of since then."""
    since, before = ended_between(days, open_days, now)
    ended_at = func.max(Meeting.ends_at)
    found = (
        select(Meeting.edition_id, ended_at.label("ended_at"))
        .join(Edition, Edition.id == Meeting.edition_id)
        .where(Edition.state.in_(GIVEN), Meeting.starts_at >= since - LONGEST_MEETING)
        .where(~exists().where(Evaluation.edition_id == Meeting.edition_id))
        .group_by(Meeting.edition_id)
        .having(ended_at >= since, ended_at < before)
        .order_by(ended_at, Meeting.edition_id)
    )
    row = db.session.execute(found.limit(1)).first()
    return Ended(row.edition_id, row.ended_at) if row else None


def find_to_ask(now: datetime) -> int | None:
    """The edition, of those whose evaluation is open, in which somebody is still to be asked. One query."""
    found = (
        select(Evaluation.edition_id)
        .join(Edition, Edition.id == Evaluation.edition_id)
        .where(Evaluation.opens_at <= now, Evaluation.closes_at > now, Edition.state.in_(GIVEN))
        .where(_to_ask().correlate(Evaluation).exists())
        .order_by(Evaluation.closes_at, Evaluation.edition_id)
    )
    return db.session.scalar(found.limit(1))


def list_to_ask(edition_id: int, at_most: int) -> Sequence[int]:
    """The people who are still to be asked about an edition whose evaluation is open: they hold a seat in one of its
    meetings, had it before the moment of asking, and were there, whatever of the time. One query."""
    found = _to_ask().join(Evaluation, Evaluation.edition_id == Meeting.edition_id)
    found = found.where(Evaluation.edition_id == edition_id).distinct().order_by(Enrolment.person_id)
    return db.session.scalars(found.limit(at_most)).all()


def find_to_forget(now: datetime) -> int | None:
    """The edition of which it is known longest who was asked, longer than is of use. One query."""
    found = (
        select(Evaluation.edition_id)
        .join(EvaluationRequest, EvaluationRequest.edition_id == Evaluation.edition_id)
        .where(Evaluation.closes_at <= now - KEEP_ASKED)
        .order_by(Evaluation.closes_at, Evaluation.edition_id)
    )
    return db.session.scalar(found.limit(1))


def find_link(token: str, now: datetime) -> Link | None:
    """What the link with this token is for; None for one that we did not send, or forgot. One query."""
    row = db.session.execute(
        select(Edition.id, Course.title, Edition.place, Edition.starts_on, EvaluationRequest.used, Evaluation.closes_at)
        .join(Evaluation, Evaluation.edition_id == EvaluationRequest.edition_id)
        .join(Edition, Edition.id == Evaluation.edition_id)
        .join(Course, Course.id == Edition.course_id)
        .where(EvaluationRequest.token_hash == hash_token(token))
    ).one_or_none()
    if row is None:
        return None
    state = link_state(row.used, row.closes_at, now)
    return Link(row.id, row.title, row.place, row.starts_on, state, last_day_before(row.closes_at))


def list_own_evaluations(person_id: int, edition_ids: Collection[int], now: datetime) -> dict[int, OwnEvaluation]:
    """By edition, where somebody was asked about it. One query."""
    rows = db.session.execute(
        select(EvaluationRequest.edition_id, EvaluationRequest.used, Evaluation.closes_at)
        .join(Evaluation, Evaluation.edition_id == EvaluationRequest.edition_id)
        .where(EvaluationRequest.person_id == person_id, EvaluationRequest.edition_id.in_(edition_ids))
    )
    return {
        row.edition_id: OwnEvaluation(link_state(row.used, row.closes_at, now), last_day_before(row.closes_at))
        for row in rows
    }


def _to_ask() -> Select[int]:
    """People, for each of their seats in a meeting that counts; the statement around it says of which Evaluation."""
    asked = exists().where(
        EvaluationRequest.edition_id == Meeting.edition_id, EvaluationRequest.person_id == Enrolment.person_id
    )
    return (
        select(Enrolment.person_id)
        .select_from(Seat)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .join(Enrolment, Enrolment.id == Seat.enrolment_id)
        .join(Attendance, Attendance.seat_id == Seat.id)
        .where(
            Meeting.edition_id == Evaluation.edition_id,
            Seat.released_at.is_(None),
            Enrolment.state != EnrolmentState.CANCELLED,
            Attendance.status.in_(ATTENDED),
            func.coalesce(Seat.taken_at, Enrolment.enrolled_at) < Evaluation.opens_at,
            ~asked,
        )
    )

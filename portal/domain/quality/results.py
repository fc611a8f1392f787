"""What came back for editions: how many answered, means, and what could be better. Too few answers show nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, Select, func, select

from portal.db import db, paged
from portal.domain.catalogue.models import Course, Edition, Meeting, MeetingTrainer
from portal.domain.enrolment.place_rules import last_day_before
from portal.domain.quality.models import Evaluation, EvaluationAnswer
from portal.domain.quality.rules import Question, may_be_shown
from portal.errors import NotFound

MOST_REMARKS_SHOWN = 200
Means = Mapping[Question, float]
Head = tuple[int, str, str, date | None, datetime, int]


@dataclass(frozen=True)
class Result:
    """What came back for an edition. `last_on` None: nobody was asked yet. `means` None while there are too few answers
    to show them."""

    edition_id: int
    title: str
    place: str
    starts_on: date | None
    last_on: date | None
    asked: int
    answered: int
    means: Means | None


@dataclass(frozen=True)
class ResultPage:
    """One page of results; `total` of them on `pages` pages."""

    rows: list[Result]
    number: int
    pages: int
    total: int


def get_result(edition_id: int) -> Result:
    """What came back for an edition, also when nobody was asked yet; NotFound. Two queries."""
    row = db.session.execute(
        _heads().outerjoin(Evaluation, Evaluation.edition_id == Edition.id).where(Edition.id == edition_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return _result(row, _means([edition_id]))


def list_results(*, page: int = 1, per_page: int = 25) -> ResultPage:
    """A page of Results of the editions in which people were asked, the last one first. Three queries."""
    return _results([], page, per_page)


def list_results_for_trainer(person_id: int, now: datetime, *, page: int = 1, per_page: int = 25) -> ResultPage:
    """The same of the editions that a trainer gave a meeting of, once their evaluation is closed: means that change
    with every answer would say who gave it. Three queries."""
    given = (
        select(Meeting.edition_id)
        .join(MeetingTrainer, MeetingTrainer.meeting_id == Meeting.id)
        .where(MeetingTrainer.person_id == person_id)
    )
    return _results([Evaluation.closes_at <= now, Evaluation.edition_id.in_(given)], page, per_page)


def list_remarks(edition_id: int) -> Sequence[str]:
    """What could be better, in the words of who answered, in an order of chance; none while there are too few answers.
    One query."""
    rows = db.session.scalars(
        select(EvaluationAnswer.remark).where(EvaluationAnswer.edition_id == edition_id).order_by(EvaluationAnswer.id)
    ).all()
    return [remark for remark in rows if remark][:MOST_REMARKS_SHOWN] if may_be_shown(len(rows)) else []


def _heads() -> Select[*Head]:
    return select(
        Edition.id, Course.title, Edition.place, Edition.starts_on, Evaluation.closes_at, Evaluation.asked
    ).join(Course, Course.id == Edition.course_id)


def _results(only: Collection[ColumnElement[bool]], page: int, per_page: int) -> ResultPage:
    wanted = (
        _heads()
        .join(Evaluation, Evaluation.edition_id == Edition.id)
        .where(Evaluation.asked > 0, *only)
        .order_by(Evaluation.closes_at.desc(), Edition.id.desc())
    )
    found = paged(wanted, page=page, per_page=per_page)
    means = _means([row.id for row in found.rows])
    return ResultPage([_result(row, means) for row in found.rows], found.number, found.pages, found.total)


def _result(row: Row[*Head], means: Mapping[int, tuple[int, Means]]) -> Result:
    answered, of_all = means.get(row.id, (0, {}))
    return Result(
        edition_id=row.id,
        title=row.title,
        place=row.place,
        starts_on=row.starts_on,
        last_on=last_day_before(row.closes_at) if row.closes_at else None,
        asked=row.asked or 0,
        answered=answered,
        means=of_all if may_be_shown(answered) else None,
    )


def _means(edition_ids: Collection[int]) -> dict[int, tuple[int, Means]]:
    """By edition, how many answered and their means."""
    columns = [func.avg(getattr(EvaluationAnswer, each)).label(each) for each in Question]
    rows = db.session.execute(
        select(EvaluationAnswer.edition_id, func.count().label("answered"), *columns)
        .where(EvaluationAnswer.edition_id.in_(edition_ids))
        .group_by(EvaluationAnswer.edition_id)
    )
    return {
        row.edition_id: (row.answered, {each: float(row._mapping[each.value]) for each in Question}) for row in rows
    }

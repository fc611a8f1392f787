"""When people are asked and until when they may answer, what an answer is, and from how many on it is shown. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from portal.clock import from_local, local_date
from portal.domain.enrolment.reminder_rules import horizon, moment_after

LOWEST, HIGHEST = 1, 10
LONGEST_REMARK = 2000
# Fewer, and who knows the group can guess who said what.
LEAST_ANSWERS = 3
# So long after it closed a link still says why it does not work; then it is forgotten who was asked.
KEEP_ASKED = timedelta(days=30)


class Question(StrEnum):
    """What is graded from 1 to 10, as Dutch schools do (source: the foundation's yearly reports)."""

    CONTENT = "content"
    TRAINER = "trainer"
    PLACE = "place"
    USEFULNESS = "usefulness"


class LinkState(StrEnum):
    """What somebody's own link still does."""

    OPEN = "open"
    USED = "used"
    CLOSED = "closed"


@dataclass(frozen=True)
class Answers:
    """What somebody thought of an edition: a grade for every question, and what could be better in their own words."""

    grades: Mapping[Question, int]
    remark: str = ""


@dataclass(frozen=True)
class Window:
    """People are asked from `opens_at` on, and may answer until `closes_at`."""

    opens_at: datetime
    closes_at: datetime


def window(ended_at: datetime, days: int, open_days: int) -> Window:
    """The window of an edition whose last meeting ended then: it opens at nine o'clock so many `days` later, and closes
    at the end of the day that is `open_days` after that."""
    opens_at = moment_after(ended_at, days)
    closes_at = _midnight(local_date(opens_at) + timedelta(days=open_days + 1))
    return Window(opens_at, closes_at)


def ended_between(days: int, open_days: int, now: datetime) -> tuple[datetime, datetime]:
    """The window of an edition is open now exactly when its last meeting ended in [first, second)."""
    return _midnight(local_date(now) - timedelta(days=days + open_days)), horizon(-days, now)


def link_state(used: bool, closes_at: datetime, now: datetime) -> LinkState:
    """What a link does now. That it was used is said first, also later: it is what its reader did."""
    if used:
        return LinkState.USED
    return LinkState.OPEN if now < closes_at else LinkState.CLOSED


def wrong_field(answers: Answers) -> str | None:
    """The field of an answer that cannot be kept: a grade that is missing or out of bounds, or too long a remark."""
    for question in Question:
        if not LOWEST <= answers.grades.get(question, 0) <= HIGHEST:
            return question.value
    return "remark" if len(answers.remark) > LONGEST_REMARK else None


def may_be_shown(answered: int) -> bool:
    """Whether means and remarks of so many answers tell nothing about one of them."""
    return answered >= LEAST_ANSWERS


def _midnight(day: date) -> datetime:
    return from_local(datetime.combine(day, time()))

"""States of a request for an in-company training. Pure."""

from datetime import date, timedelta
from enum import StrEnum

WORKING_DAYS_TO_ANSWER = 2
SATURDAY = 5


class RequestState(StrEnum):
    REQUESTED = "requested"
    PLANNED = "planned"
    DECLINED = "declined"


TRANSITIONS: dict[RequestState, frozenset[RequestState]] = {
    RequestState.REQUESTED: frozenset({RequestState.PLANNED, RequestState.DECLINED}),
    RequestState.PLANNED: frozenset(),
    RequestState.DECLINED: frozenset(),
}


def may_become(now: RequestState, then: RequestState) -> bool:
    """Whether a request in state `now` may go to `then`."""
    return then in TRANSITIONS[now]


def answer_by(requested_on: date) -> date:
    """The day by which the office answers: two working days later (the promise on the page). Public holidays are not
    counted as days off: an answer is then early, never late."""
    day, left = requested_on, WORKING_DAYS_TO_ANSWER
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return day

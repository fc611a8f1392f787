"""When an offer ends and when enrolling closes, to the second, also over both changes of the clock."""

from datetime import datetime, timedelta

import pytest

from portal.clock import from_local, local
from portal.domain.enrolment.waiting_rules import (
    OFFER_TRANSITIONS,
    OfferState,
    closes_at,
    is_open,
    offer_until,
    seats_to_offer,
)

SECOND = timedelta(seconds=1)


def at(words: str) -> datetime:
    """'2027-03-28 09:30' by the clock in Amsterdam, or an instant that says how far it is from UTC."""
    moment = datetime.fromisoformat(words)
    return moment if moment.tzinfo else from_local(moment)


@pytest.mark.parametrize(
    ("first", "hours", "closes"),
    [
        # In spring the night of 28 March 2027 is an hour short, in autumn that of 31 October an hour long.
        ("2027-03-29 09:30", 0, "2027-03-29 09:30"),
        ("2027-03-29 09:30", 24, "2027-03-28 09:30"),
        ("2027-03-29 09:30", 48, "2027-03-27 08:30"),
        ("2027-03-28 10:00", 7, "2027-03-28T03:00+02:00"),
        ("2027-03-28 10:00", 8, "2027-03-28T01:00+01:00"),
        ("2027-11-01 09:30", 24, "2027-10-31 09:30"),
        ("2027-11-01 09:30", 48, "2027-10-30 10:30"),
        ("2027-10-31 10:00", 7, "2027-10-31T03:00+01:00"),
        ("2027-10-31 10:00", 8, "2027-10-31T02:00+01:00"),
        ("2027-10-31 10:00", 9, "2027-10-31T02:00+02:00"),
    ],
)
def test_enrolling_closes_so_many_hours_before_the_first(first: str, hours: int, closes: str):
    later = at(first) + timedelta(days=7)
    assert closes_at([later, at(first)], hours) == at(closes)


@pytest.mark.parametrize(
    ("now", "closes", "hours", "until"),
    [
        ("2027-03-27 12:00", "2027-04-20 09:30", 48, "2027-03-29 13:00"),
        ("2027-10-30 12:00", "2027-11-20 09:30", 48, "2027-11-01 11:00"),
        # Half of what is left: thirteen hours in the short night, fifteen in the long one.
        ("2027-03-27 20:00", "2027-03-28 10:00", 48, "2027-03-28T03:30+02:00"),
        ("2027-10-30 20:00", "2027-10-31 10:00", 48, "2027-10-31T02:30+01:00"),
        # The last instant at which the whole term still fits, and a second on either side of it.
        ("2027-03-27T08:29:59+00:00", "2027-03-31T08:30:00+00:00", 48, "2027-03-29T08:29:00+00:00"),
        ("2027-03-27T08:30:00+00:00", "2027-03-31T08:30:00+00:00", 48, "2027-03-29T08:30:00+00:00"),
        ("2027-03-27T08:30:01+00:00", "2027-03-31T08:30:00+00:00", 48, "2027-03-29T08:30:00+00:00"),
        # Whole minutes: two are left, less than two, and the very moment of closing.
        ("2027-03-28T08:28:00+00:00", "2027-03-28T08:30:00+00:00", 1, "2027-03-28T08:29:00+00:00"),
        ("2027-03-28T08:28:01+00:00", "2027-03-28T08:30:00+00:00", 1, "2027-03-28T08:29:00+00:00"),
        ("2027-03-28T08:29:00+00:00", "2027-03-28T08:30:00+00:00", 1, None),
        ("2027-03-28T08:29:59+00:00", "2027-03-28T08:30:00+00:00", 1, None),
        ("2027-03-28T08:30:00+00:00", "2027-03-28T08:30:00+00:00", 1, None),
        ("2027-03-28T08:30:01+00:00", "2027-03-28T08:30:00+00:00", 1, None),
    ],
)
def test_an_offer_holds_its_hours_and_at_most_half_of_what_is_left(
    now: str, closes: str, hours: int, until: str | None
):
    assert offer_until(at(now), at(closes), hours) == (at(until) if until else None)


@pytest.mark.parametrize(
    "until", ["2027-03-28T01:59+01:00", "2027-03-28T03:00+02:00", "2027-10-31T02:30+02:00", "2027-10-31T02:30+01:00"]
)
@pytest.mark.parametrize(("seconds", "answers"), [(-1, True), (0, False), (1, False)])
def test_an_offer_is_answered_until_its_moment_and_not_at_it(until: str, seconds: int, answers: bool):
    moment = at(until)
    assert is_open(OfferState.OPEN, moment, moment + seconds * SECOND) == answers
    # The clock in Amsterdam tells the same, also in the hour that it shows twice.
    assert is_open(OfferState.OPEN, local(moment), local(moment + seconds * SECOND)) == answers


@pytest.mark.parametrize("state", [state for state in OfferState if state != OfferState.OPEN])
def test_what_ended_is_not_answered_in_time_either(state: OfferState):
    assert OFFER_TRANSITIONS[state] == frozenset()
    assert not is_open(state, at("2027-03-28 13:00"), at("2027-03-28 12:00"))


@pytest.mark.parametrize(
    ("people", "together", "free", "offered"),
    [
        (1, True, [1, 1], 1),
        (1, True, [1, 0], 0),
        (2, True, [2, 3], 2),
        (2, True, [1, 3], 0),
        (3, False, [2, 1], 1),
        (3, False, [5, 4], 3),
        (3, False, [0, 4], 0),
        (1, True, [-1, 4], 0),
        (1, True, [], 0),
    ],
)
def test_together_is_all_or_nobody_and_else_as_many_as_fit(people: int, together: bool, free: list[int], offered: int):
    assert seats_to_offer(people, together, free) == offered

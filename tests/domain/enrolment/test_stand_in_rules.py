"""When a dagdeel may be swapped and where to: tables, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from portal.clock import local
from portal.domain.catalogue.rules import EditionKind, EditionState
from portal.domain.enrolment.rules import EnrolmentState
from portal.domain.enrolment.stand_in_rules import NoSwap, OtherMeeting, closes_at, may_go_to, no_swap

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
GOOD = OtherMeeting(2, NOW + timedelta(days=9), 1, EditionState.CONFIRMED, EditionKind.OPEN, None)
CLOSED = replace(GOOD, kind=EditionKind.IN_COMPANY, organisation_id=7)


@pytest.mark.parametrize(
    ("state", "starts_at", "hindrance"),
    [
        (EnrolmentState.ENROLLED, NOW + SECOND, None),
        (EnrolmentState.ENROLLED, NOW, NoSwap.BEGUN),
        (EnrolmentState.ENROLLED, NOW - SECOND, NoSwap.BEGUN),
        (EnrolmentState.ENROLLED, None, None),
        (EnrolmentState.COMPLETED, NOW + SECOND, NoSwap.ENDED),
        (EnrolmentState.CANCELLED, None, NoSwap.ENDED),
    ],
)
def test_a_dagdeel_may_be_swapped_until_it_begins(state, starts_at, hindrance):
    assert no_swap(state, starts_at, NOW) == hindrance


@pytest.mark.parametrize(
    ("meeting", "organisations", "closes_hours", "may"),
    [
        (GOOD, (), 0, True),
        (replace(GOOD, module_id=3), (), 0, False),
        (replace(GOOD, free=0), (), 0, False),
        (replace(GOOD, starts_at=NOW), (), 0, False),
        (replace(GOOD, starts_at=NOW + SECOND), (), 0, True),
        (replace(GOOD, starts_at=NOW + timedelta(hours=24)), (), 24, False),
        (replace(GOOD, starts_at=NOW + timedelta(hours=24) + SECOND), (), 24, True),
        (CLOSED, (), 0, False),
        (CLOSED, (8,), 0, False),
        (CLOSED, (7,), 0, True),
        *[
            (replace(GOOD, state=state), (), 0, state not in ("draft", "finished", "cancelled"))
            for state in EditionState
        ],
    ],
)
def test_only_a_meeting_on_offer_with_a_seat_before_it_closes_may_be_gone_to(meeting, organisations, closes_hours, may):
    assert may_go_to(meeting, module_id=2, organisations=organisations, closes_hours=closes_hours, now=NOW) is may


def test_closing_counts_real_hours_also_when_the_clock_changes():
    half_past_nine_in_summer = datetime(2027, 3, 28, 7, 30, tzinfo=UTC)
    assert local(closes_at(half_past_nine_in_summer, 24)).strftime("%d %H.%M") == "27 08.30"

"""When one's own link lets somebody in."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.attendance.join_rules import WayIn, way_in

STARTS = datetime(2027, 3, 4, 8, 30, tzinfo=UTC)
ENDS = STARTS + timedelta(hours=3)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (STARTS - timedelta(days=3), WayIn.EARLY),
        (STARTS - 30 * MINUTE - timedelta(microseconds=1), WayIn.EARLY),
        (STARTS - 30 * MINUTE, WayIn.OPEN),
        (STARTS, WayIn.OPEN),
        (ENDS - timedelta(microseconds=1), WayIn.OPEN),
        (ENDS, WayIn.OVER),
        (ENDS + timedelta(days=1), WayIn.OVER),
    ],
)
def test_from_half_an_hour_before_until_the_end(now: datetime, expected: WayIn):
    assert way_in(starts_at=STARTS, ends_at=ENDS, given=True, has_seat=True, has_link=True, now=now) == expected


@pytest.mark.parametrize(
    ("given", "has_seat", "has_link", "expected"),
    [
        (True, True, True, WayIn.OPEN),
        (True, True, False, WayIn.NO_LINK),
        (True, False, True, WayIn.RELEASED),
        (True, False, False, WayIn.RELEASED),
        (False, True, True, WayIn.CALLED_OFF),
        (False, True, False, WayIn.CALLED_OFF),
        (False, False, True, WayIn.CALLED_OFF),
        (False, False, False, WayIn.CALLED_OFF),
    ],
)
def test_only_who_is_expected_where_something_is_given(given: bool, has_seat: bool, has_link: bool, expected: WayIn):
    found = way_in(starts_at=STARTS, ends_at=ENDS, given=given, has_seat=has_seat, has_link=has_link, now=STARTS)
    assert found == expected

"""Mail that is refused for now is tried 48 times over two days."""

from datetime import UTC, datetime, timedelta

from portal.mail.retry import MOST_ATTEMPTS, next_attempt_at

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)


def test_the_first_tries_follow_soon_and_the_later_ones_every_seventy_minutes() -> None:
    waits = [next_attempt_at(attempts, NOW) for attempts in range(1, 9)]
    assert [(at - NOW).total_seconds() / 60 for at in waits if at] == [1, 2, 4, 8, 16, 32, 70, 70]


def test_after_the_last_attempt_there_is_no_next() -> None:
    assert next_attempt_at(MOST_ATTEMPTS - 1, NOW) is not None
    assert next_attempt_at(MOST_ATTEMPTS, NOW) is None


def test_the_tries_span_about_two_days() -> None:
    at, tries = NOW, 1
    while (following := next_attempt_at(tries, at)) is not None:
        at, tries = following, tries + 1
    assert tries == 48
    assert timedelta(hours=48) < at - NOW < timedelta(hours=50)

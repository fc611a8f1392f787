"""When a mail that was refused for now is tried again. Pure."""

from datetime import datetime, timedelta

MOST_ATTEMPTS = 48
# One minute after the first try, then twice as long each time, and from the seventh on every seventy minutes: a server
# that restarts is met soon, and one that is down for two days is met still (48.9 hours between the first and the last).
LONGEST_WAIT = timedelta(minutes=70)


def next_attempt_at(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many attempts (1 or more), of which the last was now; None when that was the last."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return now + (LONGEST_WAIT if attempts > 6 else timedelta(minutes=2 ** (attempts - 1)))

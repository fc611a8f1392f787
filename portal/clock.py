"""The only clock of the portal. Everything below the routes and the worker gets its time as an argument."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present date in Amsterdam, where the foundation, its meetings and its deadlines are."""
    return local_date(now())


def local(instant: datetime) -> datetime:
    """The same instant on Amsterdam's clocks."""
    return instant.astimezone(AMSTERDAM)


def local_date(instant: datetime) -> date:
    """The date in Amsterdam at an instant: the date that decides deadlines and accreditation periods."""
    return local(instant).date()


def from_local(naive: datetime) -> datetime:
    """An instant in UTC from a wall-clock time in Amsterdam, as people type it.

    In the hour that comes twice (end of summer time) the first of the two is meant."""
    return naive.replace(tzinfo=AMSTERDAM, fold=0).astimezone(UTC)

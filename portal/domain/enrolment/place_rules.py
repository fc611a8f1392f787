"""Until when a place that was reserved without a name is named, and when its contact is reminded. Pure.

Days count back from the date of the first meeting, by Amsterdam's calendar, so that a deadline is a whole day, also in
the weeks in which the clock changes."""

from datetime import date, datetime, time, timedelta

from portal.clock import from_local, local_date

# So many days before the last day on which places can be named the contact is reminded; 0: on that day.
REMIND_DAYS = (14, 7, 2, 0)
REMIND_AT = time(9)
# When the first meeting comes nearer, its places are not given back sooner than so many whole days from now.
NOTICE_DAYS = 2


def last_naming_day(first_at: datetime, naming_days: int) -> date:
    """The last day on which a place can be named."""
    return local_date(first_at) - timedelta(days=naming_days)


def name_until(first_at: datetime, naming_days: int) -> datetime:
    """From this instant on no place can be named: the last day is over, or the first meeting begins."""
    over = datetime.combine(last_naming_day(first_at, naming_days) + timedelta(days=1), time())
    return min(from_local(over), first_at)


def follow_start(until: datetime, was_first_at: datetime, first_at: datetime, now: datetime) -> datetime:
    """Until when places are named once the first meeting begins at another time: as many days before it as they were.
    Who speaks for them has at least two days from now, unless it begins sooner."""
    follows = name_until(first_at, (local_date(was_first_at) - last_day_before(until)).days)
    notice = from_local(datetime.combine(local_date(now) + timedelta(days=NOTICE_DAYS + 1), time()))
    return max(follows, min(notice, first_at))


def last_day_before(until: datetime) -> date:
    """The last day on which something can be done that can be done until this instant."""
    return local_date(until - timedelta(microseconds=1))


def next_due(until: datetime, after: datetime) -> datetime:
    """When there is something to do next, later than `after`: the next reminder, or giving the places back."""
    last_day = last_day_before(until)
    moments = [from_local(datetime.combine(last_day - timedelta(days=days), REMIND_AT)) for days in REMIND_DAYS]
    return min((moment for moment in moments if after < moment < until), default=until)


def days_left(until: datetime, now: datetime) -> int:
    """Days from today to the last day; 0 on that day itself."""
    return (last_day_before(until) - local_date(now)).days

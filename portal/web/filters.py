"""Dates, times and money in templates, as people read them: in the page's language and in Amsterdam's time."""

from flask import Flask

from portal.clock import local_date
from portal.language import calendar_date, clock_time, day, hours, moment, money, period, short_day


def register_filters(app: Flask) -> None:
    """Gives templates `|calendar_date`, `|day`, `|short_day`, `|clock`, `|period`, `|moment`, `|money`, `|hours` and
    `|local_day` (an instant's date, for `datetime=` and for comparing)."""
    app.jinja_env.filters.update(
        calendar_date=calendar_date,
        day=day,
        short_day=short_day,
        clock=clock_time,
        moment=moment,
        money=money,
        hours=hours,
        period=period,
        local_day=local_date,
    )

"""Dates, times and money as people read them, in the page's language and in Amsterdam's time."""

from datetime import date, datetime

from babel.dates import format_date
from babel.numbers import format_currency
from flask import Flask
from flask_babel import get_locale

from portal.clock import AMSTERDAM, local
from portal.language import DUTCH, _


def register_filters(app: Flask) -> None:
    """Gives templates `|day`, `|short_day`, `|clock`, `|moment`, `|money` and `|hours`."""
    app.jinja_env.filters.update(
        day=day, short_day=short_day, clock=clock_time, moment=moment, money=money, hours=hours, period=period
    )


def language() -> str:
    locale = get_locale()
    return locale.language if locale else DUTCH


def day(value: date | datetime) -> str:
    """'donderdag 4 maart 2027'."""
    return format_date(_date(value), "EEEE d MMMM y", locale=language())


def short_day(value: date | datetime) -> str:
    """'do 4 mrt 2027'."""
    return format_date(_date(value), "EEE d MMM y", locale=language()).replace(".", "")


def clock_time(value: datetime) -> str:
    """'09.30' in Dutch, '09:30' in English."""
    separator = "." if language() == DUTCH else ":"
    return local(value).strftime(f"%H{separator}%M")


def period(start: datetime, end: datetime) -> str:
    """'09.30 – 13.00 uur'."""
    return str(_("%(start)s – %(end)s uur", start=clock_time(start), end=clock_time(end)))


def moment(value: datetime) -> str:
    """'donderdag 4 maart 2027, 09.30 uur'."""
    return str(_("%(day)s, %(time)s uur", day=day(value), time=clock_time(value)))


def money(cents: int) -> str:
    """'€ 795' or '€ 795,50'."""
    pattern = "¤ #,##0" if cents % 100 == 0 else "¤ #,##0.00"
    return format_currency(cents / 100, "EUR", pattern, locale=language(), currency_digits=False)


def hours(minutes: int) -> str:
    """Hours of net contact time: 210 minutes are '3,5'."""
    text = f"{minutes / 60:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if language() == DUTCH else text


def _date(value: date | datetime) -> date:
    return value.astimezone(AMSTERDAM).date() if isinstance(value, datetime) else value

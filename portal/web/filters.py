"""Dates, times and money in templates, as people read them: in the page's language and in Amsterdam's time."""

from datetime import datetime

from flask import Flask
from markupsafe import Markup, escape

from portal.clock import local_date
from portal.language import (
    DUTCH,
    calendar_date,
    clock_time,
    day,
    hours,
    moment,
    money,
    period,
    short_day,
    spoken,
    whole_number,
)


def register_filters(app: Flask) -> None:
    """Gives templates `|calendar_date`, `|day`, `|short_day`, `|clock`, `|period`, `|moment`, `|money`, `|hours`,
    `|whole_number`, `|local_day` (an instant's date, for `datetime=` and for comparing), `|milliseconds` (for scripts),
    `|in_dutch` and `|in_language(code)`."""
    app.jinja_env.filters.update(
        calendar_date=calendar_date,
        day=day,
        short_day=short_day,
        clock=clock_time,
        moment=moment,
        money=money,
        hours=hours,
        period=period,
        whole_number=whole_number,
        local_day=local_date,
        milliseconds=milliseconds,
        in_dutch=in_dutch,
        in_language=in_language,
    )


def milliseconds(instant: datetime) -> int:
    """The instant as a script reads it: milliseconds since 1970."""
    return int(instant.timestamp() * 1000)


def in_dutch(text: object) -> Markup:
    """Words of the office, such as the name of a training: they stay Dutch on an English page, and say so."""
    return in_language(text, DUTCH)


def in_language(text: object, language: str) -> Markup:
    """The text, marked with its language when the page speaks another, so that it is read aloud as it should."""
    if language == spoken():
        return escape(text)
    return Markup('<span lang="{}">{}</span>').format(language, text)

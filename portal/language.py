"""Dutch and English. Texts stand in Dutch in the code; `translations/en` holds the English.

The request's language comes from its address (`/en/...`); mail is written in its reader's language with `speaking()`.
Dates, times and money are written here as people read them, in Amsterdam's time, for pages and mail alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from flask import Flask, g, has_request_context
from flask_babel import Babel, force_locale, get_locale, get_translations
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext as _n

from portal.clock import local, local_date

DUTCH = "nl"
ENGLISH = "en"
LANGUAGES = (DUTCH, ENGLISH)
TEXTS = "texts"

__all__ = [
    "DUTCH",
    "ENGLISH",
    "LANGUAGES",
    "_",
    "_l",
    "_n",
    "calendar_date",
    "clock_time",
    "current_language",
    "day",
    "hours",
    "init_language",
    "moment",
    "money",
    "period",
    "short_day",
    "speaking",
    "spoken",
]


def current_language() -> str:
    """'nl' or 'en': the language of this request, Dutch outside one."""
    return str(g.get("language", DUTCH)) if has_request_context() else DUTCH


def init_language(app: Flask) -> None:
    """Lets Flask-Babel read the language that the address chose."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", DUTCH)
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Europe/Amsterdam")
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    Babel(app, locale_selector=current_language)
    # Flask-Babel looks its catalogue up for every text, which is a sixth of the time of a page; we look once.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _texts().gettext(text),
        lambda one, several, number: _texts().ngettext(one, several, number),
        newstyle=True,
    )
    # Else "_" looks "gettext" up for every text once more.
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"]
    app.jinja_env.globals["_n"] = _n


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything translated inside is in `language`, whoever the request is from."""
    with force_locale(language if language in LANGUAGES else DUTCH):
        g.pop(TEXTS, None)
        try:
            yield
        finally:
            g.pop(TEXTS, None)


def _texts() -> Any:
    """The translations of the language that is spoken now, for templates."""
    language, texts = g.get(TEXTS, (None, None))
    if texts is None or language != current_language():
        texts = get_translations()
        setattr(g, TEXTS, (current_language(), texts))
    return texts


def spoken() -> str:
    """The language of what is being written now: the request's, or that of a mail under `speaking()`."""
    locale = get_locale()
    return locale.language if locale else DUTCH


def day(value: date | datetime) -> str:
    """'donderdag 4 maart 2027'."""
    return format_date(_date(value), "EEEE d MMMM y", locale=spoken())


def short_day(value: date | datetime) -> str:
    """'do 4 mrt 2027'."""
    return format_date(_date(value), "EEE d MMM y", locale=spoken()).replace(".", "")


def calendar_date(value: date | datetime) -> str:
    """'4 maart 2027': for periods and versions, where the day of the week says nothing."""
    return format_date(_date(value), "d MMMM y", locale=spoken())


def clock_time(value: datetime) -> str:
    """'09.30' in Dutch, '09:30' in English."""
    separator = "." if spoken() == DUTCH else ":"
    return local(value).strftime(f"%H{separator}%M")


def period(start: datetime, end: datetime) -> str:
    """'09.30 – 13.00 uur'; in English '09:30 – 13:00'."""
    return str(_("%(start)s – %(end)s uur", start=clock_time(start), end=clock_time(end)))


def moment(value: datetime) -> str:
    """'donderdag 4 maart 2027, 09.30 uur'."""
    return str(_("%(day)s, %(time)s uur", day=day(value), time=clock_time(value)))


def money(cents: int) -> str:
    """'€ 795' or '€ 795,50'; in English '€795' or '€795.50'."""
    pattern = ("¤ " if spoken() == DUTCH else "¤") + ("#,##0" if cents % 100 == 0 else "#,##0.00")
    return format_currency(cents / 100, "EUR", pattern, locale=spoken(), currency_digits=False)


def whole_number(number: int) -> str:
    """'1.234'; in English '1,234'."""
    return format_decimal(number, locale=spoken())


def hours(minutes: int) -> str:
    """Hours of net contact time: 210 minutes are '3,5'."""
    text = f"{minutes / 60:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if spoken() == DUTCH else text


def _date(value: date | datetime) -> date:
    return local_date(value) if isinstance(value, datetime) else value

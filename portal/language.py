"""Dutch and English. Texts stand in Dutch in the code; `translations/en` holds the English.

The request's language comes from its address (`/en/...`); mail is written in its reader's language with
`speaking()`."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, g, has_request_context
from flask_babel import Babel, force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext as _n

DUTCH = "nl"
ENGLISH = "en"
LANGUAGES = (DUTCH, ENGLISH)

__all__ = ["DUTCH", "ENGLISH", "LANGUAGES", "_", "_l", "_n", "current_language", "init_language", "speaking"]


def current_language() -> str:
    """'nl' or 'en': the language of this request, Dutch outside one."""
    return str(g.get("language", DUTCH)) if has_request_context() else DUTCH


def init_language(app: Flask) -> None:
    """Lets Flask-Babel read the language that the address chose."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", DUTCH)
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Europe/Amsterdam")
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    Babel(app, locale_selector=current_language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything translated inside is in `language`, whoever the request is from."""
    with force_locale(language if language in LANGUAGES else DUTCH):
        yield

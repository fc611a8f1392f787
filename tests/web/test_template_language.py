"""Templates speak the language of the address, or the one of the mail that is being written."""

import contextvars
from gettext import NullTranslations

import pytest
from flask import Flask, g, render_template_string
from flask_babel import get_locale

from portal import language
from portal.language import speaking


class Loud(NullTranslations):
    """English for this test: the same words, louder."""

    def gettext(self, message: str) -> str:
        return message.upper()


@pytest.fixture(autouse=True)
def translations(monkeypatch: pytest.MonkeyPatch):
    texts = {"nl": NullTranslations(), "en": Loud()}
    monkeypatch.setattr(language, "get_translations", lambda: texts[get_locale().language])


def said() -> str:
    return render_template_string("{{ _('Kring') }}")


def test_a_mail_in_another_language_leaves_the_page_its_own(app: Flask):
    heard = [said()]
    with speaking("en"):
        heard.append(said())
        with speaking("nl"):
            heard.append(said())
        heard.append(said())
    heard.append(said())
    assert heard == ["Kring", "KRING", "Kring", "KRING", "Kring"]


def test_one_request_after_the_other_each_has_its_own_language(app: Flask):
    def ask(spoken: str) -> str:
        with app.test_request_context():
            g.language = spoken
            return said()

    assert [contextvars.Context().run(ask, spoken) for spoken in ("nl", "en", "nl")] == ["Kring", "KRING", "Kring"]

"""What all forms share: clean text, clear sentences, and the domain's refusals at their own field."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_wtf import FlaskForm
from wtforms import ValidationError
from wtforms.validators import StopValidation

from portal.errors import DomainError, NotFound
from portal.language import _l


class PortalSentences:
    """What a field says by itself, in the portal's words instead of those of WTForms."""

    known = {
        "Not a valid choice.": _l("Kies iets uit de lijst"),
        "Not a valid integer value.": _l("Vul een heel getal in"),
        "Not a valid date value.": _l("Vul een datum in, zoals 2027-03-18"),
    }
    other = _l("Kijk na wat je hier hebt ingevuld")

    def gettext(self, text: str) -> str:
        return str(self.known.get(text, self.other))

    def ngettext(self, one: str, several: str, number: int) -> str:
        return str(self.known["Not a valid choice."] if "choice" in one else self.other)


SENTENCES = PortalSentences()


class PortalForm(FlaskForm):  # type: ignore[misc]
    """A form of the portal. CSRF is checked once for every unsafe request, before any view, by Flask-WTF."""

    form_errors: list[str]

    class Meta:
        def get_translations(self, form: Any) -> "PortalSentences":
            return SENTENCES

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.status = 422

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Puts a DomainError raised inside at its field (or on top), so that the view shows its page again.

        NotFound goes through: the page of a thing that is not there cannot be shown again."""
        try:
            yield
        except NotFound:
            raise
        except DomainError as error:
            self.status = error.status
            if error.field and error.field in self:
                field = self[error.field]
                field.errors = [*field.errors, error.sentence]
            else:
                self.form_errors.append(error.sentence)


def one_line(text: str | None) -> str | None:
    """Filter: Unicode composed, control characters and line breaks to spaces, runs of spaces to one, ends trimmed."""
    if text is None:
        return None
    composed = unicodedata.normalize("NFC", text)
    visible = "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in composed)
    return " ".join(visible.split())


def many_lines(text: str | None) -> str | None:
    """Filter: as one_line, but line breaks stay, as LF."""
    if text is None:
        return None
    return "\n".join(one_line(line) or "" for line in text.replace("\r\n", "\n").split("\n")).strip()


def plain_address(text: str) -> str | None:
    """The one spelling of an e-mail address; None for what is not one address."""
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        return None


class Filled:
    """Validator: something was filled in or chosen; else the given sentence, which says what to do."""

    field_flags = {"required": True}

    def __init__(self, sentence: Any) -> None:
        self.sentence = sentence

    def __call__(self, form: PortalForm, field: Any) -> None:
        if field.data is None or field.data == "" or field.data == [] or field.data is False:
            field.errors[:] = []
            raise StopValidation(str(self.sentence))


class AtMost:
    """Validator: no more than so many characters; else the given sentence."""

    def __init__(self, length: int, sentence: Any) -> None:
        self.length = length
        self.sentence = sentence

    def __call__(self, form: PortalForm, field: Any) -> None:
        if field.data and len(field.data) > self.length:
            raise ValidationError(str(self.sentence))


class EmailAddress:
    """Validator: one e-mail address that mail can be sent to, as RFC 5321 and 6531 have it; no look-up is made."""

    field_flags = {"required": True}

    def __init__(self, sentence: Any = None) -> None:
        self.sentence = sentence or _l("Vul je e-mailadres in zoals naam@organisatie.nl")

    def __call__(self, form: PortalForm, field: Any) -> None:
        address = plain_address(field.data or "")
        if address is None:
            field.errors[:] = []
            raise StopValidation(str(self.sentence))
        field.data = address

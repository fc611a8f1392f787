"""Forms of the office's certificate pages."""

from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.domain.certificates.rules import REVOCATIONS
from portal.domain.certificates.wording import end_in_words
from portal.language import _l
from portal.web.forms import AtMost, Filled, PortalForm, many_lines, one_line


class FindForm(PortalForm):
    """One certificate by its number."""

    nummer = StringField(
        _l("Certificaatnummer"),
        description=_l("Bijvoorbeeld EKC-2027-0001"),
        filters=[one_line],
        validators=[Filled(_l("Vul een certificaatnummer in"))],
    )


class RevokeForm(PortalForm):
    """Why a certificate is taken back: a class that everybody may read, and an explanation for the log."""

    reason = RadioField(_l("Waarom trek je het in?"), validators=[Filled(_l("Kies waarom je het intrekt"))])
    explanation = TextAreaField(
        _l("Toelichting"),
        description=_l("Alleen voor het logboek. Wie het certificaat controleert, ziet dit niet."),
        filters=[many_lines],
        validators=[
            Filled(_l("Vul in wat er aan de hand is")),
            AtMost(500, _l("Houd de toelichting onder de 500 tekens")),
        ],
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [SelectChoice(reason.value, end_in_words(reason)) for reason in REVOCATIONS]


class ReplaceForm(PortalForm):
    """The name as it has to be."""

    name = StringField(
        _l("De juiste naam"),
        filters=[one_line],
        validators=[Filled(_l("Vul de naam in")), AtMost(200, _l("Houd de naam onder de 200 tekens"))],
    )

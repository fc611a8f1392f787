"""The filter of the log."""

from typing import Any

from wtforms import DateField, IntegerField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Optional

from portal.language import _l
from portal.web.forms import PortalForm, one_line

# A date as a browser sends it, and as people write it.
AS_TYPED = ["%Y-%m-%d", "%d-%m-%Y"]
AREAS = [
    ("", _l("Alles")),
    ("accounts.", _l("Mensen en inloggen")),
    ("catalogue.", _l("Aanbod en planning")),
    ("enrolment.", _l("Inschrijvingen")),
    ("calendar.", _l("Agenda-uitnodigingen")),
    ("attendance.", _l("Presentie")),
    ("accreditation.", _l("Punten")),
    ("certificates.", _l("Certificaten")),
    ("incompany.", _l("In-company")),
    ("coordinators.", _l("Coördinatoren")),
    ("quality.", _l("Evaluaties")),
    ("privacy.", _l("Wie bekeek persoonsgegevens")),
    ("audit.", _l("Controles van het logboek")),
]
KINDS = [
    ("", _l("Alles")),
    ("edition", _l("Uitvoering")),
    ("meeting", _l("Bijeenkomst")),
    ("enrolment", _l("Inschrijving")),
    ("certificate", _l("Certificaat")),
    ("person", _l("Persoon")),
    ("course", _l("Training")),
    ("accreditation", _l("Accreditatie")),
    ("organisation", _l("Organisatie")),
    ("coordinator", _l("Coördinator")),
]


def _choices(pairs: list[tuple[str, Any]]) -> list[Any]:
    return [SelectChoice(value, label) for value, label in pairs]


class LogForm(PortalForm):
    """A period of days in Amsterdam, an area, and what it is about. Everything may stay empty."""

    van = DateField(_l("Vanaf"), format=AS_TYPED, validators=[Optional()])
    tot = DateField(_l("Tot en met"), format=AS_TYPED, validators=[Optional()])
    # An address may name anything: what we do not know finds nothing.
    soort = SelectField(_l("Soort"), choices=_choices(AREAS), default="", filters=[one_line], validate_choice=False)
    wat = SelectField(_l("Over een"), choices=_choices(KINDS), default="", filters=[one_line], validate_choice=False)
    nummer = IntegerField(_l("Met nummer"), validators=[Optional()])

    def process(self, *args: object, **kwargs: object) -> None:
        super().process(*args, **kwargs)
        for field, sentence in (
            (self.van, _l("Vul een datum in zoals 4-3-2027")),
            (self.tot, _l("Vul een datum in zoals 4-3-2027")),
            (self.nummer, _l("Vul een heel getal in")),
        ):
            if field.process_errors:
                field.process_errors = [str(sentence)]

    def validate_van(self, field: DateField) -> None:
        """The calendar of computers ends, and a day in Amsterdam begins before it does in UTC."""
        if field.data and not 1900 <= field.data.year <= 9000:
            raise ValidationError(str(_l("Vul een datum in zoals 4-3-2027")))

    validate_tot = validate_van

    def validate_nummer(self, field: IntegerField) -> None:
        """Numbers of things begin at 1, and the database holds no longer ones."""
        if field.data is not None and not 1 <= field.data < 2**31:
            raise ValidationError(str(_l("Vul een nummer van 1 of hoger in")))

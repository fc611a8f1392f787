"""Forms of in-company trainings."""

from wtforms import EmailField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange

from portal.language import _l
from portal.web.forms import AtMost, EmailAddress, Filled, PortalForm, many_lines, one_line


def _number(value: str | int) -> int | None:
    """The id of what was chosen; None for the line that asks to choose."""
    return int(value) if value else None


class TrainingRequestForm(PortalForm):
    """What the office needs to make a proposal, and no more."""

    course = SelectField(_l("Welke training"), coerce=_number, validators=[Filled(_l("Kies een training"))])
    organisation = StringField(
        _l("Je organisatie"),
        filters=[one_line],
        validators=[
            Filled(_l("Vul de naam van je organisatie in")),
            AtMost(200, _l("Houd de naam van je organisatie onder de 200 tekens")),
        ],
    )
    name = StringField(
        _l("Je naam"),
        filters=[one_line],
        validators=[Filled(_l("Vul je naam in")), AtMost(200, _l("Houd je naam onder de 200 tekens"))],
    )
    email = EmailField(_l("Je e-mailadres"), filters=[one_line], validators=[EmailAddress()])
    group_size = IntegerField(
        _l("Met hoeveel mensen ongeveer"),
        validators=[
            Filled(_l("Vul in met hoeveel mensen je ongeveer bent")),
            NumberRange(1, 2000, _l("Vul een aantal in tussen 1 en 2000")),
        ],
    )
    period = StringField(
        _l("Wanneer ongeveer"),
        description=_l("Bijvoorbeeld: voorjaar 2027, op dinsdagen"),
        filters=[one_line],
        validators=[AtMost(200, _l("Houd dit onder de 200 tekens"))],
    )
    place = StringField(
        _l("Waar"),
        description=_l("Een plaats, of online"),
        filters=[one_line],
        validators=[AtMost(200, _l("Houd dit onder de 200 tekens"))],
    )
    goal = TextAreaField(
        _l("Wat wil je ermee bereiken"),
        description=_l("Noem geen namen van cliënten of gezinnen"),
        filters=[many_lines],
        validators=[AtMost(4000, _l("Houd dit onder de 4000 tekens"))],
    )


class ParticipantForm(PortalForm):
    """One person of a client's team."""

    name = StringField(
        _l("Naam"),
        description=_l("Zoals die op het certificaat komt te staan"),
        filters=[one_line],
        validators=[Filled(_l("Vul de naam in")), AtMost(200, _l("Houd de naam onder de 200 tekens"))],
    )
    email = EmailField(_l("E-mailadres"), filters=[one_line], validators=[EmailAddress()])

"""Forms with which the office changes an enrolment: why, at what cost, who comes instead."""

from wtforms import EmailField, StringField

from portal.blueprints.office.edition_forms import ReasonForm
from portal.domain.enrolment.participants import Participant
from portal.language import _l, current_language
from portal.web.fields import EuroField
from portal.web.forms import AtMost, EmailAddress, Filled, one_line

REGISTERS = ("SKJ", "Registerplein")


class ChangeForm(ReasonForm):
    """Why, and another cost than the terms say."""

    cost_cents = EuroField(
        _l("Andere kosten in euro's"), description=_l("Leeg: wat de voorwaarden zeggen. 0: het kost niets")
    )


class OfficeSubstituteForm(ChangeForm):
    """Who comes instead."""

    name = StringField(
        _l("Naam van de vervanger"),
        [Filled(_l("Vul de naam van de vervanger in")), AtMost(200, _l("Vul de naam in met ten hoogste 200 tekens"))],
        filters=[one_line],
    )
    email = EmailField(
        _l("E-mailadres van de vervanger"),
        [EmailAddress(_l("Vul het e-mailadres van de vervanger in, zoals naam@organisatie.nl"))],
        filters=[one_line],
    )
    register_SKJ = StringField(_l("SKJ-nummer"), [AtMost(40, _l("Vul alleen het nummer in"))], filters=[one_line])  # noqa: N815
    register_Registerplein = StringField(  # noqa: N815
        _l("Registerplein-nummer"), [AtMost(40, _l("Vul alleen het nummer in"))], filters=[one_line]
    )

    def colleague(self, employer: str) -> Participant:
        return Participant(
            name=self.name.data or "",
            email=self.email.data or "",
            language=current_language(),
            employer=employer,
            register_numbers={code: self[f"register_{code}"].data or "" for code in REGISTERS},
        )

"""The forms of enrolling and of a participant's own pages."""

from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.widgets import CheckboxInput, ListWidget

from portal.domain.accounts.rules import REGISTERPLEIN, SKJ, is_citizen_service_number
from portal.domain.enrolment.participants import Participant
from portal.domain.enrolment.rules import ContractParty, looks_like_advertising
from portal.language import _, _l, current_language
from portal.web.fields import WholeNumberField
from portal.web.forms import AtMost, EmailAddress, Filled, PortalForm, one_line, plain_address

WHOLE = "whole"
SINGLE = "single"
REGISTERS = (SKJ, REGISTERPLEIN)


class NoBsn:
    """Validator: not a citizen service number, which the portal never keeps."""

    def __call__(self, form: PortalForm, field: Any) -> None:
        if field.data and is_citizen_service_number(field.data):
            raise ValidationError(_("Dit lijkt op een burgerservicenummer. Dat bewaren we niet"))


class NoWebAddress:
    """Validator: a name of a person, not a message with a link."""

    def __call__(self, form: PortalForm, field: Any) -> None:
        if field.data and looks_like_advertising(field.data):
            raise ValidationError(_("Vul je naam in zonder webadres"))


def name_field(label: Any, description: Any) -> StringField:
    validators = [
        Filled(_l("Vul je naam in")),
        AtMost(200, _l("Vul je naam in met ten hoogste 200 tekens")),
        NoWebAddress(),
    ]
    return StringField(label, validators, filters=[one_line], description=description)


def number_field(label: Any, description: Any) -> StringField:
    validators = [AtMost(40, _l("Vul het nummer in met ten hoogste 40 tekens")), NoBsn()]
    return StringField(label, validators, filters=[one_line], description=description)


def employer_field(label: Any) -> StringField:
    return StringField(label, [AtMost(200, _l("Vul de naam in met ten hoogste 200 tekens"))], filters=[one_line])


def contract_party_field() -> RadioField:
    return RadioField(
        _l("Wie sluit de overeenkomst?"),
        [Filled(_l("Kies wie de overeenkomst sluit"))],
        choices=[
            SelectChoice(ContractParty.PARTICIPANT.value, _l("Ikzelf")),
            SelectChoice(ContractParty.ORGANISATION.value, _l("Mijn werkgever of organisatie")),
        ],
    )


def order_reference_field() -> StringField:
    return StringField(
        _l("Inkoopnummer of kenmerk"),
        [AtMost(60, _l("Vul het kenmerk in met ten hoogste 60 tekens"))],
        filters=[one_line],
        description=_l("Alleen als je organisatie de overeenkomst sluit. Het komt op de factuur"),
    )


def terms_field() -> BooleanField:
    return BooleanField(
        _l("Ik ga akkoord met de algemene voorwaarden"),
        [Filled(_l("Ga akkoord met de algemene voorwaarden om mee te doen"))],
    )


def require_organisation(form: Any, employer: StringField) -> None:
    """Raises ValidationError when an organisation contracts and is not named."""
    if form.contract_party.data == ContractParty.ORGANISATION and not employer.data:
        raise ValidationError(_("Vul de organisatie in die de overeenkomst sluit"))


class ChoiceForm(PortalForm):
    """The whole training or single modules. `choice` and `modules` get their options from the edition."""

    choice = RadioField(_l("Wat wil je volgen?"), [Filled(_l("Kies de hele training of losse dagdelen"))])
    modules = SelectMultipleField(
        _l("Welke dagdelen?"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Alleen als je losse dagdelen kiest"),
    )

    def validate_modules(self, field: SelectMultipleField) -> None:
        if self.choice.data == SINGLE and not field.data:
            raise ValidationError(_("Kies ten minste één dagdeel"))


class DetailsForm(PortalForm):
    """Who takes part, who contracts."""

    name = name_field(_l("Je naam"), _l("Zoals die op je certificaat komt te staan"))
    email = EmailField(
        _l("Je e-mailadres"),
        [EmailAddress()],
        filters=[one_line],
        description=_l("Hier sturen we je bevestiging en je agenda-uitnodigingen naartoe"),
    )
    employer = employer_field(_l("Waar werk je?"))
    register_SKJ = number_field(_l("SKJ-nummer"), _l("Alleen cijfers. Je vindt het in Mijn SKJ"))  # noqa: N815
    register_Registerplein = number_field(  # noqa: N815
        _l("Registerplein-nummer"), _l("Alleen cijfers. Het begint met 4610")
    )
    contract_party = contract_party_field()
    order_reference = order_reference_field()

    def validate_employer(self, field: StringField) -> None:
        require_organisation(self, field)

    @property
    def answers(self) -> dict[str, object]:
        """What the draft keeps of it."""
        by_organisation = self.contract_party.data == ContractParty.ORGANISATION
        return {
            "name": self.name.data,
            "email": self.email.data,
            "employer": self.employer.data,
            "register_numbers": {code: self[f"register_{code}"].data for code in REGISTERS},
            "contract_party": self.contract_party.data,
            "order_reference": self.order_reference.data if by_organisation else "",
        }


class CheckForm(PortalForm):
    """The last step."""

    terms = terms_field()


class WaitingListForm(PortalForm):
    """Who waits, and with how many."""

    name = name_field(_l("Je naam"), "")
    email = EmailField(_l("Je e-mailadres"), [EmailAddress()], filters=[one_line])
    people = WholeNumberField(
        _l("Met hoeveel mensen?"),
        sentence=_l("Vul een aantal in van 1 tot en met 30"),
        default=1,
        validators=[Filled(_l("Vul een aantal in van 1 tot en met 30"))],
    )
    together = RadioField(
        _l("Kom je met meer mensen?"),
        choices=[
            SelectChoice("together", _l("Allemaal, of niemand")),
            SelectChoice("free", _l("Zoveel als er plek is")),
        ],
        default="together",
    )


class WhoComesForm(Form):
    """One of the people who come: a row of an answer to an offer."""

    name = StringField(_l("Naam"), [AtMost(200, _l("Vul je naam in met ten hoogste 200 tekens"))], filters=[one_line])
    email = EmailField(_l("E-mailadres"), filters=[one_line])


class AcceptForm(PortalForm):
    """The answer to an offer of seats. `people` has a row for each seat; one that is left empty gives its seat back."""

    people = FieldList(FormField(WhoComesForm))
    employer = employer_field(_l("Waar werk je?"))
    contract_party = contract_party_field()
    order_reference = order_reference_field()
    terms = terms_field()
    alone: dict[str, str] | None = None
    """Who comes when there is one seat: who waited for it, whatever was sent."""

    def validate_employer(self, field: StringField) -> None:
        require_organisation(self, field)

    def validate_people(self, field: Any) -> None:
        if self.alone:
            return
        for row in field:
            if row.form.name.data or row.form.email.data:
                _require_person(row.form)
        if not any(row.form.name.data for row in field):
            raise ValidationError(_("Vul in wie er komt"))

    @property
    def participants(self) -> list[Participant]:
        """Who comes, with the employer that was given for all of them."""
        rows = [self.alone] if self.alone else [row.data for row in self.people if row.form.name.data]
        language, employer = current_language(), self.employer.data or ""
        return [Participant(row["name"], row["email"], language, employer) for row in rows]

    @property
    def reference(self) -> str:
        by_organisation = self.contract_party.data == ContractParty.ORGANISATION
        return (self.order_reference.data or "") if by_organisation else ""


def _require_person(row: Any) -> None:
    """Notes at the row's own fields what is missing or cannot be."""
    address = plain_address(row.email.data or "")
    if not row.name.data:
        row.name.errors = [_("Vul een naam in")]
    elif looks_like_advertising(row.name.data):
        row.name.errors = [_("Vul je naam in zonder webadres")]
    if address is None:
        row.email.errors = [_("Vul je e-mailadres in zoals naam@organisatie.nl")]
    if row.name.errors or row.email.errors:
        raise ValidationError(_("Kijk de namen en adressen na"))
    row.email.data = address


class OwnDetailsForm(PortalForm):
    """What a participant keeps of themselves."""

    name = name_field(_l("Je naam"), _l("Zoals die op je certificaat komt te staan"))
    employer = employer_field(_l("Waar werk je?"))
    language = RadioField(
        _l("In welke taal mailen we je?"),
        [Filled(_l("Kies een taal"))],
        choices=[SelectChoice("nl", "Nederlands"), SelectChoice("en", "English")],
    )
    initials_only = BooleanField(
        _l("Toon alleen mijn voorletters en achternaam"),
        description=_l("Wie je certificaat controleert, ziet dan niet je hele naam"),
    )
    register_SKJ = number_field(  # noqa: N815
        _l("SKJ-nummer"), _l("Alleen cijfers. Maak het veld leeg om het nummer weg te halen")
    )
    register_Registerplein = number_field(  # noqa: N815
        _l("Registerplein-nummer"), _l("Alleen cijfers. Het begint met 4610")
    )


class SubstituteForm(PortalForm):
    """Who comes instead."""

    name = StringField(
        _l("Naam van je collega"),
        [
            Filled(_l("Vul de naam van je collega in")),
            AtMost(200, _l("Vul de naam in met ten hoogste 200 tekens")),
            NoWebAddress(),
        ],
        filters=[one_line],
        description=_l("Zoals die op het certificaat komt te staan"),
    )
    email = EmailField(
        _l("E-mailadres van je collega"),
        [EmailAddress(_l("Vul het e-mailadres van je collega in, zoals naam@organisatie.nl"))],
        filters=[one_line],
        description=_l("Hier sturen we de bevestiging en de agenda-uitnodigingen naartoe"),
    )
    register_SKJ = number_field(_l("SKJ-nummer van je collega"), _l("Alleen cijfers"))  # noqa: N815
    register_Registerplein = number_field(  # noqa: N815
        _l("Registerplein-nummer van je collega"), _l("Alleen cijfers. Het begint met 4610")
    )

    def colleague(self, employer: str) -> Participant:
        return Participant(
            name=self.name.data or "",
            email=self.email.data or "",
            language=current_language(),
            employer=employer,
            register_numbers={code: self[f"register_{code}"].data or "" for code in REGISTERS},
        )


class PlainForm(PortalForm):
    """Only a button."""

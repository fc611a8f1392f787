"""The forms of enrolling a group: the list, mending it, who contracts."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    EmailField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import NumberRange, Optional

from portal.blueprints.enrolment.forms import REGISTERS, ChoiceForm, employer_field, name_field, number_field
from portal.documents.spreadsheet import plain_cell
from portal.domain.enrolment.participants import Participant
from portal.domain.enrolment.people_lists import CELLS, Listed
from portal.domain.enrolment.places import MOST_PLACES
from portal.language import _, _l, current_language
from portal.web.fields import WholeNumberField
from portal.web.forms import AtMost, EmailAddress, Filled, PortalForm, one_line

# What is wrong with more rows than this is mended in turns.
ROWS_AT_ONCE = 50
OTHER = "other"
LINE = re.compile(r"[0-9]{1,6}")


def _plain(text: str | None) -> str:
    return plain_cell(text or "")


class ListForm(ChoiceForm):
    """Which modules, and the people: pasted, or as a file."""

    people = TextAreaField(
        _l("Plak je lijst"),
        description=_l("Kopieer de rijen uit Excel, met naam en e-mailadres. Een rij met kopjes mag erbij"),
    )
    file = FileField(_l("Of kies een bestand"), description=_l("Excel (.xlsx) of .csv, hoogstens 1 MB"))

    places = WholeNumberField(
        _l("Plekken zonder naam"),
        sentence=_l("Vul een aantal in, zoals 3"),
        description=_l("Weet je nog niet wie er komen? Reserveer plekken en vul de namen later in"),
        validators=[Optional(), NumberRange(0, MOST_PLACES, _l("Reserveer hoogstens 100 plekken zonder naam"))],
    )

    @property
    def without_names(self) -> bool:
        """Whether there is no list, and places alone are reserved."""
        listed = "people" in self and ((self.people.data or "").strip() or self.file.data)
        return bool(self.reserved) and not listed

    @property
    def reserved(self) -> int:
        """How many places without a name."""
        return self.places.data or 0 if "places" in self else 0

    def validate_places(self, field: WholeNumberField) -> None:
        if not field.data and "people" not in self:
            raise ValidationError(_("Vul in hoeveel plekken je reserveert"))

    def validate_people(self, field: TextAreaField) -> None:
        if not (field.data or "").strip() and not self.file.data and not self.reserved:
            raise ValidationError(_("Plak een lijst of kies een bestand, of reserveer plekken zonder naam"))

    def validate_file(self, field: FileField) -> None:
        if field.data and (self.people.data or "").strip():
            raise ValidationError(_("Plak een lijst of kies een bestand, niet allebei"))


class RowForm(Form):
    """One person of the list. Only the cells that are to be mended come back, with the line that they are of."""

    line = HiddenField()
    name = StringField(_l("Naam"), filters=[_plain])
    email = StringField(_l("E-mailadres"), filters=[_plain])
    employer = StringField(_l("Organisatie of team"), filters=[_plain])
    skj = StringField(_l("SKJ-nummer"), filters=[_plain])
    registerplein = StringField(_l("Registerplein-nummer"), filters=[_plain])
    leave_out = BooleanField(_l("Laat deze regel weg"))

    @property
    def typed(self) -> dict[str, str]:
        """The cells that came back."""
        return {cell: self[cell].data for cell in CELLS if self[cell].raw_data}


class MendForm(PortalForm):
    """The rows of a list that are not right yet."""

    people = FieldList(FormField(RowForm), max_entries=ROWS_AT_ONCE)

    @property
    def rows(self) -> dict[int, RowForm]:
        """The rows by their line."""
        sent = [(str(row.form.line.data), row.form) for row in self.people]
        return {int(line): form for line, form in sent if LINE.fullmatch(line)}


def mend_form(people: Sequence[Listed], wrong: Mapping[int, Mapping[str, str]], opened: Iterable[int] = ()) -> MendForm:
    """The form for the first rows with something wrong, each message at its cell, after the rows that were opened."""
    form = MendForm(formdata=None)
    opened = set(opened)
    lines = [person.line for person in people if person.line in opened]
    lines += [person.line for person in people if person.line in wrong and person.line not in opened]
    by_line = {person.line: person for person in people}
    for line in lines[:ROWS_AT_ONCE]:
        row = form.people.append_entry({"line": line, **{cell: getattr(by_line[line], cell) for cell in CELLS}})
        for cell, sentence in wrong.get(line, {}).items():
            row.form[cell].errors = [sentence]
    form.people.errors = [row.errors for row in form.people if row.errors]
    return form


class GroupForm(PortalForm):
    """Who contracts, and the last button. What a desk does not ask is taken out: see `group_form`."""

    organisation = RadioField(_l("Wie sluit de overeenkomst?"), [Filled(_l("Kies wie de overeenkomst sluit"))])
    employer = employer_field(_l("Naam van de organisatie"))
    contact_name = name_field(_l("Naam van de contactpersoon"), "")
    contact_email = EmailField(_l("E-mailadres van de contactpersoon"), [EmailAddress()], filters=[one_line])
    order_reference = StringField(
        _l("Inkoopnummer of kenmerk"),
        [AtMost(60, _l("Vul het kenmerk in met ten hoogste 60 tekens"))],
        filters=[one_line],
        description=_l("Het komt op de factuur"),
    )
    terms = BooleanField(
        _l("Ik ga akkoord met de algemene voorwaarden"),
        [Filled(_l("Ga akkoord met de algemene voorwaarden om mee te doen"))],
    )

    def validate_employer(self, field: StringField) -> None:
        if not field.data and not self.organisation_id:
            raise ValidationError(_("Vul de organisatie in die de overeenkomst sluit"))

    @property
    def organisation_id(self) -> int | None:
        """The client of the portal that was chosen; None for another organisation, by its name."""
        chosen = self.organisation.data if "organisation" in self else None
        return int(chosen) if chosen and chosen != OTHER else None


def group_form(asked: Iterable[str], organisations: Sequence[tuple[int, str]], **known: Any) -> GroupForm:
    """The form with the fields that are asked here; which organisation only where there is one to choose."""
    form = GroupForm(data=known)
    asked = {*asked} - (set() if organisations else {"organisation"})
    for name in ("organisation", "employer", "contact_name", "contact_email", "order_reference", "terms"):
        if name not in asked:
            del form[name]
    if "organisation" in form:
        choices = [SelectChoice(str(number), name) for number, name in organisations]
        form.organisation.choices = [*choices, SelectChoice(OTHER, _("Een andere organisatie"))]
    return form


class PlaceForm(PortalForm):
    """Who comes in a place that has no name yet, filled in by who speaks for the group."""

    name = name_field(_l("Naam"), _l("Zoals die op het certificaat komt te staan"))
    email = EmailField(_l("E-mailadres"), [EmailAddress()], filters=[one_line])
    register_SKJ = number_field(_l("SKJ-nummer"), _l("Alleen cijfers"))  # noqa: N815
    register_Registerplein = number_field(  # noqa: N815
        _l("Registerplein-nummer"), _l("Alleen cijfers. Het begint met 4610")
    )

    def participant(self, employer: str) -> Participant:
        """Who takes part, in the language of the page."""
        numbers = {code: self[f"register_{code}"].data or "" for code in REGISTERS}
        return Participant(self.name.data or "", self.email.data or "", current_language(), employer, numbers)


class OwnPlaceForm(PlaceForm):
    """The same, filled in by who comes."""

    name = name_field(_l("Je naam"), _l("Zoals die op je certificaat komt te staan"))
    email = EmailField(
        _l("Je e-mailadres"),
        [EmailAddress()],
        filters=[one_line],
        description=_l("Hier sturen we je bevestiging en je agenda-uitnodigingen naartoe"),
    )

"""Forms of planning: an edition's details, its meetings (one, or one for every module), copying and cancelling."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, RadioField, StringField, TextAreaField

from portal import clock
from portal.blueprints.office.course_forms import DELIVERY
from portal.domain.catalogue.editions import EditionDetails, MeetingPlan
from portal.domain.catalogue.rules import Delivery, EditionKind
from portal.language import _, _l
from portal.web.fields import (
    ClockField,
    DayField,
    EuroField,
    NumberSelect,
    NumbersField,
    SelectChoice,
    WholeNumberField,
)
from portal.web.forms import AtMost, Filled, PortalForm, many_lines, one_line

WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
KINDS = [
    SelectChoice(EditionKind.OPEN, _l("Open: iedereen kan zich aanmelden")),
    SelectChoice(EditionKind.IN_COMPANY, _l("In-company: voor één organisatie")),
]
MOST_MODULES = 30
Choices = Iterable[tuple[int, str]]


class EditionForm(PortalForm):
    """All of an edition but its meetings."""

    kind = RadioField(
        _l("Voor wie"), choices=KINDS, default=EditionKind.OPEN, validators=[Filled(_l("Kies open of in-company"))]
    )
    organisation_id = NumberSelect(_l("Opdrachtgever"), description=_l("Alleen bij in-company"))
    new_organisation = StringField(
        _l("Of een nieuwe opdrachtgever"),
        description=_l("De naam, als die nog niet in de lijst staat"),
        filters=[one_line],
        validators=[AtMost(200, _l("Houd de naam onder de 200 tekens"))],
    )
    counted_only = BooleanField(
        _l("Alleen tellen, geen namen"),
        description=_l(
            "Voor groepen van wie we niemand bij naam mogen kennen, zoals in een gevangenis. Niemand schrijft zich in; "
            "de trainer telt hoeveel mensen er waren."
        ),
    )
    delivery = RadioField(
        _l("Hoe"), choices=DELIVERY, default=Delivery.ONSITE, validators=[Filled(_l("Kies op locatie of online"))]
    )
    place = StringField(
        _l("Plaats"),
        description=_l("Zoals die in het aanbod staat: Zwolle"),
        filters=[one_line],
        validators=[AtMost(120, _l("Houd de plaats onder de 120 tekens"))],
    )
    minimum = WholeNumberField(
        _l("Gaat door bij hoeveel deelnemers"), sentence=_l("Vul een aantal deelnemers in van 0 of meer")
    )
    price_cents = EuroField(_l("Prijs in euro's"), description=_l("Leeg: de prijs van de training zelf"))

    def offer(self, organisations: Choices) -> None:
        """Fills the list of clients."""
        self.organisation_id.offer(organisations, empty=_("Kies een opdrachtgever"))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if self.organisation_id.data and self.new_organisation.data:
            add_error(
                self.new_organisation, _("Kies een opdrachtgever uit de lijst, of vul een nieuwe in. Niet allebei")
            )
        elif self.kind.data == EditionKind.OPEN and (self.organisation_id.data or self.new_organisation.data):
            add_error(self.kind, _("Kies in-company als deze uitvoering voor één opdrachtgever is"))
        return valid and not self.errors

    def details(self, organisation_id: int | None) -> EditionDetails:
        """What was filled in, for this client, as the catalogue takes it."""
        return EditionDetails(
            kind=self.kind.data,
            organisation_id=organisation_id,
            delivery=self.delivery.data,
            place=self.place.data or "",
            minimum=self.minimum.data or 0,
            price_cents=self.price_cents.data,
            counted_only=self.counted_only.data,
        )


class _WhenAndWhere:
    """The fields of a meeting's time and place."""

    held_on = DayField(_l("Datum"))
    starts_at = ClockField(_l("Van"))
    ends_at = ClockField(_l("Tot"))
    venue = StringField(
        _l("Locatie"),
        description=_l("Gebouw en adres"),
        filters=[one_line],
        validators=[AtMost(200, _l("Houd de locatie onder de 200 tekens"))],
    )
    link = StringField(
        _l("Link"),
        description=_l("Bij een online bijeenkomst"),
        filters=[one_line],
        validators=[AtMost(500, _l("Houd de link onder de 500 tekens"))],
    )


class _Seats:
    """The fields of how many fit and who gives it."""

    capacity = WholeNumberField(_l("Plekken"), sentence=_l("Vul in hoeveel plekken er zijn, minstens 1"))
    trainer_ids = NumbersField(_l("Trainers"))


class MeetingRow(_WhenAndWhere, _Seats, Form):
    """One module's meeting among those of a whole plan. What it leaves empty, save the date, is as in `first`."""

    first: "MeetingRow | None" = None

    @property
    def planned(self) -> bool:
        """Whether anything was filled in."""
        return any(field.data or field.errors or any(field.raw_data or ()) for field in self)

    def value(self, name: str) -> Any:
        """Its own, or what the first row has."""
        own = self[name].data
        return self.first[name].data if own in (None, "", []) and self.first is not None else own

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if self.planned:
            check_times(self, self.value("starts_at"), self.value("ends_at"))
            check_link(self)
            if not self.capacity.errors and not self.value("capacity"):
                add_error(self.capacity, _("Vul in hoeveel plekken er zijn, minstens 1"))
        return valid and not self.errors

    def plan(self, module_id: int) -> MeetingPlan:
        """The meeting for that module."""
        return MeetingPlan(
            module_id,
            clock.from_local(datetime.combine(self.held_on.data, self.value("starts_at"))),
            clock.from_local(datetime.combine(self.held_on.data, self.value("ends_at"))),
            self.value("capacity"),
            self.value("venue") or "",
            self.value("link") or "",
            tuple(self.value("trainer_ids") or ()),
        )


class PlanForm(EditionForm):
    """A whole edition: its details and a row for every module."""

    meetings = FieldList(FormField(MeetingRow), max_entries=MOST_MODULES)

    def offer_rows(self, rows: int, trainers: Sequence[tuple[int, str]]) -> None:
        """Makes as many rows as there are modules, each with the trainers to choose from."""
        while len(self.meetings) < rows:
            self.meetings.append_entry()
        del self.meetings.entries[rows:]
        for number, entry in enumerate(self.meetings):
            entry.form.trainer_ids.offer(trainers)
            entry.form.first = self.meetings[0].form if number else None

    def plans(self, module_ids: Sequence[int]) -> list[MeetingPlan]:
        """The meetings that were filled in."""
        rows = zip(self.meetings, module_ids, strict=True)
        return [entry.form.plan(module_id) for entry, module_id in rows if entry.form.planned]


class SeenForm(PortalForm):
    """A deed of which the consequences were shown: by `seen` it is known whether they are still the same."""

    seen = HiddenField()


class MoveForm(_WhenAndWhere, PortalForm):
    """Another time or place for a meeting that people have in their calendars. `seen`: as in SeenForm."""

    seen = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        check_times(self, self.starts_at.data, self.ends_at.data)
        check_link(self)
        return valid and not self.errors

    @property
    def begin(self) -> datetime:
        return clock.from_local(datetime.combine(self.held_on.data, self.starts_at.data))

    @property
    def end(self) -> datetime:
        return clock.from_local(datetime.combine(self.held_on.data, self.ends_at.data))


class MeetingForm(_Seats, MoveForm):
    """A meeting of a draft."""

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if not self.capacity.errors and not self.capacity.data:
            add_error(self.capacity, _("Vul in hoeveel plekken er zijn, minstens 1"))
        return valid and not self.errors

    def plan(self, module_id: int) -> MeetingPlan:
        """The meeting for that module."""
        return MeetingPlan(
            module_id,
            self.begin,
            self.end,
            self.capacity.data,
            self.venue.data or "",
            self.link.data or "",
            tuple(self.trainer_ids.data or ()),
        )


class NewMeetingForm(MeetingForm):
    """A further meeting of a draft, for a module that has none."""

    module_id = NumberSelect(_l("Dagdeel"), validators=[Filled(_l("Kies een dagdeel"))])


class CapacityForm(PortalForm):
    """How many seats a meeting has."""

    capacity = WholeNumberField(
        _l("Plekken"),
        sentence=_l("Vul in hoeveel plekken er zijn, minstens 1"),
        validators=[Filled(_l("Vul in hoeveel plekken er zijn, minstens 1"))],
    )


class TrainersForm(PortalForm):
    """Who gives a meeting."""

    trainer_ids = NumbersField(_l("Trainers"))


class CopyForm(PortalForm):
    """The day of the copy's first meeting."""

    first_on = DayField(_l("Datum van de eerste bijeenkomst"), validators=[Filled(_l("Vul een datum in"))])


class DecideOnForm(PortalForm):
    """The day by which it is decided whether an edition is given."""

    decide_on = DayField(_l("Uiterlijk beslissen op"), validators=[Filled(_l("Vul een datum in"))])


class ReasonForm(PortalForm):
    """Why: it is kept in the log, and where the page says so it is mailed."""

    reason = TextAreaField(
        _l("Reden"),
        filters=[many_lines],
        validators=[Filled(_l("Vul in waarom")), AtMost(1000, _l("Houd de reden onder de 1000 tekens"))],
    )


def check_times(form: Any, starts: Any, ends: Any) -> None:
    """Adds to each field what is wrong with a meeting's day and times on Amsterdam's clocks."""
    for field, value, sentence in (
        (form.held_on, form.held_on.data, _("Vul een datum in")),
        (form.starts_at, starts, _("Vul een begintijd in")),
        (form.ends_at, ends, _("Vul een eindtijd in")),
    ):
        if value is None and not field.errors:
            add_error(field, sentence)
    if form.held_on.errors or form.starts_at.errors or form.ends_at.errors:
        return
    for field, value in ((form.starts_at, starts), (form.ends_at, ends)):
        typed = datetime.combine(form.held_on.data, value)
        if clock.local(clock.from_local(typed)).replace(tzinfo=None) != typed:
            add_error(field, _("Deze tijd bestaat niet: de klok gaat die nacht een uur vooruit"))
    if ends <= starts:
        add_error(form.ends_at, _("Vul een eindtijd in die na de begintijd ligt"))


def check_link(form: Any) -> None:
    """A link is a web address: it becomes one in mail, calendars and pages."""
    if form.link.data and not WEB_ADDRESS.fullmatch(form.link.data):
        add_error(form.link, _("Vul een webadres in dat begint met https://"))


def add_error(field: Any, sentence: str) -> None:
    """One more sentence at a field."""
    field.errors = [*field.errors, sentence]

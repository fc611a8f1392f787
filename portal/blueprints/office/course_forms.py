"""Forms of what is on offer: courses, modules, accreditations."""

from wtforms import BooleanField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.domain.catalogue.commands import AccreditationDetails, CourseDetails, ModuleDetails
from portal.domain.catalogue.rules import Delivery, Vat
from portal.language import _l
from portal.web.fields import CodeSelect, DayField, EuroField, HoursField, NumberSelect, SelectChoice, WholeNumberField
from portal.web.forms import AtMost, Filled, PortalForm, many_lines, one_line

DELIVERY = [SelectChoice(Delivery.ONSITE, _l("Op locatie")), SelectChoice(Delivery.ONLINE, _l("Online"))]
VAT = [SelectChoice(Vat.EXEMPT, _l("Vrijgesteld van btw")), SelectChoice(Vat.STANDARD, _l("21% btw"))]
LONG = AtMost(4000, _l("Houd dit onder de 4000 tekens"))
TITLE = [Filled(_l("Vul een titel in")), AtMost(200, _l("Houd de titel onder de 200 tekens"))]


class CourseForm(PortalForm):
    """All of a course but its address."""

    title = StringField(_l("Titel"), filters=[one_line], validators=TITLE)
    summary = TextAreaField(
        _l("Waar gaat het over"),
        description=_l("Een of twee zinnen, voor in de lijst"),
        filters=[many_lines],
        validators=[LONG],
    )
    outcome = TextAreaField(_l("Wat kun je daarna"), filters=[many_lines], validators=[LONG])
    audience = StringField(
        _l("Voor wie"), filters=[one_line], validators=[AtMost(200, _l("Houd dit onder de 200 tekens"))]
    )
    delivery = SelectMultipleField(
        _l("Hoe wordt de training gegeven"),
        choices=DELIVERY,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[Filled(_l("Kies op locatie, online of allebei"))],
    )
    separately_bookable = BooleanField(_l("Je kunt de dagdelen ook los volgen"))
    price_cents = EuroField(
        _l("Prijs van de hele training in euro's"), validators=[Filled(_l("Vul een prijs in, of 0"))]
    )
    vat = RadioField(_l("Btw"), choices=VAT, default=Vat.EXEMPT, validators=[Filled(_l("Kies hoe het zit met de btw"))])
    visible = BooleanField(_l("Staat in het aanbod op de site"), default=True)

    def details(self) -> CourseDetails:
        """What was filled in, as the catalogue takes it."""
        return CourseDetails(
            title=self.title.data or "",
            summary=self.summary.data or "",
            outcome=self.outcome.data or "",
            audience=self.audience.data or "",
            delivery=tuple(self.delivery.data or ()),
            separately_bookable=self.separately_bookable.data,
            price_cents=self.price_cents.data,
            vat=self.vat.data,
            visible=self.visible.data,
        )


class NewCourseForm(CourseForm):
    """A new course, with the address that it keeps."""

    slug = StringField(
        _l("Adres op de site"),
        description=_l("Het laatste stuk, zoals: samenkracht. Dit kan later niet meer veranderen"),
        filters=[one_line],
        validators=[Filled(_l("Vul een adres in, zoals samenkracht"))],
    )


class ModuleForm(PortalForm):
    """One module. Hours are net, as the registers count them."""

    title = StringField(_l("Titel"), filters=[one_line], validators=TITLE)
    contact_minutes = HoursField(
        _l("Uren"),
        description=_l("Zonder pauzes"),
        validators=[Filled(_l("Vul in hoeveel uur dit dagdeel duurt, zonder pauzes"))],
    )
    preparation = TextAreaField(
        _l("Voorbereiding"),
        description=_l("Vul je hier iets in, dan tellen de punten pas als de voorbereiding af is"),
        filters=[many_lines],
        validators=[LONG],
    )
    preparation_minutes = HoursField(_l("Uren voorbereiding"))
    price_cents = EuroField(_l("Prijs van dit dagdeel los in euro's"))

    def details(self) -> ModuleDetails:
        """What was filled in, as the catalogue takes it."""
        return ModuleDetails(
            title=self.title.data or "",
            contact_minutes=self.contact_minutes.data,
            preparation=self.preparation.data or "",
            preparation_minutes=self.preparation_minutes.data or 0,
            price_cents=self.price_cents.data or 0,
        )


class AccreditationForm(PortalForm):
    """A register's grant, for the whole training or for one module of it."""

    module_id = NumberSelect(_l("Waarvoor"))
    register_code = CodeSelect(_l("Register"), validators=[Filled(_l("Kies een register"))])
    points = WholeNumberField(
        _l("Punten"),
        sentence=_l("Vul een aantal punten in van 0 of meer"),
        validators=[Filled(_l("Vul in hoeveel punten dit oplevert"))],
    )
    number = StringField(
        _l("Accreditatie-ID"),
        description=_l("Het nummer dat het register gaf. Het staat op het certificaat"),
        filters=[one_line],
        validators=[AtMost(40, _l("Houd het nummer onder de 40 tekens"))],
    )
    valid_from = DayField(_l("Eerste dag"))
    valid_until = DayField(_l("Laatste dag"))
    threshold_percent = WholeNumberField(
        _l("Hoeveel procent van elke bijeenkomst moet iemand er zijn"),
        default=100,
        sentence=_l("Vul een percentage in van 1 tot en met 100"),
        validators=[Filled(_l("Vul een percentage in van 1 tot en met 100"))],
    )
    test_required = BooleanField(_l("Er is een toets nodig"))

    def details(self) -> AccreditationDetails:
        """What was filled in, as the catalogue takes it."""
        return AccreditationDetails(
            register_code=self.register_code.data,
            points=self.points.data,
            number=self.number.data or None,
            valid_from=self.valid_from.data,
            valid_until=self.valid_until.data,
            threshold_percent=self.threshold_percent.data,
            test_required=self.test_required.data,
        )


class AccreditationEditForm(PortalForm):
    """What may still change: the number, and the last day. A renewal is a new accreditation."""

    number = StringField(
        _l("Accreditatie-ID"),
        filters=[one_line],
        validators=[AtMost(40, _l("Houd het nummer onder de 40 tekens"))],
    )
    valid_until = DayField(_l("Laatste dag"), description=_l("Leeg: zonder einddatum"))

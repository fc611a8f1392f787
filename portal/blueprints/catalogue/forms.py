"""The filter above the catalogue: a GET form, so that its address can be kept and shared."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from babel.dates import format_date
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, StringField, ValidationError

from portal.domain.catalogue.facts import EditionFilter
from portal.domain.catalogue.rules import Delivery
from portal.language import _, _l, spoken
from portal.web.forms import AtMost, PortalForm, one_line

MONTHS_AHEAD = 12
POINTS = (1, 3, 6, 9, 13, 19)


def from_the_list(form: PortalForm, field: SelectField) -> None:
    """Validator: one of the choices that the list offers."""
    if field.data not in {value for value, *_rest in field.iter_choices()}:
        raise ValidationError(_("Kies iets uit de lijst."))


class CatalogueFilter(PortalForm):
    """What somebody looks for. What is not understood is said at its field and does not narrow the list."""

    class Meta:
        csrf = False

    zoek = StringField(_l("Onderwerp"), filters=[one_line], validators=[AtMost(100, _l("Gebruik minder woorden."))])
    plaats = StringField(_l("Plaats"), filters=[one_line], validators=[AtMost(100, _l("Gebruik minder woorden."))])
    vorm = SelectField(_l("Op locatie of online"), validate_choice=False, validators=[from_the_list])
    register = SelectField(_l("Punten voor"), validate_choice=False, validators=[from_the_list])
    punten = SelectField(_l("Aantal punten"), validate_choice=False, validators=[from_the_list])
    maand = SelectField(_l("Begint in"), validate_choice=False, validators=[from_the_list])

    def __init__(self, asked: MultiDict[str, str], registers: Iterable[str], today: date) -> None:
        super().__init__(asked)
        either = ("", _("Maakt niet uit"))
        self.vorm.choices = [either, (Delivery.ONSITE, _("Op locatie")), (Delivery.ONLINE, _("Online"))]
        self.register.choices = [either, *((code, code) for code in registers)]
        self.punten.choices = [either, *((str(n), _("%(number)s of meer", number=n)) for n in POINTS)]
        self.maand.choices = [either, *((f"{month:%Y-%m}", month_in_words(month)) for month in _months_from(today))]
        for field in self:
            field.data = field.data or ""

    def wanted(self) -> EditionFilter:
        """The filter that was filled in, without what was not understood."""
        self.validate()
        kept = {field.name: "" if field.errors else field.data for field in self}
        return EditionFilter(
            text=kept["zoek"],
            place=kept["plaats"],
            delivery=kept["vorm"],
            register=kept["register"],
            points=int(kept["punten"] or 0),
            month=date.fromisoformat(f"{kept['maand']}-01") if kept["maand"] else None,
        )

    def looks(self) -> list[tuple[object, ...]]:
        """All that decides how the form is written out."""
        return [
            (field.name, field.data, [str(error) for error in field.errors], getattr(field, "choices", None))
            for field in self
        ]


def month_in_words(month: date) -> str:
    """'maart 2027'."""
    return _month_in(month, spoken())


@lru_cache(maxsize=100)
def _month_in(month: date, language: str) -> str:
    # Kept: the filter of every visit to the catalogue names twelve of them.
    return format_date(month, "LLLL y", locale=language)


def _months_from(today: date) -> list[date]:
    first = today.year * 12 + today.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(first, first + MONTHS_AHEAD)]

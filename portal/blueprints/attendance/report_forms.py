"""The forms of taking over a report: the file, who is who, and whose mark is taken over."""

import re
from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.domain.attendance.queries import SeatRow
from portal.domain.attendance.report_queries import Preview
from portal.domain.attendance.report_rules import NOBODY, Reported
from portal.domain.attendance.reports import LARGEST_FILE, Tick
from portal.language import _, _l
from portal.web.forms import Filled, PortalForm

MOST_CIRCLES = 8
# Who of more people are which is asked in turns.
ASKED_AT_ONCE = 50
TICK = re.compile(r"(?P<seat>[0-9]{1,9})\.(?P<was>[0-9a-f]{16})\.(?P<proposed>[0-9a-f]{16})")


class ReportForm(PortalForm):
    """The report as a file."""

    file = FileField(
        _l("Verslag van Zoom of Teams"),
        description=_l("Het .csv-bestand zoals het programma het geeft, hoogstens 1 MB en 1.000 regels"),
        validators=[Filled(_l("Kies het bestand met het verslag"))],
    )

    @property
    def data_of_file(self) -> bytes:
        """Its bytes; of a larger one only so many that the command sees that it is too large."""
        return bytes(self.file.data.read(LARGEST_FILE + 1))


class WhoForm(PortalForm):
    """Who is who. Its fields are added by `who_form`: 'wie-3' for the third person of the report, and 'others' when
    there are `later` for whom there is no room at once."""

    later: tuple[int, ...]

    @property
    def answers(self) -> dict[int, int]:
        """What was chosen, by the key of the person in the report."""
        chosen = {name: field.data for name, field in self._fields.items() if name.startswith("wie-")}
        found = {int(name.removeprefix("wie-")): int(seat_id) for name, seat_id in chosen.items() if seat_id}
        return found | (dict.fromkeys(self.later, NOBODY) if self.later and self["others"].data else {})


class TakeForm(PortalForm):
    """Whose mark is taken over."""

    take = SelectMultipleField(validate_choice=False)

    @property
    def ticks(self) -> list[Tick]:
        """Only after validate()."""
        found = [TICK.fullmatch(value) for value in self.take.data or ()]
        return [Tick(int(tick["seat"]), tick["was"], tick["proposed"]) for tick in found if tick]

    def validate_take(self, field: SelectMultipleField) -> None:
        if not all(TICK.fullmatch(value) for value in field.data or ()):
            raise ValidationError(_("Vink aan wie je overneemt."))


def who_form(seen: Preview) -> WhoForm:
    """A question for everybody in the report who may be several people of the list, or whom nobody knows, with what was
    answered before. Of many those without an answer come first, so many at once."""
    asked = sorted(seen.asked, key=lambda one: one[0].key in seen.report.answers)
    fields: dict[str, Any] = {f"wie-{person.key}": _who_field(person, seats) for person, seats in asked[:ASKED_AT_ONCE]}
    rest = [person.key for person, _seats in asked[ASKED_AT_ONCE:]]
    later = tuple(key for key in rest if key not in seen.report.answers)
    if later:
        fields["others"] = BooleanField(_("De andere %(num)s mensen staan niet op de lijst", num=len(later)))
    known = {f"wie-{key}": str(seat_id) for key, seat_id in seen.report.answers.items()}
    form: WhoForm = type("FilledWhoForm", (WhoForm,), fields | {"later": later})(data=known)
    return form


def _who_field(person: Reported, seats: Sequence[SeatRow]) -> SelectField | RadioField:
    """Circles for a few, a list to unfold for many."""
    named = [(row.seat_id, f"{row.name} ({row.employer})" if row.employer else row.name) for row in seats]
    choices = [SelectChoice(str(number), words) for number, words in (*named, (NOBODY, _("Niemand van de lijst")))]
    name = name_in_report(person)
    chosen = [Filled(_("Kies wie %(name)s is.", name=name))]
    if len(choices) <= MOST_CIRCLES:
        return RadioField(name, chosen, choices=choices)
    return SelectField(name, chosen, choices=[SelectChoice("", _("Kies wie dit is")), *choices])


def name_in_report(person: Reported) -> str:
    """All that somebody was called, and their address."""
    names = ", ".join(name for name in person.names if name) or _("Zonder naam")
    return f"{names} ({person.email})" if person.email else names

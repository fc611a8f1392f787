"""The form of what a course asks first: ways, each of conditions. Works without JavaScript: what stays empty counts for
nothing, and a button makes more room."""

from collections.abc import Sequence
from typing import Any

from wtforms import FieldList, Form, FormField, SelectMultipleField, SubmitField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.domain.catalogue.requirements import (
    MOST_ALTERNATIVES,
    MOST_CONDITIONS,
    MOST_MONTHS,
    MOST_NUMBER,
    Alternatives,
    AtLeast,
    Completed,
    Condition,
    Conferences,
    Valid,
)
from portal.language import _, _l
from portal.web.fields import NOT_OFFERED, CodeSelect, SelectChoice, WholeNumberField
from portal.web.forms import PortalForm

NOTHING, COMPLETED, VALID, AT_LEAST, CONFERENCES = "", "completed", "valid", "at_least", "conferences"
KINDS = [
    (NOTHING, _l("Niets")),
    (COMPLETED, _l("Een training is afgerond")),
    (VALID, _l("Een training is kort geleden afgerond")),
    (AT_LEAST, _l("Een aantal uit meer trainingen is afgerond")),
    (CONFERENCES, _l("Een aantal conferenties is begeleid")),
]
MOST = {VALID: MOST_MONTHS, CONFERENCES: MOST_NUMBER}
AT_FIRST = 2
SPARE = 1
Courses = Sequence[tuple[str, str]]


class ConditionForm(Form):
    """One condition. Which fields count depends on its kind."""

    kind = CodeSelect(_l("Wat vraag je?"), default=NOTHING)
    course = CodeSelect(_l("Training"), default="")
    number = WholeNumberField(
        _l("Aantal of maanden"),
        description=_l("Hoeveel trainingen of conferenties, of hoeveel maanden het geldig blijft"),
        sentence=_l("Vul een heel getal in, zoals 2"),
    )
    courses = SelectMultipleField(
        _l("Uit deze trainingen"),
        choices=[],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        **NOT_OFFERED,
    )

    @property
    def empty(self) -> bool:
        """Nothing was filled in."""
        return not (self.kind.data or self.course.data or self.number.data is not None or self.courses.data)

    def offer(self, courses: Courses) -> None:
        """The courses that can be chosen: slug and title."""
        self.kind.offer(KINDS)
        self.course.offer([("", _("Kies een training")), *courses])
        self.courses.choices = [SelectChoice(slug, title) for slug, title in courses]

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        kind = self.kind.data
        if not kind and not self.empty:
            self._complain("kind", _("Kies wat je vraagt, of maak deze regel leeg"))
        if kind in (COMPLETED, VALID) and not self.course.data:
            self._complain("course", _("Kies een training"))
        if kind == AT_LEAST and not self.courses.data:
            self._complain("courses", _("Kies een of meer trainingen"))
        if kind in (VALID, AT_LEAST, CONFERENCES):
            self._check_number(MOST.get(kind, max(1, len(self.courses.data or []))))
        return not self.errors

    def condition(self) -> Condition:
        """What was filled in, once it is valid."""
        kind, number = self.kind.data, self.number.data
        if kind == COMPLETED:
            return Completed(self.course.data)
        if kind == VALID:
            return Valid(self.course.data, number)
        if kind == CONFERENCES:
            return Conferences(number)
        return AtLeast(number, tuple(self.courses.data or ()))

    def _check_number(self, most: int) -> None:
        if not self.number.errors and not 1 <= (self.number.data or 0) <= most:
            self._complain("number", _("Vul een getal in van 1 tot en met %(most)s", most=most))

    def _complain(self, field: str, sentence: str) -> None:
        self[field].errors = [*self[field].errors, sentence]


class WayForm(Form):
    """One way to meet what is asked: all of its conditions."""

    conditions = FieldList(FormField(ConditionForm), max_entries=MOST_CONDITIONS)


class RequirementsForm(PortalForm):
    """All ways, of which one is enough."""

    ways = FieldList(FormField(WayForm), max_entries=MOST_ALTERNATIVES)
    more = SubmitField(_l("Meer regels"))

    def alternatives(self) -> Alternatives:
        """What was filled in, once it is valid."""
        ways = [[entry.form for entry in way.form.conditions if not entry.form.empty] for way in self.ways]
        return tuple(tuple(form.condition() for form in way) for way in ways if way)

    def make_room(self) -> None:
        """Empty conditions at the end of every way, and one more way."""
        if len(self.ways) < MOST_ALTERNATIVES:
            self.ways.append_entry()
        for way in self.ways:
            conditions = way.form.conditions
            filled = sum(not entry.form.empty for entry in conditions)
            while len(conditions) < min(max(filled + SPARE, AT_FIRST), MOST_CONDITIONS):
                conditions.append_entry()

    def offer(self, courses: Courses) -> None:
        """The courses that can be chosen: slug and title."""
        for way in self.ways:
            for entry in way.form.conditions:
                entry.form.offer(courses)


def requirements_form(alternatives: Alternatives, courses: Courses) -> RequirementsForm:
    """The form as it was sent, else filled with what the course asks now, with room for more."""
    kept = {"ways": [{"conditions": [_as_fields(condition) for condition in way]} for way in alternatives]}
    form = RequirementsForm(data=kept)
    if not form.is_submitted() or form.more.data:
        form.make_room()
    form.offer(courses)
    return form


def _as_fields(condition: Condition) -> dict[str, Any]:
    match condition:
        case Completed(slug):
            return {"kind": COMPLETED, "course": slug}
        case Valid(slug, months):
            return {"kind": VALID, "course": slug, "number": months}
        case Conferences(number):
            return {"kind": CONFERENCES, "number": number}
        case AtLeast(number, slugs):
            return {"kind": AT_LEAST, "number": number, "courses": list(slugs)}

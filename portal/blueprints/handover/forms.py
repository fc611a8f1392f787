"""The forms of the hand-over. Each row of a table has a field of its own, named after the row."""

from collections.abc import Sequence
from typing import Any

from flask import request
from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from portal.domain.enrolment.register_numbers import LONGEST_NUMBER
from portal.domain.handover.commands import LONGEST_NOTE, Said
from portal.domain.handover.rows import Box, Row
from portal.domain.handover.rules import Refusal
from portal.domain.handover.wording import REASONS
from portal.language import _, _l
from portal.web.fields import DayField, SelectChoice
from portal.web.forms import AtMost, Filled, PortalForm, many_lines, one_line

LONGEST_PASTED = 50_000
ACCEPTED = "accepted"
NOTE_TOO_LONG = _l("Houd het korter: hooguit %(most)s tekens", most=LONGEST_NOTE)
NO_CHOICE = _l("De lijst is intussen veranderd. Kijk na wat er nu staat")


class HandOverForm(PortalForm):
    """What was pasted at the register, when, and a note. A choice of `boxes` names its rows, so that what is noted is
    what was on the page."""

    boxes = SelectMultipleField(
        _l("Wat heb je doorgegeven?"),
        choices=[],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
        validators=[Filled(_l("Kies wat je hebt doorgegeven"))],
    )
    on = DayField(_l("Doorgegeven op"), validators=[Filled(_l("Vul de dag in waarop je het doorgaf"))])
    note = StringField(_l("Opmerking"), filters=[one_line], validators=[AtMost(LONGEST_NOTE, NOTE_TOO_LONG)])

    def offer(self, boxes: Sequence[tuple[Box, str]]) -> None:
        """What can be chosen, each with its words; all are ticked at first."""
        self.boxes.choices = [SelectChoice(box.value, words) for box, words in boxes]
        if self.boxes.data is None:
            self.boxes.data = [box.value for box, _words in boxes]

    @property
    def keys(self) -> set[str]:
        """The rows of all that was ticked."""
        return {key for value in self.boxes.data or [] for key in value.split()}


class AnswersForm(PortalForm):
    """What the register said: pasted refusals, or a choice for each row (`antwoord-<row>`)."""

    pasted = TextAreaField(
        _l("Plak hier wat het register weigerde"),
        description=_l("Per regel een nummer en wat het register erbij zei, zoals: 110024518 onjuiste kamer"),
        filters=[many_lines],
        validators=[AtMost(LONGEST_PASTED, _l("Plak minder regels in één keer"))],
    )
    others = SelectMultipleField(
        _l("En de anderen?"),
        choices=[SelectChoice(ACCEPTED, _l("Alle anderen zijn geaccepteerd"))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def chosen(self, rows: Sequence[Row]) -> dict[int, str]:
        """By row: what was chosen for it; rows without a choice are left out."""
        found = {row.row_id: request.form.get(f"antwoord-{row.row_id}", "") for row in rows if row.row_id}
        known = {ACCEPTED, *Refusal}
        return {row_id: code for row_id, code in found.items() if code in known}

    def said(self, rows: Sequence[Row], pasted: dict[int, Said]) -> dict[int, Said]:
        """All that the form tells of the rows that wait: what was pasted, what was chosen, and the others."""
        told = {row_id: Said(None if code == ACCEPTED else Refusal(code)) for row_id, code in self.chosen(rows).items()}
        told |= pasted
        if ACCEPTED in (self.others.data or []):
            told |= {row.row_id: Said() for row in rows if row.row_id and row.row_id not in told}
        return told

    @staticmethod
    def choices() -> list[tuple[str, Any]]:
        """What can be chosen for a row."""
        reasons = [(reason.value, _("Geweigerd: %(reason)s", reason=words)) for reason, words in REASONS.items()]
        return [("", _("Nog niet bekend")), (ACCEPTED, _("Geaccepteerd")), *reasons]


class NumberForm(PortalForm):
    """Another registration number."""

    number = StringField(
        _l("Registratienummer"),
        filters=[one_line],
        validators=[
            Filled(_l("Vul het registratienummer in")),
            AtMost(LONGEST_NUMBER + 20, _l("Vul het registratienummer in, alleen de cijfers")),
        ],
    )


class SettleForm(PortalForm):
    """What stood on the page when somebody said that it was put right."""

    points = HiddenField(validators=[InputRequired()])
    told_number = HiddenField()
    note = StringField(_l("Opmerking"), filters=[one_line], validators=[AtMost(LONGEST_NOTE, NOTE_TOO_LONG)])

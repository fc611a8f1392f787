"""The list of a meeting as a form: for every person one row, which also holds what it was made from.

Row names are 'p12-status', with the number of the seat. A row that was not sent is left alone."""

import re
from typing import Any

from wtforms import BooleanField, EmailField, Form, FormField, HiddenField, StringField, TextAreaField

from portal.domain.attendance.commands import Change, clash_in_words
from portal.domain.attendance.door import plain_letters
from portal.domain.attendance.queries import MeetingHead, SeatRow
from portal.domain.attendance.rules import (
    Mark,
    Status,
    field_of,
    fingerprint,
    problem_in_words,
    problem_of,
    tidy,
)
from portal.language import _, _l
from portal.web.forms import AtMost, EmailAddress, Filled, PortalForm, many_lines, one_line

LONGEST_TYPED = 100


class MarkForm(Form):
    """One person's row. Numbers stay text until they are read, so that what was typed can be shown again."""

    was = HiddenField()
    status = StringField()
    minutes_late = StringField(filters=[one_line])
    minutes_left_early = StringField(filters=[one_line])
    excuse = StringField(filters=[one_line])
    preparation_done = BooleanField()


class SheetForm(PortalForm):
    """The whole list. Its rows are added by `sheet_form`."""

    seats: dict[str, SeatRow]
    head: MeetingHead

    def changes(self) -> list[Change]:
        """What every row says. A row that was not sent says what it said before. Only after validate()."""
        return [Change(row.seat_id, self[name].was.data, mark_in(self[name])) for name, row in self.seats.items()]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every row can be kept; messages name the person, since they are also read far from their row."""
        good = super().validate(extra_validators)
        for name, row in self.seats.items():
            good = _check(self[name], row, self.head) and good
        return bool(good)

    def show_clashes(self, clashes: tuple[SeatRow, ...], rows: list[SeatRow]) -> None:
        """Shows the list as it is now. A row that clashed keeps this person's choice and says what the other chose; to
        save it again is to overrule."""
        clashing = {row.seat_id for row in clashes}
        for row in rows:
            entry = self[f"p{row.seat_id}"]
            if row.seat_id in clashing:
                entry.was.data = fingerprint(row.mark)
                entry.status.errors = [clash_in_words(row)]
            else:
                entry.form.process(None, **_shown(row))
        self.status = 409


class FinishForm(PortalForm):
    """Signing a list."""

    signed_name = StringField(
        _l("Typ je naam als handtekening"),
        filters=[one_line],
        validators=[Filled(_l("Vul je naam in."))],
    )
    agreed = BooleanField(
        _l("Deze lijst klopt: zo was het"),
        validators=[Filled(_l("Vink aan dat de lijst klopt."))],
    )


class LettersForm(PortalForm):
    """Somebody's own letters, for one meeting."""

    letters = StringField(
        _l("Je eigen code"),
        description=_l(
            "Zes letters en cijfers. Je vindt ze bij Mijn leerkring. Hoofdletters en spaties maken niet uit."
        ),
        filters=[lambda typed: plain_letters((typed or "")[:LONGEST_TYPED])],
        validators=[Filled(_l("Vul je eigen code in: zes letters en cijfers."))],
    )

    def refuse(self, sentence: str) -> None:
        """Says at the field what is the matter."""
        self.letters.errors = [sentence]


class WalkInForm(PortalForm):
    """Who came without being enrolled: the least that an enrolment needs."""

    name = StringField(
        _l("Naam"),
        filters=[one_line],
        validators=[
            Filled(_l("Vul de naam in")),
            AtMost(200, _l("Vul de naam in met ten hoogste 200 tekens")),
        ],
    )
    email = EmailField(
        _l("E-mailadres"),
        filters=[one_line],
        validators=[EmailAddress(_l("Vul één e-mailadres in, zoals naam@organisatie.nl"))],
    )
    told = BooleanField(
        _l("Ik heb gezegd wat het kost, en dat er een mail komt om het te bevestigen"),
        validators=[Filled(_l("Zeg wat het kost en vink dat aan"))],
    )


def sheet_form(head: MeetingHead, rows: list[SeatRow], *, asks_reason: bool = False) -> SheetForm:
    """The form of a meeting's list: the rows that were sent as they were sent, the others as they are kept."""
    seats = {f"p{row.seat_id}": row for row in rows}
    fields: dict[str, Any] = {name: FormField(MarkForm) for name in seats}
    if asks_reason:
        fields["reason"] = _reason_field()
    form: SheetForm = type("FilledSheetForm", (SheetForm,), {**fields, "seats": seats, "head": head})()
    for name, row in seats.items():
        if not form[name].was.raw_data:
            form[name].form.process(None, **_shown(row))
    return form


def mark_in(entry: Any) -> Mark:
    """The mark that a row says. Only after validate()."""
    return tidy(
        Mark(
            status=Status(entry.status.data) if entry.status.data else None,
            minutes_late=_minutes(entry.minutes_late.data),
            minutes_left_early=_minutes(entry.minutes_left_early.data),
            excuse=entry.excuse.data or "",
            preparation_done=entry.preparation_done.data,
        )
    )


def _reason_field() -> TextAreaField:
    return TextAreaField(
        _l("Waarom wijzig je dit?"),
        description=_l("De reden blijft onder de lijst staan, en in het logboek. Schrijf geen medische gegevens op."),
        filters=[many_lines],
        validators=[Filled(_l("Vul in waarom je dit wijzigt."))],
    )


def _check(entry: Any, row: SeatRow, head: MeetingHead) -> bool:
    if entry.status.data and entry.status.data not in list(Status):
        entry.status.errors = [_("Kies of %(name)s er was.", name=row.name)]
        return False
    if entry.status.data in (Status.LATE, Status.LEFT_EARLY):
        for field in (entry.minutes_late, entry.minutes_left_early):
            if not re.fullmatch(r"[0-9]{0,3}", field.data or ""):
                field.errors = [_("Vul bij %(name)s de minuten in als getal, zoals 10.", name=row.name)]
                return False
    mark = mark_in(entry)
    problem = problem_of(mark, lasts_minutes=head.lasts_minutes)
    if problem is None:
        return True
    entry[field_of(problem, mark)].errors = [problem_in_words(problem, row.name)]
    return False


def _minutes(typed: str | None) -> int:
    return int(typed) if typed and re.fullmatch(r"[0-9]{1,3}", typed) else 0


def _shown(row: SeatRow) -> dict[str, Any]:
    return {
        "was": fingerprint(row.mark),
        "status": row.mark.status or "",
        "minutes_late": str(row.mark.minutes_late or ""),
        "minutes_left_early": str(row.mark.minutes_left_early or ""),
        "excuse": row.mark.excuse,
        "preparation_done": row.mark.preparation_done,
    }

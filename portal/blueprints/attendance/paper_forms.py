"""Forms of the list on paper: a photo of it, withdrawing one, and comparing it with the digital list.

Row names of comparing are 'p12-...', with the number of the seat."""

import re
from typing import Any

from flask_wtf.file import FileField
from wtforms import Form, FormField, HiddenField, StringField, TextAreaField

from portal.documents.photo import MOST_BYTES, NoPhoto, Photo, PhotoFault, develop
from portal.domain.attendance.paper import Found
from portal.domain.attendance.paper_rules import (
    LONGEST_NOTE,
    MOST_EXTRA,
    Check,
    Compared,
    Extra,
    OnPaper,
    check_fingerprint,
)
from portal.domain.attendance.rules import fingerprint
from portal.language import _, _l
from portal.web.forms import AtMost, Filled, PortalForm, many_lines, one_line

NUMBER = re.compile(r"[0-9]{1,3}")
MEGABYTE = 1024 * 1024
TOO_LONG = _l("Houd de toelichting korter: hooguit %(most)s tekens.", most=LONGEST_NOTE)


class PhotoForm(PortalForm):
    """A photo of the list that was signed."""

    photo = FileField(
        _l("Foto van de getekende lijst"),
        description=_l(
            "Een foto per keer (jpg, png, webp of heic), hoogstens %(most)s MB", most=MOST_BYTES // MEGABYTE
        ),
        validators=[Filled(_l("Kies een foto van de getekende lijst."))],
    )

    def developed(self) -> Photo | None:
        """The photo as it will be kept; None, with the reason at the field, when it cannot be."""
        try:
            # A byte more than is kept, so that what is too large is known without reading all of it.
            return develop(self.photo.data.read(MOST_BYTES + 1))
        except NoPhoto as refusal:
            self.photo.errors = [_words_of(refusal.fault)]
            return None


class WithdrawForm(PortalForm):
    """Why a photo is shown no more."""

    reason = TextAreaField(
        _l("Waarom trek je deze foto in?"),
        description=_l("De reden komt in het logboek. Schrijf geen medische gegevens op."),
        filters=[many_lines],
        validators=[Filled(_l("Vul in waarom je deze foto intrekt."))],
    )


class CheckForm(Form):
    """One person: what the paper says, and what it was compared with."""

    was = HiddenField()
    mark = HiddenField()
    on_paper = StringField()
    note = StringField(filters=[one_line])


class CompareForm(PortalForm):
    """The whole list. Its rows are added by `compare_form`."""

    rows: dict[str, Compared]
    extra_was = HiddenField()
    extra_people = StringField(
        _l("Hoeveel mensen staan alleen op papier?"),
        description=_l("Namen in de lege regels, die niet op de digitale lijst staan. Niemand: 0"),
        filters=[one_line],
    )
    extra_note = StringField(
        _l("Wie?"),
        description=_l("In een paar woorden, zodat je ze terugvindt"),
        filters=[one_line],
        validators=[AtMost(LONGEST_NOTE, TOO_LONG)],
    )

    def found(self) -> list[Found]:
        """What every row says."""
        return [
            Found(row.seat_id, self[name].was.data or "", self[name].mark.data or "", _check_in(self[name]))
            for name, row in self.rows.items()
        ]

    def extra(self) -> Extra:
        """Who stands on the paper only; -1 people for what is no number."""
        typed = self.extra_people.data or "0"
        return Extra(int(typed) if NUMBER.fullmatch(typed) else -1, self.extra_note.data or "")

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every row can be kept; messages name the person, since they are also read far from their row."""
        good = bool(super().validate(extra_validators))
        for name, row in self.rows.items():
            entry, check = self[name], _check_in(self[name])
            if check.note and check.on_paper is None:
                entry.on_paper.errors = [_("Kies bij %(name)s wat er op papier staat.", name=row.name)]
                good = False
            if len(check.note) > LONGEST_NOTE:
                entry.note.errors = [
                    _(
                        "Houd de toelichting bij %(name)s korter: hooguit %(most)s tekens.",
                        name=row.name,
                        most=LONGEST_NOTE,
                    )
                ]
                good = False
        if not 0 <= self.extra().people <= MOST_EXTRA:
            self.extra_people.errors = [_("Vul een aantal in van 0 tot en met %(most)s.", most=MOST_EXTRA)]
            good = False
        return good

    def show_again(self, rows: list[Compared], extra: Extra) -> None:
        """After a clash: this person's choices stay, over what was found meanwhile. To save again is to overrule."""
        for row in rows:
            if (name := f"p{row.seat_id}") in self.rows:
                self[name].was.data = check_fingerprint(row.holds)
        self.extra_was.data = check_fingerprint(extra)


def compare_form(rows: list[Compared], extra: Extra) -> CompareForm:
    """The form of a list beside its paper: the rows that were sent as they were sent, the others as they are kept."""
    named = {f"p{row.seat_id}": row for row in rows}
    fields: dict[str, Any] = {name: FormField(CheckForm) for name in named}
    given = {
        "extra_was": check_fingerprint(extra),
        "extra_people": str(extra.people),
        "extra_note": extra.note,
    }
    form: CompareForm = type("FilledCompareForm", (CompareForm,), {**fields, "rows": named})(**given)
    for name, row in named.items():
        if not form[name].was.raw_data:
            form[name].form.process(None, **_shown(row))
    return form


def _shown(row: Compared) -> dict[str, Any]:
    return {
        "was": check_fingerprint(row.holds),
        "mark": fingerprint(row.mark),
        "on_paper": row.holds.on_paper or "",
        "note": row.holds.note,
    }


def _check_in(entry: Any) -> Check:
    chosen = entry.on_paper.data
    return Check(OnPaper(chosen) if chosen in list(OnPaper) else None, entry.note.data or "")


def _words_of(fault: PhotoFault) -> str:
    words = {
        PhotoFault.EMPTY: _("Kies een foto van de getekende lijst."),
        PhotoFault.TOO_LARGE: _(
            "Deze foto is groter dan %(most)s MB. Maak een kleinere foto.", most=MOST_BYTES // MEGABYTE
        ),
        PhotoFault.NO_PHOTO: _("We kunnen dit bestand niet lezen als foto. Kies een foto (jpg, png, webp of heic)."),
        PhotoFault.TOO_MANY_PIXELS: _("Deze foto is te groot om te openen. Maak een gewone foto met je telefoon."),
    }
    return str(words[fault])

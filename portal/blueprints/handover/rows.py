"""One person at a register: mending a number, sending again, closing, and putting right what changed afterwards."""

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.handover.forms import NumberForm, SettleForm
from portal.blueprints.handover.views import row_page
from portal.db import transaction
from portal.domain.accounts.rules import Role, looks_unusual, plain_number
from portal.domain.enrolment.register_numbers import correct_register_number
from portal.domain.handover import commands
from portal.domain.handover.queries import get_head
from portal.domain.handover.rows import Row, list_rows
from portal.errors import NotFound
from portal.language import _
from portal.web.access import allow, note_view
from portal.web.forms import PortalForm
from portal.web.pages import see_other
from portal.web.signing import current_actor

blueprint = Blueprint("handover_rows", __name__, url_prefix="/bureau/doorgeven/<register>/<int:edition_id>/<key>")


@blueprint.get("")
@allow(Role.OFFICE)
def show(register: str, edition_id: int, key: str) -> Response:
    """One person: what was told, what counts now, and what can be done."""
    return _page(register, edition_id, key)


@blueprint.post("/nummer")
@allow(Role.OFFICE)
def correct(register: str, edition_id: int, key: str) -> Response:
    """Another number goes with the enrolment."""
    row = _row(register, edition_id, key)
    form = NumberForm()
    if form.validate():
        with form.answering(), transaction():
            correct_register_number(
                enrolment_id=row.enrolment_id,
                register=register,
                number=form.number.data or "",
                actor=current_actor(),
                now=clock.now(),
            )
    if form.errors:
        return _page(register, edition_id, key, number=form)
    flash(_("Het nummer is bewaard. Geef deze persoon nu door."), "good")
    if looks_unusual(register, plain_number(form.number.data or "")):
        flash(
            _("Dit nummer van %(register)s ziet er anders uit dan de meeste. Klopt het?", register=register), "warning"
        )
    return _back(register, edition_id)


@blueprint.post("/opnieuw")
@allow(Role.OFFICE)
def again(register: str, edition_id: int, key: str) -> Response:
    """Back on the list as it is."""
    row = _row(register, edition_id, key)
    form = PortalForm()
    with form.answering(), transaction():
        commands.send_again(row_id=row.row_id or 0, actor=current_actor(), now=clock.now())
    if form.errors:
        return _page(register, edition_id, key, other=form)
    flash(_("Deze persoon staat weer klaar om door te geven."), "good")
    return _back(register, edition_id)


@blueprint.post("/afsluiten")
@allow(Role.OFFICE)
def leave(register: str, edition_id: int, key: str) -> Response:
    """Nothing can be mended."""
    row = _row(register, edition_id, key)
    form = PortalForm()
    with form.answering(), transaction():
        commands.leave(row_id=row.row_id or 0, actor=current_actor(), now=clock.now())
    if form.errors:
        return _page(register, edition_id, key, other=form)
    flash(_("De regel is afgesloten. Met een ander nummer komt hij vanzelf terug."), "good")
    return _back(register, edition_id)


@blueprint.post("/hersteld")
@allow(Role.OFFICE)
def settle(register: str, edition_id: int, key: str) -> Response:
    """What changed was put right at the register."""
    row = _row(register, edition_id, key)
    form = SettleForm()
    if form.validate():
        typed = form.points.data or ""
        points = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else -1
        with form.answering(), transaction():
            commands.settle_change(
                row_id=row.row_id or 0,
                points=points,
                number=form.told_number.data or "",
                note=form.note.data or "",
                actor=current_actor(),
                now=clock.now(),
            )
    if form.errors:
        return _page(register, edition_id, key, settle=form)
    flash(_("Genoteerd dat het register klopt."), "good")
    return _back(register, edition_id)


def _page(register: str, edition_id: int, key: str, **forms: NumberForm | SettleForm | PortalForm) -> Response:
    row = _row(register, edition_id, key)
    note_view(edition_id=edition_id, enrolment_id=row.enrolment_id, person_id=row.person_id)
    return row_page(register, edition_id, _row(register, edition_id, key), **forms)


def _row(register: str, edition_id: int, key: str) -> Row:
    """The row with this key; NotFound when it is not there."""
    get_head(register, edition_id, 0)
    rows = list_rows([edition_id], register).get((register, edition_id), [])
    found = next((row for row in rows if row.key == key), None)
    if found is None:
        raise NotFound
    return found


def _back(register: str, edition_id: int) -> Response:
    return see_other(url_for("handover.edition", register=register, edition_id=edition_id))

"""The list of what is to be handed over, and an edition at a register: numbers to paste, what the register said, and
what was handed over before."""

from flask import Blueprint, flash, make_response, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.handover.forms import AnswersForm, HandOverForm
from portal.blueprints.handover.views import edition_page, what_for, words
from portal.db import transaction
from portal.documents.csv_file import csv_bytes
from portal.domain.accounts.rules import Role
from portal.domain.enrolment.policy import current_policy
from portal.domain.handover import commands
from portal.domain.handover.queries import get_head, list_editions, list_registers
from portal.domain.handover.refusals import read_pasted
from portal.domain.handover.rows import Row, list_rows
from portal.domain.handover.rules import RowState
from portal.domain.handover.wording import REASONS, STATES
from portal.errors import Refused
from portal.language import _, _n
from portal.web.access import allow, note_view
from portal.web.addresses import asked_page
from portal.web.pages import page, see_other
from portal.web.signing import current_actor

blueprint = Blueprint("handover", __name__, url_prefix="/bureau/doorgeven")


@blueprint.get("")
@allow(Role.OFFICE)
def index() -> Response:
    """Editions in which something waits, the earliest first; all that ever had something when asked for."""
    registers = list_registers()
    register = request.args.get("register", "")
    register = register if register in registers else ""
    everything = request.args.get("stand") == "alles"
    now = clock.now()
    days = current_policy(now).handover_days
    return page(
        "handover/index.html",
        found=list_editions(now, days, register=register, everything=everything, page=asked_page()),
        registers=registers,
        register=register,
        everything=everything,
        today=clock.today(),
        page_url=lambda number: url_for(
            ".index", register=register or None, stand="alles" if everything else None, pagina=number
        ),
        **words(),
    )


@blueprint.get("/<register>/<int:edition_id>")
@allow(Role.OFFICE)
def edition(register: str, edition_id: int) -> Response:
    """One edition at one register."""
    return edition_page(register, edition_id)


@blueprint.post("/<register>/<int:edition_id>/doorgegeven")
@allow(Role.OFFICE)
def hand_over(register: str, edition_id: int) -> Response:
    """Notes what was pasted at the register."""
    form = HandOverForm()
    get_head(register, edition_id, 0)
    if form.validate():
        with form.answering(), transaction():
            commands.hand_over(
                register=register,
                edition_id=edition_id,
                keys=form.keys,
                on=form.on.data,
                note=form.note.data or "",
                actor=current_actor(),
                now=clock.now(),
            )
    if form.errors:
        return edition_page(register, edition_id, hand_over=form)
    flash(
        _n(
            "%(num)s regel is genoteerd als doorgegeven.",
            "%(num)s regels zijn genoteerd als doorgegeven.",
            len(form.keys),
        ),
        "good",
    )
    return see_other(url_for(".edition", register=register, edition_id=edition_id))


@blueprint.post("/<register>/<int:edition_id>/antwoord")
@allow(Role.OFFICE)
def answer(register: str, edition_id: int) -> Response:
    """Keeps what the register said."""
    form = AnswersForm()
    get_head(register, edition_id, 0)
    counts = (0, 0)
    if form.validate():
        with form.answering(), transaction():
            rows = _sent(register, edition_id)
            pasted, unread = read_pasted(form.pasted.data or "")
            if unread:
                raise Refused(
                    _("Begin elke regel met een nummer. Dit begrijpen we niet: %(line)s", line=unread[0]), "pasted"
                )
            counts = commands.note_answers(
                register=register,
                edition_id=edition_id,
                said=form.said(rows, commands.match_pasted(rows, pasted)),
                actor=current_actor(),
                now=clock.now(),
            )
    if form.errors:
        return edition_page(register, edition_id, answers=form)
    flash(
        _("Genoteerd: %(accepted)s geaccepteerd, %(refused)s geweigerd.", accepted=counts[0], refused=counts[1]), "good"
    )
    return see_other(url_for(".edition", register=register, edition_id=edition_id))


@blueprint.get("/<register>/<int:edition_id>/lijst.csv")
@allow(Role.OFFICE)
def as_csv(register: str, edition_id: int) -> Response:
    """The rows for human eyes. That somebody took them along is noted."""
    get_head(register, edition_id, 0)
    note_view(edition_id=edition_id)
    head = get_head(register, edition_id, 0)
    rows = list_rows([edition_id], register).get((register, edition_id), [])
    columns = (_("Naam"), _("Nummer"), _("Waarvoor"), _("Punten"), _("Stand"), _("Reden"), _("Het register zei"))
    response = make_response(csv_bytes([str(one) for one in columns], map(_line, rows)))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    name = f"doorgeven-{head.edition_id}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _line(row: Row) -> list[str | int]:
    reason = str(REASONS[row.reason]) if row.reason in REASONS else ""  # type: ignore[index]
    return [row.name, row.number, what_for(row.positions), row.points, str(STATES[row.state]), reason, row.words]


def _sent(register: str, edition_id: int) -> list[Row]:
    rows = list_rows([edition_id], register).get((register, edition_id), [])
    return [row for row in rows if row.state == RowState.SENT]

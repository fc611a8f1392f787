"""The auditor's room: the log, the trail of one thing, and whether the chain is whole. Every look is noted itself."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from portal import audit, clock
from portal.audit import Trail
from portal.blueprints.auditing import wording
from portal.blueprints.auditing.forms import LogForm
from portal.db import transaction
from portal.domain.accounts.queries import list_names
from portal.domain.accounts.rules import Role
from portal.domain.attendance.dossiers import SheetOfEdition, list_sheets
from portal.domain.certificates import queries as certificates
from portal.language import _, day
from portal.web.access import allow, note_view
from portal.web.addresses import asked_page
from portal.web.pages import page, see_other
from portal.web.signing import current_actor, the_person

blueprint = Blueprint("auditing", __name__, url_prefix="/audit")
PER_PAGE = 25
# A few seconds of work in a request; longer logs are checked by the command.
MOST_IN_A_REQUEST = 20_000


@blueprint.get("")
@allow(Role.AUDITOR, Role.OFFICE)
def log() -> Response:
    """The log, newest first, with a filter; on top the state of the chain."""
    form = LogForm(request.args, meta={"csrf": False})
    form.validate()
    note_view()
    number = asked_page()
    found = Trail([], 0)
    if not form.errors:
        found = audit.list_entries(
            since=_midnight(form.van.data) if form.van.data else None,
            until=_midnight(form.tot.data + timedelta(days=1)) if form.tot.data else None,
            tag=form.soort.data or "",
            kind=form.wat.data or "",
            thing_id=form.nummer.data if form.wat.data else None,
            page=number,
            per_page=PER_PAGE,
        )
    chosen = {name: value for name, value in request.args.items() if name != "pagina" and value}
    return page("auditing/log.html", form=form, chosen=chosen, chain=_chain(), **_shown(found, number))


@blueprint.post("/controle")
@allow(Role.AUDITOR, Role.OFFICE)
def verify() -> Response:
    """Recomputes the chain, compares the signed heads with it, and notes the outcome."""
    entries = audit.count_entries()
    if entries > MOST_IN_A_REQUEST:
        flash(_("Het logboek is te lang om hier te controleren. Vraag beheer om de opdracht audit verify."), "warning")
        return see_other(url_for("auditing.log"))
    found = audit.verify() or audit.verify_heads()
    with transaction():
        audit.note_verified(found, entries, actor=current_actor(), at=clock.now())
    return see_other(url_for("auditing.log"))


@blueprint.get("/uitvoeringen/<int:edition_id>")
@allow(Role.AUDITOR, Role.OFFICE)
def edition(edition_id: int) -> Response:
    """Everything that happened to an edition: planning, enrolments, attendance, points, certificates, views."""
    certificates.get_edition_heading(edition_id)
    note_view(edition_id=edition_id)
    found = certificates.get_edition_heading(edition_id)
    heading = found.title if not found.starts_on else f"{found.title}, {day(found.starts_on)}"
    sheets = list_sheets(edition_id)
    return _trail_page("edition", edition_id, _("Logboek van %(what)s", what=heading), sheets=sheets)


@blueprint.get("/certificaten/<int:certificate_id>")
@allow(Role.AUDITOR, Role.OFFICE)
def certificate(certificate_id: int) -> Response:
    """Everything that happened to a certificate."""
    holding = certificates.get_holding(certificate_id)
    note_view(certificate_id=certificate_id, edition_id=holding.edition_id)
    return _trail_page("certificate", certificate_id, _("Logboek van certificaat %(what)s", what=holding.number))


def _trail_page(kind: str, thing_id: int, heading: str, sheets: Sequence[SheetOfEdition] = ()) -> Response:
    number = asked_page()
    found = audit.trail_of(kind, thing_id, page=number, per_page=PER_PAGE)
    shown = _shown(found, number)
    return page("auditing/trail.html", heading=heading, kind=kind, thing_id=thing_id, sheets=sheets, **shown)


def _shown(found: Trail, number: int) -> dict[str, Any]:
    """What the list of entries shows: names and private texts only for who works with these people anyway."""
    may_know = bool(the_person().roles & {Role.OFFICE, Role.ADMIN})
    ids = {entry.actor_id for entry in found.entries if entry.actor_kind == "person" and entry.actor_id}
    names = list_names(ids) if may_know else {}
    entries = [
        {
            "entry": entry,
            "sentence": wording.in_words(entry),
            "who": wording.actor_in_words(entry, names),
            "via": wording.via_in_words(entry.via),
            "details": wording.details(entry, private=may_know),
        }
        for entry in found.entries
    ]
    pages = max(1, -(-found.total // PER_PAGE))
    return {"entries": entries, "total": found.total, "number": min(number, pages), "pages": pages}


def _chain() -> dict[str, Any]:
    """The state of the chain as it was when somebody last had it checked."""
    checks = audit.list_entries(tag="audit.verified", per_page=1).entries
    return {"last": checks[0] if checks else None, "begins_at": audit.find_first_at()}


def _midnight(day: Any) -> datetime:
    return clock.from_local(datetime.combine(day, time()))

"""The waiting list of an edition: who waits and what was offered, who is off it, and taking somebody off."""

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.office.edition_forms import ReasonForm
from portal.db import transaction
from portal.domain.accounts.rules import Role
from portal.domain.catalogue import queries
from portal.domain.enrolment.waiting_list import take_off_waiting_list
from portal.domain.enrolment.waiting_rules import OffList
from portal.domain.reporting.waiting import get_wish, list_in_line, list_off_list
from portal.language import _, _l
from portal.web.access import allow, note_view
from portal.web.addresses import asked_page
from portal.web.pages import page, see_other
from portal.web.signing import current_actor

blueprint = Blueprint("office_waiting_list", __name__, url_prefix="/bureau/uitvoeringen/<int:edition_id>/wachtlijst")

OFF = "eraf"
# Why somebody is off the list, in the words of the desk.
WHY_OFF = {
    OffList.ACCEPTED: _l("nam de plek aan"),
    OffList.ENROLLED: _l("kwam er op een andere manier bij"),
    OffList.DECLINED: _l("wilde de plek niet"),
    OffList.LAPSED: _l("koos niet op tijd"),
    OffList.LEFT: _l("ging zelf van de lijst"),
    OffList.OFFICE: _l("door het bureau"),
    OffList.CLOSED: _l("de uitvoering gaat niet door"),
}


@blueprint.get("")
@allow(Role.OFFICE)
def show(edition_id: int) -> Response:
    """Who waits, in order; or, when asked for, who is on the list no longer."""
    note_view(edition_id=edition_id)
    edition, off = queries.get_edition(edition_id), request.args.get("stand") == OFF
    return page(
        "office/waiting_list.html",
        edition=edition,
        off=off,
        found=(list_off_list if off else list_in_line)(edition_id, page=asked_page()),
        why_off={code.value: words for code, words in WHY_OFF.items()},
        off_url=url_for(".show", edition_id=edition_id, stand=OFF),
        page_url=lambda number: url_for(".show", edition_id=edition_id, stand=OFF if off else None, pagina=number),
    )


@blueprint.route("/<int:entry_id>/afhalen", methods=["GET", "POST"])
@allow(Role.OFFICE)
def take_off(edition_id: int, entry_id: int) -> Response:
    """Says what it does; then takes somebody off, with the seats that were held for them."""
    note_view(edition_id=edition_id)
    wish, form = get_wish(edition_id, entry_id), ReasonForm()
    if form.validate_on_submit():
        with form.answering(), transaction():
            reason, now = form.reason.data or "", clock.now()
            take_off_waiting_list(entry_id=entry_id, reason=reason, actor=current_actor(), now=now)
        if not form.errors:
            flash(_("%(name)s staat niet meer op de wachtlijst en krijgt daar een mail over.", name=wish.name), "good")
            return see_other(url_for(".show", edition_id=edition_id))
    edition = queries.get_edition(edition_id)
    return page("office/waiting_list_take_off.html", form=form, edition=edition, wish=wish)

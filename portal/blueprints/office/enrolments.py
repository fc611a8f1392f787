"""One enrolment at the office's desk: cancelling it, with the reason."""

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.office.edition_forms import ReasonForm
from portal.db import transaction
from portal.domain.accounts.rules import Role
from portal.domain.catalogue import queries
from portal.domain.enrolment import commands as enrolment
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.own_enrolments import get_own_enrolment
from portal.language import _, money
from portal.web.access import allow, note_view
from portal.web.pages import page, see_other
from portal.web.signing import current_actor

blueprint = Blueprint("office_enrolments", __name__, url_prefix="/bureau/inschrijvingen")


@blueprint.route("/<int:enrolment_id>/annuleren", methods=["GET", "POST"])
@allow(Role.OFFICE)
def cancel(enrolment_id: int) -> Response:
    """Says what it costs; then ends the enrolment and mails its person."""
    note_view(enrolment_id=enrolment_id)
    own = get_own_enrolment(queries.get_row(Enrolment, enrolment_id).person_id, enrolment_id)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.answering(), transaction():
            cost = enrolment.cancel_enrolment(
                enrolment_id=enrolment_id,
                reason=form.reason.data or "",
                by_office=True,
                actor=current_actor(),
                now=clock.now(),
            )
            flash(_("De inschrijving is geannuleerd. Kosten: %(cost)s.", cost=money(cost.cents)), "good")
            return see_other(url_for("office_editions.show", edition_id=own.edition.id))
    return page("office/enrolment_cancel.html", form=form, own=own, cost=own.cost(clock.now()))

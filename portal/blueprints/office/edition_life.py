"""Whether a tentative edition is given: the office lets it go ahead, or decides by another day."""

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.office.edition_forms import DecideOnForm, ReasonForm
from portal.db import transaction
from portal.domain.accounts.rules import Role
from portal.domain.catalogue import queries
from portal.domain.enrolment import edition_life
from portal.domain.enrolment.edition_people import count_people
from portal.language import _, _n
from portal.web.access import allow
from portal.web.pages import page, see_other
from portal.web.signing import current_actor

blueprint = Blueprint("office_edition_life", __name__, url_prefix="/bureau/uitvoeringen")


@blueprint.route("/<int:edition_id>/doorgaan", methods=["GET", "POST"])
@allow(Role.OFFICE)
def confirm(edition_id: int) -> Response:
    """Says how many people there are, and lets it go ahead with them."""
    edition = queries.get_edition(edition_id)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.answering(), transaction():
            told = edition_life.confirm_edition(
                edition_id=edition_id, reason=form.reason.data or "", actor=current_actor(), now=clock.now()
            )
            flash(_("De uitvoering gaat door.") + " " + _told(told), "good")
            return see_other(url_for("office_editions.show", edition_id=edition_id))
    return page("office/edition_confirm.html", form=form, edition=edition, people=count_people(edition_id))


@blueprint.route("/<int:edition_id>/beslissing", methods=["GET", "POST"])
@allow(Role.OFFICE)
def postpone(edition_id: int) -> Response:
    """Another day by which it is decided; who takes part is told."""
    edition = queries.get_edition(edition_id)
    form = DecideOnForm(decide_on=edition.decide_on)
    if form.validate_on_submit():
        with form.answering(), transaction():
            told = edition_life.postpone_decision(
                edition_id=edition_id, decide_on=form.decide_on.data, actor=current_actor(), now=clock.now()
            )
            flash(_("De dag van de beslissing is bewaard.") + " " + _told(told), "good")
            return see_other(url_for("office_editions.show", edition_id=edition_id))
    return page("office/edition_postpone.html", form=form, edition=edition, people=count_people(edition_id))


def _told(people: int) -> str:
    return str(_n("%(num)s deelnemer krijgt bericht.", "%(num)s deelnemers krijgen bericht.", people))

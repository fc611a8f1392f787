"""Editions: the list, one edition with all that belongs to it, its details, and from draft to given or cancelled."""

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.office.edition_forms import CopyForm, EditionForm, SeenForm
from portal.blueprints.office.planning import chosen_client
from portal.db import transaction
from portal.domain.accounts.models import Organisation
from portal.domain.accounts.queries import list_names, list_organisations
from portal.domain.accounts.rules import Role
from portal.domain.attendance.counting import list_counts
from portal.domain.catalogue import editions, queries
from portal.domain.catalogue.models import Edition
from portal.domain.catalogue.queries import get_row
from portal.domain.catalogue.rules import EditionState
from portal.domain.enrolment import edition_life
from portal.domain.enrolment.edition_people import count_people
from portal.domain.enrolment.policy import current_policy
from portal.domain.reporting import editions as reporting
from portal.domain.reporting.consequences import foresee_cancelling
from portal.domain.reporting.foreseen import cancel_as_foreseen
from portal.domain.reporting.queries import count_seats
from portal.language import _, _n
from portal.mail.batches import list_batches
from portal.web.access import allow, note_view
from portal.web.addresses import asked_page
from portal.web.forms import PortalForm
from portal.web.pages import page, see_other
from portal.web.signing import current_actor

blueprint = Blueprint("office_editions", __name__, url_prefix="/bureau/uitvoeringen")


@blueprint.get("")
@allow(Role.OFFICE)
def index() -> Response:
    """Editions of one state, or all; those that are over only when asked for."""
    state = request.args.get("stand", "")
    state = state if state in set(EditionState) else ""
    past = request.args.get("voorbij") == "ja"
    found = queries.list_planned(state=state, since=None if past else clock.today(), page=asked_page())
    return page(
        "office/editions.html",
        found=found,
        seats=count_seats([row.id for row in found.rows]),
        state=state,
        past=past,
        page_url=lambda number: url_for(".index", stand=state or None, voorbij="ja" if past else None, pagina=number),
    )


@blueprint.get("/<int:edition_id>")
@allow(Role.OFFICE)
def show(edition_id: int) -> Response:
    """One edition: who takes part, its meetings, who waits; its mail and its log are a link away."""
    note_view(edition_id=edition_id)
    edition = queries.get_edition(edition_id)
    waiting_mail = list_batches(edition_id=edition_id, now=clock.now())
    return page(
        "office/edition.html",
        edition=edition,
        client=get_row(Organisation, edition.organisation_id) if edition.organisation_id else None,
        active=count_people(edition_id),
        counts=list_counts(edition_id),
        people=reporting.list_participants(edition_id, page=asked_page()),
        guests=reporting.list_guests(edition_id),
        waiting=reporting.list_waiting(edition_id),
        waiting_mail=waiting_mail,
        waiting_names=list_names([row.made_by_id for row in waiting_mail if row.made_by_id]),
        now=clock.now(),
        page_url=lambda number: url_for(".show", edition_id=edition_id, pagina=number, _anchor="deelnemers"),
    )


@blueprint.route("/<int:edition_id>/bewerken", methods=["GET", "POST"])
@allow(Role.OFFICE)
def edit(edition_id: int) -> Response:
    """Another place, minimum or price; for a draft also for whom it is."""
    edition = get_row(Edition, edition_id)
    form = EditionForm(obj=edition)
    form.offer([(row.id, row.name) for row in list_organisations()])
    if form.validate_on_submit():
        with form.answering(), transaction():
            now = clock.now()
            client = chosen_client(form, now)
            edition_life.edit_edition(
                edition_id=edition_id, details=form.details(client), actor=current_actor(), now=now
            )
            flash(_("De uitvoering is bewaard."), "good")
            return see_other(url_for(".show", edition_id=edition_id))
    return page("office/edition_form.html", form=form, edition=queries.get_edition(edition_id))


@blueprint.post("/<int:edition_id>/publiceren")
@allow(Role.OFFICE)
def publish(edition_id: int) -> Response:
    """Puts a draft online; what is still missing is said on its own page."""
    form = PortalForm()
    with form.answering(), transaction():
        edition_life.publish_edition(edition_id=edition_id, actor=current_actor(), now=clock.now())
    for sentence in form.form_errors:
        flash(sentence, "error")
    if not form.form_errors:
        flash(_("De uitvoering staat online."), "good")
    return see_other(url_for(".show", edition_id=edition_id))


@blueprint.route("/<int:edition_id>/kopieren", methods=["GET", "POST"])
@allow(Role.OFFICE)
def copy(edition_id: int) -> Response:
    """The same once more, from another day on."""
    edition = queries.get_edition(edition_id)
    form = CopyForm()
    if form.validate_on_submit():
        with form.answering(), transaction():
            made = editions.copy_edition(
                edition_id=edition_id, first_on=form.first_on.data, actor=current_actor(), now=clock.now()
            )
            flash(_("De kopie staat klaar als concept. Kijk de data na en zet haar online."), "good")
            return see_other(url_for(".show", edition_id=made.id))
    return page("office/edition_copy.html", form=form, edition=edition)


@blueprint.route("/<int:edition_id>/annuleren", methods=["GET", "POST"])
@allow(Role.OFFICE)
def cancel(edition_id: int) -> Response:
    """Says first what it does to whom, and then does it."""
    edition = queries.get_edition(edition_id)
    form, now = SeenForm(), clock.now()
    if form.validate_on_submit():
        with form.answering(), transaction():
            seen, actor = form.seen.data or "", current_actor()
            people = cancel_as_foreseen(edition_id=edition_id, seen=seen, actor=actor, now=now)
            told = _n("%(num)s deelnemer krijgt bericht.", "%(num)s deelnemers krijgen bericht.", people)
            flash(_("De uitvoering gaat niet door.") + " " + told, "good")
            return see_other(url_for(".show", edition_id=edition_id))
    return page(
        "office/edition_cancel.html",
        form=form,
        edition=edition,
        foreseen=foresee_cancelling(edition_id, now),
        minutes=current_policy(now).mail_wait_minutes,
    )

"""Regions with their managers, and who is a coordinator where."""

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.office.request_forms import CoordinatorForm, RegionForm
from portal.db import transaction
from portal.domain.accounts.queries import find_by_email, list_people
from portal.domain.accounts.rules import Role
from portal.domain.coordinators import commands
from portal.domain.reporting.coordinators import list_coordinators, list_regions
from portal.errors import Refused
from portal.language import _
from portal.web.access import allow, note_view
from portal.web.addresses import asked_page
from portal.web.forms import PortalForm
from portal.web.pages import page, see_other
from portal.web.signing import current_actor

blueprint = Blueprint("office_coordinators", __name__, url_prefix="/bureau/coordinatoren")


@blueprint.get("")
@allow(Role.OFFICE)
def index() -> Response:
    """The regions, the coordinators by name, and a form to add one of each."""
    return _page(None, None)


@blueprint.post("/regios")
@allow(Role.OFFICE)
def add_region() -> Response:
    """A new region."""
    form = _region_form()
    if form.validate_on_submit():
        with form.answering(), transaction():
            commands.add_region(
                name=form.name.data or "", manager_id=form.manager_id.data, actor=current_actor(), now=clock.now()
            )
            flash(_("De regio staat erin."), "good")
            return see_other(url_for(".index"))
    return _page(form, None)


@blueprint.post("")
@allow(Role.OFFICE)
def add() -> Response:
    """Makes somebody whom the portal knows a coordinator in a region."""
    form = _coordinator_form()
    if form.validate_on_submit():
        with form.answering(), transaction():
            person = find_by_email(form.email.data or "")
            if person is None:
                raise Refused(_("Dit e-mailadres kennen we niet. Laat diegene zich eerst ergens aanmelden"), "email")
            commands.add_coordinator(
                person_id=person.id, region_id=form.region_id.data, actor=current_actor(), now=clock.now()
            )
            flash(_("%(name)s is coördinator.", name=person.name), "good")
            return see_other(url_for(".index"))
    return _page(None, form)


def _page(region_form: RegionForm | None, coordinator_form: CoordinatorForm | None) -> Response:
    note_view()
    refused: PortalForm | None = region_form or coordinator_form
    return page(
        "office/coordinators.html",
        form=refused,
        regions=list_regions(),
        coordinators=list_coordinators(page=asked_page()),
        region_form=region_form or _region_form(fresh=True),
        coordinator_form=coordinator_form or _coordinator_form(fresh=True),
        page_url=lambda number: url_for(".index", pagina=number),
    )


def _region_form(*, fresh: bool = False) -> RegionForm:
    """As it was sent, or empty beside the other form that was."""
    form = RegionForm(formdata=None) if fresh else RegionForm()
    managers = list_people(role=Role.REGIONAL_MANAGER).rows
    form.manager_id.offer([(row.id, row.name) for row in managers], empty=_("Nog niemand"))
    return form


def _coordinator_form(*, fresh: bool = False) -> CoordinatorForm:
    """As it was sent, or empty beside the other form that was."""
    form = CoordinatorForm(formdata=None) if fresh else CoordinatorForm()
    form.region_id.offer([(row.id, row.name) for row in list_regions()], empty=_("Kies een regio"))
    return form

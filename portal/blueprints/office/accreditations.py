"""What the registers grant: the list by end date, and adding and ending grants."""

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.office.course_forms import AccreditationEditForm, AccreditationForm
from portal.db import transaction
from portal.domain.accounts.rules import Role
from portal.domain.catalogue import commands, queries
from portal.domain.catalogue.models import Accreditation, Course, Module
from portal.domain.catalogue.queries import get_row
from portal.domain.reporting.accreditations import list_accreditations
from portal.language import _
from portal.web.access import allow
from portal.web.addresses import asked_id, asked_page
from portal.web.pages import page, see_other
from portal.web.signing import current_actor

blueprint = Blueprint("office_accreditations", __name__, url_prefix="/bureau")


@blueprint.get("/accreditatie")
@allow(Role.OFFICE)
def index() -> Response:
    """Every grant: those that end soonest first, then those without an end, then the past."""
    today = clock.today()
    found = list_accreditations(on=today, page=asked_page())
    return page(
        "office/accreditations.html",
        found=found,
        today=today,
        page_url=lambda number: url_for(".index", pagina=number),
    )


@blueprint.route("/trainingen/<int:course_id>/accreditaties/nieuw", methods=["GET", "POST"])
@allow(Role.OFFICE)
def add(course_id: int) -> Response:
    """A new grant, for the whole course or for one module."""
    course = queries.get_course(get_row(Course, course_id).slug, on=clock.today(), hidden_too=True)
    form = AccreditationForm(module_id=asked_id("dagdeel"))
    form.module_id.offer(
        [(m.id, _("Dagdeel %(n)s: %(title)s", n=m.position, title=m.title)) for m in course.modules],
        empty=_("De hele training"),
    )
    form.register_code.offer([(row.code, row.name) for row in queries.list_registers()])
    if form.validate_on_submit():
        owner = {"module_id": form.module_id.data} if form.module_id.data else {"course_id": course_id}
        with form.answering(), transaction():
            commands.add_accreditation(**owner, details=form.details(), actor=current_actor(), now=clock.now())
            flash(_("De accreditatie staat erin."), "good")
            return see_other(url_for("office_courses.show", course_id=course_id))
    return page("office/accreditation_form.html", form=form, course=course)


@blueprint.route("/accreditaties/<int:accreditation_id>", methods=["GET", "POST"])
@allow(Role.OFFICE)
def edit(accreditation_id: int) -> Response:
    """A grant's number and last day."""
    grant = get_row(Accreditation, accreditation_id)
    course = _course_of(grant)
    form = AccreditationEditForm(obj=grant)
    if form.validate_on_submit():
        with form.answering(), transaction():
            commands.edit_accreditation(
                accreditation_id=accreditation_id,
                number=form.number.data or None,
                valid_until=form.valid_until.data,
                actor=current_actor(),
                now=clock.now(),
            )
            flash(_("De accreditatie is bewaard."), "good")
            return see_other(url_for("office_courses.show", course_id=course.id))
    return page("office/accreditation_edit.html", form=form, course=course, grant=grant)


def _course_of(grant: Accreditation) -> Course:
    """The course that a grant is for, as a whole or by one of its modules."""
    return get_row(Course, grant.course_id or get_row(Module, grant.module_id).course_id)

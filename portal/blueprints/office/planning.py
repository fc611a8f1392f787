"""Planning a whole edition on one page: its details and a meeting for every module."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.office.edition_forms import EditionForm, PlanForm
from portal.db import transaction
from portal.domain.accounts.commands import add_organisation
from portal.domain.accounts.queries import list_organisations
from portal.domain.accounts.rules import Role
from portal.domain.catalogue import editions, queries
from portal.domain.catalogue.models import Course
from portal.domain.catalogue.queries import get_row
from portal.domain.catalogue.rules import EditionKind
from portal.domain.incompany.queries import get_request
from portal.language import _
from portal.web.access import allow
from portal.web.addresses import asked_id, asked_page
from portal.web.pages import page, see_other
from portal.web.signing import current_actor

blueprint = Blueprint("office_planning", __name__, url_prefix="/bureau/uitvoeringen")


@blueprint.route("/nieuw", methods=["GET", "POST"])
@allow(Role.OFFICE)
def plan() -> Response:
    """The form for one course; without a course, the choice of one. With a request, back to it afterwards."""
    course_id = asked_id("training")
    if course_id is None:
        courses = queries.list_courses(page=asked_page())
        return page("office/plan_choose.html", courses=courses, page_url=lambda n: url_for(".plan", pagina=n))
    course = queries.get_course(get_row(Course, course_id).slug, on=clock.today(), hidden_too=True)
    request_id = asked_id("aanvraag")
    form = _form(len(course.modules), request_id)
    if form.validate_on_submit():
        with form.answering(), transaction():
            now = clock.now()
            made = editions.plan_edition(
                course_id=course_id,
                details=form.details(chosen_client(form, now)),
                meetings=form.plans([module.id for module in course.modules]),
                actor=current_actor(),
                now=now,
            )
            return _planned(made.id, request_id)
    return page("office/plan.html", form=form, course=course)


def chosen_client(form: EditionForm, now: datetime) -> int | None:
    """The client from the list, or the new one, which is added; None when the edition is open to all."""
    if form.kind.data != EditionKind.IN_COMPANY:
        return None
    if form.new_organisation.data and not form.organisation_id.data:
        return add_organisation(name=form.new_organisation.data, actor=current_actor(), now=now).id
    client: int | None = form.organisation_id.data
    return client


def _form(modules: int, request_id: int | None) -> PlanForm:
    """The empty form, or one that knows what a client asked for."""
    asked: dict[str, Any] = {}
    if request_id is not None:
        wanted = get_request(request_id)
        asked = {"kind": EditionKind.IN_COMPANY.value, "place": wanted.place[:120]}
        if wanted.organisation_id is None:
            asked["new_organisation"] = wanted.organisation_name
        else:
            asked["organisation_id"] = wanted.organisation_id
    form = PlanForm(**asked)
    form.offer([(row.id, row.name) for row in list_organisations()])
    form.offer_rows(modules, [(row.id, row.name) for row in queries.list_trainers()])
    return form


def _planned(edition_id: int, request_id: int | None) -> Response:
    if request_id is not None:
        flash(_("De uitvoering is gepland. Koppel haar nu aan deze aanvraag."), "good")
        return see_other(url_for("office_requests.show", request_id=request_id, uitvoering=edition_id))
    flash(_("De uitvoering is gepland als concept. Zet haar online als alles klopt."), "good")
    return see_other(url_for("office_editions.show", edition_id=edition_id))

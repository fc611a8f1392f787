"""Requests for in-company trainings: planning or declining them."""

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.office.edition_forms import ReasonForm
from portal.blueprints.office.request_forms import LinkForm
from portal.db import transaction
from portal.domain.accounts.rules import Role
from portal.domain.catalogue.models import Edition
from portal.domain.catalogue.queries import get_row
from portal.domain.incompany import commands, queries
from portal.domain.incompany.models import TrainingRequest
from portal.domain.incompany.rules import RequestState, answer_by
from portal.domain.reporting.editions import list_closed
from portal.language import _, short_day
from portal.web.access import allow, note_view
from portal.web.addresses import asked_id, asked_page
from portal.web.forms import PortalForm
from portal.web.pages import page, see_other
from portal.web.signing import current_actor

blueprint = Blueprint("office_requests", __name__, url_prefix="/bureau/aanvragen")


@blueprint.get("")
@allow(Role.OFFICE)
def index() -> Response:
    """Requests, those that wait first, the oldest of those on top."""
    note_view()
    found = queries.list_requests(page=asked_page())
    today = clock.today()
    return page(
        "office/requests.html",
        found=found,
        today=today,
        due={row.id: answer_by(clock.local_date(row.requested_at)) for row in found.rows},
        page_url=lambda number: url_for(".index", pagina=number),
    )


@blueprint.get("/<int:request_id>")
@allow(Role.OFFICE)
def show(request_id: int) -> Response:
    """One request, with the three ways to answer it."""
    return _page(request_id, _link_form(queries.get_request(request_id)), None)


@blueprint.post("/<int:request_id>/koppelen")
@allow(Role.OFFICE)
def link(request_id: int) -> Response:
    """Answers with a closed edition that is planned for this client."""
    form = _link_form(queries.get_request(request_id))
    if form.validate_on_submit():
        with form.answering(), transaction():
            commands.link_to_edition(
                request=queries.get_request(request_id),
                edition=get_row(Edition, form.edition_id.data),
                actor=current_actor(),
                now=clock.now(),
            )
            flash(_("De aanvraag is beantwoord. De opdrachtgever krijgt een mail."), "good")
            return see_other(url_for(".show", request_id=request_id))
    return _page(request_id, form, None)


@blueprint.post("/<int:request_id>/afwijzen")
@allow(Role.OFFICE)
def decline(request_id: int) -> Response:
    """Answers with no, and says why."""
    form = ReasonForm()
    if form.validate_on_submit():
        with form.answering(), transaction():
            commands.decline(
                request=queries.get_request(request_id),
                reason=form.reason.data or "",
                actor=current_actor(),
                now=clock.now(),
            )
            flash(_("De aanvraag is afgewezen. De opdrachtgever krijgt een mail met de reden."), "good")
            return see_other(url_for(".show", request_id=request_id))
    return _page(request_id, None, form)


def _page(request_id: int, link_form: LinkForm | None, decline_form: ReasonForm | None) -> Response:
    """The request's page; the form that was refused is the page's form."""
    note_view(request_id=request_id)
    asked = queries.get_request(request_id)
    refused: PortalForm | None = link_form if link_form and link_form.errors else decline_form
    return page(
        "office/request.html",
        form=refused,
        asked=asked,
        today=clock.today(),
        waits=asked.state == RequestState.REQUESTED,
        due_on=answer_by(clock.local_date(asked.requested_at)),
        link_form=link_form or _link_form(asked, fresh=True),
        decline_form=decline_form or ReasonForm(formdata=None),
    )


def _link_form(asked: TrainingRequest, *, fresh: bool = False) -> LinkForm:
    """The closed editions of the course that was asked for; the one just planned is chosen already."""
    chosen = asked_id("uitvoering")
    form = LinkForm(formdata=None, edition_id=chosen) if fresh else LinkForm(edition_id=chosen)
    form.edition_id.offer(
        [
            (row.id, f"{row.organisation}, {short_day(row.starts_on) if row.starts_on else _('zonder datum')}")
            for row in list_closed(asked.course_id)
        ],
        empty=_("Kies een uitvoering"),
    )
    return form

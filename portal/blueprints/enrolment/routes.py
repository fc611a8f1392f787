"""Enrolling: choice, details, check, done. Each step keeps its answers on the server until the last button."""

from flask import Blueprint, url_for
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.enrolment import steps
from portal.blueprints.enrolment.drafts import keep, this_draft, unfinished_draft
from portal.blueprints.enrolment.forms import CheckForm, DetailsForm
from portal.db import transaction
from portal.domain.catalogue import queries as catalogue
from portal.domain.enrolment import commands, seats
from portal.domain.enrolment.eligibility import eligibility
from portal.domain.enrolment.queries import get_open_edition, get_terms
from portal.web.access import public
from portal.web.limits import limit
from portal.web.pages import page, see_other
from portal.web.signing import current_actor, current_person, remember_page

blueprint = Blueprint("enrolment", __name__, url_prefix="/uitvoeringen/<int:edition_id>/inschrijven")


@blueprint.after_request
def keep_no_copy(response: FlaskResponse) -> FlaskResponse:
    """What a visitor filled in is shown again on these pages: no browser or proxy keeps a copy."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("")
@public
def choose(edition_id: int) -> Response:
    """The first step: the whole training or single modules."""
    edition = get_open_edition(edition_id)
    person = current_person()
    if edition.requires and person is None:
        remember_page()
        return page("enrolment/sign_in_first.html", edition=edition)
    if person is not None and not (found := eligibility(edition, person.id, clock.now(), own=True)).met:
        return page("enrolment/not_yet.html", edition=edition, alternatives=found.alternatives)
    form = steps.choice_form(edition, unfinished_draft(edition_id), steps.bookable(edition))
    return steps.choice_page(edition, form)


@blueprint.post("")
@public
@limit("enrol")
def choose_done(edition_id: int) -> Response:
    """Keeps the choice, unless a chosen meeting is full; what has closed meanwhile the last step says."""
    edition = get_open_edition(edition_id)
    form = steps.choice_form(edition, None, steps.to_come(edition))
    if not form.validate():
        return steps.choice_page(edition, form)
    module_ids = steps.chosen(edition, form)
    with form.answering():
        seats.require_free(edition.meetings_of(module_ids))
    if form.errors:
        return steps.choice_page(edition, form)
    keep(edition_id, {"modules": module_ids})
    return see_other(url_for(".details", edition_id=edition_id))


@blueprint.get("/gegevens")
@public
def details(edition_id: int) -> Response:
    """The second step: who takes part and who contracts; filled in for who is signed in."""
    edition = get_open_edition(edition_id)
    draft = unfinished_draft(edition_id)
    if draft is None:
        return see_other(url_for(".choose", edition_id=edition_id))
    form = DetailsForm(data=steps.known_details(draft))
    return page("enrolment/details.html", form=form, edition=edition)


@blueprint.post("/gegevens")
@public
@limit("enrol")
def details_done(edition_id: int) -> Response:
    """Keeps the details."""
    form = DetailsForm()
    if not form.validate():
        return page("enrolment/details.html", form=form, edition=get_open_edition(edition_id))
    keep(edition_id, form.answers)
    return see_other(url_for(".check", edition_id=edition_id))


@blueprint.get("/controleren")
@public
def check(edition_id: int) -> Response:
    """The third step: is everything right?"""
    draft = this_draft(edition_id)
    if draft is None or not {"modules", "email"} <= set(draft.answers):
        return see_other(url_for(".details", edition_id=edition_id))
    if draft.enrolment_id is not None:
        return see_other(url_for(".done", edition_id=edition_id))
    return steps.check_page(get_open_edition(edition_id), steps.answers_of(draft), CheckForm())


@blueprint.post("/controleren")
@public
@limit("enrolled")
def check_done(edition_id: int) -> Response:
    """Enrols: takes seats and sends a mail, so less often than the steps before it. A draft that was
    enrolled before leads to the same last page."""
    draft = this_draft(edition_id)
    if draft is None or not {"modules", "email"} <= set(draft.answers):
        return see_other(url_for(".choose", edition_id=edition_id))
    form, draft_id, answers = CheckForm(), draft.id, steps.answers_of(draft)
    if not form.validate():
        return steps.check_page(get_open_edition(edition_id), answers, form)
    now = clock.now()
    with form.answering(), transaction():
        terms = get_terms(clock.local_date(now))
        commands.enrol(
            edition_id=edition_id,
            terms_version_id=terms.id,
            draft_id=draft_id,
            actor=current_actor(),
            now=now,
            **answers.for_command(),
        )
    if form.errors:
        return steps.check_page(get_open_edition(edition_id), answers, form)
    return see_other(url_for(".done", edition_id=edition_id))


@blueprint.get("/klaar")
@public
def done(edition_id: int) -> Response:
    """'Je doet mee!' The same to a visitor whether the address was enrolled before or not: see commands.enrol."""
    draft = this_draft(edition_id)
    if draft is None or draft.enrolment_id is None:
        return see_other(url_for(".choose", edition_id=edition_id))
    return steps.done_page(catalogue.get_edition(edition_id), draft)

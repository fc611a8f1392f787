"""The waiting list: joining it, and one's own page, where one can leave it by a button."""

from typing import Any

from flask import Blueprint, flash, url_for
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.enrolment.drafts import unfinished_draft
from portal.blueprints.enrolment.forms import PlainForm, WaitingListForm
from portal.db import transaction
from portal.domain.enrolment import commands
from portal.domain.enrolment.queries import get_open_edition
from portal.domain.enrolment.waiting_list import get_place
from portal.language import _, current_language
from portal.web.access import public
from portal.web.limits import limit
from portal.web.pages import page, see_other
from portal.web.signing import current_actor, current_person

blueprint = Blueprint("waiting_list", __name__)


@blueprint.after_request
def keep_no_copy(response: FlaskResponse) -> FlaskResponse:
    """These pages are somebody's own: no browser or proxy keeps a copy."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/uitvoeringen/<int:edition_id>/wachtlijst")
@public
def join(edition_id: int) -> Response:
    """Asks who waits; filled in from the draft, or for who is signed in."""
    edition = get_open_edition(edition_id)
    draft, person = unfinished_draft(edition_id), current_person()
    known: dict[str, Any] = {"name": person.name, "email": person.email} if person else {}
    if draft:
        known |= {name: draft.answers[name] for name in ("name", "email") if name in draft.answers}
    return page("enrolment/waiting_list_join.html", form=WaitingListForm(data=known), edition=edition)


@blueprint.post("/uitvoeringen/<int:edition_id>/wachtlijst")
@public
@limit("mail")
def join_done(edition_id: int) -> Response:
    """Puts them on the list. The answer is the same for who was on it already."""
    draft = unfinished_draft(edition_id)
    answers: dict[str, Any] = draft.answers if draft else {}
    form = WaitingListForm()
    if form.validate():
        with form.answering(), transaction():
            commands.join_waiting_list(
                edition_id=edition_id,
                module_ids=answers.get("modules"),
                name=form.name.data or "",
                email=form.email.data or "",
                language=current_language(),
                actor=current_actor(),
                now=clock.now(),
            )
    edition = get_open_edition(edition_id)
    if form.errors:
        return page("enrolment/waiting_list_join.html", form=form, edition=edition)
    return page("enrolment/waiting_list_joined.html", edition=edition, email=form.email.data)


@blueprint.get("/wachtlijst/<token>")
@public
def place(token: str) -> Response:
    """One's own place."""
    return page("enrolment/waiting_list_place.html", place=get_place(token), token=token, form=PlainForm())


@blueprint.post("/wachtlijst/<token>")
@public
def leave(token: str) -> Response:
    """Leaves the list."""
    with transaction():
        commands.leave_waiting_list(token=token, actor=current_actor(), now=clock.now())
    flash(_("Je staat niet meer op de wachtlijst."), "good")
    return see_other(url_for(".place", token=token))

"""The waiting list: joining it, and one's own page, where one can leave it by a button."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, url_for
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.enrolment.drafts import unfinished_draft
from portal.blueprints.enrolment.forms import AcceptForm, PlainForm, WaitingListForm
from portal.db import transaction
from portal.domain.enrolment import commands, offers
from portal.domain.enrolment.queries import get_open_edition, get_terms
from portal.domain.enrolment.rules import ContractParty
from portal.domain.enrolment.waiting_queries import Place, get_last_offer, get_place
from portal.domain.enrolment.wording import costs_by_period
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
                people=form.people.data,
                together=form.together.data == "together",
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
    """One's own place, and the seats that are held for who is asked."""
    return _place_page(token, None)


@blueprint.post("/wachtlijst/<token>")
@public
def leave(token: str) -> Response:
    """Leaves the list."""
    with transaction():
        commands.leave_waiting_list(token=token, actor=current_actor(), now=clock.now())
    flash(_("Je staat niet meer op de wachtlijst."), "good")
    return see_other(url_for(".place", token=token))


@blueprint.post("/wachtlijst/<token>/aannemen")
@public
@limit("enrolled")
def accept(token: str) -> Response:
    """Takes the seats that are held."""
    now = clock.now()
    form = _accept_form(get_place(token, now), now)
    if form.validate():
        with form.answering(), transaction():
            offers.accept_offer(
                offer_id=get_last_offer(token),
                participants=form.participants,
                contract_party=ContractParty(form.contract_party.data),
                terms_version_id=get_terms(clock.local_date(now)).id,
                order_reference=form.reference,
                actor=current_actor(),
                now=now,
            )
            flash(_("We hebben een bevestiging gemaild, met de uitnodigingen voor de agenda."), "good")
            return see_other(url_for(".place", token=token))
    return _place_page(token, form)


@blueprint.post("/wachtlijst/<token>/afslaan")
@public
def decline(token: str) -> Response:
    """Says no to the seats that are held."""
    form = PlainForm()
    with form.answering(), transaction():
        offers.decline_offer(offer_id=get_last_offer(token), actor=current_actor(), now=clock.now())
    for sentence in form.form_errors:
        flash(sentence, "error")
    return see_other(url_for(".place", token=token))


def _place_page(token: str, form: AcceptForm | None) -> Response:
    now = clock.now()
    found = get_place(token, now)
    offer = found.open_offer(now)
    terms = get_terms(clock.local_date(now))
    first_on = clock.local_date(min(meeting.starts_at for meeting in found.meetings))
    return page(
        "enrolment/waiting_list_place.html",
        form=form or (_accept_form(found, now) if offer else PlainForm()),
        place=found,
        offer=offer,
        costs=costs_by_period(terms.terms.cancelling, found.price_cents, first_on, clock.local_date(now)),
        terms=terms,
        token=token,
    )


def _accept_form(found: Place, now: datetime) -> AcceptForm:
    """A row for each seat of the offer, the first with who waits; who waits alone is asked for no name."""
    seats = found.offer.people if found.offer else 1
    first = {"name": found.person.name, "email": found.person.email}
    form = AcceptForm(people=[first, *({} for _seat in range(seats - 1))], employer=found.person.employer)
    form.alone = first if found.is_single else None
    return form

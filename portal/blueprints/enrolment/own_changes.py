"""Changing one's own enrolment: moving to another edition, sending a colleague instead, coming after all. Cancelling
stands in own.py."""

from collections.abc import Callable

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.enrolment.forms import PlainForm, SubstituteForm
from portal.blueprints.enrolment.own import enrolment_page
from portal.db import transaction
from portal.domain.calendar.replies import confirm_coming
from portal.domain.enrolment import commands
from portal.domain.enrolment.moves import get_destination, list_destinations, require_movable
from portal.domain.enrolment.own_enrolments import OwnEnrolment, get_own_enrolment
from portal.domain.enrolment.substitutes import require_replaceable
from portal.domain.enrolment.terms import may_withdraw
from portal.domain.enrolment.wording import (
    costs_by_period,
    sentence_of_least,
    sentence_of_moving,
    sentence_of_substituting,
)
from portal.errors import Refused
from portal.language import _
from portal.web.access import signed_in
from portal.web.addresses import asked_page
from portal.web.limits import limit
from portal.web.pages import page, see_other
from portal.web.signing import current_actor, the_person

blueprint = Blueprint("own_changes", __name__, url_prefix="/mijn/inschrijvingen/<int:enrolment_id>")


@blueprint.get("/omboeken")
@signed_in
def choose(enrolment_id: int) -> Response:
    """The other editions in which all that is still to come fits, with what moving costs."""
    own, now = _own(enrolment_id), clock.now()
    why_not = _refusal(lambda: require_movable(own, now))
    return page(
        "enrolment/own_move.html",
        own=own,
        why_not=why_not,
        found=None if why_not else list_destinations(own, now, page=asked_page()),
        cost=sentence_of_moving(own.cost_of_moving(now)),
        least=sentence_of_least(own.least_after_move(now), own.price_cents),
        costs=costs_by_period(own.terms.moving, own.price_cents, own.first_on, clock.local_date(now)),
        page_url=lambda number: url_for(".choose", enrolment_id=enrolment_id, pagina=number),
    )


@blueprint.get("/omboeken/<int:edition_id>")
@signed_in
def check_move(enrolment_id: int, edition_id: int) -> Response:
    """Old and new beside each other, with what it costs, before the button."""
    return _move_page(_own(enrolment_id), edition_id, PlainForm())


@blueprint.post("/omboeken/<int:edition_id>")
@signed_in
@limit("enrolled")
def move(enrolment_id: int, edition_id: int) -> Response:
    """Moves."""
    _own(enrolment_id)
    form, moved_id = PlainForm(), enrolment_id
    with form.answering(), transaction():
        moved_id = commands.move_enrolment(
            enrolment_id=enrolment_id, edition_id=edition_id, actor=current_actor(), now=clock.now()
        )
    if form.errors:
        return _move_page(_own(enrolment_id), edition_id, form)
    flash(_("Je bent omgeboekt. We hebben je de nieuwe data gemaild."), "good")
    return see_other(url_for("own.enrolment", enrolment_id=moved_id))


@blueprint.get("/vervanger")
@signed_in
def choose_substitute(enrolment_id: int) -> Response:
    """Asks who comes instead."""
    return _substitute_page(_own(enrolment_id), SubstituteForm())


@blueprint.post("/vervanger")
@signed_in
@limit("enrolled")
def send_substitute(enrolment_id: int) -> Response:
    """Lets the colleague take over the place."""
    own, form = _own(enrolment_id), SubstituteForm()
    if form.validate():
        with form.answering(), transaction():
            commands.send_substitute(
                enrolment_id=enrolment_id,
                colleague=form.colleague(own.employer),
                actor=current_actor(),
                now=clock.now(),
            )
    if form.errors:
        return _substitute_page(own, form)
    flash(_("Je collega heeft je plek. Jullie krijgen allebei een mail."), "good")
    return see_other(url_for("own.enrolment", enrolment_id=enrolment_id))


@blueprint.post("/ik-kom")
@signed_in
def come(enrolment_id: int) -> Response:
    """Says that one comes, whatever one's calendar answered."""
    own, form = _own(enrolment_id), PlainForm()
    with form.answering(), transaction():
        confirm_coming(person_id=own.person_id, meeting_ids=own.meeting_ids, actor=current_actor(), now=clock.now())
    if form.errors:
        return enrolment_page(enrolment_id, form)
    flash(_("Fijn dat je komt. Staat het niet meer in je agenda? Zet het er dan weer in."), "good")
    return see_other(url_for("own.enrolment", enrolment_id=enrolment_id))


def _own(enrolment_id: int) -> OwnEnrolment:
    return get_own_enrolment(the_person().id, enrolment_id)


def _move_page(own: OwnEnrolment, edition_id: int, form: PlainForm) -> Response:
    now = clock.now()
    why_not = _refusal(lambda: require_movable(own, now)) or _refusal(lambda: get_destination(own, edition_id, now))
    cost = own.cost_of_moving(now)
    return page(
        "enrolment/own_move_check.html",
        form=form,
        own=own,
        why_not=why_not,
        there=None if why_not else get_destination(own, edition_id, now),
        coming=[meeting for meeting in own.meetings if meeting.starts_at > now],
        cost=cost,
        least=sentence_of_least(own.least_after_move(now), own.price_cents),
        thinks_again=may_withdraw(own.terms, own.contract_party, own.contracted_at, now),
    )


def _substitute_page(own: OwnEnrolment, form: SubstituteForm) -> Response:
    now = clock.now()
    return page(
        "enrolment/own_substitute.html",
        form=form,
        own=own,
        why_not=_refusal(lambda: require_replaceable(own, now)),
        until=sentence_of_substituting(own.terms, own.meetings[0].starts_at) if own.meetings else "",
    )


def _refusal(asked: Callable[[], object]) -> str:
    """Why a rule refuses it, in its own sentence; '' when it does not."""
    try:
        asked()
    except Refused as refused:
        return refused.sentence
    return ""

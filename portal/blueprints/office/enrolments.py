"""One enrolment at the office's desk: what it is and what became of it; cancelling it, moving it, letting somebody else
come, at the cost of its terms or another one, with the reason."""

from collections.abc import Callable

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.office import change_words
from portal.blueprints.office.enrolment_forms import ChangeForm, OfficeSubstituteForm
from portal.db import transaction
from portal.domain.accounts.models import Organisation
from portal.domain.accounts.queries import list_names
from portal.domain.accounts.rules import Role
from portal.domain.catalogue import queries
from portal.domain.enrolment import commands as enrolment
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.moves import get_destination, list_destinations, require_movable
from portal.domain.enrolment.own_enrolments import OwnEnrolment, find_successor, get_own_enrolment
from portal.domain.enrolment.rules import EnrolmentState
from portal.domain.enrolment.substitutes import require_replaceable
from portal.domain.enrolment.terms import NOTHING
from portal.domain.enrolment.wording import policies_in_words, sentence_of_least
from portal.domain.reporting.changes import list_history
from portal.errors import Refused
from portal.language import _, money
from portal.web.access import allow, note_view
from portal.web.addresses import asked_page
from portal.web.pages import page, see_other
from portal.web.signing import current_actor

blueprint = Blueprint("office_enrolments", __name__, url_prefix="/bureau/inschrijvingen/<int:enrolment_id>")


@blueprint.get("")
@allow(Role.OFFICE)
def show(enrolment_id: int) -> Response:
    """Who, what, under which terms, at what cost, and what happened to it."""
    own, now = _seen(enrolment_id), clock.now()
    going_on = own.state == EnrolmentState.ENROLLED
    return page(
        "office/enrolment.html",
        own=own,
        cost=own.cost(now),
        moving=own.cost_of_moving(now),
        policies=policies_in_words(own.terms),
        contracted_by=list_names([own.contracted_by_id])[own.contracted_by_id],
        organisation=_organisation_of(own),
        goes_on_id=find_successor(own.id),
        may_cancel=going_on,
        may_move=not _refusal(lambda: require_movable(own, now, by_office=True)),
        may_substitute=not _refusal(lambda: require_replaceable(own, now, by_office=True)),
        history=list_history(enrolment_id, page=asked_page()),
        title_of=change_words.title_of,
        notes_of=change_words.notes_of,
        page_url=lambda number: url_for(".show", enrolment_id=enrolment_id, pagina=number),
    )


@blueprint.route("/annuleren", methods=["GET", "POST"])
@allow(Role.OFFICE)
def cancel(enrolment_id: int) -> Response:
    """Says what it costs; then ends the enrolment and mails its person."""
    own, form, cost = _seen(enrolment_id), ChangeForm(), NOTHING
    if form.validate_on_submit():
        with form.answering(), transaction():
            cost = enrolment.cancel_enrolment(
                enrolment_id=enrolment_id,
                reason=form.reason.data or "",
                cost_cents=form.cost_cents.data,
                by_office=True,
                actor=current_actor(),
                now=clock.now(),
            )
        if not form.errors:
            flash(_("De inschrijving is geannuleerd. Kosten: %(cost)s.", cost=money(cost.cents)), "good")
            return see_other(url_for("office_editions.show", edition_id=own.edition.id))
    return page("office/enrolment_cancel.html", form=form, own=own, cost=own.cost(clock.now()))


@blueprint.get("/omboeken")
@allow(Role.OFFICE)
def move(enrolment_id: int) -> Response:
    """The other editions in which all that is still to come fits."""
    own, now = _seen(enrolment_id), clock.now()
    why_not = _refusal(lambda: require_movable(own, now, by_office=True))
    return page(
        "office/enrolment_move.html",
        own=own,
        why_not=why_not,
        found=None if why_not else list_destinations(own, now, by_office=True, page=asked_page()),
        page_url=lambda number: url_for(".move", enrolment_id=enrolment_id, pagina=number),
    )


@blueprint.route("/omboeken/<int:edition_id>", methods=["GET", "POST"])
@allow(Role.OFFICE)
def check_move(enrolment_id: int, edition_id: int) -> Response:
    """Old and new beside each other, with what it costs; then moves."""
    _seen(enrolment_id)
    form, moved_id = ChangeForm(), enrolment_id
    if form.validate_on_submit():
        with form.answering(), transaction():
            moved_id = enrolment.move_enrolment(
                enrolment_id=enrolment_id,
                edition_id=edition_id,
                reason=form.reason.data or "",
                cost_cents=form.cost_cents.data,
                by_office=True,
                actor=current_actor(),
                now=clock.now(),
            )
        if not form.errors:
            flash(_("De inschrijving is omgeboekt. De deelnemer krijgt de nieuwe data per mail."), "good")
            return see_other(url_for(".show", enrolment_id=moved_id))
    return _move_page(enrolment_id, edition_id, form)


@blueprint.route("/vervanger", methods=["GET", "POST"])
@allow(Role.OFFICE)
def substitute(enrolment_id: int) -> Response:
    """Asks who comes instead; then lets them take over the place."""
    own, form, goes_on_id = _seen(enrolment_id), OfficeSubstituteForm(), enrolment_id
    if form.validate_on_submit():
        with form.answering(), transaction():
            goes_on_id = enrolment.send_substitute(
                enrolment_id=enrolment_id,
                colleague=form.colleague(own.employer),
                reason=form.reason.data or "",
                cost_cents=form.cost_cents.data,
                by_office=True,
                actor=current_actor(),
                now=clock.now(),
            )
        if not form.errors:
            flash(_("De plek is overgedragen. Allebei krijgen ze een mail."), "good")
            return see_other(url_for(".show", enrolment_id=goes_on_id))
    own = _own(enrolment_id)
    why_not = _refusal(lambda: require_replaceable(own, clock.now(), by_office=True))
    return page("office/enrolment_substitute.html", form=form, own=own, why_not=why_not)


def _seen(enrolment_id: int) -> OwnEnrolment:
    """The enrolment, after noting in the log that it was looked at."""
    note_view(enrolment_id=enrolment_id)
    return _own(enrolment_id)


def _own(enrolment_id: int) -> OwnEnrolment:
    return get_own_enrolment(queries.get_row(Enrolment, enrolment_id).person_id, enrolment_id)


def _organisation_of(own: OwnEnrolment) -> str:
    return queries.get_row(Organisation, own.organisation_id).name if own.organisation_id else ""


def _move_page(enrolment_id: int, edition_id: int, form: ChangeForm) -> Response:
    own, now = _own(enrolment_id), clock.now()
    why_not = _refusal(lambda: require_movable(own, now, by_office=True))
    why_not = why_not or _refusal(lambda: get_destination(own, edition_id, now, by_office=True))
    return page(
        "office/enrolment_move_check.html",
        form=form,
        own=own,
        why_not=why_not,
        there=None if why_not else get_destination(own, edition_id, now, by_office=True),
        coming=[meeting for meeting in own.meetings if meeting.starts_at > now],
        cost=own.cost_of_moving(now),
        least=sentence_of_least(own.least_after_move(now), own.price_cents),
    )


def _refusal(asked: Callable[[], object]) -> str:
    """Why a rule refuses it, in its own sentence; '' when it does not."""
    try:
        asked()
    except Refused as refused:
        return refused.sentence
    return ""

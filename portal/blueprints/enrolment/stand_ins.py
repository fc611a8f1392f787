"""Taking one dagdeel of one's own enrolment in another edition: making up for a missed one, swapping a coming one."""

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.enrolment.forms import PlainForm
from portal.db import transaction
from portal.domain.accreditation import make_ups
from portal.domain.accreditation.make_up_rules import Why
from portal.domain.accreditation.make_up_words import prospect_in_words
from portal.domain.accreditation.missed import find_make_up
from portal.domain.enrolment import stand_ins
from portal.domain.enrolment.own_enrolments import OwnEnrolment, get_own_enrolment
from portal.errors import NotFound
from portal.language import _, day
from portal.web.access import signed_in
from portal.web.pages import page, see_other
from portal.web.signing import current_actor, the_person

blueprint = Blueprint("stand_ins", __name__, url_prefix="/mijn/inschrijvingen/<int:enrolment_id>")


@blueprint.get("/inhalen/<int:module_id>")
@signed_in
def choose_make_up(enrolment_id: int, module_id: int) -> Response:
    """Where a missed dagdeel can be made up for."""
    return _make_up_page(_own(enrolment_id), module_id)


@blueprint.route("/inhalen/<int:module_id>/<int:meeting_id>", methods=["GET", "POST"])
@signed_in
def make_up(enrolment_id: int, module_id: int, meeting_id: int) -> Response:
    """Looks once more; one button books it."""
    own, form = _own(enrolment_id), PlainForm()
    if form.validate_on_submit():
        with form.answering(), transaction():
            make_ups.book_make_up(
                enrolment_id=enrolment_id,
                module_id=module_id,
                meeting_id=meeting_id,
                actor=current_actor(),
                now=clock.now(),
            )
        if form.errors:
            return _make_up_page(_own(enrolment_id), module_id, form)
        flash(_("Je haalt dit dagdeel in. We hebben je een bevestiging gemaild."), "good")
        return see_other(url_for("own.enrolment", enrolment_id=enrolment_id))
    return _check_page(own, module_id, meeting_id, form, makes_up=True)


@blueprint.route("/inhalen/<int:module_id>/loslaten", methods=["GET", "POST"])
@signed_in
def let_go(enrolment_id: int, module_id: int) -> Response:
    """Gives a booked make-up up again."""
    own, form = _own(enrolment_id), PlainForm()
    if form.validate_on_submit():
        with form.answering(), transaction():
            make_ups.cancel_make_up(
                enrolment_id=enrolment_id, module_id=module_id, actor=current_actor(), now=clock.now()
            )
        if not form.errors:
            flash(_("Je plek is losgelaten. We hebben je een bevestiging gemaild."), "good")
            return see_other(url_for("own.enrolment", enrolment_id=enrolment_id))
    found = find_make_up(own.id, module_id, clock.now())
    if found is None:
        raise NotFound
    return page("enrolment/stand_in_let_go.html", form=form, own=own, make_up=found)


@blueprint.get("/dagdeel/<int:module_id>/omwisselen")
@signed_in
def choose_swap(enrolment_id: int, module_id: int) -> Response:
    """On which other dates a coming dagdeel can be taken."""
    return _swap_page(_own(enrolment_id), module_id)


@blueprint.route("/dagdeel/<int:module_id>/omwisselen/<int:meeting_id>", methods=["GET", "POST"])
@signed_in
def swap(enrolment_id: int, module_id: int, meeting_id: int) -> Response:
    """Looks once more; one button swaps it."""
    own, form = _own(enrolment_id), PlainForm()
    if form.validate_on_submit():
        with form.answering(), transaction():
            stand_ins.swap_seat(
                enrolment_id=enrolment_id,
                module_id=module_id,
                meeting_id=meeting_id,
                actor=current_actor(),
                now=clock.now(),
            )
        if form.errors:
            return _swap_page(_own(enrolment_id), module_id, form)
        flash(_("Je dagdeel is geruild. We hebben je de nieuwe datum gemaild."), "good")
        return see_other(url_for("own.enrolment", enrolment_id=enrolment_id))
    return _check_page(own, module_id, meeting_id, form, makes_up=False)


def _own(enrolment_id: int) -> OwnEnrolment:
    return get_own_enrolment(the_person().id, enrolment_id)


def _make_up_page(own: OwnEnrolment, module_id: int, form: PlainForm | None = None) -> Response:
    now = clock.now()
    found = find_make_up(own.id, module_id, now)
    if found is None or found.why is Why.LOST:
        raise NotFound
    booked = found.booked is not None
    told = (
        _("Je was er op %(day)s te kort bij.") if found.why is Why.TOO_SHORT else _("Je miste dit dagdeel op %(day)s.")
    )
    return page(
        "enrolment/stand_in_choose.html",
        form=form,
        own=own,
        makes_up=True,
        position=found.position,
        title=found.title,
        lead=told % {"day": day(found.missed_on)} if found.missed_on else "",
        booked=found.booked,
        choices=[] if booked else make_ups.list_choices(own, module_id, now),
        module_id=module_id,
        in_words=prospect_in_words,
    )


def _swap_page(own: OwnEnrolment, module_id: int, form: PlainForm | None = None) -> Response:
    now = clock.now()
    was = stand_ins.swappable(own, module_id, now)
    module = next((one for one in own.edition.meetings if one.module_id == module_id), was)
    return page(
        "enrolment/stand_in_choose.html",
        form=form,
        own=own,
        makes_up=False,
        position=module.position if module else "",
        title=module.title if module else "",
        lead=_("Je volgt dit nu op %(day)s.", day=day(was.starts_at)) if was else _("Dit heeft nu geen datum."),
        booked=None,
        choices=make_ups.list_choices(own, module_id, now),
        module_id=module_id,
        in_words=prospect_in_words,
    )


def _check_page(own: OwnEnrolment, module_id: int, meeting_id: int, form: PlainForm, *, makes_up: bool) -> Response:
    """NotFound or Conflict when the date is not to be had (any more)."""
    now = clock.now()
    stand_ins.require_other_date(own, module_id, meeting_id, now)
    (choice,) = [one for one in make_ups.list_choices(own, module_id, now) if one.meeting.id == meeting_id]
    return page(
        "enrolment/stand_in_check.html",
        form=form,
        own=own,
        makes_up=makes_up,
        was=own.seat_of(module_id),
        choice=choice,
        module_id=module_id,
        in_words=prospect_in_words,
    )

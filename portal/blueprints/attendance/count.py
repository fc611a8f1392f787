"""The attendance of a group that is counted only: a number, signed, and its correction."""

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from portal import clock
from portal.blueprints.attendance.own import any_meeting, keepers
from portal.db import transaction
from portal.domain.attendance import counting
from portal.domain.attendance.counting import MOST_PEOPLE, find_count
from portal.domain.attendance.queries import MeetingHead
from portal.domain.attendance.rules import ListState
from portal.domain.attendance.signed_counts import check_number
from portal.errors import NotFound
from portal.language import _, _l
from portal.web.fields import WholeNumberField
from portal.web.forms import Filled, PortalForm, many_lines, one_line
from portal.web.pages import page, see_other
from portal.web.signing import current_actor, the_person

blueprint = Blueprint("attendance_count", __name__, url_prefix="/bijeenkomsten/<int:meeting_id>/presentie/aantal")
NUMBER = _l("Vul een aantal in van 0 tot en met %(most)s.", most=MOST_PEOPLE)


class _Number:
    people = WholeNumberField(_l("Hoeveel mensen waren er?"), sentence=NUMBER, validators=[Filled(NUMBER)])


class CountForm(_Number, PortalForm):
    """Signing a number."""

    signed_name = StringField(
        _l("Typ je naam als handtekening"), filters=[one_line], validators=[Filled(_l("Vul je naam in."))]
    )
    agreed = BooleanField(_l("Dit aantal klopt: zo was het"), validators=[Filled(_l("Vink aan dat het aantal klopt."))])


class AmendForm(_Number, PortalForm):
    """Changing a signed number. `was`: what the page showed."""

    was = HiddenField()
    reason = TextAreaField(
        _l("Waarom wijzig je dit?"),
        description=_l("De reden komt in het logboek, met wat er eerst stond. Schrijf geen namen op."),
        filters=[many_lines],
        validators=[Filled(_l("Vul in waarom je dit wijzigt."))],
    )


@blueprint.route("", methods=["GET", "POST"])
@keepers
def count(meeting_id: int) -> Response:
    """How many were there: to fill in and sign when it is over, to read afterwards."""
    form, head = CountForm(), _counted_meeting(meeting_id)
    # While there is nothing to sign the page has no fields: the command then says why, not the fields.
    if form.is_submitted() and (not _can_be_signed(head) or form.validate()):
        with form.answering(), transaction():
            counting.sign_count(
                meeting_id=meeting_id,
                people=form.people.data or 0,
                signed_name=form.signed_name.data or "",
                actor=current_actor(),
                now=clock.now(),
            )
        if not form.errors:
            flash(_("Het aantal is getekend en staat vast."), "good")
            return see_other(url_for(".count", meeting_id=meeting_id))
    head, now, people = _counted_meeting(meeting_id), clock.now(), find_count(meeting_id)
    return page(
        "attendance/count.html",
        form=form,
        head=head,
        people=people,
        signature=None if people is None else check_number(meeting_id, people),
        is_over=head.is_over(now),
        signer=the_person().name,
    )


@blueprint.route("/wijzigen", methods=["GET", "POST"])
@keepers
def amend(meeting_id: int) -> Response:
    """Another number afterwards, with a reason."""
    head, known = _counted_meeting(meeting_id), find_count(meeting_id)
    if known is None:
        raise NotFound
    form = AmendForm(people=known, was=str(known))
    if form.validate_on_submit():
        with form.answering(), transaction():
            counting.amend_count(
                meeting_id=meeting_id,
                was=_seen(form.was.data or ""),
                people=form.people.data,
                reason=form.reason.data or "",
                actor=current_actor(),
                now=clock.now(),
            )
        if not form.errors:
            flash(_("Gewijzigd."), "good")
            return see_other(url_for(".count", meeting_id=meeting_id))
    if form.status == 409:
        form.was.data = str(find_count(meeting_id))
    return page("attendance/count_amend.html", form=form, head=head, people=known)


def _counted_meeting(meeting_id: int) -> MeetingHead:
    head = any_meeting(meeting_id)
    if not head.counted_only:
        raise NotFound
    return head


def _can_be_signed(head: MeetingHead) -> bool:
    now = clock.now()
    return head.state(now) == ListState.OPEN and head.is_over(now)


def _seen(was: str) -> int:
    """The number that the page showed; one that nobody can have counted for anything else."""
    return int(was) if was.isdecimal() else -1

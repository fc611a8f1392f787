"""Making up and swapping at the office's desk: who missed what, and another date for one dagdeel of somebody."""

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response
from wtforms import RadioField

from portal import clock
from portal.db import transaction
from portal.domain.accounts.rules import Role
from portal.domain.accreditation import make_ups
from portal.domain.accreditation.make_up_rules import Why
from portal.domain.accreditation.make_up_words import prospect_in_words
from portal.domain.accreditation.missed import MakeUp, find_make_up
from portal.domain.catalogue.queries import get_row
from portal.domain.enrolment import stand_ins
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.own_enrolments import OwnEnrolment, get_own_enrolment
from portal.domain.reporting import missed
from portal.errors import NotFound
from portal.language import _, _l, day, period
from portal.web.access import allow, note_view
from portal.web.addresses import asked_page
from portal.web.forms import Filled, PortalForm
from portal.web.pages import page, see_other
from portal.web.signing import current_actor

blueprint = Blueprint("office_stand_ins", __name__, url_prefix="/bureau")


class DateForm(PortalForm):
    """Which of the dates; they are given by the view."""

    meeting_id = RadioField(_l("Welke datum wordt het?"), coerce=int, validators=[Filled(_l("Kies een datum"))])


@blueprint.get("/inhalen")
@allow(Role.OFFICE)
def index() -> Response:
    """Who missed a dagdeel and can make up for it, everywhere or in one edition."""
    note_view()
    edition_id = request.args.get("uitvoering", type=int)
    title = missed.find_edition_title(edition_id) if edition_id else None
    if edition_id and title is None:
        raise NotFound
    return page(
        "office/missed.html",
        found=missed.list_missed(now=clock.now(), edition_id=edition_id, page=asked_page()),
        edition_id=edition_id,
        edition_title=title,
        page_url=lambda number: url_for(".index", uitvoering=edition_id, pagina=number),
    )


@blueprint.route("/inschrijvingen/<int:enrolment_id>/dagdeel/<int:module_id>", methods=["GET", "POST"])
@allow(Role.OFFICE)
def other_date(enrolment_id: int, module_id: int) -> Response:
    """Another date for one dagdeel: it is made up for when it was missed, else swapped."""
    own, form = _own(enrolment_id), DateForm()
    choices = make_ups.list_choices(own, module_id, clock.now())
    form.meeting_id.choices = [(one.meeting.id, _date_in_words(own, one)) for one in choices]
    if form.validate_on_submit():
        with form.answering(), transaction():
            _book(own, module_id, form.meeting_id.data)
        if not form.errors:
            flash(_("Geboekt. De deelnemer krijgt een mail met de afspraak."), "good")
            return see_other(url_for(".other_date", enrolment_id=enrolment_id, module_id=module_id))
    return _page(enrolment_id, module_id, form, choices)


@blueprint.post("/inschrijvingen/<int:enrolment_id>/dagdeel/<int:module_id>/loslaten")
@allow(Role.OFFICE)
def let_go(enrolment_id: int, module_id: int) -> Response:
    """Gives a booked make-up up again."""
    _own(enrolment_id)
    form = DateForm(formdata=None)
    form.meeting_id.choices = []
    with form.answering(), transaction():
        make_ups.cancel_make_up(enrolment_id=enrolment_id, module_id=module_id, actor=current_actor(), now=clock.now())
    if form.errors:
        return _page(enrolment_id, module_id, form, [])
    flash(_("De plek is losgelaten. De deelnemer krijgt een mail."), "good")
    return see_other(url_for(".other_date", enrolment_id=enrolment_id, module_id=module_id))


def _own(enrolment_id: int) -> OwnEnrolment:
    return get_own_enrolment(get_row(Enrolment, enrolment_id).person_id, enrolment_id)


def _book(own: OwnEnrolment, module_id: int, meeting_id: int) -> None:
    actor, now = current_actor(), clock.now()
    values = {"enrolment_id": own.id, "module_id": module_id, "meeting_id": meeting_id}
    if _is_missed(find_make_up(own.id, module_id, now)):
        make_ups.book_make_up(actor=actor, now=now, **values)
    else:
        stand_ins.swap_seat(actor=actor, now=now, **values)


def _is_missed(found: MakeUp | None) -> bool:
    return found is not None and found.booked is None and found.why is not Why.LOST


def _page(enrolment_id: int, module_id: int, form: DateForm, choices: list[make_ups.Choice]) -> Response:
    note_view(enrolment_id=enrolment_id)
    own, now = _own(enrolment_id), clock.now()
    was = own.seat_of(module_id)
    module = was or next((one for one in own.edition.meetings if one.module_id == module_id), None)
    if module is None or (was is None and module_id not in own.lost):
        raise NotFound
    make_up = find_make_up(own.id, module_id, now)
    coming = was is None or was.starts_at > now
    return page(
        "office/other_date.html",
        form=form,
        own=own,
        module=module,
        was=was,
        make_up=make_up,
        missed=_is_missed(make_up),
        may_choose=_is_missed(make_up) or (coming and own.state == "enrolled"),
        choices=choices,
        hints={one.meeting.id: "; ".join(prospect_in_words(found) for found in one.prospects) for one in choices},
    )


def _date_in_words(own: OwnEnrolment, choice: make_ups.Choice) -> str:
    """'donderdag 13 mei 2027, 09.30 – 12.30 uur, De Schakel, Deventer, nog 3 plekken'."""
    meeting = choice.meeting
    free = _("nog %(number)s vrij", number=meeting.free)
    where = own.edition.place_of(meeting) or _("online")
    return ", ".join((day(meeting.starts_at), period(meeting.starts_at, meeting.ends_at), str(where), str(free)))

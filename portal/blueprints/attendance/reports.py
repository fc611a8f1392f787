"""Taking over the report of an online meeting: the file, then the list beside it, then the marks."""

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.attendance.own import keepers, own_meeting
from portal.blueprints.attendance.report_forms import ReportForm, TakeForm, WhoForm, name_in_report, who_form
from portal.db import transaction
from portal.domain.accreditation.thresholds import thresholds_on
from portal.domain.attendance import reports
from portal.domain.attendance.commands import clash_in_words
from portal.domain.attendance.queries import MeetingHead
from portal.domain.attendance.report_queries import Preview, get_report, list_taken_over, preview
from portal.domain.attendance.report_rules import minutes_needed
from portal.domain.attendance.report_words import doubt_in_words, source_in_words
from portal.domain.attendance.rules import ListState, status_in_words
from portal.language import _, _n
from portal.web.access import note_view
from portal.web.pages import page, see_other
from portal.web.signing import current_actor

blueprint = Blueprint("attendance_reports", __name__)
OF_MEETING = "/bijeenkomsten/<int:meeting_id>/presentie/verslag"
ONE = f"{OF_MEETING}/<int:report_id>"


@blueprint.get(OF_MEETING)
@keepers
def choose(meeting_id: int) -> Response:
    """Where the file is chosen, and which reports were taken over before."""
    return _choose_page(own_meeting(meeting_id), ReportForm())


@blueprint.post(OF_MEETING)
@keepers
def send(meeting_id: int) -> Response:
    """Reads the file and goes on to compare it with the list."""
    head, form = own_meeting(meeting_id), ReportForm()
    if form.validate():
        data, report_id = form.data_of_file, 0
        with form.answering(), transaction():
            report_id = reports.send_report(meeting_id=meeting_id, data=data, actor=current_actor(), now=clock.now())
        if not form.errors:
            return see_other(url_for(".compare", meeting_id=meeting_id, report_id=report_id))
    return _choose_page(head, form)


@blueprint.get(ONE)
@keepers
def compare(meeting_id: int, report_id: int) -> Response:
    """The report beside the list: who is who, and which marks follow."""
    return _compare_page(own_meeting(meeting_id), report_id)


@blueprint.post(f"{ONE}/wie")
@keepers
def answer(meeting_id: int, report_id: int) -> Response:
    """Keeps who is who."""
    head = own_meeting(meeting_id)
    form = who_form(preview(head, get_report(meeting_id, report_id)))
    if form.validate():
        with form.answering(), transaction():
            reports.answer(
                meeting_id=meeting_id,
                report_id=report_id,
                answers=form.answers,
                actor=current_actor(),
                now=clock.now(),
            )
        if not form.errors:
            return see_other(url_for(".compare", meeting_id=meeting_id, report_id=report_id))
    return _compare_page(head, report_id, who=form)


@blueprint.post(ONE)
@keepers
def take(meeting_id: int, report_id: int) -> Response:
    """Puts what was ticked on the list."""
    head, form = own_meeting(meeting_id), TakeForm()
    get_report(meeting_id, report_id)
    if form.validate() and _taken(form, head, report_id):
        return see_other(url_for("attendance.sheet", meeting_id=meeting_id))
    return _compare_page(head, report_id, take=form)


def _taken(form: TakeForm, head: MeetingHead, report_id: int) -> bool:
    """Takes over; False when something was different by now, which stands in the form then."""
    done = reports.TakenOver((), (), ())
    with form.answering(), transaction():
        done = reports.take_over(
            meeting_id=head.id, report_id=report_id, ticks=form.ticks, actor=current_actor(), now=clock.now()
        )
    if done.clashes or done.outdated:
        changed = [_("Er is intussen iets veranderd. Kijk het voorstel nog eens na.")] if done.outdated else []
        form.form_errors += [*map(clash_in_words, done.clashes), *changed]
        form.status = 409
    if form.errors:
        return False
    said = _n("De presentie van %(num)s persoon is overgenomen.", "De presentie van %(num)s mensen is overgenomen.",
              len(done.seat_ids))  # fmt: skip
    flash(said if done.seat_ids else _("De presentie bleef zoals die was. De tijden zijn bewaard."), "good")
    return True


def _choose_page(head: MeetingHead, form: ReportForm) -> Response:
    return page(
        "attendance/report.html",
        form=form,
        head=head,
        state=head.state(clock.now()),
        ListState=ListState,
        taken_over=list_taken_over(head.id),
        source_in_words=source_in_words,
    )


def _compare_page(
    head: MeetingHead, report_id: int, *, who: WhoForm | None = None, take: TakeForm | None = None
) -> Response:
    report = get_report(head.id, report_id)
    note_view(meeting_id=head.id)
    seen = preview(head, report)
    refused = next((form for form in (who, take) if form is not None), None)
    return page(
        "attendance/report_compare.html",
        form=refused,
        head=head,
        state=head.state(clock.now()),
        ListState=ListState,
        seen=seen,
        who=who or who_form(seen),
        csrf=TakeForm(formdata=None),
        ticked=_ticked(seen, take),
        needed=_needed(head),
        name_in_report=name_in_report,
        doubt_in_words=doubt_in_words,
        source_in_words=source_in_words,
        status_in_words=status_in_words,
    )


def _ticked(seen: Preview, take: TakeForm | None) -> set[int]:
    """Whose tick is set: at first whoever has no mark yet; afterwards as it was sent."""
    if take is not None:
        return {tick.seat_id for tick in take.ticks}
    return {one.row.seat_id for one in seen.proposals if one.row.mark.status is None}


def _needed(head: MeetingHead) -> dict[str, int]:
    """The minutes that each register asks of this meeting, as it stands on the clock."""
    on = clock.local_date(head.starts_at)
    return {
        register: minutes_needed(percent, contact_minutes=head.contact_minutes, lasts_minutes=head.lasts_minutes)
        for register, percent in thresholds_on(head.module_id, on).items()
    }

"""A trainer's day and the attendance of a meeting."""

from flask import Blueprint, flash, request, session, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.attendance.forms import FinishForm, SheetForm, mark_in, sheet_form
from portal.blueprints.attendance.own import any_meeting, keepers, own_meeting
from portal.blueprints.attendance.signed import signed_sheet, to_be_signed
from portal.db import transaction
from portal.domain.accounts.rules import Role
from portal.domain.accreditation import commands as accreditation
from portal.domain.attendance import commands, queries
from portal.domain.attendance.arrivals import arrival_in_words, list_arrivals, list_to_mark
from portal.domain.attendance.joins import list_first_joins
from portal.domain.attendance.mark_words import mark_in_words
from portal.domain.attendance.queries import (
    MeetingHead,
    get_meeting_head,
    get_seat_row,
    list_open_names,
    list_seat_rows,
)
from portal.domain.attendance.rules import ListState, attended_percent, fingerprint, status_in_words
from portal.errors import NotFound
from portal.language import _, _n
from portal.web.access import allow, note_view
from portal.web.addresses import asked_page
from portal.web.pages import page, see_other
from portal.web.phones import keep_on_phone
from portal.web.signing import current_actor, the_person

blueprint = Blueprint("attendance", __name__)
REST = "rest_marked"


@blueprint.get("/trainer")
@allow(Role.TRAINER)
def day() -> Response:
    """A trainer's start page: what is today, what is not finished, what comes."""
    number = asked_page()
    now = clock.now()
    found = queries.trainers_day(the_person().id, now=now, page=number)
    pages = max(1, -(-found.upcoming_total // queries.PER_PAGE))
    shown = page(
        "attendance/day.html",
        day=found,
        now=now,
        number=min(number, pages),
        pages=pages,
        ListState=ListState,
        page_url=_page_url,
    )
    return keep_on_phone(shown)


@blueprint.route("/bijeenkomsten/<int:meeting_id>/presentie", methods=["GET", "POST"])
@keepers
def sheet(meeting_id: int) -> Response:
    """The list of a meeting: marking while it is open, reading afterwards."""
    head = any_meeting(meeting_id)
    if head.counted_only:
        return see_other(url_for("attendance_count.count", meeting_id=meeting_id))
    form = sheet_form(head, list_seat_rows(meeting_id))
    if form.validate_on_submit():
        done = _save(form)
        if done and not form.errors:
            return see_other(url_for(f".{done}", meeting_id=meeting_id))
    return _sheet_page(meeting_id, form)


@blueprint.post("/bijeenkomsten/<int:meeting_id>/presentie/terug")
@keepers
def take_back(meeting_id: int) -> Response:
    """Undoes 'the rest is here'."""
    own_meeting(meeting_id)
    seat_ids = request.form.getlist("seat", type=int)
    with transaction():
        undone = commands.take_back(meeting_id=meeting_id, seat_ids=seat_ids, actor=current_actor(), now=clock.now())
    flash(_n("%(num)s persoon staat weer open.", "%(num)s mensen staan weer open.", len(undone)), "good")
    return see_other(url_for(".sheet", meeting_id=meeting_id))


@blueprint.route("/bijeenkomsten/<int:meeting_id>/presentie/afronden", methods=["GET", "POST"])
@keepers
def finish(meeting_id: int) -> Response:
    """Signing the list, after which it is locked and its points are settled."""
    form, head = FinishForm(), own_meeting(meeting_id)
    # While there is nothing to sign the page has no fields: the command then says why, not the fields.
    if form.is_submitted() and (not _can_be_signed(head, list_seat_rows(meeting_id)) or form.validate()):
        with form.answering(), transaction():
            accreditation.finish_sheet(
                meeting_id=meeting_id, signed_name=form.signed_name.data or "", actor=current_actor(), now=clock.now()
            )
        if not form.errors:
            flash(_("De lijst is afgerond. De punten zijn bijgewerkt."), "good")
            return see_other(url_for(".sheet", meeting_id=meeting_id))
    return _finish_page(meeting_id, form)


def _finish_page(meeting_id: int, form: FinishForm) -> Response:
    note_view(meeting_id=meeting_id)
    head, rows = get_meeting_head(meeting_id), list_seat_rows(meeting_id)
    now = clock.now()
    return page(
        "attendance/finish.html",
        form=form,
        head=head,
        open_names=list_open_names(rows),
        state=head.state(now),
        is_over=head.is_over(now),
        ListState=ListState,
        count=_count(rows),
        told=to_be_signed(rows),
        status_in_words=status_in_words,
        signer=the_person().name,
    )


@blueprint.route("/bijeenkomsten/<int:meeting_id>/presentie/wijzigen/<int:seat_id>", methods=["GET", "POST"])
@keepers
def amend(meeting_id: int, seat_id: int) -> Response:
    """Changing one mark of a finished list, with a reason."""
    head = own_meeting(meeting_id)
    row = get_seat_row(meeting_id, seat_id)
    if head.finished_at is None:
        raise NotFound
    form = sheet_form(head, [row], asks_reason=True)
    if form.validate_on_submit() and _amend(form, row):
        flash(_("Gewijzigd. De punten zijn bijgewerkt."), "good")
        return see_other(url_for(".sheet", meeting_id=meeting_id))
    note_view(meeting_id=meeting_id, enrolment_id=row.enrolment_id)
    return page("attendance/amend.html", form=form, head=head, row=row, entry=form[f"p{seat_id}"])


def _amend(form: SheetForm, row: queries.SeatRow) -> bool:
    """Keeps the changed row. After a clash the row is as the other left it, under this person's own choice."""
    entry = form[f"p{row.seat_id}"]
    with form.answering(), transaction():
        accreditation.amend_mark(
            meeting_id=form.head.id,
            seat_id=row.seat_id,
            was=entry.was.data or "",
            wanted=mark_in(entry),
            reason=form["reason"].data,
            actor=current_actor(),
            now=clock.now(),
        )
    if form.status == 409:
        entry.was.data = fingerprint(get_seat_row(form.head.id, row.seat_id).mark)
    return not form.errors


def _can_be_signed(head: MeetingHead, rows: list[queries.SeatRow]) -> bool:
    now = clock.now()
    return head.state(now) == ListState.OPEN and head.is_over(now) and not list_open_names(rows)


def _page_url(number: int) -> str:
    return url_for(".day", pagina=number)


def _save(form: SheetForm) -> str | None:
    """Keeps what was sent and does what the button says. Returns the view to go to; None when the page is shown
    again."""
    meeting_id, actor, now = form.head.id, current_actor(), clock.now()
    button = request.form.get("button", "save")
    rest: tuple[int, ...] = ()
    done = commands.Marked((), ())
    with form.answering(), transaction():
        done = commands.mark(meeting_id=meeting_id, changes=form.changes(), actor=actor, now=now)
        if button == "rest" and not done.clashes:
            rest = commands.mark_rest_present(meeting_id=meeting_id, actor=actor, now=now)
    if form.errors:
        return None
    if done.clashes:
        form.show_clashes(done.clashes, list_seat_rows(meeting_id))
        return None
    if rest:
        session[REST] = [meeting_id, *rest]
    elif button == "save":
        flash(_("Bewaard."), "good")
    return "finish" if button == "finish" else "sheet"


def _sheet_page(meeting_id: int, form: SheetForm) -> Response:
    note_view(meeting_id=meeting_id)
    head, rows = get_meeting_head(meeting_id), list_seat_rows(meeting_id)
    now = clock.now()
    marked_just_now, arrivals = session.pop(REST, [0]), list_arrivals(meeting_id)
    shown = page(
        "attendance/sheet.html",
        form=form,
        head=head,
        rows=[row for row in rows if f"p{row.seat_id}" in form.seats],
        count=_count(rows),
        state=head.state(now),
        is_over=head.is_over(now),
        is_today=clock.local_date(now) == clock.local_date(head.starts_at),
        ListState=ListState,
        came_in=list_first_joins(meeting_id) if head.link else {},
        rest=marked_just_now[1:] if marked_just_now[0] == meeting_id else [],
        status_in_words=status_in_words,
        percent=attended_percent,
        arrivals=arrivals,
        to_mark=len(list_to_mark(rows, arrivals)),
        arrival_in_words=arrival_in_words,
        is_office=bool(the_person().roles & {Role.OFFICE, Role.ADMIN}),
        signed=signed_sheet(head, number=asked_page()),
        mark_in_words=mark_in_words,
    )
    return shown if head.finished_at else keep_on_phone(shown)


def _count(rows: list[queries.SeatRow]) -> dict[str, int]:
    marked = sum(row.mark.status is not None for row in rows)
    return {"all": len(rows), "marked": marked, "open": len(rows) - marked}

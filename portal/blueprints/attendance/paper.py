"""The list of a meeting on paper: printed for the room, and its photos beside the digital list afterwards."""

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.attendance.own import keepers, own_meeting
from portal.blueprints.attendance.paper_forms import CompareForm, PhotoForm, WithdrawForm, compare_form
from portal.db import transaction
from portal.documents.attendance_list import render_list
from portal.domain.accreditation.printed_list import gather_list
from portal.domain.attendance import paper
from portal.domain.attendance.mark_words import mark_in_words
from portal.domain.attendance.paper_queries import find_extra, get_photo, list_compared, list_photos
from portal.domain.attendance.paper_rules import outcome_of
from portal.domain.attendance.queries import get_meeting_head
from portal.domain.attendance.rules import ListState
from portal.language import _, current_language
from portal.web.access import note_view
from portal.web.forms import PortalForm
from portal.web.headers import larger_body
from portal.web.pages import page, see_other
from portal.web.signing import current_actor

blueprint = Blueprint("attendance_paper", __name__, url_prefix="/bijeenkomsten/<int:meeting_id>/presentie")
# Above what a photo may have, so that who sends a larger one reads so at the field and not on an error page.
MOST_SENT = 25 * 1024 * 1024


@blueprint.get("/lijst.pdf")
@keepers
def printed(meeting_id: int) -> Response:
    """The list to sign in the room; of a finished one what it says."""
    own_meeting(meeting_id)
    note_view(meeting_id=meeting_id)
    facts = gather_list(own_meeting(meeting_id), language=current_language(), now=clock.now())
    response = Response(render_list(facts), mimetype="application/pdf")
    # The number is ours and plain ASCII; a title in a header is an invitation to trouble.
    response.headers["Content-Disposition"] = f'inline; filename="presentielijst-{facts.number}.pdf"'
    return response


@blueprint.route("/papier", methods=["GET", "POST"])
@keepers
@larger_body(MOST_SENT)
def photos(meeting_id: int) -> Response:
    """The photos of the signed list beside the digital one; a further photo."""
    own_meeting(meeting_id)
    form = PhotoForm()
    if form.validate_on_submit() and (photo := form.developed()):
        with form.answering(), transaction():
            paper.add_photo(meeting_id=meeting_id, photo=photo, actor=current_actor(), now=clock.now())
        if not form.errors:
            flash(_("De foto staat erbij. Plaats en toestel zijn eruit gehaald."), "good")
            return see_other(url_for(".photos", meeting_id=meeting_id))
    return _paper_page(meeting_id, form, photo_form=form)


@blueprint.post("/papier/vergelijken")
@keepers
def compare(meeting_id: int) -> Response:
    """Keeps what the paper says of everybody on the list."""
    own_meeting(meeting_id)
    form = compare_form(list_compared(meeting_id), find_extra(meeting_id))
    # Without a photo the page has no fields: the command then says why, not they.
    if not list_photos(meeting_id) or form.validate():
        with form.answering(), transaction():
            paper.compare(
                meeting_id=meeting_id,
                found=form.found(),
                extra=form.extra(),
                extra_was=form.extra_was.data or "",
                actor=current_actor(),
                now=clock.now(),
            )
        if not form.errors:
            flash(_("Bewaard."), "good")
            return see_other(url_for(".photos", meeting_id=meeting_id))
    if form.status == 409:
        form.show_again(list_compared(meeting_id), find_extra(meeting_id))
    return _paper_page(meeting_id, form, compare=form)


@blueprint.get("/papier/<int:photo_id>.jpg")
@keepers
def photo(meeting_id: int, photo_id: int) -> Response:
    """A photo, for who may see the list."""
    own_meeting(meeting_id)
    jpeg = get_photo(meeting_id, photo_id)
    note_view(meeting_id=meeting_id)
    response = Response(jpeg, mimetype="image/jpeg")
    response.headers["Content-Disposition"] = f'inline; filename="papieren-lijst-{meeting_id}-{photo_id}.jpg"'
    return response


@blueprint.route("/papier/<int:photo_id>/intrekken", methods=["GET", "POST"])
@keepers
def withdraw(meeting_id: int, photo_id: int) -> Response:
    """Shows a photo no more, with the reason."""
    head = own_meeting(meeting_id)
    get_photo(meeting_id, photo_id)
    form = WithdrawForm()
    if form.validate_on_submit():
        with form.answering(), transaction():
            paper.withdraw_photo(
                meeting_id=meeting_id,
                photo_id=photo_id,
                reason=form.reason.data or "",
                actor=current_actor(),
                now=clock.now(),
            )
        if not form.errors:
            flash(_("De foto is ingetrokken en niet meer te zien."), "good")
            return see_other(url_for(".photos", meeting_id=meeting_id))
    return page("attendance/paper_withdraw.html", form=form, head=head, photo_id=photo_id)


def _paper_page(
    meeting_id: int, form: PortalForm, *, photo_form: PhotoForm | None = None, compare: CompareForm | None = None
) -> Response:
    note_view(meeting_id=meeting_id)
    head, rows, extra = get_meeting_head(meeting_id), list_compared(meeting_id), find_extra(meeting_id)
    compare = compare or compare_form(rows, extra)
    return page(
        "attendance/paper.html",
        form=form,
        photo_form=photo_form or PhotoForm(formdata=None),
        compare=compare,
        head=head,
        photos=list_photos(meeting_id),
        rows=[row for row in rows if f"p{row.seat_id}" in compare.rows],
        outcome=outcome_of(rows, extra),
        finished=head.finished_at is not None,
        is_ahead=head.state(clock.now()) == ListState.AHEAD,
        mark_in_words=mark_in_words,
    )

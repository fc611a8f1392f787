"""People whose calendar said that they do not come, until it is known whether that is so."""

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.db import transaction
from portal.documents.reply import Coming
from portal.domain.accounts.rules import Role
from portal.domain.calendar import replies
from portal.domain.calendar.rules import Answer
from portal.language import _, _l
from portal.mail.reply_reading import find_reading
from portal.web.access import allow, note_view
from portal.web.addresses import asked_page
from portal.web.forms import PortalForm
from portal.web.pages import page, see_other
from portal.web.signing import current_actor

blueprint = Blueprint("office_replies", __name__, url_prefix="/bureau/agenda-antwoorden")
SAID = {
    Coming.DECLINED: _l("nee"),
    Coming.DELEGATED: _l("iemand anders gaat"),
    Coming.COUNTERED: _l("liever een andere tijd"),
}


class HandledForm(PortalForm):
    """Only a button."""


@blueprint.get("")
@allow(Role.OFFICE)
def index() -> Response:
    """Who it is about, the oldest answer on top."""
    return _page(HandledForm())


@blueprint.post("/<int:reply_id>/afgehandeld")
@allow(Role.OFFICE)
def handled(reply_id: int) -> Response:
    """Takes one off the list, once somebody saw to it."""
    form = HandledForm()
    with form.answering(), transaction():
        replies.answer_question(reply_id=reply_id, answer=Answer.HANDLED, actor=current_actor(), now=clock.now())
    if form.errors:
        return _page(form)
    flash(_("Van de lijst gehaald."), "good")
    return see_other(url_for(".index"))


def _page(form: HandledForm) -> Response:
    note_view()
    return page(
        "office/replies.html",
        form=form,
        found=replies.list_all_open(clock.now(), page=asked_page()),
        said=SAID,
        reading=find_reading(),
        page_url=lambda number: url_for(".index", pagina=number),
    )

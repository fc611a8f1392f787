"""The office's post: what was sent, what is waiting, what failed."""

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response
from wtforms import IntegerField, SelectField, StringField

from portal import clock
from portal.db import transaction
from portal.domain.accounts.models import Person
from portal.domain.accounts.queries import get_person, list_names
from portal.domain.accounts.rules import Role
from portal.language import _, _l
from portal.mail import MailState, queries, queue_again
from portal.mail.batches import list_batches
from portal.web.access import allow, note_view
from portal.web.addresses import asked_id, asked_page
from portal.web.forms import PortalForm, one_line
from portal.web.pages import page, see_other
from portal.web.signing import current_actor

blueprint = Blueprint("mail", __name__, url_prefix="/bureau/post")
STATE_NAMES = {
    MailState.QUEUED: _l("Wacht"),
    MailState.SENT: _l("Verstuurd"),
    MailState.FAILED: _l("Mislukt"),
    MailState.KEPT: _l("Bewaard (demo)"),
    MailState.STOPPED: _l("Tegengehouden"),
    MailState.DROPPED: _l("Vervallen"),
}


class MailFilter(PortalForm):
    """What narrows the list of mail."""

    class Meta(PortalForm.Meta):
        csrf = False

    words = StringField(_l("Naam, adres of onderwerp"), name="zoek", filters=[one_line])
    state = SelectField(_l("Staat"), name="staat")
    edition = IntegerField(_l("Nummer van de uitvoering"), name="uitvoering")


@blueprint.get("")
@allow(Role.OFFICE)
def index() -> Response:
    """Mail, the newest first, found by words, state, edition and person."""
    form = MailFilter(request.args)
    form.state.choices = [("", _("Alle mail")), *((state.value, name) for state, name in STATE_NAMES.items())]
    state = next((state for state in MailState if state == form.state.data), None)
    words, about = form.words.data or "", {"edition_id": asked_id("uitvoering"), "person_id": asked_id("persoon")}
    note_view(**about)
    waiting = [] if about["person_id"] else list_batches(edition_id=about["edition_id"], now=clock.now())
    return page(
        "mail/index.html",
        filters=form,
        mails=queries.list_mails(state=state, words=words, page=asked_page(), **about),
        waiting=waiting,
        waiting_names=list_names([row.made_by_id for row in waiting if row.made_by_id]),
        now=clock.now(),
        counts=[(STATE_NAMES[each], each.value, number) for each, number in queries.count_mails_by_state().items()],
        state_names=STATE_NAMES,
        page_url=lambda number: _address(words, state, about, number),
        is_filtered=bool(words or state or any(about.values())),
        person=_find_reader(about["person_id"]),
    )


def _address(words: str, state: MailState | None, about: dict[str, int | None], number: int) -> str:
    """Another page of the same list."""
    return url_for(
        ".index",
        zoek=words or None,
        staat=state,
        uitvoering=about["edition_id"],
        persoon=about["person_id"],
        pagina=number,
    )


def _find_reader(person_id: int | None) -> Person | None:
    """Whose mail is asked for; NotFound when there is no such person."""
    return get_person(person_id) if person_id is not None else None


@blueprint.get("/<int:mail_id>")
@allow(Role.OFFICE)
def show(mail_id: int) -> Response:
    """One mail: what it said, to whom, and how sending it went. Links that sign in are left out."""
    found = queries.get_mail(mail_id)
    note_view(person_id=found.person_id, edition_id=found.edition_id)
    mail = queries.get_mail(mail_id)
    return page(
        "mail/show.html",
        mail=mail,
        state_name=str(STATE_NAMES[MailState(mail.state)]),
        text=queries.without_secrets(mail.text_body),
        may_resend=mail.state in (MailState.FAILED, MailState.SENT),
    )


@blueprint.post("/<int:mail_id>/opnieuw")
@allow(Role.OFFICE)
def resend(mail_id: int) -> Response:
    """Queues the mail once more."""
    with transaction():
        going_id = queue_again(mail_id=mail_id, actor=current_actor(), now=clock.now())
    flash(_("De mail gaat zo opnieuw op weg."), "good")
    return see_other(url_for(".show", mail_id=going_id))

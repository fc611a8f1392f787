"""Mail that waits after a deed of the office: holding it up, or sending it at once; and what becomes of what was
stopped."""

from collections.abc import Callable

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.db import transaction
from portal.domain.accounts.rules import Role
from portal.errors import Conflict
from portal.language import _, _n
from portal.mail import batches
from portal.web.access import allow
from portal.web.pages import see_other
from portal.web.signing import current_actor

blueprint = Blueprint("mail_batches", __name__, url_prefix="/bureau/post/wachtend")


@blueprint.post("/<int:batch_id>/tegenhouden")
@allow(Role.OFFICE)
def stop(batch_id: int) -> Response:
    """Nobody hears of the deed for now."""
    return _do(batches.stop_batch, batch_id, lambda mails: _stopped(mails))


@blueprint.post("/<int:batch_id>/nu")
@allow(Role.OFFICE)
def hurry(batch_id: int) -> Response:
    """The mails go without waiting any longer."""
    return _do(batches.hurry_batch, batch_id, lambda mails: _going(mails))


@blueprint.post("/<int:batch_id>/alsnog")
@allow(Role.OFFICE)
def release(batch_id: int) -> Response:
    """What was stopped goes after all."""
    return _do(batches.release_batch, batch_id, lambda mails: _going(mails))


@blueprint.post("/<int:batch_id>/vervallen")
@allow(Role.OFFICE)
def drop(batch_id: int) -> Response:
    """What was stopped never goes."""
    return _do(batches.drop_batch, batch_id, lambda mails: _dropped(mails))


def _do(command: Callable[..., int], batch_id: int, said: Callable[[int], str]) -> Response:
    """Back to the page that it was asked on, which says what was done, or why it was too late."""
    edition_id = batches.get_batch(batch_id).edition_id
    try:
        with transaction():
            flash(said(command(batch_id=batch_id, actor=current_actor(), now=clock.now())), "good")
    except Conflict as refusal:
        flash(refusal.sentence, "error")
    if edition_id is not None and request.form.get("terug") == "uitvoering":
        return see_other(url_for("office_editions.show", edition_id=edition_id))
    return see_other(url_for("mail.index"))


def _stopped(mails: int) -> str:
    held = _n("%(num)s mail is tegengehouden.", "%(num)s mails zijn tegengehouden.", mails)
    return f"{held} " + str(_("De wijziging zelf blijft staan: deze mensen weten het nog niet."))


def _going(mails: int) -> str:
    return str(_n("%(num)s mail gaat nu op weg.", "%(num)s mails gaan nu op weg.", mails))


def _dropped(mails: int) -> str:
    gone = _n("%(num)s mail is vervallen.", "%(num)s mails zijn vervallen.", mails)
    return f"{gone} " + str(_("Laat deze mensen zelf weten wat er veranderd is, als dat nodig is."))

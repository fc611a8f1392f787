"""Handing over by PE-online's web service: asking for it, how far it is, stopping, going on, giving up."""

from collections.abc import Callable

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.handover.views import edition_page
from portal.db import transaction
from portal.domain.accounts.rules import Role
from portal.domain.handover import sendings
from portal.domain.handover.pe_online import Fault
from portal.domain.handover.queries import count_rows, get_head
from portal.domain.handover.rules import RunState
from portal.domain.handover.wording import FAULTS, FAULTS_TO_DO
from portal.errors import Conflict
from portal.web.access import allow
from portal.web.forms import PortalForm
from portal.web.pages import page, see_other
from portal.web.signing import current_actor

blueprint = Blueprint("handover_sending", __name__, url_prefix="/bureau/doorgeven")


@blueprint.post("/<register>/<int:edition_id>/versturen")
@allow(Role.OFFICE)
def request_sending(register: str, edition_id: int) -> Response:
    """Asks the worker to hand over everybody who is to be sent."""
    get_head(register, edition_id, 0)
    form = PortalForm()
    handover_id = 0
    with form.answering(), transaction():
        handover_id = sendings.request_sending(
            register=register, edition_id=edition_id, actor=current_actor(), now=clock.now()
        ).id
    if form.errors:
        return edition_page(register, edition_id, other=form)
    return see_other(url_for(".progress", handover_id=handover_id))


@blueprint.get("/verzending/<int:handover_id>")
@allow(Role.OFFICE)
def progress(handover_id: int) -> Response:
    """How far it is: counts only. While it runs the page loads itself again."""
    handover = sendings.get_sending(handover_id)
    fault = Fault(handover.fault) if handover.fault else None
    return page(
        "handover/sending.html",
        handover=handover,
        head=get_head(handover.register_code, handover.edition_id, 0),
        counts=count_rows(handover_id),
        fault=FAULTS[fault] if fault else None,
        to_do=FAULTS_TO_DO[fault] if fault else None,
        State=RunState,
    )


@blueprint.post("/verzending/<int:handover_id>/stoppen")
@allow(Role.OFFICE)
def stop(handover_id: int) -> Response:
    """No further call is made."""
    return _turn(handover_id, sendings.stop_sending)


@blueprint.post("/verzending/<int:handover_id>/verder")
@allow(Role.OFFICE)
def resume(handover_id: int) -> Response:
    """Goes on."""
    return _turn(handover_id, sendings.resume_sending)


@blueprint.post("/verzending/<int:handover_id>/afbreken")
@allow(Role.OFFICE)
def give_up(handover_id: int) -> Response:
    """What was never asked is back on the list."""
    return _turn(handover_id, sendings.give_up_sending)


def _turn(handover_id: int, command: Callable[..., None]) -> Response:
    sendings.get_sending(handover_id)
    try:
        with transaction():
            command(handover_id=handover_id, actor=current_actor(), now=clock.now())
    except Conflict as refusal:
        flash(refusal.sentence, "warning")
    return see_other(url_for(".progress", handover_id=handover_id))

"""What the pages of the hand-over show, in words."""

from collections.abc import Sequence
from typing import Any

from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.handover.forms import AnswersForm, HandOverForm, NumberForm, SettleForm
from portal.domain.enrolment.policy import current_policy
from portal.domain.handover.pe_online import edition_code, meeting_code
from portal.domain.handover.queries import count_not_counting, find_unfinished, get_head, list_handovers
from portal.domain.handover.rows import Box, Row, boxes_of, list_rows
from portal.domain.handover.rules import RowState, Way, count_states
from portal.domain.handover.sendings import can_send
from portal.domain.handover.wording import NOT_COUNTING, REASONS, STATES, TO_DO, WAYS
from portal.language import _, _n, short_day
from portal.web.access import note_view
from portal.web.addresses import asked_page
from portal.web.forms import PortalForm
from portal.web.pages import page

KINDS = {
    RowState.CHANGED: "error",
    RowState.REFUSED: "error",
    RowState.TO_SEND: "warning",
    RowState.SENDING: "info",
    RowState.SENT: "info",
    RowState.NO_NUMBER: "warning",
    RowState.LEFT: "plain",
    RowState.ACCEPTED: "good",
}


def edition_page(
    register: str,
    edition_id: int,
    *,
    hand_over: HandOverForm | None = None,
    answers: AnswersForm | None = None,
    other: PortalForm | None = None,
) -> Response:
    """An edition at a register, with the form that was refused, if one was. Notes who looked."""
    days = current_policy(clock.now()).handover_days
    get_head(register, edition_id, days)
    note_view(edition_id=edition_id)
    head = get_head(register, edition_id, days)
    rows = list_rows([edition_id], register).get((register, edition_id), [])
    form = hand_over or HandOverForm(formdata=None, on=clock.today())
    answering = answers or AnswersForm(formdata=None)
    sent = [row for row in rows if row.state == RowState.SENT]
    return page(
        "handover/edition.html",
        form=hand_over or answers or other,
        head=head,
        is_ready=head.is_ready(clock.now()),
        today=clock.today(),
        rows=rows,
        counts=count_states(row.state for row in rows),
        boxes=_offered(form, rows),
        hand_over=form,
        sent=sent,
        answers=answering,
        chosen=answering.chosen(sent) if answers else {},
        **_around(register, edition_id),
        **words(),
    )


def _offered(form: HandOverForm, rows: Sequence[Row]) -> list[tuple[Box, str]]:
    """The boxes of numbers with their words, which the form then offers."""
    boxes = [(box, box_words(box)) for box in boxes_of(rows)]
    form.offer(boxes)
    return boxes


def _around(register: str, edition_id: int) -> dict[str, Any]:
    """What stands around the rows: the web service, who is not there, and what was handed over before."""
    history, pages = list_handovers(register, edition_id, page=asked_page())
    return {
        "unfinished": find_unfinished(register, edition_id),
        "can_send": can_send(register),
        "edition_code": edition_code,
        "meeting_code": meeting_code,
        "history": history,
        "pages": pages,
        "page_number": asked_page(),
        "not_counting": count_not_counting(register, edition_id),
        "why_not": NOT_COUNTING,
    }


def row_page(
    register: str,
    edition_id: int,
    row: Row,
    *,
    number: NumberForm | None = None,
    settle: SettleForm | None = None,
    other: PortalForm | None = None,
) -> Response:
    """One person at a register: what was told, what counts now, and what can be done."""
    head = get_head(register, edition_id, current_policy(clock.now()).handover_days)
    return page(
        "handover/row.html",
        form=number or settle or other,
        head=head,
        row=row,
        number_form=number or NumberForm(formdata=None, number=row.number or row.was_number),
        settle_form=settle or SettleForm(formdata=None, points=row.points, told_number=row.number),
        **words(),
    )


def words() -> dict[str, Any]:
    """How states, reasons and ways are called."""
    return {
        "states": STATES,
        "kinds": KINDS,
        "reasons": REASONS,
        "to_do": TO_DO,
        "ways": WAYS,
        "by_web": Way.PE_ONLINE,
        "what_for": what_for,
        "changed_words": changed_words,
        "State": RowState,
    }


def what_for(positions: Sequence[int]) -> str:
    """'dagdeel 1, 2 en 4' or 'hele training'."""
    if not positions:
        return str(_("hele training"))
    numbers = [str(one) for one in positions]
    listed = (
        str(_("%(first)s en %(last)s", first=", ".join(numbers[:-1]), last=numbers[-1])) if numbers[1:] else numbers[0]
    )
    return str(_n("dagdeel %(numbers)s", "dagdeel %(numbers)s", len(numbers), numbers=listed))


def changed_words(row: Row) -> str:
    """What is different from what was handed over, before and after."""
    parts = []
    if row.was_points != row.points:
        parts.append(_("was %(before)s punten, is nu %(now)s", before=row.was_points, now=row.points))
    if row.number and row.was_number != row.number:
        parts.append(_("was nummer %(before)s, is nu %(now)s", before=row.was_number, now=row.number))
    return str(_("Na het doorgeven gewijzigd: %(what)s", what="; ".join(str(part) for part in parts)))


def box_words(box: Box) -> str:
    """What a box of numbers is: for which dagdelen, where and when, how many people and points."""
    parts = [what_for(box.positions)]
    if box.held:
        parts.append(short_day(box.held.on))
    if box.held and box.held.elsewhere:
        parts.append(str(_("in %(place)s", place=box.held.elsewhere)))
    parts.append(str(_n("%(num)s punt", "%(num)s punten", box.points)))
    parts.append(str(_n("%(num)s persoon", "%(num)s mensen", len(box.rows))))
    return ", ".join(parts)

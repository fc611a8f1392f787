"""Handing over by hand, noting what the register said, and putting right what changed afterwards."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update

from portal import audit
from portal.audit import Actor, Private
from portal.clock import local_date
from portal.db import db
from portal.domain.enrolment.models import Enrolment
from portal.domain.handover.events import AnswersNoted, ChangeSettled, HandedOver, RowLeft, RowReopened
from portal.domain.handover.models import Handover, HandoverRow
from portal.domain.handover.queries import EditionHead, get_head
from portal.domain.handover.refusals import SaidNo
from portal.domain.handover.rows import Row, list_rows
from portal.domain.handover.rules import Refusal, RowState, Told, Way
from portal.errors import Conflict, NotFound, Refused
from portal.language import _

LONGEST_NOTE = 500


@dataclass(frozen=True)
class Said:
    """What the register said of one row. `reason` None: accepted."""

    reason: Refusal | None = None
    words: str = ""


def hand_over(
    *, register: str, edition_id: int, keys: Collection[str], on: date, note: str, actor: Actor, now: datetime
) -> Handover:
    """Notes that these rows (Row.key) were handed over by hand on that day.

    Refused when none is named, the day is to come or before the last meeting, or the edition is not ready; Conflict
    when one of them is not to be sent any more: somebody was first, or its points changed."""
    head = _held(register, edition_id)
    require_ready(head, now)
    if not keys:
        raise Refused(_("Kies wat je hebt doorgegeven"), "boxes")
    if on > local_date(now):
        raise Refused(_("Kies een dag die al geweest is"), "on")
    _require_note(note)
    rows = _to_send(register, edition_id, keys)
    if any(row.held and on < row.held.on for row in rows) or (
        not rows[0].held and on < local_date(head.ended_at or now)
    ):
        raise Refused(_("Doorgeven kan pas na de bijeenkomst. Kies een latere dag"), "on")
    handover = add_handover(head, Way.HAND, on, note, actor, now)
    add_rows(handover, rows, Told.SENT)
    event = HandedOver(
        handover_id=handover.id,
        edition_id=edition_id,
        register=register,
        rows=len(rows),
        on=on.isoformat(),
        note=Private(note),
    )
    audit.record(event, actor=actor, at=now)
    return handover


def note_answers(
    *, register: str, edition_id: int, said: Mapping[int, Said], actor: Actor, now: datetime
) -> tuple[int, int]:
    """Keeps what the register said of rows that were handed over, by the number of their row; how many were accepted
    and how many refused. Conflict when one of them waits for no answer any more, Refused when nothing is said."""
    _held(register, edition_id)
    if not said:
        raise Refused(_("Vul in wat het register zei"))
    waiting = {row.row_id for row in _rows(register, edition_id) if row.state == RowState.SENT}
    if not said.keys() <= waiting:
        raise Conflict(_("Van een van deze mensen is het antwoord al bekend. Kijk na wat er nu staat"))
    refused = 0
    for row in db.session.scalars(select(HandoverRow).where(HandoverRow.id.in_(said)).order_by(HandoverRow.id)):
        answer = said[row.id]
        settle_row(row, answer, now)
        refused += answer.reason is not None
    db.session.flush()
    counts = {"accepted": len(said) - refused, "refused": refused}
    audit.record(AnswersNoted(edition_id=edition_id, register=register, **counts), actor=actor, at=now)
    return counts["accepted"], refused


def match_pasted(rows: Collection[Row], pasted: Collection[SaidNo]) -> dict[int, Said]:
    """The rows that pasted refusals are about, by number. Refused at `pasted`, naming the numbers, for those that wait
    for no answer here. A number of two dagdelen is refused for both."""
    waiting = [row for row in rows if row.state == RowState.SENT and row.row_id is not None]
    numbers = {row.was_number for row in waiting}
    unknown = [one.number for one in pasted if one.number not in numbers]
    if unknown:
        raise Refused(
            _("Deze nummers wachten hier niet op antwoord: %(numbers)s", numbers=", ".join(unknown)), "pasted"
        )
    by_number = {one.number: Said(one.reason, one.words) for one in pasted}
    return {row.row_id: by_number[row.was_number] for row in waiting if row.row_id and row.was_number in by_number}


def send_again(*, row_id: int, actor: Actor, now: datetime) -> None:
    """Puts a refused row back on the list as it is. Conflict when it is not refused any more."""
    row, edition_id = _refused(row_id, (Told.REFUSED, Told.LEFT))
    row.again = True
    db.session.flush()
    event = RowReopened(edition_id=edition_id, enrolment_id=row.enrolment_id, register=row.register_code)
    audit.record(event, actor=actor, at=now)


def leave(*, row_id: int, actor: Actor, now: datetime) -> None:
    """Decides that nothing can be mended about a refused row. It comes back by itself when the person has another
    number or other points. Conflict when it is not refused any more."""
    row, edition_id = _refused(row_id, (Told.REFUSED,))
    row.state = Told.LEFT
    db.session.flush()
    event = RowLeft(edition_id=edition_id, enrolment_id=row.enrolment_id, register=row.register_code)
    audit.record(event, actor=actor, at=now)


def settle_change(*, row_id: int, points: int, number: str, note: str, actor: Actor, now: datetime) -> None:
    """Notes that what changed after it was handed over was put right at the register: it now says these points, of
    which 0 means taken back, under this number. Conflict when that is not what counts now, or nothing changed."""
    told = db.session.get(HandoverRow, row_id)
    if told is None:
        raise NotFound
    enrolment = db.session.get_one(Enrolment, told.enrolment_id)
    head = _held(told.register_code, enrolment.edition_id)
    _require_note(note)
    row = next((one for one in _rows(told.register_code, head.edition_id) if one.row_id == row_id), None)
    if row is None or row.state != RowState.CHANGED or (row.points, row.number) != (points, number):
        raise Conflict(_("Dit is intussen veranderd. Kijk na wat er nu staat"))
    before = told.points
    handover = add_handover(head, Way.CORRECTION, local_date(now), note, actor, now)
    add_rows(handover, [row], Told.ACCEPTED if row.points else Told.WITHDRAWN, answered_at=now)
    event = ChangeSettled(
        handover_id=handover.id,
        edition_id=head.edition_id,
        enrolment_id=row.enrolment_id,
        register=head.register,
        points_before=before,
        points_now=row.points,
        note=Private(note),
    )
    audit.record(event, actor=actor, at=now)


def add_handover(
    head: EditionHead, way: Way, on: date, note: str, actor: Actor, now: datetime, **values: str
) -> Handover:
    """A new hand-over, flushed."""
    handover = Handover(
        register_code=head.register,
        edition_id=head.edition_id,
        way=way,
        handed_on=on,
        note=note,
        recorded_at=now,
        recorded_by_id=actor.id,
        finished_at=None if values else now,
        **values,
    )
    db.session.add(handover)
    db.session.flush()
    return handover


def add_rows(handover: Handover, rows: Collection[Row], state: Told, answered_at: datetime | None = None) -> None:
    """The rows of a hand-over, each in the place of what was told before."""
    before = [row.row_id for row in rows if row.row_id is not None]
    db.session.execute(update(HandoverRow).where(HandoverRow.id.in_(before)).values(superseded=True))
    db.session.add_all(
        HandoverRow(
            handover_id=handover.id,
            register_code=handover.register_code,
            enrolment_id=row.enrolment_id,
            module_id=row.module_id,
            meeting_id=row.held.meeting_id if row.held else None,
            number=row.number or row.was_number,
            points=row.points,
            state=state,
            answered_at=answered_at,
        )
        for row in rows
    )
    db.session.flush()


def settle_row(row: HandoverRow, said: Said, now: datetime) -> None:
    """Keeps what the register said of a row."""
    row.state = Told.REFUSED if said.reason else Told.ACCEPTED
    row.reason = said.reason or ""
    row.words = said.words
    row.answered_at = now


def require_ready(head: EditionHead, now: datetime) -> None:
    """Refused while an edition that is handed over as a whole still has meetings or open lists."""
    if head.is_ready(now):
        return
    if head.ended_at is None or head.ended_at > now:
        raise Refused(_("Doorgeven kan pas na de laatste bijeenkomst"))
    raise Refused(_("Doorgeven kan pas als alle presentielijsten zijn afgerond"))


def held_rows(register: str, edition_id: int) -> tuple[EditionHead, list[Row]]:
    """The edition and its rows, held until the end of the transaction."""
    return _held(register, edition_id), _rows(register, edition_id)


def _held(register: str, edition_id: int) -> EditionHead:
    """The edition, held until the end of the transaction: two hand-overs of one edition wait for one another."""
    head = get_head(register, edition_id, 0)
    ids = select(Enrolment.id).where(Enrolment.edition_id == edition_id).order_by(Enrolment.id)
    db.session.execute(ids.with_for_update(key_share=True))
    return head


def _rows(register: str, edition_id: int) -> list[Row]:
    return list_rows([edition_id], register).get((register, edition_id), [])


def _to_send(register: str, edition_id: int, keys: Collection[str]) -> list[Row]:
    rows = [row for row in _rows(register, edition_id) if row.key in keys and row.state == RowState.TO_SEND]
    if {row.key for row in rows} != set(keys):
        raise Conflict(_("De lijst is intussen veranderd. Kijk na wat er nu staat"))
    return rows


def _refused(row_id: int, states: Collection[Told]) -> tuple[HandoverRow, int]:
    """The row, locked, and its edition."""
    row = db.session.get(HandoverRow, row_id, with_for_update=True)
    if row is None:
        raise NotFound
    if row.superseded or row.again or row.state not in states:
        raise Conflict(_("Deze regel is intussen veranderd. Kijk na wat er nu staat"))
    return row, db.session.get_one(Enrolment, row.enrolment_id).edition_id


def _require_note(note: str) -> None:
    if len(note) > LONGEST_NOTE:
        raise Refused(_("Houd het korter: hooguit %(most)s tekens", most=LONGEST_NOTE), "note")

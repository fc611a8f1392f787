"""Days after the last meeting: the office hands the points over to the registers, and notes what they said."""

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.audit import Actor
from portal.clock import local_date
from portal.db import db
from portal.demo.cast import somebody
from portal.demo.telling import Story
from portal.domain.handover import commands as handover
from portal.domain.handover.commands import Said
from portal.domain.handover.models import HandoverRow
from portal.domain.handover.queries import list_registers
from portal.domain.handover.rows import Row, list_rows
from portal.domain.handover.rules import Refusal, RowState, Told

AFTER = timedelta(days=4)
ANSWER_AFTER = timedelta(minutes=20)
# In one edition of the last months a register refuses somebody; the office has yet to mend it.
STILL_OPEN = timedelta(days=150)


def hand_over(story: Story, edition_id: int, ended_at: datetime) -> None:
    """Adds to the story that an edition is handed over to every register, and answered."""
    story.at(ended_at + AFTER, lambda now: _hand_over(edition_id, now))
    story.at(ended_at + AFTER + ANSWER_AFTER, lambda now: _answer(edition_id, story.now - now < STILL_OPEN, now))


def _hand_over(edition_id: int, now: datetime) -> None:
    office = Actor.person(somebody("bureau").id)
    for register in list_registers():
        keys = [row.key for row in _rows(edition_id, register, RowState.TO_SEND)]
        if keys:
            handover.hand_over(
                register=register, edition_id=edition_id, keys=keys, on=local_date(now), note="", actor=office, now=now
            )


def _answer(edition_id: int, may_refuse: bool, now: datetime) -> None:
    office = Actor.person(somebody("bureau").id)
    for register in list_registers():
        said = {row.row_id: Said() for row in _rows(edition_id, register, RowState.SENT) if row.row_id}
        refused = db.session.scalar(select(HandoverRow.id).where(HandoverRow.state == Told.REFUSED).limit(1))
        if said and may_refuse and refused is None:
            said[min(said)] = Said(Refusal.WRONG_CHAMBER, "Onjuiste kamer")
        if said:
            handover.note_answers(register=register, edition_id=edition_id, said=said, actor=office, now=now)


def _rows(edition_id: int, register: str, state: RowState) -> list[Row]:
    rows = list_rows([edition_id], register).get((register, edition_id), [])
    return [row for row in rows if row.state == state]

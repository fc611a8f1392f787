"""Editions whose points are settled, and what the office does with them at the registers.

scene = settled_edition(["Dewi Hardjo", "Jan van den Berg"])
sent = hand_over(scene, "SKJ"); said(scene, "SKJ", {"Dewi Hardjo": Refusal.WRONG_CHAMBER})
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select, update

from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accreditation.commands import amend_mark, settle_points
from portal.domain.attendance.queries import list_seat_rows
from portal.domain.attendance.rules import Mark, Status, fingerprint
from portal.domain.enrolment.models import Enrolment, EnrolmentRegisterNumber, Seat
from portal.domain.handover import commands
from portal.domain.handover.commands import Said
from portal.domain.handover.models import Handover
from portal.domain.handover.rows import Row, list_rows
from portal.domain.handover.rules import Refusal, RowState
from tests import factories
from tests.certificate_scenes import NOW, Scene, given_edition

OFFICE = Actor.system("cli")
ON = date(2026, 3, 30)
LAST_MEETING = date(2026, 3, 26)


def settled_edition(names: Sequence[str] = ("Dewi Hardjo",), **values: object) -> Scene:
    """As given_edition, with numbers of everybody at both registers (110001, 110002, ... and 46101, 46102, ...)."""
    scene = given_edition(names, **values)
    codes = values.get("registers", ("SKJ", "Registerplein"))
    for place, enrolment in enumerate(scene.enrolments, start=1):
        db.session.execute(
            update(EnrolmentRegisterNumber)
            .where(EnrolmentRegisterNumber.enrolment_id == enrolment.id)
            .values(number=f"{110000 + place}")
        )
        if "Registerplein" in codes:  # type: ignore[operator]
            give_number(enrolment, "Registerplein", f"4610{place}")
    settle(scene)
    return scene


def settle(scene: Scene) -> None:
    ids = [enrolment.id for enrolment in scene.enrolments]
    with transaction():
        for enrolment_id in ids:
            settle_points(enrolment_id=enrolment_id, actor=OFFICE, now=NOW)


def give_number(enrolment: Enrolment, register: str, number: str) -> None:
    """Another number with the enrolment; '' takes it away."""
    key = {"enrolment_id": enrolment.id, "register_code": register}
    known = db.session.get(EnrolmentRegisterNumber, key)
    if known is not None and number:
        known.number = number
    elif known is not None:
        db.session.delete(known)
    elif number:
        factories.add(EnrolmentRegisterNumber(**key, number=number))
    db.session.commit()


def rows_of(scene: Scene, register: str = "SKJ") -> list[Row]:
    db.session.rollback()
    return list_rows([scene.edition.id], register).get((register, scene.edition.id), [])


def states(scene: Scene, register: str = "SKJ") -> dict[str, RowState]:
    """By name; of several dagdelen the last."""
    return {row.name: row.state for row in rows_of(scene, register)}


def hand_over(scene: Scene, register: str = "SKJ", *, now: datetime = NOW, on: date = ON) -> Handover:
    """Everybody who is to be sent, by hand."""
    edition_id = scene.edition.id
    keys = [row.key for row in rows_of(scene, register) if row.state == RowState.TO_SEND]
    with transaction():
        return commands.hand_over(
            register=register, edition_id=edition_id, keys=keys, on=on, note="", actor=OFFICE, now=now
        )


def said(scene: Scene, register: str, refused: Mapping[str, Refusal] = {}) -> None:
    """What the register said: no to these, yes to all others who wait."""
    edition_id = scene.edition.id
    answers = {
        row.row_id: Said(refused.get(row.name)) for row in rows_of(scene, register) if row.state == RowState.SENT
    }
    with transaction():
        commands.note_answers(register=register, edition_id=edition_id, said=answers, actor=OFFICE, now=NOW)


def amend(scene: Scene, person: int, position: int, status: Status) -> None:
    """Another mark of a finished list, by the real command; the persons are counted from 0."""
    enrolment_id, meeting_id = scene.enrolments[person].id, scene.meetings[position - 1].id
    seat_id = db.session.scalars(
        select(Seat.id).where(Seat.enrolment_id == enrolment_id, Seat.meeting_id == meeting_id)
    ).one()
    row = next(row for row in list_seat_rows(meeting_id) if row.seat_id == seat_id)
    trainer_id = scene.trainer.id
    with transaction():
        amend_mark(
            meeting_id=meeting_id,
            seat_id=seat_id,
            was=fingerprint(row.mark),
            wanted=Mark(status),
            reason="Stond verkeerd op de lijst",
            actor=Actor.person(trainer_id),
            now=NOW + timedelta(days=1),
        )

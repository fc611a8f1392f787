"""The registration number that goes with an enrolment, put right afterwards."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import select

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.domain.accounts.rules import is_citizen_service_number, plain_number
from portal.domain.catalogue.models import Register
from portal.domain.enrolment.models import Enrolment, EnrolmentRegisterNumber
from portal.errors import NotFound, Refused
from portal.language import _

LONGEST_NUMBER = 40


@dataclass(frozen=True)
class RegisterNumberCorrected(audit.Event):
    """Never the number itself. `had_one`: there was one before."""

    tag: ClassVar[str] = "enrolment.register_number_corrected"
    edition_id: int
    enrolment_id: int
    register: str
    had_one: bool


def correct_register_number(*, enrolment_id: int, register: str, number: str, actor: Actor, now: datetime) -> None:
    """Gives an enrolment another number at a register. Certificates that were issued keep what they said; the profile
    stays the person's own. Raises NotFound, or Refused at `number` for none, or for what passes the check of a BSN."""
    enrolment = db.session.get(Enrolment, enrolment_id, with_for_update=True)
    if enrolment is None or db.session.get(Register, register) is None:
        raise NotFound
    plain = plain_number(number)
    if not plain or len(plain) > LONGEST_NUMBER:
        raise Refused(_("Vul het registratienummer in, hooguit %(most)s cijfers", most=LONGEST_NUMBER), "number")
    if is_citizen_service_number(plain):
        raise Refused(_("Dit lijkt op een burgerservicenummer. Dat bewaren we niet"), "number")
    row = db.session.scalar(
        select(EnrolmentRegisterNumber).where(
            EnrolmentRegisterNumber.enrolment_id == enrolment_id, EnrolmentRegisterNumber.register_code == register
        )
    )
    if row is not None and row.number == plain:
        return
    had_one = row is not None
    if row is None:
        row = EnrolmentRegisterNumber(enrolment_id=enrolment_id, register_code=register)
        db.session.add(row)
    row.number = plain
    db.session.flush()
    audit.record(
        RegisterNumberCorrected(
            edition_id=enrolment.edition_id, enrolment_id=enrolment_id, register=register, had_one=had_one
        ),
        actor=actor,
        at=now,
    )

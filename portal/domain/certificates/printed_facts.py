"""What a certificate will say, gathered from the rows as they are at this moment. Once issued it is frozen."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from flask import current_app
from sqlalchemy import Row, select

from portal.clock import local_date
from portal.config import Issuer
from portal.db import db
from portal.documents.certificate import CertificateFacts, ModuleRow, RegisterFacts, RegisterPoints
from portal.domain.accounts.models import Person
from portal.domain.accreditation.queries import list_awards
from portal.domain.accreditation.reasons import Reason, in_words
from portal.domain.accreditation.rules import Award
from portal.domain.attendance.rules import ATTENDED, attended_minutes
from portal.domain.attendance.seats_in_force import SeatInForce, list_in_force
from portal.domain.catalogue.models import Course, Edition, Meeting, MeetingTrainer, Module, Register
from portal.domain.certificates.rules import as_continuation, attendance_percent, common_period, unit_of
from portal.domain.enrolment.models import Enrolment, EnrolmentRegisterNumber
from portal.errors import NotFound
from portal.language import DUTCH, speaking
from portal.links import link

AnyRow = Row[*tuple[Any, ...]]
EARNED = ("rows", "registers", "attendance_percent", "preparation_minutes")
WORTH_A_NOTE = frozenset({Reason.EXPIRED, Reason.NOT_YET_VALID, Reason.MODULES_MISSING})


class Identity(NamedTuple):
    """What makes this certificate this one: its number and its code (without hyphens)."""

    number: str
    code: str


def gather(enrolment_id: int, *, identity: Identity, now: datetime) -> CertificateFacts:
    """The facts for an enrolment, as printed in its person's language. Six queries. NotFound when there is none."""
    enrolment = _enrolment(enrolment_id)
    attended = _attended(enrolment_id)
    modules = db.session.scalars(
        select(Module.contact_minutes).where(Module.course_id == enrolment.course_id).order_by(Module.position)
    ).all()
    awards = list_awards([enrolment_id]).get(enrolment_id, [])
    registers = _registers(awards, _register_numbers(enrolment_id))
    whole = len(attended) == len(modules)
    issuer: Issuer = current_app.config["PORTAL"].issuer
    return CertificateFacts(
        number=identity.number,
        code=identity.code,
        check_url=link(f"/c/{identity.code}"),
        holder_name=enrolment.participant_name,
        course_title=enrolment.title,
        title_kind="whole" if whole else "partial",
        rows=_rows(attended, awards, [register.name for register in registers]),
        registers=registers,
        attendance_percent=attendance_percent(
            (attended_minutes(seat.mark, seat.contact_minutes), seat.contact_minutes) for seat in attended
        ),
        delivery=enrolment.delivery,
        trainers=_trainers([seat.meeting_id for seat in attended]),
        director=issuer.director,
        place=issuer.place,
        issued_on=local_date(now),
        issuer_name=issuer.name,
        issuer_kvk=issuer.kvk,
        crkbo_line=issuer.crkbo,
        preparation_minutes=sum(seat.preparation_minutes for seat in attended if seat.mark.preparation_done),
        learning_result=as_continuation(enrolment.outcome) if whole else "",
        notes=_notes(awards, enrolment.language),
        unit=unit_of(modules),
        language=_language(enrolment.language),
    )


def has_drifted(enrolment_id: int, printed: CertificateFacts, now: datetime) -> bool:
    """Whether attendance or points were corrected after the certificate was printed. It stays as it is; the office
    decides whether to revoke it and issue again."""
    present = gather(enrolment_id, identity=Identity(printed.number, printed.code), now=now)
    return any(getattr(present, name) != getattr(printed, name) for name in EARNED)


def _enrolment(enrolment_id: int) -> AnyRow:
    found = db.session.execute(
        select(
            Enrolment.participant_name, Person.language, Edition.course_id, Edition.delivery, Course.title,
            Course.outcome,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(Edition, Edition.id == Enrolment.edition_id)
        .join(Course, Course.id == Edition.course_id)
        .where(Enrolment.id == enrolment_id)
    ).one_or_none()  # fmt: skip
    if found is None:
        raise NotFound
    return found


def _attended(enrolment_id: int) -> list[SeatInForce]:
    """What was attended, each module on its own real date, wherever it was given."""
    in_force = list_in_force(Enrolment.id == enrolment_id)[enrolment_id]
    return [seat for seat in in_force.seats if seat.mark.status in ATTENDED]


def _rows(attended: Sequence[SeatInForce], awards: Sequence[Award], registers: Sequence[str]) -> tuple[ModuleRow, ...]:
    """One for each module attended, with its points in the order of the registers."""
    earned: dict[int | None, list[RegisterPoints]] = defaultdict(list)
    for award in awards:
        if award.points:
            earned[award.module_id].append(RegisterPoints(register=award.register, points=award.points))
    return tuple(
        ModuleRow(
            position=seat.position,
            title=seat.title,
            held_on=seat.held_on,
            contact_minutes=seat.contact_minutes,
            points=tuple(sorted(earned[seat.module_id], key=lambda one: registers.index(one.register))),
        )
        for seat in attended
    )


def _registers(awards: Sequence[Award], numbers: dict[str, str]) -> tuple[RegisterFacts, ...]:
    """One for each register that granted points: their sum, and the days on which all its accreditations held. Those
    that the holder has a number at come first."""
    names = {row.code: row.name for row in db.session.execute(select(Register.code, Register.name))}
    found = []
    for code in dict.fromkeys(award.register for award in awards if award.points):
        counted = [award for award in awards if award.register == code and award.points]
        start, end = common_period((_day(award, "valid_from"), _day(award, "valid_until")) for award in counted)
        accreditations = dict.fromkeys(award.facts["number"] for award in counted if award.facts.get("number"))
        found.append(
            RegisterFacts(
                name=code,
                full_name="" if names[code] == code else names[code],
                points=sum(award.points for award in counted),
                accreditation_number=", ".join(accreditations) or None,
                valid_from=start,
                valid_until=end,
                registration_number=numbers.get(code),
            )
        )
    return tuple(sorted(found, key=lambda register: (register.registration_number is None, register.name)))


def _notes(awards: Sequence[Award], language: str) -> tuple[str, ...]:
    """Why a register's points are not here, when that lies in its accreditation; each sentence once."""
    with speaking(language):
        of_sentence: dict[str, list[str]] = {}
        for award in awards:
            if award.reason in WORTH_A_NOTE:
                registers = of_sentence.setdefault(in_words(award.reason, award.facts), [])
                if award.register not in registers:
                    registers.append(award.register)
    return tuple(f"{', '.join(registers)}: {sentence}" for sentence, registers in of_sentence.items())


def _day(award: Award, name: str) -> date | None:
    iso = award.facts.get(name)
    return date.fromisoformat(iso) if iso else None


def _register_numbers(enrolment_id: int) -> dict[str, str]:
    rows = db.session.execute(
        select(EnrolmentRegisterNumber.register_code, EnrolmentRegisterNumber.number).where(
            EnrolmentRegisterNumber.enrolment_id == enrolment_id
        )
    )
    return {row.register_code: row.number for row in rows}


def _trainers(meeting_ids: Sequence[int]) -> tuple[str, ...]:
    """Who gave these meetings, each once, in the order in which they came in."""
    names = db.session.execute(
        select(Person.id, Person.name)
        .join(MeetingTrainer, MeetingTrainer.person_id == Person.id)
        .join(Meeting, Meeting.id == MeetingTrainer.meeting_id)
        .where(MeetingTrainer.meeting_id.in_(meeting_ids))
        .order_by(Meeting.starts_at, Person.name, Person.id)
    )
    return tuple({row.id: row.name for row in names}.values())


def _language(code: str) -> Literal["nl", "en"]:
    return "nl" if code == DUTCH else "en"

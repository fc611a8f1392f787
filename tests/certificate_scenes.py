"""Editions that were given, and people who were there: what certificates are made from.

scene = given_edition(["Dewi Hardjo", "Jan van den Berg"])
certificate = issue(scene.enrolments[0])
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from portal.audit import Actor
from portal.db import db, transaction
from portal.documents.codes import new_code
from portal.domain.accounts.models import Person
from portal.domain.attendance.models import Attendance, AttendanceSheet
from portal.domain.catalogue.models import Accreditation, Course, Edition, Meeting, Register
from portal.domain.certificates import commands
from portal.domain.certificates.models import Certificate
from portal.domain.certificates.rules import EndReason
from portal.domain.enrolment.models import Enrolment, EnrolmentRegisterNumber, Seat
from tests import factories

FIRST_ON = date(2026, 3, 5)
NOW = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
POINTS = (4, 4, 5, 6)


@dataclass(frozen=True)
class Scene:
    """An edition, its meetings, the people in it (in the order of their names as given) and who gave it."""

    course: Course
    edition: Edition
    meetings: list[Meeting]
    enrolments: list[Enrolment]
    people: list[Person]
    trainer: Person


def given_edition(
    names: Sequence[str] = ("Dewi Hardjo",),
    *,
    modules: int = 4,
    registers: Sequence[str] = ("SKJ", "Registerplein"),
    absent: Sequence[tuple[int, int]] = (),
    open_sheets: Sequence[int] = (),
    title: str | None = None,
    first_on: date = FIRST_ON,
) -> Scene:
    """An edition of weekly dagdelen, all attended by everybody, lists finished, accredited per module (4, 4, 5, 6
    points at each register).

    `absent`: (person, position of the module), persons counted from 0. `open_sheets`: positions of modules whose list
    is not finished. Committed: requests and commands see it."""
    trainer = factories.person(name="Noor van Dijk")
    course, taught = factories.course_with_modules(modules, **({"title": title} if title else {}))
    for module, points in zip(taught, POINTS, strict=False):
        for code in registers:
            accredit(module.id, code, points)
    edition, meetings = factories.edition_with_meetings(
        factories.CourseAndModules(course, taught), first_on=first_on, capacity=50, trainer=trainer
    )
    people = [factories.person(name=name) for name in names]
    enrolments = [enrol(person, edition, meetings) for person in people]
    for position, meeting in enumerate(meetings, start=1):
        for number, enrolment in enumerate(enrolments):
            mark(enrolment, meeting, trainer, "absent" if (number, position) in absent else "present")
        if position not in open_sheets:
            finish(meeting, trainer)
    db.session.commit()
    return Scene(course, edition, meetings, enrolments, people, trainer)


def accredit(module_id: int, code: str, points: int) -> Accreditation:
    if db.session.get(Register, code) is None:
        names = {"SKJ": "Kwaliteitsregister Jeugd"}
        factories.add(Register(code=code, name=names.get(code, code)))
    return factories.add(
        Accreditation(
            register_code=code, module_id=module_id, points=points, number=f"ID-{code}", valid_from=date(2024, 1, 1)
        )
    )


def enrol(person: Person, edition: Edition, meetings: Sequence[Meeting]) -> Enrolment:
    """An enrolment with a seat in each of these meetings and a number at SKJ."""
    terms = factories.terms()
    made = factories.add(
        Enrolment(
            number=f"LK-{next(factories.numbers):06d}",
            edition_id=edition.id,
            person_id=person.id,
            whole=True,
            participant_name=person.name,
            contract_party="participant",
            price_cents=79500,
            terms_version_id=terms.id,
            enrolled_at=NOW - timedelta(days=90),
        )
    )
    if db.session.get(Register, "SKJ"):
        factories.add(EnrolmentRegisterNumber(enrolment_id=made.id, register_code="SKJ", number="110024518"))
    for meeting in meetings:
        meeting.taken += 1
        factories.add(Seat(enrolment_id=made.id, meeting_id=meeting.id))
    return made


def mark(enrolment: Enrolment, meeting: Meeting, trainer: Person, status: str, **values: int) -> Attendance:
    seat = db.session.query(Seat).filter_by(enrolment_id=enrolment.id, meeting_id=meeting.id, released_at=None).one()
    return factories.add(Attendance(seat_id=seat.id, status=status, marked_at=NOW, marked_by_id=trainer.id, **values))


def finish(meeting: Meeting, trainer: Person) -> None:
    factories.add(
        AttendanceSheet(meeting_id=meeting.id, finished_at=NOW, finished_by_id=trainer.id, signed_name=trainer.name)
    )


def issue(
    enrolment: Enrolment, *, code: str | None = None, now: datetime = NOW, by: Person | None = None
) -> Certificate:
    """A certificate by the real command, committed."""
    enrolment_id, actor = enrolment.id, Actor.person(by.id) if by else Actor.system("cli")
    with transaction():
        certificate = commands.issue_certificate(
            enrolment_id=enrolment_id, code=code or new_code(secrets.token_bytes), actor=actor, now=now
        )
    return certificate


def revoke(
    certificate: Certificate, reason: EndReason = EndReason.ISSUED_IN_ERROR, explanation: str = "Verkeerde persoon"
) -> Certificate:
    """The certificate after its revocation, committed."""
    number = certificate.id
    with transaction():
        commands.revoke_certificate(
            certificate_id=number, reason=reason, explanation=explanation, actor=Actor.person(1), now=NOW
        )
    return db.session.get_one(Certificate, number)


def replace(certificate: Certificate, name: str) -> tuple[Certificate, Certificate]:
    """The certificate after it was replaced, and the one in its place; committed."""
    number = certificate.id
    with transaction():
        new = commands.replace_certificate(
            certificate_id=number, name=name, code=new_code(secrets.token_bytes), actor=Actor.person(1), now=NOW
        )
    return db.session.get_one(Certificate, number), new

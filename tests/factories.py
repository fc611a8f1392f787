"""Rows for tests: plain functions that add what they are named for, flush, and return it.

Every argument has a default that makes a valid, ordinary row; a test names only what it is about. They need the open
application context of the `app` fixture (or `live_server.database()`). Names and addresses are unique by a counter.

An area adds its own functions at the end, in the order of the areas.
"""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any, NamedTuple, TypeVar

from portal import clock
from portal.audit import Actor
from portal.db import Base, db, transaction
from portal.domain.accounts.models import Organisation, Person, RoleGrant
from portal.domain.accounts.rules import Role
from portal.domain.calendar.models import CalendarInvitation
from portal.domain.catalogue.models import (
    Accreditation,
    Course,
    Edition,
    Meeting,
    MeetingTrainer,
    Module,
    Register,
)
from portal.domain.catalogue.rules import GIVEN, EditionState
from portal.domain.enrolment import commands as enrolment_commands
from portal.domain.enrolment.commands import Outcome, Participant
from portal.domain.enrolment.models import Enrolment, Seat, TermsVersion
from portal.domain.enrolment.rules import ContractParty

numbers = count(1)
Row = TypeVar("Row", bound=Base)


def add(row: Row) -> Row:
    """Adds a row and gives it its id."""
    db.session.add(row)
    db.session.flush()
    return row


# Accounts


def person(role: Role | None = None, organisation: Organisation | None = None, **values: Any) -> Person:
    """Somebody without a password. The role 'organisation' gets an organisation of its own when none is given."""
    number = next(numbers)
    values = {"name": f"Şule Jansen-{number}", "email": f"persoon{number}@zorg.example"} | values
    made = add(Person(**{"created_at": clock.now()} | values))
    if role is not None:
        grant(made, role, organisation)
    return made


def grant(to: Person, role: Role, of: Organisation | None = None) -> RoleGrant:
    """One more role for a person."""
    if role == Role.ORGANISATION and of is None:
        of = organisation()
    return add(RoleGrant(person_id=to.id, role=role, organisation_id=of.id if of else None))


def organisation(**values: Any) -> Organisation:
    return add(Organisation(**{"name": f"Zorggroep De Brug {next(numbers)}", "sector": "zorg"} | values))


# Catalogue


class CourseAndModules(NamedTuple):
    course: Course
    modules: list[Module]


class EditionAndMeetings(NamedTuple):
    edition: Edition
    meetings: list[Meeting]


def course_with_modules(modules: int = 4, **values: Any) -> CourseAndModules:
    """A visible course of dagdelen of three hours, bookable one by one."""
    number = next(numbers)
    ordinary = {
        "slug": f"samenkracht-{number}",
        "title": f"SamenKracht {number}",
        "summary": "Maak de kring groter.",
        "audience": "Professionals in de jeugdzorg",
        "delivery": ["onsite"],
        "separately_bookable": True,
        "price_cents": 25000 * modules,
    }
    course = add(Course(**ordinary | values))
    return CourseAndModules(course, [module(course, position) for position in range(1, modules + 1)])


def module(course: Course, position: int, **values: Any) -> Module:
    ordinary = {"title": f"Dagdeel {position}", "contact_minutes": 180, "price_cents": 25000}
    return add(Module(course_id=course.id, position=position, **ordinary | values))


def edition_with_meetings(
    of: CourseAndModules | None = None,
    first_on: date | None = None,
    capacity: int = 12,
    trainer: Person | None = None,
    **values: Any,
) -> EditionAndMeetings:
    """A published edition that anybody may enrol in: for every module a meeting a week later, from half past nine to
    half past twelve in Amsterdam, the first after thirty days."""
    course, modules = of or course_with_modules()
    first_on = first_on or clock.today() + timedelta(days=30)
    ordinary = {"state": EditionState.PUBLISHED, "place": "Zwolle", "published_at": clock.now()}
    edition = add(Edition(course_id=course.id, starts_on=first_on, **ordinary | values))
    meetings = [
        meeting(edition, taught, first_on + timedelta(weeks=week), capacity, trainer)
        for week, taught in enumerate(modules)
    ]
    return EditionAndMeetings(edition, meetings)


def meeting(edition: Edition, of: Module, on: date, capacity: int = 12, trainer: Person | None = None) -> Meeting:
    made = add(
        Meeting(
            edition_id=edition.id,
            module_id=of.id,
            starts_at=clock.from_local(datetime.combine(on, time(9, 30))),
            ends_at=clock.from_local(datetime.combine(on, time(12, 30))),
            venue="Grote Markt 1, Zwolle",
            capacity=capacity,
        )
    )
    if trainer is not None:
        add(MeetingTrainer(meeting_id=made.id, person_id=trainer.id))
        if edition.state in GIVEN:
            invitation(made, trainer, as_trainer=True)
    return made


def invitation(to: Meeting, who: Person, **values: Any) -> CalendarInvitation:
    """A live invitation, as if it had been mailed: what somebody is invited as is for the test to say."""
    ordinary = {"uid": f"uitnodiging-{next(numbers)}@leerkring.example", "sequence": 0, "changed_at": clock.now()}
    return add(CalendarInvitation(meeting_id=to.id, person_id=who.id, **ordinary | values))


def register(code: str = "SKJ", **values: Any) -> Register:
    """The register with this code, made when it is not there yet."""
    return db.session.get(Register, code) or add(Register(**{"code": code, "name": f"Register {code}"} | values))


def accreditation(of: Module | Course, register_code: str = "SKJ", points: int = 4, **values: Any) -> Accreditation:
    """A grant for a module, or for a course as a whole; it holds from 2024 on."""
    register(register_code)
    owner = {"module_id": of.id} if isinstance(of, Module) else {"course_id": of.id}
    ordinary = {"valid_from": date(2024, 1, 1), "number": f"{register_code}-{next(numbers)}"}
    return add(Accreditation(register_code=register_code, points=points, **owner | ordinary | values))


# Enrolment


def terms() -> TermsVersion:
    """The one version of the general terms."""
    known = db.session.query(TermsVersion).order_by(TermsVersion.id).first()
    return known or terms_version(date(2024, 1, 1))


def terms_version(
    effective_on: date,
    cancelling: tuple[tuple[int, int], ...] = ((28, 0), (14, 50), (0, 100)),
    moving: tuple[tuple[int, int], ...] = ((14, 0), (0, 25)),
    **values: Any,
) -> TermsVersion:
    """Terms that hold from a date on; steps are (days before, percent)."""
    ordinary = {"text": "Algemene voorwaarden", "substitute_days": 0, "withdrawal_days": 14} | values
    policies = {
        "cancelling": [list(step) for step in cancelling],
        "moving": [list(step) for step in moving],
        "substitute_days": ordinary.pop("substitute_days"),
        "withdrawal_days": ordinary.pop("withdrawal_days"),
    }
    return add(TermsVersion(effective_on=effective_on, policies=policies, **ordinary))


def enrolment(
    of: EditionAndMeetings, who: Person | None = None, modules: tuple[int, ...] = (), **values: Any
) -> Enrolment:
    """An enrolment with its seats: in every meeting, or in those of the modules at these positions (from 1)."""
    who = who or person()
    meetings = [of.meetings[position - 1] for position in modules] or of.meetings
    ordinary = {
        "number": f"LK-{next(numbers):06}",
        "whole": not modules,
        "participant_name": who.name,
        "employer": "Wijkteam Assendorp",
        "contract_party": ContractParty.PARTICIPANT,
        "price_cents": 79500,
        "terms_version_id": terms().id,
        "enrolled_at": clock.now(),
    }
    made = add(Enrolment(edition_id=of.edition.id, person_id=who.id, **ordinary | values))
    for meeting in meetings:
        add(Seat(enrolment_id=made.id, meeting_id=meeting.id))
        meeting.taken += 1
    db.session.flush()
    return made


def stand_in(of: Enrolment, meeting: Meeting, *, swapped: bool = False) -> Seat:
    """A seat in another edition's meeting in place of the one that an enrolment holds for that module: to make up for
    it, or `swapped` with it."""
    was = (
        db.session.query(Seat)
        .join(Meeting)
        .filter(Seat.enrolment_id == of.id, Seat.released_at.is_(None), Meeting.module_id == meeting.module_id)
        .order_by(Seat.id.desc())
        .first()
    )
    assert was is not None
    if swapped:
        was.released_at = clock.now()
        db.session.get_one(Meeting, was.meeting_id).taken -= 1
    meeting.taken += 1
    return add(Seat(enrolment_id=of.id, meeting_id=meeting.id, instead_of_id=was.id))


def enrol(
    of: EditionAndMeetings, who: str = "", modules: tuple[int, ...] = (), by: Person | None = None, **values: Any
) -> Outcome:
    """Enrols somebody by the real command, as a visitor or as the person `by`: in the whole, or in the modules at these
    positions (from 1). `who` is the address that they give."""
    ordinary = {
        "participant": Participant(name="Şule Yılmaz", email=who or f"deelnemer{next(numbers)}@zorg.example"),
        "contract_party": ContractParty.PARTICIPANT,
        "terms_version_id": terms().id,
        "actor": Actor.person(by.id) if by else Actor.visitor(),
        "now": clock.now(),
    }
    edition_id = of.edition.id
    module_ids = [of.meetings[position - 1].module_id for position in modules] or None
    with transaction():
        return enrolment_commands.enrol(edition_id=edition_id, module_ids=module_ids, **ordinary | values)

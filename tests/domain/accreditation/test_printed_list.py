"""What the printed list is made of: whose numbers, how much of them, and the accreditations that hold on the day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.documents.attendance_list import ListFacts
from portal.domain.accounts.models import Person, RegisterNumber
from portal.domain.accreditation.printed_list import gather_list, shown_digits
from portal.domain.attendance import commands as attendance
from portal.domain.attendance.commands import Change
from portal.domain.attendance.queries import get_meeting_head, list_seat_rows
from portal.domain.attendance.rules import Mark, Status, fingerprint
from portal.domain.enrolment.models import EnrolmentRegisterNumber
from portal.domain.enrolment.policy import Policy, decide_policy
from tests import factories
from tests.factories import EditionAndMeetings

ON = date(2027, 3, 18)
NOW = datetime(2027, 3, 17, 12, tzinfo=UTC)


@pytest.fixture
def edition(app: Flask) -> EditionAndMeetings:
    course = factories.course_with_modules(2, title="SamenKracht")
    factories.accreditation(course.modules[0], "SKJ", 4, number="111")
    return factories.edition_with_meetings(course, ON, trainer=factories.person(name="Noor Jansen"))


def facts_of(edition: EditionAndMeetings, now: datetime = NOW) -> ListFacts:
    db.session.commit()
    return gather_list(get_meeting_head(edition.meetings[0].id), language="nl", now=now)


def give_number(enrolment_id: int, code: str, number: str) -> None:
    factories.register(code)
    factories.add(EnrolmentRegisterNumber(enrolment_id=enrolment_id, register_code=code, number=number))


def test_the_day_the_place_and_who_gives_it(edition: EditionAndMeetings):
    factories.enrolment(edition, factories.person(name="Bram"))
    factories.enrolment(edition, factories.person(name="Amira"))
    facts = facts_of(edition)
    assert facts.number == f"PL-27-{edition.edition.id}-1"
    assert facts.address.endswith(f"/bijeenkomsten/{edition.meetings[0].id}/presentie")
    assert (facts.trainers, facts.venue, facts.signed) == (("Noor Jansen",), "Grote Markt 1, Zwolle", "")
    assert [(one.name, one.organisation, one.mark) for one in facts.people] == [
        ("Amira", "Wijkteam Assendorp", ""),
        ("Bram", "Wijkteam Assendorp", ""),
    ]


def test_only_accreditations_that_hold_on_the_day_are_named(edition: EditionAndMeetings):
    course, modules = edition.edition.course_id, [meeting.module_id for meeting in edition.meetings]
    module = db.session.get_one(factories.Module, modules[0])
    other = db.session.get_one(factories.Module, modules[1])
    factories.accreditation(module, "SKJ", 3, number="old", valid_until=date(2026, 12, 31))
    factories.accreditation(module, "Registerplein", 5, number="to come", valid_from=ON + timedelta(days=1))
    factories.accreditation(other, "Registerplein", 6, number="of another module")
    factories.accreditation(db.session.get_one(factories.Course, course), "KOH", 1, number=None)
    assert facts_of(edition).registers == (
        "KOH: 1 punt voor de hele training",
        "SKJ: 4 punten, accreditatie-ID 111",
    )


def test_of_a_number_the_last_digits_and_only_at_registers_that_grant_points(edition: EditionAndMeetings):
    someone = factories.person(name="Amira")
    enrolment = factories.enrolment(edition, someone)
    give_number(enrolment.id, "SKJ", "110024501")
    give_number(enrolment.id, "Registerplein", "4610014")
    assert [one.numbers for one in facts_of(edition).people] == [("SKJ …501",)]


def test_what_was_given_with_the_enrolment_comes_before_the_profile(edition: EditionAndMeetings):
    for name, number in (("Amira", "222333444"), ("Bram", None)):
        someone = factories.person(name=name)
        enrolment = factories.enrolment(edition, someone)
        factories.add(RegisterNumber(person_id=someone.id, register_code="SKJ", number="555666777"))
        if number:
            give_number(enrolment.id, "SKJ", number)
    assert [one.numbers for one in facts_of(edition).people] == [("SKJ …444",), ("SKJ …777",)]


@pytest.mark.parametrize(("digits", "shown"), [(0, "SKJ"), (3, "SKJ …501"), (20, "SKJ 110024501")])
def test_the_office_sets_how_much_of_a_number_goes_round(edition: EditionAndMeetings, digits: int, shown: str):
    give_number(factories.enrolment(edition).id, "SKJ", "110024501")
    with transaction():
        decide_policy(policy=Policy(paper_number_digits=digits), actor=Actor.system(), now=clock.now())
    assert [one.numbers for one in facts_of(edition, clock.now()).people] == [(shown,)]


@given(st.text("0123456789", min_size=1, max_size=40), st.integers(0, 40))
def test_no_more_of_a_number_is_shown_than_was_set(number: str, digits: int):
    shown = shown_digits(number, digits)
    assert sum(sign.isdigit() for sign in shown) == min(digits, len(number))
    assert number.endswith(shown.removeprefix("…"))


def test_a_finished_list_says_what_was_and_never_why_somebody_was_away(edition: EditionAndMeetings):
    trainer = db.session.query(Person).filter_by(name="Noor Jansen").one()
    for name in ("Amira", "Bram"):
        factories.enrolment(edition, factories.person(name=name))
    db.session.commit()
    meeting, actor = edition.meetings[0], Actor.person(trainer.id)
    marks = [Mark(Status.LATE, 10, 5), Mark(Status.EXCUSED, excuse="griep")]
    rows = list_seat_rows(meeting.id)
    with transaction():
        changes = [Change(row.seat_id, fingerprint(row.mark), mark) for row, mark in zip(rows, marks, strict=True)]
        attendance.mark(meeting_id=meeting.id, changes=changes, actor=actor, now=meeting.ends_at)
        attendance.finish(meeting_id=meeting.id, signed_name="Noor Jansen", actor=actor, now=meeting.ends_at)
    facts = facts_of(edition, meeting.ends_at)
    assert [one.mark for one in facts.people] == ["Te laat (10 minuten), 5 minuten eerder weg", "Afgemeld"]
    assert facts.signed == "Afgerond op donderdag 18 maart 2027, 12.30 uur en getekend door Noor Jansen."

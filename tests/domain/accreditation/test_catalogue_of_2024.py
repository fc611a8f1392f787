"""The foundation's own catalogue of 2024: the points of its trainings, from the file to what is kept."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

import portal
from portal import clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accreditation import commands
from portal.domain.accreditation.queries import list_awards
from portal.domain.accreditation.rules import earned
from portal.domain.attendance import commands as attendance
from portal.domain.attendance.commands import Change
from portal.domain.attendance.queries import list_seat_rows
from portal.domain.attendance.rules import Mark, Status, fingerprint
from portal.domain.catalogue.commands import import_catalogue
from portal.domain.catalogue.models import Course, Module
from tests import factories

FILE = Path(portal.__file__).parent / "data" / "catalogue-2024.toml"
SAMENKRACHT = "samenkracht"
INFORMAL_NETWORK = "samenwerken-met-informeel-netwerk"
WHOLE_OF_13 = "faciliteren-en-organiseren-van-familiegroepsbijeenkomsten"
FAMILY_PLAN = "het-familiegroepsplan-in-de-jeugdwet"
IN_2024, IN_2025 = date(2024, 10, 1), date(2025, 2, 6)
ALL = (1, 2, 3, 4)


@pytest.mark.parametrize(
    ("slug", "first_on", "booked", "attended", "points"),
    [
        (SAMENKRACHT, IN_2024, ALL, ALL, {"SKJ": 19, "Registerplein": 19}),
        (SAMENKRACHT, IN_2025, ALL, ALL, {"SKJ": 19, "Registerplein": 19}),
        (SAMENKRACHT, IN_2024, (1, 3), (1, 3), {"SKJ": 9, "Registerplein": 9}),
        (SAMENKRACHT, IN_2024, ALL, (1, 3), {"SKJ": 9, "Registerplein": 9}),
        (SAMENKRACHT, date(2023, 10, 1), ALL, ALL, {"SKJ": 0, "Registerplein": 0}),
        (INFORMAL_NETWORK, IN_2024, (1,), (1,), {"SKJ": 3}),
        (WHOLE_OF_13, IN_2024, ALL, ALL, {"SKJ": 13, "Registerplein": 13}),
        (WHOLE_OF_13, IN_2024, ALL, (1, 2, 4), {"SKJ": 0, "Registerplein": 0}),
        (WHOLE_OF_13, IN_2025, ALL, ALL, {"SKJ": 0, "Registerplein": 0}),
        (FAMILY_PLAN, IN_2024, (1,), (1,), {"SKJ": 3}),
        (FAMILY_PLAN, IN_2025, (1,), (1,), {"SKJ": 0}),
        ("ek-1", IN_2024, (1, 2, 3), (1, 2, 3), {}),
    ],
)
def test_the_points_of_the_catalogue(
    app: Flask, slug: str, first_on: date, booked: tuple[int, ...], attended: tuple[int, ...], points: dict[str, int]
):
    actor = Actor.person(factories.person(name="Noor Jansen").id)
    db.session.commit()
    with transaction():
        import_catalogue(data=FILE.read_bytes(), actor=actor, now=clock.now())
    course = db.session.scalars(select(Course).where(Course.slug == slug)).one()
    modules = list(db.session.scalars(select(Module).where(Module.course_id == course.id).order_by(Module.position)))
    given = factories.edition_with_meetings(factories.CourseAndModules(course, modules), first_on)
    enrolment_id = factories.enrolment(given, modules=booked).id
    held = [(given.meetings[number - 1].id, number in attended) for number in booked]
    now = given.meetings[-1].ends_at + timedelta(hours=1)
    db.session.commit()
    for meeting_id, was_there in held:
        mark = Mark(Status.PRESENT if was_there else Status.ABSENT, preparation_done=was_there)
        changes = [Change(row.seat_id, fingerprint(row.mark), mark) for row in list_seat_rows(meeting_id)]
        with transaction():
            attendance.mark(meeting_id=meeting_id, changes=changes, actor=actor, now=now)
            commands.finish_sheet(meeting_id=meeting_id, signed_name="Noor Jansen", actor=actor, now=now)
    assert earned(list_awards([enrolment_id])[enrolment_id]) == points

"""A training that is given twice, and somebody who misses a dagdeel of the first: what making up is about.

scene = given_twice()
hold(scene.zwolle, 2, absent=[scene.dewi])
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.audit import Actor
from portal.db import transaction
from portal.domain.accounts.models import Person
from portal.domain.accreditation import commands as accreditation
from portal.domain.attendance import commands as attendance
from portal.domain.attendance.commands import Change
from portal.domain.attendance.queries import list_seat_rows
from portal.domain.attendance.rules import Mark, Status, fingerprint
from portal.domain.enrolment.models import Enrolment
from tests import factories
from tests.factories import CourseAndModules, EditionAndMeetings

FIRST_ON = date(2027, 3, 4)
AGAIN_ON = date(2027, 5, 6)
POINTS = (4, 4, 5, 6)
TRAINER = "Noor van Dijk"
PRESENT, ABSENT = Mark(Status.PRESENT, preparation_done=True), Mark(Status.ABSENT)


@dataclass(frozen=True)
class Scene:
    """SamenKracht in Zwolle from 4 March and in Deventer from 6 May 2027; Dewi is enrolled in all of the first."""

    course: CourseAndModules
    zwolle: EditionAndMeetings
    deventer: EditionAndMeetings
    dewi: Enrolment
    person: Person
    trainer: Person


def given_twice(modules: tuple[int, ...] = (), capacity: int = 12) -> Scene:
    """`modules`: only those at these positions, from 1."""
    course = factories.course_with_modules(4, title="SamenKracht")
    for module, points in zip(course.modules, POINTS, strict=True):
        for register in ("SKJ", "Registerplein"):
            factories.accreditation(module, register, points)
    trainer = factories.person(name=TRAINER, role=factories.Role.TRAINER)
    zwolle = factories.edition_with_meetings(course, FIRST_ON, place="Zwolle", trainer=trainer)
    deventer = factories.edition_with_meetings(course, AGAIN_ON, capacity, place="Deventer", trainer=trainer)
    person = factories.person(name="Dewi Hardjo", email="dewi@zorg.example")
    return Scene(course, zwolle, deventer, factories.enrolment(zwolle, person, modules), person, trainer)


def hold(
    given: EditionAndMeetings,
    number: int,
    absent: Collection[Enrolment] = (),
    mark: Mark = PRESENT,
    signed: bool = True,
) -> datetime:
    """Holds the meeting with this number: everybody this mark, save who was absent; its list is signed. Returns when it
    ended."""
    meeting = given.meetings[number - 1]
    meeting_id, now = meeting.id, meeting.ends_at
    actor = Actor.person(factories.person(name=TRAINER).id)
    absent_ids = {enrolment.id for enrolment in absent}
    changes = [
        Change(row.seat_id, fingerprint(row.mark), ABSENT if row.enrolment_id in absent_ids else mark)
        for row in list_seat_rows(meeting_id)
    ]
    with transaction():
        attendance.mark(meeting_id=meeting_id, changes=changes, actor=actor, now=now)
        if signed:
            accreditation.finish_sheet(meeting_id=meeting_id, signed_name=TRAINER, actor=actor, now=now)
    return now + timedelta(minutes=1)

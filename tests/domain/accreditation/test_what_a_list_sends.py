"""The table of what finishing and amending a list sends, and what the log keeps of it; whoever does it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from portal.audit import Actor
from portal.db import transaction
from portal.domain.accounts.queries import get_person
from portal.domain.accreditation import commands
from portal.domain.attendance import commands as attendance
from portal.domain.attendance.commands import Change as Choice
from portal.domain.attendance.queries import list_seat_rows
from portal.domain.attendance.rules import Mark, Status, fingerprint
from tests import enrolment_deeds as deeds
from tests.enrolment_deeds import Deed, Scene
from tests.enrolment_table import Change, lines_of, require_exactly


@pytest.fixture
def scene(app: Flask) -> Scene:
    return deeds.build_scene()


def marked(status: Status, minutes: int = 0) -> Mark:
    return Mark(status, minutes, excuse="Ziek" if status == Status.EXCUSED else "")


def finish(mark: Mark) -> Deed:
    """The first meeting: everybody this mark, and signed."""

    def deed(scene: Scene, actor: Actor) -> None:
        meeting = scene.here.meetings[0]
        choices = [Choice(row.seat_id, fingerprint(row.mark), mark) for row in list_seat_rows(meeting.id)]
        what = {"meeting_id": meeting.id, "actor": actor, "now": meeting.ends_at + timedelta(minutes=1)}
        attendance.mark(changes=choices, **what)
        commands.finish_sheet(signed_name=get_person(actor.id or 0).name, **what)

    return deed


def finished(mark: Mark) -> Deed:
    """The same, before what a line is about."""

    def deed(scene: Scene, actor: Actor) -> None:
        with transaction():
            finish(mark)(scene, actor)

    return deed


def amend(mark: Mark, times: int = 1) -> Deed:
    """The participant's mark, one day later; several times: to and fro."""

    def deed(scene: Scene, actor: Actor) -> None:
        meeting = scene.here.meetings[0]
        first = list_seat_rows(meeting.id)[0].mark
        for number in range(times):
            (row,) = list_seat_rows(meeting.id)
            what = {"meeting_id": meeting.id, "seat_id": row.seat_id, "was": fingerprint(row.mark), "actor": actor}
            what |= {"wanted": mark if number % 2 == 0 else first, "reason": "Stond op de verkeerde regel"}
            commands.amend_mark(**what, now=meeting.ends_at + timedelta(days=1, minutes=number))

    return deed


PRESENT, LATE = marked(Status.PRESENT), marked(Status.LATE, 10)
ABSENT, EXCUSED = marked(Status.ABSENT), marked(Status.EXCUSED)
SETTLED = "accreditation.points_settled"
FINISHED = ("attendance.marked", "attendance.finished", SETTLED)
AMENDED = ("attendance.amended", SETTLED)
TABLE = (
    Change("finishing for who was there", "trainer office", finish(PRESENT), log=FINISHED),
    Change("finishing for who was late", "trainer office", finish(LATE), log=FINISHED),
    Change("finishing for who was absent", "trainer office", finish(ABSENT), ("attendance.missed to participant",),
           FINISHED),
    Change("finishing for who was excused", "trainer office", finish(EXCUSED), ("attendance.missed to participant",),
           FINISHED),
    Change("there after all", "trainer office", amend(PRESENT), ("attendance.corrected to participant",), AMENDED,
           before=finished(ABSENT)),
    Change("not there after all", "trainer office", amend(EXCUSED), ("attendance.corrected to participant",), AMENDED,
           before=finished(LATE)),
    Change("to and fro", "trainer", amend(PRESENT, times=3), ("attendance.corrected to participant",) * 3,
           AMENDED * 3, before=finished(ABSENT)),
    Change("absent becomes excused", "trainer office", amend(EXCUSED), log=AMENDED, before=finished(ABSENT)),
    Change("late becomes there", "trainer office", amend(PRESENT), log=AMENDED, before=finished(LATE)),
    Change("another excuse", "trainer office", amend(replace(EXCUSED, excuse="Vrij")), log=AMENDED[:1],
           before=finished(EXCUSED)),
    Change("nothing changes", "trainer office", amend(ABSENT), before=finished(ABSENT)),
)  # fmt: skip


@pytest.mark.parametrize(("change", "who"), lines_of(TABLE))
def test_a_list_sends_exactly_this(scene: Scene, change: Change, who: str):
    require_exactly(scene, change, who)

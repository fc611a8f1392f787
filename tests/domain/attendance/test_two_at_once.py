"""Two people who keep one list at the very same moment: the database decides."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask

from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.attendance import commands
from portal.domain.attendance.commands import Change
from portal.domain.attendance.queries import list_seat_rows
from portal.domain.attendance.rules import NOT_MARKED, Mark, Status, fingerprint
from portal.errors import Conflict
from tests import factories

ROUNDS = 8


def at_once(app: Flask, *deeds: Callable[[], Any]) -> list[Any]:
    """What each returned, or the Conflict that it raised; all start together, each in a transaction of its own."""
    start = threading.Barrier(len(deeds))
    done: list[Any] = [None] * len(deeds)

    def work(number: int, deed: Callable[[], Any]) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    done[number] = deed()
            except Conflict as conflict:
                done[number] = conflict

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def test_one_of_two_trainers_is_told_of_the_other(app: Flask):
    for _ in range(ROUNDS):
        given = factories.edition_with_meetings(factories.course_with_modules(1))
        factories.enrolment(given)
        trainers = [factories.person().id, factories.person().id]
        meeting_id, now = given.meetings[0].id, given.meetings[0].starts_at
        seat_id = list_seat_rows(meeting_id)[0].seat_id
        db.session.commit()

        def save(trainer: int, mark: Mark, seat_id=seat_id, meeting_id=meeting_id, now=now) -> commands.Marked:
            change = Change(seat_id, fingerprint(NOT_MARKED), mark)
            return commands.mark(meeting_id=meeting_id, changes=[change], actor=Actor.person(trainer), now=now)

        done = at_once(
            app,
            lambda trainers=trainers, save=save: save(trainers[0], Mark(Status.LATE, 10)),
            lambda trainers=trainers, save=save: save(trainers[1], Mark(Status.ABSENT)),
        )
        assert sorted(len(one.seat_ids) for one in done) == [0, 1]
        assert sorted(len(one.clashes) for one in done) == [0, 1]
        kept = list_seat_rows(meeting_id)[0].mark
        assert kept == (Mark(Status.LATE, 10) if done[0].seat_ids else Mark(Status.ABSENT))


def test_a_list_is_signed_once(app: Flask):
    for _ in range(ROUNDS):
        given = factories.edition_with_meetings(factories.course_with_modules(1))
        factories.enrolment(given)
        trainer = factories.person(name="Noor Jansen")
        meeting_id, now = given.meetings[0].id, given.meetings[0].starts_at + timedelta(hours=3)
        actor = Actor.person(trainer.id)
        db.session.commit()
        with transaction():
            commands.mark_rest_present(meeting_id=meeting_id, actor=actor, now=now)

        def sign(meeting_id=meeting_id, actor=actor, now=now) -> list[int]:
            return commands.finish(meeting_id=meeting_id, signed_name="Noor Jansen", actor=actor, now=now)

        done = at_once(app, sign, sign)
        assert sorted(isinstance(one, Conflict) for one in done) == [False, True]

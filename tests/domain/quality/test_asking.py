"""The worker asks who was there, once, after the last meeting, as long as they may still answer."""

import threading
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, func, select, update

from portal import audit
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.catalogue.rules import EditionState
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.policy import Policy, decide_policy
from portal.domain.enrolment.rules import EnrolmentState
from portal.domain.quality import asking, commands
from portal.domain.quality.asking import work_on_evaluations
from portal.domain.quality.models import Evaluation, EvaluationRequest
from portal.mail import OutgoingMail
from portal.worker import work_once
from tests import factories
from tests.plugins.mail import Mailbox
from tests.quality_scenes import (
    EVERYTHING,
    FIRST,
    NOTHING,
    answer,
    ask,
    at,
    given_edition,
    mark,
    names,
    take_part,
    token_in,
)


def decide(policy: Policy, day: int) -> None:
    with transaction():
        decide_policy(policy=policy, actor=Actor.system(), now=at(day))


def test_the_mail_says_what_one_should_know(app: Flask):
    scene = given_edition()
    assert ask(at(12, 8, 59)) == []
    (mail,) = ask(at(12))
    assert (mail.kind, mail.edition_id, mail.person_id) == (
        "quality.asked",
        scene.edition.id,
        scene.person_id("Dewi Hardjo"),
    )
    assert mail.subject == "Wat vond je van SamenKracht?"
    for words in (
        "Dag Dewi Hardjo,",
        "Invullen kan tot en met vrijdag 2 april 2027.",
        f"https://leerkring.example/evaluatie/{token_in(mail)}",
        "We bewaren je antwoorden zonder je naam.",
        "werkt één keer",
    ):
        assert words in mail.text_body
    assert ask(at(12, 9, 1)) == []
    assert ask(at(13)) == []


def test_it_speaks_its_readers_language(app: Flask):
    scene = given_edition({})
    take_part(scene_of(scene), "Ann", EVERYTHING, language="en")
    (mail,) = ask(at(12))
    assert (mail.subject, mail.language) == ("What did you think of SamenKracht?", "en")
    assert f"https://leerkring.example/en/evaluatie/{token_in(mail)}" in mail.text_body


@pytest.mark.parametrize(
    ("statuses", "asked"),
    [
        (("present", "present"), True),
        (("absent", "late"), True),
        (("left_early", None), True),
        (("absent", "excused"), False),
        ((None, None), False),
        (("excused", "absent"), False),
    ],
)
def test_who_was_there_for_any_dagdeel_is_asked(app: Flask, statuses: Sequence[str | None], asked: bool):
    scene = given_edition({"Dewi": NOTHING})
    seats = select(Seat).where(Seat.enrolment_id == scene.enrolments["Dewi"].id).order_by(Seat.id)
    for seat, status in zip(db.session.scalars(seats), statuses, strict=True):
        mark(seat, status)
    assert names(ask(at(12))) == (["Dewi"] if asked else [])


def test_a_seat_that_was_given_back_and_one_who_cancelled_are_not_asked(app: Flask):
    scene = given_edition({"Blijft": EVERYTHING, "Weg": FIRST, "Ruilt": FIRST})
    scene.enrolments["Weg"].state = EnrolmentState.CANCELLED
    released = Seat.enrolment_id == scene.enrolments["Ruilt"].id, Seat.meeting_id == scene.meetings[0].id
    db.session.execute(update(Seat).where(*released).values(released_at=at(5)))
    assert names(ask(at(12))) == ["Blijft"]


def test_who_completed_it_is_asked_too(app: Flask):
    scene = given_edition()
    scene.enrolments["Dewi Hardjo"].state = EnrolmentState.COMPLETED
    assert names(ask(at(12))) == ["Dewi Hardjo"]


@pytest.mark.parametrize(("seconds", "asked"), [(-1, True), (0, False), (1, False)])
def test_who_was_added_at_the_moment_or_later_is_not_asked(app: Flask, seconds: int, asked: bool):
    scene = given_edition()
    scene.enrolments["Dewi Hardjo"].enrolled_at = at(12) + timedelta(seconds=seconds)
    assert names(ask(at(12, 10))) == (["Dewi Hardjo"] if asked else [])


def test_a_seat_in_another_edition_counts_there_from_when_it_was_taken(app: Flask):
    """Who takes one dagdeel elsewhere was there too, and is asked about both, each in its own time."""
    scene = given_edition({"Dewi": FIRST})
    other = given_edition({}, first_on=date(2027, 3, 18), title="Elders")
    for taken_at, name in ((at(17), "Op tijd"), (at(26), "Te laat")):
        enrolment = scene.enrolments["Dewi"] if name == "Op tijd" else take_part(scene_of(scene), name, NOTHING)
        seat = Seat(enrolment_id=enrolment.id, meeting_id=other.meetings[0].id, taken_at=taken_at)
        mark(factories.add(seat), "present")
    assert [(mail.to_name, mail.edition_id) for mail in ask(at(12))] == [("Dewi", scene.edition.id)]
    assert [(mail.to_name, mail.edition_id) for mail in ask(at(26))] == [("Dewi", other.edition.id)]


def scene_of(scene: Any) -> factories.EditionAndMeetings:
    return factories.EditionAndMeetings(scene.edition, scene.meetings)


def test_two_seats_in_one_edition_are_one_question(app: Flask):
    scene, other = given_edition({"Dewi": EVERYTHING}), given_edition({}, title="Elders")
    elsewhere = take_part(scene_of(other), "Dezelfde", NOTHING)
    elsewhere.person_id = scene.person_id("Dewi")
    seat = Seat(enrolment_id=elsewhere.id, meeting_id=scene.meetings[0].id, taken_at=at(1))
    mark(factories.add(seat), "present")
    assert len(ask(at(12))) == 1


def test_who_is_marked_later_is_asked_then_while_it_is_open(app: Flask):
    scene = given_edition({"Vergeten": NOTHING, "Te laat": NOTHING})
    assert ask(at(12)) == []

    def marked(name: str) -> None:
        for seat in db.session.scalars(select(Seat).where(Seat.enrolment_id == scene.enrolments[name].id)):
            mark(seat, "present")

    marked("Vergeten")
    (mail,) = ask(at(2, 23, 59, month=4))
    assert (mail.to_name, "tot en met vrijdag 2 april" in mail.text_body) == ("Vergeten", True)
    marked("Te laat")
    assert ask(at(3, 0, 0, month=4)) == []


@pytest.mark.parametrize("state", [EditionState.CANCELLED, EditionState.DRAFT])
def test_an_edition_that_was_not_given_asks_nobody(app: Flask, state: EditionState):
    scene = given_edition()
    scene.edition.state = state
    assert ask(at(12)) == []


def test_nobody_is_asked_before_the_last_meeting(app: Flask):
    scene = given_edition({"Dewi": FIRST})
    scene.meetings[1].starts_at += timedelta(days=7)
    scene.meetings[1].ends_at += timedelta(days=7)
    assert ask(at(12)) == []
    assert names(ask(at(19))) == ["Dewi"]


def test_what_ended_long_ago_is_left_alone(app: Flask):
    given_edition()
    assert ask(at(3, 0, 0, month=4)) == []
    assert db.session.scalars(select(Evaluation)).all() == []


def test_the_office_sets_when_and_how_long_and_what_was_promised_stays(app: Flask):
    given_edition({"Eerst": EVERYTHING})
    decide(Policy(evaluation_days=3, evaluation_open_days=5), 1)
    assert ask(at(14, 8, 59)) == []
    (mail,) = ask(at(14))
    assert "tot en met vrijdag 19 maart 2027" in mail.text_body
    decide(Policy(evaluation_days=1, evaluation_open_days=1), 15)
    assert ask(at(15)) == []
    answer(token_in(mail), 8, now=at(19, 23, 59))


def test_the_log_knows_how_many_were_asked_and_not_who(app: Flask):
    scene = given_edition({"Dewi": EVERYTHING, "Jan": FIRST, "Ali": NOTHING})
    ask(at(12))
    (entry,) = audit.list_entries(tag="quality.").entries
    assert (entry.tag, entry.facts) == ("quality.asked", {"edition_id": scene.edition.id, "people": 2})
    assert audit.trail_of("person", scene.person_id("Dewi")).entries == []


def at_once(app: Flask, deed: Callable[[], Any], times: int = 2) -> None:
    start = threading.Barrier(times)
    faults: list[BaseException] = []

    def run() -> None:
        with app.app_context():
            start.wait()
            try:
                while deed():
                    pass
            except BaseException as fault:
                faults.append(fault)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_two_workers_ask_nobody_twice(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(commands, "PORTION", 3)
    scenes = [given_edition(dict.fromkeys([f"P{number}" for number in range(8)], EVERYTHING)) for _ in range(2)]
    db.session.commit()
    at_once(app, lambda: work_on_evaluations(at(12)))
    asked = db.session.scalars(select(OutgoingMail.person_id)).all()
    assert (len(asked), len(set(asked))) == (16, 16)
    counted = select(Evaluation.asked).where(Evaluation.edition_id.in_([scene.edition.id for scene in scenes]))
    assert db.session.scalars(counted).all() == [8, 8]


def test_a_worker_killed_halfway_goes_on(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(commands, "PORTION", 2)
    given_edition(dict.fromkeys([f"P{number}" for number in range(5)], EVERYTHING))
    written: list[str] = []

    def kill(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        written.extend([statement] if "INSERT INTO outgoing_mails" in statement else [])
        if len(written) == 4:
            raise KeyboardInterrupt

    event.listen(db.engine, "before_cursor_execute", kill)
    try:
        with pytest.raises(KeyboardInterrupt):
            ask(at(12))
    finally:
        event.remove(db.engine, "before_cursor_execute", kill)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == 2
    ask(at(12))
    asked = db.session.scalars(select(OutgoingMail.person_id)).all()
    assert (len(asked), len(set(asked))) == (5, 5)
    assert db.session.scalars(select(Evaluation.asked)).all() == [5]


def test_looking_costs_the_same_however_many_there_are(app: Flask, count_queries: Any):
    numbers = []
    for more in (1, 12):
        for _ in range(more):
            given_edition(dict.fromkeys("ABC", EVERYTHING))
        ask(at(12))
        db.session.commit()
        with count_queries() as queries:
            assert work_on_evaluations(at(12, 9, 5)) == 0
        numbers.append(len(queries))
    assert numbers == [4, 4], queries


def test_who_was_asked_is_forgotten_a_month_after_it_closed(app: Flask):
    scene = given_edition({"Dewi": EVERYTHING, "Jan": EVERYTHING})
    mails = ask(at(12))
    answer(token_in(mails[0]), 8)
    closes_at = at(3, 0, 0, month=4)
    ask(closes_at + timedelta(days=30, seconds=-1))
    assert db.session.scalar(select(func.count()).select_from(EvaluationRequest)) == 2
    ask(closes_at + timedelta(days=30))
    assert db.session.scalar(select(func.count()).select_from(EvaluationRequest)) == 0
    assert db.session.get_one(Evaluation, scene.edition.id).asked == 2
    assert audit.list_entries(tag="quality.asked_forgotten").entries[0].facts["people"] == 2


def test_the_worker_asks_and_the_mail_arrives(app: Flask, mailbox: Mailbox):
    given_edition()
    db.session.commit()
    with time_machine.travel(at(12), tick=False):
        work_once()
    wanted = select(OutgoingMail.to_address).where(OutgoingMail.kind == "quality.asked")
    subjects = [message["Subject"] for message in mailbox.to(db.session.scalars(wanted).one())]
    assert "Wat vond je van SamenKracht?" in subjects


def test_an_evaluation_opens_once(app: Flask):
    scene = given_edition()
    db.session.commit()
    window = asking.window(scene.meetings[-1].ends_at, 1, 21)
    for opened in (True, False):
        with transaction():
            assert commands.open_evaluation(edition_id=scene.edition.id, window=window) is opened


def test_the_last_meeting_is_found_among_many(app: Flask):
    """By when it ended, not by its dagdeel."""
    scene = given_edition({"Dewi": EVERYTHING})
    first, second = scene.meetings
    db.session.execute(update(Meeting).where(Meeting.id == first.id).values(starts_at=at(18, 9), ends_at=at(18, 12)))
    assert ask(at(12)) == []
    assert names(ask(at(19))) == ["Dewi"]
    assert db.session.get_one(Edition, scene.edition.id).state == EditionState.PUBLISHED
    assert second.ends_at < at(12)
    assert db.session.scalars(select(Enrolment.state)).all() == ["enrolled"]

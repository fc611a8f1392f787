"""The worker reminds people: once each, in one mail, of what is theirs and still to come."""

import threading
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, update

from portal import clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.catalogue.rules import EditionState
from portal.domain.enrolment import commands, reminders
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.policy import Policy, decide_policy
from portal.domain.enrolment.reminder_models import Reminder, ReminderRound
from portal.domain.enrolment.reminders import remind_due
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings

FIRST_ON = date(2027, 3, 4)
LONG_BEFORE = clock.from_local(datetime.combine(date(2027, 1, 4), time(12)))


def at(day: int, hour: int = 9, minute: int = 0, month: int = 3) -> datetime:
    return clock.from_local(datetime.combine(date(2027, month, day), time(hour, minute)))


@pytest.fixture
def edition(app: Flask) -> EditionAndMeetings:
    """Dagdelen on 4 and 11 March 2027; the second asks preparation."""
    of = factories.course_with_modules(2, title="SamenKracht")
    of.modules[1].preparation, of.modules[1].preparation_minutes = "Lees hoofdstuk 3", 45
    return factories.edition_with_meetings(of, FIRST_ON, capacity=60)


def enrolment(edition: EditionAndMeetings, name: str = "Şule Yılmaz", **values: Any) -> Enrolment:
    who = factories.person(name=name, **{key: values.pop(key) for key in ("email", "language") if key in values})
    return factories.enrolment(edition, who, **{"enrolled_at": LONG_BEFORE} | values)


def work(now: datetime) -> list[OutgoingMail]:
    """All that is due at an instant is done; the mails that this queued."""
    db.session.commit()
    before = db.session.scalar(select(func.max(OutgoingMail.id))) or 0
    while remind_due(now):
        pass
    found = select(OutgoingMail).where(OutgoingMail.id > before).order_by(OutgoingMail.id)
    return list(db.session.scalars(found))


def kinds(mails: list[OutgoingMail]) -> list[str]:
    return [mail.kind.removeprefix("enrolment.") for mail in mails]


def test_practical_information_says_all_one_needs(edition: EditionAndMeetings):
    factories.add(
        factories.MeetingTrainer(meeting_id=edition.meetings[0].id, person_id=factories.person(name="Noor").id)
    )
    given = enrolment(edition)
    assert work(at(18, 8, 59, month=2)) == []
    (mail,) = work(at(18, 9, 0, month=2))
    assert (mail.kind, mail.edition_id) == ("enrolment.practical", edition.edition.id)
    assert mail.subject == "Praktische informatie over SamenKracht"
    for words in (
        "Dag Şule Yılmaz,",
        "Op donderdag 4 maart 2027 begint SamenKracht.",
        "Dagdeel 1: donderdag 4 maart 2027, 09.30 – 12.30 uur, Grote Markt 1, Zwolle",
        "Dagdeel 2: donderdag 11 maart 2027",
        "Voorbereiding 2: Lees hoofdstuk 3 (ongeveer 45 minuten)",
        "Trainers: Noor",
        "Neem iets mee om te schrijven",
        f"https://leerkring.example/mijn/inschrijvingen/{given.id}",
        "De voorwaarden lees je op https://leerkring.example/voorwaarden",
    ):
        assert words in mail.text_body
    assert work(at(18, 9, 0, month=2)) == []


def test_each_reminder_comes_once_on_its_day(edition: EditionAndMeetings):
    enrolment(edition)
    found = {}
    moment = at(17, 8, 0, month=2)
    while moment < at(20):
        for mail in work(moment):
            found.setdefault(str(clock.local_date(moment)), []).append(mail.kind.removeprefix("enrolment."))
        moment += timedelta(hours=5)
    assert found == {
        "2027-02-18": ["practical"],
        "2027-03-03": ["tomorrow"],
        "2027-03-04": ["preparation"],
        "2027-03-10": ["tomorrow"],
    }


def test_what_falls_on_one_day_is_one_mail(edition: EditionAndMeetings):
    with transaction():
        office = factories.person()
        policy = Policy(preparation_days=8)
        decide_policy(policy=policy, actor=Actor.person(office.id), now=LONG_BEFORE)
    enrolment(edition, language="en")
    work(at(18, month=2))
    (mail,) = work(at(3))
    assert (mail.kind, mail.language) == ("enrolment.tomorrow", "en")
    assert "Session 1: Thursday 4 March 2027" in mail.text_body
    assert "Session 2: Thursday 11 March 2027" in mail.text_body
    assert "Lees hoofdstuk 3" in mail.text_body
    assert mail.text_body.count("Şule") == 1
    assert work(at(4)) == []


@pytest.mark.parametrize(("seconds", "expected"), [(-1, ["practical"]), (0, []), (1, [])])
def test_who_enrols_at_the_moment_or_later_has_just_read_it(edition: EditionAndMeetings, seconds: int, expected: list):
    moment = at(18, month=2)
    enrolment(edition, enrolled_at=moment + timedelta(seconds=seconds))
    assert kinds(work(moment + timedelta(seconds=2))) == expected


def test_a_seat_in_another_edition_counts_from_when_it_was_taken(edition: EditionAndMeetings):
    """Somebody who sits in for one dagdeel is reminded of that dagdeel, wherever it is given."""
    elsewhere = factories.edition_with_meetings(factories.course_with_modules(1, title="EK-1"), date(2027, 4, 8))
    given = enrolment(edition)
    late = enrolment(edition, name="Laat")
    for each, taken_at in ((given, at(7, 8, 59, month=4)), (late, at(7, 9, 0, month=4))):
        factories.add(Seat(enrolment_id=each.id, meeting_id=elsewhere.meetings[0].id, taken_at=taken_at))
    work(at(11, 20))
    (mail,) = work(at(7, 10, month=4))
    assert (mail.person_id, mail.kind, mail.edition_id) == (
        given.person_id,
        "enrolment.tomorrow",
        elsewhere.edition.id,
    )
    assert "EK-1" in mail.subject


def test_a_moved_meeting_is_told_for_its_new_day(edition: EditionAndMeetings):
    enrolment(edition)
    work(at(18, month=2))
    assert kinds(work(at(3))) == ["tomorrow"]
    later = at(5, 9, 30)
    with transaction():
        commands.move_meeting(
            meeting_id=edition.meetings[0].id, starts_at=later, ends_at=later + timedelta(hours=3), venue="Elders",
            link="", actor=Actor.system(), now=at(3, 12),
        )  # fmt: skip
    assert kinds(work(at(3, 13))) == []
    assert kinds(work(at(4, 8, 59))) == []
    (mail,) = [mail for mail in work(at(4, 9, 0)) if mail.kind == "enrolment.tomorrow"]
    assert "donderdag 11 maart 2027" in mail.text_body
    assert "vrijdag 5 maart 2027" in mail.text_body


def test_nobody_is_reminded_of_what_is_not_theirs_any_more(edition: EditionAndMeetings):
    leaves, stays = enrolment(edition, "Weg"), enrolment(edition, "Blijft")
    with transaction():
        commands.cancel_enrolment(enrolment_id=leaves.id, actor=Actor.system(), now=at(1, month=2))
    released = select(Seat.id).where(Seat.enrolment_id == stays.id, Seat.meeting_id == edition.meetings[1].id)
    db.session.execute(update(Seat).where(Seat.id.in_(released)).values(released_at=at(1, month=2)))
    assert [mail.person_id for mail in work(at(18, month=2))] == [stays.person_id]
    assert kinds(work(at(3))) == ["tomorrow"]
    assert kinds(work(at(10))) == []


@pytest.mark.parametrize("state", [EditionState.CANCELLED, EditionState.DRAFT])
def test_an_edition_that_is_not_given_reminds_nobody(edition: EditionAndMeetings, state: EditionState):
    enrolment(edition)
    db.session.execute(update(Edition).values(state=state))
    assert work(at(18, month=2)) == []


def test_what_to_bring_is_told_once_it_is_sure_that_the_edition_is_given(edition: EditionAndMeetings):
    enrolment(edition)
    db.session.execute(update(Edition).values(state=EditionState.TENTATIVE))
    assert work(at(20, month=2)) == []
    db.session.execute(update(Edition).values(state=EditionState.CONFIRMED))
    assert kinds(work(at(21, month=2))) == ["practical"]
    db.session.execute(update(Edition).values(state=EditionState.TENTATIVE))
    assert kinds(work(at(3))) == ["tomorrow"]


def test_after_standing_still_only_what_is_of_use_is_sent(edition: EditionAndMeetings):
    enrolment(edition)
    (mail,) = work(at(4, 9, 29))
    assert mail.kind == "enrolment.tomorrow"
    assert "Herinnering: SamenKracht, vandaag" in mail.subject
    assert "Dagdeel 2" in mail.text_body
    enrolment(edition, "Te laat")
    assert kinds(work(at(11, 9, 30))) == []


def test_other_days_hold_from_now_on_and_nobody_hears_twice(edition: EditionAndMeetings):
    enrolment(edition)
    assert kinds(work(at(18, month=2))) == ["practical"]
    between = enrolment(edition, "Tussendoor", enrolled_at=at(20, month=2))
    with transaction():
        decide_policy(policy=Policy(practical_days=10), actor=Actor.system(), now=at(20, 12, month=2))
    assert kinds(work(at(21, month=2))) == []
    assert [mail.person_id for mail in work(at(22, month=2))] == [between.person_id]


def test_the_trainer_hears_who_comes_in_one_mail_a_day(edition: EditionAndMeetings):
    trainer = factories.person(name="Noor Jansen")
    other = factories.edition_with_meetings(factories.course_with_modules(1, title="EK-1"), FIRST_ON)
    for meeting in (*edition.meetings, other.meetings[0]):
        factories.add(factories.MeetingTrainer(meeting_id=meeting.id, person_id=trainer.id))
    enrolment(edition)
    enrolment(edition)
    mails = [mail for mail in work(at(3)) if mail.person_id == trainer.id]
    assert kinds(mails) == ["trainer"]
    assert mails[0].subject == "Je geeft morgen SamenKracht, EK-1"
    assert "2 deelnemers" in mails[0].text_body
    assert "0 deelnemers" in mails[0].text_body
    assert "https://leerkring.example/trainer" in mails[0].text_body
    assert "Yılmaz" not in mails[0].text_body
    mails = [mail for mail in work(at(10)) if mail.person_id == trainer.id]
    assert f"https://leerkring.example/bijeenkomsten/{edition.meetings[1].id}/presentie" in mails[0].text_body


def at_once(app: Flask, deed: Callable[[], None], times: int = 2) -> None:
    start = threading.Barrier(times)
    faults: list[BaseException] = []

    def run() -> None:
        with app.app_context():
            start.wait()
            try:
                deed()
            except BaseException as fault:
                faults.append(fault)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_two_workers_tell_nobody_twice(app: Flask, edition: EditionAndMeetings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reminders, "PORTION", 3)
    people = {enrolment(edition, f"Deelnemer {number}").person_id for number in range(20)}
    db.session.commit()

    def until_done() -> None:
        while remind_due(at(18, month=2)):
            pass

    at_once(app, until_done)
    mails = db.session.scalars(select(OutgoingMail.person_id)).all()
    assert sorted(mails) == sorted(people)
    assert db.session.scalar(select(func.count()).select_from(Reminder)) == len(people)


def test_a_worker_that_is_killed_halfway_goes_on(edition: EditionAndMeetings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reminders, "PORTION", 2)
    people = {enrolment(edition).person_id for _ in range(5)}
    written: list[str] = []

    def kill(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        written.extend([statement] if "INSERT INTO outgoing_mails" in statement else [])
        if len(written) == 4:
            raise KeyboardInterrupt

    db.session.commit()
    event.listen(db.engine, "before_cursor_execute", kill)
    try:
        with pytest.raises(KeyboardInterrupt):
            remind_due(at(18, month=2))
    finally:
        event.remove(db.engine, "before_cursor_execute", kill)
    db.session.rollback()
    assert len(db.session.scalars(select(OutgoingMail.person_id)).all()) == 2
    work(at(18, month=2))
    assert sorted(db.session.scalars(select(OutgoingMail.person_id))) == sorted(people)


def test_looking_is_one_query_and_reads_few_rows(edition: EditionAndMeetings, count_queries: Any):
    """What was gone through is passed over: a look costs the same with one person or with many."""
    numbers = []
    for more in (1, 40):
        for _ in range(more):
            enrolment(edition)
        work(at(18, month=2))
        with count_queries() as queries:
            assert remind_due(at(18, month=2)) == 0
        numbers.append(len(queries))
    assert numbers == [2, 2], queries
    rounds = db.session.scalars(select(ReminderRound.kind).order_by(ReminderRound.kind)).all()
    assert set(rounds) == {"practical"}
    assert db.session.scalar(select(func.count()).select_from(Meeting)) == 2

"""What calendar programs answer is read from a real mailbox and noted; a no is asked about, and never believed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal import audit, clock
from portal.audit import Actor
from portal.config import ReplyMailbox
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.domain.calendar.models import CalendarInvitation, CalendarReply
from portal.domain.calendar.replies import answer_question, confirm_coming, count_open, list_open_questions
from portal.domain.calendar.rules import Answer
from portal.domain.catalogue.rules import EditionState
from portal.domain.enrolment import commands, edition_life
from portal.domain.enrolment.declines import read_replies
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.rules import EnrolmentState
from portal.errors import Conflict, NotFound
from portal.mail import OutgoingMail
from portal.mail.reply_reading import LEASE, claim_look, find_reading
from tests import calendar_answers as answers
from tests import factories
from tests.factories import EditionAndMeetings
from tests.plugins.imap import Replies

SULE = "sule@zorg.example"
OFFICE = Actor.person(1)


@pytest.fixture
def reading(make_app: Callable[..., Flask], replies: Replies) -> Flask:
    """A portal that reads this mailbox. Its context is the test's."""
    return make_app(reply_mailbox=mailbox_of(replies))


def mailbox_of(replies: Replies, **changes: object) -> ReplyMailbox:
    settings = ReplyMailbox("127.0.0.1", replies.server.port, replies.user, replies.password, "off")
    return dataclasses.replace(settings, **changes)  # type: ignore[arg-type]


def look(reading: Flask, at: timedelta = timedelta(0)) -> int:
    """The worker looks, so much later than now."""
    db.session.commit()
    with reading.app_context():
        return read_replies(clock.now() + at)


@pytest.fixture
def edition(app: Flask) -> EditionAndMeetings:
    """Two dagdelen in which Şule takes part."""
    made = factories.edition_with_meetings(factories.course_with_modules(2, title="SamenKracht"))
    factories.enrol(made, SULE)
    return made


def uid_of(edition: EditionAndMeetings, position: int = 1, email: str = SULE) -> str:
    return db.session.scalars(
        select(CalendarInvitation.uid)
        .join(Person, Person.id == CalendarInvitation.person_id)
        .where(Person.email == email, CalendarInvitation.meeting_id == edition.meetings[position - 1].id)
    ).one()


def noted() -> list[tuple[str, bool, str | None]]:
    """(what was said, whether it became a question, its answer) of every reply, in order."""
    rows = db.session.scalars(select(CalendarReply).order_by(CalendarReply.id))
    return [(row.partstat, row.asked_at is not None, row.answer) for row in rows]


def asked() -> list[OutgoingMail]:
    found = select(OutgoingMail).where(OutgoingMail.kind == "enrolment.decline_asked").order_by(OutgoingMail.id)
    return list(db.session.scalars(found))


@pytest.mark.parametrize("shape", answers.SHAPES)
def test_a_no_becomes_a_question_and_nothing_else_changes(
    reading: Flask, replies: Replies, edition: EditionAndMeetings, shape: str
) -> None:
    replies.deliver(answers.SHAPES[shape](uid_of(edition), SULE))
    assert look(reading) == 1
    assert noted() == [("declined", True, None)]
    (mail,) = asked()
    assert (mail.to_address, mail.subject) == (SULE, "Je agenda zei dat je niet kunt. Klopt dat?")
    enrolment = db.session.scalars(select(Enrolment)).one()
    assert f"/mijn/inschrijvingen/{enrolment.id}" in mail.text_body
    assert enrolment.state == EnrolmentState.ENROLLED
    assert [seat.released_at for seat in db.session.scalars(select(Seat))] == [None, None]
    assert replies.unread() == []


@pytest.mark.parametrize("partstat", ["ACCEPTED", "TENTATIVE"])
def test_a_yes_and_a_maybe_are_only_noted(
    reading: Flask, replies: Replies, edition: EditionAndMeetings, partstat: str
) -> None:
    replies.deliver(answers.google(uid_of(edition), SULE, partstat))
    look(reading)
    assert (noted(), asked()) == ([(partstat.lower(), False, None)], [])


def test_another_time_that_is_proposed_is_asked_about_too(
    reading: Flask, replies: Replies, edition: EditionAndMeetings
) -> None:
    replies.deliver(answers.counter(uid_of(edition), SULE))
    look(reading)
    assert noted() == [("countered", True, None)]
    assert "voorstel voor een andere tijd" in asked()[0].text_body


def test_four_declines_in_a_row_are_four_questions_and_one_mail(
    reading: Flask, replies: Replies, edition: EditionAndMeetings
) -> None:
    replies.deliver(*(answers.outlook(uid_of(edition, position), SULE) for position in (1, 2)))
    replies.deliver(answers.outlook(uid_of(edition, 1), SULE))
    assert look(reading) == 3
    assert noted() == [("declined", True, None), ("declined", True, None), ("declined", False, None)]
    assert len(asked()) == 1


def test_one_mail_counts_once_however_often_it_is_read(
    reading: Flask, replies: Replies, edition: EditionAndMeetings
) -> None:
    mail = answers.apple(uid_of(edition), SULE)
    replies.deliver(mail, mail)
    assert look(reading) == 2
    assert look(reading, timedelta(minutes=2)) == 0
    replies.begin_anew()
    replies.deliver(mail)
    assert look(reading, timedelta(minutes=4)) == 1
    assert (noted(), len(asked())) == ([("declined", True, None)], 1)


def test_what_is_no_answer_stops_nothing_and_stays_unread_for_people(
    reading: Flask, replies: Replies, edition: EditionAndMeetings
) -> None:
    strange = [answers.spam(), answers.out_of_office(SULE), b"Subject: kapot\r\n\r\n\x00\xff", b"Subject: leeg\r\n\r\n"]
    foreign = answers.plain("iemand-anders@elders.example", SULE)
    replies.deliver(*strange, foreign, answers.plain(uid_of(edition), SULE))
    assert look(reading) == 6
    assert noted() == [("declined", True, None)]
    assert len(replies.unread()) == 5
    state = find_reading()
    assert state is not None
    assert (state.answers, state.others, state.unreadable, state.last_error) == (1, 5, 0, "")


def test_a_mail_that_breaks_the_reading_is_counted_and_passed(
    reading: Flask, replies: Replies, edition: EditionAndMeetings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.domain.enrolment import declines

    real = declines.read_reply

    def breaking(data: bytes) -> object:
        if b"breekt" in data:
            raise RuntimeError("stuk")
        return real(data)

    monkeypatch.setattr(declines, "read_reply", breaking)
    replies.deliver(b"Subject: breekt\r\n\r\n", answers.plain(uid_of(edition), SULE))
    assert look(reading) == 2
    state = find_reading()
    assert state is not None
    assert (state.answers, state.unreadable) == (1, 1)
    assert look(reading, timedelta(minutes=2)) == 0


def test_an_answer_from_another_address_is_asked_about_and_says_so(
    reading: Flask, replies: Replies, edition: EditionAndMeetings
) -> None:
    replies.deliver(answers.plain(uid_of(edition), "kwaad@elders.example"))
    look(reading)
    (row,) = db.session.scalars(select(CalendarReply))
    assert (row.other_address, row.asked_at is not None) == (True, True)
    assert "kwam van een ander adres" in asked()[0].text_body
    assert asked()[0].to_address == SULE


def test_a_no_to_what_was_withdrawn_or_is_over_is_only_noted(
    reading: Flask, replies: Replies, edition: EditionAndMeetings
) -> None:
    first, second = uid_of(edition, 1), uid_of(edition, 2)
    past = clock.now() - timedelta(days=1)
    edition.meetings[0].starts_at, edition.meetings[0].ends_at = past, past + timedelta(hours=3)
    invitation = db.session.scalars(select(CalendarInvitation).where(CalendarInvitation.uid == second)).one()
    invitation.withdrawn_at = clock.now()
    replies.deliver(answers.plain(first, SULE), answers.plain(second, SULE))
    look(reading)
    assert (noted(), asked()) == ([("declined", False, None)] * 2, [])


def test_a_trainers_no_is_for_the_office(reading: Flask, replies: Replies) -> None:
    noor = factories.person(role=Role.TRAINER, email="noor@leerkring.example")
    of = factories.edition_with_meetings(factories.course_with_modules(1), trainer=noor, state=EditionState.DRAFT)
    with transaction():
        edition_life.publish_edition(edition_id=of.edition.id, actor=OFFICE, now=clock.now())
    replies.deliver(answers.plain(uid_of(of, 1, noor.email), noor.email))
    look(reading)
    assert (asked(), count_open(clock.now()).number) == ([], 1)


def test_a_question_closes_when_they_come_when_it_moves_and_when_they_cancel(
    reading: Flask, replies: Replies, edition: EditionAndMeetings
) -> None:
    now, who = clock.now(), db.session.scalars(select(Person).where(Person.email == SULE)).one()
    replies.deliver(answers.plain(uid_of(edition, 1), SULE), answers.plain(uid_of(edition, 2), SULE))
    look(reading)
    first, second = edition.meetings
    with transaction():
        confirm_coming(person_id=who.id, meeting_ids=[first.id], actor=Actor.person(who.id), now=now)
    assert noted() == [("declined", True, "coming"), ("declined", True, None)]
    with pytest.raises(Conflict, match="al beantwoord"), transaction():
        confirm_coming(person_id=who.id, meeting_ids=[first.id], actor=Actor.person(who.id), now=now)
    with transaction():
        commands.move_meeting(
            meeting_id=second.id,
            starts_at=second.starts_at + timedelta(days=1),
            ends_at=second.ends_at + timedelta(days=1),
            venue=second.venue,
            link=second.link,
            actor=OFFICE,
            now=now,
        )
    assert noted() == [("declined", True, "coming"), ("declined", True, "moved")]
    replies.deliver(answers.plain(uid_of(edition, 1), SULE))
    look(reading, timedelta(minutes=2))
    assert count_open(now).number == 1
    enrolment_id = db.session.scalars(select(Enrolment.id)).one()
    with transaction():
        commands.cancel_enrolment(enrolment_id=enrolment_id, actor=Actor.person(who.id), now=now)
    assert noted()[2] == ("declined", True, "withdrawn")
    assert count_open(now).number == 0
    assert list_open_questions(who.id, [first.id, second.id], now) == []
    with pytest.raises(NotFound):
        answer_question(reply_id=999, answer=Answer.HANDLED, actor=OFFICE, now=now)


def test_it_is_in_the_trail_of_the_meeting(reading: Flask, replies: Replies, edition: EditionAndMeetings) -> None:
    replies.deliver(answers.plain(uid_of(edition), SULE))
    look(reading)
    entries = audit.trail_of("meeting", edition.meetings[0].id).entries
    assert entries[0].tag == "calendar.reply_read"
    assert entries[0].facts["partstat"] == "declined"


def test_only_one_worker_looks_at_a_time_and_a_dead_one_is_followed(reading: Flask, replies: Replies) -> None:
    mailbox, now = mailbox_of(replies), clock.now()
    first = claim_look(mailbox, now)
    assert first is not None
    assert claim_look(mailbox, now) is None
    assert look(reading) == 0
    assert claim_look(mailbox, now + LEASE - timedelta(seconds=1)) is None
    assert claim_look(mailbox, now + LEASE) is not None


def test_two_workers_at_once_read_each_mail_once(reading: Flask, replies: Replies, edition: EditionAndMeetings) -> None:
    from concurrent.futures import ThreadPoolExecutor

    replies.deliver(*(answers.plain(uid_of(edition, position), SULE) for position in (1, 2)))
    db.session.commit()
    now = clock.now()

    def work(_number: int) -> int:
        with reading.app_context():
            return read_replies(now)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(work, range(4))) == [0, 0, 0, 2]
    assert len(noted()) == 2


def test_a_mail_that_the_database_cannot_take_now_is_read_again(
    reading: Flask, replies: Replies, edition: EditionAndMeetings
) -> None:
    uid = uid_of(edition)
    replies.deliver(answers.plain(uid, SULE), answers.plain(uid_of(edition, 2), SULE))
    db.session.commit()
    meeting_id = edition.meetings[0].id
    with transaction():
        # Nothing of this meeting can be written: what stands in for a database that is busy.
        if db.engine.dialect.name == "sqlite":
            db.session.execute(
                text(
                    "CREATE TRIGGER busy BEFORE INSERT ON calendar_replies WHEN NEW.invitation_id = "
                    f"(SELECT id FROM calendar_invitations WHERE meeting_id = {meeting_id}) "
                    "BEGIN SELECT RAISE(ABORT, 'busy'); END"
                )
            )
        else:
            db.session.execute(text("ALTER TABLE calendar_replies ADD CONSTRAINT busy CHECK (invitation_id <> 1)"))
    assert look(reading) == 2
    assert len(noted()) == 1
    with transaction():
        undo = (
            "DROP TRIGGER busy"
            if db.engine.dialect.name == "sqlite"
            else ("ALTER TABLE calendar_replies DROP CONSTRAINT busy")
        )
        db.session.execute(text(undo))
    assert look(reading, timedelta(minutes=2)) == 2
    assert len(noted()) == 2


def test_a_server_that_cannot_be_reached_is_asked_again_later(make_app: Callable[..., Flask], replies: Replies) -> None:
    wrong = make_app(reply_mailbox=mailbox_of(replies, password="fout"))
    assert look(wrong) == 0
    state = find_reading()
    assert state is not None
    assert "AUTHENTICATIONFAILED" in state.last_error
    assert look(wrong, timedelta(minutes=1)) == 0
    assert "fout" not in state.last_error
    assert state.next_look_at > clock.now() + timedelta(minutes=4)

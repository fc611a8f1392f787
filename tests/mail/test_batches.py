"""Mail that waits after a deed of the office: it can be stopped, hurried, released and dropped, and keeps its order."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.errors import Conflict, NotFound
from portal.mail import Invitation, Letter, MailState, OutgoingMail, Recipient, batches, enqueue
from portal.mail.batches import BatchRow, list_batches
from portal.mail.models import MailBatch
from portal.mail.sender import send_due
from tests.plugins.mail import Mailbox

OFFICE = Actor.person(1)
CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Leerkring//NL\r\nEND:VCALENDAR\r\n"
TEN_MINUTES = timedelta(minutes=10)
DEWI, ANNA = "dewi@zorg.example", "anna@zorg.example"
PERSONS = {DEWI: 5, ANNA: 6}


def write(subject: str, to: str, method: str | None = None, now: datetime | None = None) -> None:
    """Queues one mail, with a calendar where it has a method."""
    enqueue(
        Letter(subject=subject, paragraphs=("Dag,",)),
        kind="test.mail",
        to=Recipient(to, "Dewi Hardjo", "nl", PERSONS[to]),
        dedupe_key=f"{subject}:{to}",
        now=now or clock.now(),
        invitation=Invitation(CALENDAR, method) if method else None,
    )


def deed(*subjects: str, to: str = DEWI, wait: timedelta = TEN_MINUTES, method: str | None = None) -> int:
    """Mails that wait together; the number of their batch, 0 when there is none."""
    now = clock.now()
    with transaction(), batches.waiting(deed="test.deed", wait=wait, edition_id=7, actor=OFFICE, now=now):
        for subject in subjects:
            write(subject, to, method, now)
    return db.session.scalar(select(MailBatch.id).order_by(MailBatch.id.desc())) or 0


def turn(command: Callable[..., int], batch_id: int, now: datetime | None = None) -> int:
    with transaction():
        return command(batch_id=batch_id, actor=OFFICE, now=now or clock.now())


def states() -> list[str]:
    return list(db.session.scalars(select(OutgoingMail.state).order_by(OutgoingMail.id)))


def sent(mailbox: Mailbox, now: datetime) -> list[str]:
    """The subjects of all that has arrived by then, in order."""
    db.session.commit()
    with time_machine.travel(now):
        send_due(now)
    return [str(message["Subject"]) for message in mailbox.to(DEWI)]


def test_the_mails_of_a_deed_go_when_the_wait_is_over(app: Flask, mailbox: Mailbox):
    with time_machine.travel(datetime(2027, 3, 18, 9, 0, tzinfo=UTC)):
        deed("Een", "Twee")
        listed = list_batches(now=clock.now())
    (batch,) = listed
    assert (batch.deed, batch.edition_id, batch.made_by_id, batch.waiting, batch.stopped) == ("test.deed", 7, 1, 2, 0)
    for seconds, arrived, minutes in ((0, 0, 10), (1, 0, 10), (541, 0, 1), (599, 0, 1), (600, 2, 0), (601, 2, 0)):
        now = batch.made_at + timedelta(seconds=seconds)
        assert (len(sent(mailbox, now)), batch.minutes_left(now)) == (arrived, minutes), seconds
    assert list_batches(now=now) == []


def test_what_is_written_outside_a_deed_does_not_wait(app: Flask, mailbox: Mailbox):
    deed("Een")
    with transaction():
        write("Los", DEWI)
    assert sent(mailbox, clock.now()) == ["Los"]


def test_no_wait_and_no_mail_leave_no_trace(app: Flask, mailbox: Mailbox):
    assert (deed("Meteen", wait=timedelta(0)), deed()) == (0, 0)
    assert sent(mailbox, clock.now()) == ["Meteen"]


def test_one_deed_is_not_inside_another_and_a_fault_ends_it(app: Flask):
    def inside() -> None:
        with batches.waiting(deed="test.inner", wait=TEN_MINUTES, actor=OFFICE, now=clock.now()):
            pass

    def around() -> None:
        with transaction(), batches.waiting(deed="test.outer", wait=TEN_MINUTES, actor=OFFICE, now=clock.now()):
            inside()

    with pytest.raises(RuntimeError):
        around()
    assert batches.open_batch() is None
    assert db.session.scalars(select(MailBatch)).all() == []


def test_what_was_stopped_goes_when_it_is_released(app: Flask, mailbox: Mailbox):
    batch_id, later = deed("Een", "Twee"), clock.now() + timedelta(days=3)
    assert turn(batches.stop_batch, batch_id) == 2
    assert sent(mailbox, later) == []
    assert [(row.waiting, row.stopped) for row in list_batches(edition_id=7, now=later)] == [(0, 2)]
    assert list_batches(edition_id=8, now=later) == []
    assert turn(batches.release_batch, batch_id) == 2
    assert sent(mailbox, later) == ["Een", "Twee"]
    tags = [(entry.tag, entry.facts["mails"]) for entry in audit.trail_of("mail_batch", batch_id).entries]
    assert tags == [("mail.released", 2), ("mail.stopped", 2)]


def test_what_was_dropped_never_goes(app: Flask, mailbox: Mailbox):
    batch_id = deed("Een")
    turn(batches.stop_batch, batch_id)
    assert turn(batches.drop_batch, batch_id) == 1
    assert (sent(mailbox, clock.now() + timedelta(days=3)), states()) == ([], [MailState.DROPPED])
    assert list_batches(now=clock.now()) == []


def test_the_office_may_send_at_once(app: Flask, mailbox: Mailbox):
    batch_id = deed("Een")
    assert turn(batches.hurry_batch, batch_id) == 1
    assert sent(mailbox, clock.now()) == ["Een"]


@pytest.mark.parametrize(
    "command", [batches.stop_batch, batches.hurry_batch, batches.release_batch, batches.drop_batch]
)
def test_what_has_gone_is_not_turned_and_what_is_not_there_not_found(
    app: Flask, mailbox: Mailbox, command: Callable[..., int]
):
    batch_id = deed("Een")
    later = clock.now() + TEN_MINUTES
    assert sent(mailbox, later) == ["Een"]
    with pytest.raises(Conflict):
        turn(command, batch_id, later)
    assert (states(), audit.trail_of("mail_batch", batch_id).total) == ([MailState.SENT], 0)
    with pytest.raises(NotFound):
        turn(command, 987)


def test_a_mail_that_the_worker_has_taken_is_not_stopped(app: Flask):
    batch_id = deed("Een", "Twee")
    taken = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).first()
    assert taken is not None
    taken.attempts, taken.leased_until = 1, clock.now() + TEN_MINUTES
    db.session.commit()
    assert turn(batches.stop_batch, batch_id) == 1
    assert states() == [MailState.QUEUED, MailState.STOPPED]


@pytest.mark.parametrize("release", [True, False])
def test_later_calendars_of_a_person_wait_for_what_was_stopped(app: Flask, mailbox: Mailbox, release: bool):
    """Stopped, the new time has not reached Dewi's calendar: the cancellation after it must not arrive alone, nor may
    somebody else's mail, or mail without a calendar, wait for it."""
    batch_id = deed("Verplaatst", method="REQUEST")
    turn(batches.stop_batch, batch_id)
    with transaction():
        write("Geannuleerd", DEWI, "CANCEL")
        write("Zonder agenda", DEWI)
        write("Anders", ANNA, "REQUEST")
    later = clock.now() + timedelta(hours=1)
    assert sent(mailbox, later) == ["Zonder agenda"]
    assert [str(message["Subject"]) for message in mailbox.to(ANNA)] == ["Anders"]
    turn(batches.release_batch if release else batches.drop_batch, batch_id)
    arrived = ["Verplaatst", "Geannuleerd"] if release else ["Geannuleerd"]
    assert sent(mailbox, later) == ["Zonder agenda", *arrived]


def test_minutes_left_are_never_less_than_none():
    now = clock.now()
    row = BatchRow(1, "test.deed", None, None, now, now, 1, 0)
    assert [row.minutes_left(now + timedelta(seconds=s)) for s in (-61, -60, -1, 0, 100)] == [2, 1, 1, 0, 0]

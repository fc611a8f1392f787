"""When the SEQUENCE of an event grows, and when it does not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from portal import clock
from portal.audit import Actor
from portal.config import ReplyMailbox
from portal.db import db, transaction
from portal.domain.calendar import commands
from portal.domain.calendar.models import CalendarInvitation
from portal.domain.calendar.rules import Part
from portal.mail import Invitation
from tests import factories

OFFICE = Actor.system()


@pytest.fixture
def ids(app: Flask) -> dict[str, int]:
    """Of a person and of a meeting that they could come to."""
    person, edition = factories.person(), factories.edition_with_meetings(factories.course_with_modules(1))
    db.session.commit()
    return {"person_id": person.id, "meeting_id": edition.meetings[0].id}


def told(invitation: Invitation | None) -> tuple[str, int, str]:
    """METHOD, SEQUENCE and UID of a calendar with one event."""
    assert invitation is not None
    (event,) = Calendar.from_ical(invitation.ics).walk("VEVENT")
    return invitation.method, int(event["sequence"]), str(event["uid"])


def do(command: Callable[..., Invitation | None], ids: dict[str, int]) -> tuple[str, int, str]:
    with transaction():
        made = command(person_id=ids["person_id"], meeting_ids=[ids["meeting_id"]], actor=OFFICE, now=clock.now())
    return told(made)


def test_inviting_again_says_the_same(ids: dict[str, int]) -> None:
    first = do(commands.invite, ids)
    assert first[:2] == ("REQUEST", 0)
    assert [do(commands.invite, ids), do(commands.invite, ids)] == [first, first]


def test_a_withdrawal_is_higher_and_inviting_after_it_higher_still(ids: dict[str, int]) -> None:
    uid = do(commands.invite, ids)[2]
    assert do(commands.withdraw, ids) == ("CANCEL", 1, uid)
    assert do(commands.invite, ids) == ("REQUEST", 2, uid)
    assert do(commands.invite, ids) == ("REQUEST", 2, uid)


def test_what_is_withdrawn_is_not_withdrawn_again(ids: dict[str, int]) -> None:
    do(commands.invite, ids)
    do(commands.withdraw, ids)
    with transaction():
        again = commands.withdraw(
            person_id=ids["person_id"], meeting_ids=[ids["meeting_id"]], actor=OFFICE, now=clock.now()
        )
    assert again is None
    assert db.session.scalars(select(CalendarInvitation.sequence)).all() == [1]


def test_two_deeds_at_once_never_get_the_same_number(app: Flask, ids: dict[str, int]) -> None:
    do(commands.invite, ids)

    def renew(_number: int) -> int:
        with app.app_context(), transaction():
            (renewal,) = commands.renew(meeting_id=ids["meeting_id"], actor=OFFICE, now=clock.now())
            return renewal.sequence

    with ThreadPoolExecutor(8) as deeds:
        assert sorted(deeds.map(renew, range(8))) == list(range(1, 9))


def test_an_answer_is_asked_for_only_where_one_is_read(ids: dict[str, int], make_app: Callable[..., Flask]) -> None:
    reading = make_app(reply_mailbox=ReplyMailbox("imap.example", username="wij", password="geheim"))

    def asks(command: Callable[[], Invitation | None]) -> list[str]:
        with transaction():
            made = command()
        assert made is not None
        (event,) = Calendar.from_ical(made.ics).walk("VEVENT")
        return [event["attendee"].params[name] for name in ("PARTSTAT", "RSVP")]

    of = {"person_id": ids["person_id"], "meeting_ids": [ids["meeting_id"]], "actor": OFFICE, "now": clock.now()}
    renew = {"meeting_id": ids["meeting_id"], "actor": OFFICE, "now": clock.now()}
    assert asks(lambda: commands.invite(**of)) == ["ACCEPTED", "FALSE"]
    assert asks(lambda: commands.renew(**renew)[0].invitation) == ["ACCEPTED", "FALSE"]
    db.session.commit()
    with reading.app_context():
        assert asks(lambda: commands.invite(**of)) == ["ACCEPTED", "TRUE"]
        assert asks(lambda: commands.renew(**renew)[0].invitation) == ["NEEDS-ACTION", "TRUE"]
        assert asks(lambda: commands.withdraw(**of)) == ["ACCEPTED", "FALSE"]
        assert asks(lambda: commands.invite(**of, part=Part.TRAINER)) == ["NEEDS-ACTION", "TRUE"]

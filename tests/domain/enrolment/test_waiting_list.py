"""The waiting list: order of arrival, one's own page, leaving."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.enrolment import commands
from portal.domain.enrolment.models import WaitingListEntry
from portal.domain.enrolment.waiting_queries import get_place
from portal.errors import NotFound, Refused
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings


@pytest.fixture
def full(app: Flask) -> EditionAndMeetings:
    edition = factories.edition_with_meetings(factories.course_with_modules(2), capacity=1)
    factories.enrol(edition)
    return edition


def join(of: EditionAndMeetings, who: str, **values: object) -> None:
    ordinary = {"module_ids": None, "name": "Piet", "email": who, "language": "nl"}
    now = {"edition_id": of.edition.id, "actor": Actor.visitor(), "now": clock.now()}
    with transaction():
        commands.join_waiting_list(**ordinary | now | values)  # type: ignore[arg-type]


def token_of(who: str) -> str:
    """The newest one that was mailed."""
    found = select(OutgoingMail).where(OutgoingMail.to_address == who).order_by(OutgoingMail.id.desc())
    mail = db.session.scalars(found).first()
    assert mail is not None
    return re.findall(r"/wachtlijst/(\S+)", mail.text_body)[0]


def test_places_go_by_order_of_arrival(full: EditionAndMeetings):
    for who in ("a@zorg.example", "b@zorg.example", "c@zorg.example"):
        join(full, who)
    assert [get_place(token_of(f"{who}@zorg.example"), clock.now()).position for who in "abc"] == [1, 2, 3]
    with transaction():
        commands.leave_waiting_list(token=token_of("a@zorg.example"), actor=Actor.visitor(), now=clock.now())
    assert [get_place(token_of(f"{who}@zorg.example"), clock.now()).position for who in "abc"] == [None, 1, 2]


def test_joining_again_keeps_the_place_and_mails_once_a_day(full: EditionAndMeetings):
    join(full, "a@zorg.example")
    join(full, "b@zorg.example")
    join(full, "a@zorg.example")
    assert get_place(token_of("a@zorg.example"), clock.now()).position == 1
    first = token_of("a@zorg.example")
    join(full, "A@zorg.example", now=clock.now() + timedelta(days=1))
    assert token_of("a@zorg.example") != first
    assert get_place(token_of("a@zorg.example"), clock.now()).position == 1
    with pytest.raises(NotFound):
        get_place(first, clock.now())
    assert db.session.scalar(select(func.count()).select_from(WaitingListEntry)) == 2


def test_leaving_twice_is_logged_once(full: EditionAndMeetings):
    join(full, "a@zorg.example")
    for _time in range(2):
        with transaction():
            commands.leave_waiting_list(token=token_of("a@zorg.example"), actor=Actor.visitor(), now=clock.now())
    tags = [entry.tag for entry in audit.trail_of("edition", full.edition.id).entries]
    assert tags.count("enrolment.waiting_list_left") == 1
    join(full, "a@zorg.example", now=clock.now() + timedelta(days=1))
    assert get_place(token_of("a@zorg.example"), clock.now()).position == 1


def test_who_can_enrol_does_not_wait(app: Flask):
    edition = factories.edition_with_meetings(factories.course_with_modules(2), capacity=1)
    factories.enrol(edition, modules=(1,))
    second = [edition.meetings[1].module_id]
    with pytest.raises(Refused) as refused:
        join(edition, "a@zorg.example", module_ids=second)
    assert refused.value.sentence == "Er is weer een plek vrij. Je kunt je meteen aanmelden."
    join(edition, "a@zorg.example")


@pytest.mark.parametrize(
    ("values", "field"), [({"name": "Win op www.evil.example"}, "name"), ({"email": "a@x, b@x"}, "email")]
)
def test_what_must_not_be_mailed_is_refused(full: EditionAndMeetings, values: dict[str, str], field: str):
    with pytest.raises(Refused) as refused:
        join(full, "a@zorg.example", **values)
    assert refused.value.field == field


def test_an_unknown_token_opens_nothing(full: EditionAndMeetings):
    with pytest.raises(NotFound):
        get_place("bestaat-niet", clock.now())
    with pytest.raises(NotFound), transaction():
        commands.leave_waiting_list(token="bestaat-niet", actor=Actor.visitor(), now=clock.now())

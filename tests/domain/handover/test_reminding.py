"""The office is reminded of people who still wait: after 1, 15 and 30 days, at nine o'clock, once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.db import db
from portal.domain.handover.reminding import days_since, remind_to_hand_over
from portal.mail import OutgoingMail
from tests.handover_scenes import LAST_MEETING, give_number, hand_over, said, settled_edition


def at(days: int, hour: int = 9) -> datetime:
    """That hour in Amsterdam (summer time), so many days after the last meeting."""
    return datetime(LAST_MEETING.year, LAST_MEETING.month, LAST_MEETING.day, hour - 1, tzinfo=UTC) + timedelta(
        days=days
    )


def mails() -> list[OutgoingMail]:
    db.session.rollback()
    found = select(OutgoingMail).where(OutgoingMail.kind == "handover.reminder").order_by(OutgoingMail.id)
    return list(db.session.scalars(found))


def work(now: datetime) -> None:
    while remind_to_hand_over(now):
        pass


@pytest.mark.parametrize(
    ("ended_at", "now", "days"),
    [
        (datetime(2026, 3, 26, 11, 30, tzinfo=UTC), datetime(2026, 3, 27, 7, 59, tzinfo=UTC), 0),
        (datetime(2026, 3, 26, 11, 30, tzinfo=UTC), datetime(2026, 3, 27, 8, 0, tzinfo=UTC), 1),
        # In summer time nine o'clock is an hour earlier.
        (datetime(2026, 3, 28, 11, 30, tzinfo=UTC), datetime(2026, 3, 29, 7, 0, tzinfo=UTC), 1),
    ],
)
def test_a_day_counts_from_nine_o_clock(ended_at, now, days):
    assert days_since(ended_at, now) == days


def test_the_office_hears_of_it_three_times_and_no_more(app):
    scene = settled_edition(["Dewi Hardjo", "Jan van den Berg"], registers=("SKJ",))
    title = scene.course.title
    for day in range(50):
        work(at(day, 10))
        work(at(day, 11))
    written = mails()
    assert [mail.queued_at.date() - LAST_MEETING for mail in written] == [timedelta(days=n) for n in (1, 15, 30)]
    assert {mail.subject for mail in written} == {f"Nog door te geven aan SKJ: {title}"}
    assert {mail.to_address for mail in written} == {app.config["PORTAL"].office_mail}
    assert "2 mensen" in written[0].text_body
    assert "Dewi" not in written[0].text_body


def test_nobody_is_reminded_of_what_is_done_or_cannot_be_done(app):
    done = settled_edition(registers=("SKJ",))
    hand_over(done)
    said(done, "SKJ")
    numberless = settled_edition(registers=("SKJ",))
    give_number(numberless.enrolments[0], "SKJ", "")
    for day in (1, 15, 30):
        work(at(day, 10))
    assert mails() == []


def test_what_waits_for_the_register_is_no_work_of_the_office(app):
    hand_over(settled_edition(registers=("SKJ",)))
    work(at(15, 10))
    assert mails() == []


def test_an_edition_of_long_ago_surprises_nobody(app):
    settled_edition(registers=("SKJ",))
    work(at(60, 10))
    assert mails() == []

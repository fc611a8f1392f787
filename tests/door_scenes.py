"""A meeting with a door, at a time of the test's own choosing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta

import time_machine

from portal import clock
from portal.db import db
from portal.domain.accounts.models import BrowserSession
from portal.domain.attendance.arrivals import Arrival, list_arrivals
from portal.domain.attendance.door import own_letters, paper_token, turning_token
from portal.domain.attendance.queries import list_seat_rows
from portal.domain.attendance.rules import Mark
from tests import factories
from tests.plugins.portal import SECRET_KEY

# In days to come, since a cookie of a later day is none; near, since a cookie does not last for ever.
HALF_PAST_NINE = clock.from_local(datetime.combine(clock.today() + timedelta(days=3), time(9, 30)))
NAME = "Dewi <b>Jansen</b>"


@contextmanager
def on(minutes: float) -> Iterator[None]:
    """So many minutes after half past nine; who is signed in stays so."""
    now = HALF_PAST_NINE + timedelta(minutes=minutes)
    with time_machine.travel(now, tick=False):
        db.session.query(BrowserSession).update({"expires_at": now + timedelta(hours=1)})
        db.session.commit()
        yield


class Door:
    """A meeting with Dewi and Bram in it, at a time of one's own choosing."""

    def __init__(self) -> None:
        self.dewi, bram = factories.person(name=NAME), factories.person(name="Bram Postma")
        given = factories.edition_with_meetings(factories.course_with_modules(1))
        self.given = given
        meeting = given.meetings[0]
        meeting.starts_at, meeting.ends_at = HALF_PAST_NINE, HALF_PAST_NINE + timedelta(hours=3)
        for person in (self.dewi, bram):
            factories.enrolment(given, person)
        self.meeting_id = meeting.id
        self.seats = {row.name: row.seat_id for row in list_seat_rows(meeting.id)}
        db.session.commit()

    def turning(self, minutes: float = 5) -> str:
        return f"/i/{turning_token(SECRET_KEY, self.meeting_id, self.at(minutes))}"

    @property
    def paper(self) -> str:
        return f"/i/{paper_token(SECRET_KEY, self.meeting_id)}"

    @property
    def letters(self) -> str:
        return own_letters(SECRET_KEY, self.seats[NAME])

    def at(self, minutes: float) -> datetime:
        return HALF_PAST_NINE + timedelta(minutes=minutes)

    on = staticmethod(on)

    @property
    def arrivals(self) -> dict[int, Arrival]:
        return list_arrivals(self.meeting_id)

    @property
    def marks(self) -> list[Mark]:
        return [row.mark for row in list_seat_rows(self.meeting_id)]

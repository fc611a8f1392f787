"""Telling people what a finished list says of them: who was not there, and whose mark was corrected."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.accreditation import mails
from portal.domain.accreditation.mails import Consequence
from portal.domain.accreditation.make_up_rules import Why
from portal.domain.accreditation.missed import list_make_ups
from portal.domain.accreditation.queries import awards_now
from portal.domain.attendance.amendments import list_amendments
from portal.domain.attendance.queries import get_meeting_head, list_seat_rows
from portal.domain.attendance.rules import ATTENDED
from portal.domain.enrolment.models import Enrolment


def tell_missed(meeting_id: int, now: datetime) -> None:
    """Mails everybody who is absent or excused on a list that was finished, once its points are settled."""
    not_there = [row for row in list_seat_rows(meeting_id) if row.mark.status not in ATTENDED]
    if not not_there:
        return
    head = get_meeting_head(meeting_id)
    ids = [row.enrolment_id for row in not_there]
    people, found = _people(ids), _consequences(ids, head.module_id, now)
    for row in not_there:
        mails.missed(people[row.enrolment_id], head, row.mark, found[row.enrolment_id], now)


def tell_corrected(meeting_id: int, enrolment_id: int, now: datetime) -> None:
    """Mails somebody whose mark was just amended, when that makes them absent or makes them there after all."""
    one = next(one for one in list_amendments(meeting_id) if one.enrolment_id == enrolment_id)
    if (one.was.status in ATTENDED) == (one.became.status in ATTENDED):
        return
    head = get_meeting_head(meeting_id)
    person = _people([enrolment_id])[enrolment_id]
    found = _consequences([enrolment_id], head.module_id, now)[enrolment_id]
    mails.corrected(person, head, one.was, one.became, found, one.id, now)


def _people(enrolment_ids: Collection[int]) -> dict[int, Person]:
    rows = db.session.execute(
        select(Enrolment.id, Person)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.id.in_(enrolment_ids))
    )
    return {row.id: row.Person for row in rows}


def _consequences(enrolment_ids: Collection[int], module_id: int, now: datetime) -> dict[int, Consequence]:
    awards = awards_now(enrolment_ids, now)
    make_ups = list_make_ups(Enrolment.id.in_(enrolment_ids), now)
    missed = {
        number: next((one for one in found if one.module_id == module_id and one.why is Why.MISSED), None)
        for number, found in make_ups.items()
    }
    return {number: Consequence(number, awards.get(number, []), missed.get(number)) for number in enrolment_ids}

"""What there is to make up for: dagdelen that were missed, or attended too short, or that lost their meeting."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement

from portal.domain.accreditation.make_up_rules import Why, why_make_up
from portal.domain.accreditation.queries import list_grants, list_in_courses
from portal.domain.accreditation.rules import Grant
from portal.domain.attendance.rules import PARTLY
from portal.domain.attendance.seats_in_force import SeatInForce, SeatsInForce, list_in_force
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.other_dates import find_other_dates, wish_of
from portal.domain.enrolment.own_enrolments import OwnEnrolment
from portal.domain.enrolment.rules import EnrolmentState


@dataclass(frozen=True)
class MakeUp:
    """A module that somebody can make up for. `missed_on`: when it was missed, None when its meeting was lost.
    `booked`: the seat, still to come, in which it is made up. `first_at`: when the first meeting begins to which they
    can go."""

    module_id: int
    position: int
    title: str
    why: Why
    missed_on: date | None
    booked: SeatInForce | None = None
    first_at: datetime | None = None


def list_make_ups(wanted: ColumnElement[bool], now: datetime) -> Mapping[int, list[MakeUp]]:
    """What there is to make up, by enrolment, for those that `wanted` (about Enrolment) asks; in order of module. Three
    queries at most, however many."""
    in_force = list_in_force(wanted)
    unsure = [number for number, found in in_force.items() if any(seat.mark.status in PARTLY for seat in found.seats)]
    courses = {one.id: one.course_id for one in list_in_courses(Enrolment.id.in_(unsure))} if unsure else {}
    grants = list_grants(set(courses.values())) if courses else {}
    return {
        number: made
        for number, found in in_force.items()
        if (made := _make_ups(found, grants.get(courses.get(number, 0), []), now))
    }


def list_own_make_ups(owns: Sequence[OwnEnrolment], now: datetime) -> Mapping[int, list[MakeUp]]:
    """The same for these enrolments, with the first date for each that is not booked. Seven queries at most."""
    found = list_make_ups(Enrolment.id.in_([own.id for own in owns]), now)
    wishes = {
        (own.id, one.module_id): wish_of(own, one.module_id)
        for own in owns
        for one in found.get(own.id, [])
        if one.booked is None
    }
    dates = find_other_dates(set(wishes.values()), now)
    first = {key: dates[wish][0].starts_at for key, wish in wishes.items() if dates[wish]}
    return {
        number: [replace(one, first_at=first.get((number, one.module_id))) for one in make_ups]
        for number, make_ups in found.items()
    }


def find_make_up(enrolment_id: int, module_id: int, now: datetime) -> MakeUp | None:
    """What there is to make up for one module."""
    found = list_make_ups(Enrolment.id == enrolment_id, now).get(enrolment_id, [])
    return next((one for one in found if one.module_id == module_id), None)


def _make_ups(found: SeatsInForce, grants: Collection[Grant], now: datetime) -> list[MakeUp]:
    if found.state == EnrolmentState.CANCELLED:
        return []
    made = [MakeUp(one.module_id, one.position, one.title, Why.LOST, None) for one in found.lost]
    for seat in found.seats:
        if seat.missed_on and seat.starts_at > now:
            made.append(MakeUp(seat.module_id, seat.position, seat.title, Why.MISSED, seat.missed_on, seat))
            continue
        about_it = [grant for grant in grants if grant.module_id in (None, seat.module_id)]
        why = why_make_up(
            seat.mark,
            has_ended=seat.ends_at <= now,
            held_on=seat.held_on,
            contact_minutes=seat.contact_minutes,
            grants=about_it,
        )
        if why:
            made.append(MakeUp(seat.module_id, seat.position, seat.title, why, seat.held_on))
    return sorted(made, key=lambda one: one.position)

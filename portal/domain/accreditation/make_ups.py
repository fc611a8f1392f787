"""Making up for a missed dagdeel in another edition: what there is to make up, where, booking it and letting it go."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement

from portal.audit import Actor
from portal.clock import local_date
from portal.domain.accounts.queries import get_person
from portal.domain.accreditation.commands import settle_points
from portal.domain.accreditation.make_up_rules import Prospect, Why, prospects, why_make_up
from portal.domain.accreditation.queries import list_grants, list_in_courses, list_registers_of
from portal.domain.accreditation.rules import Grant
from portal.domain.attendance.rules import PARTLY
from portal.domain.attendance.seats_in_force import SeatInForce, SeatsInForce, list_in_force
from portal.domain.enrolment import stand_in_mails, stand_ins
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.other_dates import find_other_dates, list_other_dates, wish_of
from portal.domain.enrolment.own_enrolments import OwnEnrolment
from portal.domain.enrolment.promotion import offer_freed_seats
from portal.domain.enrolment.queries import MeetingOnOffer, get_edition
from portal.domain.enrolment.rules import EnrolmentState
from portal.errors import Conflict, Refused
from portal.language import _, day


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


@dataclass(frozen=True)
class Choice:
    """A meeting to which somebody may go instead, and what it brings at each register."""

    meeting: MeetingOnOffer
    prospects: tuple[Prospect, ...]

    @property
    def brings_nothing(self) -> bool:
        """Whether no accreditation holds there, though there are registers to think of."""
        return bool(self.prospects) and not any(prospect.holds for prospect in self.prospects)


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


def list_choices(own: OwnEnrolment, module_id: int, now: datetime) -> list[Choice]:
    """Where a module may be taken instead: first where an accreditation holds at every register, then by date."""
    enrolments = list_in_courses(Enrolment.id == own.id)
    grants = list_grants([own.edition.course_id])[own.edition.course_id]
    registers = list_registers_of(enrolments)
    theirs = registers[own.id] | registers[-own.person_id]
    others = [m for m in own.meetings if m.module_id != module_id and not m.stood_in_for]
    other_days = [local_date(meeting.starts_at) for meeting in others]
    found = [
        Choice(
            meeting,
            tuple(
                prospects(
                    module_id,
                    local_date(meeting.starts_at),
                    other_days=other_days,
                    grants=grants,
                    registers=theirs,
                )
            ),
        )
        for meeting in list_other_dates(wish_of(own, module_id), now)
    ]
    return sorted(found, key=lambda one: (sum(not p.holds for p in one.prospects), one.meeting.starts_at))


def book_make_up(*, enrolment_id: int, module_id: int, meeting_id: int, actor: Actor, now: datetime) -> None:
    """Books a meeting in which a missed dagdeel is made up for: a seat, an invitation, and a mail that confirms it. Its
    points wait from now on for that list.

    Raises Refused when there is nothing to make up, Conflict when it is being made up already or the last seat was just
    given away, NotFound."""
    own = stand_ins.hold(enrolment_id, meeting_id)
    make_up = find_make_up(own.id, module_id, now)
    missed = own.seat_of(module_id)
    if make_up is None or missed is None:
        raise Refused(_("Dit dagdeel hoef je niet in te halen."))
    if make_up.booked:
        raise Conflict(_("Je haalt dit dagdeel al in, op %(day)s.", day=day(make_up.booked.starts_at)))
    meeting = stand_ins.require_other_date(own, module_id, meeting_id, now)
    booked = stand_ins.take_seat(own, meeting, missed.seat_id, makes_up=True, actor=actor, now=now)
    person, edition = get_person(own.person_id), get_edition(meeting.edition_id)
    stand_in_mails.made_up(person, own, edition, meeting, seat_id=booked.seat_id, invitation=booked.invitation, now=now)
    settle_points(enrolment_id=own.id, actor=actor, now=now)


def cancel_make_up(*, enrolment_id: int, module_id: int, actor: Actor, now: datetime) -> None:
    """Lets go of the meeting that was booked to make up for a dagdeel: the seat is free for somebody else, the
    invitation withdrawn. Raises Conflict when none is booked, or it has begun; NotFound."""
    own = stand_ins.hold(enrolment_id)
    make_up = find_make_up(own.id, module_id, now)
    was = own.seat_of(module_id)
    if make_up is None or make_up.booked is None or was is None:
        raise Conflict(_("Er is niets geboekt om in te halen, of het is al begonnen."))
    stand_ins.let_go(own, was, actor=actor, now=now)
    settle_points(enrolment_id=own.id, actor=actor, now=now)
    offer_freed_seats(was.edition_id, actor=actor, now=now)


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

"""Making up for a missed dagdeel in another edition: where, booking it and letting it go.

What there is to make up stands in missed.py."""

from dataclasses import dataclass
from datetime import datetime

from portal.audit import Actor
from portal.clock import local_date
from portal.domain.accounts.queries import get_person
from portal.domain.accreditation.commands import settle_points
from portal.domain.accreditation.make_up_rules import Prospect, prospects
from portal.domain.accreditation.missed import find_make_up
from portal.domain.accreditation.queries import list_grants, list_in_courses, list_registers_of
from portal.domain.enrolment import stand_in_mails, stand_ins
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.other_dates import list_other_dates, wish_of
from portal.domain.enrolment.own_enrolments import OwnEnrolment
from portal.domain.enrolment.promotion import offer_freed_seats
from portal.domain.enrolment.queries import MeetingOnOffer, get_edition
from portal.errors import Conflict, Refused
from portal.language import _, day


@dataclass(frozen=True)
class Choice:
    """A meeting to which somebody may go instead, and what it brings at each register."""

    meeting: MeetingOnOffer
    prospects: tuple[Prospect, ...]

    @property
    def brings_nothing(self) -> bool:
        """Whether no accreditation holds there, though there are registers to think of."""
        return bool(self.prospects) and not any(prospect.holds for prospect in self.prospects)


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

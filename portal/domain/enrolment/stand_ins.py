"""Taking one dagdeel in another edition: swapping a coming one, booking and letting go of what makes up for a missed
one.

Whether something was missed is known by attendance, so accreditation/make_ups.py decides on making up and books it
here. Every command first holds the editions that it touches, in the order of their ids, then the enrolment."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert, select, update

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.domain.accounts.queries import get_person
from portal.domain.calendar import commands as calendar
from portal.domain.catalogue.models import Meeting
from portal.domain.enrolment import seats, stand_in_mails
from portal.domain.enrolment.events import SeatReleased, SeatTaken, StandInBooked, StandInReleased
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.other_dates import list_other_dates, wish_of
from portal.domain.enrolment.own_enrolments import OwnEnrolment, OwnMeeting, get_own_enrolment
from portal.domain.enrolment.promotion import offer_freed_seats
from portal.domain.enrolment.queries import EditionOnOffer, MeetingOnOffer, get_edition, list_meetings_on_offer
from portal.domain.enrolment.rules import EnrolmentState
from portal.domain.enrolment.stand_in_rules import NoSwap, no_swap
from portal.errors import Conflict, NotFound, Refused
from portal.language import _, day
from portal.mail import Invitation


class Booked(NamedTuple):
    """A seat that was taken elsewhere, and the invitation for it."""

    seat_id: int
    invitation: Invitation


def swap_seat(*, enrolment_id: int, module_id: int, meeting_id: int, actor: Actor, now: datetime) -> None:
    """Takes a coming dagdeel of an enrolment in another meeting: the old seat is free for somebody else, the new one is
    taken, one invitation is withdrawn and another sent. Also back to one's own edition, and for a dagdeel that lost its
    meeting.

    Raises Refused when its own meeting has begun or the enrolment has ended, Conflict when the other one is no longer
    to be had, NotFound for a dagdeel that the enrolment does not have."""
    own = hold(enrolment_id, meeting_id)
    was = swappable(own, module_id, now)
    meeting = require_other_date(own, module_id, meeting_id, now)
    person, edition = get_person(own.person_id), get_edition(meeting.edition_id)
    if was is None:
        instead_of_id, makes_up = last_seat_id(own.id, module_id), False
    else:
        free_seat(own, was, actor, now)
        gone = withdraw(own, was, actor, now)
        if gone is not None:
            stand_in_mails.swapped_away(person, own, was, invitation=gone, now=now)
        # What makes up for a missed dagdeel goes on doing so, on its new date.
        makes_up = own.made_up_by(was) is not None
        instead_of_id = was.instead_of_id if makes_up and was.instead_of_id else was.seat_id
    booked = take_seat(own, meeting, instead_of_id, makes_up=makes_up, actor=actor, now=now)
    stand_in_mails.swapped(person, own, edition, meeting, seat_id=booked.seat_id, invitation=booked.invitation, now=now)
    if was is not None:
        offer_freed_seats(was.edition_id, actor=actor, now=now)


def swappable(own: OwnEnrolment, module_id: int, now: datetime) -> OwnMeeting | None:
    """The meeting that may be swapped for another; None for a dagdeel that has lost its meeting. Raises Refused when it
    may not be swapped, NotFound for a dagdeel that the enrolment does not have."""
    was = own.seat_of(module_id)
    if was is None and module_id not in own.lost:
        raise NotFound
    hindrance = no_swap(own.state, was.starts_at if was else None, now)
    if hindrance is NoSwap.ENDED:
        raise Refused(_("Deze inschrijving loopt niet meer. Ruilen kan niet."))
    if hindrance is NoSwap.BEGUN and was is not None:
        raise Refused(_("Dit dagdeel begon op %(day)s. Ruilen kan niet meer.", day=day(was.starts_at)))
    return was


def require_other_date(own: OwnEnrolment, module_id: int, meeting_id: int, now: datetime) -> MeetingOnOffer:
    """The meeting, when they may go there for this module; else Conflict says what to do, or NotFound."""
    for meeting in list_other_dates(wish_of(own, module_id), now):
        if meeting.id == meeting_id:
            return meeting
    known = list_meetings_on_offer(Meeting.id == meeting_id)
    if not known or known[0].module_id != module_id:
        raise NotFound
    seats.require_names(known[0].counted_only)
    raise Conflict(_("Op %(day)s is net geen plek meer. Kies een andere datum.", day=day(known[0].starts_at)))


def release_guests(edition: EditionOnOffer, *, actor: Actor, now: datetime) -> int:
    """Takes the seats back of people from other editions, of an edition that is not given, and tells them to choose
    another date. Returns how many seats."""
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.person_id, Seat.id.label("seat_id"))
        .join(Seat, Seat.enrolment_id == Enrolment.id)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(
            Meeting.edition_id == edition.id,
            Enrolment.edition_id != edition.id,
            Meeting.starts_at > now,
            Seat.released_at.is_(None),
        )
        .order_by(Seat.id)
    ).all()
    for row in rows:
        own = get_own_enrolment(row.person_id, row.id)
        was = next(meeting for meeting in own.meetings if meeting.seat_id == row.seat_id)
        let_go(own, was, with_edition=True, actor=actor, now=now)
    return len(rows)


def let_go(own: OwnEnrolment, was: OwnMeeting, *, with_edition: bool = False, actor: Actor, now: datetime) -> None:
    """Releases a stand-in that is still to come, withdraws its invitation and tells its person. What was missed is
    missed again; what was swapped has no meeting any more."""
    free_seat(own, was, actor, now)
    happened = StandInReleased(
        enrolment_id=own.id,
        edition_id=own.edition.id,
        person_id=own.person_id,
        meeting_id=was.id,
        in_edition=was.edition_id,
        with_edition=with_edition,
    )
    audit.record(happened, actor=actor, at=now)
    person = get_person(own.person_id)
    invitation = withdraw(own, was, actor, now)
    if with_edition:
        stand_in_mails.not_given(person, own, was, invitation=invitation, now=now)
    else:
        stand_in_mails.let_go(person, own, was, invitation=invitation, now=now)


def hold(enrolment_id: int, *meeting_ids: int) -> OwnEnrolment:
    """The enrolment as it is once the editions of its seats and of these meetings are held, and it itself: nobody else
    moves its seats until the transaction ends. NotFound."""
    person_id = db.session.scalar(select(Enrolment.person_id).where(Enrolment.id == enrolment_id))
    if person_id is None:
        raise NotFound
    own = get_own_enrolment(person_id, enrolment_id)
    others = db.session.scalars(select(Meeting.edition_id).where(Meeting.id.in_(meeting_ids)))
    seats.lock_editions({own.edition.id, *(meeting.edition_id for meeting in own.meetings), *others})
    db.session.execute(select(Enrolment.id).where(Enrolment.id == enrolment_id).with_for_update(key_share=True))
    return get_own_enrolment(person_id, enrolment_id)


def free_seat(own: OwnEnrolment, was: OwnMeeting, actor: Actor, now: datetime) -> None:
    """Releases one seat. Raises Conflict when somebody else did so first."""
    released = db.session.execute(
        update(Seat)
        .where(Seat.id == was.seat_id, Seat.released_at.is_(None))
        .values(released_at=now)
        .execution_options(synchronize_session=False)
    )
    if released.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(_("Deze plek is net veranderd. Kijk op de pagina van je inschrijving."))
    seats.give_back([was.id])
    audit.record(SeatReleased(enrolment_id=own.id, edition_id=was.edition_id, meeting_id=was.id), actor=actor, at=now)


def withdraw(own: OwnEnrolment, was: OwnMeeting, actor: Actor, now: datetime) -> Invitation | None:
    """Takes the invitation for a meeting back, unless the person sits in it by another enrolment too."""
    still = (
        select(Seat.id)
        .join(Enrolment, Enrolment.id == Seat.enrolment_id)
        .where(Enrolment.person_id == own.person_id, Seat.meeting_id == was.id, Seat.released_at.is_(None))
    )
    if db.session.scalar(still.limit(1)) is not None:
        return None
    return calendar.withdraw(person_id=own.person_id, meeting_ids=[was.id], actor=actor, now=now)


def take_seat(
    own: OwnEnrolment,
    meeting: MeetingOnOffer,
    instead_of_id: int,
    *,
    makes_up: bool,
    actor: Actor,
    now: datetime,
) -> Booked:
    """Takes a seat there in place of another one and invites for it. Raises Conflict when the last was just given
    away."""
    seats.take([meeting])
    values = {"enrolment_id": own.id, "meeting_id": meeting.id, "instead_of_id": instead_of_id, "taken_at": now}
    seat_id = db.session.execute(insert(Seat).values(**values).returning(Seat.id)).scalar_one()
    audit.record(
        SeatTaken(enrolment_id=own.id, edition_id=meeting.edition_id, meeting_id=meeting.id), actor=actor, at=now
    )
    happened = StandInBooked(
        enrolment_id=own.id,
        edition_id=own.edition.id,
        person_id=own.person_id,
        meeting_id=meeting.id,
        in_edition=meeting.edition_id,
        makes_up=makes_up,
    )
    audit.record(happened, actor=actor, at=now)
    invitation = calendar.invite(person_id=own.person_id, meeting_ids=[meeting.id], actor=actor, now=now)
    return Booked(seat_id, invitation)


def last_seat_id(enrolment_id: int, module_id: int) -> int:
    """The seat that an enrolment had last for a module, held or not. NotFound when it never had one."""
    found: Sequence[int] = db.session.scalars(
        select(Seat.id)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(Seat.enrolment_id == enrolment_id, Meeting.module_id == module_id)
        .order_by(Seat.id.desc())
        .limit(1)
    ).all()
    if not found:
        raise NotFound
    return found[0]


def is_going_on(own: OwnEnrolment) -> bool:
    """Whether something may still be made up in it."""
    return own.state in (EnrolmentState.ENROLLED, EnrolmentState.COMPLETED)

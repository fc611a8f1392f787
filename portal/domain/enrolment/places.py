"""Places of a group that were reserved without a name: naming them, giving them back, and what the clock does.

A place holds a seat in every meeting of its group until somebody is named for it; naming makes an ordinary enrolment in
those seats, which are free at no moment. What is not named in time goes back, and to who waits."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from portal import audit
from portal.audit import Actor
from portal.clock import local_date
from portal.db import db, transaction
from portal.domain.accounts.queries import find_by_email, get_person, hash_token
from portal.domain.enrolment import place_mails, seats
from portal.domain.enrolment.enrolling import Held, Outcome, enrol
from portal.domain.enrolment.events import (
    NamingTermFollowed,
    PlaceLinkMade,
    PlaceNamed,
    PlacesReleased,
)
from portal.domain.enrolment.group_models import GroupBooking, PlaceState, ReservedPlace
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.participants import Participant
from portal.domain.enrolment.place_rules import (
    days_left,
    follow_start,
    last_day_before,
    last_naming_day,
    name_until,
    next_due,
)
from portal.domain.enrolment.policy import current_policy
from portal.domain.enrolment.promotion import offer_freed_seats
from portal.domain.enrolment.queries import EditionOnOffer, MeetingOnOffer, get_edition, get_terms_version
from portal.domain.enrolment.rules import ContractParty, EnrolmentState
from portal.domain.enrolment.terms import Agreement, Cost, cost_of_cancelling
from portal.errors import Conflict, NotFound, Refused
from portal.language import _, day

MOST_PLACES = 100


def reserve_places(booking: GroupBooking, meetings: Sequence[MeetingOnOffer], places: int, now: datetime) -> None:
    """Holds seats for so many places of a group, to be named until a moment that follows from what the office decided.
    For the booking of the group, which has locked its edition. Refused when that moment is over already; Conflict as
    seats.take."""
    if not places:
        return
    first_at = min(meeting.starts_at for meeting in meetings)
    naming_days = current_policy(now).naming_days
    until = name_until(first_at, naming_days)
    if until <= now:
        last = day(last_naming_day(first_at, naming_days))
        raise Refused(_("Plekken zonder naam konden tot en met %(day)s. Vul namen in", day=last), "places")
    booking.name_until, booking.next_due_at = until, next_due(until, now)
    rows = [ReservedPlace(group_id=booking.id, state=PlaceState.RESERVED) for _place in range(places)]
    db.session.add_all(rows)
    db.session.flush()
    for row in rows:
        seats.hold(meetings, place_id=row.id)


def name_place(
    *,
    place_id: int,
    participant: Participant,
    actor: Actor,
    now: datetime,
    trusted: bool = False,
    by_link: bool = False,
) -> Outcome:
    """Names somebody for a reserved place: they are enrolled in its seats, at the price of the group, and confirmed.

    Raises Conflict when it was named or given back, Refused when the last day is over or enrolling is refused,
    NotFound. `trusted`: hears that somebody takes part already; others do not, and their place goes back without a
    word."""
    outcome = fill_place(
        place_id=place_id, participant=participant, actor=actor, now=now, trusted=trusted, by_link=by_link
    )
    if outcome.freed:
        offer_freed_seats(_edition_id(place_id), actor=actor, now=now)
    return outcome


def fill_place(
    *, place_id: int, participant: Participant, actor: Actor, now: datetime, trusted: bool, by_link: bool = False
) -> Outcome:
    """As name_place, for a caller that names several and afterwards offers what came free to who waits."""
    place, booking = _locked(place_id)
    _require_reserved(place, booking, now)
    if trusted and _takes_part(booking.edition_id, participant.email):
        raise Refused(_("Diegene doet al mee. Kies iemand anders"), "email")
    outcome = enrol(
        edition_id=booking.edition_id,
        module_ids=booking.module_ids,
        participant=participant,
        contract_party=ContractParty.ORGANISATION,
        organisation_id=booking.organisation_id,
        order_reference=booking.order_reference,
        terms_version_id=booking.terms_version_id,
        actor=actor,
        now=now,
        trusted=trusted,
        offers_on=False,
        held=Held(place_id=place.id, price_cents=booking.price_cents, contracted_at=booking.booked_at),
    )
    place.state, place.named_at = PlaceState.NAMED, now
    place.name, place.email, place.number = participant.name, participant.email, outcome.number
    place.enrolment_id = None if outcome.already else outcome.enrolment_id
    db.session.flush()
    happened = PlaceNamed(
        group_id=booking.id,
        edition_id=booking.edition_id,
        place=place.id,
        enrolment_id=place.enrolment_id,
        by_link=by_link,
    )
    audit.record(happened, actor=actor, at=now)
    return outcome


def make_fill_link(*, place_id: int, actor: Actor, now: datetime) -> str:
    """A new token by which somebody may name themselves for a place, until its last day; the one before ends. Errors:
    as name_place."""
    place, booking = _locked(place_id)
    _require_reserved(place, booking, now)
    token = secrets.token_urlsafe(24)
    place.fill_token_hash = hash_token(token)
    db.session.flush()
    happened = PlaceLinkMade(group_id=booking.id, edition_id=booking.edition_id, place=place.id)
    audit.record(happened, actor=actor, at=now)
    return token


def cost_of_releasing(booking: GroupBooking, now: datetime) -> Cost:
    """What giving back a place of this group costs now, by the terms that it was booked under."""
    meetings = get_edition(booking.edition_id).meetings_of(booking.module_ids)
    first_on = local_date(min(meeting.starts_at for meeting in meetings))
    agreement = Agreement(booking.price_cents, ContractParty.ORGANISATION, booking.booked_at, first_on)
    return cost_of_cancelling(get_terms_version(booking.terms_version_id).terms, agreement, now)


def release_place(*, place_id: int, actor: Actor, now: datetime) -> Cost:
    """Gives back a place without a name; returns what that costs. Errors: as name_place."""
    place, booking = _locked(place_id)
    _require_reserved(place, booking, now)
    cost = cost_of_releasing(booking, now)
    _release([place], booking, cost, actor, now, at_deadline=False)
    offer_freed_seats(booking.edition_id, actor=actor, now=now)
    return cost


def do_what_is_due_for_places(now: datetime) -> int:
    """Due work: for one group reminds its contact of places without a name, or gives them back when the last day is
    over. Opens a transaction of its own; returns how many groups that were."""
    due = select(GroupBooking.id, GroupBooking.edition_id).where(GroupBooking.next_due_at <= now)
    row = db.session.execute(due.order_by(GroupBooking.next_due_at, GroupBooking.id).limit(1)).first()
    if row is None:
        return 0
    with transaction():
        seats.lock_editions([row.edition_id])
        found = select(GroupBooking).where(GroupBooking.id == row.id, GroupBooking.next_due_at <= now)
        booking = db.session.scalar(found.execution_options(populate_existing=True))
        if booking is not None:
            _do_what_is_due(booking, now)
    return 1


def end_places_with_edition(*, edition_id: int, actor: Actor, now: datetime) -> None:
    """Gives back, for nothing, the places of an edition that is not given. The caller has locked it."""
    bookings = db.session.scalars(
        select(GroupBooking).where(GroupBooking.edition_id == edition_id).order_by(GroupBooking.id)
    ).all()
    for booking in bookings:
        places = _reserved(booking.id)
        booking.next_due_at = None
        if places:
            free = Cost(0, 0, False, None)
            _release(places, booking, free, actor, now, at_deadline=False)
            place_mails.places_ended(get_person(booking.contact_id), booking, get_edition(edition_id), len(places), now)


def follow_meeting(
    edition: EditionOnOffer, meeting: MeetingOnOffer, was_at: datetime, *, tell: bool, actor: Actor, now: datetime
) -> None:
    """A meeting, which began at `was_at` before, was moved: the last day to name somebody for a place in it keeps its
    distance to the first meeting of its group, and who speaks for them is told of both when `tell`. Places of which the
    last day is over are left to do_what_is_due_for_places. The caller has locked the edition."""
    bookings = select(GroupBooking).where(GroupBooking.edition_id == edition.id).order_by(GroupBooking.id)
    for booking in db.session.scalars(bookings.execution_options(populate_existing=True)).all():
        meetings, places = edition.meetings_of(booking.module_ids), _reserved(booking.id)
        if meeting not in meetings or not places:
            continue
        first_at = min(each.starts_at for each in meetings)
        was_first_at = min(was_at if each == meeting else each.starts_at for each in meetings)
        until = booking.name_until
        if until is None or until <= now:
            continue
        if first_at != was_first_at and until != (until := follow_start(until, was_first_at, first_at, now)):
            booking.name_until, booking.next_due_at = until, next_due(until, now)
            db.session.flush()
            happened = NamingTermFollowed(group_id=booking.id, edition_id=edition.id, until=until)
            audit.record(happened, actor=actor, at=now)
        if tell:
            last_on = last_day_before(until)
            place_mails.meeting_moved(get_person(booking.contact_id), booking, edition, meeting, last_on, now)


def _do_what_is_due(booking: GroupBooking, now: datetime) -> None:
    places, until = _reserved(booking.id), booking.name_until
    booking.next_due_at = None
    if not places or until is None:
        return
    edition, contact = get_edition(booking.edition_id), get_person(booking.contact_id)
    if until <= now:
        cost = cost_of_releasing(booking, now)
        _release(places, booking, cost, Actor.system(), now, at_deadline=True)
        place_mails.places_released(contact, booking, edition, len(places), cost, now)
        offer_freed_seats(booking.edition_id, actor=Actor.system(), now=now)
        return
    booking.next_due_at = next_due(until, now)
    place_mails.names_wanted(contact, booking, edition, len(places), days_left(until, now), now)


def _release(
    places: Sequence[ReservedPlace],
    booking: GroupBooking,
    cost: Cost,
    actor: Actor,
    now: datetime,
    *,
    at_deadline: bool,
) -> None:
    for place in places:
        place.state, place.released_at, place.cost_cents = PlaceState.RELEASED, now, cost.cents
    db.session.flush()
    seats.let_go(place_ids=[place.id for place in places])
    happened = PlacesReleased(
        group_id=booking.id,
        edition_id=booking.edition_id,
        places=len(places),
        cost_cents=cost.cents * len(places),
        at_deadline=at_deadline,
    )
    audit.record(happened, actor=actor, at=now)


def _locked(place_id: int) -> tuple[ReservedPlace, GroupBooking]:
    """The place and its group as they are now, with their edition held: places of an edition change one by one."""
    seats.lock_editions([_edition_id(place_id)])
    found = (
        select(ReservedPlace, GroupBooking)
        .join(GroupBooking, GroupBooking.id == ReservedPlace.group_id)
        .where(ReservedPlace.id == place_id)
        .execution_options(populate_existing=True)
    )
    place, booking = db.session.execute(found).one()
    return place, booking


def _edition_id(place_id: int) -> int:
    edition_id = db.session.scalar(
        select(GroupBooking.edition_id)
        .join(ReservedPlace, ReservedPlace.group_id == GroupBooking.id)
        .where(ReservedPlace.id == place_id)
    )
    if edition_id is None:
        raise NotFound
    return edition_id


def _require_reserved(place: ReservedPlace, booking: GroupBooking, now: datetime) -> None:
    if place.state == PlaceState.NAMED:
        raise Conflict(_("Deze plek heeft al een naam."))
    if place.state == PlaceState.RELEASED:
        raise Conflict(_("Deze plek is teruggegeven."))
    if booking.name_until is None or booking.name_until <= now:
        raise Refused(_("De laatste dag om een naam in te vullen is voorbij."))


def list_reserved_ids(group_id: int) -> list[int]:
    """The places of a group that have no name yet, in order."""
    return [place.id for place in _reserved(group_id)]


def _reserved(group_id: int) -> list[ReservedPlace]:
    wanted = select(ReservedPlace).where(ReservedPlace.group_id == group_id, ReservedPlace.state == PlaceState.RESERVED)
    return list(db.session.scalars(wanted.order_by(ReservedPlace.id).execution_options(populate_existing=True)))


def _takes_part(edition_id: int, email: str) -> bool:
    person = find_by_email(email)
    enrolled = select(func.count()).where(
        Enrolment.edition_id == edition_id,
        Enrolment.person_id == (person.id if person else 0),
        Enrolment.state != EnrolmentState.CANCELLED,
    )
    return bool(db.session.scalar(enrolled))

"""Enrolling people of one organisation or employer together: all of them or nobody."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.domain.accounts.commands import add_person
from portal.domain.accounts.models import Person
from portal.domain.accounts.profile import add_numbers
from portal.domain.accounts.queries import get_person
from portal.domain.enrolment import group_mails, seats
from portal.domain.enrolment.closing import require_enrolling_open
from portal.domain.enrolment.enrolling import Outcome, enrol
from portal.domain.enrolment.events import GroupBooked
from portal.domain.enrolment.group_drafts import lock_group_draft
from portal.domain.enrolment.group_models import GroupBooking, PlaceState, ReservedPlace
from portal.domain.enrolment.participants import Participant, plain_register_numbers, require_plain
from portal.domain.enrolment.places import MOST_PLACES, fill_place, list_reserved_ids, reserve_places
from portal.domain.enrolment.promotion import offer_freed_seats
from portal.domain.enrolment.queries import EditionOnOffer, MeetingOnOffer, get_edition
from portal.domain.enrolment.rules import ContractParty, wrong_choice
from portal.domain.enrolment.wording import sentence_of_choice
from portal.errors import Conflict, NotFound, Refused
from portal.language import _, _n, day


@dataclass(frozen=True)
class Order:
    """What is ordered, by whom: `organisation_id` is a client of the portal, `employer` the name of any other. One of
    them contracts, never the people themselves."""

    edition_id: int
    module_ids: Collection[int] | None
    contact_id: int
    terms_version_id: int
    organisation_id: int | None = None
    employer: str = ""
    order_reference: str = ""


def book_group(
    *,
    order: Order,
    people: Sequence[Participant],
    actor: Actor,
    now: datetime,
    places: int = 0,
    draft_id: int | None = None,
    trusted: bool = False,
) -> int:
    """Enrols these people together, each with an ordinary confirmation, holds so many `places` for people who are named
    later, and tells the contact how many. Returns the number of the group; the same draft sent twice makes one.

    Raises Conflict naming the meeting without room for all, Refused naming the person and what enrolling refuses; then
    nobody is enrolled. About somebody who takes part already nothing is told: see enrolling.enrol. `trusted`: may know
    what people have done, so a course with prerequisites can be booked."""
    draft = lock_group_draft(draft_id) if draft_id is not None else None
    if draft is not None and draft.group_id is not None:
        return draft.group_id
    edition = get_edition(order.edition_id)
    # A group enrols alone: others would wait for its people in another order than it takes them.
    seats.lock_editions([edition.id])
    _require_people(edition, people, places, trusted)
    edition = get_edition(order.edition_id)
    meetings = _require_choice(edition, order.module_ids)
    if not trusted:
        require_enrolling_open(meetings, now)
    require_room(meetings, len(people) + places)
    booking = _add_booking(order, edition, meetings, now)
    reserve_places(booking, meetings, places, now)
    _meet(people, actor, now)
    outcomes = [_enrol(participant, order, booking, trusted, actor, now) for participant in people]
    if draft is not None:
        draft.group_id, draft.answers = booking.id, {}
    db.session.flush()
    audit.record(_booked(booking, len(people), places), actor=actor, at=now)
    if any(outcome.freed for outcome in outcomes):
        offer_freed_seats(edition.id, actor=actor, now=now)
    contact = get_person(order.contact_id)
    group_mails.group_booked(contact, booking, edition, meetings, people=len(people), places=places, now=now)
    return booking.id


def name_places(
    *,
    group_id: int,
    people: Sequence[Participant],
    actor: Actor,
    now: datetime,
    draft_id: int | None = None,
    trusted: bool = False,
) -> None:
    """Names these people for places of a group that have no name yet: all of them or nobody. The same draft sent twice
    names them once.

    Raises Refused when there are fewer places, naming the person for what naming refuses; errors as name_place."""
    draft = lock_group_draft(draft_id) if draft_id is not None else None
    if draft is not None and draft.group_id is not None:
        return
    booking = db.session.get(GroupBooking, group_id)
    if booking is None:
        raise NotFound
    seats.lock_editions([booking.edition_id])
    _require_people(get_edition(booking.edition_id), people, 0, trusted)
    open_places = list_reserved_ids(group_id)
    if len(people) > len(open_places):
        left = _n("%(num)s plek", "%(num)s plekken", len(open_places))
        raise Refused(_("Er zijn nog %(left)s zonder naam. Kort de lijst in", left=left))
    _meet(people, actor, now)
    for place_id, participant in zip(open_places, people, strict=False):
        try:
            fill_place(place_id=place_id, participant=participant, trusted=trusted, actor=actor, now=now)
        except Refused as error:
            raise Refused(f"{participant.name}: {error.sentence}") from error
    if draft is not None:
        draft.group_id, draft.answers = group_id, {}
    db.session.flush()
    # All at once, so that who waits with others for what came free gets it in order.
    offer_freed_seats(booking.edition_id, actor=actor, now=now)


def _booked(booking: GroupBooking, people: int, places: int) -> GroupBooked:
    return GroupBooked(
        group_id=booking.id,
        edition_id=booking.edition_id,
        person_id=booking.contact_id,
        organisation_id=booking.organisation_id,
        terms_version_id=booking.terms_version_id,
        people=people,
        places=places,
        price_cents=booking.price_cents,
    )


def require_room(meetings: Sequence[MeetingOnOffer], people: int) -> None:
    """Raises Conflict naming the first meeting that has no seat for each of so many people."""
    for meeting in meetings:
        if meeting.free < people:
            raise Conflict(sentence_of_room(meeting, people))


def sentence_of_room(meeting: MeetingOnOffer, people: int) -> str:
    """Which meeting has too few seats, and how many are left."""
    left = (
        _n("is nog %(num)s plek", "zijn nog %(num)s plekken", meeting.free) if meeting.free > 0 else _("is geen plek")
    )
    return str(
        _(
            "Voor %(people)s mensen is geen plek: in dagdeel %(position)s, %(title)s, op %(day)s %(left)s. "
            "De lijst is bewaard.",
            people=people,
            position=meeting.position,
            title=meeting.title,
            day=day(meeting.starts_at),
            left=left,
        )
    )


def _require_people(edition: EditionOnOffer, people: Sequence[Participant], places: int, trusted: bool) -> None:
    if not people and not places:
        raise Refused(_("Vul in wie er komt"))
    if not 0 <= places <= MOST_PLACES:
        raise Refused(_("Reserveer hoogstens %(num)s plekken zonder naam", num=MOST_PLACES), "places")
    addresses = [participant.email.strip().lower() for participant in people]
    twice = next((address for address in addresses if addresses.count(address) > 1), None)
    if twice:
        raise Refused(_("%(email)s staat twee keer in de lijst", email=twice))
    if people and edition.requires and not trusted:
        raise Refused(
            _(
                "%(title)s bouwt voort op wat iemand al heeft gedaan. Daarom meldt iedereen zichzelf aan, ingelogd.",
                title=edition.title,
            )
        )


def _require_choice(edition: EditionOnOffer, module_ids: Collection[int] | None) -> tuple[MeetingOnOffer, ...]:
    chosen = edition.module_ids if module_ids is None else module_ids
    wrong = wrong_choice(edition.module_ids, chosen, edition.separately_bookable)
    if wrong:
        raise Refused(sentence_of_choice(wrong), "modules")
    return edition.meetings_of(chosen)


def _add_booking(
    order: Order, edition: EditionOnOffer, meetings: Sequence[MeetingOnOffer], now: datetime
) -> GroupBooking:
    whole = edition.gives_whole and len(meetings) == len(edition.meetings)
    module_ids = None if whole else sorted(meeting.module_id for meeting in meetings)
    booking = GroupBooking(
        edition_id=edition.id,
        contact_id=order.contact_id,
        organisation_id=order.organisation_id,
        employer=order.employer,
        module_ids=module_ids,
        order_reference=order.order_reference,
        terms_version_id=order.terms_version_id,
        price_cents=edition.price_of(module_ids),
        booked_at=now,
    )
    db.session.add(booking)
    db.session.flush()
    return booking


def _meet(people: Sequence[Participant], actor: Actor, now: datetime) -> None:
    """Holds the people whom the portal knows, in the order of their ids as everybody does, and adds the others in the
    order of their addresses, so that two groups with the same people never wait for each other in a circle."""
    by_address = {participant.email.strip().lower(): participant for participant in people}
    known = select(Person.email).where(Person.email.in_(by_address)).order_by(Person.id)
    met = set(db.session.scalars(known.with_for_update(key_share=True)))
    for address, participant in sorted(by_address.items()):
        if address not in met:
            require_plain(participant.name, participant.email)
            person = add_person(
                name=participant.name,
                email=participant.email,
                language=participant.language,
                employer=participant.employer,
                actor=actor,
                now=now,
            )
            numbers = plain_register_numbers(participant.register_numbers)
            add_numbers(person_id=person.id, numbers=numbers, actor=actor, now=now)


def _enrol(
    participant: Participant, order: Order, booking: GroupBooking, trusted: bool, actor: Actor, now: datetime
) -> Outcome:
    try:
        outcome = enrol(
            edition_id=order.edition_id,
            module_ids=booking.module_ids,
            participant=participant,
            contract_party=ContractParty.ORGANISATION,
            organisation_id=order.organisation_id,
            order_reference=order.order_reference,
            terms_version_id=order.terms_version_id,
            actor=actor,
            now=now,
            trusted=trusted,
            offers_on=False,
        )
    except Refused as error:
        raise Refused(f"{participant.name}: {error.sentence}") from error
    place = ReservedPlace(
        group_id=booking.id,
        state=PlaceState.NAMED,
        name=participant.name,
        email=participant.email,
        number=outcome.number,
        enrolment_id=None if outcome.already else outcome.enrolment_id,
        named_at=now,
    )
    db.session.add(place)
    return outcome

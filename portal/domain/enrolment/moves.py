"""Moving an enrolment to another edition of the same course: where to, at what cost, and doing it.

The seats there are taken and those here freed in one transaction, or nothing happens. Both editions are held, in the
order of their ids, so that two who change places never wait for each other."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from portal import audit
from portal.audit import Actor, Private
from portal.db import paged
from portal.domain.accounts.models import Person
from portal.domain.accounts.queries import get_person
from portal.domain.calendar import commands as calendar
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.catalogue.rules import ON_OFFER, EditionKind
from portal.domain.enrolment import change_mails, seats
from portal.domain.enrolment.closing import closed_after
from portal.domain.enrolment.eligibility import require_prerequisites
from portal.domain.enrolment.endings import contract_of, end, free_seats, hold, withdraw_invitations
from portal.domain.enrolment.enrolling import add_enrolment, draw_number, find_active
from portal.domain.enrolment.events import EnrolmentMoved
from portal.domain.enrolment.minimum import confirm_when_reached
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.off_list import leave_since_enrolled
from portal.domain.enrolment.own_enrolments import OwnEnrolment, list_register_numbers
from portal.domain.enrolment.promotion import offer_freed_seats
from portal.domain.enrolment.queries import (
    EditionOnOffer,
    MeetingOnOffer,
    by_edition,
    edition_columns,
    edition_of,
    get_edition,
    list_meetings_on_offer,
    with_meetings_now,
)
from portal.domain.enrolment.rules import EndedBy, EnrolmentState
from portal.domain.enrolment.terms import Cost, agreed
from portal.errors import NotFound, Refused
from portal.language import _, day


@dataclass(frozen=True)
class Destination:
    """An edition that somebody could move to, with the meetings in which they would sit."""

    edition: EditionOnOffer
    meetings: tuple[MeetingOnOffer, ...]


@dataclass(frozen=True)
class Destinations:
    """A page of them, and how many there are."""

    rows: list[Destination]
    number: int
    pages: int
    total: int


def list_destinations(
    own: OwnEnrolment, now: datetime, *, by_office: bool = False, page: int = 1, per_page: int = 8
) -> Destinations:
    """Where this enrolment could go on: editions of its course that are on offer, with a free seat in a coming meeting
    for each of its modules, the soonest first; the office sees also those for which enrolling has closed. Four
    queries."""
    modules = modules_to_come(own, now)
    fitting = (
        select(func.count())
        .where(
            Meeting.edition_id == Edition.id,
            Meeting.module_id.in_(modules),
            Meeting.starts_at > (now if by_office else closed_after(now)),
            Meeting.taken < Meeting.capacity,
        )
        .scalar_subquery()
    )
    mine = select(Enrolment.edition_id).where(
        Enrolment.person_id == own.person_id, Enrolment.state != EnrolmentState.CANCELLED
    )
    wanted = edition_columns().where(
        Edition.course_id == own.edition.course_id,
        Edition.id.not_in(mine),
        Edition.state.in_(ON_OFFER),
        Edition.counted_only.is_(False),
        or_(
            and_(Edition.kind == EditionKind.OPEN, Edition.kind == own.edition.kind),
            and_(Edition.kind == own.edition.kind, Edition.organisation_id == own.edition.organisation_id),
        ),
        fitting == len(modules),
    )
    found = paged(wanted.order_by(Edition.starts_on, Edition.id), page=page, per_page=per_page)
    meetings = by_edition(list_meetings_on_offer(Meeting.edition_id.in_([row.id for row in found.rows])))
    editions = [edition_of(row, meetings.get(row.id, ())) for row in found.rows]
    rows = [Destination(edition, edition.meetings_of(modules)) for edition in editions] if modules else []
    return Destinations(rows, found.number, found.pages, found.total)


def modules_to_come(own: OwnEnrolment, now: datetime) -> frozenset[int]:
    """The modules of its meetings that are still to come, and those that have lost their meeting."""
    return own.lost | {meeting.module_id for meeting in own.meetings if meeting.starts_at > now}


def require_movable(own: OwnEnrolment, now: datetime, *, by_office: bool = False) -> None:
    """Raises Refused when it cannot go on elsewhere, or not at its person's own wish."""
    if own.state != EnrolmentState.ENROLLED or not modules_to_come(own, now):
        raise Refused(_("Deze inschrijving kan niet meer worden omgeboekt."))
    if by_office:
        return
    if own.begun(now):
        began = day(own.meetings[0].starts_at)
        raise Refused(_("De training is begonnen op %(day)s. Bel of mail ons, dan kijken we samen.", day=began))
    if own.for_another and own.cost_of_moving(now).cents:
        raise Refused(_("Omboeken kost nu geld, en je nam deze plek over. Bel of mail ons, dan kijken we samen."))


def get_destination(own: OwnEnrolment, edition_id: int, now: datetime, *, by_office: bool = False) -> Destination:
    """The edition with the meetings in which they would sit. NotFound for one of another course or another's; Refused
    when it is not on offer, is theirs already, or does not give all that is still to come."""
    edition = get_edition(edition_id)
    same = (edition.course_id, edition.kind, edition.organisation_id)
    if same != (own.edition.course_id, own.edition.kind, own.edition.organisation_id):
        raise NotFound
    if edition.id == own.edition.id or edition.state not in ON_OFFER:
        raise Refused(_("Naar deze uitvoering kun je niet omboeken. Kies een andere datum."))
    modules = modules_to_come(own, now)
    meetings = edition.meetings_of(modules)
    if {meeting.module_id for meeting in meetings} != modules:
        raise Refused(_("Deze uitvoering geeft niet alles wat je nog volgt. Kies een andere datum."))
    after = now if by_office else closed_after(now)
    if any(meeting.starts_at <= after for meeting in meetings):
        raise Refused(_("Voor deze uitvoering is de inschrijving gesloten. Kies een andere datum."))
    return Destination(edition, meetings)


def move_enrolment(
    *,
    enrolment_id: int,
    edition_id: int,
    actor: Actor,
    now: datetime,
    by_office: bool = False,
    reason: str = "",
    cost_cents: int | None = None,
    price_cents: int | None = None,
) -> int:
    """Lets an enrolment go on in another edition of its course, with what is still to come: takes the seats there, ends
    it here with what that costs by its terms, takes the old meetings out of the calendar and puts the new ones in, and
    offers what came free to whoever waits. Who waited there for these seats alone is off that list. The agreement stays
    the same: its price, terms, party and date. Cancelling never costs less there than it does here now.

    The office may do it after the first meeting has begun, at another cost or price, and says why in `reason`. Raises
    Refused and NotFound as require_movable and get_destination, Conflict naming a meeting that is full, or when the
    enrolment was ended by somebody else. Returns the id of the enrolment that goes on."""
    own, touched = hold(enrolment_id, [edition_id])
    cost = agreed(own.cost_of_moving(now), cost_cents)
    price = own.price_cents if price_cents is None else price_cents
    # Where the office agreed to another cost, that is what was agreed, and cancelling costs what it would have.
    least = own.least_after_move(now) if cost.by_terms else own.least_percent
    end(enrolment_id, EndedBy.MOVED, cost.cents, now)
    require_movable(own, now, by_office=by_office)
    there = get_destination(own, edition_id, now, by_office=by_office)
    person = get_person(own.person_id)
    require_prerequisites(there.edition, person, True, now, own=actor.id == person.id)
    if find_active(edition_id, person) is not None:
        raise Refused(_("Je doet al mee aan deze uitvoering. Kies een andere datum."))
    # What is freed here first stays theirs: nobody else takes a seat while the editions are held.
    free_seats(own, actor, now)
    seats.take(there.meetings)
    # Taking a seat waits for whoever is moving the meeting: only now its time is the one that holds.
    edition = with_meetings_now(there.edition)
    there = Destination(edition, edition.meetings_of([meeting.module_id for meeting in there.meetings]))
    enrolment = _goes_on(own, there, price, least, now)
    add_enrolment(enrolment, list_register_numbers(own.id), there.meetings, actor, now)
    _note_moved(own, enrolment, cost, actor, now, reason)
    _tell(person, own, enrolment, there, cost, actor, now)
    confirm_when_reached(edition_id=edition_id, actor=actor, now=now)
    modules = [meeting.module_id for meeting in there.meetings]
    leave_since_enrolled(enrolment, there.edition, modules, actor=actor, now=now)
    offer_freed_seats(*touched, edition_id, actor=actor, now=now)
    return enrolment.id


def _goes_on(own: OwnEnrolment, there: Destination, price_cents: int, least: int, now: datetime) -> Enrolment:
    edition, meetings = there.edition, there.meetings
    return Enrolment(
        number=draw_number(now),
        edition_id=edition.id,
        person_id=own.person_id,
        state=EnrolmentState.ENROLLED,
        whole=edition.gives_whole and len(meetings) == len(edition.meetings),
        participant_name=own.participant_name,
        employer=own.employer,
        price_cents=price_cents,
        enrolled_at=now,
        **contract_of(own) | {"least_percent": least},
    )


def _note_moved(own: OwnEnrolment, enrolment: Enrolment, cost: Cost, actor: Actor, now: datetime, reason: str) -> None:
    happened = EnrolmentMoved(
        enrolment_id=own.id,
        edition_id=own.edition.id,
        person_id=own.person_id,
        goes_on_as=enrolment.id,
        to_edition=enrolment.edition_id,
        cost_cents=cost.cents,
        price_cents=enrolment.price_cents,
        reason=Private(reason) if reason else None,
    )
    audit.record(happened, actor=actor, at=now)


def _tell(
    person: Person,
    own: OwnEnrolment,
    enrolment: Enrolment,
    there: Destination,
    cost: Cost,
    actor: Actor,
    now: datetime,
) -> None:
    """Two mails in this order, since one calendar cannot both take away and invite."""
    gone = withdraw_invitations(own, actor, now)
    if gone is not None:
        change_mails.moved_away(person, own, there.edition, invitation=gone, now=now)
    meeting_ids = [meeting.id for meeting in there.meetings]
    invitation = calendar.invite(person_id=person.id, meeting_ids=meeting_ids, actor=actor, now=now)
    change_mails.moved(person, own, enrolment, there.edition, there.meetings, cost, invitation=invitation, now=now)

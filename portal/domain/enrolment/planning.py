"""Changes to a planned meeting that touch the people who hold a seat in it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.calendar import commands as calendar
from portal.domain.calendar import trainers
from portal.domain.calendar.commands import Renewal
from portal.domain.calendar.rules import Part
from portal.domain.catalogue.editions import remember_start
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.catalogue.queries import get_row
from portal.domain.enrolment import mails, seats
from portal.domain.enrolment.events import CapacityChanged, MeetingMoved
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.places import follow_meeting
from portal.domain.enrolment.promotion import offer_freed_seats
from portal.domain.enrolment.queries import EditionOnOffer, MeetingOnOffer, get_edition
from portal.domain.enrolment.told_later import told_later
from portal.domain.enrolment.waiting_list import tell_of_moved_meeting
from portal.errors import NotFound, Refused
from portal.language import _, _n, day


def move_meeting(
    *, meeting_id: int, starts_at: datetime, ends_at: datetime, venue: str, link: str, actor: Actor, now: datetime
) -> int:
    """Gives a meeting another time, venue or link. Everybody with a live invitation gets a new version of it by mail,
    its trainers too, after the wait in which the office can hold it up; of another time or place also who waits for it
    and who speaks for places in it that have no name, of which the last day to name them moves along. Returns to how
    many participants; when nothing changed, nothing is sent or logged either.

    Raises Refused when it would end before it starts or start in the past, or when it has begun: the past is not
    rewritten; NotFound."""
    meeting = _lock(meeting_id)
    # Blanks are no change for whoever has to be there.
    venue, link = " ".join(venue.split()), link.strip()
    was = (meeting.starts_at, meeting.ends_at, meeting.venue, meeting.link)
    if was == (starts_at, ends_at, venue, link):
        return 0
    require_movable(meeting, starts_at=starts_at, ends_at=ends_at, now=now)
    meeting.starts_at, meeting.ends_at, meeting.venue, meeting.link = starts_at, ends_at, venue, link
    db.session.flush()
    remember_start(get_row(Edition, meeting.edition_id))
    renewals = calendar.renew(meeting_id=meeting.id, actor=actor, now=now)
    edition = get_edition(meeting.edition_id)
    offered = next(other for other in edition.meetings if other.id == meeting.id)
    with told_later(MeetingMoved, meeting.edition_id, actor=actor, now=now):
        participants = _tell_participants(edition, offered, renewals, now)
        trainers.tell_of_move(meeting_id=meeting.id, renewals=renewals, now=now)
        # Who has no invitation has no link either: another one is nothing to them.
        tell = was[:3] != (starts_at, ends_at, venue)
        follow_meeting(edition, offered, was[0], tell=tell, actor=actor, now=now)
        if tell:
            tell_of_moved_meeting(edition, offered, now)
    happened = MeetingMoved(
        meeting_id=meeting.id,
        edition_id=meeting.edition_id,
        was_at=was[0],
        is_at=starts_at,
        place_changed=was[2:] != (venue, link),
        invited=len(renewals),
    )
    audit.record(happened, actor=actor, at=now)
    # A later beginning may leave time for an offer that there was none for.
    offer_freed_seats(meeting.edition_id, actor=actor, now=now)
    return participants


def require_movable(meeting: Meeting, *, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Raises Refused when a meeting cannot be moved to that time."""
    if ends_at <= starts_at:
        raise Refused(_("Kies een eindtijd die na de begintijd ligt"), "ends_at")
    if meeting.starts_at <= now:
        raise Refused(_("Deze bijeenkomst begon op %(day)s en ligt vast.", day=day(meeting.starts_at)))
    if starts_at <= now:
        raise Refused(_("Kies een begintijd die nog komt"), "starts_at")


def change_capacity(*, meeting_id: int, capacity: int, actor: Actor, now: datetime) -> None:
    """Gives a meeting another number of seats. Raises Refused when more are taken than that; NotFound."""
    meeting = _lock(meeting_id)
    was = meeting.capacity
    if was == capacity:
        return
    changed = db.session.execute(
        update(Meeting).where(Meeting.id == meeting_id, Meeting.taken <= capacity).values(capacity=capacity)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        sentence = _n(
            "Er is al %(num)s plek bezet. Kies dat aantal of meer",
            "Er zijn al %(num)s plekken bezet. Kies dat aantal of meer",
            meeting.taken,
        )
        raise Refused(sentence, "capacity")
    happened = CapacityChanged(meeting_id=meeting_id, edition_id=meeting.edition_id, was=was, capacity=capacity)
    audit.record(happened, actor=actor, at=now)
    offer_freed_seats(meeting.edition_id, actor=actor, now=now)


def _tell_participants(
    edition: EditionOnOffer, meeting: MeetingOnOffer, renewals: Sequence[Renewal], now: datetime
) -> int:
    """Sends them their new invitations; returns how many."""
    theirs = [renewal for renewal in renewals if renewal.part is Part.PARTICIPANT]
    people = db.session.scalars(select(Person).where(Person.id.in_([renewal.person_id for renewal in theirs])))
    by_id = {person.id: person for person in people}
    guests = _guests_of(meeting.id, edition.id)
    for renewal in theirs:
        guest_of = guests.get(renewal.person_id)
        mails.meeting_moved(by_id[renewal.person_id], edition, meeting, renewal, now, guest_of=guest_of)
    return len(theirs)


def _guests_of(meeting_id: int, edition_id: int) -> dict[int, int]:
    """Who of other editions takes this dagdeel here: person to enrolment."""
    rows = db.session.execute(
        select(Enrolment.person_id, Enrolment.id)
        .join(Seat, Seat.enrolment_id == Enrolment.id)
        .where(Seat.meeting_id == meeting_id, Seat.released_at.is_(None), Enrolment.edition_id != edition_id)
        .order_by(Enrolment.id)
    )
    return {row.person_id: row.id for row in rows}


def _lock(meeting_id: int) -> Meeting:
    """The meeting as it is now, with its edition held and then itself."""
    seats.lock_editions(db.session.scalars(select(Meeting.edition_id).where(Meeting.id == meeting_id)))
    meeting = db.session.scalar(
        select(Meeting)
        .where(Meeting.id == meeting_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if meeting is None:
        raise NotFound
    return meeting

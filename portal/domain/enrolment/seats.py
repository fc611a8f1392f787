"""Seats, counted per meeting by the database itself. `taken` counts the seats of enrolments and those that are held.

`UPDATE meetings SET taken = taken + 1 WHERE id = :id AND taken < capacity`: whoever comes second finds no row. Counting
first and writing then sells more seats than there are. Meetings are taken in the order of their ids, so that two people
who want the same ones never wait for each other in a circle."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, or_, select, update

from portal.db import db
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.enrolment.models import Enrolment, Seat, SeatHold
from portal.domain.enrolment.queries import MeetingOnOffer
from portal.errors import Conflict, Refused
from portal.language import _, day


def lock_editions(edition_ids: Iterable[int]) -> None:
    """Holds these editions, in the order of their ids, until the transaction ends: whoever frees, moves or offers seats
    of an edition does so alone. Comes before any enrolment or meeting is locked."""
    wanted = select(Edition.id).where(Edition.id.in_(sorted(set(edition_ids)))).order_by(Edition.id)
    db.session.execute(wanted.with_for_update()).all()


def list_editions_of_enrolments(edition_id: int) -> list[int]:
    """An edition, and the others in which the enrolments of it hold a seat: all that cancelling it touches."""
    elsewhere = (
        select(Meeting.edition_id)
        .join(Seat, Seat.meeting_id == Meeting.id)
        .join(Enrolment, Enrolment.id == Seat.enrolment_id)
        .where(Enrolment.edition_id == edition_id, Seat.released_at.is_(None))
    )
    return sorted({edition_id, *db.session.scalars(elsewhere.distinct())})


def require_names(counted_only: bool) -> None:
    """Raises Refused for an edition whose people are counted only. `take` asks it, so every way in passes here; pages
    ask it before somebody fills in a form for nothing."""
    if counted_only:
        raise Refused(_("Van deze groep schrijven we geen namen op: we tellen alleen hoeveel mensen er zijn."))


def take(meetings: Sequence[MeetingOnOffer], people: int = 1) -> None:
    """Takes a seat for each of so many people in each of these meetings, or raises Conflict naming the first that is
    full; the transaction then rolls back what was taken before it. Raises Refused where people are counted only."""
    require_names(any(meeting.counted_only for meeting in meetings))
    for meeting in sorted(meetings, key=lambda wanted: wanted.id):
        taken = db.session.execute(
            update(Meeting)
            .where(Meeting.id == meeting.id, Meeting.taken + people <= Meeting.capacity)
            .values(taken=Meeting.taken + people)
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount != 1:  # type: ignore[attr-defined]
            raise _just_taken(meeting)


def give_back(meeting_ids: Iterable[int]) -> None:
    """Frees a seat in each of these meetings; in one that is named several times, as many."""
    for meeting_id, seats in sorted(Counter(meeting_ids).items()):
        db.session.execute(
            update(Meeting)
            .where(Meeting.id == meeting_id)
            .values(taken=Meeting.taken - seats)
            .execution_options(synchronize_session=False)
        )


def hold(
    meetings: Sequence[MeetingOnOffer], people: int = 1, *, place_id: int | None = None, offer_id: int | None = None
) -> None:
    """Takes seats for so many people in each of these meetings and keeps them for a place of a group, or for an offer
    to who waits. Errors: as take."""
    take(meetings, people)
    held = {"place_id": place_id, "offer_id": offer_id}
    db.session.execute(
        insert(SeatHold), [held | {"meeting_id": meeting.id} for meeting in meetings for _person in range(people)]
    )


def take_held(meetings: Sequence[MeetingOnOffer], *, place_id: int | None = None, offer_id: int | None = None) -> None:
    """Turns a seat that is held for a place or an offer, in each of these meetings, into one that the caller gives to
    an enrolment: at no moment is it free. Waits, as taking a free one does, for who is moving the meeting. Raises
    LookupError when none is held there, which its caller should have known."""
    wanted = select(Meeting.id).where(Meeting.id.in_([meeting.id for meeting in meetings])).order_by(Meeting.id)
    db.session.execute(wanted.with_for_update(key_share=True)).all()
    for meeting in sorted(meetings, key=lambda wanted: wanted.id):
        one = select(SeatHold.id).where(SeatHold.meeting_id == meeting.id, _held_for(place_id, offer_id)).limit(1)
        gone = delete(SeatHold).where(SeatHold.id == one.scalar_subquery())
        if db.session.scalar(gone.returning(SeatHold.id)) is None:
            raise LookupError(f"no seat is held in meeting {meeting.id} for place {place_id} or offer {offer_id}")


def let_go(*, place_ids: Collection[int] = (), offer_ids: Collection[int] = ()) -> None:
    """Frees whatever these places and offers still hold."""
    mine = or_(SeatHold.place_id.in_(place_ids), SeatHold.offer_id.in_(offer_ids))
    give_back(db.session.scalars(delete(SeatHold).where(mine).returning(SeatHold.meeting_id)).all())


def _held_for(place_id: int | None, offer_id: int | None) -> ColumnElement[bool]:
    return SeatHold.place_id == place_id if place_id is not None else SeatHold.offer_id == offer_id


def release(enrolment_id: int, now: datetime) -> list[int]:
    """Releases the seats that an enrolment holds in meetings still to come and frees them there; the meetings' ids, in
    order. A seat in a meeting that has begun stays: its list and its points say who was there."""
    freed = _coming(enrolment_id, now)
    _release(enrolment_id, freed, now)
    give_back(freed)
    return freed


def pass_on(enrolment_id: int, now: datetime) -> list[int]:
    """Releases the seats that an enrolment holds in meetings still to come without freeing them there: the caller gives
    each to another enrolment. The meetings' ids, in order."""
    passed = _coming(enrolment_id, now)
    _release(enrolment_id, passed, now)
    return passed


def _coming(enrolment_id: int, now: datetime) -> list[int]:
    held = (Seat.enrolment_id == enrolment_id, Seat.released_at.is_(None))
    coming = select(Seat.meeting_id).join(Meeting, Meeting.id == Seat.meeting_id).where(*held, Meeting.starts_at > now)
    return list(db.session.scalars(coming.order_by(Seat.meeting_id)))


def _release(enrolment_id: int, meeting_ids: Sequence[int], now: datetime) -> None:
    db.session.execute(
        update(Seat)
        .where(Seat.enrolment_id == enrolment_id, Seat.released_at.is_(None), Seat.meeting_id.in_(meeting_ids))
        .values(released_at=now)
        .execution_options(synchronize_session=False)
    )


def require_free(meetings: Iterable[MeetingOnOffer]) -> None:
    """Raises Conflict naming the first of these that was full when it was read, so that nobody fills in a form for
    nothing. Whether there is a seat is decided by `take` alone."""
    for meeting in meetings:
        if meeting.free <= 0:
            sentence = _(
                "Dagdeel %(position)s, %(title)s, op %(day)s is vol. Kies iets anders of ga op de wachtlijst",
                position=meeting.position,
                title=meeting.title,
                day=day(meeting.starts_at),
            )
            raise Conflict(sentence)


def _just_taken(meeting: MeetingOnOffer) -> Conflict:
    return Conflict(
        _(
            "De laatste plek is net vergeven: dagdeel %(position)s, %(title)s, op %(day)s is vol. "
            "Je gegevens zijn bewaard.",
            position=meeting.position,
            title=meeting.title,
            day=day(meeting.starts_at),
        )
    )

"""Where else a dagdeel of somebody's enrolment is given, with a seat for them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from portal.db import db
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.catalogue.rules import ON_OFFER, EditionKind
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.own_enrolments import OwnEnrolment
from portal.domain.enrolment.policy import current_policy
from portal.domain.enrolment.queries import MeetingOnOffer, list_meetings_on_offer
from portal.domain.enrolment.stand_in_rules import OtherMeeting, may_go_to

MOST_DATES = 20
MOST_LOOKED_AT = 200


@dataclass(frozen=True)
class Wish:
    """A module that somebody wants to take elsewhere. `organisations`: those whose people they are."""

    person_id: int
    module_id: int
    organisations: frozenset[int]


def wish_of(own: OwnEnrolment, module_id: int) -> Wish:
    """The wish of who has this enrolment."""
    of_theirs = (own.organisation_id, own.edition.organisation_id)
    return Wish(own.person_id, module_id, frozenset(number for number in of_theirs if number is not None))


def list_other_dates(wish: Wish, now: datetime) -> list[MeetingOnOffer]:
    """At most twenty meetings to which they may go for it, the soonest first. Four queries."""
    return find_other_dates([wish], now)[wish][:MOST_DATES]


def find_other_dates(wishes: Collection[Wish], now: datetime) -> Mapping[Wish, list[MeetingOnOffer]]:
    """For each wish the meetings to which its person may go, the soonest first. Four queries, however many wishes."""
    found: dict[Wish, list[MeetingOnOffer]] = {wish: [] for wish in wishes}
    if not found:
        return found
    meetings = {meeting.id: meeting for meeting in _coming(wishes, now)}
    facts = _facts(meetings)
    closes_hours = current_policy(now).enrolment_closes_hours
    sits = _sits_in({wish.person_id for wish in wishes}, meetings)
    for wish in wishes:
        found[wish] = [
            meeting
            for meeting in sorted(meetings.values(), key=lambda one: (one.starts_at, one.id))
            if (wish.person_id, meeting.id) not in sits
            and may_go_to(
                facts[meeting.id],
                module_id=wish.module_id,
                organisations=wish.organisations,
                closes_hours=closes_hours,
                now=now,
            )
        ]
    return found


def _coming(wishes: Iterable[Wish], now: datetime) -> list[MeetingOnOffer]:
    """The coming meetings with a free seat that teach these modules and may be for somebody of these."""
    modules, organisations = {wish.module_id for wish in wishes}, {one for wish in wishes for one in wish.organisations}
    for_them = or_(Edition.kind == EditionKind.OPEN, Edition.organisation_id.in_(organisations))
    soonest = (
        select(Meeting.id)
        .join(Edition, Edition.id == Meeting.edition_id)
        .where(
            Meeting.module_id.in_(modules),
            Meeting.starts_at > now,
            Meeting.taken < Meeting.capacity,
            Edition.state.in_(ON_OFFER),
            Edition.counted_only.is_(False),
            for_them,
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(MOST_LOOKED_AT)
    )
    return list_meetings_on_offer(Meeting.id.in_(list(db.session.scalars(soonest))))


def _facts(meetings: Mapping[int, MeetingOnOffer]) -> dict[int, OtherMeeting]:
    editions = {meeting.edition_id for meeting in meetings.values()}
    columns = select(Edition.id, Edition.state, Edition.kind, Edition.organisation_id).where(Edition.id.in_(editions))
    by_id = {row.id: row for row in db.session.execute(columns)}
    return {
        meeting.id: OtherMeeting(
            module_id=meeting.module_id,
            starts_at=meeting.starts_at,
            free=meeting.free,
            state=by_id[meeting.edition_id].state,
            kind=by_id[meeting.edition_id].kind,
            organisation_id=by_id[meeting.edition_id].organisation_id,
        )
        for meeting in meetings.values()
    }


def _sits_in(person_ids: Collection[int], meeting_ids: Iterable[int]) -> set[tuple[int, int]]:
    """(person, meeting) where they have a seat already, by any enrolment of theirs."""
    held: ColumnElement[bool] = and_(Seat.meeting_id.in_(list(meeting_ids)), Seat.released_at.is_(None))
    rows = db.session.execute(
        select(Enrolment.person_id, Seat.meeting_id)
        .join(Seat, Seat.enrolment_id == Enrolment.id)
        .where(Enrolment.person_id.in_(person_ids), held)
    )
    return {(row.person_id, row.meeting_id) for row in rows}

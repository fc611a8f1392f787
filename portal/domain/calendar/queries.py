"""Reading meetings, invitations and feeds for calendars."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, select

from portal.db import db
from portal.domain.accounts.models import RoleGrant
from portal.domain.accounts.queries import hash_token
from portal.domain.accounts.rules import Role
from portal.domain.calendar.models import CalendarFeed, CalendarInvitation
from portal.domain.calendar.rules import CalendarMeeting
from portal.domain.catalogue.models import Course, Edition, Meeting, MeetingTrainer, Module
from portal.domain.catalogue.rules import GIVEN, EditionKind, EditionState

# A calendar program reads the whole feed every hour: what is long past does not need to be sent each time.
FEED_REACHES_BACK = timedelta(days=365)
PUBLIC_AGENDA_HOLDS = 500


@dataclass(frozen=True)
class Invited:
    """A meeting in somebody's calendar, and how it stands there."""

    meeting: CalendarMeeting
    uid: str
    sequence: int
    changed_at: datetime
    as_trainer: bool
    withdrawn: bool


def list_meetings(meeting_ids: Collection[int]) -> list[CalendarMeeting]:
    """These meetings in order of time. One query."""
    return _meetings(_columns().where(Meeting.id.in_(meeting_ids)))


def list_edition_meetings(edition_id: int, module_ids: Collection[int] | None = None) -> list[CalendarMeeting]:
    """The meetings of a published, open edition, or only those of some modules; empty when it is not."""
    found = _columns().where(
        Meeting.edition_id == edition_id,
        Edition.state.in_(GIVEN),
        Edition.kind == EditionKind.OPEN,
    )
    if module_ids is not None:
        found = found.where(Meeting.module_id.in_(module_ids))
    return _meetings(found)


def list_meeting_ids(edition_id: int) -> list[int]:
    """The ids of an edition's meetings, of any kind and state."""
    return list(db.session.scalars(select(Meeting.id).where(Meeting.edition_id == edition_id).order_by(Meeting.id)))


def list_public_meetings(now: datetime) -> list[CalendarMeeting]:
    """The coming meetings of open, published editions of visible courses: what anybody may know."""
    found = _columns().where(
        Edition.state.in_(GIVEN),
        Edition.kind == EditionKind.OPEN,
        Course.visible.is_(True),
        Meeting.ends_at > now,
    )
    return _meetings(found.limit(PUBLIC_AGENDA_HOLDS))


def list_live_invitations(person_id: int, meeting_ids: Collection[int]) -> list[CalendarInvitation]:
    """A person's invitations for these meetings that were not withdrawn, in order of meeting."""
    return list(db.session.scalars(live_invitations(person_id, meeting_ids).order_by(CalendarInvitation.meeting_id)))


def live_invitations(person_id: int, meeting_ids: Collection[int]) -> Select[CalendarInvitation]:
    """Those of a person for these meetings that were not withdrawn, not yet in any order."""
    return select(CalendarInvitation).where(
        CalendarInvitation.person_id == person_id,
        CalendarInvitation.meeting_id.in_(meeting_ids),
        CalendarInvitation.withdrawn_at.is_(None),
    )


def list_invited_meetings(person_id: int, now: datetime) -> list[Invited]:
    """What a person's feed shows: what they take part in and give, and what of it was withdrawn, in order of time."""
    found = (
        _columns()
        .add_columns(
            CalendarInvitation.uid,
            CalendarInvitation.sequence,
            CalendarInvitation.changed_at,
            CalendarInvitation.as_trainer,
            CalendarInvitation.withdrawn_at,
        )
        .join(CalendarInvitation, CalendarInvitation.meeting_id == Meeting.id)
        .where(CalendarInvitation.person_id == person_id, Meeting.ends_at > now - FEED_REACHES_BACK)
    )
    return [
        Invited(_meeting(row), row.uid, row.sequence, row.changed_at, row.as_trainer, row.withdrawn_at is not None)
        for row in db.session.execute(_in_order(found))
    ]


def list_client_meetings(person_id: int, now: datetime) -> list[tuple[CalendarMeeting, bool]]:
    """The meetings of editions that are given for the organisations that a person speaks for, in order of time, each
    with whether it was called off; not those that they are invited for themselves. One query."""
    speaks_for = select(RoleGrant.organisation_id).where(
        RoleGrant.person_id == person_id, RoleGrant.role == Role.ORGANISATION
    )
    own = select(CalendarInvitation.meeting_id).where(CalendarInvitation.person_id == person_id)
    found = (
        _columns()
        .add_columns(Edition.state)
        .where(
            Edition.organisation_id.in_(speaks_for),
            Edition.state.in_((*GIVEN, EditionState.CANCELLED)),
            Meeting.ends_at > now - FEED_REACHES_BACK,
            Meeting.id.not_in(own),
        )
    )
    return [(_meeting(row), row.state == EditionState.CANCELLED) for row in db.session.execute(_in_order(found))]


def list_trainer_ids(meeting_id: int) -> set[int]:
    """Who gives a meeting."""
    return set(db.session.scalars(select(MeetingTrainer.person_id).where(MeetingTrainer.meeting_id == meeting_id)))


def list_coming_trainers(edition_id: int, now: datetime) -> dict[int, list[int]]:
    """The meetings of an edition that are still to come, by the id of who gives them."""
    rows = db.session.execute(
        select(MeetingTrainer.person_id, MeetingTrainer.meeting_id)
        .join(Meeting, Meeting.id == MeetingTrainer.meeting_id)
        .where(Meeting.edition_id == edition_id, Meeting.ends_at > now)
        .order_by(MeetingTrainer.person_id, Meeting.starts_at, Meeting.id)
    )
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row.meeting_id)
    return found


def find_feed_person(token: str) -> int | None:
    """Whose feed this token opens; None for one that was revoked or never was."""
    return db.session.scalar(select(CalendarFeed.person_id).where(CalendarFeed.token_hash == hash_token(token)))


def has_feed(person_id: int) -> bool:
    """Whether this person has an address for a calendar program."""
    found = select(func.count()).select_from(CalendarFeed).where(CalendarFeed.person_id == person_id)
    return bool(db.session.scalar(found))


def _columns() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Meeting.id,
            Meeting.edition_id,
            Course.title.label("course"),
            Module.position,
            Module.title.label("module"),
            Edition.place,
            Meeting.venue,
            Meeting.link,
            Meeting.starts_at,
            Meeting.ends_at,
        )
        .join(Module, Module.id == Meeting.module_id)
        .join(Edition, Edition.id == Meeting.edition_id)
        .join(Course, Course.id == Edition.course_id)
    )


def _in_order(found: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return found.order_by(Meeting.starts_at, Meeting.id)


def _meetings(found: Select[*tuple[Any, ...]]) -> list[CalendarMeeting]:
    return [_meeting(row) for row in db.session.execute(_in_order(found))]


def _meeting(row: Row[*tuple[Any, ...]]) -> CalendarMeeting:
    return CalendarMeeting(*row[:10])

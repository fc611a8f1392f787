"""Inviting, renewing and withdrawing; opening and revoking a person's feed.

Each returns the calendar that goes along with a mail; the area that knows why it is sent writes the mail."""

import secrets
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import Select, insert, select

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.documents.invitation import Asks, CalendarEvent, Mailbox, Method, build_calendar
from portal.domain.accounts.models import Person
from portal.domain.accounts.queries import get_person, hash_token
from portal.domain.calendar.events import FeedOpened, FeedRevoked, InvitationWithdrawn, MeetingInvited
from portal.domain.calendar.join_links import join_address
from portal.domain.calendar.models import CalendarFeed, CalendarInvitation
from portal.domain.calendar.origin import host, organiser, page_of
from portal.domain.calendar.queries import list_meetings, live_invitations
from portal.domain.calendar.replies import close_questions
from portal.domain.calendar.rules import Answer, CalendarMeeting, Part, event_of
from portal.language import speaking, spoken
from portal.mail import Invitation


@dataclass(frozen=True)
class Renewal:
    """A changed invitation, whose it is, what they are there as, and its SEQUENCE. Who is both reads it as a
    participant."""

    person_id: int
    part: Part
    sequence: int
    invitation: Invitation


def invite(
    *, person_id: int, meeting_ids: Collection[int], actor: Actor, now: datetime, part: Part = Part.PARTICIPANT
) -> Invitation:
    """Invites a person for these meetings: one calendar, one event per meeting.

    Who is invited already gets the same event under the same SEQUENCE: nothing about it has changed, and RFC 5546
    (2.1.4) raises the number for changes alone. Who was invited before and withdrawn gets the same event with a higher
    SEQUENCE than the CANCEL had, or their calendar would take the CANCEL for the newer of the two."""
    found = select(CalendarInvitation).where(
        CalendarInvitation.person_id == person_id, CalendarInvitation.meeting_id.in_(meeting_ids)
    )
    known = {row.meeting_id: row for row in _held(found)}
    for row in known.values():
        if row.withdrawn_at is not None:
            row.sequence, row.changed_at, row.withdrawn_at = row.sequence + 1, now, None
        _set_part(row, part, True)
    db.session.flush()
    new = _add(person_id, sorted(set(meeting_ids) - set(known)), part, now)
    asks = Asks.CHANGES if part is Part.PARTICIPANT else Asks.ANSWER
    return _send(Method.REQUEST, get_person(person_id), [*known.values(), *new], actor, now, asks)


def _add(person_id: int, meeting_ids: Sequence[int], part: Part, now: datetime) -> list[CalendarInvitation]:
    """New invitations, by meeting, in one statement on either database."""
    rows = [
        {
            "meeting_id": meeting_id,
            "person_id": person_id,
            "uid": f"{uuid.uuid4()}@{host()}",
            "sequence": 0,
            "as_participant": part is Part.PARTICIPANT,
            "as_trainer": part is Part.TRAINER,
            "changed_at": now,
        }
        for meeting_id in meeting_ids
    ]
    if not rows:
        return []
    added = db.session.scalars(insert(CalendarInvitation).returning(CalendarInvitation), rows)
    return sorted(added, key=lambda invitation: invitation.meeting_id)


def withdraw(
    *, person_id: int, meeting_ids: Collection[int], actor: Actor, now: datetime, part: Part = Part.PARTICIPANT
) -> Invitation | None:
    """Takes a person's invitations for these meetings back. None when none of them is live, or when they are there as
    something else too: a trainer who gives up their seat still gives the meeting.

    A CANCEL has a higher SEQUENCE than what it takes back: "The SEQUENCE property value MUST be incremented each time
    the Organizer uses the ADD or CANCEL methods" (RFC 5546, 2.1.4)."""
    rows = _held(live_invitations(person_id, meeting_ids))
    for row in rows:
        _set_part(row, part, False)
    ended = [row for row in rows if not (row.as_participant or row.as_trainer)]
    for row in ended:
        row.sequence, row.changed_at, row.withdrawn_at = row.sequence + 1, now, now
    db.session.flush()
    close_questions([row.id for row in ended], Answer.WITHDRAWN, now)
    return _send(Method.CANCEL, get_person(person_id), ended, actor, now) if ended else None


def renew(*, meeting_id: int, actor: Actor, now: datetime) -> list[Renewal]:
    """New versions of everybody's live invitation for a meeting whose time, place or link has changed. Only these raise
    SEQUENCE: the time because RFC 5546 (2.1.4) says so, place and link because they may decide whether somebody can
    come, which it leaves to the organiser."""
    rows = _held(
        select(CalendarInvitation)
        .where(CalendarInvitation.meeting_id == meeting_id, CalendarInvitation.withdrawn_at.is_(None))
        .order_by(CalendarInvitation.id)
    )
    for row in rows:
        row.sequence, row.changed_at = row.sequence + 1, now
    db.session.flush()
    close_questions([row.id for row in rows], Answer.MOVED, now)
    people = db.session.scalars(select(Person).where(Person.id.in_([row.person_id for row in rows])))
    by_id = {person.id: person for person in people}
    return [
        Renewal(
            row.person_id,
            Part.PARTICIPANT if row.as_participant else Part.TRAINER,
            row.sequence,
            _send(Method.REQUEST, by_id[row.person_id], [row], actor, now, Asks.ANSWER),
        )
        for row in rows
    ]


def _set_part(row: CalendarInvitation, part: Part, there: bool) -> None:
    if part is Part.TRAINER:
        row.as_trainer = there
    else:
        row.as_participant = there


def _held(found: Select[CalendarInvitation]) -> list[CalendarInvitation]:
    """These invitations, held until the transaction ends: two deeds at once would count on from the same SEQUENCE."""
    held = found.order_by(None).order_by(CalendarInvitation.id).with_for_update()
    return list(db.session.scalars(held.execution_options(populate_existing=True)))


def open_feed(*, person_id: int, actor: Actor, now: datetime) -> str:
    """A new secret address for a person's calendar program; the one before stops working. Returns its token, which is
    shown once and kept as a hash."""
    token = secrets.token_urlsafe(24)
    feed = _find_feed(person_id)
    if feed is None:
        feed = CalendarFeed(person_id=person_id)
        db.session.add(feed)
    feed.token_hash, feed.created_at = hash_token(token), now
    db.session.flush()
    audit.record(FeedOpened(person_id=person_id), actor=actor, at=now)
    return token


def revoke_feed(*, person_id: int, actor: Actor, now: datetime) -> None:
    """Ends a person's feed; without one nothing happens."""
    feed = _find_feed(person_id)
    if feed is None:
        return
    db.session.delete(feed)
    db.session.flush()
    audit.record(FeedRevoked(person_id=person_id), actor=actor, at=now)


def _find_feed(person_id: int) -> CalendarFeed | None:
    return db.session.scalar(select(CalendarFeed).where(CalendarFeed.person_id == person_id))


def _send(
    method: Method,
    person: Person,
    rows: Sequence[CalendarInvitation],
    actor: Actor,
    now: datetime,
    asks: Asks = Asks.NOTHING,
) -> Invitation:
    """The calendar for these rows, and their entries in the log. It asks for an answer only where one is read."""
    asks = asks if current_app.config["PORTAL"].reads_replies else Asks.NOTHING
    happened = InvitationWithdrawn if method is Method.CANCEL else MeetingInvited
    by_meeting = {row.meeting_id: row for row in rows}
    meetings = list_meetings(list(by_meeting))
    edition_of = {meeting.meeting_id: meeting.edition_id for meeting in meetings}
    for row in rows:
        entry = happened(
            edition_id=edition_of[row.meeting_id],
            meeting_id=row.meeting_id,
            person_id=row.person_id,
            sequence=row.sequence,
        )
        audit.record(entry, actor=actor, at=now)
    attendee = Mailbox(address=person.email, name=person.name)
    with speaking(person.language):
        events = [_event(meeting, by_meeting[meeting.meeting_id], attendee, asks) for meeting in meetings]
    return Invitation(build_calendar(method, events, organiser=organiser(), stamped_at=now), method.value)


def _event(meeting: CalendarMeeting, row: CalendarInvitation, attendee: Mailbox, asks: Asks) -> CalendarEvent:
    """One meeting in the language that is being spoken: who gives it reads its link, others their own way in."""
    return event_of(
        meeting,
        uid=row.uid,
        sequence=row.sequence,
        page=page_of(meeting, row.as_trainer, spoken()),
        attendee=attendee,
        asks=asks,
        join="" if row.as_trainer else join_address(meeting.meeting_id, row.person_id, spoken()),
    )

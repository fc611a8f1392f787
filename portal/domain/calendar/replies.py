"""What calendar programs answer, and the question that a "no" becomes.

A mail proves nothing: anybody can write one, a colleague may have pressed the wrong button, a programme answers by
itself. So an answer changes nothing about who takes part. A "no" becomes a question to the person themselves, open
until they answer it, the office does, or the meeting or their place in it is no longer what it was about.

The UID says which invitation is meant. It is random and was mailed to one person, so it is proof enough to ask that
same person something; an answer from another address is noted as such, and nothing else in the mail is believed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update

from portal import audit
from portal.audit import Actor
from portal.db import Page, db, paged
from portal.documents.reply import Reply
from portal.domain.accounts.models import Person
from portal.domain.calendar.events import QuestionAnswered, ReplyRead
from portal.domain.calendar.models import CalendarInvitation, CalendarReply
from portal.domain.calendar.rules import ASKS, Answer
from portal.domain.catalogue.models import Course, Edition, Meeting, Module
from portal.errors import Conflict, NotFound
from portal.language import _

OPEN = (CalendarReply.asked_at.is_not(None), CalendarReply.answered_at.is_(None))


@dataclass(frozen=True)
class Question:
    """Somebody's calendar said that they do not come to a meeting; do they?"""

    reply_id: int
    person_id: int
    meeting_id: int
    edition_id: int
    as_participant: bool
    partstat: str
    other_address: bool
    asked_at: datetime


@dataclass(frozen=True)
class OpenQuestions:
    """How many there are, since when the oldest is, and the first meeting that one is about."""

    number: int
    oldest_at: datetime | None
    first_meeting_at: datetime | None


def note_reply(*, reply: Reply, key: str, sender: str, now: datetime) -> tuple[bool, Question | None]:
    """Notes an answer: (whether it names an invitation of ours, the question that it became, if any).

    A mail that was read before, and a "no" about which a question is open already, change nothing more."""
    row = db.session.execute(
        select(CalendarInvitation, Person.email, Meeting.edition_id, Meeting.ends_at)
        .join(Person, Person.id == CalendarInvitation.person_id)
        .join(Meeting, Meeting.id == CalendarInvitation.meeting_id)
        .where(CalendarInvitation.uid == reply.uid)
        .with_for_update(of=CalendarInvitation)
    ).first()
    if row is None:
        return False, None
    invitation: CalendarInvitation = row[0]
    known = select(CalendarReply.id).where(
        CalendarReply.message_key == key, CalendarReply.invitation_id == invitation.id
    )
    if db.session.scalar(known) is not None:
        return True, None
    is_expected = invitation.withdrawn_at is None and row.ends_at > now
    asks = reply.coming in ASKS and is_expected and not _has_question(invitation.id)
    noted = CalendarReply(
        invitation_id=invitation.id,
        message_key=key,
        partstat=reply.coming,
        other_address=row.email not in (reply.attendee, sender),
        received_at=now,
        asked_at=now if asks else None,
    )
    db.session.add(noted)
    db.session.flush()
    happened = ReplyRead(
        edition_id=row.edition_id,
        meeting_id=invitation.meeting_id,
        person_id=invitation.person_id,
        partstat=noted.partstat,
        other_address=noted.other_address,
        asked=asks,
    )
    audit.record(happened, actor=Actor.system(), at=now)
    return True, next(iter(list_questions([noted.id])), None) if asks else None


def answer_question(*, reply_id: int, answer: Answer, actor: Actor, now: datetime) -> None:
    """Closes a question. Raises Conflict when it is closed already, NotFound."""
    row = db.session.execute(_questions(CalendarReply.id == reply_id)).first()
    if row is None:
        raise NotFound
    if not _close(CalendarReply.id == reply_id, answer, now):
        raise Conflict(_("Deze vraag is al beantwoord."))
    happened = QuestionAnswered(
        edition_id=row.edition_id, meeting_id=row.meeting_id, person_id=row.person_id, answer=answer
    )
    audit.record(happened, actor=actor, at=now)


def close_questions(invitation_ids: Collection[int], answer: Answer, now: datetime) -> None:
    """Closes what is open about these invitations, since what was asked about has changed."""
    if invitation_ids:
        _close(CalendarReply.invitation_id.in_(invitation_ids), answer, now)


def list_questions(reply_ids: Collection[int]) -> list[Question]:
    """These questions, whether open or not, in order."""
    rows = db.session.execute(_questions(CalendarReply.id.in_(reply_ids)).order_by(CalendarReply.id))
    return [Question(**row._mapping) for row in rows]


def confirm_coming(*, person_id: int, meeting_ids: Collection[int], actor: Actor, now: datetime) -> None:
    """Whose calendar said no says that they come to all of these meetings. Raises Conflict when nothing is open."""
    questions = list_open_questions(person_id, meeting_ids, now)
    if not questions:
        raise Conflict(_("Deze vraag is al beantwoord."))
    for question in questions:
        answer_question(reply_id=question.reply_id, answer=Answer.COMING, actor=actor, now=now)


def list_open_questions(person_id: int, meeting_ids: Collection[int], now: datetime) -> list[Question]:
    """What is open about a person's coming to those of these meetings that are to come, in order of time. One query."""
    found = _questions(
        CalendarInvitation.person_id == person_id,
        CalendarInvitation.meeting_id.in_(meeting_ids),
        Meeting.ends_at > now,
        *OPEN,
    )
    return [Question(**row._mapping) for row in db.session.execute(found.order_by(Meeting.starts_at, Meeting.id))]


def list_all_open(now: datetime, *, page: int = 1) -> Page:
    """A page of all open questions about meetings to come, the oldest first. Rows: reply_id, partstat, other_address,
    asked_at, as_participant, person_id, name, meeting_id, edition_id, course, position, starts_at."""
    found = (
        select(
            CalendarReply.id.label("reply_id"),
            CalendarReply.partstat,
            CalendarReply.other_address,
            CalendarReply.asked_at,
            CalendarInvitation.as_participant,
            Person.id.label("person_id"),
            Person.name,
            Meeting.id.label("meeting_id"),
            Meeting.edition_id,
            Course.title.label("course"),
            Module.position,
            Meeting.starts_at,
        )
        .join(CalendarInvitation, CalendarInvitation.id == CalendarReply.invitation_id)
        .join(Person, Person.id == CalendarInvitation.person_id)
        .join(Meeting, Meeting.id == CalendarInvitation.meeting_id)
        .join(Module, Module.id == Meeting.module_id)
        .join(Edition, Edition.id == Meeting.edition_id)
        .join(Course, Course.id == Edition.course_id)
        .where(*OPEN, Meeting.ends_at > now)
    )
    return paged(found.order_by(CalendarReply.asked_at, CalendarReply.id), page=page)


def count_open(now: datetime) -> OpenQuestions:
    """All open questions about meetings to come. One query."""
    row = db.session.execute(
        select(
            func.count().label("number"),
            func.min(CalendarReply.asked_at).label("oldest_at"),
            func.min(Meeting.starts_at).label("first_meeting_at"),
        )
        .select_from(CalendarReply)
        .join(CalendarInvitation, CalendarInvitation.id == CalendarReply.invitation_id)
        .join(Meeting, Meeting.id == CalendarInvitation.meeting_id)
        .where(*OPEN, Meeting.ends_at > now)
    ).one()
    return OpenQuestions(**row._mapping)


def _has_question(invitation_id: int) -> bool:
    found = select(CalendarReply.id).where(CalendarReply.invitation_id == invitation_id, *OPEN)
    return db.session.scalar(found) is not None


def _close(which: Any, answer: Answer, now: datetime) -> bool:
    closed = update(CalendarReply).where(which, *OPEN).values(answered_at=now, answer=answer)
    return bool(db.session.scalars(closed.returning(CalendarReply.id)).all())


def _questions(*which: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(
            CalendarReply.id.label("reply_id"),
            CalendarInvitation.person_id,
            CalendarInvitation.meeting_id,
            Meeting.edition_id,
            CalendarInvitation.as_participant,
            CalendarReply.partstat,
            CalendarReply.other_address,
            CalendarReply.asked_at,
        )
        .join(CalendarInvitation, CalendarInvitation.id == CalendarReply.invitation_id)
        .join(Meeting, Meeting.id == CalendarInvitation.meeting_id)
        .where(*which)
    )

"""What happens in the room and after it: marks, finished lists, certificates."""

import hashlib
from datetime import datetime

from sqlalchemy import select

from portal.audit import Actor
from portal.db import db
from portal.demo.cast import somebody
from portal.demo.telling import Story
from portal.documents.codes import new_code
from portal.domain.accounts.models import Person
from portal.domain.accreditation import commands as accreditation
from portal.domain.attendance import commands as attendance
from portal.domain.attendance.commands import Change
from portal.domain.attendance.queries import get_meeting_head, list_seat_rows
from portal.domain.attendance.rules import Mark, Status, fingerprint
from portal.domain.catalogue.models import Meeting, MeetingTrainer
from portal.domain.certificates import commands as certificates
from portal.domain.certificates.candidates import list_candidates
from portal.domain.certificates.rules import Standing

LATE = Mark(status=Status.LATE, minutes_late=15, preparation_done=True)
ABSENT = Mark(status=Status.ABSENT)
EXCUSED = Mark(status=Status.EXCUSED, excuse="Ziek gemeld")
PRESENT = Mark(status=Status.PRESENT, preparation_done=True)
# The accounts whose own pages tell how it goes when all goes well.
ALWAYS_THERE = ("Dewi Hardjo", "Fatima Ouali")
OUT_OF_THE_ORDINARY = ((0.03, ABSENT), (0.06, EXCUSED), (0.09, LATE))


def attend(story: Story, edition_id: int, number: int, now: datetime) -> None:
    """Marks everybody of the edition's meeting with this number (from 0), mostly present, and finishes the list."""
    meeting_id = db.session.scalars(
        select(Meeting.id).where(Meeting.edition_id == edition_id).order_by(Meeting.starts_at)
    ).all()[number]
    trainer = db.session.scalars(
        select(Person).join(MeetingTrainer).where(MeetingTrainer.meeting_id == meeting_id).order_by(Person.id)
    ).first()
    if trainer is None or get_meeting_head(meeting_id).starts_at > now:
        return
    actor = Actor.person(trainer.id)
    changes = [Change(row.seat_id, fingerprint(row.mark), _mark(story, row.name)) for row in list_seat_rows(meeting_id)]
    if changes:
        attendance.mark(meeting_id=meeting_id, changes=changes, actor=actor, now=now)
    accreditation.finish_sheet(meeting_id=meeting_id, signed_name=trainer.name, actor=actor, now=now)


def issue(edition_id: int, now: datetime) -> None:
    """Gives everybody who is ready their certificate, the office at the wheel."""
    office = Actor.person(somebody("bureau").id)
    for candidate in list_candidates([edition_id]):
        if candidate.readiness.standing is Standing.READY:
            certificates.issue_certificate(
                enrolment_id=candidate.enrolment_id, code=code_for(candidate.enrolment_id), actor=office, now=now
            )


def code_for(number: int, again: int = 0) -> str:
    """A demo certificate's code: the same on every machine, and so of no use as a secret."""
    digest = hashlib.sha512(f"demo:{number}:{again}".encode()).digest()
    return new_code(lambda count: digest[:count])


def _mark(story: Story, name: str) -> Mark:
    """Of the people one in eleven is not there, or late."""
    throw = story.chance.random()
    if name in ALWAYS_THERE:
        return PRESENT
    return next((mark for chance, mark in OUT_OF_THE_ORDINARY if throw < chance), PRESENT)

"""Workshops in a prison, where nobody is known by name: one was given and counted, one is still to come."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal.audit import Actor
from portal.db import db
from portal.demo import catalogue
from portal.demo.cast import SYSTEM, somebody
from portal.demo.editions import PLANNED_AHEAD, mornings
from portal.demo.telling import Story
from portal.domain.accounts.commands import add_organisation
from portal.domain.attendance.counting import sign_count
from portal.domain.catalogue import editions
from portal.domain.catalogue.editions import EditionDetails, MeetingPlan
from portal.domain.catalogue.models import Meeting
from portal.domain.catalogue.rules import EditionKind
from portal.domain.enrolment import edition_life

LASTS = timedelta(hours=2)
PEOPLE = 14


def tell(story: Story, slug: str, *, given: date, ahead: date) -> None:
    """Adds the acts of both, of a course of one dagdeel."""
    for first_on in (given, ahead):
        (start,) = mornings(first_on, 1)
        story.at(start - PLANNED_AHEAD, lambda now, begins=start: _plan(story, slug, begins, now))  # type: ignore[misc]


def _plan(story: Story, slug: str, start: datetime, now: datetime) -> None:
    office, trainer = Actor.person(somebody("bureau").id), somebody("trainer")
    client, course = add_organisation(name="P.I. De Poort", actor=SYSTEM, now=now), catalogue.course_by(slug)
    details = EditionDetails(kind=EditionKind.IN_COMPANY, organisation_id=client.id, place="Almelo", counted_only=True)
    (module,) = catalogue.modules_of(course.id)
    meeting = MeetingPlan(module.id, start, start + LASTS, 20, "Onderwijszaal, Almelo", trainer_ids=(trainer.id,))
    edition = editions.plan_edition(course_id=course.id, details=details, meetings=[meeting], actor=office, now=now)
    edition_life.publish_edition(edition_id=edition.id, actor=office, now=now)
    story.at(start, lambda now: _begin(edition.id, now))
    story.at(start + LASTS, lambda now: _count(edition.id, now))


def _begin(edition_id: int, now: datetime) -> None:
    edition_life.start_edition(edition_id=edition_id, actor=Actor.system(), now=now)


def _count(edition_id: int, now: datetime) -> None:
    meeting_id = db.session.scalars(select(Meeting.id).where(Meeting.edition_id == edition_id)).one()
    trainer = somebody("trainer")
    sign_count(meeting_id=meeting_id, people=PEOPLE, signed_name=trainer.name, actor=Actor.person(trainer.id), now=now)
    edition_life.finish_edition(edition_id=edition_id, actor=Actor.system(), now=now)

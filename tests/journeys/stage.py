"""What is there before a journey begins: the staff of the demo, the real catalogue, and an edition of SamenKracht."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select, update

from portal import clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.demo import cast, catalogue
from portal.domain.catalogue import editions
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.enrolment import commands as enrolment
from portal.domain.enrolment import edition_life
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.queries import get_terms
from portal.domain.enrolment.rules import ContractParty
from tests.plugins.live import LiveServer

TRAINER = "trainer@demo.example"
OFFICE = "bureau@demo.example"
AUDITOR = "auditor@demo.example"
TRAINERS_NAME = "Noor van Dijk"
VENUE = "Buurthuis De Schakel, Zwolle"
LASTS = timedelta(hours=4)


@dataclass(frozen=True)
class Planned:
    """A published edition: its id and those of its meetings, in the order of the dagdelen."""

    edition_id: int
    meeting_ids: list[int]


def set_the_stage(server: LiveServer) -> None:
    """Adds the demo's accounts, and the catalogue with its texts, prices and terms; once."""
    with server.database(), transaction():
        cast.enter(clock.now())
        catalogue.offer(clock.now())


def plan_samenkracht(server: LiveServer, *, capacity: int = 12, place: str = "Zwolle", weeks_ahead: int = 5) -> Planned:
    """Four dagdelen, a week apart, from half past nine, given by the demo's trainer; as the office plans and publishes
    it."""
    with server.database(), transaction():
        now, office = clock.now(), Actor.person(cast.somebody("bureau").id)
        course = catalogue.course_by("samenkracht")
        first_on = clock.today() + timedelta(weeks=weeks_ahead)
        plans = []
        for week, module in enumerate(catalogue.modules_of(course.id)):
            starts_at = clock.from_local(datetime.combine(first_on + timedelta(weeks=week), time(9, 30)))
            plans.append(
                editions.MeetingPlan(
                    module_id=module.id,
                    starts_at=starts_at,
                    ends_at=starts_at + LASTS,
                    capacity=capacity,
                    venue=VENUE,
                    trainer_ids=(cast.somebody("trainer").id,),
                )
            )
        details = editions.EditionDetails(place=place, minimum=2)
        edition = editions.plan_edition(course_id=course.id, details=details, meetings=plans, actor=office, now=now)
        edition_life.publish_edition(edition_id=edition.id, actor=office, now=now)
        return Planned(edition.id, meeting_ids_of(edition.id))


def enrol(server: LiveServer, edition_id: int, name: str, email: str) -> None:
    """Somebody whose own enrolling is not the story takes part in the whole training."""
    with server.database(), transaction():
        now = clock.now()
        enrolment.enrol(
            edition_id=edition_id,
            module_ids=None,
            participant=enrolment.Participant(name=name, email=email),
            contract_party=ContractParty.PARTICIPANT,
            terms_version_id=get_terms(clock.local_date(now)).id,
            actor=Actor.visitor(),
            now=now,
        )


def let_the_weeks_go_by(
    server: LiveServer, planned: Planned, meetings: Sequence[int] = (1, 2, 3, 4), days_since: int = 0
) -> None:
    """Puts meetings in the past, the last of them ending a minute and so many days ago, and enrolling long before: a
    list can be kept only when its meeting has begun, and no test waits five weeks. Written straight into the database,
    since the portal rightly refuses to move a meeting back in time; nothing else in the journeys goes round the
    portal."""
    with server.database(), transaction():
        ended_at = clock.now() - timedelta(minutes=1, days=days_since)
        for weeks_ago, number in enumerate(reversed(meetings)):
            ends_at = ended_at - timedelta(weeks=weeks_ago)
            meeting = Meeting.id == planned.meeting_ids[number - 1]
            db.session.execute(update(Meeting).where(meeting).values(starts_at=ends_at - LASTS, ends_at=ends_at))
        if days_since:
            long_ago = update(Enrolment).where(Enrolment.edition_id == planned.edition_id)
            db.session.execute(long_ago.values(enrolled_at=ended_at - timedelta(weeks=8)))
        edition = db.session.get_one(Edition, planned.edition_id)
        editions.remember_start(edition)


def meeting_ids_of(edition_id: int) -> list[int]:
    return list(
        db.session.scalars(select(Meeting.id).where(Meeting.edition_id == edition_id).order_by(Meeting.starts_at))
    )

"""Which editions there are, around today: two years back and most of a year ahead."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from portal import clock
from portal.audit import Actor
from portal.db import db
from portal.demo import cast, catalogue, changes, counted
from portal.demo.attending import code_for
from portal.demo.cast import somebody
from portal.demo.editions import DAGDEEL, Plot, mornings, tell
from portal.demo.telling import Story
from portal.documents.certificate import facts_from_json
from portal.domain.accounts.models import Organisation
from portal.domain.catalogue.models import Edition
from portal.domain.catalogue.rules import AHEAD
from portal.domain.certificates import commands as certificates
from portal.domain.certificates.models import Certificate
from portal.domain.certificates.rules import CertificateState, EndReason
from portal.domain.enrolment import edition_life
from portal.domain.incompany import commands as incompany

BEFORE_THE_FIRST_EDITION = datetime(2024, 8, 1, tzinfo=UTC)
SAMENKRACHT, NETWORK = "samenkracht", "samenwerken-met-informeel-netwerk"
LAPSED = "faciliteren-en-organiseren-van-familiegroepsbijeenkomsten"
GUEST = "deelnemer@demo.example"
COLLEAGUES = ("trainer2@leerkring.example", "trainer3@leerkring.example")
PLACES = ("Zwolle", "Utrecht", "Amersfoort", "Online")


def begin(story: Story) -> None:
    """Adds every edition's acts."""
    today = clock.local_date(story.now)
    _open_trainings(story, today)
    _around_today(story, today)
    _pathway(story, today)
    _in_company(story, today)
    counted.tell(story, NETWORK, given=_weekday(today - timedelta(weeks=8)), ahead=_weekday(today + timedelta(weeks=2)))
    story.at(story.now - timedelta(days=5), _corrections)
    story.at(story.now - timedelta(days=2), cast.record_conferences)
    story.at(story.now - timedelta(days=1), _cancelled_by_the_office)
    full, ahead, roomy, unsure = (_weekday(today + timedelta(weeks=weeks)) for weeks in (3, 9, 15, 22))
    changes.tell(story, SAMENKRACHT, full=full, ahead=ahead, roomy=roomy, unsure=unsure)


def _open_trainings(story: Story, today: date) -> None:
    for number, weeks in enumerate(range(-100, -9, 10)):
        first = _weekday(today + timedelta(weeks=weeks))
        guests = (GUEST,) if weeks == -60 else ()
        place, trainer = PLACES[number % 4], COLLEAGUES[number % 2]
        tell(
            story,
            Plot(SAMENKRACHT, mornings(first, 4), place=place, trainer=trainer, people=7 + number % 5, guests=guests),
        )
    for weeks in range(-90, 31, 15):
        starts = mornings(_weekday(today + timedelta(weeks=weeks)), 1)
        guests = (GUEST,) if weeks in (-30, 15) else ()
        tell(story, Plot(NETWORK, starts, place="Online", people=5, guests=guests, lasts=timedelta(hours=2), minimum=0))
    for first, days_apart in ((date(2024, 11, 20), 7), (date(2025, 3, 19), 7)):
        tell(story, Plot(LAPSED, mornings(first, 4, days_apart), trainer=COLLEAGUES[0], people=8))
    for weeks, people, capacity, waiting in ((3, 8, 8, 3), (9, 11, 14, 0), (15, 4, 14, 0), (22, 2, 14, 0)):
        first, place = _weekday(today + timedelta(weeks=weeks)), PLACES[weeks % 4]
        tell(
            story,
            Plot(
                SAMENKRACHT,
                mornings(first, 4),
                place=place,
                people=people,
                capacity=capacity,
                waiting=waiting,
                single_modules=False,
            ),
        )
    tell(story, Plot(SAMENKRACHT, mornings(_weekday(today + timedelta(weeks=30)), 4), draft=True))
    tell(story, Plot(SAMENKRACHT, mornings(_weekday(today + timedelta(weeks=7)), 4), place="Amersfoort", people=3))


def _around_today(story: Story, today: date) -> None:
    """One edition whose meeting of today has just ended and can be marked and finished, one given but not yet
    rewarded, one whose last list was forgotten."""
    half_hour = story.now.replace(minute=30 if story.now.minute >= 30 else 0, second=0, microsecond=0)
    first, second = mornings(today - timedelta(days=28), 2)
    running = [first, second, half_hour - DAGDEEL, *mornings(today + timedelta(days=14), 1)]
    tell(story, Plot(SAMENKRACHT, running, people=10, guests=(GUEST,), single_modules=False, left_open=True))
    ready = mornings(_weekday(today - timedelta(days=60)), 4)
    tell(story, Plot(SAMENKRACHT, ready, place="Utrecht", people=12, trainer=COLLEAGUES[0], issued=False))
    forgotten = mornings(_weekday(today - timedelta(days=50)), 4)
    tell(story, Plot(SAMENKRACHT, forgotten, place="Amersfoort", people=8, left_open=True))


def _pathway(story: Story, today: date) -> None:
    coordinators = ("coordinator@demo.example", *(f"coordinator{nr}@leerkring.example" for nr in (2, 3, 4)))
    day = timedelta(hours=8)
    for weeks in (-45, 12):
        first = _weekday(today + timedelta(weeks=weeks))
        starts = mornings(first, 3, days_apart=7)
        guests = coordinators if weeks < 0 else ()
        tell(story, Plot("ek-1", starts, people=5, guests=guests, capacity=9, lasts=day, trainer=COLLEAGUES[1]))
    tell(story, Plot("ek-2", mornings(_weekday(today + timedelta(weeks=14)), 1), people=0, capacity=12, lasts=day))


def _in_company(story: Story, today: date) -> None:
    client = db.session.scalars(select(Organisation).order_by(Organisation.id)).first()
    if client is None:
        raise LookupError("organisation")
    for weeks, people in ((-26, 9), (6, 6)):
        starts = mornings(_weekday(today + timedelta(weeks=weeks)), 4, days_apart=7)
        tell(story, Plot(SAMENKRACHT, starts, place="Utrecht", people=people, organisation_id=client.id))
    story.at(story.now - timedelta(days=1, hours=3), lambda now: _ask(client.name, now))


def _ask(client_name: str, now: datetime) -> None:
    contact = somebody("organisatie")
    incompany.ask_for_training(
        course_id=catalogue.course_by(NETWORK).id,
        organisation_name=client_name,
        contact_name=contact.name,
        contact_email=contact.email,
        language="nl",
        group_size=40,
        period="Voorjaar, liefst op dinsdag",
        place="Bij ons op kantoor",
        goal="Alle wijkteams werken met het netwerk van bewoners.",
        actor=Actor.person(contact.id),
        now=now,
    )


def _corrections(now: datetime) -> None:
    """One certificate replaced after a change of name, one revoked, so that the check page has all to show."""
    office = Actor.person(somebody("bureau").id)
    valid = select(Certificate).where(Certificate.state == CertificateState.VALID).order_by(Certificate.id)
    revoked, replaced = db.session.scalars(valid.limit(2)).all()
    certificates.revoke_certificate(
        certificate_id=revoked.id,
        reason=EndReason.ISSUED_IN_ERROR,
        explanation="Per ongeluk twee keer op de lijst gezet.",
        actor=office,
        now=now,
    )
    name = facts_from_json(replaced.facts).holder_name
    certificates.replace_certificate(
        certificate_id=replaced.id, name=f"{name}-de Boer", code=code_for(replaced.id, 1), actor=office, now=now
    )


def _cancelled_by_the_office(now: datetime) -> None:
    """The edition with the fewest people does not go ahead."""
    cancelled = select(Edition).where(Edition.place == "Amersfoort", Edition.state.in_(AHEAD))
    edition = db.session.scalars(cancelled.order_by(Edition.starts_on.desc())).first()
    if edition is not None:
        edition_life.cancel_edition(edition_id=edition.id, actor=Actor.person(somebody("bureau").id), now=now)


def _weekday(day: date) -> date:
    """The Thursday of that week: trainings are not given on Sundays."""
    return day + timedelta(days=3 - day.weekday())

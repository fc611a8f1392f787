"""One edition of the demo: planned, filled, given, attended, and what came out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal import clock
from portal.audit import Actor
from portal.demo import attending, catalogue
from portal.demo.cast import somebody
from portal.demo.evaluating import evaluate
from portal.demo.handing_over import hand_over
from portal.demo.people import EMPLOYERS, PARTICIPANTS, address_of
from portal.demo.telling import Story
from portal.domain.accounts.queries import find_by_email
from portal.domain.catalogue import editions as planning
from portal.domain.catalogue.editions import EditionDetails, MeetingPlan
from portal.domain.catalogue.models import Edition
from portal.domain.catalogue.rules import Delivery, EditionKind
from portal.domain.enrolment import commands as enrolment
from portal.domain.enrolment import edition_life
from portal.domain.enrolment.commands import Participant
from portal.domain.enrolment.queries import get_edition, get_terms
from portal.domain.enrolment.rules import ContractParty

DAGDEEL = timedelta(hours=4)
PLANNED_AHEAD = timedelta(days=90)
TIME_TO_DECIDE = timedelta(days=14)
EVALUATED_SINCE = timedelta(days=365)
VENUES = {
    "Zwolle": "Buurthuis De Schakel, Zwolle",
    "Utrecht": "Wijkcentrum De Kring, Utrecht",
    "Amersfoort": "De Nieuwe Erven, Amersfoort",
    "Online": "",
}


@dataclass(frozen=True)
class Plot:
    """What happens to one edition. `people`: how many of the usual participants enrol; `guests`: addresses that enrol
    as well. `left_open`: the list of the last meeting that was held is not finished; `issued`: certificates were
    given."""

    slug: str
    starts: Sequence[datetime]
    place: str = "Zwolle"
    trainer: str = "trainer@demo.example"
    capacity: int = 14
    people: int = 9
    guests: tuple[str, ...] = ()
    organisation_id: int | None = None
    single_modules: bool = True
    draft: bool = False
    left_open: bool = False
    issued: bool = True
    lasts: timedelta = DAGDEEL
    waiting: int = 0
    minimum: int = 6


def tell(story: Story, plot: Plot) -> None:
    """Adds the acts of one edition to the story."""
    first = min(plot.starts)
    planned_at = min(first - PLANNED_AHEAD, story.now - timedelta(days=45))
    story.at(planned_at, lambda now: _plan(story, plot, now))


def _plan(story: Story, plot: Plot, now: datetime) -> None:
    office = Actor.person(somebody("bureau").id)
    course = catalogue.course_by(plot.slug)
    edition = planning.plan_edition(
        course_id=course.id,
        details=EditionDetails(
            kind=EditionKind.IN_COMPANY if plot.organisation_id else EditionKind.OPEN,
            organisation_id=plot.organisation_id,
            delivery=Delivery.ONLINE if plot.place == "Online" else Delivery.ONSITE,
            place=plot.place,
            minimum=plot.minimum,
        ),
        meetings=_meetings(plot, course.id),
        actor=office,
        now=now,
    )
    if plot.draft:
        return
    edition_life.publish_edition(edition_id=edition.id, actor=office, now=now)
    _fill(story, plot, edition, now)
    story.at(min(plot.starts) - TIME_TO_DECIDE, lambda now: _decide(edition.id, now))
    story.at(min(plot.starts), lambda now: _start(edition.id, now))
    last_held = max((start for start in plot.starts if start + plot.lasts <= story.now), default=None)
    for number, start in enumerate(plot.starts):
        if plot.left_open and start == last_held:
            continue
        story.at(start + plot.lasts, lambda now, nr=number: attending.attend(story, edition.id, nr, now))  # type: ignore[misc]
    story.at(max(plot.starts) + plot.lasts, lambda now: _finish(edition.id, now))
    if max(plot.starts) > story.now - EVALUATED_SINCE:
        evaluate(story, edition.id, max(plot.starts) + plot.lasts)
    if plot.issued and not plot.left_open:
        story.at(max(plot.starts) + timedelta(days=1), lambda now: attending.issue(edition.id, now))
        hand_over(story, edition.id, max(plot.starts) + plot.lasts)


def _decide(edition_id: int, now: datetime) -> None:
    """Lets an edition go ahead that few people chose."""
    if get_edition(edition_id).tentative:
        office = Actor.person(somebody("bureau").id)
        why = "Een kleine groep, maar het kan uit."
        edition_life.confirm_edition(edition_id=edition_id, reason=why, actor=office, now=now)


def _start(edition_id: int, now: datetime) -> None:
    edition_life.start_edition(edition_id=edition_id, actor=Actor.system(), now=now)


def _finish(edition_id: int, now: datetime) -> None:
    edition_life.finish_edition(edition_id=edition_id, actor=Actor.system(), now=now)


def _meetings(plot: Plot, course_id: int) -> list[MeetingPlan]:
    trainer = find_by_email(plot.trainer)
    if trainer is None:
        raise LookupError(plot.trainer)
    return [
        MeetingPlan(
            module_id=module.id,
            starts_at=start,
            ends_at=start + plot.lasts,
            capacity=plot.capacity,
            venue=VENUES[plot.place],
            link="https://vergaderen.example/leerkring" if plot.place == "Online" else "",
            trainer_ids=(trainer.id,),
        )
        for module, start in zip(catalogue.modules_of(course_id), plot.starts, strict=True)
    ]


def _fill(story: Story, plot: Plot, edition: Edition, published_at: datetime) -> None:
    """Spreads the enrolments between publication and the first meeting (or now)."""
    until = min(min(plot.starts) - timedelta(days=2), story.now - timedelta(hours=2))
    room = max((until - published_at).total_seconds(), 0)
    usual = story.chance.sample(range(len(PARTICIPANTS)), plot.people + plot.waiting)
    enrolling = [(PARTICIPANTS[number], address_of(number), number) for number in usual[: plot.people]]
    for email in plot.guests:
        guest = find_by_email(email)
        enrolling.append((guest.name if guest else email, email, -1))
    for name, email, number in enrolling:
        moment = published_at + timedelta(seconds=int(room * story.chance.random()))
        employer = EMPLOYERS[number % len(EMPLOYERS)] if number >= 0 else "Wijkteam Stadshagen"
        modules = _choice(story, plot, number)
        who = Participant(name=name, email=email, employer=employer, register_numbers=_numbers(number))
        story.at(moment, lambda now, who=who, modules=modules: _enrol(plot, edition.id, who, modules, now))  # type: ignore[misc]
    for number in usual[plot.people :]:
        story.at(until, lambda now, number=number: _wait(edition.id, number, now))  # type: ignore[misc]


def _choice(story: Story, plot: Plot, number: int) -> list[int] | None:
    """The whole training, or now and then dagdeel 1 and 3 of one that is sold by the dagdeel."""
    course = catalogue.course_by(plot.slug)
    alone = course.separately_bookable and plot.single_modules and number >= 0 and story.chance.random() < 0.15
    return [module.id for module in catalogue.modules_of(course.id) if module.position in (1, 3)] if alone else None


def _numbers(number: int) -> dict[str, str]:
    if number % 4 == 3:
        return {}
    found = {"SKJ": f"1{number + 100:07d}"} if number % 4 != 2 else {}
    return found | ({"Registerplein": f"4610{number + 100:06d}"} if number % 2 == 0 else {})


def _enrol(plot: Plot, edition_id: int, who: Participant, modules: list[int] | None, now: datetime) -> None:
    person = find_by_email(who.email)
    by_employer = plot.organisation_id is not None
    enrolment.enrol(
        edition_id=edition_id,
        module_ids=modules,
        participant=who,
        contract_party=ContractParty.ORGANISATION if by_employer else ContractParty.PARTICIPANT,
        organisation_id=plot.organisation_id,
        terms_version_id=get_terms(clock.local_date(now)).id,
        actor=Actor.person(person.id) if person else Actor.visitor(),
        now=now,
        trusted=by_employer,
    )


def _wait(edition_id: int, number: int, now: datetime) -> None:
    enrolment.join_waiting_list(
        edition_id=edition_id,
        module_ids=None,
        name=PARTICIPANTS[number],
        email=address_of(number),
        language="nl",
        actor=Actor.visitor(),
        now=now,
    )


def mornings(first: date, count: int, days_apart: int = 14) -> list[datetime]:
    """Starts of so many meetings at half past nine in Amsterdam, summer and winter."""
    half_past_nine = time(9, 30)
    days = [first + timedelta(days=days_apart * number) for number in range(count)]
    return [clock.from_local(datetime.combine(day, half_past_nine)) for day in days]

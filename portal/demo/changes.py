"""What people changed in the last days: a seat given up and offered, somebody moved, somebody else sent, a dagdeel
elsewhere, and a group that names its people later."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal import clock
from portal.audit import Actor
from portal.db import db
from portal.demo import catalogue
from portal.demo.cast import somebody
from portal.demo.telling import Story
from portal.domain.accreditation.make_ups import book_make_up
from portal.domain.catalogue.models import Edition
from portal.domain.enrolment import commands as enrolment
from portal.domain.enrolment.commands import Participant
from portal.domain.enrolment.groups import Order, book_group
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.other_dates import list_other_dates, wish_of
from portal.domain.enrolment.own_enrolments import OwnEnrolment, get_own_enrolment
from portal.domain.enrolment.places import list_reserved_ids, name_place
from portal.domain.enrolment.queries import get_terms
from portal.domain.enrolment.rules import EnrolmentState
from portal.domain.enrolment.stand_ins import swap_seat
from portal.domain.reporting.missed import list_missed

EMPLOYER = "Zorggroep De Linde"
# Of the group one is named at once and one of the places later; two have no name yet.
AT_ONCE = (Participant("Nadia Verbeek", "nadia@delinde.example", employer=EMPLOYER),)
LATER = Participant("Ruben de Jong", "ruben@delinde.example", employer=EMPLOYER)
PLACES = 3
SUBSTITUTE = Participant("Saskia Wolters", "saskia@jeugdzorg.example", employer="Jeugdzorg Noord")


def tell(story: Story, slug: str, *, full: date, ahead: date, roomy: date, unsure: date) -> None:
    """Adds the acts. The dates are of the first meetings of editions of this course: one that is full with a waiting
    list, one in which most things happen, one with much room, and one of which it is not sure that it is given."""

    def act(days: float, deed: Callable[[datetime], None]) -> None:
        story.at(story.now - timedelta(days=days), deed)

    act(4, lambda now: _group(story, _edition(slug, roomy), now))
    act(3, lambda now: _move(_of(ahead, slug)[0], _edition(slug, unsure), now))
    act(2.5, lambda now: _send_somebody(_of(ahead, slug)[1], now))
    act(2, lambda now: _swap(_of(ahead, slug)[2], now))
    act(1, _make_up)
    act(1 / 16, lambda now: _give_up(_of(full, slug)[0], now))


def _edition(slug: str, first_on: date) -> int:
    wanted = select(Edition.id).where(
        Edition.course_id == catalogue.course_by(slug).id, Edition.starts_on == first_on, Edition.state != "draft"
    )
    return db.session.scalars(wanted.order_by(Edition.id)).first() or 0


def _of(first_on: date, slug: str) -> list[OwnEnrolment]:
    """Who takes part for themselves in that edition, in the whole of it, in order of enrolling."""
    wanted = select(Enrolment.person_id, Enrolment.id).where(
        Enrolment.edition_id == _edition(slug, first_on),
        Enrolment.state == EnrolmentState.ENROLLED,
        Enrolment.whole,
        Enrolment.replaces_id.is_(None),
    )
    return [get_own_enrolment(*row) for row in db.session.execute(wanted.order_by(Enrolment.id))]


def _by(own: OwnEnrolment) -> Actor:
    return Actor.person(own.person_id)


def _give_up(own: OwnEnrolment, now: datetime) -> None:
    """The seat is offered to the first who waits, and is theirs to take until the day after tomorrow."""
    enrolment.cancel_enrolment(enrolment_id=own.id, actor=_by(own), now=now)


def _move(own: OwnEnrolment, edition_id: int, now: datetime) -> None:
    enrolment.move_enrolment(enrolment_id=own.id, edition_id=edition_id, actor=_by(own), now=now)


def _send_somebody(own: OwnEnrolment, now: datetime) -> None:
    enrolment.send_substitute(enrolment_id=own.id, colleague=SUBSTITUTE, actor=_by(own), now=now)


def _swap(own: OwnEnrolment, now: datetime) -> None:
    """The third dagdeel, in the first other edition that has room for it."""
    module_id = own.meetings[2].module_id
    there = list_other_dates(wish_of(own, module_id), now)[0]
    swap_seat(enrolment_id=own.id, module_id=module_id, meeting_id=there.id, actor=_by(own), now=now)


def _make_up(now: datetime) -> None:
    """The one who missed a dagdeel last, of those who can still take it elsewhere."""
    missed = next((row for row in list_missed(now=now).rows if row.first_at is not None), None)
    if missed is None:
        return
    own = get_own_enrolment(missed.person_id, missed.enrolment_id)
    there = list_other_dates(wish_of(own, missed.module_id), now)[0]
    book_make_up(enrolment_id=own.id, module_id=missed.module_id, meeting_id=there.id, actor=_by(own), now=now)


def _group(story: Story, edition_id: int, now: datetime) -> None:
    """Dewi speaks for colleagues of whom she knows one by name, and a day later two."""
    contact = somebody("deelnemer")
    terms_id = get_terms(clock.local_date(now)).id
    order = Order(edition_id, None, contact.id, terms_id, employer=EMPLOYER, order_reference="INK-2291")
    dewi = Actor.person(contact.id)
    group_id = book_group(order=order, people=AT_ONCE, places=PLACES, actor=dewi, now=now)
    story.at(now + timedelta(days=1), lambda now: _name_one(group_id, dewi, now))


def _name_one(group_id: int, contact: Actor, now: datetime) -> None:
    name_place(place_id=list_reserved_ids(group_id)[0], participant=LATER, actor=contact, now=now)

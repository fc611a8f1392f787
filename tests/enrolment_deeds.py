"""Everything that changes an enrolment or an edition, as one deed each, and a scene to do it in.

scene = build_scene()
move(scene, by(scene, "participant"))
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import time_machine
from sqlalchemy import select

from portal import clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.domain.accreditation import make_ups
from portal.domain.catalogue.models import Edition
from portal.domain.catalogue.rules import EditionState
from portal.domain.enrolment import commands, edition_life, places
from portal.domain.enrolment.group_models import ReservedPlace
from portal.domain.enrolment.groups import Order, book_group
from portal.domain.enrolment.models import Enrolment, WaitingListEntry
from portal.domain.enrolment.participants import Participant
from portal.domain.enrolment.reminders import remind_due
from portal.domain.enrolment.stand_ins import swap_seat
from tests import factories
from tests.factories import EditionAndMeetings
from tests.make_up_scenes import hold

NOW = clock.from_local(datetime.combine(date(2027, 1, 4), time(12)))
FIRST_ON, AGAIN_ON = date(2027, 3, 4), date(2027, 4, 8)
COLLEAGUE = Participant("Piet Bakker", "colleague@zorg.example", employer="Wijkteam")
OTHER = Participant("Bo Vos", "other@zorg.example", employer="Wijkteam")
DAY = timedelta(days=1)


class Scene(NamedTuple):
    """A training of two dagdelen given twice, the first time with a trainer, and somebody enrolled in that by the real
    command. Everybody's address says who they are."""

    here: EditionAndMeetings
    there: EditionAndMeetings
    participant: Person
    contact: Person
    office: Person
    trainer: Person
    enrolment_id: int

    @property
    def mine(self) -> dict[str, int]:
        return {"enrolment_id": self.enrolment_id}


Deed = Callable[[Scene, Actor], object]


def build_scene() -> Scene:
    course = factories.course_with_modules(2, title="SamenKracht", price_cents=50000)
    for module in course.modules:
        factories.accreditation(module, "SKJ", 4)
    roles = {"participant": None, "contact": None, "office": Role.OFFICE, "trainer": Role.TRAINER}
    people = {who: factories.person(role, name=who.title(), email=f"{who}@zorg.example") for who, role in roles.items()}
    here = factories.edition_with_meetings(course, FIRST_ON, trainer=people["trainer"])
    there = factories.edition_with_meetings(course, AGAIN_ON, place="Deventer")
    participant = people["participant"]
    made = factories.enrol(here, participant.email, by=participant, now=NOW)
    return Scene(here, there, enrolment_id=made.enrolment_id, **people)


def by(scene: Scene, who: str) -> Actor:
    if who in ("visitor", "system"):
        return Actor.visitor() if who == "visitor" else Actor.system()
    person: Person = getattr(scene, who)
    return Actor.person(person.id)


def begun(scene: Scene) -> datetime:
    return scene.here.meetings[0].starts_at + timedelta(hours=1)


def enrol(to: str, **who: object) -> Deed:
    return lambda scene, actor: factories.enrol(getattr(scene, to), actor=actor, now=NOW, **who)  # type: ignore[arg-type]


def cancel(when: Callable[[Scene], datetime] = lambda _scene: NOW, **values: object) -> Deed:
    return lambda scene, actor: commands.cancel_enrolment(
        **scene.mine, actor=actor, now=when(scene), by_office=actor.id == scene.office.id, **values  # type: ignore[arg-type]
    )  # fmt: skip


def move(scene: Scene, actor: Actor) -> int:
    return commands.move_enrolment(**scene.mine, edition_id=scene.there.edition.id, actor=actor, now=NOW)


def substitute(scene: Scene, actor: Actor) -> int:
    return commands.send_substitute(**scene.mine, colleague=COLLEAGUE, actor=actor, now=NOW)


def cancel_as_colleague(scene: Scene, actor: Actor) -> None:
    taken_over = db.session.scalars(select(Enrolment.id).where(Enrolment.replaces_id == scene.enrolment_id)).one()
    commands.cancel_enrolment(enrolment_id=taken_over, actor=actor, now=NOW)


def swap(scene: Scene, actor: Actor) -> None:
    meeting = scene.there.meetings[1]
    swap_seat(**scene.mine, module_id=meeting.module_id, meeting_id=meeting.id, actor=actor, now=NOW)


def be_absent(scene: Scene, _actor: Actor) -> None:
    hold(scene.here, 2, absent=[db.session.get_one(Enrolment, scene.enrolment_id)])


def make_up(scene: Scene, actor: Actor) -> None:
    meeting, now = scene.there.meetings[1], scene.here.meetings[1].ends_at + DAY
    make_ups.book_make_up(**scene.mine, module_id=meeting.module_id, meeting_id=meeting.id, actor=actor, now=now)


def be_absent_and_make_up(scene: Scene, actor: Actor) -> None:
    be_absent(scene, actor)
    with transaction():
        make_up(scene, actor)


def give_make_up_up(scene: Scene, actor: Actor) -> None:
    module_id, now = scene.there.meetings[1].module_id, scene.here.meetings[1].ends_at + DAY
    make_ups.cancel_make_up(**scene.mine, module_id=module_id, actor=actor, now=now)


def draft(scene: Scene, _actor: Actor) -> None:
    scene.here.edition.state = EditionState.DRAFT
    db.session.commit()


def tentative(scene: Scene, _actor: Actor) -> None:
    edition = scene.here.edition
    edition.state, edition.minimum, edition.decide_on = EditionState.TENTATIVE, 2, FIRST_ON
    db.session.commit()


def publish(scene: Scene, actor: Actor) -> Edition:
    return edition_life.publish_edition(edition_id=scene.here.edition.id, actor=actor, now=NOW)


def confirm(scene: Scene, actor: Actor) -> int:
    values = {"edition_id": scene.here.edition.id, "actor": actor, "now": NOW}
    return edition_life.confirm_edition(reason="Het kan net", **values)  # type: ignore[arg-type]


def postpone(scene: Scene, actor: Actor) -> int:
    decide_on, edition_id = FIRST_ON - DAY, scene.here.edition.id
    return edition_life.postpone_decision(edition_id=edition_id, decide_on=decide_on, actor=actor, now=NOW)


def cancel_edition(scene: Scene, actor: Actor) -> int:
    return edition_life.cancel_edition(edition_id=scene.here.edition.id, actor=actor, now=NOW)


def swapped_into_it(scene: Scene, _actor: Actor) -> None:
    """Somebody of the other edition is a guest in this one."""
    made = factories.enrol(scene.there, "guest@zorg.example", now=NOW)
    meeting = scene.here.meetings[1]
    values = {"enrolment_id": made.enrolment_id, "module_id": meeting.module_id, "meeting_id": meeting.id}
    with transaction():
        swap_seat(actor=Actor.visitor(), now=NOW, **values)  # type: ignore[arg-type]


def start(scene: Scene, _actor: Actor) -> bool:
    return edition_life.start_edition(edition_id=scene.here.edition.id, actor=Actor.system(), now=begun(scene))


def started(scene: Scene, _actor: Actor) -> None:
    scene.here.edition.state = EditionState.STARTED
    db.session.commit()


def finish(scene: Scene, actor: Actor) -> bool:
    now = scene.here.meetings[1].ends_at + DAY
    return edition_life.finish_edition(edition_id=scene.here.edition.id, actor=actor, now=now)


def move_meeting(*, hours: int = 0, venue: str = "", link: str = "", position: int = 1) -> Deed:
    def deed(scene: Scene, actor: Actor) -> int:
        meeting, later = scene.here.meetings[position - 1], timedelta(hours=hours)
        times = {"starts_at": meeting.starts_at + later, "ends_at": meeting.ends_at + later}
        place = {"venue": venue or meeting.venue, "link": link or meeting.link}
        return commands.move_meeting(meeting_id=meeting.id, actor=actor, now=NOW, **times, **place)

    return deed


def give_seats(scene: Scene, actor: Actor) -> None:
    commands.change_capacity(meeting_id=scene.here.meetings[0].id, capacity=20, actor=actor, now=NOW)


def complete(scene: Scene, actor: Actor) -> None:
    commands.complete_enrolment(**scene.mine, on=FIRST_ON, actor=actor, now=NOW)


def reopen(scene: Scene, actor: Actor) -> None:
    commands.reopen_enrolment(**scene.mine, actor=actor, now=NOW)


def completed(scene: Scene, actor: Actor) -> None:
    with transaction():
        complete(scene, actor)


def book(scene: Scene, actor: Actor, places: int = 1) -> int:
    order = Order(scene.here.edition.id, None, scene.contact.id, factories.terms().id, employer="De Brug")
    return book_group(order=order, people=(COLLEAGUE, OTHER)[: 3 - places], places=places, actor=actor, now=NOW)


def reserved(scene: Scene, actor: Actor) -> None:
    with transaction():
        book(scene, Actor.person(scene.contact.id), places=1)


def waits(scene: Scene, *modules: int) -> None:
    """Somebody waits with thirty people, for the whole or for the modules at these positions."""
    who = factories.person(name="Wim", email="waiting@zorg.example")
    chosen = [scene.here.meetings[position - 1].module_id for position in modules] or None
    entry = {"module_ids": chosen, "token_hash": "w", "joined_at": NOW, "people": 30}
    factories.add(WaitingListEntry(edition_id=scene.here.edition.id, person_id=who.id, **entry))


def reserved_and_waited_for(scene: Scene, actor: Actor) -> None:
    reserved(scene, actor)
    waits(scene)


def waited_for_the_first(scene: Scene, _actor: Actor) -> None:
    waits(scene, 1)


def substituted(scene: Scene, _actor: Actor) -> None:
    with transaction():
        substitute(scene, Actor.person(scene.participant.id))


def place_id() -> int:
    return db.session.scalars(select(ReservedPlace.id).where(ReservedPlace.state == "reserved")).one()


def name_place(scene: Scene, actor: Actor) -> object:
    who = Participant("Ali Vos", "named@zorg.example")
    return places.name_place(place_id=place_id(), participant=who, actor=actor, now=NOW, by_link=actor.id is None)


def release_place(scene: Scene, actor: Actor) -> object:
    return places.release_place(place_id=place_id(), actor=actor, now=NOW)


def remind(days_before: float) -> Deed:
    """All that is due so many days before the first meeting, as the worker does it."""

    def deed(scene: Scene, _actor: Actor) -> None:
        now = scene.here.meetings[0].starts_at - timedelta(days=days_before)
        db.session.commit()
        with time_machine.travel(now, tick=False):
            while remind_due(now):
                pass

    return deed


def enrol_late(scene: Scene, _actor: Actor) -> None:
    now = scene.here.meetings[0].starts_at - 10 * DAY
    factories.enrol(scene.here, "late@zorg.example", now=now)


def in_transaction(deed: Deed) -> Deed:
    """The deed, done by the participant in a transaction of its own."""

    def whole(scene: Scene, _actor: Actor) -> None:
        with transaction():
            deed(scene, Actor.person(scene.participant.id))

    return whole

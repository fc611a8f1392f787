"""What happens to a waiting list and to places without a name, as one deed each, in the scene of enrolment_deeds.
'first' and 'second' wait for the edition `here`, which has room for the participant alone."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.queries import hash_token
from portal.domain.catalogue.models import Meeting
from portal.domain.enrolment import commands, offers, places, waiting_list
from portal.domain.enrolment.group_models import GroupBooking
from portal.domain.enrolment.models import WaitingListEntry, WaitingListOffer
from portal.domain.enrolment.participants import Participant
from portal.domain.enrolment.rules import ContractParty
from tests import enrolment_deeds as deeds
from tests import factories
from tests.enrolment_deeds import NOW, Deed, Scene

TOKEN = "de-brief-van-first"


def join(who: str, *, people: int = 1, together: bool = True) -> Deed:
    def deed(scene: Scene, actor: Actor) -> None:
        commands.join_waiting_list(
            edition_id=scene.here.edition.id,
            module_ids=None,
            name=who.title(),
            email=f"{who}@zorg.example",
            language="nl",
            people=people,
            together=together,
            actor=actor,
            now=NOW,
        )

    return deed


def full(scene: Scene, _actor: Actor) -> None:
    with transaction():
        ids = [meeting.id for meeting in scene.here.meetings]
        db.session.execute(update(Meeting).where(Meeting.id.in_(ids)).values(capacity=Meeting.taken))


def waiting(scene: Scene, actor: Actor) -> None:
    """Both wait, the first with a token that is known."""
    full(scene, actor)
    for who in ("first", "second"):
        with transaction():
            join(who)(scene, Actor.visitor())
    with transaction():
        first = select(func.min(WaitingListEntry.id)).scalar_subquery()
        named = update(WaitingListEntry).where(WaitingListEntry.id == first)
        db.session.execute(named.values(token_hash=hash_token(TOKEN)))


def offered(scene: Scene, actor: Actor) -> None:
    """A seat is held for the first of them."""
    waiting(scene, actor)
    with transaction():
        deeds.cancel()(scene, Actor.person(scene.office.id))


def free_again(scene: Scene, actor: Actor) -> None:
    """The first has an offer, and there is a seat that nobody was asked for yet."""
    offered(scene, actor)
    with transaction():
        ids = [meeting.id for meeting in scene.here.meetings]
        db.session.execute(update(Meeting).where(Meeting.id.in_(ids)).values(capacity=Meeting.taken + 1))


def group_waiting(scene: Scene, actor: Actor) -> None:
    """Somebody waits for two people who come as there is room, and one seat is held."""
    full(scene, actor)
    with transaction():
        join("first", people=2, together=False)(scene, Actor.visitor())
    with transaction():
        deeds.cancel()(scene, Actor.person(scene.office.id))


def give_seats(number: int) -> Deed:
    """So many seats more in every dagdeel."""

    def deed(scene: Scene, actor: Actor) -> None:
        for meeting in scene.here.meetings:
            capacity = db.session.get_one(Meeting, meeting.id, populate_existing=True).capacity
            commands.change_capacity(meeting_id=meeting.id, capacity=capacity + number, actor=actor, now=NOW)

    return deed


def offer_id() -> int:
    return db.session.scalars(select(WaitingListOffer.id).where(WaitingListOffer.state == "open")).one()


def until() -> datetime:
    return db.session.scalars(select(WaitingListOffer.expires_at).where(WaitingListOffer.state == "open")).one()


def accept(*who: str, late: bool = False) -> Deed:
    def deed(scene: Scene, actor: Actor) -> None:
        offers.accept_offer(
            offer_id=offer_id(),
            participants=[Participant(name.title(), f"{name}@zorg.example") for name in who],
            contract_party=ContractParty.PARTICIPANT,
            terms_version_id=factories.terms().id,
            actor=actor,
            now=until() if late else NOW,
        )

    return deed


def decline(_scene: Scene, actor: Actor) -> None:
    offers.decline_offer(offer_id=offer_id(), actor=actor, now=NOW)


def leave(_scene: Scene, actor: Actor) -> None:
    waiting_list.leave_waiting_list(token=TOKEN, actor=actor, now=NOW)


def take_off(reason: str) -> Deed:
    def deed(_scene: Scene, actor: Actor) -> None:
        entry_id = db.session.scalars(select(func.min(WaitingListEntry.id))).one()
        waiting_list.take_off_waiting_list(entry_id=entry_id, reason=reason, actor=actor, now=NOW)

    return deed


def taken_off(scene: Scene, actor: Actor) -> None:
    waiting(scene, actor)
    with transaction():
        take_off("Dubbel")(scene, actor)


def reserved_and_waiting(scene: Scene, actor: Actor) -> None:
    """A place without a name, and somebody who waits for it."""
    deeds.reserved(scene, actor)
    full(scene, actor)
    with transaction():
        join("first")(scene, Actor.visitor())


def worker_lapses(_scene: Scene, _actor: Actor) -> None:
    """The worker a second before the offer's moment, and at it."""
    moment = until()
    assert offers.lapse_offers(moment - timedelta(seconds=1)) == 0
    assert offers.lapse_offers(moment) == 1


def worker_releases_places(_scene: Scene, _actor: Actor) -> None:
    """The worker when the last day to name somebody is over."""
    name_until = db.session.scalars(select(GroupBooking.name_until)).one()
    assert name_until is not None
    with transaction():
        db.session.execute(update(GroupBooking).values(next_due_at=name_until))
    assert places.do_what_is_due_for_places(name_until) == 1

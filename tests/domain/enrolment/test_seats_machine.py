"""Seats, holds, the waiting list, changes and capacities, in any order: what was promised holds after every step.

The quick suite runs a few; `make machine` runs 500 of 60 steps on both databases. What should have been offered is told
by tests/seats_model.py, which knows nothing of the code."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.enrolment import commands, decisions, edition_life, groups, offers, places, stand_ins, waiting_list
from portal.domain.enrolment.participants import Participant
from portal.domain.enrolment.policy import Policy, decide_policy
from portal.domain.enrolment.rules import ContractParty
from portal.errors import Conflict, DomainError
from portal.mail import OutgoingMail
from tests import factories, seats_model
from tests.plugins.database import TestDatabase
from tests.plugins.machine import MachineSize
from tests.seats_model import Kept, Offered, State, Takes, Terms, Waits

# Whole minutes, so that the model may count in minutes. The clock goes forward on the 28th, between the editions.
BEGINS = datetime(2027, 3, 1, 10, tzinfo=UTC)
FIRST_ON, AGAIN_ON = date(2027, 3, 25), date(2027, 3, 31)
OFFICE = Actor.system("cli")
PEOPLE = [f"p{number}@zorg.example" for number in range(7)]
# They have done what comes first; the sixth is known and has not, the seventh is new.
PREPARED = PEOPLE[:5]
SEATED = [f"z{number}@zorg.example" for number in range(4)]
Row = TypeVar("Row")
Wish = tuple[Any, ...]

pick = st.integers(0, 11)
who = st.sampled_from(PEOPLE)
edition = st.integers(0, 1)
chosen = st.sampled_from([None, None, (0,), (1,)])
wish = st.tuples(who, edition, chosen) | st.tuples(who, edition, chosen, st.integers(1, 3), st.booleans())


class Deed(NamedTuple):
    """Something that may happen: so often by its `weight`, `when` it makes sense, with what is `drawn` for it."""

    happens: Callable[..., None]
    drawn: dict[str, st.SearchStrategy[Any]]
    when: Callable[[Any], object]
    weight: int


DEEDS: list[Deed] = []


def deed(
    *, when: Callable[[Any], object] = lambda _machine: True, weight: int = 1, **drawn: st.SearchStrategy[Any]
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Lists a deed. As rules of their own, whole runs would leave out those that free seats, or those that wait."""

    def listed(happens: Callable[..., None]) -> Callable[..., None]:
        DEEDS.append(Deed(happens, drawn, when, weight))
        return happens

    return listed


class Seats(RuleBasedStateMachine):
    """Two editions of two dagdelen, full at first, and seven people who change their minds."""

    def __init__(self, database: TestDatabase, app: Flask) -> None:
        super().__init__()
        db.session.remove()
        database.put_back(app)
        self.now = BEGINS
        self.state = State()

    # The scene

    @initialize(
        offer_hours=st.sampled_from([1, 48, 336]),
        closes_hours=st.sampled_from([0, 24, 240]),
        waiting=st.lists(wish, min_size=4, max_size=8),
    )
    def build(self, offer_hours: int, closes_hours: int, waiting: list[Wish]) -> None:
        first = factories.course_with_modules(1)
        course = factories.course_with_modules(2, requires={"completed": first.course.slug})
        done = factories.edition_with_meetings(first, date(2026, 1, 15), state="finished")
        known = {email: factories.person(email=email) for email in PEOPLE[:6] + SEATED}
        for email in PREPARED + SEATED:
            factories.enrolment(done, known[email], state="completed", completed_on=date(2026, 1, 15))
        made = [factories.edition_with_meetings(course, on, capacity=2) for on in (FIRST_ON, AGAIN_ON)]
        for email, one in zip(SEATED, [*made, *made], strict=True):
            factories.enrolment(one, known[email])
        self.modules = [module.id for module in course.modules]
        self.editions = [one.edition.id for one in made]
        self.meetings = [meeting.id for one in made for meeting in one.meetings]
        self.contact = known[PEOPLE[0]].id
        self.terms_id = factories.terms().id
        self.people = {email: person.id for email, person in known.items()}
        self.terms = Terms(offer_hours, closes_hours, frozenset(self.people[email] for email in PREPARED + SEATED))
        db.session.commit()
        with transaction():
            policy = Policy(offer_hours=offer_hours, enrolment_closes_hours=closes_hours)
            decide_policy(policy=policy, actor=OFFICE, now=self.now)
        self.state = seats_model.look()
        for one in waiting:
            self.join(*one)

    def teardown(self) -> None:
        db.session.remove()

    # What happens

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        names = [one.happens.__name__ for one in DEEDS if one.when(self) for _time in range(one.weight)]
        name = data.draw(st.sampled_from(names), label="deed")
        chosen = next(one for one in DEEDS if one.happens.__name__ == name)
        chosen.happens(self, **{each: data.draw(values, label=each) for each, values in chosen.drawn.items()})

    @deed(person=who, edition=edition, chosen=chosen, when=lambda self: self.room, weight=2)
    def enrol(self, person: str, edition: int, chosen: tuple[int, ...] | None) -> None:
        meetings = self.chosen(edition, chosen)
        full = any(meeting.taken >= meeting.capacity for meeting in meetings)
        refused = self.do(commands.enrol, **self.order(edition, chosen), participant=participant(person), trusted=True)
        if full and refused is None:
            raise AssertionError("somebody was enrolled in a full meeting")
        if refused is None and min(meeting.starts_at for meeting in meetings) <= self.now:
            raise AssertionError("somebody was enrolled in what has begun")
        if isinstance(refused, Conflict):
            assert full, refused.sentence

    @deed(wish=wish, weight=4)
    def join_the_list(self, wish: Wish) -> None:
        self.join(*wish)

    @deed(pick=pick, when=lambda self: len(self.waiting) > 2)
    def leave_the_list(self, pick: int) -> None:
        entry = one_of(self.waiting, pick)
        sent = select(OutgoingMail.text_body).where(
            OutgoingMail.kind == "enrolment.waiting_list_joined",
            OutgoingMail.person_id == entry.person_id,
            OutgoingMail.edition_id == entry.edition_id,
        )
        text = db.session.scalars(sent.order_by(OutgoingMail.id.desc()).limit(1)).one()
        self.sure(waiting_list.leave_waiting_list, token=re.findall(r"/wachtlijst/(\S+)", text)[0])

    @deed(pick=pick, when=lambda self: len(self.waiting) > 2)
    def take_off_the_list(self, pick: int) -> None:
        self.sure(waiting_list.take_off_waiting_list, entry_id=one_of(self.waiting, pick).id, reason="Dubbel")

    @deed(pick=pick, when=lambda self: self.enrolled, weight=3)
    def cancel(self, pick: int) -> None:
        enrolment = one_of(self.enrolled, pick)
        self.sure(commands.cancel_enrolment, enrolment_id=enrolment.id, by_office=True)

    @deed(pick=st.integers(0, 3), capacity=st.integers(0, 4))
    def give_seats(self, pick: int, capacity: int) -> None:
        meeting = self.state.meetings[self.meetings[pick]]
        refused = self.do(commands.change_capacity, meeting_id=meeting.id, capacity=capacity)
        assert (refused is not None) == (capacity < meeting.taken)

    @deed(edition=edition, when=lambda self: self.waiting and not self.room, weight=2)
    def give_a_seat_everywhere(self, edition: int) -> None:
        """A larger room: one change for each dagdeel, so each is looked at by itself."""
        for number in (0, 1):
            meeting = self.state.meetings[self.meetings[2 * edition + number]]
            self.sure(commands.change_capacity, meeting_id=meeting.id, capacity=min(meeting.capacity + 1, 5))
            self.all_holds()

    @deed(pick=pick, when=lambda self: self.open_offers, weight=3)
    def accept(self, pick: int) -> None:
        offer = one_of(self.open_offers, pick)
        waits = self.state.entries[offer.entry_id].person_id
        self.answer(offer, [email for email, number in self.people.items() if number == waits])

    @deed(pick=pick, people=st.lists(who, min_size=1, max_size=3, unique=True), when=lambda self: self.open_offers)
    def accept_for(self, pick: int, people: list[str]) -> None:
        self.answer(one_of(self.open_offers, pick), people)

    @deed(pick=pick, when=lambda self: self.open_offers, weight=3)
    def decline(self, pick: int) -> None:
        self.sure(offers.decline_offer, offer_id=one_of(self.open_offers, pick).id)

    @deed(pick=pick, when=lambda self: self.ended_offers)
    def answer_what_has_ended(self, pick: int) -> None:
        offer = one_of(self.ended_offers, pick)
        assert isinstance(self.do(offers.decline_offer, offer_id=offer.id), Conflict)

    @deed(hours=st.sampled_from([1, 1, 2, 12, 50, 100]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @deed(weight=2)
    def the_worker_looks(self) -> None:
        """Each change of it is looked at by itself."""
        while offers.lapse_offers(self.now, at_most=1):
            self.all_holds()
        while places.do_what_is_due_for_places(self.now):
            self.all_holds()
        edition_life.work_on_editions(self.now)

    @deed(pick=pick, when=lambda self: self.enrolled and self.room, weight=2)
    def move(self, pick: int) -> None:
        enrolment = one_of(self.enrolled, pick)
        there = next(number for number in self.editions if number != enrolment.edition_id)
        self.do(commands.move_enrolment, enrolment_id=enrolment.id, edition_id=there)

    @deed(pick=pick, module=st.integers(0, 1), edition=edition, when=lambda self: self.enrolled and self.room, weight=2)
    def swap(self, pick: int, module: int, edition: int) -> None:
        meeting = self.state.meetings[self.meetings[2 * edition + module]]
        enrolment = one_of(self.enrolled, pick)
        swapped = {"module_id": meeting.module_id, "meeting_id": meeting.id}
        self.do(stand_ins.swap_seat, enrolment_id=enrolment.id, **swapped)

    @deed(pick=pick, person=who, when=lambda self: self.enrolled)
    def send_a_colleague(self, pick: int, person: str) -> None:
        enrolment = one_of(self.enrolled, pick)
        self.do(commands.send_substitute, enrolment_id=enrolment.id, colleague=participant(person), by_office=True)

    @deed(
        edition=edition,
        chosen=chosen,
        people=st.lists(who, max_size=1),
        number=st.integers(0, 2),
        when=lambda self: self.room,
    )
    def book_a_group(self, edition: int, chosen: tuple[int, ...] | None, people: list[str], number: int) -> None:
        order = groups.Order(
            self.editions[edition], self.module_ids(chosen), self.contact, self.terms_id, employer="De Brug"
        )
        come = [participant(email) for email in people]
        self.do(groups.book_group, order=order, people=come, places=number, trusted=True)

    @deed(pick=pick, person=who, trusted=st.booleans(), when=lambda self: self.reserved)
    def name_a_place(self, pick: int, person: str, trusted: bool) -> None:
        place = one_of(self.reserved, pick)
        self.do(places.name_place, place_id=place.id, participant=participant(person), trusted=trusted)

    @deed(pick=pick, when=lambda self: self.reserved)
    def give_a_place_back(self, pick: int) -> None:
        place = one_of(self.reserved, pick)
        refused = self.do(places.release_place, place_id=place.id)
        assert (refused is None) == (self.now < place.name_until)

    @deed(edition=edition, when=lambda self: self.may_end and len(self.ended_offers) > 2)
    def call_off(self, edition: int) -> None:
        self.do(edition_life.cancel_edition, edition_id=self.editions[edition])

    @deed(
        people=st.lists(who, min_size=2, max_size=3, unique=True),
        trusted=st.booleans(),
        when=lambda self: len(self.reserved) > 1,
    )
    def name_several(self, people: list[str], trusted: bool) -> None:
        group_id = self.reserved[0].group_id
        come = [participant(email) for email in people]
        self.do(groups.name_places, group_id=group_id, people=come, trusted=trusted)

    @deed(closes_hours=st.sampled_from([0, 24, 240]))
    def decide(self, closes_hours: int) -> None:
        policy = Policy(offer_hours=self.terms.offer_hours, enrolment_closes_hours=closes_hours)
        self.sure(decisions.decide, policy=policy)
        self.terms = replace(self.terms, closes_hours=closes_hours)

    # What holds

    @invariant()
    def all_holds(self) -> None:
        was, self.state = self.state, seats_model.look()
        db.session.rollback()
        seats_are_counted(self.state)
        offers_hold_their_seats(self.state)
        what_ended_stays(was, self.state)
        who_came_in_waits_no_more(was, self.state)
        assert seats_model.made(was, self.state) == seats_model.due(was, self.state, self.terms, self.now)
        for offer in self.state.offers.values():
            if offer.id not in was.offers:
                starts = [meeting.starts_at for meeting in self.state.wished(self.state.entries[offer.entry_id])]
                assert offer.expires_at == seats_model.answer_by(self.now, starts, self.terms)

    # Small words

    def do(self, command: Callable[..., object], **values: Any) -> DomainError | None:
        """The command in a transaction of its own; what it was refused with."""
        try:
            with transaction():
                command(actor=OFFICE, now=self.now, **values)
        except DomainError as refused:
            return refused
        return None

    def join(
        self, person: str, edition: int, chosen: tuple[int, ...] | None, people: int = 1, together: bool = True
    ) -> None:
        self.do(
            waiting_list.join_waiting_list,
            edition_id=self.editions[edition],
            module_ids=self.module_ids(chosen),
            name="Şule Yılmaz",
            email=person,
            language="nl",
            people=people,
            together=together,
        )

    def answer(self, offer: Offered, people: list[str]) -> None:
        refused = self.do(
            offers.accept_offer,
            offer_id=offer.id,
            participants=[participant(email) for email in people],
            contract_party=ContractParty.PARTICIPANT,
            terms_version_id=self.terms_id,
        )
        if refused is None:
            assert self.now < offer.expires_at
            assert 0 < len(people) <= offer.people
        if isinstance(refused, Conflict):
            assert self.now >= offer.expires_at, f"the held seats were not there: {refused.sentence}"

    def sure(self, command: Callable[..., object], **values: Any) -> None:
        refused = self.do(command, **values)
        assert refused is None, refused

    def order(self, edition: int, chosen: tuple[int, ...] | None) -> dict[str, Any]:
        return {
            "edition_id": self.editions[edition],
            "module_ids": self.module_ids(chosen),
            "contract_party": ContractParty.PARTICIPANT,
            "terms_version_id": self.terms_id,
        }

    def module_ids(self, chosen: tuple[int, ...] | None) -> list[int] | None:
        return None if chosen is None else [self.modules[number] for number in chosen]

    def chosen(self, edition: int, chosen: tuple[int, ...] | None) -> list[seats_model.Meets]:
        return [self.state.meetings[self.meetings[2 * edition + number]] for number in chosen or (0, 1)]

    @property
    def waiting(self) -> list[Waits]:
        return [entry for entry in self.state.entries.values() if entry.left_at is None]

    @property
    def enrolled(self) -> list[Takes]:
        mine = set(getattr(self, "editions", ()))
        return [one for one in self.state.enrolments.values() if one.state == "enrolled" and one.edition_id in mine]

    @property
    def open_offers(self) -> list[Offered]:
        return [offer for offer in self.state.offers.values() if offer.state == "open"]

    @property
    def ended_offers(self) -> list[Offered]:
        return [offer for offer in self.state.offers.values() if offer.state != "open"]

    @property
    def room(self) -> bool:
        mine = [one for one in self.state.meetings.values() if one.id in self.meetings]
        return any(meeting.taken < meeting.capacity for meeting in mine)

    @property
    def reserved(self) -> list[Kept]:
        return [place for place in self.state.places.values() if place.state == "reserved"]

    @property
    def may_end(self) -> bool:
        return all(state != "cancelled" for state in self.state.editions.values())


def participant(email: str) -> Participant:
    return Participant("Şule Yılmaz", email)


def one_of(rows: Sequence[Row], pick: int) -> Row:
    return rows[pick % len(rows)]


def seats_are_counted(state: State) -> None:
    """Never more taken than there are, and exactly the seats of people and those that are held."""
    held = state.held_offer + state.held_place
    for meeting in state.meetings.values():
        kept = sum(seats for (_of, meeting_id), seats in held.items() if meeting_id == meeting.id)
        assert 0 <= meeting.taken <= meeting.capacity, f"{meeting} is oversold"
        assert meeting.taken == state.sits[meeting.id] + kept, f"{meeting} counts {state.sits[meeting.id]} + {kept}"


def offers_hold_their_seats(state: State) -> None:
    """An open offer holds a seat for each of its people in each of its meetings, and so does a place without a name;
    nothing else holds any."""
    expected = {
        (offer.id, meeting.id): offer.people
        for offer in state.offers.values()
        if offer.state == "open"
        for meeting in state.wished(state.entries[offer.entry_id])
    }
    assert dict(state.held_offer) == expected
    named_later = [place for place in state.places.values() if place.state == "reserved"]
    assert dict(state.held_place) == {(place.id, m.id): 1 for place in named_later for m in state.wished(place)}
    for entry in state.entries.values():
        offer = state.open_offer(entry.id)
        assert offer is None or (entry.left_at is None and offer.people <= entry.people)


def what_ended_stays(was: State, now_is: State) -> None:
    """No offer is opened again, nobody comes back on the list by the same wish, no enrolment comes back."""
    for offer in was.offers.values():
        if offer.state != "open":
            assert now_is.offers[offer.id] == offer
    for entry in was.entries.values():
        if entry.left_at is not None:
            assert now_is.entries[entry.id] == entry
    for enrolment in was.enrolments.values():
        if enrolment.state == "cancelled":
            assert now_is.enrolments[enrolment.id] == enrolment


def who_came_in_waits_no_more(was: State, now_is: State) -> None:
    """Who waited alone, and was enrolled in all of it, is off the list; who waits for more than that stays."""
    came_in = [one for one in now_is.enrolments.values() if one.id not in was.enrolments]
    for entry in was.entries.values():
        after = now_is.entries[entry.id]
        if entry.left_at is not None:
            continue
        seats = {
            meeting.id
            for one in came_in
            if (one.person_id, one.edition_id) == (entry.person_id, entry.edition_id)
            for meeting in now_is.meetings.values()
            if (one.id, meeting.id) in now_is.seats
        }
        alone = entry.people == 1 and entry.together
        if alone and {meeting.id for meeting in now_is.wished(entry)} <= seats:
            assert after.ended_by in ("enrolled", "accepted"), f"{after} waits for what they have"
        else:
            assert after.ended_by != "enrolled", f"{after} still waits for more"


def test_what_was_promised_holds_after_every_step(app: Flask, database: TestDatabase, machine_size: MachineSize):
    run_state_machine_as_test(
        lambda: Seats(database, app),
        settings=settings(
            max_examples=machine_size.runs,
            stateful_step_count=machine_size.steps,
            derandomize=machine_size.is_quick,
            # What a quick one finds is told at once; a long one looks for the shortest way to it.
            phases=[Phase.generate] if machine_size.is_quick else list(Phase),
            database=None,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )

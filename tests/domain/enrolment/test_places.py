"""Places that are reserved without a name: held until they are named, given back when they are not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal import clock
from portal.audit import Actor, trail_of
from portal.clock import from_local
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.catalogue.models import Meeting
from portal.domain.enrolment import edition_life, places
from portal.domain.enrolment.enrolling import Outcome
from portal.domain.enrolment.group_models import GroupBooking, ReservedPlace
from portal.domain.enrolment.group_queries import find_place_by_token, get_place
from portal.domain.enrolment.groups import Order, book_group, name_places
from portal.domain.enrolment.models import Enrolment, SeatHold
from portal.domain.enrolment.participants import Participant
from portal.domain.enrolment.place_rules import days_left, last_naming_day, name_until, next_due
from portal.errors import Conflict, DomainError, NotFound, Refused
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings

SECOND = timedelta(seconds=1)
NOW = datetime(2026, 10, 1, 10, tzinfo=UTC)
FIRST_ON = date(2026, 11, 2)
# The clock goes back on 25 October 2026: the last day, seven days before, is its Monday after.
UNTIL = from_local(datetime.fromisoformat("2026-10-27T00:00"))
ELS = Participant("Els Vos", "els@zorg.example")


@pytest.fixture(autouse=True)
def on_the_first_of_october():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def edition(app: Flask) -> EditionAndMeetings:
    of = factories.course_with_modules(2, price_cents=40000, title="SamenKracht")
    return factories.edition_with_meetings(of, capacity=5, first_on=FIRST_ON)


@pytest.fixture
def contact(app: Flask) -> Person:
    return factories.person(name="Hanneke", email="hanneke@zorg.example")


def reserve(of: EditionAndMeetings, by: Person, number: int = 3, people: tuple[Participant, ...] = ()) -> list[int]:
    """The ids of the places that were reserved."""
    order = Order(of.edition.id, None, by.id, factories.terms().id, employer="De Brug")
    with transaction():
        group_id = book_group(order=order, people=people, places=number, actor=Actor.person(by.id), now=clock.now())
    wanted = select(ReservedPlace.id).where(ReservedPlace.group_id == group_id, ReservedPlace.state == "reserved")
    return list(db.session.scalars(wanted.order_by(ReservedPlace.id)))


def name(place_id: int, who: Participant = ELS, at: datetime | None = None, **values: bool) -> Outcome:
    with transaction():
        return places.name_place(
            place_id=place_id, participant=who, actor=Actor.visitor(), now=at or clock.now(), **values
        )


def taken(of: EditionAndMeetings) -> list[int]:
    wanted = select(Meeting.taken).where(Meeting.edition_id == of.edition.id).order_by(Meeting.id)
    return list(db.session.scalars(wanted))


def holds() -> int:
    return db.session.scalar(select(func.count()).select_from(SeatHold)) or 0


def mails(kind: str) -> list[OutgoingMail]:
    wanted = select(OutgoingMail).where(OutgoingMail.kind == f"enrolment.{kind}").order_by(OutgoingMail.id)
    return list(db.session.scalars(wanted))


def states() -> list[str]:
    return list(db.session.scalars(select(ReservedPlace.state).order_by(ReservedPlace.id)))


# The rules


def test_the_last_day_counts_back_by_the_calendar_over_both_changes_of_the_clock():
    for first_on, until in (
        ("2026-11-02", "2026-10-26T23:00+00:00"),
        ("2027-04-02", "2027-03-26T23:00+00:00"),
        ("2027-04-04", "2027-03-28T22:00+00:00"),
    ):
        first_at = from_local(datetime.fromisoformat(f"{first_on}T09:30"))
        assert name_until(first_at, 7) == datetime.fromisoformat(until)
        assert last_naming_day(first_at, 7) == date.fromisoformat(first_on) - timedelta(days=7)


def test_with_no_days_before_it_ends_when_the_first_meeting_begins():
    first_at = from_local(datetime.fromisoformat("2026-11-02T09:30"))
    assert name_until(first_at, 0) == first_at


def test_there_are_four_reminders_and_then_the_end():
    due, moments = NOW, []
    while due < UNTIL:
        due = next_due(UNTIL, due)
        moments.append((clock.local(due).isoformat(timespec="hours"), days_left(UNTIL, due)))
    assert moments == [
        ("2026-10-12T09+02:00", 14),
        ("2026-10-19T09+02:00", 7),
        ("2026-10-24T09+02:00", 2),
        ("2026-10-26T09+01:00", 0),
        ("2026-10-27T00+01:00", -1),
    ]


# Reserving


def test_places_hold_seats_without_a_name(edition: EditionAndMeetings, contact: Person):
    reserve(edition, contact, 2, (ELS,))
    assert (taken(edition), holds(), states()) == ([3, 3], 4, ["reserved", "reserved", "named"])
    booking = db.session.scalars(select(GroupBooking)).one()
    assert booking.name_until == UNTIL
    (mail,) = mails("group_booked")
    assert "Je reserveerde 2 plekken zonder naam" in mail.text_body
    assert "tot en met maandag 26 oktober 2026" in mail.text_body


def test_places_and_people_together_fit_or_none_is_held(edition: EditionAndMeetings, contact: Person):
    with pytest.raises(Conflict, match="Voor 6 mensen is geen plek"):
        reserve(edition, contact, 5, (ELS,))
    assert (taken(edition), holds(), states()) == ([0, 0], 0, [])


@pytest.mark.parametrize("number", [-1, 101])
def test_so_many_places_are_not_reserved(edition: EditionAndMeetings, contact: Person, number: int):
    with pytest.raises(Refused, match="hoogstens 100"):
        reserve(edition, contact, number)


@pytest.mark.parametrize(("at", "goes"), [(UNTIL - SECOND, True), (UNTIL, False), (UNTIL + SECOND, False)])
def test_after_the_last_day_no_place_is_reserved_without_a_name(
    edition: EditionAndMeetings,
    contact: Person,
    on_the_first_of_october: time_machine.Traveller,
    at: datetime,
    goes: bool,
):
    on_the_first_of_october.move_to(at)
    if goes:
        assert len(reserve(edition, contact)) == 3
    else:
        with pytest.raises(Refused, match="tot en met maandag 26 oktober 2026"):
            reserve(edition, contact)


# Naming


def test_naming_makes_an_ordinary_enrolment_in_the_held_seats(edition: EditionAndMeetings, contact: Person):
    first, *_others = reserve(edition, contact)
    outcome = name(first)
    enrolment = db.session.get_one(Enrolment, outcome.enrolment_id)
    assert (enrolment.participant_name, enrolment.price_cents, enrolment.contracted_at) == ("Els Vos", 40000, NOW)
    assert (taken(edition), holds(), states()) == ([3, 3], 4, ["named", "reserved", "reserved"])
    assert [mail.to_address for mail in mails("enrolled")] == ["els@zorg.example"]
    place = db.session.get_one(ReservedPlace, first)
    assert (place.number, place.enrolment_id) == (outcome.number, outcome.enrolment_id)
    assert trail_of("enrolment", enrolment.id).entries[0].tag == "enrolment.place_named"


def test_the_price_is_that_of_the_group_also_when_the_training_became_dearer(
    edition: EditionAndMeetings, contact: Person
):
    first, *_others = reserve(edition, contact)
    db.session.get_one(type(edition.edition), edition.edition.id).price_cents = 90000
    db.session.commit()
    assert db.session.get_one(Enrolment, name(first).enrolment_id).price_cents == 40000


def test_a_held_seat_is_nobody_elses(edition: EditionAndMeetings, contact: Person):
    reserve(edition, contact, 5)
    with pytest.raises(Conflict):
        factories.enrol(edition)


@pytest.mark.parametrize(("at", "goes"), [(UNTIL - SECOND, True), (UNTIL, False), (UNTIL + SECOND, False)])
def test_a_name_comes_in_time_or_not_at_all(edition: EditionAndMeetings, contact: Person, at: datetime, goes: bool):
    first, *_others = reserve(edition, contact)
    if goes:
        assert name(first, at=at).number
    else:
        with pytest.raises(Refused, match="voorbij"):
            name(first, at=at)
    assert (states()[0], taken(edition)) == ("named" if goes else "reserved", [3, 3])


def test_a_place_is_named_once(edition: EditionAndMeetings, contact: Person):
    first, *_others = reserve(edition, contact)
    name(first)
    with pytest.raises(Conflict, match="al een naam"):
        name(first, Participant("Bo", "bo@zorg.example"))
    with pytest.raises(NotFound):
        name(987654)
    assert taken(edition) == [3, 3]


def test_what_enrolling_refuses_leaves_the_place_as_it_was(edition: EditionAndMeetings, contact: Person):
    first, *_others = reserve(edition, contact)
    for wrong in (
        Participant("Win op www.evil.example", "zot@zorg.example"),
        Participant("Els", "els@zorg"[:3]),
        Participant("Els", "els@zorg.example", register_numbers={"SKJ": "111222333"}),
    ):
        with pytest.raises(Refused):
            name(first, wrong)
    assert (states()[0], taken(edition), holds()) == ("reserved", [3, 3], 6)


def test_somebody_who_takes_part_already_is_told_alone_and_the_seats_go_back(
    edition: EditionAndMeetings, contact: Person
):
    els = factories.person(email="els@zorg.example", name="Elisabeth")
    factories.enrolment(edition, els)
    first, *_others = reserve(edition, contact)
    with pytest.raises(Refused, match="doet al mee"):
        name(first, trusted=True)
    assert name(first).already
    assert (taken(edition), holds()) == ([3, 3], 4)
    place = db.session.get_one(ReservedPlace, first)
    assert (place.state, place.name, place.enrolment_id) == ("named", "Els Vos", None)
    assert [mail.to_address for mail in mails("enrolled_already")] == ["els@zorg.example"]


def test_a_course_that_asks_something_first_asks_it_of_who_is_named(contact: Person):
    asking = factories.course_with_modules(1, requires={"completed": "ek-1"})
    factories.course_with_modules(1, slug="ek-1", title="EK-1")
    opened = factories.edition_with_meetings(asking, first_on=FIRST_ON)
    first, *_others = reserve(opened, contact)
    with pytest.raises(Refused, match="Log eerst in"):
        name(first)
    with pytest.raises(Refused, match="EK-1"):
        name(first, trusted=True)
    assert states() == ["reserved"] * 3


def test_many_are_named_at_once_or_nobody(edition: EditionAndMeetings, contact: Person):
    first, *_others = reserve(edition, contact)
    group_id = db.session.get_one(ReservedPlace, first).group_id

    def name_all(*people: Participant) -> None:
        with transaction():
            name_places(group_id=group_id, people=people, actor=Actor.person(contact.id), now=clock.now())

    jan, bo = (Participant(who, f"{who}@zorg.example") for who in ("jan", "bo"))
    with pytest.raises(Refused, match="nog 3 plekken zonder naam"):
        name_all(ELS, jan, bo, Participant("Ali", "ali@zorg.example"))
    with pytest.raises(Refused, match="zonder webadres"):
        name_all(ELS, Participant("www.evil.example/x", "zot@zorg.example"))
    assert states() == ["reserved"] * 3
    name_all(jan, ELS)
    assert (states(), taken(edition), holds()) == (["named", "named", "reserved"], [3, 3], 2)


# The link


def test_a_link_names_its_place_once_and_a_newer_one_ends_it(edition: EditionAndMeetings, contact: Person):
    first, second, _third = reserve(edition, contact)

    def link(place_id: int) -> str:
        with transaction():
            return places.make_fill_link(place_id=place_id, actor=Actor.person(contact.id), now=clock.now())

    old, new = link(first), link(first)
    with pytest.raises(NotFound):
        find_place_by_token(old)
    with pytest.raises(NotFound):
        find_place_by_token("")
    assert find_place_by_token(new).id == first
    assert new not in str(db.session.scalars(select(ReservedPlace.fill_token_hash)).all())
    name(first, by_link=True)
    assert find_place_by_token(new).state == "named"
    with pytest.raises(Conflict):
        link(first)
    assert find_place_by_token(link(second)).id == second


def test_a_place_is_seen_by_who_speaks_for_its_group(edition: EditionAndMeetings, contact: Person):
    first, *_others = reserve(edition, contact)
    group_id = db.session.get_one(ReservedPlace, first).group_id
    assert get_place(first, group_id, person_id=contact.id, organisation_ids=()).state == "reserved"
    for place_id, group, person_id in (
        (first, group_id, contact.id + 1),
        (first, group_id + 1, contact.id),
        (first + 99, group_id, contact.id),
    ):
        with pytest.raises(NotFound):
            get_place(place_id, group, person_id=person_id, organisation_ids=())


# Giving back


@pytest.mark.parametrize(("days", "cents"), [(28, 0), (27, 20000), (14, 20000), (13, 40000)])
def test_giving_a_place_back_costs_what_the_terms_say(
    edition: EditionAndMeetings,
    contact: Person,
    on_the_first_of_october: time_machine.Traveller,
    days: int,
    cents: int,
):
    first, *_others = reserve(edition, contact)
    on_the_first_of_october.move_to(datetime(2026, 11, 2, 10, tzinfo=UTC) - timedelta(days=days))
    with transaction():
        cost = places.release_place(place_id=first, actor=Actor.person(contact.id), now=clock.now())
    assert (cost.cents, db.session.get_one(ReservedPlace, first).cost_cents) == (cents, cents)
    assert (taken(edition), holds(), states()[0]) == ([2, 2], 4, "released")
    with pytest.raises(Conflict, match="teruggegeven"):
        name(first)


# What the clock does


def test_the_contact_is_reminded_four_times_and_then_the_places_go_back(
    edition: EditionAndMeetings, contact: Person, on_the_first_of_october: time_machine.Traveller
):
    first, *_others = reserve(edition, contact)
    name(first)
    for hours in range(0, 24 * 30, 3):
        on_the_first_of_october.move_to(NOW + timedelta(hours=hours))
        while places.do_what_is_due_for_places(clock.now()):
            pass
    wanted = [mail.text_body for mail in mails("names_wanted")]
    assert len(wanted) == 4
    assert all("hebben 2 plekken nog geen naam" in text for text in wanted)
    assert "dat kan tot en met maandag 26 oktober 2026" in wanted[0]
    assert "vandaag is de laatste dag" in wanted[3]
    (told,) = mails("places_released")
    assert "Volgens de voorwaarden betaal je € 400 per plek" in told.text_body
    (notice,) = mails("places_released_notice")
    assert notice.to_address == "bureau@leerkring.example"
    assert (states(), taken(edition), holds()) == (["named", "released", "released"], [1, 1], 0)
    assert not [mail for mail in (told, notice) if "els" in mail.text_body.lower()]


@pytest.mark.parametrize(("at", "released"), [(UNTIL - SECOND, False), (UNTIL, True)])
def test_places_go_back_at_their_moment_and_not_before(
    edition: EditionAndMeetings, contact: Person, at: datetime, released: bool
):
    reserve(edition, contact)
    while places.do_what_is_due_for_places(at):
        pass
    assert (states()[0] == "released", taken(edition) == [0, 0]) == (released, released)
    # A worker that slept through the earlier reminders sends the one that holds now, and none after the end.
    assert len(mails("names_wanted")) == (0 if released else 1)


def test_when_all_have_names_nothing_is_due(edition: EditionAndMeetings, contact: Person):
    for number, place_id in enumerate(reserve(edition, contact)):
        name(place_id, Participant("Jan", f"jan{number}@zorg.example"))
    while places.do_what_is_due_for_places(UNTIL + SECOND):
        pass
    assert (mails("names_wanted"), mails("places_released"), taken(edition)) == ([], [], [3, 3])


def test_an_edition_that_is_not_given_ends_its_places_for_nothing(edition: EditionAndMeetings, contact: Person):
    reserve(edition, contact)
    with transaction():
        edition_life.cancel_edition(edition_id=edition.edition.id, actor=Actor.person(contact.id), now=clock.now())
    assert (states(), holds()) == (["released"] * 3, 0)
    assert [mail.to_address for mail in mails("places_ended")] == ["hanneke@zorg.example"]
    assert places.do_what_is_due_for_places(UNTIL) == 0


# At once


def at_once(app: Flask, works: list[Callable[[], object]]) -> int:
    barrier = Barrier(len(works))

    def run(work: Callable[[], object]) -> bool:
        with app.app_context():
            barrier.wait()
            try:
                work()
            except DomainError:
                return False
            return True

    db.session.commit()
    with ThreadPoolExecutor(len(works)) as pool:
        return sum(pool.map(run, works))


def test_of_ten_who_name_one_place_at_once_one_gets_it(app: Flask, edition: EditionAndMeetings, contact: Person):
    first, *_others = reserve(edition, contact)

    def naming(number: int) -> Callable[[], object]:
        return lambda: name(first, Participant("Jan", f"jan{number}@zorg.example"))

    assert at_once(app, [naming(number) for number in range(10)]) == 1
    assert (taken(edition), holds(), states().count("named")) == ([3, 3], 4, 1)


def test_who_names_a_place_while_it_is_given_back_gets_it_or_does_not(
    app: Flask, edition: EditionAndMeetings, contact: Person
):
    place_ids = reserve(edition, contact, 5)

    def releasing(place_id: int) -> Callable[[], object]:
        def work() -> None:
            with transaction():
                places.release_place(place_id=place_id, actor=Actor.visitor(), now=clock.now())

        return work

    def naming(place_id: int) -> Callable[[], object]:
        return lambda: name(place_id, Participant("Jan", f"jan{place_id}@zorg.example"))

    works = [work(place_id) for place_id in place_ids for work in (releasing, naming)]
    assert at_once(app, works) == 5
    named = states().count("named")
    assert (taken(edition), holds()) == ([named, named], 0)

"""The public pages come from copies while nothing happens, and show whatever happens at once."""

import re
import threading
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from time_machine import TimeMachineFixture

from portal import clock
from portal.audit import Actor
from portal.blueprints.operations.metrics import answers
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.accounts.profile import change_profile
from portal.domain.accounts.rules import Role
from portal.domain.catalogue import commands as catalogue
from portal.domain.catalogue import editions
from portal.domain.catalogue.commands import AccreditationDetails, CourseDetails, ModuleDetails
from portal.domain.catalogue.editions import EditionDetails, MeetingPlan
from portal.domain.catalogue.models import Course, Edition
from portal.domain.catalogue.rules import EditionState
from portal.domain.enrolment import commands as enrolment
from portal.domain.enrolment import edition_life
from portal.domain.enrolment.models import Enrolment
from tests import factories
from tests.factories import EditionAndMeetings
from tests.plugins.portal import PortalClient

OFFICE: dict[str, Any] = {"actor": Actor.system("cli")}
INFORMATION = ("/contact", "/voorwaarden", "/klachten", "/privacy", "/toegankelijkheid", "/in-company")


@pytest.fixture
def keeping(make_app: Callable[..., Flask]) -> Flask:
    """The portal as it runs for people: pages are kept."""
    return make_app(keep_pages=True)


@pytest.fixture
def visitor(keeping: Flask) -> PortalClient:
    client = keeping.test_client()
    assert isinstance(client, PortalClient)
    return client


@pytest.fixture
def given() -> EditionAndMeetings:
    """An edition of two dagdelen with a trainer and points, three seats each, of which one is taken."""
    factories.terms()
    of = factories.course_with_modules(2, slug="samenkracht", title="SamenKracht")
    factories.accreditation(of.modules[0])
    trainer = factories.person(role=Role.TRAINER, name="Noor van Dijk")
    made = factories.edition_with_meetings(of, capacity=3, trainer=trainer)
    factories.enrol(made)
    return made


def addresses_of(given: EditionAndMeetings) -> list[str]:
    about = ["/", "/trainingen", "/trainingen/samenkracht", f"/uitvoeringen/{given.edition.id}", "/agenda"]
    return [*about, *(f"/en{path}" for path in about)]


def rename_unnoted(title: str) -> None:
    """Past the commands, so that no entry tells it: who sees it got a page that was made anew."""
    db.session.query(Course).update({"title": title})


# What happens, each in a command of its own


def enrol(given: EditionAndMeetings) -> None:
    factories.enrol(given)


def fill_up(given: EditionAndMeetings) -> None:
    for _ in range(2):
        factories.enrol(given)


def cancel_an_enrolment(_given: EditionAndMeetings) -> None:
    made = db.session.query(Enrolment).one()
    with transaction():
        enrolment.cancel_enrolment(enrolment_id=made.id, now=clock.now(), **OFFICE)


def move_a_meeting(given: EditionAndMeetings) -> None:
    starts_at, later = given.meetings[0].starts_at, timedelta(days=2)
    times = {"starts_at": starts_at + later, "ends_at": starts_at + later + timedelta(hours=3)}
    with transaction():
        meeting_id = given.meetings[0].id
        enrolment.move_meeting(meeting_id=meeting_id, venue="De Brug", link="", now=clock.now(), **times, **OFFICE)


def change_the_capacity(given: EditionAndMeetings) -> None:
    with transaction():
        enrolment.change_capacity(meeting_id=given.meetings[0].id, capacity=2, now=clock.now(), **OFFICE)


def cancel_the_edition(given: EditionAndMeetings) -> None:
    with transaction():
        edition_life.cancel_edition(edition_id=given.edition.id, now=clock.now(), **OFFICE)


def edit_the_edition(given: EditionAndMeetings, place: str = "Groningen") -> None:
    with transaction():
        details = EditionDetails(place=place)
        editions.edit_edition(edition_id=given.edition.id, details=details, now=clock.now(), **OFFICE)


def publish_another(given: EditionAndMeetings) -> None:
    course_id, modules = given.edition.course_id, [meeting.module_id for meeting in given.meetings]
    first = clock.now() + timedelta(days=50)
    plans = [MeetingPlan(module, first, first + timedelta(hours=3), capacity=9) for module in modules]
    with transaction():
        details = EditionDetails(place="Middelburg")
        planned = editions.plan_edition(course_id=course_id, details=details, meetings=plans, now=clock.now(), **OFFICE)
        editions.publish_edition(edition_id=planned.id, now=clock.now(), **OFFICE)


def assign_another_trainer(given: EditionAndMeetings) -> None:
    trainer = factories.person(role=Role.TRAINER, name="Jean-Éric D'Angélo")
    with transaction():
        editions.assign_trainers(meeting_id=given.meetings[0].id, trainer_ids=[trainer.id], now=clock.now(), **OFFICE)


def rename_the_trainer(given: EditionAndMeetings) -> None:
    trainer = db.session.query(Person).filter_by(name="Noor van Dijk").one()
    values: dict[str, Any] = {"language": "nl", "employer": "", "initials_only": True, "register_numbers": {}}
    with transaction():
        change_profile(person_id=trainer.id, name="Noor Bos", now=clock.now(), **values, **OFFICE)


def edit_the_course(given: EditionAndMeetings) -> None:
    with transaction():
        details = CourseDetails(title="Kring", summary="Anders", delivery=("onsite",), price_cents=100)
        catalogue.edit_course(course_id=given.edition.course_id, details=details, now=clock.now(), **OFFICE)


def hide_the_course(given: EditionAndMeetings) -> None:
    with transaction():
        details = CourseDetails(title="SamenKracht", delivery=("onsite",), visible=False)
        catalogue.edit_course(course_id=given.edition.course_id, details=details, now=clock.now(), **OFFICE)


def edit_a_module(given: EditionAndMeetings) -> None:
    with transaction():
        details = ModuleDetails(title="De eerste kring", contact_minutes=200)
        catalogue.edit_module(module_id=given.meetings[0].module_id, details=details, now=clock.now(), **OFFICE)


def add_an_accreditation(given: EditionAndMeetings) -> None:
    with transaction():
        details = AccreditationDetails(register_code="SKJ", points=7)
        module_id = given.meetings[1].module_id
        catalogue.add_accreditation(module_id=module_id, details=details, now=clock.now(), **OFFICE)


def end_an_accreditation(_given: EditionAndMeetings) -> None:
    row = db.session.query(factories.Accreditation).one()
    until = date(2024, 12, 31)
    with transaction():
        catalogue.edit_accreditation(
            accreditation_id=row.id, number="4610", valid_until=until, now=clock.now(), **OFFICE
        )


def import_a_file(_given: EditionAndMeetings) -> None:
    course = '[[course]]\nslug = "nieuw"\ntitle = "Nieuw"\n'
    module = '[[course.module]]\nposition = 1\ntitle = "Een"\ncontact_hours = 3'
    with transaction():
        catalogue.import_catalogue(data=(course + module).encode(), now=clock.now(), **OFFICE)


HAPPENS = [
    enrol,
    fill_up,
    cancel_an_enrolment,
    move_a_meeting,
    change_the_capacity,
    cancel_the_edition,
    edit_the_edition,
    publish_another,
    assign_another_trainer,
    rename_the_trainer,
    edit_the_course,
    hide_the_course,
    edit_a_module,
    add_an_accreditation,
    end_an_accreditation,
    import_a_file,
]


@pytest.mark.parametrize("happens", HAPPENS, ids=lambda act: act.__name__)
def test_what_happens_shows_at_once(
    visitor: PortalClient,
    client: PortalClient,
    given: EditionAndMeetings,
    happens: Callable[[EditionAndMeetings], None],
) -> None:
    addresses = addresses_of(given)
    before = {address: visitor.get(address).text for address in addresses}
    happens(given)
    after = {address: visitor.get(address).text for address in addresses}
    # `client` asks a portal that keeps nothing.
    assert after == {address: client.get(address).text for address in addresses}
    assert after != before


def test_an_edition_is_there_as_soon_as_it_is_published(visitor: PortalClient, given: EditionAndMeetings) -> None:
    db.session.query(Edition).update({"state": EditionState.DRAFT})
    address = f"/uitvoeringen/{given.edition.id}"
    assert visitor.get(address).status_code == 404
    with transaction():
        editions.publish_edition(edition_id=given.edition.id, now=clock.now(), **OFFICE)
    assert visitor.get(address).status_code == 200


def test_a_page_comes_from_its_copy_with_one_statement(
    keeping: Flask, visitor: PortalClient, given: EditionAndMeetings
):
    asked: list[str] = []
    with keeping.app_context():
        event.listen(
            db.engine,
            "before_cursor_execute",
            lambda _connection, _cursor, statement, *_rest: None if "BEGIN" in statement else asked.append(statement),
        )
    for address in (*addresses_of(given), *INFORMATION):
        asked.clear()
        anew = visitor.get(address)
        # Made anew, the page of a course also asks for its editions and the terms that hold today.
        assert 1 <= len(asked) <= (10 if "/samenkracht" in address else 8), (address, asked)
        asked.clear()
        copy = visitor.get(address)
        assert len(asked) == 1, (address, asked)
        assert "audit_entries" in asked[0]
        assert (copy.text, sorted(copy.headers)) == (anew.text, sorted(anew.headers))
    for address in ("/trainingen", f"/uitvoeringen/{given.edition.id}"):
        asked.clear()
        visitor.get(f"{address}?anew=1")
        assert len(asked) <= 8, (address, asked)


def test_who_is_signed_in_neither_gets_nor_leaves_a_copy(
    keeping: Flask, visitor: PortalClient, given: EditionAndMeetings
) -> None:
    address = f"/uitvoeringen/{given.edition.id}"
    member = keeping.test_client()
    assert isinstance(member, PortalClient)
    member.sign_in(factories.person())
    assert "Uitloggen" in member.visit(address).html
    assert "Uitloggen" not in visitor.visit(address).html
    rename_unnoted("Anders")
    assert (visitor.visit(address).h1, member.visit(address).h1) == ("SamenKracht", "Anders")


def test_each_language_has_a_copy_of_its_own(visitor: PortalClient, given: EditionAndMeetings) -> None:
    for _ in range(2):
        assert "Zoek een training" in visitor.get("/trainingen").text
        assert "Zoek een training" not in visitor.get("/en/trainingen").text


def test_a_filter_shows_what_it_asks_for(visitor: PortalClient, given: EditionAndMeetings) -> None:
    for _ in range(2):
        assert "SamenKracht" in visitor.visit("/trainingen?plaats=Zwolle").text
        assert "SamenKracht" not in visitor.visit("/trainingen?plaats=Utrecht").text


def test_a_training_that_begins_closes_within_half_a_minute(
    visitor: PortalClient, given: EditionAndMeetings, time_machine: TimeMachineFixture
) -> None:
    address, starts_at = f"/uitvoeringen/{given.edition.id}", given.meetings[0].starts_at
    time_machine.move_to(starts_at - timedelta(seconds=5), tick=False)
    assert "Meld je aan" in visitor.visit(address).text
    time_machine.move_to(starts_at + timedelta(seconds=26), tick=False)
    assert "Meld je aan" not in visitor.visit(address).text


def test_terms_hold_from_their_day(visitor: PortalClient, time_machine: TimeMachineFixture) -> None:
    first = factories.terms()
    midnight = clock.from_local(datetime.combine(clock.today() + timedelta(days=1), time()))
    factories.terms_version(clock.local_date(midnight), text="Nieuwe voorwaarden")
    time_machine.move_to(midnight - timedelta(seconds=5), tick=False)
    assert first.text.splitlines()[0] in visitor.visit("/voorwaarden").text
    time_machine.move_to(midnight + timedelta(seconds=26), tick=False)
    assert "Nieuwe voorwaarden" in visitor.visit("/voorwaarden").text


def test_a_copy_counts_among_the_answers(visitor: PortalClient) -> None:
    visitor.get("/contact")
    before = answers["2xx"]
    visitor.get("/contact")
    assert answers["2xx"] == before + 1


def test_a_forged_host_is_refused_with_a_copy_at_hand(make_app: Callable[..., Flask]) -> None:
    client = make_app(keep_pages=True, testing=False).test_client()
    seen = [client.get("/contact", headers={"Host": host}) for host in ("leerkring.example", "kwaad.example") * 2]
    assert [answer.status_code for answer in seen] == [200, 400, 200, 400]
    assert "kwaad" not in seen[2].text


def test_pages_with_a_form_that_posts_are_never_kept(keeping: Flask) -> None:
    """A visitor's secret is in each of them."""
    for path in ("/inloggen", "/in-company/aanvragen"):
        pages = [keeping.test_client().get(path) for _ in range(2)]
        assert pages[0].text != pages[1].text
        assert all("Set-Cookie" in answer.headers for answer in pages)


def test_nobody_is_shown_less_than_was_there_when_they_asked(keeping: Flask, app: Flask, given: EditionAndMeetings):
    address, published, faults, over = f"/uitvoeringen/{given.edition.id}", [0], [], threading.Event()
    edit_the_edition(given, "Plaats 0.")

    def look() -> None:
        client = keeping.test_client()
        while not over.is_set():
            known = published[-1]
            found = re.search(r"Plaats (\d+)\.", client.get(address).text)
            if found is None or int(found[1]) < known:
                faults.append((known, found))

    lookers = [threading.Thread(target=look) for _ in range(2)]
    for looker in lookers:
        looker.start()
    for number in range(1, 26):
        edit_the_edition(given, f"Plaats {number}.")
        published.append(number)
    over.set()
    for looker in lookers:
        looker.join()
    assert faults == []

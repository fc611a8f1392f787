"""A coordinator sees the way to EK-2; a regional manager records what was held."""

from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from sqlalchemy import select

from portal import clock
from portal.audit import Actor, trail_of
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.domain.coordinators import commands
from portal.domain.coordinators.models import Conference, Coordinator
from portal.domain.coordinators.rules import ConferenceKind
from portal.domain.enrolment.queries import find_facts
from portal.domain.enrolment.rules import EnrolmentState
from tests import factories
from tests.plugins.portal import PortalClient

SignIn = Callable[[Person], PortalClient]


@pytest.fixture
def manager(app: object) -> Person:
    return factories.person(Role.REGIONAL_MANAGER, name="Henk de Graaf")


@pytest.fixture
def coordinator(manager: Person) -> Coordinator:
    person = factories.person(name="Fatima Ouali")
    db.session.commit()
    with transaction():
        region = commands.add_region(name="Overijssel", manager_id=manager.id, actor=Actor.system(), now=clock.now())
        return commands.add_coordinator(person_id=person.id, region_id=region.id, actor=Actor.system(), now=clock.now())


def complete(slug: str, person_id: int, on: date) -> None:
    training = factories.course_with_modules(1, slug=slug, title=slug.upper())
    edition = factories.edition_with_meetings(of=training, first_on=on)
    factories.enrolment(
        edition, who=db.session.get_one(Person, person_id), state=EnrolmentState.COMPLETED, completed_on=on
    )
    db.session.commit()


def record(coordinator: Coordinator, on: date) -> None:
    with transaction():
        commands.record_conference(
            coordinator=coordinator, held_on=on, kind=ConferenceKind.FAMILY, actor=Actor.system(), now=clock.now()
        )


def steps(client: PortalClient) -> list[str]:
    return [item.text_content().split(":")[0].strip() for item in client.visit("/coordinator").find("//main//ol/li")]


def test_the_pathway_follows_what_was_done(coordinator: Coordinator, sign_in: SignIn) -> None:
    client = sign_in(db.session.get_one(Person, coordinator.person_id))
    assert steps(client) == ["Nu", "Straks", "Straks", "Straks"]

    complete("ek-1", coordinator.person_id, date(2026, 6, 21))
    assert steps(client) == ["Klaar", "Nu", "Straks", "Straks"]

    record(coordinator, date(2026, 9, 1))
    record(coordinator, date(2026, 10, 1))
    assert steps(client) == ["Klaar", "Klaar", "Klaar", "Nu"]


def test_the_regional_manager_records_a_conference(coordinator: Coordinator, manager: Person, sign_in: SignIn) -> None:
    client = sign_in(manager)
    page = client.visit("/regio").follow("Fatima Ouali")

    page = page.submit("Schrijf bij", held_on="2026-09-01", kind="restorative")

    assert "dinsdag 1 september 2026, herstel" in page.text
    conference = db.session.scalars(select(Conference)).one()
    assert trail_of("conference", conference.id).entries[0].facts == {
        "conference_id": conference.id,
        "coordinator_id": coordinator.id,
        "held_on": "2026-09-01",
        "kind": "restorative",
        "region_id": coordinator.region_id,
    }
    assert [row["Conferenties"] for row in client.visit("/regio").table("Coördinatoren in mijn regio")] == ["1"]


@time_machine.travel("2026-11-22T12:00:00Z", tick=False)
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2026-11-23", "Vul een datum in die geweest is: een conferentie telt pas als ze gehouden is."),
        ("", "Vul de datum in van de conferentie"),
    ],
)
def test_a_date_that_cannot_be_is_refused_at_its_field(
    coordinator: Coordinator, manager: Person, sign_in: SignIn, typed: str, sentence: str
) -> None:
    page = sign_in(manager).visit(f"/regio/coordinatoren/{coordinator.id}")

    page = page.submit("Schrijf bij", held_on=typed, kind="family")

    assert page.status == 422
    assert [link.href for link in page.errors] == ["#held_on"]
    assert sentence in page.errors[0].text
    assert db.session.scalars(select(Conference)).all() == []


def test_the_manager_of_another_region_finds_nothing_there(
    coordinator: Coordinator, as_role: Callable[[Role], PortalClient]
) -> None:
    record(coordinator, date(2026, 9, 1))
    conference = db.session.scalars(select(Conference)).one()
    stranger = as_role(Role.REGIONAL_MANAGER)
    address = f"/regio/coordinatoren/{coordinator.id}"

    assert stranger.visit(address).status == 404
    assert stranger.send(f"{address}/conferenties/{conference.id}/verwijderen").status_code == 404
    assert "Fatima" not in stranger.visit("/regio").text
    assert db.session.scalars(select(Conference)).all() == [conference]


def test_a_conference_recorded_by_mistake_is_taken_back_and_the_log_keeps_both(
    coordinator: Coordinator, manager: Person, sign_in: SignIn
) -> None:
    record(coordinator, date(2026, 9, 1))
    page = sign_in(manager).visit(f"/regio/coordinatoren/{coordinator.id}")

    page = page.submit("Haal weg dinsdag 1 september 2026")

    assert "Er staat nog geen conferentie." in page.text
    tags = [entry.tag for entry in trail_of("coordinator", coordinator.id).entries]
    assert tags[:2] == ["coordinators.conference_removed", "coordinators.conference_recorded"]


@pytest.fixture
def ek2(app: object) -> factories.CourseAndModules:
    asked = {"any": [[{"completed": "ek-1"}, {"at_least": 2, "of": "conferences"}]]}
    return factories.course_with_modules(1, slug="ek-2", title="EK-2", requires=asked)


@pytest.mark.usefixtures("ek2")
def test_who_may_go_to_ek2_is_marked(coordinator: Coordinator, manager: Person, sign_in: SignIn) -> None:
    complete("ek-1", coordinator.person_id, date(2026, 6, 21))
    record(coordinator, date(2026, 9, 1))
    table = "Coördinatoren in mijn regio"
    assert [row["EK-2"] for row in sign_in(manager).visit("/regio").table(table)] == ["nog niet"]

    record(coordinator, date(2026, 10, 1))
    assert [row["EK-2"] for row in sign_in(manager).visit("/regio").table(table)] == ["mag naar EK-2"]


def test_what_ek2_asks_stands_beside_the_path_with_days(
    ek2: factories.CourseAndModules, coordinator: Coordinator, manager: Person, sign_in: SignIn
) -> None:
    complete("ek-1", coordinator.person_id, date(2024, 6, 21))
    record(coordinator, date(2026, 9, 1))
    own = sign_in(db.session.get_one(Person, coordinator.person_id)).visit("/coordinator").text
    assert "Klaar: EK-1 rondde je af op 21 juni 2024." in own
    assert "Nog nodig: Voor EK-2 heb je 2 conferenties nodig." in own
    assert "stond er 1 conferentie op je naam, de laatste van dinsdag 1 september 2026." in own
    theirs = sign_in(manager).visit(f"/regio/coordinatoren/{coordinator.id}").text
    assert "is afgerond op 21 juni 2024." in theirs
    assert "Voor EK-2 zijn 2 conferenties nodig." in theirs
    assert "Wat EK-2 vraagt" in theirs
    given, person = factories.edition_with_meetings(of=ek2), db.session.get_one(Person, coordinator.person_id)
    factories.enrolment(given, who=person, state=EnrolmentState.COMPLETED, completed_on=date(2026, 10, 1))
    db.session.commit()
    assert "Wat EK-2 vraagt" not in sign_in(manager).visit(f"/regio/coordinatoren/{coordinator.id}").text


def test_the_region_needs_as_many_queries_for_many_as_for_few(
    manager: Person, coordinator: Coordinator, sign_in: SignIn, count_queries: Callable[[], object]
) -> None:
    client = sign_in(manager)

    def queries() -> int:
        with count_queries() as counted:  # type: ignore[attr-defined]
            client.visit("/regio")
        return len(counted)

    few = queries()
    people = [factories.person() for _ in range(12)]
    db.session.commit()
    with transaction():
        for person in people:
            commands.add_coordinator(
                person_id=person.id, region_id=coordinator.region_id, actor=Actor.system(), now=clock.now()
            )
    assert queries() == few


def test_one_dagdeel_of_ek1_is_not_ek1(coordinator: Coordinator) -> None:
    training = factories.course_with_modules(2, slug="ek-1")
    factories.enrolment(
        factories.edition_with_meetings(of=training),
        who=db.session.get_one(Person, coordinator.person_id),
        modules=(1,),
        state=EnrolmentState.COMPLETED,
        completed_on=clock.today(),
    )
    assert find_facts(coordinator.person_id).completed == {}

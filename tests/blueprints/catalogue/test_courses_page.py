"""/trainingen and /agenda: what is on offer, narrowed and paged."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from itertools import count

import pytest

from portal import clock
from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.catalogue.rules import Delivery, EditionKind, EditionState
from tests import factories
from tests.factories import EditionAndMeetings
from tests.plugins.portal import PortalClient, Queries

numbers = count(1)
HOSTILE = ["<script>alert(1)</script>", "=HYPERLINK(1)", "a@x, b@x", "‮gniniart", "‪x\r\nSet-Cookie: a=b", "Ş" * 200]


def given(title: str, days: int = 30, points: int = 0, **values: object) -> EditionAndMeetings:
    """An edition of a course of its own with this title, whose dagdelen bring so many points."""
    of = factories.course_with_modules(2, title=title, slug=values.pop("slug", None) or f"training-{next(numbers)}")
    for module in of.modules if points else []:
        factories.accreditation(module, points=points)
    return factories.edition_with_meetings(of, clock.today() + timedelta(days=days), **values)  # type: ignore[arg-type]


def titles(page_headings: list[str]) -> list[str]:
    return page_headings[1:]


def test_the_catalogue_shows_courses_with_their_next_dates_seats_and_points(client: PortalClient):
    made = given("SamenKracht", points=4, capacity=12)
    made.meetings[0].taken = 9
    page = client.visit("/trainingen")
    assert page.title == "Trainingen · Leerkring"
    assert page.headings == ["Trainingen", "SamenKracht"]
    assert "8 punten SKJ" in page.text
    assert "Nog 3 plekken" in page.text
    edition = page.follow(next(link.text for link in page.links if f"/uitvoeringen/{made.edition.id}" in link.href))
    assert edition.h1 == "SamenKracht"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["Online kort", "Lang in Zwolle"]),
        ({"zoek": "KORT"}, ["Online kort"]),
        ({"zoek": "zwolle"}, ["Lang in Zwolle"]),
        ({"plaats": "zwolle"}, ["Lang in Zwolle"]),
        ({"vorm": "online"}, ["Online kort"]),
        ({"register": "SKJ"}, ["Lang in Zwolle"]),
        ({"punten": "9"}, []),
        ({"punten": "6"}, ["Lang in Zwolle"]),
    ],
)
def test_the_filter_narrows_the_list_and_keeps_what_was_filled_in(
    client: PortalClient, changes: dict[str, str], expected: list[str]
):
    given("Online kort", days=3, delivery=Delivery.ONLINE, place="")
    given("Lang in Zwolle", days=60, points=4)
    page = client.visit("/trainingen").form("Toon").submit("Toon", changes)
    assert titles(page.headings) == expected
    kept = {name: values for name, values in page.form("Toon").values.items() if values != [""]}
    assert kept == {name: [value] for name, value in changes.items()}
    assert ("Geen training gevonden" in page.text) is (not expected)


def test_the_filter_offers_the_coming_twelve_months(client: PortalClient):
    made = given("Later", days=40)
    month = f"{clock.local_date(made.meetings[0].starts_at):%Y-%m}"
    page = client.visit("/trainingen")
    assert len(page.form("Toon").choices("maand")) == 13
    assert titles(page.form("Toon").submit("Toon", {"maand": month}).headings) == ["Later"]
    assert titles(page.form("Toon").submit("Toon", {"maand": f"{clock.today():%Y-%m}"}).headings) == []


@pytest.mark.parametrize(
    ("query", "target"),
    [
        ("vorm=post", "#vorm"),
        ("register=SJK", "#register"),
        ("punten=veel", "#punten"),
        ("maand=2026-13", "#maand"),
        (f"zoek={'x' * 101}", "#zoek"),
    ],
)
def test_what_is_not_understood_is_said_at_its_field_and_leaves_the_rest_of_the_list(
    client: PortalClient, query: str, target: str
):
    given("SamenKracht")
    page = client.visit(f"/trainingen?{query}&plaats=Zwolle")
    assert page.status == 422
    assert page.title.startswith("Fout: ")
    assert [error.href for error in page.errors] == [target]
    assert titles([heading for heading in page.headings if heading != "Er ging iets mis"]) == ["SamenKracht"]
    assert page.form("Toon").values["plaats"] == ["Zwolle"]


@pytest.mark.parametrize("number", ["0", "-1", "abc", "99999999999999999999", "2"])
def test_any_page_number_gives_a_page(client: PortalClient, number: str):
    given("SamenKracht")
    assert client.visit(f"/trainingen?pagina={number}").headings == ["Trainingen", "SamenKracht"]
    assert client.visit(f"/agenda?pagina={number}").h1 == "Agenda"


def test_paging_keeps_the_filter(client: PortalClient):
    for number in range(12):
        given(f"Training {number}", days=number + 1)
    given("Elders", days=2, place="Deventer")
    page = client.visit("/trainingen?plaats=Zwolle").follow("Volgende")
    assert titles(page.headings) == ["Training 10", "Training 11"]
    assert page.form("Toon").values["plaats"] == ["Zwolle"]
    assert "Pagina 2 van 2" in page.text


def test_an_empty_catalogue_says_so(client: PortalClient):
    assert "Er staat nu niets in het aanbod." in client.visit("/trainingen").text
    assert "Er staat nu niets gepland" in client.visit("/agenda").text


def test_drafts_and_in_company_editions_are_nowhere_to_be_seen(client: PortalClient):
    given("Concept", state=EditionState.DRAFT)
    given("Besloten", kind=EditionKind.IN_COMPANY, organisation_id=factories.organisation().id)
    given("Geannuleerd", state=EditionState.CANCELLED)
    for address in ("/", "/trainingen", "/agenda"):
        assert [link for link in client.visit(address).links if "/uitvoeringen/" in link.href] == []


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_shown_as_plain_text(client: PortalClient, name: str):
    title = " ".join(name.split())
    made = given(title, place=title[:120], slug="vreemd")
    addresses = ("/trainingen", "/agenda", "/", "/trainingen/vreemd")
    for address in (*addresses, f"/uitvoeringen/{made.edition.id}"):
        assert title in client.visit(address).text
    assert client.visit("/trainingen", query_string={"zoek": name[:100]}).status == 200


def test_the_agenda_lists_editions_by_month(client: PortalClient):
    first, later = given("Eerst", days=1), given("Later", days=100)
    page = client.visit("/agenda")
    months = [heading for heading in page.headings[1:] if heading not in ("Eerst", "Later")]
    assert len(months) == 2
    assert page.headings[2::2] == ["Eerst", "Later"]
    numbers = [link.href for link in page.links if "/uitvoeringen/" in link.href]
    assert numbers == [f"/uitvoeringen/{made.edition.id}" for made in (first, later)]


@pytest.mark.parametrize("address", ["/", "/trainingen", "/agenda"])
def test_the_same_page_is_there_in_english(client: PortalClient, address: str):
    made = given("SamenKracht")
    page = client.visit("/en" + address)
    assert page.language == "en"
    assert f"/en/uitvoeringen/{made.edition.id}" in [link.href for link in page.links]


@pytest.mark.parametrize("address", ["/trainingen", "/trainingen?register=SKJ&punten=1", "/agenda", "/"])
def test_a_list_takes_at_most_eight_queries_however_long_it_is(
    as_role: Callable[[Role], PortalClient],
    count_queries: Callable[[], AbstractContextManager[Queries]],
    address: str,
):
    visitor = as_role(Role.PARTICIPANT)
    counted = []
    for rows in (3, 300):
        for number in range(rows):
            given(f"Training {number}", points=2)
        db.session.commit()
        with count_queries() as queries:
            visitor.get(address)
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert counted[0] <= 8

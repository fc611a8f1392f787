"""/trainingen/<slug>: what a course is, brings and costs, and when it is given."""

from datetime import date, timedelta

import pytest

from portal import clock
from tests import factories
from tests.plugins.portal import PortalClient


def test_a_course_tells_its_dagdelen_with_hours_points_and_price(client: PortalClient):
    of = factories.course_with_modules(1, title="SamenKracht", price_cents=79_500, slug="samenkracht")
    deeper = factories.module(of.course, 2, title="Verdieping", contact_minutes=210, preparation="Literatuur lezen")
    for module, points in ((of.modules[0], 4), (deeper, 5)):
        for register in ("SKJ", "Registerplein"):
            factories.accreditation(module, register, points, number=None)
    page = client.visit("/trainingen/samenkracht")
    assert page.h1 == "SamenKracht"
    assert "9 punten Registerplein 9 punten SKJ" in page.text
    assert page.table("Elk dagdeel maakt de kring een stap groter. Losse dagdelen volgen kan ook.") == [
        {"Dagdeel": "1. Dagdeel 1", "Uren": "3", "Punten": "4", "Los te volgen": "€ 250"},
        {"Dagdeel": "2. VerdiepingVooraf: Literatuur lezen", "Uren": "3,5", "Punten": "5", "Los te volgen": "€ 250"},
    ]
    assert [row["Geldig"] for row in page.table("Registers en hun punten")] == ["Vanaf ma 1 jan 2024"] * 2
    assert page.facts()["€ 795 per persoon"] == "Vrijgesteld van btw (CRKBO)"


def test_a_course_accredited_as_a_whole_gives_nothing_for_one_dagdeel(client: PortalClient):
    of = factories.course_with_modules(2, separately_bookable=False, slug="geheel")
    factories.accreditation(of.course, points=13, number="4610", threshold_percent=90, test_required=True)
    page = client.visit("/trainingen/geheel")
    assert [row["Punten"] for row in page.table("Wat je doet en hoe lang het duurt.")] == ["alleen voor het geheel"] * 2
    assert page.table("Registers en hun punten") == [
        {
            "Register": "SKJRegister SKJ",
            "Punten": "13",
            "Geldig": "Vanaf ma 1 jan 2024Nummer 4610",
            "Wat je ervoor doet": (
                "Je volgt alle dagdelen. Je bent er minstens 90 procent van de tijd. Je haalt de toets."
            ),
        }
    ]


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "words"),
    [
        (None, date(2024, 12, 31), "Liep tot en met di 31 dec 2024"),
        (None, date(2099, 12, 31), "Tot en met do 31 dec 2099"),
        (date(2024, 1, 1), date(2099, 12, 31), "ma 1 jan 2024 tot en met do 31 dec 2099"),
        (None, None, "Zonder einddatum"),
    ],
)
def test_validity_is_told_in_words(client: PortalClient, valid_from: date | None, valid_until: date | None, words: str):
    of = factories.course_with_modules(1, slug="kort")
    factories.accreditation(of.course, number=None, valid_from=valid_from, valid_until=valid_until)
    assert client.visit("/trainingen/kort").table("Registers en hun punten")[0]["Geldig"] == words


def test_a_course_without_accreditation_or_dates_says_so(client: PortalClient):
    factories.course_with_modules(1, slug="kort")
    page = client.visit("/trainingen/kort")
    assert "Deze training geeft geen accreditatiepunten." in page.text
    assert "Nu geen open datum" in page.text


def test_what_must_be_done_before_is_named_with_its_title(client: PortalClient):
    factories.course_with_modules(1, slug="ek-1", title="EK-1")
    factories.course_with_modules(
        1, slug="ek-2", requires={"completed": "ek-1", "conferences": 2}, audience="coordinators"
    )
    page = client.visit("/trainingen/ek-2")
    assert "Eigen Kracht-coördinatoren Je hebt eerst deze training gevolgd: EK-1." in page.text
    assert "Je hebt minstens 2 conferenties begeleid." in page.text


def test_what_must_be_done_before_may_be_one_of_several_ways(client: PortalClient):
    factories.course_with_modules(1, slug="ek-1", title="EK-1")
    ways = [[{"valid": "ek-1", "months": 24}], [{"at_least": 3, "of": "conferences"}]]
    factories.course_with_modules(1, slug="ek-2", requires={"any": ways})
    page = client.visit("/trainingen/ek-2")
    assert "Een van deze dingen klopt voor jou:" in page.text
    assert "Je hebt deze training gevolgd, hoogstens 24 maanden voor de eerste dag: EK-1." in page.text
    assert "Je hebt minstens 3 conferenties begeleid." in page.text
    assert "/trainingen/ek-1" in [link.href for link in page.links]


def test_the_dates_come_in_pages(client: PortalClient):
    of = factories.course_with_modules(1, slug="vaak")
    for days in range(1, 13):
        factories.edition_with_meetings(of, clock.today() + timedelta(days=days))
    pages = [client.visit(f"/trainingen/vaak?pagina={number}") for number in (1, 2)]
    assert [len([a for a in page.links if "/uitvoeringen/" in a.href]) for page in pages] == [10, 2]


def test_the_course_is_there_in_english(client: PortalClient):
    factories.course_with_modules(2, slug="samenkracht", title="SamenKracht")
    page = client.visit("/en/trainingen/samenkracht")
    assert (page.language, page.h1) == ("en", "SamenKracht")
    assert page.find("//h1/@lang") == ["nl"]
    assert [link.href for link in page.links if not link.href.startswith("/en/")] == []


@pytest.mark.parametrize(
    "slug", ["bestaat-niet", "verborgen", "%00", "%ed%a0%80", "x" * 5000, "SAMENKRACHT", "' or 1=1"]
)
def test_a_course_that_is_not_there_is_not_found(client: PortalClient, slug: str):
    factories.course_with_modules(1, slug="verborgen", visible=False)
    factories.course_with_modules(1, slug="samenkracht")
    assert client.get(f"/trainingen/{slug}").status_code == 404


def test_a_training_of_whole_days_is_told_in_days_wherever_it_is_counted(client: PortalClient):
    of = factories.course_with_modules(3, slug="ek-1", separately_bookable=False)
    for module in of.modules:
        module.contact_minutes = 420
    made = factories.edition_with_meetings(of)
    course, edition = client.visit("/trainingen/ek-1"), client.visit(f"/uitvoeringen/{made.edition.id}")
    for page in (course, edition):
        assert "Training in 3 dagen" in page.text
        assert "De dagen" in page.headings
        assert "dagdelen" not in page.text
    assert "3 dagen" in client.visit("/agenda").text

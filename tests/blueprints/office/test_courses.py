"""/bureau/trainingen and /bureau/accreditatie: the office changes what is on offer."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.db import db
from portal.domain.catalogue.models import Accreditation, Course, Module
from tests import factories
from tests.plugins.portal import PortalClient


def test_a_course_with_a_module_and_its_points_reaches_the_public_page(office: PortalClient, client: PortalClient):
    factories.register("SKJ", name="Kwaliteitsregister Jeugd")
    new = office.visit("/bureau/trainingen").follow("Nieuwe training")
    made = new.submit(
        "Bewaar", title="SamenKracht", slug="samenkracht", delivery=["onsite", "online"], price_cents="795,50"
    )
    module = made.follow("Voeg een dagdeel toe").submit(
        "Bewaar", title="Maak de kring groter", contact_minutes="3,5", preparation="Lees", preparation_minutes="1"
    )
    granted = module.follow("Voeg een accreditatie toe").submit(
        "Bewaar",
        module_id=str(db.session.scalars(select(Module.id)).one()),
        points="4",
        number="4610.12",
        valid_from="2026-01-01",
        valid_until="2099-12-31",
    )
    assert granted.table("Dagdelen van deze training") == [
        {
            "Dagdeel": "1. Maak de kring groter",
            "Uren": "3,5",
            "Voorbereiding": "1 uur",
            "Prijs los": "€ 0",
            "Actie": "Wijzig Maak de kring groter",
        }
    ]
    assert granted.table("Accreditaties van deze training") == [
        {
            "Register": "Kwaliteitsregister Jeugd",
            "Waarvoor": "dagdeel 1",
            "Punten": "4",
            "Nummer": "4610.12",
            "Geldig": "do 1 jan 2026 tot en met do 31 dec 2099 geldig",
            "Actie": "Wijzig Kwaliteitsregister Jeugd 4610.12",
        }
    ]
    assert "4 punten SKJ" in client.visit("/trainingen/samenkracht").text
    course = db.session.scalars(select(Course)).one()
    assert (course.price_cents, course.delivery, course.visible) == (79550, ["onsite", "online"], True)


def test_every_mistake_in_a_course_is_told_at_its_field(office: PortalClient):
    factories.course_with_modules(1, slug="samenkracht")
    page = office.visit("/bureau/trainingen/nieuw")
    refused = page.submit("Bewaar", title="<b>", price_cents="1.000.000", summary="Blijft staan")
    assert (refused.status, refused.title.startswith("Fout:")) == (422, True)
    assert {link.href: link.text for link in refused.errors} == {
        "#slug": "Vul een adres in, zoals samenkracht",
        "#delivery-0": "Kies op locatie, online of allebei",
        "#price_cents": "Vul een prijs in, of 0",
    }
    kept = refused.form("Bewaar").values
    assert (kept["title"], kept["summary"], kept["price_cents"]) == (["<b>"], ["Blijft staan"], ["1.000.000"])
    taken = refused.submit("Bewaar", slug="samenkracht", delivery=["online"], price_cents="0")
    assert (taken.status, [(e.href, e.text) for e in taken.errors]) == (
        409,
        [("#slug", "Een andere training heeft dit adres al.")],
    )


def test_a_course_and_a_module_are_changed(office: PortalClient):
    course, modules = factories.course_with_modules(1, title="SamenKracht")
    page = office.visit(f"/bureau/trainingen/{course.id}")
    changed = page.follow("Wijzig de training").submit("Bewaar", visible=False, vat="standard", title="Samen sterk")
    assert changed.facts()["Prijs"] == "€ 250 (21% btw)"
    assert (changed.h1, changed.facts()["Op de site"]) == ("Samen sterk", "verborgen")
    module = changed.follow("Wijzig Dagdeel 1").submit("Bewaar", title="Begin", contact_minutes="0")
    assert [(e.href, e.text) for e in module.errors] == [
        ("#contact_minutes", "Vul in hoeveel uur dit dagdeel duurt, zonder pauzes.")
    ]
    module.submit("Bewaar", contact_minutes="2,25")
    kept = db.session.get_one(Module, modules[0].id)
    assert (kept.title, kept.contact_minutes) == ("Begin", 135)


def test_a_module_is_found_under_its_own_course_only(office: PortalClient):
    one, other = factories.course_with_modules(1), factories.course_with_modules(1)
    address = f"/bureau/trainingen/{one.course.id}/dagdelen/"
    assert office.get(f"{address}{one.modules[0].id}").status_code == 200
    assert office.get(f"{address}{other.modules[0].id}").status_code == 404


def test_an_accreditation_gets_its_number_and_its_end(office: PortalClient):
    of = factories.course_with_modules(1)
    grant = factories.accreditation(of.course, number=None, valid_from=date(2026, 1, 1))
    page = office.visit(f"/bureau/accreditaties/{grant.id}")
    refused = page.submit("Bewaar", valid_until="2025-12-31")
    assert [(e.href, e.text) for e in refused.errors] == [
        ("#valid_until", "Vul een laatste dag in die na de eerste dag ligt.")
    ]
    refused.submit("Bewaar", number="4610.7", valid_until="2027-12-31")
    kept = db.session.get_one(Accreditation, grant.id)
    assert (kept.number, kept.valid_until) == ("4610.7", date(2027, 12, 31))


def test_an_accreditation_for_the_whole_course(office: PortalClient):
    course, _modules = factories.course_with_modules(2)
    factories.register("SKJ")
    page = office.visit(f"/bureau/trainingen/{course.id}/accreditaties/nieuw")
    refused = page.submit("Bewaar", points="veel", threshold_percent="101")
    assert {e.href: e.text for e in refused.errors} == {"#points": "Vul in hoeveel punten dit oplevert"}
    answer = refused.submit("Bewaar", points="13")
    assert [e.text for e in answer.errors] == ["Vul een percentage in van 1 tot en met 100."]
    answer.submit("Bewaar", threshold_percent="90")
    grant = db.session.scalars(select(Accreditation)).one()
    assert (grant.course_id, grant.module_id, grant.points, grant.threshold_percent) == (course.id, None, 13, 90)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (None, -1, "verlopen"),
        (None, 0, "laatste dag"),
        (None, 1, "nog 1 dag"),
        (None, 90, "nog 90 dagen"),
        (None, 91, "geldig"),
        (1, None, "gaat nog in"),
        (None, None, "geldig"),
    ],
)
def test_how_long_an_accreditation_still_holds(office: PortalClient, first: int | None, last: int | None, words: str):
    def on(days: int | None) -> date | None:
        return None if days is None else clock.today() + timedelta(days=days)

    of = factories.course_with_modules(1)
    factories.accreditation(of.course, valid_from=on(first), valid_until=on(last))
    (row,) = office.visit("/bureau/accreditatie").table()
    assert row["Geldig"].endswith(f" {words}")


def test_what_ends_first_stands_on_top_and_the_past_at_the_bottom(office: PortalClient):
    of = factories.course_with_modules(1)
    for number, days in (("past", -9), ("last year", -400), ("open", None), ("later", 300), ("soon", 3)):
        until = None if days is None else clock.today() + timedelta(days=days)
        factories.accreditation(of.course, number=number, valid_from=None, valid_until=until)
    rows = office.visit("/bureau/accreditatie").table()
    assert [row["Nummer"] for row in rows] == ["soon", "later", "open", "past", "last year"]


def test_empty_lists_say_what_to_do(office: PortalClient):
    assert "Er zijn nog geen trainingen." in office.visit("/bureau/trainingen").text
    assert "Er zijn nog geen accreditaties." in office.visit("/bureau/accreditatie").text

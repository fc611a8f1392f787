"""/bureau/coordinatoren: regions with their managers, and who is a coordinator."""

from portal.domain.accounts.rules import Role
from tests import factories
from tests.plugins.portal import PortalClient


def test_a_region_with_its_manager_and_somebody_becomes_a_coordinator(office: PortalClient):
    manager = factories.person(role=Role.REGIONAL_MANAGER, name="Rianne Vos")
    factories.person(name="Lucía Fernández", email="lucia@kring.example")
    page = office.visit("/bureau/coordinatoren")
    assert "Voeg eerst een regio toe." in page.text
    page = page.submit("Voeg de regio toe", name="Overijssel", manager_id=str(manager.id))
    page = page.submit("Maak coördinator", email="Lucia@kring.example", region_id="1")
    assert "Lucía Fernández is coördinator." in page.text
    assert page.table("1 coördinator") == [{"Naam": "Lucía Fernández", "Regio": "Overijssel", "Conferenties": "0"}]
    assert page.table("Regio’s") == [{"Regio": "Overijssel", "Regiomanager": "Rianne Vos", "Coördinatoren": "1"}]


def test_mistakes_are_told_at_their_field_and_in_their_own_form(office: PortalClient):
    page = office.visit("/bureau/coordinatoren").submit("Voeg de regio toe", name="Overijssel")
    taken = page.submit("Voeg de regio toe", name="Overijssel")
    assert (taken.status, [(e.href, e.text) for e in taken.errors]) == (409, [("#name", "Deze regio is er al.")])
    unknown = page.submit("Maak coördinator", email="niemand@kring.example", region_id="1")
    assert (unknown.status, [e.href for e in unknown.errors]) == (422, ["#email"])
    assert unknown.form("Maak coördinator").values["email"] == ["niemand@kring.example"]
    nothing = page.submit("Maak coördinator", email="a@x.example, b@x.example")
    assert [e.href for e in nothing.errors] == ["#email", "#region_id"]

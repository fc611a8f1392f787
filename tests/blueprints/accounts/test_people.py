"""The office finds people, and only an administrator gives roles."""

from typing import Any

import pytest
from sqlalchemy import select

from portal.audit import trail_of
from portal.audit.models import AuditEntry
from portal.db import db
from portal.domain.accounts.models import RoleGrant
from portal.domain.accounts.rules import Role
from tests import factories


def roles_of(person_id: int) -> list[str]:
    return list(db.session.scalars(select(RoleGrant.role).filter_by(person_id=person_id).order_by(RoleGrant.id)))


def names(page: Any) -> list[str]:
    tables = page.find("//table")
    return [row["Naam"] for row in page.table()] if tables else []


def test_people_are_found_by_words_and_role(as_role: Any) -> None:
    office = as_role(Role.OFFICE)
    factories.person(name="Dewi Hardjo", email="dewi@zorg.example", employer="Wijkteam Assendorp")
    factories.person(name="Bram Postma", email="bram@school.example", employer="De 100%_School", role=Role.TRAINER)
    for words, found in [
        ("dewi", ["Dewi Hardjo"]),
        ("postma BRAM", ["Bram Postma"]),
        ("assendorp", ["Dewi Hardjo"]),
        ("0%_s", ["Bram Postma"]),
        ("%", ["Bram Postma"]),
        ("dewi bram", []),
    ]:
        assert names(office.visit(f"/bureau/mensen?zoek={words.replace('%', '%25')}")) == found
    assert names(office.visit("/bureau/mensen?rol=trainer")) == ["Bram Postma"]
    assert "Niemand gevonden." in office.visit("/bureau/mensen?zoek=niemand").text


def test_many_people_come_a_page_at_a_time_with_the_same_number_of_queries(as_role: Any, count_queries: Any) -> None:
    office = as_role(Role.OFFICE)
    numbers = []
    for more in (2, 60):
        for _ in range(more):
            factories.person(role=Role.TRAINER)
        with count_queries() as queries:
            page = office.visit("/bureau/mensen?rol=trainer")
        numbers.append(len(queries))
    assert numbers[0] == numbers[1], queries
    assert len(names(page)) == 25
    assert len(names(page.follow("Volgende").follow("Volgende"))) == 12


def test_looking_at_a_person_is_in_the_log(as_role: Any) -> None:
    person = factories.person()
    as_role(Role.OFFICE).visit(f"/bureau/mensen/{person.id}")
    assert [entry.tag for entry in trail_of("person", person.id).entries] == ["privacy.viewed"]
    as_role(Role.OFFICE).visit("/bureau/mensen")
    assert db.session.scalars(select(AuditEntry.tag).order_by(AuditEntry.seq.desc())).first() == "privacy.viewed"


def test_an_administrator_gives_a_role_and_takes_it_back(as_role: Any, sign_in: Any) -> None:
    person = factories.person()
    admin, theirs = as_role(Role.ADMIN), sign_in(person)
    page = admin.visit(f"/bureau/mensen/{person.id}")
    page = page.submit("Geef deze rol", role="office")
    assert "De rol is toegekend." in page.text
    assert roles_of(person.id) == ["office"]
    assert theirs.get("/bureau/mensen").status_code == 200
    page = page.submit("Trek in bureau")
    assert "De rol is ingetrokken." in page.text
    assert roles_of(person.id) == []
    assert theirs.get("/bureau/mensen").status_code == 403
    tags = [entry.tag for entry in trail_of("person", person.id).entries if entry.tag.startswith("accounts.role")]
    assert tags == ["accounts.role_withdrawn", "accounts.role_granted"]


def test_a_contact_of_an_organisation_needs_one(as_role: Any) -> None:
    person, organisation = factories.person(), factories.organisation(name="Zorggroep De Brug")
    page = as_role(Role.ADMIN).visit(f"/bureau/mensen/{person.id}").submit("Geef deze rol", role="organisation")
    assert (page.status, page.title[:5]) == (422, "Fout:")
    assert page.errors == [("Kies voor welke organisatie deze rol is.", "#organisation")]
    page = page.submit("Geef deze rol", role="organisation", organisation=str(organisation.id))
    assert page.table("Rollen van " + person.name)[0]["Organisatie"] == "Zorggroep De Brug"


def test_a_role_must_be_chosen(as_role: Any) -> None:
    person = factories.person()
    page = as_role(Role.ADMIN).visit(f"/bureau/mensen/{person.id}").submit("Geef deze rol")
    assert (page.status, page.errors) == (422, [("Kies een rol", "#role")])


def test_the_office_sees_roles_and_cannot_give_them(as_role: Any) -> None:
    person = factories.person(role=Role.TRAINER)
    office = as_role(Role.OFFICE)
    assert "Geef een rol" not in office.visit(f"/bureau/mensen/{person.id}").headings
    assert office.send(f"/bureau/mensen/{person.id}/rollen", role="admin").status_code == 403
    grant = db.session.scalar(select(RoleGrant.id).filter_by(person_id=person.id))
    assert office.send(f"/bureau/mensen/{person.id}/rollen/{grant}/intrekken").status_code == 403
    assert roles_of(person.id) == ["trainer"]


def test_nobody_takes_the_administrators_role_from_themselves(sign_in: Any) -> None:
    admin = factories.person(role=Role.ADMIN)
    page = sign_in(admin).visit(f"/bureau/mensen/{admin.id}").submit("Trek in beheerder")
    assert "Je kunt je eigen rol van beheerder niet intrekken." in page.text
    assert roles_of(admin.id) == ["admin"]


def test_a_role_is_withdrawn_from_its_own_person_only(as_role: Any) -> None:
    person, other = factories.person(role=Role.TRAINER), factories.person()
    grant = db.session.scalar(select(RoleGrant.id).filter_by(person_id=person.id))
    assert as_role(Role.ADMIN).send(f"/bureau/mensen/{other.id}/rollen/{grant}/intrekken").status_code == 404
    assert roles_of(person.id) == ["trainer"]


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.OFFICE, Role.ADMIN)])
def test_people_are_for_the_office(as_role: Any, role: Role) -> None:
    person = factories.person()
    client = as_role(role)
    answers = [client.get(path).status_code for path in ("/bureau/mensen", f"/bureau/mensen/{person.id}")]
    assert answers == [403, 403]


def test_unknown_people_are_not_there(as_role: Any) -> None:
    admin = as_role(Role.ADMIN)
    assert admin.get("/bureau/mensen/987654321").status_code == 404
    assert admin.send("/bureau/mensen/987654321/rollen", role="office").status_code == 404


def test_a_name_stays_a_name(as_role: Any) -> None:
    name = '<script>alert(1)</script> =HYPERLINK("x") 100%s & <b>'
    person = factories.person(name=name)
    office = as_role(Role.OFFICE)
    assert office.visit(f"/bureau/mensen/{person.id}").document.findtext(".//h1") == name
    assert name in names(office.visit("/bureau/mensen"))

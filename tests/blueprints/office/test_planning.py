"""/bureau/uitvoeringen/nieuw: one form for an edition and a meeting of every module."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.db import db
from portal.domain.accounts.models import Organisation
from portal.domain.accounts.rules import Role
from portal.domain.catalogue.models import Edition, Meeting, MeetingTrainer
from portal.domain.catalogue.rules import EditionKind, EditionState
from tests import factories
from tests.page import Page
from tests.plugins.portal import PortalClient


def plan_page(office: PortalClient, course_id: int) -> Page:
    return office.visit(f"/bureau/uitvoeringen/nieuw?training={course_id}")


def row(number: int, **values: Any) -> dict[str, Any]:
    """The fields of one module's meeting."""
    return {f"meetings-{number}-{name}": value for name, value in values.items()}


FIRST = row(0, held_on="2027-03-18", starts_at="09:30", ends_at="13:00", capacity="12", venue="Grote Markt 1, Zwolle")


def refused(page: Page, **fields: Any) -> dict[str, str]:
    """Sends the form, which is refused: the errors by field."""
    answer = page.submit("Bewaar als concept", fields)
    assert (answer.status, answer.title.startswith("Fout:")) == (422, True)
    assert db.session.scalar(select(func.count(Edition.id))) == 0
    kept = answer.form("Bewaar als concept").values
    assert {name: kept.get(name) for name in fields} == {name: [value] for name, value in fields.items()}
    return {link.href.removeprefix("#"): link.text for link in answer.errors}


def test_a_date_is_enough_for_the_modules_after_the_first(office: PortalClient):
    trainer = factories.person(role=Role.TRAINER, name="Noor van Dijk")
    course, modules = factories.course_with_modules(modules=3)
    details = {"place": "Zwolle", "minimum": "6", "price_cents": "795,50"}
    plan_page(office, course.id).submit(
        "Bewaar als concept",
        FIRST
        | row(0, trainer_ids=str(trainer.id))
        | row(1, held_on="2027-04-01")
        | row(2, held_on="2027-04-08", starts_at="13:00", ends_at="16.30", venue="Online", capacity="20")
        | details,
    )
    edition = db.session.scalars(select(Edition)).one()
    assert (edition.state, edition.kind, edition.place, edition.minimum, edition.price_cents, edition.starts_on) == (
        EditionState.DRAFT,
        EditionKind.OPEN,
        "Zwolle",
        6,
        79550,
        date(2027, 3, 18),
    )
    meetings = db.session.scalars(select(Meeting).order_by(Meeting.starts_at)).all()
    assert [
        (m.module_id, clock.local(m.starts_at).isoformat(), clock.local(m.ends_at).isoformat()[11:16], m.venue)
        for m in meetings
    ] == [
        (modules[0].id, "2027-03-18T09:30:00+01:00", "13:00", "Grote Markt 1, Zwolle"),
        (modules[1].id, "2027-04-01T09:30:00+02:00", "13:00", "Grote Markt 1, Zwolle"),
        (modules[2].id, "2027-04-08T13:00:00+02:00", "16:30", "Online"),
    ]
    assert [m.capacity for m in meetings] == [12, 12, 20]
    assert list(db.session.scalars(select(MeetingTrainer.person_id))) == [trainer.id] * 3


def test_a_module_that_is_left_empty_is_not_planned(office: PortalClient):
    course, modules = factories.course_with_modules(modules=2)
    plan_page(office, course.id).submit("Bewaar als concept", FIRST)
    assert list(db.session.scalars(select(Meeting.module_id))) == [modules[0].id]


def test_every_mistake_is_told_at_its_own_field_and_nothing_typed_is_lost(office: PortalClient):
    course, _modules = factories.course_with_modules(modules=3)
    assert refused(
        plan_page(office, course.id),
        **FIRST
        | row(1, starts_at="18:00", venue="=HYPERLINK(1) <b>zaal</b>")
        | row(2, held_on="2027-04-08", starts_at="13:00", ends_at="12:00", capacity="0", link="ftp://zaal"),
        minimum="zes",
        price_cents="gratis",
    ) == {
        "minimum": "Vul een aantal deelnemers in van 0 of meer",
        "price_cents": "Vul een bedrag in, zoals 795 of 795,50",
        "meetings-1-held_on": "Vul een datum in",
        "meetings-2-ends_at": "Vul een eindtijd in die na de begintijd ligt",
        "meetings-2-capacity": "Vul in hoeveel plekken er zijn, minstens 1",
        "meetings-2-link": "Vul een webadres in dat begint met https://",
    }


def test_the_first_row_must_be_whole(office: PortalClient):
    course, _modules = factories.course_with_modules(modules=1)
    assert refused(plan_page(office, course.id), **row(0, held_on="2027-03-18")) == {
        "meetings-0-starts_at": "Vul een begintijd in",
        "meetings-0-ends_at": "Vul een eindtijd in",
        "meetings-0-capacity": "Vul in hoeveel plekken er zijn, minstens 1",
    }


NO_SUCH_TIME = "Deze tijd bestaat niet: de klok gaat die nacht een uur vooruit"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"held_on": "2027-03-28", "starts_at": "02:30"}, NO_SUCH_TIME),
        ({"held_on": "18 maart"}, "Vul een datum in, zoals 2027-03-18"),
        ({"held_on": "0001-01-01"}, "Vul een jaar in tussen 2000 en 2100"),
        ({"starts_at": "half tien"}, "Vul een tijd in, zoals 09:30"),
        ({"capacity": "9" * 30}, "Vul in hoeveel plekken er zijn, minstens 1"),
    ],
)
def test_what_is_no_time_or_number_is_said_in_words(office: PortalClient, typed: dict[str, str], sentence: str):
    course, _modules = factories.course_with_modules(modules=1)
    errors = refused(plan_page(office, course.id), **FIRST | row(0, **typed))
    assert list(errors.values()) == [sentence]


def test_an_in_company_edition_for_a_client_that_is_new(office: PortalClient):
    course, _modules = factories.course_with_modules(modules=1)
    page = plan_page(office, course.id)
    refused_page = page.submit("Bewaar als concept", FIRST | {"kind": EditionKind.IN_COMPANY})
    assert [(link.href, link.text) for link in refused_page.errors] == [("#organisation_id", "Kies de organisatie.")]
    refused_page.submit("Bewaar als concept", new_organisation="Gemeente Purmerend")
    client = db.session.scalars(select(Organisation)).one()
    edition = db.session.scalars(select(Edition)).one()
    assert (client.name, edition.kind, edition.organisation_id) == (
        "Gemeente Purmerend",
        EditionKind.IN_COMPANY,
        client.id,
    )


def test_for_whom_it_is_must_be_clear(office: PortalClient):
    client = factories.organisation(name="Zorggroep De Brug")
    course, _modules = factories.course_with_modules(modules=1)
    page = plan_page(office, course.id)
    assert refused(page, **FIRST | {"new_organisation": "Gemeente Purmerend"}) == {
        "kind-0": "Kies in-company als deze uitvoering voor één opdrachtgever is"
    }
    both = {"organisation_id": str(client.id), "new_organisation": "Gemeente Purmerend"}
    assert refused(page, **FIRST | both | {"kind": EditionKind.IN_COMPANY}) == {
        "new_organisation": "Kies een opdrachtgever uit de lijst, of vul een nieuwe in. Niet allebei"
    }


def test_a_client_that_is_refused_with_its_edition_is_not_kept(office: PortalClient):
    course, _modules = factories.course_with_modules(modules=1)
    answer = plan_page(office, course.id).submit(
        "Bewaar als concept",
        row(0, venue="Zaal") | {"kind": EditionKind.IN_COMPANY, "new_organisation": "Gemeente Purmerend"},
    )
    assert answer.status == 422
    assert db.session.scalar(select(func.count(Organisation.id))) == 0


def test_a_course_without_modules_says_what_to_do_first(office: PortalClient):
    course, _modules = factories.course_with_modules(modules=0)
    page = plan_page(office, course.id)
    assert "Deze training heeft nog geen dagdelen." in page.text
    assert page.follow("Voeg een dagdeel toe").h1 == "Nieuw dagdeel"


def test_without_a_course_one_is_chosen_first(office: PortalClient):
    factories.course_with_modules(modules=1, title="SamenKracht", visible=False)
    assert office.visit("/bureau/uitvoeringen/nieuw").follow("SamenKracht").h1 == "Plan SamenKracht"
    unknown = ["training=987654", "training=" + "9" * 30, "training=-1", "training=1&aanvraag=987654"]
    assert [office.get(f"/bureau/uitvoeringen/nieuw?{asked}").status_code for asked in unknown] == [404] * 4


def test_of_a_group_without_names_the_office_says_so_here(office: PortalClient):
    client, (course, _modules) = factories.organisation(), factories.course_with_modules(modules=1)
    counted = FIRST | {"counted_only": True}
    page = plan_page(office, course.id)
    answer = page.submit("Bewaar als concept", counted)
    assert [(link.href, link.text) for link in answer.errors] == [
        ("#counted_only", "Alleen tellen kan bij een in-company training.")
    ]
    closed = {"kind": EditionKind.IN_COMPANY, "organisation_id": str(client.id)}
    answer = page.submit("Bewaar als concept", counted | closed | {"minimum": "6"})
    assert [link.href for link in answer.errors] == ["#minimum"]
    page.submit("Bewaar als concept", counted | closed | {"minimum": "0"})
    edition = db.session.scalars(select(Edition)).one()
    assert (edition.counted_only, edition.organisation_id) == (True, client.id)
    office.send(f"/bureau/uitvoeringen/{edition.id}/publiceren")
    answer = office.visit(f"/bureau/uitvoeringen/{edition.id}/bewerken").submit("Bewaar", counted_only=False)
    assert [(link.href, link.text) for link in answer.errors] == [
        ("#counted_only", "Deze uitvoering staat online: of we alleen tellen, kan niet meer veranderen.")
    ]

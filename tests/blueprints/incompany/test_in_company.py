"""An organisation asks for a training, and enters its own people in the edition that was planned for it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from portal import clock
from portal.audit import Actor, trail_of
from portal.db import db, transaction
from portal.domain.accounts.models import Person, RoleGrant
from portal.domain.accounts.rules import Role
from portal.domain.catalogue.rules import EditionKind
from portal.domain.enrolment.models import Enrolment
from portal.domain.incompany import commands, queries
from portal.domain.incompany.models import TrainingRequest
from portal.errors import Conflict, Refused
from portal.mail import OutgoingMail
from tests import factories
from tests.plugins.portal import PortalClient

ANSWERS = {
    "organisation": "Zorggroep De Linde",
    "name": "Şule Yılmaz-Škrabáková",
    "email": "sule@delinde.example",
    "group_size": "40",
    "period": "Voorjaar",
    "place": "Bij ons",
    "goal": "Alle teams <b>samen</b>\r\nop weg",
}


def subjects() -> list[tuple[str, str]]:
    rows = db.session.execute(select(OutgoingMail.to_address, OutgoingMail.subject).order_by(OutgoingMail.id))
    return [(row.to_address, row.subject) for row in rows]


def asked(client: PortalClient, **changes: str) -> TrainingRequest:
    form = client.visit("/in-company/aanvragen")
    done = form.submit("Verstuur de aanvraag", **(ANSWERS | changes))
    assert done.h1 == "Je aanvraag is binnen"
    return db.session.scalars(select(TrainingRequest)).one()


@time_machine.travel(datetime(2026, 11, 27, 10, tzinfo=UTC), tick=False)
def test_a_visitor_asks_without_an_account_and_hears_when_the_answer_comes(client: PortalClient) -> None:
    course, _modules = factories.course_with_modules(title="SamenKracht")

    request = asked(client, course=str(course.id))

    assert (request.organisation_name, request.group_size, request.goal, request.state) == (
        "Zorggroep De Linde",
        40,
        "Alle teams <b>samen</b>\nop weg",
        "requested",
    )
    assert subjects() == [
        ("sule@delinde.example", "Je aanvraag voor SamenKracht is binnen"),
        ("bureau@leerkring.example", "Nieuwe aanvraag in-company: SamenKracht"),
    ]
    mail = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).first()
    assert mail is not None
    assert "uiterlijk dinsdag 1 december 2026" in mail.text_body


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("course", "", "Kies een training"),
        ("organisation", "", "Vul de naam van je organisatie in"),
        ("name", " ", "Vul je naam in"),
        ("name", "Win nu op https://evil.example", "Vul je naam in zonder webadres"),
        ("email", "a@x.example, b@x.example", "Vul je e-mailadres in zoals naam@organisatie.nl"),
        ("group_size", "veel", "Vul in met hoeveel mensen je ongeveer bent"),
        ("group_size", "0", "Vul een aantal in tussen 1 en 2000"),
    ],
)
def test_what_is_not_right_is_said_at_its_field_and_nothing_is_lost(
    client: PortalClient, field: str, typed: str, sentence: str
) -> None:
    course, _modules = factories.course_with_modules()
    form = client.visit("/in-company/aanvragen")

    page = form.submit("Verstuur de aanvraag", **(ANSWERS | {"course": str(course.id), field: typed}))

    assert page.status == 422
    assert page.title.startswith("Fout:")
    assert page.errors == [(sentence, f"#{field}")]
    assert page.form("Verstuur de aanvraag").values["period"] == ["Voorjaar"]
    assert subjects() == []


def planned(client: PortalClient) -> tuple[TrainingRequest, factories.EditionAndMeetings]:
    factories.terms()
    training = factories.course_with_modules(modules=2, title="SamenKracht")
    request = asked(client, course=str(training.course.id))
    organisation = factories.organisation(name="Zorggroep De Linde")
    closed = factories.edition_with_meetings(
        of=training, kind=EditionKind.IN_COMPANY, organisation_id=organisation.id, capacity=2
    )
    db.session.commit()
    with transaction():
        commands.link_to_edition(
            request=queries.get_request(request.id), edition=closed.edition, actor=Actor.system(), now=clock.now()
        )
    return request, closed


def test_planning_gives_the_asker_the_clients_pages(
    client: PortalClient, sign_in: Callable[[Person], PortalClient]
) -> None:
    request, _closed = planned(client)
    contact = db.session.get_one(Person, request.contact_id)

    page = sign_in(contact).visit("/organisatie")

    assert [row["Training"] for row in page.table("Trainingen van je organisatie")] == ["SamenKracht"]
    assert [row["Stand"] for row in page.table("Je aanvragen")] == ["gepland"]
    assert [entry.tag for entry in trail_of("request", request.id).entries] == [
        "incompany.planned",
        "incompany.requested",
    ]


def test_the_contact_enters_people_until_the_edition_is_full(
    client: PortalClient, sign_in: Callable[[Person], PortalClient]
) -> None:
    request, closed = planned(client)
    contact = sign_in(db.session.get_one(Person, request.contact_id))
    address = f"/organisatie/uitvoeringen/{closed.edition.id}"

    for name in ("Emre Yılmaz", "Ánh Nguyễn"):
        page = contact.visit(address).submit("Voeg toe", name=name, email=f"{name[0].lower()}mail@delinde.example")
        assert f"{name} doet mee" in page.text
    full = contact.visit(address).submit("Voeg toe", name="Te laat", email="telaat@delinde.example")

    assert full.status == 409
    assert full.form("Voeg toe").values["name"] == ["Te laat"]
    assert [row["Naam"] for row in full.table("Deelnemers")] == ["Emre Yılmaz", "Ánh Nguyễn"]


def test_the_contact_takes_somebody_off_and_the_seat_is_free_again(
    client: PortalClient, sign_in: Callable[[Person], PortalClient]
) -> None:
    request, closed = planned(client)
    contact = sign_in(db.session.get_one(Person, request.contact_id))
    address = f"/organisatie/uitvoeringen/{closed.edition.id}"
    page = contact.visit(address).submit("Voeg toe", name="Emre Yılmaz", email="emre@delinde.example")

    after = page.submit("Meld af Emre Yılmaz")

    assert "Er doet nog niemand mee." in after.text
    assert [row["Plaatsen"] for row in after.table("Wanneer en waar")] == ["0 van 2", "0 van 2"]


def test_another_organisation_finds_nothing_there(
    client: PortalClient, sign_in: Callable[[Person], PortalClient], as_role: Callable[[Role], PortalClient]
) -> None:
    request, closed = planned(client)
    contact = sign_in(db.session.get_one(Person, request.contact_id))
    address = f"/organisatie/uitvoeringen/{closed.edition.id}"
    contact.visit(address).submit("Voeg toe", name="Emre Yılmaz", email="emre@delinde.example")
    enrolment = db.session.scalars(select(Enrolment)).one()
    stranger = as_role(Role.ORGANISATION)

    assert stranger.visit(address).status == 404
    assert stranger.send(f"{address}/deelnemers/{enrolment.id}/afmelden").status_code == 404
    assert db.session.get_one(Enrolment, enrolment.id).state == "enrolled"


def test_a_request_is_answered_once(client: PortalClient) -> None:
    request, _closed = planned(client)

    with pytest.raises(Conflict), transaction():
        commands.decline(
            request=queries.get_request(request.id), reason="Te druk", actor=Actor.system(), now=clock.now()
        )


def test_an_open_edition_is_no_answer(client: PortalClient) -> None:
    training = factories.course_with_modules(modules=1)
    request = asked(client, course=str(training.course.id))
    opened = factories.edition_with_meetings(of=training)
    db.session.commit()

    with pytest.raises(Refused, match="besloten"), transaction():
        commands.link_to_edition(
            request=queries.get_request(request.id), edition=opened.edition, actor=Actor.system(), now=clock.now()
        )
    assert db.session.scalars(select(RoleGrant)).all() == []


def test_the_reason_of_a_refusal_is_mailed_and_kept_apart_in_the_log(client: PortalClient) -> None:
    course, _modules = factories.course_with_modules()
    request = asked(client, course=str(course.id))
    with transaction():
        commands.decline(
            request=queries.get_request(request.id), reason="We zitten vol", actor=Actor.system(), now=clock.now()
        )

    newest = trail_of("request", request.id).entries[0]
    assert (newest.tag, newest.facts["reason"]) == ("incompany.declined", "We zitten vol")
    mail = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
    assert mail is not None
    assert "We zitten vol" in mail.text_body


def test_the_overview_needs_as_many_queries_for_many_as_for_few(
    as_role: Callable[[Role], PortalClient], count_queries: Callable[[], object]
) -> None:
    visitor = as_role(Role.ORGANISATION)
    grant = db.session.scalars(select(RoleGrant)).one()

    def queries_with(editions: int) -> int:
        for _ in range(editions):
            factories.edition_with_meetings(
                of=factories.course_with_modules(1),
                kind=EditionKind.IN_COMPANY,
                organisation_id=grant.organisation_id,
            )
        db.session.commit()
        with count_queries() as counted:  # type: ignore[attr-defined]
            visitor.visit("/organisatie")
        return len(counted)

    assert queries_with(1) == queries_with(15)


@pytest.mark.parametrize("path", ["/in-company", "/in-company/aanvragen", "/in-company/ontvangen"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_pages_are_there_in_both_languages(client: PortalClient, path: str, prefix: str) -> None:
    factories.course_with_modules()

    page = client.visit(prefix + path)

    assert (page.status, page.language) == (200, "en" if prefix else "nl")

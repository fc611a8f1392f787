"""/bureau/aanvragen: in-company requests are planned or declined."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import RoleGrant
from portal.domain.accounts.rules import Role
from portal.domain.catalogue.models import Edition
from portal.domain.catalogue.rules import EditionKind
from portal.domain.incompany.commands import ask_for_training
from portal.domain.incompany.models import TrainingRequest
from portal.domain.incompany.rules import RequestState
from portal.mail.models import OutgoingMail
from tests import factories
from tests.factories import CourseAndModules
from tests.plugins.portal import PortalClient


def asked(of: CourseAndModules, name: str = "Gemeente Purmerend", at: datetime | None = None) -> TrainingRequest:
    with transaction():
        return ask_for_training(
            course_id=of.course.id,
            organisation_name=name,
            contact_name="Fatima Aksoy",
            contact_email="fatima@purmerend.example",
            language="nl",
            group_size=20,
            period="voorjaar",
            place="Purmerend",
            goal="Alle wijkteams\n<b>samen</b>",
            actor=Actor.visitor(),
            now=at or clock.now(),
        )


def test_a_request_is_planned_and_linked_and_its_asker_becomes_the_clients_contact(office: PortalClient):
    of = factories.course_with_modules(1, title="SamenKracht")
    request = asked(of)
    page = office.visit("/bureau/aanvragen").follow("Gemeente Purmerend")
    assert page.facts()["Waarvoor"] == "Alle wijkteams<b>samen</b>"
    plan = page.follow("Plan een uitvoering voor deze aanvraag")
    values = plan.form("Bewaar als concept").values
    assert (values["kind"], values["new_organisation"], values["place"]) == (
        [EditionKind.IN_COMPANY],
        ["Gemeente Purmerend"],
        ["Purmerend"],
    )
    meeting = {"held_on": "2027-03-18", "starts_at": "09:30", "ends_at": "13:00", "capacity": "20"}
    back = plan.submit("Bewaar als concept", {f"meetings-0-{name}": value for name, value in meeting.items()})
    edition = db.session.scalars(select(Edition)).one()
    assert back.form("Koppel en laat het weten").values["edition_id"] == [str(edition.id)]
    done = back.submit("Koppel en laat het weten")
    assert "De aanvraag is beantwoord." in done.text
    assert done.follow("Naar de uitvoering").h1 == "SamenKracht, Purmerend"
    kept = db.session.get_one(TrainingRequest, request.id)
    assert (kept.state, kept.edition_id) == (RequestState.PLANNED, edition.id)
    granted = select(RoleGrant.role, RoleGrant.organisation_id).where(RoleGrant.person_id == kept.contact_id)
    assert [tuple(row) for row in db.session.execute(granted)] == [(Role.ORGANISATION, edition.organisation_id)]


def test_only_closed_editions_of_that_course_can_be_linked(office: PortalClient):
    of, other = factories.course_with_modules(1), factories.course_with_modules(1)
    client = factories.organisation(name="Zorggroep De Brug")
    closed = {"kind": EditionKind.IN_COMPANY, "organisation_id": client.id}
    fitting = factories.edition_with_meetings(of, **closed).edition
    factories.edition_with_meetings(of, state="cancelled", **closed)
    factories.edition_with_meetings(of)
    foreign = factories.edition_with_meetings(other, **closed).edition
    request = asked(of)
    page = office.visit(f"/bureau/aanvragen/{request.id}")
    assert page.form("Koppel en laat het weten").choices("edition_id") == ["", str(fitting.id)]
    nothing = page.submit("Koppel en laat het weten")
    assert (nothing.status, [e.text for e in nothing.errors]) == (422, ["Kies een uitvoering"])
    answer = office.send(f"/bureau/aanvragen/{request.id}/koppelen", edition_id=foreign.id)
    assert (answer.status_code, "Kies iets uit de lijst" in answer.text) == (422, True)
    assert db.session.get_one(TrainingRequest, request.id).state == RequestState.REQUESTED


def test_a_request_is_declined_with_a_reason_that_is_mailed(office: PortalClient):
    request = asked(factories.course_with_modules(1))
    page = office.visit(f"/bureau/aanvragen/{request.id}")
    refused = page.submit("Wijs af en laat het weten")
    assert (refused.status, [(e.href, e.text) for e in refused.errors]) == (422, [("#reason", "Vul in waarom")])
    done = refused.submit("Wijs af en laat het weten", reason="We zijn vol tot de zomer")
    assert "De aanvraag is afgewezen." in done.text
    last = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
    assert last is not None
    assert (last.to_address, "We zijn vol tot de zomer" in last.text_body) == ("fatima@purmerend.example", True)
    again = office.send(f"/bureau/aanvragen/{request.id}/afwijzen", reason="Nog eens")
    assert (again.status_code, "Op deze aanvraag is al geantwoord." in again.text) == (409, True)


def test_those_that_wait_stand_first_with_the_day_of_the_answer(office: PortalClient):
    of = factories.course_with_modules(1)
    answered = asked(of, "De Wilg", clock.now() - timedelta(days=30))
    answered.state, answered.answered_at = RequestState.DECLINED, clock.now()
    db.session.commit()
    asked(of, "Gemeente Zwolle", clock.now() + timedelta(days=300))
    asked(of, "Gemeente Purmerend", datetime(2026, 3, 12, 12, tzinfo=UTC))
    rows = office.visit("/bureau/aanvragen").table()
    late = (clock.today() - datetime(2026, 3, 16, tzinfo=UTC).date()).days
    assert [(row["Organisatie"], row["Stand"].split(" ")[0]) for row in rows] == [
        ("Gemeente Purmerend", str(late)),
        ("Gemeente Zwolle", "antwoord"),
        ("De Wilg", "afgewezen"),
    ]


def test_seeing_a_request_is_noted(office: PortalClient):
    request = asked(factories.course_with_modules(1))
    office.visit(f"/bureau/aanvragen/{request.id}")
    tags = [entry.tag for entry in audit.trail_of("request", request.id).entries]
    assert tags == ["privacy.viewed", "incompany.requested"]


def test_an_unknown_request_is_not_there(office: PortalClient):
    assert office.get("/bureau/aanvragen/987654").status_code == 404
    assert office.send("/bureau/aanvragen/987654/afwijzen", reason="Nee").status_code == 404
    assert "Er zijn geen aanvragen." in office.visit("/bureau/aanvragen").text

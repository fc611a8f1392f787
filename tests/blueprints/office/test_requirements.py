"""/bureau/trainingen/<id>/vooraf: the office sets what a course asks first."""

import pytest
from sqlalchemy import select

from portal.audit import trail_of
from portal.db import db
from portal.domain.catalogue.models import Course
from tests import factories
from tests.page import Link, Page
from tests.plugins.portal import PortalClient

FIRST, SECOND, OTHER_WAY = "ways-0-conditions-0", "ways-0-conditions-1", "ways-1-conditions-0"


@pytest.fixture
def course(office: PortalClient) -> Course:
    factories.course_with_modules(1, slug="ek-1", title="EK-1")
    factories.course_with_modules(1, slug="kort", title="Kort")
    made = factories.course_with_modules(1, slug="ek-2", title="EK-2").course
    db.session.commit()
    return made


def address(course: Course) -> str:
    return f"/bureau/trainingen/{course.id}"


def asked(course: Course) -> object:
    db.session.expire_all()
    return db.session.scalars(select(Course.requires).where(Course.id == course.id)).one()


def test_what_is_asked_is_set_and_reaches_the_public_page(office: PortalClient, client: PortalClient, course: Course):
    page = office.visit(address(course))
    assert "Deze training vraagt niets vooraf." in page.text
    saved = page.follow("Wijzig wat je vooraf vraagt").submit(
        "Bewaar",
        {
            f"{FIRST}-kind": "completed",
            f"{FIRST}-course": "ek-1",
            f"{SECOND}-kind": "conferences",
            f"{SECOND}-number": "2",
        },
    )
    assert saved.h1 == "EK-2"
    assert "Je hebt eerst deze training gevolgd: EK-1." in saved.text
    ek2 = [{"completed": "ek-1"}, {"at_least": 2, "of": "conferences"}]
    assert asked(course) == {"any": [ek2]}
    either = office.visit(f"{address(course)}/vooraf").submit(
        "Bewaar", {f"{OTHER_WAY}-kind": "at_least", f"{OTHER_WAY}-courses": ["ek-1", "kort"], f"{OTHER_WAY}-number": 1}
    )
    assert either.status == 200
    assert asked(course) == {"any": [ek2, [{"at_least": 1, "of": ["ek-1", "kort"]}]]}
    assert "Een van deze dingen klopt voor jou:" in client.visit("/trainingen/ek-2").text
    again = office.visit(f"{address(course)}/vooraf")
    assert again.form("Bewaar").values[f"{OTHER_WAY}-courses"] == ["ek-1", "kort"]
    assert again.submit("Bewaar").status == 200
    emptied = {f"{place}-{name}": "" for place in (FIRST, SECOND, OTHER_WAY) for name in ("kind", "course", "number")}
    office.visit(f"{address(course)}/vooraf").submit("Bewaar", {**emptied, f"{OTHER_WAY}-courses": []})
    assert asked(course) == {}
    edits = [entry for entry in trail_of("course", course.id).entries if entry.tag == "catalogue.course_edited"]
    assert len(edits) == 3


def test_every_mistake_is_told_at_its_field_with_what_was_filled_in(office: PortalClient, course: Course):
    page = office.visit(f"{address(course)}/vooraf").submit("Meer regels")
    refused = page.submit(
        "Bewaar",
        {
            f"{FIRST}-kind": "completed",
            f"{SECOND}-number": "3",
            f"{OTHER_WAY}-kind": "valid",
            f"{OTHER_WAY}-course": "kort",
            f"{OTHER_WAY}-number": "1000",
        },
    )
    assert (refused.status, refused.title.startswith("Fout:")) == (422, True)
    assert refused.errors == [
        Link("Kies een training", f"#{FIRST}-course"),
        Link("Kies wat je vraagt, of maak deze regel leeg", f"#{SECOND}-kind"),
        Link("Vul een getal in van 1 tot en met 600", f"#{OTHER_WAY}-number"),
    ]
    values = refused.form("Bewaar").values
    assert (values[f"{SECOND}-number"], values[f"{OTHER_WAY}-course"]) == (["3"], ["kort"])
    assert asked(course) == {}


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"kind": "at_least", "number": "1"}, "Kies een of meer trainingen"),
        ({"kind": "at_least", "number": "2", "courses": ["kort"]}, "Vul een getal in van 1 tot en met 1"),
        ({"kind": "conferences", "number": "0"}, "Vul een getal in van 1 tot en met 1000"),
        ({"kind": "conferences", "number": "veel"}, "Vul een heel getal in, zoals 2"),
        ({"kind": "conferences", "number": ""}, "Vul een getal in van 1 tot en met 1000"),
        ({"kind": "vals"}, "Kies iets uit de lijst"),
        ({"kind": "completed", "course": "ek-2"}, "Kies iets uit de lijst"),
        ({"kind": "completed", "course": "weg"}, "Kies iets uit de lijst"),
        ({"kind": "at_least", "number": "1", "courses": ["weg"]}, "Kies iets uit de lijst"),
    ],
)
def test_what_cannot_be_is_refused(office: PortalClient, course: Course, sent: dict[str, object], sentence: str):
    fields = {f"{FIRST}-{name}": value for name, value in sent.items()}
    answer = Page.of(office.send(f"{address(course)}/vooraf", **fields))
    assert answer.status == 422
    assert [link.text for link in answer.errors] == [sentence]
    assert asked(course) == {}


def test_more_lines_come_with_all_input_kept(office: PortalClient, course: Course):
    page = office.visit(f"{address(course)}/vooraf")
    names = set(page.form("Bewaar").values)
    more = page.submit("Meer regels", {f"{FIRST}-kind": "completed", f"{SECOND}-number": "3"})
    assert more.status == 200
    assert more.errors == []
    values = more.form("Bewaar").values
    assert values[f"{SECOND}-number"] == ["3"]
    assert {"ways-0-conditions-2-kind", "ways-1-conditions-1-kind"} <= set(values) - names
    assert asked(course) == {}


def test_a_course_that_is_not_there_asks_nothing(office: PortalClient, course: Course):
    assert office.get("/bureau/trainingen/987654/vooraf").status_code == 404
    assert office.visit(f"{address(course)}/vooraf").h1 == "Wat EK-2 vooraf vraagt"

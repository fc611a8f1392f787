"""A participant reads what attendance earned, and why."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
import time_machine

from portal import clock
from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.domain.enrolment.models import EnrolmentRegisterNumber
from tests import factories
from tests.factories import CourseAndModules, EditionAndMeetings
from tests.page import Page
from tests.plugins.portal import PortalClient

FIRST = date(2027, 3, 4)


@dataclass
class Training:
    """A training with its trainer and one participant, each with a browser."""

    given: EditionAndMeetings
    trainer: Person
    participant: Person
    sign_in: object

    def hold(self, number: int, status: str = "present", prepared: bool = True, **fields: str) -> None:
        """The trainer marks everybody the same and signs, at the end of the meeting with this number."""
        meeting = self.given.meetings[number - 1]
        path = f"/bijeenkomsten/{meeting.id}/presentie"
        with time_machine.travel(meeting.ends_at, tick=False):
            client = self.browser(self.trainer)
            page = client.visit(path)
            form = page.form("Bewaar")
            changes: dict[str, object] = {c.get("name"): status for c in form.controls if c.get("type") == "radio"}
            for control in form.controls:
                if prepared and "preparation" in control.get("name"):
                    changes[control.get("name")] = True
                for field, value in fields.items():
                    if control.get("name").endswith(field):
                        changes[control.get("name")] = value
            page.submit("Afronden", changes).submit("Afronden en tekenen", signed_name="Noor Jansen", agreed=True)

    def browser(self, person: Person) -> PortalClient:
        return self.sign_in(person)  # type: ignore[operator,no-any-return]

    def read(self, path: str = "/mijn/punten", on: date = date(2027, 12, 1)) -> Page:
        with time_machine.travel(clock.from_local(datetime.combine(on, time(9))), tick=False):
            return self.browser(self.participant).visit(path)


@pytest.fixture
def train(sign_in):
    """`train(course, modules=(1, 3))`: an edition of this course from 4 March 2027 with one participant in it."""

    def made(course: CourseAndModules, modules: tuple[int, ...] = (), first_on: date = FIRST) -> Training:
        trainer = factories.person(Role.TRAINER, name="Noor Jansen")
        given = factories.edition_with_meetings(course, first_on, trainer=trainer)
        participant = factories.person(name="Amira el Khatib")
        factories.enrolment(given, participant, modules=modules)
        db.session.commit()
        return Training(given, trainer, participant, sign_in)

    return made


def samenkracht(app) -> CourseAndModules:
    course = factories.course_with_modules(4, title="SamenKracht")
    for module, points in zip(course.modules, (4, 4, 5, 6), strict=True):
        module.preparation = "Lezen en een opdracht" if module.position > 2 else ""
        for register in ("SKJ", "Registerplein"):
            factories.accreditation(module, register, points, number=f"{register}-{module.position}")
    return course


def whole_of_13(app) -> CourseAndModules:
    course = factories.course_with_modules(4, title="Faciliteren en organiseren")
    for register in ("SKJ", "Registerplein"):
        factories.accreditation(course.course, register, 13, valid_from=None, valid_until=date(2024, 12, 31))
    return course


def test_samenkracht_in_full_is_19_at_both_registers(app, train):
    training = train(samenkracht(app))
    for number in (1, 2, 3, 4):
        training.hold(number)
    page = training.read()
    assert [section.xpath("./ul/li/strong/text()") for section in page.find("//section[h2]")] == [["19", "0"]] * 2
    newest = page.table("Punten bij SKJ")[0]
    assert newest["Punten"] == "6"
    assert "Telt mee, want je was er op 25 maart 2027 helemaal bij." in newest["Telt het mee?"]
    assert "Accreditatie-ID SKJ-4" in newest["Telt het mee?"]


def test_dagdeel_1_and_3_are_9(app, train):
    training = train(samenkracht(app), modules=(1, 3))
    training.hold(1)
    training.hold(3)
    page = training.read()
    assert [section.xpath("./ul/li/strong/text()") for section in page.find("//section[h2]")] == [["9", "0"]] * 2


def test_samenwerken_met_informeel_netwerk_is_3_at_skj_only(app, train):
    course = factories.course_with_modules(1, title="Samenwerken met informeel netwerk")
    course.modules[0].preparation = "Een uur huiswerk"
    factories.accreditation(course.modules[0], "SKJ", 3)
    factories.register("Registerplein")
    training = train(course)
    enrolment = db.session.query(factories.Enrolment).one()
    factories.add(
        EnrolmentRegisterNumber(enrolment_id=enrolment.id, register_code="Registerplein", number="46101234567")
    )
    training.hold(1)
    page = training.read()
    assert [section.xpath("./ul/li/strong/text()") for section in page.find("//section[h2]")] == [
        ["0", "0"],
        ["3", "0"],
    ]
    (refused,) = page.table("Punten bij Registerplein")
    assert "Telt niet mee, want Registerplein heeft dit niet geaccrediteerd." in refused["Telt het mee?"]


def test_the_13_points_training_is_nothing_for_three_of_four(app, train):
    training = train(whole_of_13(app), first_on=date(2024, 10, 1))
    for number in (1, 2, 3):
        training.hold(number)
    training.hold(4, "absent")
    (row,) = training.read().table("Punten bij SKJ")
    assert row["Punten"] == "0 van 13"
    assert (
        "Telt niet mee, want de punten gelden voor de hele training, en je deed 3 van de 4 dagdelen."
        in row["Telt het mee?"]
    )


def test_the_13_points_training_is_nothing_in_2025(app, train):
    training = train(whole_of_13(app), first_on=date(2025, 2, 6))
    for number in (1, 2, 3, 4):
        training.hold(number)
    (row,) = training.read().table("Punten bij SKJ")
    assert "Telt niet mee, want de accreditatie liep af op 31 december 2024." in row["Telt het mee?"]


def test_what_is_ahead_waits_and_what_was_missed_does_not_count(app, train):
    training = train(samenkracht(app))
    training.hold(1, "late", minutes_late="10")
    training.hold(3, prepared=False)
    page = training.read(on=FIRST + timedelta(days=20))
    why = [row["Telt het mee?"] for row in page.table("Punten bij SKJ")]
    assert [text.partition("Accreditatie")[0] for text in why] == [
        "Nog niet zekerTelt nog niet mee, want de bijeenkomst van 25 maart 2027 is nog niet geweest.",
        "Telt niet meeTelt niet mee, want de voorbereiding voor 18 maart 2027 is niet afgevinkt.",
        "Nog niet zekerTelt nog niet mee, want de presentielijst van 11 maart 2027 is nog niet afgerond.",
        "Telt niet meeTelt niet mee, want je was er op 4 maart 2027 170 van de 180 minuten bij en 100% is nodig.",
    ]
    assert page.find("//section[h2]")[1].xpath("./ul/li/strong/text()") == ["0", "10"]


def test_points_of_a_year_stand_in_a_table_too(app, train):
    training = train(samenkracht(app))
    training.hold(1)
    page = training.read(on=FIRST + timedelta(days=1))
    assert page.table("Punten bij SKJ per jaar") == [{"Jaar": "2027", "Behaald": "4", "Gepland": "15"}]


def test_nobody_sees_the_points_of_somebody_else(app, train, sign_in, client):
    training = train(samenkracht(app))
    training.hold(1)
    other = sign_in(factories.person()).visit("/mijn/punten")
    assert "Je hebt nog geen punten." in other.text
    assert "SamenKracht" not in other.text
    assert client.get("/mijn/punten").status_code == 303
    assert client.get("/mijn/punten.csv").status_code == 303


def test_the_spreadsheet_holds_the_same(app, train):
    course = samenkracht(app)
    course.course.title = "=HYPERLINK(1)"
    training = train(course, modules=(1,))
    training.hold(1)
    response = training.browser(training.participant).get("/mijn/punten.csv")
    assert response.mimetype == "text/csv"
    lines = response.get_data().decode("utf-8-sig").splitlines()
    assert lines == [
        "Register;Training;Dagdeel;Datum;Punten;Te behalen;Accreditatie-ID;Waarom",
        "Registerplein;'=HYPERLINK(1);Dagdeel 1;2027-03-04;4;4;Registerplein-1;"
        "Telt mee, want je was er op 4 maart 2027 helemaal bij.",
        "SKJ;'=HYPERLINK(1);Dagdeel 1;2027-03-04;4;4;SKJ-1;Telt mee, want je was er op 4 maart 2027 helemaal bij.",
    ]


def test_many_enrolments_come_in_pages_and_cost_as_many_queries(app, sign_in, count_queries):
    person = factories.person()
    counted = []
    for editions in (1, 9):
        for _ in range(editions):
            factories.enrolment(factories.edition_with_meetings(samenkracht(app), FIRST), person)
        client = sign_in(person)
        with count_queries() as queries:
            page = client.visit("/mijn/punten")
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 9
    assert len(page.table("Punten bij SKJ")) == 25
    assert len(page.follow("Volgende").table("Punten bij SKJ")) == 15


@pytest.mark.parametrize("page", ["0", "x", "99"])
def test_a_page_that_does_not_exist_breaks_nothing(app, train, page: str):
    assert train(samenkracht(app)).read(f"/mijn/punten?pagina={page}").status == 200


def test_the_reasons_are_in_the_reader_s_language(app, train):
    training = train(samenkracht(app), modules=(1,))
    training.hold(1)
    page = training.read("/en/mijn/punten")
    assert page.language == "en"
    assert "maart" not in page.text

"""A trainer's start page."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from portal import clock
from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.domain.attendance.models import AttendanceSheet
from tests import factories
from tests.factories import CourseAndModules
from tests.page import Page

TODAY = date(2027, 3, 4)


@pytest.fixture
def trainer(app) -> Person:
    return factories.person(Role.TRAINER, name="Noor Jansen")


def give(trainer: Person, on: date, title: str, people: int = 0) -> int:
    """A training of one meeting on this date."""
    course: CourseAndModules = factories.course_with_modules(1, title=title)
    given = factories.edition_with_meetings(course, on, trainer=trainer)
    for _ in range(people):
        factories.enrolment(given)
    return given.meetings[0].id


def visit(sign_in, trainer: Person, at: str = "09:00", query: str = "") -> Page:
    with time_machine.travel(clock.from_local(datetime.fromisoformat(f"{TODAY}T{at}")), tick=False):
        return sign_in(trainer).visit(f"/trainer{query}")


def test_today_comes_first_with_one_button(sign_in, trainer: Person):
    number = give(trainer, TODAY, "SamenKracht", people=3)
    give(trainer, TODAY + timedelta(days=1), "Morgen")
    give(trainer, TODAY - timedelta(days=1), "Gisteren")
    page = visit(sign_in, trainer, "09:30")
    assert page.headings == ["Vandaag", "09.30 – 12.30 uur", "Nog af te ronden", "Wat er komt"]
    assert ("Vul de presentie in", f"/bijeenkomsten/{number}/presentie") in page.links


def test_before_it_begins_the_list_can_be_read(sign_in, trainer: Person):
    give(trainer, TODAY, "SamenKracht")
    texts = [link.text for link in visit(sign_in, trainer, "09:29").links]
    assert texts == ["Bekijk wie er komt", "Wat mensen vonden van wat je gaf"]


def test_a_finished_list_is_not_to_do_any_more(sign_in, trainer: Person):
    for on in (TODAY, TODAY - timedelta(days=1)):
        number = give(trainer, on, "SamenKracht")
        factories.add(
            AttendanceSheet(
                meeting_id=number, finished_at=clock.now(), finished_by_id=trainer.id, signed_name="Noor Jansen"
            )
        )
    page = visit(sign_in, trainer, "13:00")
    assert page.headings == ["Vandaag", "09.30 – 12.30 uur"]
    assert "Afgerond" in page.text


def test_a_trainer_sees_only_what_is_theirs(sign_in, trainer: Person):
    other = factories.person(Role.TRAINER)
    for days in (-1, 0, 1):
        give(other, TODAY + timedelta(days=days), "Van een ander")
    factories.edition_with_meetings(first_on=TODAY, trainer=trainer, state="cancelled")
    page = visit(sign_in, trainer)
    assert "Vandaag geef je geen bijeenkomst." in page.text
    assert "Van een ander" not in page.text
    assert page.headings == ["Vandaag"]


def test_what_comes_is_in_order_and_in_pages(sign_in, trainer: Person):
    for days in range(12, 0, -1):
        give(trainer, TODAY + timedelta(days=days), f"Over {days} dagen")
    titles = [e.text_content() for e in visit(sign_in, trainer).find("//main//li//strong")]
    assert titles == [f"Over {days} dagen" for days in range(1, 11)]
    second = visit(sign_in, trainer, query="?pagina=2")
    assert [e.text_content() for e in second.find("//main//li//strong")] == ["Over 11 dagen", "Over 12 dagen"]


@pytest.mark.parametrize("page", ["0", "-3", "x", "999"])
def test_a_page_that_does_not_exist_breaks_nothing(sign_in, trainer: Person, page: str):
    assert visit(sign_in, trainer, query=f"?pagina={page}").status == 200


def test_the_day_changes_at_midnight_in_amsterdam(sign_in, trainer: Person):
    give(trainer, TODAY, "SamenKracht")
    with time_machine.travel("2027-03-03T22:59:00+00:00", tick=False):
        assert "Vandaag geef je geen bijeenkomst." in sign_in(trainer).visit("/trainer").text
    with time_machine.travel("2027-03-03T23:00:00+00:00", tick=False):
        assert "Bekijk wie er komt" in sign_in(trainer).visit("/trainer").text


def test_thirty_meetings_cost_as_many_queries_as_three(sign_in, trainer: Person, count_queries):
    counted = []
    for meetings in (1, 10):
        for days in (-1, 0, 1):
            for _ in range(meetings):
                give(trainer, TODAY + timedelta(days=days), "SamenKracht", people=1)
        db.session.commit()
        with time_machine.travel("2027-03-04T09:00:00+00:00", tick=False):
            client = sign_in(trainer)
            with count_queries() as queries:
                client.visit("/trainer")
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 6

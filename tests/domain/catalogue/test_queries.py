"""Finding courses and editions: what a filter lets through, in which order, and in how many queries."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.catalogue import queries
from portal.domain.catalogue.facts import EditionFilter
from portal.domain.catalogue.models import Edition
from portal.domain.catalogue.rules import Delivery, EditionKind, EditionState
from portal.errors import NotFound
from tests import factories
from tests.factories import CourseAndModules
from tests.plugins.portal import Queries

MORNING = clock.from_local(datetime(2027, 3, 4, 8, 0))  # noqa: DTZ001, a wall clock
TODAY = date(2027, 3, 4)
EVERYTHING = EditionFilter()
CountQueries = Callable[[], AbstractContextManager[Queries]]


def course(points: int = 0, modules: int = 2, **values: Any) -> CourseAndModules:
    """A course whose modules each bring so many points at SKJ."""
    of = factories.course_with_modules(modules, **values)
    for module in of.modules if points else []:
        factories.accreditation(module, "SKJ", points)
    return of


def edition(of: CourseAndModules | None = None, days: int = 30, **values: Any) -> Edition:
    return factories.edition_with_meetings(of or course(), TODAY + timedelta(days=days), **values).edition


def found(wanted: EditionFilter = EVERYTHING, now: datetime = MORNING) -> list[int]:
    return [row.id for row in queries.list_editions(wanted, now=now).rows]


def test_published_open_editions_that_have_not_begun_are_listed_the_soonest_first(app: Flask):
    later, sooner, this_morning = edition(days=60), edition(days=2), edition(days=0)
    edition(state=EditionState.DRAFT)
    edition(state=EditionState.CANCELLED)
    edition(kind=EditionKind.IN_COMPANY, organisation_id=factories.organisation().id)
    edition(days=-1)
    edition(course(visible=False))
    assert found() == [this_morning.id, sooner.id, later.id]
    assert found(now=MORNING + timedelta(hours=2)) == [sooner.id, later.id]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (EditionFilter(course="kort"), ["kort in Deventer"]),
        (EditionFilter(place="zwol"), ["lang in Zwolle"]),
        (EditionFilter(place="%"), []),
        (EditionFilter(delivery="online"), ["kort in Deventer"]),
        (EditionFilter(month=date(2027, 4, 1)), ["lang in Zwolle"]),
        (EditionFilter(month=date(2027, 3, 31)), ["kort in Deventer"]),
        (EditionFilter(register="SKJ"), ["kort in Deventer", "lang in Zwolle"]),
        (EditionFilter(register="Registerplein"), []),
        (EditionFilter(points=3), ["lang in Zwolle"]),
        (EditionFilter(points=9), []),
        (EditionFilter(register="SKJ", points=8, place="Zwolle"), ["lang in Zwolle"]),
        (EditionFilter(course="bestaat-niet"), []),
    ],
)
def test_a_filter_lets_through_what_fits(app: Flask, wanted: EditionFilter, expected: list[str]):
    factories.register("Registerplein")
    short = edition(course(points=1, slug="kort"), days=10, place="Deventer", delivery=Delivery.ONLINE)
    long = edition(course(points=4, slug="lang"), days=40, place="Zwolle")
    names = {short.id: "kort in Deventer", long.id: "lang in Zwolle"}
    assert [names[number] for number in found(wanted)] == expected
    cards = queries.list_catalogue(wanted, now=MORNING).cards
    assert [names[row.id] for card in cards for row in card.editions] == expected


def test_points_are_those_that_hold_on_the_meetings_own_dates(app: Flask):
    of = factories.course_with_modules(modules=2)
    factories.accreditation(of.modules[0], points=4, valid_until=TODAY + timedelta(days=30))
    factories.accreditation(of.modules[1], points=6, valid_until=TODAY + timedelta(days=30))
    edition(of, days=30)
    assert queries.list_editions(EVERYTHING, now=MORNING).rows[0].points == {"SKJ": 4}


def test_a_row_tells_the_seats_of_the_fullest_meeting(app: Flask):
    made = factories.edition_with_meetings(course(), TODAY + timedelta(days=3), capacity=12)
    made.meetings[0].taken, made.meetings[1].taken = 9, 12
    db.session.commit()
    row = queries.list_editions(EVERYTHING, now=MORNING).rows[0]
    assert (row.seats_left, row.seats_somewhere, row.taken, row.capacity) == (0, 3, 12, 12)
    facts = queries.get_edition(made.edition.id)
    assert (facts.seats_left, facts.taken, facts.capacity) == (0, 12, 12)


def test_long_lists_come_in_pages_and_a_number_past_the_end_gives_the_last(app: Flask):
    of = course(points=1)
    ids = [edition(of, days=n).id for n in range(1, 6)]
    pages = [queries.list_editions(EVERYTHING, now=MORNING, page=n, per_page=2) for n in (0, 1, 2, 3, 4)]
    assert [[row.id for row in page.rows] for page in pages] == [ids[:2], ids[:2], ids[2:4], ids[4:], ids[4:]]
    assert [(page.number, page.pages, page.total) for page in pages][-1] == (3, 3, 5)
    of_points = queries.list_editions(EditionFilter(points=1), now=MORNING, page=2, per_page=2)
    assert ([row.id for row in of_points.rows], of_points.total) == (ids[2:4], 5)


def test_the_catalogue_shows_the_next_three_editions_of_a_course_and_courses_without_a_date_last(app: Flask):
    busy = course(title="Z: druk")
    ids = [edition(busy, days=n).id for n in range(1, 6)]
    course(title="B: zonder datum")
    course(title="A: zonder datum")
    course(title="Verborgen", visible=False)
    cards = queries.list_catalogue(EVERYTHING, now=MORNING).cards
    assert [(card.course.title, [row.id for row in card.editions], card.editions_in_all) for card in cards] == [
        ("Z: druk", ids[:3], 5),
        ("A: zonder datum", [], 0),
        ("B: zonder datum", [], 0),
    ]


def test_a_filter_on_editions_leaves_out_courses_without_one(app: Flask):
    edition(course(title="In Zwolle"), place="Zwolle")
    course(title="Zonder datum")
    cards = queries.list_catalogue(EditionFilter(place="Zwolle"), now=MORNING).cards
    assert [card.course.title for card in cards] == ["In Zwolle"]


def test_the_catalogue_comes_in_pages(app: Flask):
    titles = [course(title=f"Training {n}").course.title for n in range(5)]
    pages = [queries.list_catalogue(EVERYTHING, now=MORNING, page=n, per_page=2) for n in (1, 2, 3)]
    assert [[card.course.title for card in page.cards] for page in pages] == [titles[:2], titles[2:4], titles[4:]]
    assert {(page.pages, page.total) for page in pages} == {(3, 5)}


def test_a_course_is_found_by_its_slug_unless_it_is_hidden(app: Flask):
    course(slug="te-zien", title="Te zien")
    course(slug="verborgen", title="Verborgen", visible=False)
    assert queries.get_course("te-zien", on=TODAY).title == "Te zien"
    assert queries.get_course("verborgen", on=TODAY, hidden_too=True).title == "Verborgen"
    for slug in ("verborgen", "bestaat-niet"):
        with pytest.raises(NotFound):
            queries.get_course(slug, on=TODAY)


def test_an_edition_tells_which_accreditations_hold_on_its_days(app: Flask):
    of = factories.course_with_modules(modules=2)
    held = factories.accreditation(of.modules[0], points=4)
    lapsed = factories.accreditation(of.modules[1], points=6, valid_until=TODAY)
    whole = factories.accreditation(of.course, "Registerplein", points=13)
    facts = queries.get_edition(edition(of, days=1).id)
    assert lapsed.id not in {row.id for row in facts.accreditations}
    assert {row.id for row in facts.accreditations} == {held.id, whole.id}
    assert facts.points == {"Registerplein": 13, "SKJ": 4}
    assert [meeting.points for meeting in facts.meetings] == [{"SKJ": 4}, {}]


def test_the_meetings_that_are_still_to_come_are_open_in_a_published_open_edition(app: Flask):
    facts = queries.get_edition(edition(course(modules=3), days=-3).id)
    assert [meeting.position for meeting in facts.open_meetings(MORNING)] == [2, 3]
    for closed in ({"state": EditionState.CANCELLED}, {"state": EditionState.DRAFT}, {"kind": EditionKind.IN_COMPANY}):
        assert queries.get_edition(edition(days=5, **closed).id).open_meetings(MORNING) == []


def test_an_edition_that_is_not_there_is_not_found(app: Flask):
    edition()
    with pytest.raises(NotFound):
        queries.get_edition(987_654)


def test_the_office_lists_editions_of_every_kind_and_state(app: Flask):
    of = course()
    draft, past = edition(of, days=9, state=EditionState.DRAFT), edition(of, days=-90)
    closed = edition(days=3, kind=EditionKind.IN_COMPANY, organisation_id=factories.organisation().id)
    assert [row.id for row in queries.list_planned().rows] == [past.id, closed.id, draft.id]
    assert [row.id for row in queries.list_planned(since=TODAY).rows] == [closed.id, draft.id]
    assert [row.id for row in queries.list_planned(state=EditionState.DRAFT).rows] == [draft.id]
    assert [row.id for row in queries.list_planned(course_id=of.course.id).rows] == [past.id, draft.id]


def test_the_office_lists_courses_trainers_and_registers(app: Flask):
    course(title="B", visible=False)
    course(title="A", points=1)
    factories.person(role=Role.OFFICE, name="Bureau")
    factories.person(role=Role.TRAINER, name="Samir Haddou")
    factories.person(role=Role.TRAINER, name="Noor van Dijk")
    assert [row.title for row in queries.list_courses().rows] == ["A", "B"]
    assert [row.name for row in queries.list_trainers()] == ["Noor van Dijk", "Samir Haddou"]
    assert [row.code for row in queries.list_registers()] == ["SKJ"]


@pytest.mark.parametrize("wanted", [EVERYTHING, EditionFilter(register="SKJ", points=1), EditionFilter(place="Zwolle")])
def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(
    app: Flask, count_queries: CountQueries, wanted: EditionFilter
):
    counted = []
    for _ in range(2):
        for _ in range(3 if not counted else 20):
            edition(course(points=1), days=5)
        db.session.commit()
        with count_queries() as lists:
            queries.list_editions(wanted, now=MORNING)
        with count_queries() as catalogue:
            queries.list_catalogue(wanted, now=MORNING)
        counted.append((len(lists), len(catalogue)))
    assert counted[0] == counted[1]
    assert counted[0][0] <= 5
    assert counted[0][1] <= 6


def test_an_edition_takes_as_many_queries_for_many_meetings_as_for_few(app: Flask, count_queries: CountQueries):
    counted = []
    for modules in (3, 60):
        trainer = factories.person(role=Role.TRAINER)
        number = edition(course(points=1, modules=modules), trainer=trainer).id
        db.session.commit()
        with count_queries() as counting:
            queries.get_edition(number)
        counted.append(len(counting))
    assert counted == [5, 5]

"""Taking in a catalogue file: what it adds and changes, and that a wrong one changes nothing."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

import portal
from portal import audit, clock
from portal.audit import Actor
from portal.db import Base, db, transaction
from portal.domain.catalogue import commands
from portal.domain.catalogue.catalogue_file import CatalogueRefused
from portal.domain.catalogue.commands import Imported
from portal.domain.catalogue.models import Accreditation, Course, Module, Register
from portal.domain.catalogue.queries import get_course
from tests import factories

FILE = Path(portal.__file__).parent / "data" / "catalogue-2024.toml"
CATALOGUE = FILE.read_text()


def take_in(text: str) -> Imported:
    with transaction():
        return commands.import_catalogue(data=text.encode(), actor=Actor.system("cli"), now=clock.now())


def count(table: type[Base]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def everything() -> list[tuple[object, ...]]:
    tables = (Register, Course, Module, Accreditation)
    return [
        tuple(row)
        for table in tables
        for row in db.session.execute(select(*table.__table__.columns).order_by(*table.__table__.primary_key))
    ]


def test_the_catalogue_of_2024_is_taken_in(app: Flask):
    assert take_in(CATALOGUE) == Imported(added=6 + 14 + 12, changed=0, unchanged=0)
    assert [count(table) for table in (Register, Course, Module, Accreditation)] == [2, 6, 14, 12]
    assert get_course("samenkracht", on=clock.today()).points == {"Registerplein": 19, "SKJ": 19}
    assert get_course("samenwerken-met-informeel-netwerk", on=clock.today()).points == {"SKJ": 3}


def test_a_second_time_changes_nothing(app: Flask):
    take_in(CATALOGUE)
    before, entries = everything(), audit.list_entries().total
    assert take_in(CATALOGUE) == Imported(added=0, changed=0, unchanged=32)
    assert everything() == before
    assert audit.list_entries().total == entries


def test_what_changed_in_the_file_changes_in_the_catalogue_and_is_noted(app: Flask):
    take_in(CATALOGUE)
    course = get_course("ek-1", on=clock.today())
    assert take_in(CATALOGUE.replace('title = "EK-1: basistraining', 'title = "EK-1: de basistraining')) == Imported(
        added=0, changed=1, unchanged=31
    )
    assert get_course("ek-1", on=clock.today()).title == "EK-1: de basistraining Eigen Kracht-coördinator"
    newest = audit.trail_of("course", course.id).entries[0]
    assert (newest.tag, newest.facts["changed"]) == ("catalogue.course_edited", ["title"])


def test_what_the_file_does_not_say_stays_as_the_office_left_it(app: Flask):
    take_in(CATALOGUE)
    course = db.session.scalars(select(Course).where(Course.slug == "samenkracht")).one()
    with transaction():
        course.price_cents = 79_500
        course.summary = "Maak de kring groter."
    take_in(CATALOGUE)
    assert (course.price_cents, course.summary) == (79_500, "Maak de kring groter.")


def test_every_new_thing_is_noted(app: Flask):
    take_in(CATALOGUE)
    tags = [entry.tag for entry in audit.list_entries(per_page=100).entries]
    assert {tag: tags.count(tag) for tag in tags} == {
        "catalogue.register_added": 2,
        "catalogue.course_added": 6,
        "catalogue.module_added": 14,
        "catalogue.accreditation_added": 12,
    }
    assert audit.verify() is None


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        (
            'completed = "ek-1"',
            'completed = "ek-0"',
            'course 6 "ek-2": requires any 1.1 noemt training ek-0, die er niet is',
        ),
        (
            'register = "SKJ", points = 3, valid_from',
            'register = "SJK", points = 3, valid_from',
            'course 2 "samenwerken-met-informeel-netwerk", module 1, accreditation 1: register SJK kennen we niet',
        ),
        (
            "contact_hours = 2.0",
            "contact_hours = -2.0",
            'course 2 "samenwerken-met-informeel-netwerk", module 1: '
            "contact_hours moet een getal van 0 tot en met 24 zijn",
        ),
    ],
)
def test_a_wrong_file_changes_nothing_and_names_entry_and_field(app: Flask, before: str, after: str, complaint: str):
    take_in(CATALOGUE.replace('title = "SamenKracht"', 'title = "Oude naam"'))
    known = everything()
    assert before in CATALOGUE
    with pytest.raises(CatalogueRefused) as refused:
        take_in(CATALOGUE.replace(before, after, 1))
    assert refused.value.complaints == [complaint]
    assert everything() == known


def test_a_course_that_is_given_gets_no_more_modules(app: Flask):
    take_in(CATALOGUE)
    course = db.session.scalars(select(Course).where(Course.slug == "samenwerken-met-informeel-netwerk")).one()
    modules = db.session.scalars(select(Module).where(Module.course_id == course.id)).all()
    factories.edition_with_meetings(factories.CourseAndModules(course, list(modules)))
    db.session.commit()
    known = everything()
    assert take_in(CATALOGUE).added == 0
    with pytest.raises(CatalogueRefused) as refused:
        take_in(CATALOGUE.replace("contact_hours = 2.0", "contact_hours = 2.5").replace("position = 1", "position = 9"))
    assert refused.value.complaints == [
        'course 2 "samenwerken-met-informeel-netwerk", module 1: position: Deze training heeft al uitvoeringen. '
        "Maak een nieuwe training voor een andere indeling."
    ]
    db.session.rollback()
    assert everything() == known


def test_the_command_takes_in_a_file_and_says_what_it_did(app: Flask):
    result = app.test_cli_runner().invoke(args=["import-catalogue", str(FILE)])
    assert (result.exit_code, result.output) == (0, "32 added, 0 changed, 0 unchanged\n")
    assert count(Course) == 6


def test_the_command_names_what_is_wrong_and_changes_nothing(app: Flask, tmp_path: Path):
    broken = tmp_path / "kapot.toml"
    broken.write_text(CATALOGUE.replace("contact_hours = 2.0", "contact_hours = 200.0").replace("EK-2:", "\\u0007"))
    result = app.test_cli_runner().invoke(args=["import-catalogue", str(broken)])
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "Error: the catalogue is unchanged:",
        'course 2 "samenwerken-met-informeel-netwerk", module 1: contact_hours moet een getal van 0 tot en met 24 zijn',
        'course 4 "het-familiegroepsplan-in-de-jeugdwet", module 1: '
        "contact_hours moet een getal van 0 tot en met 24 zijn",
        'course 6 "ek-2": title bevat een teken dat geen tekst is',
    ]
    assert count(Course) == 0

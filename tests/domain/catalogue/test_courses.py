"""The office changes courses, modules and accreditations."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from portal import audit, clock
from portal.audit import Actor
from portal.db import transaction
from portal.domain.catalogue import commands
from portal.domain.catalogue.commands import AccreditationDetails, CourseDetails, ModuleDetails
from portal.domain.catalogue.queries import get_course
from portal.domain.catalogue.rules import EditionState
from portal.errors import Conflict, DomainError, NotFound, Refused
from tests import factories

HOSTILE = ["<script>alert(1)</script>", "=HYPERLINK(1)", "‮ekcart", "Ş" * 200]


def do(command: Callable[..., Any], **values: Any) -> Any:
    """Runs a command as the office would."""
    with transaction():
        return command(**values, actor=Actor.system("cli"), now=clock.now())


def details(**values: Any) -> CourseDetails:
    return CourseDetails(**{"title": "Nieuw", "delivery": ("onsite",)} | values)


@pytest.mark.parametrize("title", HOSTILE)
def test_a_new_course_keeps_its_words_as_they_are(app: Flask, title: str):
    do(commands.add_course, slug="nieuw", details=details(title=title, price_cents=12_345))
    course = get_course("nieuw", on=clock.today())
    assert (course.title, course.price_cents, course.delivery, course.modules) == (title, 12_345, ["onsite"], [])


@pytest.mark.parametrize("slug", ["", "Twee Woorden", "../etc", "a" * 81, "streep-"])
def test_a_slug_that_is_no_address_is_refused(app: Flask, slug: str):
    with pytest.raises(Refused) as refused:
        do(commands.add_course, slug=slug, details=details())
    assert refused.value.field == "slug"


def test_a_slug_that_is_taken_is_a_conflict(app: Flask):
    taken = factories.course_with_modules().course.slug
    with pytest.raises(Conflict) as refused:
        do(commands.add_course, slug=taken, details=details())
    assert refused.value.field == "slug"


@pytest.mark.parametrize(
    ("values", "field"),
    [({"price_cents": -1}, "price_cents"), ({"delivery": ()}, "delivery"), ({"vat": "none"}, "vat")],
)
def test_wrong_details_of_a_course_are_refused_at_their_field(app: Flask, values: dict[str, Any], field: str):
    course = factories.course_with_modules().course
    with pytest.raises(Refused) as refused:
        do(commands.edit_course, course_id=course.id, details=details(**values))
    assert refused.value.field == field


def test_editing_a_course_notes_what_changed_and_a_second_time_nothing(app: Flask):
    course = factories.course_with_modules(title="Oud", delivery=["onsite"]).course
    new = CourseDetails(title="Nieuw", summary=course.summary, audience=course.audience, delivery=("onsite", "online"))
    for _ in range(2):
        do(commands.edit_course, course_id=course.id, details=new)
    trail = audit.trail_of("course", course.id)
    assert [entry.facts["changed"] for entry in trail.entries] == [
        ["title", "delivery", "separately_bookable", "price_cents"]
    ]


def test_modules_follow_one_another(app: Flask):
    course = factories.course_with_modules(modules=2).course
    do(commands.add_module, course_id=course.id, details=ModuleDetails("Verdieping", 210, preparation="Lezen"))
    shown = get_course(course.slug, on=clock.today()).modules[-1]
    assert (shown.position, shown.title, shown.contact_minutes, shown.preparation) == (3, "Verdieping", 210, "Lezen")
    do(commands.edit_module, module_id=shown.id, details=ModuleDetails("Verdieping", 180))
    assert get_course(course.slug, on=clock.today()).modules[-1].contact_minutes == 180
    tags = [entry.tag for entry in audit.trail_of("module", shown.id).entries]
    assert tags == ["catalogue.module_edited", "catalogue.module_added"]


@pytest.mark.parametrize(
    ("state", "modules"), [(EditionState.DRAFT, 3), (EditionState.PUBLISHED, 2), (EditionState.CANCELLED, 3)]
)
def test_a_course_that_is_given_gets_no_more_modules(app: Flask, state: EditionState, modules: int):
    factories.edition_with_meetings()
    of = factories.course_with_modules(2)
    factories.edition_with_meetings(of, state=state)
    slug, sentence = of.course.slug, ""
    try:
        do(commands.add_module, course_id=of.course.id, details=ModuleDetails("Verdieping", 210))
    except Refused as refused:
        sentence = refused.sentence
    assert len(get_course(slug, on=clock.today()).modules) == modules
    given = "Deze training heeft al uitvoeringen. Maak een nieuwe training voor een andere indeling."
    assert sentence == (given if modules == 2 else "")


def test_a_module_lasts_some_time(app: Flask):
    course, modules = factories.course_with_modules()
    for command, owner in (
        (commands.add_module, {"course_id": course.id}),
        (commands.edit_module, {"module_id": modules[0].id}),
    ):
        with pytest.raises(Refused) as refused:
            do(command, **owner, details=ModuleDetails("Niets", 0))
        assert refused.value.field == "contact_minutes"


def test_an_accreditation_is_added_ended_and_renewed(app: Flask):
    course, modules = factories.course_with_modules(modules=1)
    do(commands.add_register, code="SKJ", name="Kwaliteitsregister Jeugd")
    first = do(
        commands.add_accreditation,
        module_id=modules[0].id,
        details=AccreditationDetails("SKJ", 4, valid_from=date(2024, 1, 1)),
    )
    do(
        commands.edit_accreditation,
        accreditation_id=first.id,
        number="4610",
        valid_until=date(2026, 12, 31),
    )
    do(
        commands.add_accreditation,
        module_id=modules[0].id,
        details=AccreditationDetails("SKJ", 5, valid_from=date(2027, 1, 1)),
    )
    assert get_course(course.slug, on=date(2026, 12, 31)).points == {"SKJ": 4}
    assert get_course(course.slug, on=date(2027, 1, 1)).points == {"SKJ": 5}
    assert get_course(course.slug, on=date(2023, 12, 31)).points == {}
    tags = [entry.tag for entry in audit.trail_of("accreditation", first.id).entries]
    assert tags == ["catalogue.accreditation_edited", "catalogue.accreditation_added"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"register_code": "SJK"}, "register_code"),
        ({"points": -1}, "points"),
        ({"threshold_percent": 0}, "threshold_percent"),
        ({"threshold_percent": 101}, "threshold_percent"),
        ({"valid_from": date(2025, 1, 1), "valid_until": date(2024, 12, 31)}, "valid_until"),
    ],
)
def test_a_wrong_accreditation_is_refused_at_its_field(app: Flask, wrong: dict[str, Any], field: str):
    course = factories.course_with_modules().course
    factories.register("SKJ")
    with pytest.raises(Refused) as refused:
        do(
            commands.add_accreditation,
            course_id=course.id,
            details=AccreditationDetails(**{"register_code": "SKJ", "points": 3} | wrong),
        )
    assert refused.value.field == field


def test_an_accreditation_does_not_end_before_it_begins(app: Flask):
    row = factories.accreditation(factories.course_with_modules().course, valid_from=date(2024, 1, 1))
    with pytest.raises(Refused) as refused:
        do(commands.edit_accreditation, accreditation_id=row.id, number=None, valid_until=date(2023, 1, 1))
    assert refused.value.field == "valid_until"


@pytest.mark.parametrize(
    ("command", "values"),
    [
        (commands.edit_course, {"course_id": 0, "details": CourseDetails("x", delivery=("online",))}),
        (commands.add_module, {"course_id": 0, "details": ModuleDetails("x", 60)}),
        (commands.edit_module, {"module_id": 0, "details": ModuleDetails("x", 60)}),
        (commands.add_accreditation, {"course_id": 0, "details": AccreditationDetails("SKJ", 1)}),
        (commands.add_accreditation, {"module_id": 0, "details": AccreditationDetails("SKJ", 1)}),
        (commands.edit_accreditation, {"accreditation_id": 0, "number": None, "valid_until": None}),
    ],
)
def test_what_is_not_there_is_not_found(app: Flask, command: Callable[..., Any], values: dict[str, Any]):
    factories.course_with_modules()
    with pytest.raises(NotFound):
        do(command, **values)


def test_a_register_is_added_once(app: Flask):
    do(commands.add_register, code="NIP", name="Nederlands Instituut van Psychologen")
    with pytest.raises(DomainError) as refused:
        do(commands.add_register, code="NIP", name="Nog een keer")
    assert (refused.value.status, refused.value.field) == (409, "code")

"""What a catalogue file says, and what is said about a file that is wrong."""

from datetime import date
from pathlib import Path

import pytest

import portal
from portal.domain.catalogue.catalogue_file import CatalogueRefused, read_catalogue

CATALOGUE = (Path(portal.__file__).parent / "data" / "catalogue-2024.toml").read_text()
COURSE = 'course 2 "samenwerken-met-informeel-netwerk"'
SMALL = """
[[course]]
slug = "kort"
title = "Kort"
[[course.module]]
position = 1
title = "Dagdeel"
contact_hours = 2
"""


def complaints(text: str) -> list[str]:
    with pytest.raises(CatalogueRefused) as refused:
        read_catalogue(text.encode())
    assert refused.value.sentence == "\n".join(refused.value.complaints)
    return refused.value.complaints


def test_the_catalogue_of_2024_is_read_as_it_stands():
    entries = read_catalogue(CATALOGUE.encode())
    assert [entry.columns["slug"] for entry in entries] == [
        "samenkracht",
        "samenwerken-met-informeel-netwerk",
        "faciliteren-en-organiseren-van-familiegroepsbijeenkomsten",
        "het-familiegroepsplan-in-de-jeugdwet",
        "ek-1",
        "ek-2",
    ]
    assert entries[1].modules[0].columns == {
        "position": 1,
        "title": "Samenwerken met informeel netwerk",
        "contact_minutes": 120,
        "preparation": "Een uur huiswerk",
        "preparation_minutes": 60,
    }
    assert entries[1].modules[0].accreditations == [
        {"register_code": "SKJ", "points": 3, "valid_from": date(2024, 1, 1)}
    ]
    assert entries[5].columns["requires"] == {"any": [[{"completed": "ek-1"}, {"at_least": 2, "of": "conferences"}]]}


def test_hours_become_minutes_and_euros_become_cents():
    text = SMALL.replace("contact_hours = 2", "contact_hours = 3.5\nprice = 249.95")
    assert read_catalogue(text.encode())[0].modules[0].columns == {
        "position": 1,
        "title": "Dagdeel",
        "contact_minutes": 210,
        "price_cents": 24995,
    }


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("contact_hours = 2.0\npreparation", "preparation", f"{COURSE}, module 1: contact_hours ontbreekt"),
        ("preparation_hours", "homework_hours", f"{COURSE}, module 1: homework_hours kennen we niet"),
        ('title = "Samenwerken met informeel netwerk"\nd', "d", f"{COURSE}: title ontbreekt"),
        ('slug = "ek-2"', 'slug = "ek-1"', 'course 6 "ek-1": slug komt twee keer voor'),
        (
            'slug = "ek-2"',
            'slug = "EK 2"',
            'course 6 "EK 2": slug mag alleen kleine letters, cijfers en streepjes hebben',
        ),
        ('slug = "ek-2"', "slug = 2", "course 6: slug moet een tekst zijn"),
        ('title = "EK-2"', 'title = ""', 'course 6 "ek-2", module 1: title is leeg'),
        ('title = "EK-2"', 'title = "EK\\r\\n2"', 'course 6 "ek-2", module 1: title moet op één regel staan'),
        ('title = "EK-2"', 'title = "EK\\u0000"', 'course 6 "ek-2", module 1: title bevat een teken dat geen tekst is'),
        (
            'title = "EK-2"',
            f'title = "{"x" * 201}"',
            'course 6 "ek-2", module 1: title is langer dan 200 tekens',
        ),
        (
            'position = 3\n  title = "Dag 3"',
            'position = 2\n  title = "Dag 3"',
            'course 5 "ek-1", module 3: position komt twee keer voor',
        ),
        (
            "conferences = 2",
            "conferences = true",
            'course 6 "ek-2": requires conferences moet een geheel getal van 0 tot en met 1000 zijn',
        ),
        (
            "conferences = 2",
            "meetings = 2",
            'course 6 "ek-2": requires mag alleen any, of completed en conferences hebben',
        ),
        (
            "separately_bookable = true",
            "separately_bookable = 1",
            'course 1 "samenkracht": separately_bookable moet true of false zijn',
        ),
        (
            "points = 3, valid_from = 2024-01-01",
            "points = 3.5, valid_from = 2024-01-01",
            f"{COURSE}, module 1, accreditation 1: points moet een geheel getal van 0 tot en met 1000 zijn",
        ),
        (
            "points = 3, valid_from = 2024-01-01",
            'points = 3, valid_from = "2024"',
            f"{COURSE}, module 1, accreditation 1: valid_from moet een datum zijn, zoals 2024-01-31",
        ),
        (
            "points = 3, valid_from = 2024-01-01",
            "points = 3, valid_from = 2024-01-01, valid_until = 2023-12-31",
            f"{COURSE}, module 1, accreditation 1: valid_until ligt voor valid_from",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_its_entry_and_field(before: str, after: str, complaint: str):
    text = CATALOGUE.replace("  ", "")
    before, after = before.replace("  ", ""), after.replace("  ", "")
    assert before in text
    assert complaints(text.replace(before, after, 1)) == [complaint]


@pytest.mark.parametrize("value", ["nan", "inf", "-1", "25", "true", '"2"', "0.001"])
def test_hours_are_a_number_of_whole_minutes_in_a_day(value: str):
    found = complaints(SMALL.replace("contact_hours = 2", f"contact_hours = {value}"))
    assert [complaint.split(" ")[:5] for complaint in found] == [["course", "1", '"kort",', "module", "1:"]]
    assert "contact_hours" in found[0]


def test_no_contact_at_all_is_no_module():
    assert complaints(SMALL.replace("contact_hours = 2", "contact_hours = 0")) == [
        'course 1 "kort", module 1: contact_hours moet meer dan 0 zijn'
    ]


@pytest.mark.parametrize("delivery", ["[]", '"online"', '["online", "online"]', '["thuis"]'])
def test_delivery_is_a_list_of_known_words(delivery: str):
    found = complaints(SMALL.replace('title = "Kort"', f'title = "Kort"\ndelivery = {delivery}'))
    assert len(found) == 1
    assert found[0].startswith('course 1 "kort": delivery moet een')


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "course ontbreekt"),
        ("course = []", "course ontbreekt"),
        ('course = "samenkracht"', "course moet een lijst van tabellen zijn"),
        (SMALL + "[catalogue]\nyear = 2024", "catalogue kennen we niet"),
        ('[[course]]\nslug = "leeg"\ntitle = "Leeg"', 'course 1 "leeg": module ontbreekt'),
    ],
)
def test_a_file_of_another_shape_is_refused(text: str, complaint: str):
    assert complaints(text) == [complaint]


def test_everything_that_is_wrong_is_said_at_once():
    assert complaints('[[course]]\nname = "x"\n[[course.module]]\n') == [
        "course 1: name kennen we niet",
        "course 1: slug ontbreekt",
        "course 1: title ontbreekt",
        "course 1, module 1: position ontbreekt",
        "course 1, module 1: title ontbreekt",
        "course 1, module 1: contact_hours ontbreekt",
    ]


def test_what_is_no_toml_or_no_text_is_refused():
    assert complaints("[[course").pop().startswith("Het bestand is geen TOML: ")
    with pytest.raises(CatalogueRefused) as refused:
        read_catalogue(b"\xff\xfe\x00")
    assert refused.value.complaints == ["Het bestand is geen tekst in UTF-8"]

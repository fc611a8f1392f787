"""Fields that read what people write, and keep what cannot be read."""

from datetime import date, time
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from portal.web.fields import (
    ClockField,
    CodeSelect,
    DayField,
    EuroField,
    HoursField,
    NumberSelect,
    NumbersField,
    WholeNumberField,
)
from portal.web.forms import PortalForm


class Sample(PortalForm):
    class Meta(PortalForm.Meta):
        csrf = False

    day = DayField("Datum")
    at = ClockField("Tijd")
    number = WholeNumberField("Aantal", sentence="Vul een aantal in")
    euros = EuroField("Prijs")
    hours = HoursField("Uren")
    one = NumberSelect("Een")
    code = CodeSelect("Code")
    many = NumbersField("Veel")


def read(**typed: Any) -> Sample:
    form = Sample(MultiDict({"code": "SKJ"} | typed))
    form.one.offer([(1, "een"), (2, "twee")], empty="geen")
    form.code.offer([("SKJ", "Kwaliteitsregister Jeugd")])
    form.many.offer([(1, "een"), (2, "twee")])
    form.validate()
    return form


@pytest.mark.parametrize(
    ("name", "typed", "read_as"),
    [
        ("day", "2027-03-18", date(2027, 3, 18)),
        ("day", " ", None),
        ("at", "09:30", time(9, 30)),
        ("at", "9.30", time(9, 30)),
        ("number", " 14 ", 14),
        ("number", "0", 0),
        ("number", "", None),
        ("euros", "795", 79500),
        ("euros", "€ 795,50", 79550),
        ("euros", "0.5", 50),
        ("euros", "", None),
        ("hours", "3,5", 210),
        ("hours", "0,25", 15),
        ("one", "2", 2),
        ("one", "", None),
        ("many", ["1", "2"], [1, 2]),
        ("many", [], []),
    ],
)
def test_what_is_typed_is_read(app: Flask, name: str, typed: str, read_as: object):
    with app.test_request_context():
        form = read(**{name: typed})
        assert (form.errors, form[name].data) == ({}, read_as)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("day", "2027-02-30"),
        ("day", "18-03-2027"),
        ("day", "9999-01-01"),
        ("at", "25:00"),
        ("number", "-1"),
        ("number", "veertien"),
        ("number", "9" * 5000),
        ("number", "2147483648"),
        ("euros", "1.000,00"),
        ("euros", "-5"),
        ("euros", "٣"),
        ("hours", "3:30"),
        ("one", "3"),
        ("one", "een"),
        ("code", "BIG"),
        ("many", ["1", "3"]),
        ("many", ["x"]),
    ],
)
def test_what_cannot_be_read_is_refused_in_our_words(app: Flask, name: str, typed: str):
    with app.test_request_context():
        form = read(**{name: typed})
        assert list(form.errors) == [name]
        assert form.errors[name][0].split()[0] in ("Vul", "Kies")


@pytest.mark.parametrize(("cents", "shown"), [(79550, "795,50"), (79500, "795"), (5, "0,05"), (None, "")])
def test_money_is_shown_as_people_write_it(app: Flask, cents: int | None, shown: str):
    with app.test_request_context():
        assert f'value="{shown}"' in str(Sample(euros=cents).euros())


def test_what_was_typed_stays(app: Flask):
    with app.test_request_context():
        form = read(euros="gratis", day="morgen", number="zes")
        assert [f'value="{word}"' in str(form[name]()) for name, word in
                (("euros", "gratis"), ("day", "morgen"), ("number", "zes"))] == [True] * 3  # fmt: skip

"""Every field has its label, says what it wants, and says at the field what went wrong."""

import lxml.html
import pytest
from flask import Flask, get_template_attribute
from lxml.html import HtmlElement
from werkzeug.datastructures import MultiDict
from wtforms import Form, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from tests.page_shape import words


class Sample(Form):
    name = StringField("Je naam", [InputRequired("Vul je naam in")], description="Zoals op je certificaat")
    wish = TextAreaField("Wat wil je leren?", [Optional()])
    region = SelectField(
        "Regio",
        choices=[SelectChoice("", "Alle"), SelectChoice("zwolle", "Zwolle")],
        validators=[InputRequired("Kies een regio")],
    )
    who = RadioField("Voor wie?", choices=[SelectChoice("self", "Voor mij"), SelectChoice("team", "Voor het team")])


@pytest.fixture
def refused() -> Sample:
    form = Sample(MultiDict({"wish": "<b>kringen</b> & meer"}))
    assert not form.validate()
    return form


def render(app: Flask, control: object, **options: object) -> HtmlElement:
    with app.test_request_context("/"):
        return lxml.html.fragment_fromstring(
            str(get_template_attribute("components/field.html", "field")(control, **options))
        )


def test_a_label_a_hint_and_a_message_belong_to_the_input(app: Flask, refused: Sample):
    shown = render(app, refused.name)
    control = shown.find(".//input")
    assert words(shown.find(".//label[@for='name']")) == "Je naam"
    assert control.get("aria-describedby") == "name-hint name-error"
    assert control.get("aria-invalid") == "true"
    assert words(shown.get_element_by_id("name-hint")) == "Zoals op je certificaat"
    assert words(shown.get_element_by_id("name-error")) == "Fout: Vul je naam in"


def test_a_field_that_may_stay_empty_says_so_and_the_others_do_not(app: Flask, refused: Sample):
    assert words(render(app, refused.wish).find(".//label")) == "Wat wil je leren? (niet verplicht)"
    assert words(render(app, refused.region).find(".//label")) == "Regio"
    assert words(render(app, refused.wish, optional=False).find(".//label")) == "Wat wil je leren?"


def test_what_was_typed_comes_back_as_text(app: Flask, refused: Sample):
    shown = render(app, refused.wish)
    assert shown.find(".//textarea").text.strip() == "<b>kringen</b> & meer"
    assert shown.find(".//b") is None


def test_the_browser_does_not_stop_a_form_with_its_own_words(app: Flask, refused: Sample):
    assert [control for control in refused if "required" in lxml.html.tostring(render(app, control)).decode()] == []


def test_radios_are_one_group_with_the_question_as_its_legend(app: Flask):
    shown = render(
        app, Sample(data={"who": "team"}).who, optional=False, option_hints={"self": "Je krijgt zelf een mail"}
    )
    assert shown.tag == "fieldset"
    assert words(shown.find("legend")) == "Voor wie?"
    assert [words(label) for label in shown.iter("label")] == ["Voor mij", "Voor het team"]
    assert [radio.get("value") for radio in shown.iter("input") if "checked" in radio.attrib] == ["team"]
    assert shown.find(".//input").get("aria-describedby") == "who-0-hint"
    assert words(shown.get_element_by_id("who-0-hint")) == "Je krijgt zelf een mail"


def test_the_question_of_a_page_can_be_its_heading(app: Flask):
    assert words(render(app, Sample().who, heading=True, optional=False).find(".//legend/h1")) == "Voor wie?"


def test_each_message_of_the_summary_leads_to_its_field(app: Flask, refused: Sample):
    refused.form_errors.append("De laatste plek is net vergeven.")
    refused.who.errors = ["Kies voor wie"]
    with app.test_request_context("/"):
        macro = get_template_attribute("components/error_summary.html", "error_summary")
        shown = lxml.html.fragment_fromstring(str(macro(refused)))
    assert [words(item) for item in shown.iter("li")] == [
        "De laatste plek is net vergeven.",
        "Vul je naam in",
        "Kies een regio",
        "Kies voor wie",
    ]
    assert [link.get("href") for link in shown.iter("a")] == ["#name", "#region", "#who-0"]


def test_a_form_without_mistakes_has_no_summary(app: Flask):
    with app.test_request_context("/"):
        assert str(get_template_attribute("components/error_summary.html", "error_summary")(Sample())) == ""

"""The drawn components say in words what they show."""

import lxml.html
import pytest
from flask import Flask, get_template_attribute
from lxml.html import HtmlElement
from wtforms import BooleanField, Form, StringField

from tests.page_shape import words


def render(app: Flask, component: str, macro: str, *args: object, **options: object) -> HtmlElement:
    with app.test_request_context("/"):
        return lxml.html.fragment_fromstring(
            str(get_template_attribute(f"components/{component}.html", macro)(*args, **options))
        )


def dots(ring: HtmlElement) -> list[str]:
    return [circle.get("class").removeprefix("seat-ring-") for circle in ring.iter("circle")]


def test_a_ring_has_a_dot_for_every_seat_and_your_own_stands_out(app: Flask):
    ring = render(app, "seat_ring", "seat_ring", 2, 4, own=2)
    assert dots(ring) == ["taken", "own", "free", "free"]
    assert ring.get("aria-label") == "2 van de 4 plekken bezet"
    assert [text.text for text in ring.iter("text")] == ["2", "vrij"]


def test_a_ring_of_a_large_group_is_one_line(app: Flask):
    ring = render(app, "seat_ring", "seat_ring", 64, 100)
    assert dots(ring) == ["track", "line"]
    assert ring.find(".//circle[@stroke-dasharray]").get("stroke-dasharray") == "64 100"


@pytest.mark.parametrize(
    ("taken", "sentence"),
    [
        (13, "Nog 1 plek in de kring 13 van de 14 bezet"),
        (11, "Nog 3 plekken in de kring 11 van de 14 bezet"),
        (14, "De kring is vol 14 van de 14 bezet"),
        (15, "De kring is vol 14 van de 14 bezet"),
    ],
)
def test_the_words_beside_a_ring_say_how_many_are_free(app: Flask, taken: int, sentence: str):
    assert words(render(app, "seat_ring", "seats", taken, 14).find(".//p")) == sentence


@pytest.mark.parametrize(("value", "width"), [(0, "0.0%"), (7, "50.0%"), (14, "100%"), (20, "100%")])
def test_a_bar_is_as_long_as_its_share(app: Flask, value: int, width: str):
    bar = render(app, "bar", "bar", value, 14)
    assert bar.find(".//rect[@class='bar-value']").get("width") == width
    assert words(bar.find("span")) == f"{value} van 14"


def test_a_timeline_says_the_state_of_each_step_in_a_word(app: Flask):
    steps = [{"title": title, "state": state} for title, state in (("A", "done"), ("B", "now"), ("C", "coming"))]
    shown = render(app, "timeline", "timeline", steps)
    assert [words(item) for item in shown] == ["Klaar: A", "Nu: B", "Straks: C"]
    assert [item.get("aria-current") for item in shown] == [None, "step", None]


def test_the_columns_of_points_stand_in_a_table_too(app: Flask):
    years = [{"year": 2026, "earned": 0, "planned": 0}, {"year": 2027, "earned": 4, "planned": 15}]
    chart = render(app, "points_chart", "points_chart", "Punten per jaar", years)
    assert chart.find(".//desc").text == "2026: 0 behaald; 2027: 4 behaald, 15 gepland"
    assert [[words(cell) for cell in row] for row in chart.iter("tr")] == [
        ["Jaar", "Behaald", "Gepland"],
        ["2026", "0", "0"],
        ["2027", "4", "15"],
    ]
    assert [rect.get("height") for rect in chart.iter("rect")] == ["31.6", "118.4"]


class Entry(Form):
    was, status, excuse = StringField(), StringField(), StringField()
    minutes_late, minutes_left_early = StringField(), StringField()
    preparation_done = BooleanField()


def test_who_is_not_marked_yet_is_not_marked_absent(app: Flask):
    shown = render(app, "attendance_choice", "attendance_choice", Entry(), "Ó Briain")
    radios = shown.xpath(".//input[@type='radio']")
    assert [radio.get("value") for radio in radios] == ["present", "late", "left_early", "absent", "excused"]
    assert [radio for radio in radios if "checked" in radio.attrib] == []


def test_minutes_belong_to_a_person_and_keep_their_value(app: Flask):
    entry = Entry(data={"status": "late", "minutes_late": "10"}, prefix="p1-")
    shown = render(app, "attendance_choice", "attendance_choice", entry, "Noor")
    assert words(shown.find(".//label[@for='p1-minutes_late']")) == "Minuten te laat Noor"
    assert shown.find(".//input[@name='p1-minutes_late']").get("value") == "10"


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("valid", "Dit certificaat is echt"),
        ("revoked", "Dit certificaat is ingetrokken"),
        ("replaced", "Dit certificaat is vervangen"),
        ("unknown", "Dit certificaat kennen we niet"),
    ],
)
def test_a_verdict_is_in_words(app: Flask, state: str, sentence: str):
    assert words(render(app, "verdict", "verdict", state).find(".//h1")) == sentence


def test_a_list_of_one_page_has_nothing_to_leaf_through(app: Flask):
    with app.test_request_context("/"):
        pagination = get_template_attribute("components/pagination.html", "pagination")
        assert str(pagination(1, 1, "?pagina={}".format)) == ""
        middle = lxml.html.fragment_fromstring(str(pagination(2, 3, "?pagina={}".format)))
        last = lxml.html.fragment_fromstring(str(pagination(3, 3, "?pagina={}".format)))
    assert [(words(a), a.get("href")) for a in middle.iter("a")] == [("Vorige", "?pagina=1"), ("Volgende", "?pagina=3")]
    assert [words(a) for a in last.iter("a")] == ["Vorige"]


def test_a_name_stays_text_everywhere(app: Flask):
    name = "<script>alert(1)</script>"
    shown = render(app, "summary_list", "summary_list", [{"term": "Naam", "detail": [name, "b"], "change_url": "#"}])
    assert shown.find(".//script") is None
    assert words(shown.find(".//dd")) == f"{name}b"

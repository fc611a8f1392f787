"""Every pair of colours that meets on a page can be read: text 4.5, borders, shapes and the focus 3 (WCAG 2.2 AA)."""

import pytest

from tests.design.style_sheet import colours, contrast

STATES = ("good", "warning", "error", "info")
TEXT = [
    *[(text, on) for text in ("ink", "ink-2", "circle", "coral", *STATES) for on in ("ground", "paper")],
    *[(state, f"{state}-light") for state in STATES],
    *[("ink", f"{state}-light") for state in STATES],
    *[("circle", f"{state}-light") for state in STATES],
    ("ink-2", "circle-light"),
    ("ink-2", "line"),  # a button that cannot be pressed
    ("circle-hover", "circle-light"),
    ("on-circle", "circle"),
    ("on-circle", "circle-hover"),
    ("on-deep", "circle-deep"),
    ("on-sun", "sun"),
    ("paper", "good"),
    ("paper", "error"),
]
SHAPES = [
    *[(shape, on) for shape in ("line-strong", "circle", "coral", *STATES) for on in ("ground", "paper")],
    ("ink", "sun"),  # the two rings of the focus
    ("sun", "circle-deep"),  # your own seat on the panel
]
# The sun is light in both schemes; on dark the outline of the focus is light too, and the ground makes the difference.
LIGHT_ONLY = {("ink", "sun")}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "on"), TEXT, ids=lambda token: token)
def test_text_can_be_read(text: str, on: str, scheme: str):
    tokens = colours()[scheme]
    assert contrast(tokens[text], tokens[on]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "on"), SHAPES, ids=lambda token: token)
def test_shapes_can_be_seen(shape: str, on: str, scheme: str):
    if scheme == "dark" and (shape, on) in LIGHT_ONLY:
        on = "ground"
    tokens = colours()[scheme]
    assert contrast(tokens[shape], tokens[on]) >= 3


def test_reading_text_does_better_than_it_must():
    for tokens in colours().values():
        assert contrast(tokens["ink"], tokens["ground"]) >= 7


def test_dark_has_its_own_colour_for_all_that_would_vanish():
    light, dark = colours()["light"], colours()["dark"]
    assert {name for name in light if light[name] == dark[name]} == {"sun", "on-sun"}


def test_the_contrast_is_the_one_of_wcag():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#FFFFFF", "#767676") == pytest.approx(4.54, abs=0.01)

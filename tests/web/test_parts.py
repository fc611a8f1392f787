"""Parts of pages that are written out once for the same content."""

import dataclasses

import pytest
from flask import Flask, g
from jinja2 import DictLoader

from portal.web.parts import part


@dataclasses.dataclass(frozen=True)
class Thing:
    name: str


@pytest.fixture(autouse=True)
def templates(app: Flask, monkeypatch: pytest.MonkeyPatch):
    loader = DictLoader({"thing.html": "<b>{{ thing.name }}</b>{{ g.language }}", "other.html": "{{ thing.name }}"})
    monkeypatch.setattr(app.jinja_env, "loader", loader)
    g.language = "nl"


def test_equal_content_is_written_out_once(app: Flask):
    first = part("thing.html", thing=Thing("SamenKracht"))
    assert first == "<b>SamenKracht</b>nl"
    assert part("thing.html", thing=Thing("SamenKracht")) is first


def test_another_content_template_or_language_is_written_out_anew(app: Flask):
    part("thing.html", thing=Thing("SamenKracht"))
    assert part("thing.html", thing=Thing("EK-1")) == "<b>EK-1</b>nl"
    assert part("other.html", thing=Thing("SamenKracht")) == "SamenKracht"
    g.language = "en"
    assert part("thing.html", thing=Thing("SamenKracht")) == "<b>SamenKracht</b>en"


def test_what_decides_may_be_told_apart_from_what_is_shown(app: Flask):
    # A local class cannot be compared by its bytes.
    class Local(Thing):
        pass

    first = part("thing.html", decided_by=("EK-1",), thing=Local("EK-1"))
    assert part("thing.html", decided_by=("EK-1",), thing=Local("EK-1")) is first
    assert part("thing.html", decided_by=("EK-2",), thing=Local("EK-2")) == "<b>EK-2</b>nl"


def test_names_in_a_part_stay_text(app: Flask):
    assert part("thing.html", thing=Thing("<script>")) == "<b>&lt;script&gt;</b>nl"

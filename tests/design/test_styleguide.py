"""The look, in a real browser, on the page that shows every component in every state."""

import re

import pytest
from playwright.sync_api import Page

from tests.design.style_sheet import TEMPLATES
from tests.plugins.browser import WIDTHS, Axe

COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))
# What WCAG 1.4.12 lets a reader set.
SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
PRESSED = ", ".join(
    [
        ".button",
        ".choice",
        ".disclosure > summary",
        ".scale-options label",
        ".segmented-options label",
        ".site-footer li a",
        ".site-menu > summary",
        "input:not([type=radio], [type=checkbox])",
        "select",
        "textarea",
    ]
)
# Where a text of a user's own may stand.
PLACES = [
    ".badge",
    ".breadcrumbs li",
    ".card h3",
    ".empty-state p",
    ".error-summary a",
    ".facts dt",
    ".notice p",
    ".panel p",
    ".segmented legend span",
    ".sticky-bar strong",
    ".summary-list dd",
    ".table tbody td",
    ".table tbody tr:last-child th",
    ".task-list a",
    ".timeline strong",
    ".verdict p",
    "h2",
]
SMALLER_THAN_A_THUMB = """pressed => [...document.querySelectorAll(pressed)]
  .filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 44 - .1)
  .map(e => `${e.className || e.name}: ${e.getBoundingClientRect().height}`)"""
HIDDEN_BY_THE_BAR = """() => {
  const focused = document.activeElement.closest(".choice, label") || document.activeElement;
  const bar = document.querySelector(".sticky-bar");
  if (bar.contains(focused) || bar.compareDocumentPosition(focused) & Node.DOCUMENT_POSITION_FOLLOWING) return null;
  const under = focused.getBoundingClientRect().bottom > bar.getBoundingClientRect().top + 1;
  return under ? document.activeElement.outerHTML.slice(0, 100) : null;
}"""


def test_the_guide_shows_every_macro():
    guide = (TEMPLATES / "styleguide" / "index.html").read_text(encoding="utf-8")
    imported = re.findall(r"{% from 'components/(\w+)\.html' import ([\w, ]+) %}", guide)
    shown = {(name, macro.strip()) for name, macros in imported for macro in macros.split(",")}
    made = {
        (path.stem, macro)
        for path in COMPONENTS
        for macro in re.findall(r"{% macro ([a-z]\w*)\(", path.read_text(encoding="utf-8"))
    }
    assert made - shown == set()


def test_every_component_is_named_by_its_file():
    strangers = [p.stem for p in COMPONENTS if f"macro {p.stem}(" not in p.read_text(encoding="utf-8")]
    assert strangers == []


def test_no_component_is_in_the_way_of_anybody(guide: str, page: Page, axe: Axe):
    page.emulate_media(reduced_motion="reduce")
    page.goto(guide)
    axe(page)


def test_the_browser_refuses_and_misses_nothing(guide: str, page: Page):
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("response", lambda response: said.append(response.url) if response.status >= 400 else None)
    page.goto(guide)
    page.wait_for_load_state("networkidle")
    assert said == []


def test_the_summary_of_a_refused_form_has_the_focus_and_leads_to_the_field(guide: str, page: Page):
    page.goto(guide)
    assert page.evaluate("document.activeElement.dataset.errorSummary") == ""
    page.get_by_role("link", name="Vul je naam in").click()
    assert page.evaluate("document.activeElement.id") == "b-name"
    page.get_by_role("link", name="Kies of je voor jezelf").click()
    assert page.evaluate("document.activeElement.id") == "b-who-0"


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_pressed_is_large_enough(guide: str, page: Page, width: int):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(guide)
    assert page.evaluate(SMALLER_THAN_A_THUMB, PRESSED) == []


def test_wide_letters_fit_on_a_small_phone(guide: str, page: Page):
    page.set_viewport_size({"width": 320, "height": 568})
    page.goto(guide)
    # The test's own style goes round the policy that keeps others out.
    page.evaluate(
        "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s]; }", SPACED
    )
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("width", [320, 704, 960, 1280])
def test_a_name_without_blanks_breaks_where_it_must(guide: str, page: Page, width: int):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(guide)
    page.evaluate(
        "places => places.forEach(place => { document.querySelector(place).textContent = 'X'.repeat(200); })", PLACES
    )
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_keyboard_reaches_all_and_is_never_under_the_bar(guide: str, page: Page):
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 390, "height": 700})
    page.goto(guide)
    hidden, reached = [], 0
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        reached += 1
        hidden.append(page.evaluate(HIDDEN_BY_THE_BAR))
    assert [element for element in hidden if element] == []
    assert 60 < reached < 150


def test_minutes_are_asked_of_who_came_late_or_left_early(guide: str, page: Page):
    page.goto(guide)
    minutes = page.get_by_label("Minuten te laat Amira el Khatib")
    assert not minutes.is_visible()
    page.locator("input[name=p0-status][value=late]").check(force=True)
    assert minutes.is_visible()


def test_paper_carries_no_menu_and_no_buttons(guide: str, page: Page):
    page.goto(guide)
    page.emulate_media(media="print")
    for selector in (".site-header", ".site-footer", ".button >> nth=0", ".sticky-bar"):
        assert not page.locator(selector).is_visible()
    assert page.locator(".table").first.is_visible()

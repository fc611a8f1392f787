"""The attendance list by keyboard alone, on a phone's height: every stop is seen, none hides behind the sticky bar."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.conftest import NewPerson
from tests.journeys.stage import TRAINER, TRAINERS_NAME, enrol, let_the_weeks_go_by, plan_samenkracht
from tests.plugins.live import LiveServer

NAMES = ["Amira el Khatib", "Bram Postma", "Emre Yılmaz", "Fenna Wiersma", "Kwame Boateng", "Lotte in 't Veld"]
LATE = NAMES[2]
# What has the focus, as a reader sees it: a radio and a checkbox are seen as their label.
IS_SEEN = """
    () => {
        const active = document.activeElement;
        const bar = document.querySelector('.sticky-bar');
        if (!bar || bar.contains(active)) return true;
        const shown = (active.closest('label') ?? active).getBoundingClientRect();
        const hiding = bar.getBoundingClientRect();
        const inside = shown.top >= 0 && shown.bottom <= innerHeight + 1 && shown.height > 0;
        return inside && (shown.bottom <= hiding.top + 1 || shown.top >= hiding.bottom - 1);
    }
"""
WHERE = """
    () => {
        const active = document.activeElement;
        const legend = active.closest('fieldset')?.querySelector('legend');
        return [legend?.innerText.trim() ?? '', active.type ?? '', active.innerText.trim()];
    }
"""


def test_the_list_is_kept_by_keyboard_alone(portal_server: LiveServer, new_person: NewPerson):
    planned = plan_samenkracht(portal_server, place="Arnhem")
    for number, name in enumerate(NAMES):
        enrol(portal_server, planned.edition_id, name, f"toets{number}@zorg.example")
    let_the_weeks_go_by(portal_server, planned)
    trainer = new_person()
    trainer.sign_in(TRAINER)
    trainer.open(f"/bijeenkomsten/{planned.meeting_ids[2]}/presentie")
    page = trainer.page

    assert_is_read_out(page)

    answered = []
    while (stop := go_on(page))[2] != "Afronden":
        name, kind, _words = stop
        if kind == "radio":
            answered.append(name.splitlines()[0])
            # The first of the choices is Aanwezig, the next one Te laat.
            page.keyboard.press("Space")
            if answered[-1] == LATE:
                page.keyboard.press("ArrowRight")
                assert go_on(page)[1] == "text"
                page.keyboard.type("15")
        elif kind == "checkbox":
            page.keyboard.press("Space")
    assert answered == sorted(NAMES)
    with page.expect_navigation():
        page.keyboard.press("Enter")

    while go_on(page)[1] != "text":
        pass
    page.keyboard.type(TRAINERS_NAME)
    assert go_on(page)[1] == "checkbox"
    page.keyboard.press("Space")
    assert go_on(page)[2] == "Afronden en tekenen"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert f"getekend door {TRAINERS_NAME}" in trainer.text
    assert trainer.text.count("Aanwezig") == len(NAMES) - 1
    assert "15 minuten te laat" in trainer.text
    assert trainer.text.count("Voorbereiding gedaan") == len(NAMES)


def assert_is_read_out(page: Page) -> None:
    """What a screen reader finds: everybody's choices stand in a group with their name, and each has its own."""
    rows = page.locator(".attendance-list > li")
    for row, name in zip(rows.all(), sorted(NAMES), strict=True):
        tree = row.aria_snapshot()
        assert f'group "{name}' in tree, tree
        for words in ("Aanwezig", "Te laat", "Eerder weg", "Afwezig", "Afgemeld"):
            assert f'radio "{words}"' in tree, tree
        assert 'checkbox "Voorbereiding gedaan' in tree, tree


def go_on(page: Page) -> tuple[str, str, str]:
    """Tab: the name of the person whose row it is, the kind of field, and the words of what has the focus now."""
    page.keyboard.press("Tab")
    name, kind, words = page.evaluate(WHERE)
    assert page.evaluate(IS_SEEN), f"hidden: {name} {kind} {words}"
    return name, kind, words

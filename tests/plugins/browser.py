"""A real Chromium for pytest-playwright's `page`, `context` and `browser`, and axe-core asked about what it shows.

Debian's /usr/bin/chromium when it is there, else the one that `playwright install chromium` downloaded; without either
the test fails and says so.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page, Playwright

CHROMIUM = Path("/usr/bin/chromium")
MISSING = (
    "The browser tests need Chromium. As root `make test` installs it; otherwise: sudo apt-get install chromium, "
    "or .venv/bin/playwright install chromium"
)
WIDTHS = (320, 390, 1280)
SCHEMES = ("light", "dark")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
Axe = Callable[..., None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--storms", type=int, default=3, help="how many runs of two phones in a storm (test_storm.py)")
    parser.addoption("--first-storm", type=int, default=0, help="the number of the first of them: 0, 25, 50 ...")


@pytest.fixture(scope="session")
def browser_type_launch_args(playwright: Playwright) -> dict[str, Any]:
    """Overrides pytest-playwright's: which browser, and no traffic but the test's own."""
    if not CHROMIUM.exists() and not Path(playwright.chromium.executable_path).exists():
        pytest.fail(MISSING, pytrace=False)
    arguments = ["--disable-background-networking", "--disable-quic", "--no-first-run"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    own = {"executable_path": str(CHROMIUM)} if CHROMIUM.exists() else {}
    return {"headless": True, "args": arguments, **own}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """A phone-wide Dutch browser; a test that wants another uses `new_context(...)` or page.set_viewport_size."""
    return {"locale": "nl-NL", "timezone_id": "Europe/Amsterdam", "viewport": {"width": 390, "height": 844}}


@pytest.fixture
def axe() -> Axe:
    """`axe(page)`: no violations of WCAG 2.2 A and AA or of best practice, at every width, light and dark.

    `axe(page, widths=[390], schemes=["light"])` for less. The page is left at its first size and scheme."""
    return check_with_axe


def check_with_axe(page: Page, widths: tuple[int, ...] = WIDTHS, schemes: tuple[str, ...] = SCHEMES) -> None:
    size = page.viewport_size or {"width": 390, "height": 844}
    page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8"))
    found: list[str] = []
    for scheme in schemes:
        # Without motion: a button on its way from light to dark has the contrast of neither.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        for width in widths:
            page.set_viewport_size({"width": width, "height": size["height"]})
            # Another scheme has other colours and nothing else, so the other rules are asked once.
            rules = violations(page) if scheme == schemes[0] else violations(page, COLOUR_RULES)
            found += [f"{width} px, {scheme}: {violation}" for violation in rules]
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if overflow > 0:
                found.append(f"{width} px, {scheme}: the page is {overflow} px wider than the screen")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(size)
    assert not found, f"{page.url}:\n- " + "\n- ".join(found)


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe finds by these rules, or by all that have one of TAGS. Without `preload` it does not fetch the style
    sheets once more, which no rule of these needs."""
    run_only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    options = {"runOnly": run_only, "resultTypes": ["violations"], "preload": False}
    result = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{violation['id']} at {', '.join(str(node['target']) for node in violation['nodes'])}: {violation['help']}"
        for violation in result["violations"]
    ]

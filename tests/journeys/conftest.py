"""A portal with its stage set, and the people who use it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from portal.language import DUTCH
from tests.journeys.someone import Someone
from tests.journeys.stage import set_the_stage
from tests.plugins.live import LiveServer, run_live

PHONE, DESK = 390, 1280
NewPerson = Callable[..., Someone]


@pytest.fixture(scope="session")
def portal_server(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """Server, worker and mailbox with the demo's staff and the real catalogue. All journeys share it: each plans an
    edition of its own in a town of its own, and brings its own participants."""
    for server in run_live(pytestconfig, tmp_path_factory.mktemp("journey")):
        set_the_stage(server)
        yield server


@pytest.fixture
def new_person(browser: Browser, portal_server: LiveServer) -> Iterator[NewPerson]:
    """`new_person()`: somebody on a phone, in Dutch. `width=DESK`, `language="en"`, `script=False`, `look_at=...`."""
    contexts = []

    def enter(
        *,
        width: int = PHONE,
        language: str = DUTCH,
        script: bool = True,
        look_at: Callable[[Page], None] = lambda _page: None,
        server: LiveServer = portal_server,
    ) -> Someone:
        context = browser.new_context(
            locale=f"{language}-NL",
            timezone_id="Europe/Amsterdam",
            viewport={"width": width, "height": 844},
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        contexts.append(context)
        return Someone(context, server, look_at, language)

    yield enter
    for context in contexts:
        context.close()


@pytest.fixture
def looking(axe: Callable[..., None], database_kind: str) -> Callable[[Page], None]:
    """axe and the width of every page that is new: at 320, 390 and 1280 px, light and dark.

    On SQLite only: the pages are the same on PostgreSQL, and looking takes longer than the story itself."""
    if database_kind != "sqlite":
        return lambda _page: None
    return once_for_each_sort(axe)


@pytest.fixture
def looking_in_one_way(axe: Callable[..., None], database_kind: str) -> Callable[[Page], None]:
    """The same, wide and light only: for the pages in English, which differ from the Dutch ones in their words."""
    if database_kind != "sqlite":
        return lambda _page: None
    return once_for_each_sort(lambda page: axe(page, widths=(DESK,), schemes=("light",)))


def once_for_each_sort(look: Callable[[Page], None]) -> Callable[[Page], None]:
    """Looks at a page unless one was seen with the same title and the same buttons, numbers apart."""
    seen: set[tuple[str, ...]] = set()

    def look_at(page: Page) -> None:
        if page.locator("meta[http-equiv=refresh]").count():
            # It goes away by itself in the middle of the looking; what it becomes is looked at.
            return
        what = page.locator("h1, main button, main a.button").all_inner_texts()
        sort = tuple(re.sub(r"\d+", "", words) for words in what)
        if sort not in seen:
            seen.add(sort)
            look(page)

    return look_at

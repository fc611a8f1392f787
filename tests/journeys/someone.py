"""One person at one browser: they open pages, follow links, fill in forms and press buttons, by the words they see.

    visitor = somebody()
    visitor.open("/")
    visitor.follow("Bekijk alle trainingen")
    visitor.fill("Je naam", "Şule Yılmaz")
    visitor.press("Verder naar controleren")
    assert visitor.h1 == "Klopt alles?"

Words are given in Dutch; whoever reads English looks for their translation. Every page has to answer with the expected
status, to be in the reader's language, to have one h1, and to do without script or style that the
Content-Security-Policy refuses.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from babel.support import NullTranslations, Translations
from playwright.sync_api import BrowserContext, Locator, Page, Response, expect

from portal.language import DUTCH
from tests.plugins.database import ROOT
from tests.plugins.live import LiveServer

PASSWORD = "leerkring-demo"
NOT_A_FAULT = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
DESCRIPTIONS = """
    lists => lists.flatMap(list => [...list.querySelectorAll('dt')]
        .map(term => [term.innerText, term.nextElementSibling.innerText]))
"""


class Someone:
    """A person with a browser of their own. `look_at` is called with every page that they come to."""

    def __init__(
        self,
        context: BrowserContext,
        server: LiveServer,
        look_at: Callable[[Page], None] = lambda _page: None,
        language: str = DUTCH,
    ) -> None:
        self.server = server
        self.look_at = look_at
        self.language = language
        self.translations = NullTranslations() if language == DUTCH else translations_into(language)
        self.root = "" if language == DUTCH else f"/{language}"
        self.complaints: list[str] = []
        context.set_default_timeout(45_000)
        self.page = context.new_page()
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self._note("error", str(error)))

    def say(self, words: str) -> str:
        """These Dutch words in the person's language."""
        return str(self.translations.gettext(words))

    # Going

    def open(self, path: str, status: int = 200) -> None:
        """Goes to a path of the portal in the person's language, or to a whole address as it stands in a mail."""
        address = path if path.startswith("http") else self.server.url(self.root + path)
        self._arrive(self.page.goto(address), status)

    def follow(self, words: str, status: int = 200) -> None:
        """Follows the first link in the main part with these words in it."""
        self._click(self.main.get_by_role("link", name=self.say(words)).first, status)

    def follow_to(self, path: str) -> None:
        """Follows the first link in the main part that leads to this path."""
        self._click(self.main.locator(f"a[href='{self.root}{path}']").first, 200)

    def press(self, words: str, status: int = 200) -> None:
        """Presses the button with these words; `status` is that of the page where it leads in the end."""
        found = self.page.get_by_role("button", name=self.say(words), exact=True)
        self._click(found.locator("visible=true").first, status)

    def touch(self, words: str) -> None:
        """Presses a button that does its work on this page, and waits until the portal has all of it."""
        self.page.get_by_role("button", name=self.say(words), exact=True).locator("visible=true").first.click()
        self.wait_until_saved()

    def wait_until_saved(self) -> None:
        """Until nothing of a list waits on this phone: the bar says it before a tap, too."""
        expect(self.page.locator("[data-state=new], [data-state=waiting]")).to_have_count(0, timeout=45_000)
        expect(self.page.locator("[data-sync]")).to_have_text(self.say("Alles is bewaard."), timeout=45_000)

    def submit(self, path: str) -> None:
        """Presses the one button of the form that goes to this path."""
        self._click(self.main.locator(f"form[action='{self.root}{path}'] button"), 200)

    def choose_in_menu(self, words: str) -> None:
        """Follows a link of the main menu, which a phone folds away."""
        folded = self.page.locator("header details.site-menu > summary")
        if folded.is_visible():
            folded.click()
        link = self.page.locator("header nav").get_by_role("link", name=self.say(words), exact=True)
        self._click(link.locator("visible=true").first, 200)

    def sign_in(self, email: str, password: str = PASSWORD, status: int = 200) -> None:
        """By password, to one's own start page."""
        self.open("/inloggen")
        self.page.locator("input[name=email]").fill(email)
        self.page.locator("input[name=password]").fill(password)
        self.press("Inloggen", status)

    def download(self, words: str, to: Path) -> Path:
        """The file behind the first link with these words."""
        with self.page.expect_download() as download:
            self.main.get_by_role("link", name=self.say(words)).first.click()
        download.value.save_as(to)
        return to

    def _click(self, what: Locator, status: int) -> None:
        with self.page.expect_navigation() as navigation:
            what.click()
        self._arrive(navigation.value, status)

    def _arrive(self, response: Response | None, status: int) -> None:
        assert response is not None
        assert response.status == status, f"{self.page.url}: {response.status}, {self.page.title()}"
        assert self.page.locator("h1").count() == 1, self.page.url
        assert self.page.locator("html").get_attribute("lang") == self.language, self.page.url
        self.look_at(self.page)
        assert not self.complaints, self.complaints

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" and not NOT_A_FAULT.search(text):
            self.complaints.append(f"{self.page.url}: {text}")

    # Filling in

    def fill(self, label: str, text: str) -> None:
        self.main.get_by_label(self.say(label)).first.fill(text)

    def tick(self, label: str, *, of: str | None = None) -> None:
        """A checkbox or a radio, by some of its words; they are what a thumb hits."""
        control = (self.group(of) if of else self.main).get_by_label(self.say(label)).first
        self.main.locator(f"label[for='{control.get_attribute('id')}']").click()
        assert control.is_checked()

    def group(self, name: str) -> Locator:
        """The fields that belong to somebody or something of this name."""
        return self.main.get_by_role("group", name=name)

    def choose(self, words: str, *, of: str) -> None:
        """One of the choices side by side in a group; a thumb hits its words, not the radio behind them."""
        self.group(of).locator("label", has_text=self.say(words)).first.click()

    # Seeing

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    @property
    def h1(self) -> str:
        return single_blanks(self.page.locator("h1").inner_text())

    @property
    def text(self) -> str:
        """All words of the main part."""
        return single_blanks(self.main.inner_text())

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def facts(self) -> dict[str, str]:
        """The `<dl>` lists of the page, term to description."""
        pairs = self.main.locator("dl").evaluate_all(DESCRIPTIONS)
        return {single_blanks(term): single_blanks(detail) for term, detail in pairs}

    def points_at(self, register: str) -> int:
        """On the page with one's points: how many were earned at a register."""
        heading = self.page.get_by_role("heading", name=register, exact=True)
        return int(self.page.locator("section").filter(has=heading).locator(".figures strong").first.inner_text())


def translations_into(language: str) -> NullTranslations:
    return Translations.load(ROOT / "portal" / "translations", [language])


def single_blanks(text: str) -> str:
    return " ".join(text.split())

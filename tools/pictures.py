"""Take the pictures of the main pages for the README: tools/pictures.py [address] [folder]

`make run` first, on a fresh instance folder, so that the demo data are new; then this, which signs in with the demo
accounts and enrols one made-up person. A picture is a screen: 390 px (a phone) and 1280 px wide. `FULL=1` takes whole
pages, for looking at them.
"""

import os
import re
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SIZES = {390: 844, 1280: 900}
PASSWORD = "leerkring-demo"
CHROMIUM = "/usr/bin/chromium"
FULL = bool(os.environ.get("FULL"))
COURSE = "/trainingen/samenkracht"

LIST = """Naam\tE-mail\tTeam\tSKJ-nummer\tTelefoon
Els van den Bogaard\tels.vandenbogaard@delinde.example\tWijkteam Noord\t110024518\t06 0000 0001
Ali Demir\tali.demir@delinde\tWijkteam Noord\t\t06 0000 0002
Fatima el Idrissi\tfatima@delinde.example\tWijkteam Zuid\t120034519\t06 0000 0003
\tnoor.dewit@delinde.example\tWijkteam Zuid\t\t06 0000 0004
Nguyễn Thị Ánh\tanh@delinde.example\tWijkteam Zuid\t\t06 0000 0005"""


class Camera:
    """Takes each page at every width."""

    def __init__(self, browser: Browser, address: str, folder: Path) -> None:
        self.browser = browser
        self.address = address
        self.folder = folder

    def somebody(self, account: str | None = None) -> Page:
        """A page of a visitor, or of somebody who signed in with this demo account."""
        page = self.browser.new_page(
            base_url=self.address, locale="nl-NL", timezone_id="Europe/Amsterdam", reduced_motion="reduce"
        )
        page.set_viewport_size({"width": 390, "height": SIZES[390]})
        if account:
            page.goto("/inloggen")
            page.locator("input[name=email]").fill(f"{account}@demo.example")
            page.locator("input[name=password]").fill(PASSWORD)
            page.locator("main form button").first.click()
            page.wait_for_url(lambda url: "/inloggen" not in url)
        return page

    def take(self, page: Page, name: str) -> None:
        """This page as it stands, from its top."""
        for width, height in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("scrollTo(0, 0)")
            page.evaluate("document.fonts.ready.then(() => true)")
            file = self.folder / f"{name}-{width}.png"
            page.screenshot(path=file, full_page=FULL)
            shrink(file)
        page.set_viewport_size({"width": 390, "height": SIZES[390]})

    def take_phone(self, page: Page, name: str, at: str = "body") -> None:
        """This page on a phone as it stands, with the first of these in sight."""
        page.locator(at).first.evaluate("it => it.scrollIntoView()")
        page.evaluate("document.fonts.ready.then(() => true)")
        file = self.folder / f"{name}-390.png"
        page.screenshot(path=file)
        shrink(file)


def shrink(file: Path) -> None:
    """Few colours do, chosen to cover the widest range, so that a lone dot keeps its own."""
    with Image.open(file) as picture:
        few = picture.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(file, optimize=True)


def enrol(camera: Camera) -> None:
    """Home, course, an edition with room, its enrolment."""
    page = camera.somebody()
    page.goto("/")
    camera.take(page, "home")
    page.goto(COURSE)
    camera.take(page, "course")
    page.locator(".edition-list li", has_text="Nog ").locator("a").first.click()
    camera.take(page, "edition")
    page.get_by_role("link", name="Meld je aan").click()
    page.get_by_role("button", name="Verder").click()
    page.get_by_label("Je naam").fill("Şule Yılmaz-Škrabáková")
    page.get_by_label("Je e-mailadres").fill("sule.yilmaz@zorg.example")
    page.get_by_label("Waar werk je?").fill("Wijkteam Assendorp")
    page.get_by_label("SKJ-nummer").fill("110024518")
    page.locator("label", has_text="Ikzelf").click()
    page.get_by_role("button", name="Verder").click()
    camera.take(page, "answers")
    page.locator("label[for=terms]").click()
    page.get_by_role("button", name="Meld mij aan").click()
    page.locator(".panel").wait_for()
    camera.take(page, "done")


def group(camera: Camera) -> None:
    """A list from a spreadsheet, with what is not right in it."""
    page = camera.somebody("deelnemer")
    page.goto(COURSE)
    page.locator(".edition-list li", has_text="Nog ").locator("a").first.click()
    page.get_by_role("link", name="Meld je aan").click()
    page.get_by_role("link", name="Meld je collega").click()
    page.get_by_label("Plak je lijst").fill(LIST)
    camera.take(page, "list")
    page.get_by_role("button", name="Lees de lijst").click()
    camera.take(page, "mend")


def changes(camera: Camera) -> None:
    """A place that is offered to who waits, a group with names to come, another date, and what the office reads before
    it moves a meeting."""
    page = camera.somebody()
    page.goto("/demo/post")
    page.get_by_role("link", name="Er is plek voor").first.click()
    mail = page.frame_locator("iframe.mail-frame")
    page.goto(str(mail.get_by_role("link", name="Kies of je meedoet").get_attribute("href")))
    camera.take(page, "offer")
    page = camera.somebody("deelnemer")
    page.goto("/mijn/groepen")
    page.locator("main a[href^='/mijn/groepen/']").first.click()
    camera.take(page, "group")
    page.goto("/mijn")
    page.locator("main a[href^='/mijn/inschrijvingen/']", has_text="netwerk, Online").click()
    page.get_by_role("link", name="Boek om naar een andere datum").click()
    camera.take(page, "move")
    page = camera.somebody("bureau")
    page.goto("/bureau/uitvoeringen")
    page.locator("tbody tr", has_text="8 van 8").get_by_role("link").first.click()
    page.get_by_role("link", name="Verplaats").first.click()
    held_on = page.locator("input[name=held_on]")
    held_on.fill((date.fromisoformat(held_on.input_value()) + timedelta(days=1)).isoformat())
    page.get_by_role("button", name="Bekijk wat er gebeurt").click()
    camera.take(page, "consequences")


def certificate(camera: Camera) -> None:
    """A participant's own pages, a certificate, and its check by a stranger."""
    page = camera.somebody("deelnemer")
    camera.take(page, "own")
    page.goto("/mijn/punten")
    camera.take(page, "points")
    page.goto("/mijn/certificaten")
    card = page.locator(".card", has_text="SamenKracht").first
    check = card.locator("a[href^='/c/']").get_attribute("href")
    with page.expect_download() as download, tempfile.TemporaryDirectory() as folder:
        card.get_by_role("link", name="Download (pdf)").click()
        pdf = Path(folder) / "certificate.pdf"
        download.value.save_as(pdf)
        target = camera.folder / "certificate"
        subprocess.run(["pdftoppm", "-png", "-singlefile", "-r", "90", pdf, target], check=True)
    shrink(target.with_suffix(".png"))
    stranger = camera.somebody()
    stranger.goto(str(check))
    camera.take(stranger, "check")


def staff(camera: Camera) -> None:
    """A trainer's list, the office's day, an auditor's trail."""
    page = camera.somebody("trainer")
    page.get_by_role("link", name="Vul de presentie in").first.click()
    for number, words in enumerate(("Aanwezig", "Te laat", "Aanwezig", "Afgemeld")):
        page.locator("main fieldset").nth(number).locator("label", has_text=words).first.click()
    page.locator("main input[inputmode=numeric]:visible").first.fill("10")
    camera.take(page, "attendance")
    page = camera.somebody("bureau")
    camera.take(page, "office")
    page.goto("/bureau/certificaten")
    issued = page.locator("tbody tr", has_text="SamenKracht").filter(
        has_not=page.locator("td:last-child", has_text=re.compile(r"^\s*0\s*$"))
    )
    edition = issued.first.get_by_role("link").get_attribute("href")
    page = camera.somebody("auditor")
    page.goto(str(edition).replace("/bureau/certificaten/", "/audit/"))
    camera.take(page, "trail")


def evening(camera: Camera) -> None:
    """A meeting from coming in to a change afterwards, on a trainer's phone: without a network, with a colleague who
    fills in the same list, signed, and amended."""
    page, colleague = camera.somebody("trainer"), camera.somebody("bureau")
    page.evaluate("navigator.serviceWorker.ready")
    camera.take_phone(page, "evening-start")
    page.locator(".card, li", has_text=re.compile(r"\d van \d+ klaar")).get_by_role(
        "link", name="Presentie"
    ).last.click()
    page.locator("html.attendance-live").wait_for()
    page.context.set_offline(True)
    for person, words in enumerate(("Aanwezig", "Te laat", "Aanwezig")):
        choose(page, person, words)
    page.get_by_label("Minuten te laat").locator("visible=true").fill("12")
    page.locator("[data-sync]", has_text="Geen bereik").wait_for()
    camera.take_phone(page, "evening-offline")
    page.context.set_offline(False)
    all_kept(page)
    colleague.goto(page.url)
    colleague.locator("html.attendance-live").wait_for()
    choose(colleague, 0, "Afgemeld")
    all_kept(colleague)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator("[data-note]", has_text="zette").first.wait_for()
    camera.take_phone(page, "evening-two-phones", ".attendance-list")
    page.get_by_role("button", name="Rest is er").click()
    all_kept(page)
    page.get_by_role("button", name="Afronden").click()
    page.locator("#signed_name").wait_for()
    page.locator("#signed_name").fill(page.locator("#signed_name-hint").inner_text().partition(": ")[2])
    page.locator("label[for=agreed]").click()
    camera.take_phone(page, "evening-finish", "h2")
    page.get_by_role("button", name="Afronden en tekenen").click()
    page.get_by_role("link", name="Wijzig met reden").first.click()
    page.locator("label", has_text="Aanwezig").first.click()
    page.get_by_label("Waarom wijzig je dit?").fill("Was er toch, en stond op de papieren lijst.")
    page.locator("main form button").first.click()
    camera.take_phone(page, "evening-amended", "#amendments")


def choose(page: Page, person: int, words: str) -> None:
    page.locator("[data-seat]").nth(person).locator("label", has_text=words).first.click()


def all_kept(page: Page) -> None:
    while page.locator("[data-state=new], [data-state=waiting]").count():
        page.wait_for_timeout(100)


def main() -> None:
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    own = {"executable_path": CHROMIUM} if Path(CHROMIUM).exists() else {}
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        camera = Camera(playwright.chromium.launch(args=arguments, **own), address, folder)
        enrol(camera)
        group(camera)
        changes(camera)
        certificate(camera)
        staff(camera)
        evening(camera)
    for file in sorted(folder.glob("*.png")):
        print(f"{file.stat().st_size / 1024:6.0f} KiB  {file.name}")


if __name__ == "__main__":
    main()

"""A page as a reader meets it: it checks its own shape, and it is read and filled in with few words.

    page = client.visit("/trainingen/samenkracht")
    assert page.h1 == "SamenKracht"
    done = page.submit("Inschrijven", naam="Şule Yılmaz", email="sule@zorg.example")
    assert done.status == 200

`submit` sends what a browser would: the form as it stands, CSRF token included, with the changes that a user can make.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import lxml.html
from lxml.html import HtmlElement

from tests.page_shape import complaints, words

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.plugins.portal import PortalClient


class Link(NamedTuple):
    """An `<a>` or an entry of an error summary: its words and where it goes."""

    text: str
    href: str


class Page:
    """One HTML document. `client` and `address` are needed only to follow links and submit forms."""

    def __init__(self, html: str, *, client: PortalClient | None = None, address: str = "/", status: int = 200) -> None:
        self.html = html
        self.client = client
        self.address = address
        self.status = status

    @classmethod
    def of(cls, response: TestResponse, client: PortalClient | None = None) -> Page:
        """The page in a response. AssertionError when it is something else, such as a PDF or a redirect."""
        assert response.mimetype == "text/html", f"not a page but {response.mimetype} ({response.status})"
        request = response.request
        address = request.full_path if request.query_string else request.path
        return cls(response.get_data(as_text=True), client=client, address=address, status=response.status_code)

    @functools.cached_property
    def document(self) -> HtmlElement:
        return lxml.html.document_fromstring(self.html)

    def check(self) -> None:
        """AssertionError that names all that is wrong with the page's shape; see tests/page_shape.py for the rules."""
        found = complaints(self.html)
        assert not found, f"{self.address} ({self.status}) is not well made:\n- " + "\n- ".join(found)

    # Reading

    @property
    def title(self) -> str:
        return words(self.document.find(".//title"))

    @property
    def h1(self) -> str:
        return words(self.document.find(".//h1"))

    @property
    def headings(self) -> list[str]:
        """The texts of h1 to h6, in the order of the page."""
        return [words(e) for e in self.document.iter("h1", "h2", "h3", "h4", "h5", "h6")]

    @property
    def text(self) -> str:
        """All that a reader sees in the main part (the whole body when there is no `<main>`), blanks made single."""
        main = self.document.find(".//main")
        return words(self.document.body if main is None else main)

    @property
    def language(self) -> str:
        return str(self.document.get("lang"))

    @property
    def errors(self) -> list[Link]:
        """The error summary: each sentence with the field it leads to ("#email"). Empty when there is none."""
        return [Link(words(a), str(a.get("href"))) for a in self.document.xpath("//*[@data-error-summary]//a[@href]")]

    @property
    def links(self) -> list[Link]:
        """The links in the main part of the page."""
        main = self.document.find(".//main")
        root = self.document if main is None else main
        return [Link(words(a), str(a.get("href"))) for a in root.iter("a") if a.get("href")]

    def find(self, selector: str) -> list[HtmlElement]:
        """Elements by XPath, for what the other words do not reach."""
        return list(self.document.xpath(selector))

    def table(self, caption: str | None = None) -> list[dict[str, str]]:
        """The rows of the table with this caption (the only table when none is named), keyed by column heading."""
        tables = [t for t in self.document.iter("table") if caption in (None, words(t.find("caption")))]
        known = [words(t.find("caption")) for t in self.document.iter("table")]
        assert len(tables) == 1, f"not one table {caption!r} on the page, which has {known}"
        head, *rows = [[words(c) for c in row.iter("th", "td")] for row in tables[0].iter("tr")]
        return [dict(zip(head, row, strict=True)) for row in rows]

    def facts(self) -> dict[str, str]:
        """The `<dl>` lists of the page together, as term and description."""
        return {words(t): words(t.getnext()) for t in self.document.iter("dt") if t.getnext() is not None}

    # Acting

    def form(self, button: str | None = None) -> Form:
        """The form with a submit button of these words; without words, the only form that posts."""
        forms = [Form(self, e) for e in self.document.iter("form")]
        if button is None:
            chosen = [f for f in forms if f.method == "post" and not f.is_in_header]
        else:
            chosen = [f for f in forms if button in f.buttons]
        known = [text for f in forms for text in f.buttons]
        assert len(chosen) == 1, f"{len(chosen)} forms for {button!r} on {self.address}; its buttons are {known}"
        return chosen[0]

    def submit(self, button: str | None = None, changes: dict[str, Any] | None = None, /, **fields: Any) -> Page:
        """Fills in and sends a form, follows redirects, and returns the page where the user ends up."""
        return self.form(button).submit(button, changes, **fields)

    def follow(self, text: str) -> Page:
        """Goes where the link with these words leads (the whole page is searched, its menu too)."""
        assert self.client is not None
        targets = {str(a.get("href")) for a in self.document.iter("a") if words(a) == text and a.get("href")}
        assert len(targets) == 1, f"{len(targets)} links {text!r} on {self.address}"
        return self.client.visit(local(urljoin(self.address, targets.pop())))


class Form:
    """A form as it stands on its page, with the values that a browser would send."""

    def __init__(self, page: Page, element: HtmlElement) -> None:
        self.page = page
        self.element = element
        self.method = str(element.get("method", "get")).lower()
        self.is_in_header = bool(element.xpath("ancestor::header"))

    @property
    def buttons(self) -> dict[str, HtmlElement]:
        """The submit buttons by their words, also those that stand elsewhere and name this form."""
        found = self.element.xpath(".//button[not(@type) or @type='submit'] | .//input[@type='submit']")
        if name := self.element.get("id"):
            found += self.page.document.xpath("//button[@form=$name]", name=name)
        return {str(b.get("aria-label") or words(b) or b.get("value", "")): b for b in found}

    @property
    def values(self) -> dict[str, list[str]]:
        """What a browser would send for the form as it stands, without a button."""
        sent: dict[str, list[str]] = {}
        for control in self.controls:
            name, kind = control.get("name"), control.get("type", "text").lower()
            if not name or "disabled" in control.attrib or kind in ("submit", "button", "image", "reset", "file"):
                continue
            if control.tag == "select":
                value: list[str] = selected(control)
            elif control.tag == "textarea":
                value = [(control.text or "").removeprefix("\n")]
            elif kind in ("checkbox", "radio"):
                value = [control.get("value", "on")] if "checked" in control.attrib else []
            else:
                value = [control.get("value", "")]
            if value:
                sent.setdefault(name, []).extend(value)
        return sent

    @property
    def controls(self) -> list[HtmlElement]:
        return [e for e in self.element.iter("input", "select", "textarea") if isinstance(e, HtmlElement)]

    def choices(self, name: str) -> list[str]:
        """The values that a select, or the radios or checkboxes of one name, offer."""
        controls = [c for c in self.controls if c.get("name") == name]
        options = [o for c in controls if c.tag == "select" for o in c.iter("option")]
        return [o.get("value", words(o)) for o in options] + [
            c.get("value", "on") for c in controls if c.get("type") in ("radio", "checkbox")
        ]

    def data(self, button: str | None = None, changes: dict[str, Any] | None = None) -> dict[str, Any]:
        """What is sent after these changes: text, True and False for a lone checkbox, a list for several of one name,
        a (stream, filename) pair for a file. A field or choice that the form does not have is an AssertionError."""
        sent: dict[str, Any] = dict(self.values)
        names = {c.get("name") for c in self.controls}
        for name, value in (changes or {}).items():
            assert name in names, f"no field {name!r} in this form; it has {sorted(n for n in names if n)}"
            offered = self.choices(name)
            chosen = offered[:1] if value is True else [] if value in (False, None) else value
            if offered:
                chosen = [str(c) for c in ([chosen] if isinstance(chosen, str | int) else chosen)]
                assert set(chosen) <= set(offered), f"{name!r} offers {offered}, not {chosen}"
            sent[name] = chosen
        pressed = self.buttons.get(button) if button else None
        if pressed is not None and pressed.get("name"):
            sent[pressed.get("name")] = pressed.get("value", "")
        return sent

    def submit(self, button: str | None = None, changes: dict[str, Any] | None = None, /, **fields: Any) -> Page:
        """See Page.submit."""
        client = self.page.client
        assert client is not None, "this page was not fetched by a client"
        data = self.data(button, (changes or {}) | fields)
        pressed = self.buttons.get(button) if button else None
        action = (pressed.get("formaction") if pressed is not None else None) or self.element.get("action") or ""
        target = local(urljoin(self.page.address, action))
        if self.method == "get":
            response = client.get(target.partition("?")[0], query_string=data, follow_redirects=True)
        else:
            response = client.post(target, data=data, follow_redirects=True)
        return Page.of(response, client)


def selected(select: HtmlElement) -> list[str]:
    options = list(select.iter("option"))
    chosen = [o for o in options if "selected" in o.attrib]
    if not chosen and "multiple" not in select.attrib:
        chosen = options[:1]
    return [o.get("value", words(o)) for o in chosen]


def local(address: str) -> str:
    """An address without its host and fragment, as the test client wants it."""
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")

"""A browser of its own kind: one connection that is kept, cookies, and forms that are filled in as they stand."""

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from bench.served import HEADER

Fields = list[tuple[str, str]]
SECONDS_OF_SILENCE = 3.0


@dataclass(frozen=True)
class Answer:
    """What came back. `ms` from sending to the last byte; `statements` is the number of SQL statements it took."""

    status: int
    ms: float
    statements: int
    body: str
    location: str


class WrongAnswer(Exception):
    """A page answered with another status than the benchmark expects: what it measured would be worth nothing."""


class Visitor:
    """One visitor of one server on this machine."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.asked_at = 0.0

    def get(self, path: str, expect: int = 200) -> Answer:
        return self._ask("GET", path, None, expect)

    def post(self, path: str, fields: Fields, expect: int = 303) -> Answer:
        return self._ask("POST", path, urlencode(fields), expect)

    def send(self, path: str, message: dict[str, Any], token: str) -> Answer:
        """Posts JSON, as a page's script does."""
        script = {"Accept": "application/json", "Content-Type": "application/json", "X-CSRFToken": token}
        return self._ask("POST", path, json.dumps(message), 200, script)

    def fill(self, path: str, field: str, changes: dict[str, str | list[str]]) -> Fields:
        """Opens a page and fills in its form that has this field; all else stays as the page has it."""
        return filled(self.get(path).body, field, changes)

    def sign_in(self, email: str, password: str) -> None:
        self.post("/inloggen", self.fill("/inloggen", "password", {"email": email, "password": password}))

    def _ask(
        self, method: str, path: str, body: str | None, expect: int, more: Mapping[str, str] | None = None
    ) -> Answer:
        headers = {"Accept": "text/html", "Cookie": "; ".join(f"{name}={v}" for name, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        headers |= more or {}
        self._connect()
        begun = time.perf_counter()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        content = response.read()
        ms = (time.perf_counter() - begun) * 1000
        for line in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        if response.status != expect:
            raise WrongAnswer(f"{method} {path} answered {response.status}, not {expect}: {content[:3000]!r}")
        return Answer(
            response.status,
            ms,
            int(response.headers.get(HEADER, 0)),
            content.decode(errors="replace"),
            response.headers.get("Location", ""),
        )

    def _connect(self) -> None:
        """Begins afresh after a pause, since servers hang up on who is silent; connecting is not timed."""
        if time.monotonic() - self.asked_at > SECONDS_OF_SILENCE:
            self.connection.close()
        if self.connection.sock is None:
            self.connection.connect()
        self.asked_at = time.monotonic()


def filled(html: str, field: str, changes: dict[str, str | list[str]]) -> Fields:
    """The fields that a browser would send of the form that has this field, with these changes."""
    forms = [form for form in read_forms(html) if any(name == field for name, _value, _sent in form)]
    if not forms:
        raise WrongAnswer(f"no form has the field {field}: {html[:3000]}")
    form = forms[0]
    fields = [(name, value) for name, value, sent in form if sent and name not in changes]
    for name, given in changes.items():
        fields += [(name, value) for value in ([given] if isinstance(given, str) else given)]
    return fields


def read_forms(html: str) -> list[list[tuple[str, str, bool]]]:
    """The forms of a page: of each, its fields as (name, value, whether an untouched form sends it)."""
    reader = _Forms()
    reader.feed(html)
    return reader.forms


class _Forms(HTMLParser):
    """Collects what read_forms() gives."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[list[tuple[str, str, bool]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.forms.append([])
        name = given.get("name")
        if self.forms and name and tag in ("input", "textarea", "select"):
            kind = given.get("type") or "text"
            sent = kind not in ("submit", "button", "radio", "checkbox") or "checked" in given
            self.forms[-1].append((name, given.get("value") or "", sent))

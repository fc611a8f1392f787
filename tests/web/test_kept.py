"""What is kept of a page for the next visitor, and what never is: a shop with a few views, its log a number."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, abort, flash, get_flashed_messages, make_response, request, session
from flask.testing import FlaskClient
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf
from time_machine import TimeMachineFixture

from portal import audit, clock
from portal.config import Limits, Settings
from portal.web import kept as keeping
from portal.web.kept import init_kept, kept
from portal.web.limits import init_limits, limit

View = Callable[..., Response]


class Shop:
    """`add` puts a kept view at an address; `head` is that of the log. `made` counts what was made anew."""

    def __init__(self, folder: Path) -> None:
        self.head = "1"
        self.made = count(1)
        self.settings = Settings(instance=folder, limits=Limits(check="2 per minute"))
        self.app = Flask(__name__)
        self.app.config.update(SECRET_KEY="x", TESTING=True)
        CSRFProtect(self.app)
        init_kept(self.app, self.settings)

    def add(self, view: View, path: str = "/page", methods: tuple[str, ...] = ("GET",)) -> FlaskClient:
        """A client without cookies that asks it; a view may say something before its number."""
        self.app.add_url_rule(path, path, view, methods=methods)
        return self.app.test_client()

    def page(self, words: str = "") -> Response:
        return make_response(f"{words}{next(self.made)}")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    made = Shop(tmp_path)
    monkeypatch.setattr(audit, "find_head", lambda: made.head)
    return made


def texts(client: FlaskClient, *paths: str, **how: Any) -> list[str]:
    return [client.get(path, **how).text for path in paths]


def test_a_page_is_made_once_while_nothing_happens(shop: Shop) -> None:
    client = shop.add(kept(shop.page))
    assert texts(client, "/page", "/page") == ["1", "1"]
    shop.head = "2"
    assert texts(client, "/page", "/page") == ["2", "2"]
    # As after a restore: the log has another past, and never the same head.
    shop.head = "1"
    assert texts(client, "/page") == ["3"]


def test_a_page_during_which_something_happens_is_made_again(shop: Shop) -> None:
    def view() -> Response:
        shop.head = "2"
        return shop.page()

    client = shop.add(kept(view))
    assert texts(client, "/page", "/page", "/page") == ["1", "2", "2"]


def test_a_view_without_the_mark_is_made_every_time(shop: Shop) -> None:
    assert texts(shop.add(shop.page), "/page", "/page") == ["1", "2"]


def test_nothing_is_kept_when_the_settings_say_so(tmp_path: Path, shop: Shop) -> None:
    shop.app.extensions.pop(keeping.NAME)
    init_kept(shop.app, Settings(instance=tmp_path, keep_pages=False))
    assert texts(shop.add(kept(shop.page)), "/page", "/page") == ["1", "2"]


def test_a_copy_lives_for_half_a_minute(shop: Shop, time_machine: TimeMachineFixture) -> None:
    client, start = shop.add(kept(shop.page)), clock.now()
    found = []
    for seconds in (0, 29, 31, 60, 0):
        time_machine.move_to(start + timedelta(seconds=seconds), tick=False)
        found += texts(client, "/page")
    # The last: the machine's clock was put back, so the copy is of the future.
    assert found == ["1", "1", "2", "2", "3"]


def test_a_copy_is_as_old_as_the_moment_at_which_making_it_began(shop: Shop, time_machine: TimeMachineFixture) -> None:
    start = clock.now()
    time_machine.move_to(start, tick=False)

    def slow() -> Response:
        time_machine.move_to(start + timedelta(seconds=20), tick=False)
        return shop.page()

    client = shop.add(kept(slow))
    assert texts(client, "/page") == ["1"]
    time_machine.move_to(start + timedelta(seconds=31), tick=False)
    assert texts(client, "/page") == ["2"]


def test_every_address_has_a_copy_of_its_own(shop: Shop) -> None:
    client = shop.add(kept(lambda **_names: shop.page()), "/<path:any>")
    addresses = ["/a", "/b", "/a?x=1", "/a?x=2", "/a?x=1&x=1"]
    assert texts(client, *addresses, *addresses) == ["1", "2", "3", "4", "5"] * 2


@pytest.mark.parametrize(
    "other",
    [{"base_url": "http://kwaad.example"}, {"base_url": "https://localhost"}, {"base_url": "http://localhost/en"}],
)
def test_another_host_scheme_or_language_gets_nothing_of_this_one(shop: Shop, other: dict[str, str]) -> None:
    client = shop.add(kept(lambda: shop.page(f"{request.url_root} ")))
    assert texts(client, "/page") == ["http://localhost/ 1"]
    assert texts(client, "/page", **other) == [f"{other['base_url'].rstrip('/')}/ 2"]
    assert texts(client, "/page") == ["http://localhost/ 1"]


def test_a_copy_has_the_headers_of_the_page(shop: Shop) -> None:
    def view() -> Response:
        response = shop.page("één")
        response.headers["Content-Language"] = "nl"
        return response

    client = shop.add(kept(view))
    anew, copy = client.get("/page"), client.get("/page")
    assert (copy.text, list(copy.headers)) == (anew.text, list(anew.headers))
    assert (copy.headers["Content-Language"], copy.headers["Vary"]) == ("nl", "Cookie")


def test_looking_without_the_body_uses_the_same_copy(shop: Shop) -> None:
    client = shop.add(kept(shop.page))
    assert (client.head("/page").data, client.head("/page").headers["Content-Length"]) == (b"", "1")
    assert texts(client, "/page") == ["1"]


def test_what_is_sent_neither_gets_nor_leaves_a_copy(shop: Shop) -> None:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    client = shop.add(kept(shop.page), methods=("GET", "POST"))
    assert client.post("/page").text == "1"
    assert texts(client, "/page") == ["2"]
    assert client.post("/page").text == "3"


def not_found() -> Response:
    abort(404)


def with_a_form() -> Response:
    return make_response(generate_csrf())


def with_a_session() -> Response:
    session["chosen"] = "1"
    return make_response("chosen")


def with_a_session_that_is_emptied() -> Response:
    session["chosen"] = "1"
    session.clear()
    return make_response("emptied")


def with_a_cookie() -> Response:
    response = make_response("cookie")
    response.set_cookie("taste", "sweet")
    return response


def with_a_header(name: str, value: str) -> View:
    return lambda: Response("header", headers={name: value})


def in_pieces() -> Response:
    def pieces() -> Iterator[str]:
        yield "piece"

    return Response(pieces())


NEVER = {
    "a page that is not there": not_found,
    "another status": lambda: Response("made", status=201),
    "a redirect": lambda: Response(status=303, headers={"Location": "/elders"}),
    "a form that posts": with_a_form,
    "a session that begins": with_a_session,
    "a session that was touched": with_a_session_that_is_emptied,
    "a cookie": with_a_cookie,
    "an answer by what the visitor accepts": with_a_header("Vary", "Accept"),
    "an answer that is private": with_a_header("Cache-Control", "private, no-store"),
    "an answer in pieces": in_pieces,
}


@pytest.mark.parametrize("what", NEVER)
def test_some_answers_are_never_kept(shop: Shop, what: str) -> None:
    def view() -> Response:
        next(shop.made)
        return NEVER[what]()

    shop.add(kept(view))
    for _ in range(3):
        shop.app.test_client().get("/page")
    assert next(shop.made) == 4
    assert len(shop.app.extensions[keeping.NAME]) == 0


def test_who_has_a_cookie_of_ours_neither_gets_nor_leaves_a_copy(shop: Shop) -> None:
    def view() -> Response:
        return shop.page("".join(get_flashed_messages()))

    def say() -> Response:
        flash("Bewaard. ")
        return make_response("said")

    shop.add(say, "/say")
    somebody, visitor = shop.add(kept(view)), shop.app.test_client()
    somebody.get("/say")
    assert texts(somebody, "/page") == ["Bewaard. 1"]
    assert texts(visitor, "/page") == ["2"]
    somebody.get("/say")
    assert texts(somebody, "/page") == ["Bewaard. 3"]
    assert texts(visitor, "/page") == ["2"]


def test_a_cookie_of_another_site_makes_no_difference(shop: Shop) -> None:
    client = shop.add(kept(shop.page))
    client.set_cookie("elsewhere", "1")
    assert texts(client, "/page", "/page") == ["1", "1"]


def test_a_copy_counts_for_a_limit_as_a_page_does(shop: Shop) -> None:
    client = shop.add(limit("check")(kept(shop.page)))
    init_limits(shop.app, shop.settings)
    assert [client.get("/page").status_code for _ in range(3)] == [200, 200, 429]


def test_copies_stay_within_their_number_and_bytes(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.app.extensions.pop(keeping.NAME)
    monkeypatch.setattr(keeping, "MOST", 3)
    monkeypatch.setattr(keeping, "MOST_BYTES", 2000)
    init_kept(shop.app, shop.settings)
    client = shop.add(kept(lambda: shop.page("x" * int(request.args.get("size", 1)))))
    copies = shop.app.extensions[keeping.NAME]
    for number in range(9):
        client.get(f"/page?n={number}")
    assert len(copies) == 3
    client.get("/page?size=1960")
    assert len(copies) == 1
    # What stands after the question mark is kept too, so it counts.
    client.get("/page?" + "n" * 2000)
    assert (len(copies), copies.bytes <= 2000) == (1, True)

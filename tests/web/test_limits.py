"""Limits hold per visitor and per typed address, over threads and processes, and say when to come back."""

import multiprocessing
import sqlite3
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, request
from time_machine import TimeMachineFixture

from portal import clock
from portal.config import Limits, Settings
from portal.web.limit_storage import CounterFile
from portal.web.limits import init_limits, limit

COUNT_FIFTY = """
import sys
from portal.web.limit_storage import CounterFile
storage = CounterFile(sys.argv[1])
for _ in range(50):
    storage.incr("one", 60)
"""


@pytest.fixture
def storage(tmp_path: Path) -> CounterFile:
    return CounterFile(f"counterfile://{tmp_path}/limits.sqlite")


def test_processes_share_one_count(storage: CounterFile) -> None:
    command = [sys.executable, "-c", COUNT_FIFTY, f"counterfile://{storage.path}"]
    processes = [subprocess.Popen(command) for _ in range(4)]
    assert [process.wait() for process in processes] == [0, 0, 0, 0]
    assert storage.get("one") == 200


def test_threads_share_one_count(storage: CounterFile) -> None:
    threads = [threading.Thread(target=lambda: [storage.incr("one", 60) for _ in range(25)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert storage.get("one") == 200


def test_a_forked_process_goes_on_with_a_connection_of_its_own(storage: CounterFile) -> None:
    storage.incr("one", 60)
    child = multiprocessing.get_context("fork").Process(target=storage.incr, args=("one", 60))
    child.start()
    child.join()
    assert (child.exitcode, storage.get("one")) == (0, 2)


def test_a_count_begins_again_when_its_time_is_over(storage: CounterFile, time_machine: TimeMachineFixture) -> None:
    assert [storage.incr("one", 60), storage.incr("one", 60)] == [1, 2]
    time_machine.move_to(clock.now() + timedelta(seconds=61))
    assert storage.get("one") == 0
    assert storage.incr("one", 60) == 1


def test_what_is_over_is_cleaned_up(storage: CounterFile, time_machine: TimeMachineFixture) -> None:
    storage.incr("old", 60)
    time_machine.move_to(clock.now() + timedelta(seconds=61))
    storage.counted = 0
    storage.incr("new", 60)
    with sqlite3.connect(storage.path) as connection:
        assert connection.execute("SELECT key FROM counters").fetchall() == [("new",)]


@pytest.fixture
def shop(tmp_path: Path) -> Flask:
    """Views under each kind of limit, each with a limit of two."""
    app = Flask(__name__)

    def done(code: str = "") -> str:
        return code or "done"

    def also_done() -> str:
        return "done"

    def mailed() -> str:
        return "mailed"

    def checked(code: str) -> str:
        return code

    limited = limit("sign_in")(done)
    app.add_url_rule("/in", "sign_in", limited, methods=["GET", "POST"])
    app.add_url_rule("/in/<code>", "sign_in_by_code", limited, methods=["POST"])
    app.add_url_rule("/also-in", "also_in", limit("sign_in")(also_done), methods=["POST"])
    mail = limit("mail", unless=lambda: "password" in request.form)(mailed)
    app.add_url_rule("/mail", "mail", mail, methods=["POST"])
    app.add_url_rule("/c/<code>", "check", limit("check")(checked))
    twice = Limits("4 per minute", "2 per minute", "2 per minute", "2 per minute", "2 per minute", "2 per minute")
    init_limits(app, Settings(instance=tmp_path, limits=twice))
    return app


def statuses(app: Flask, *sent: tuple[str, dict[str, str]], address: str = "192.0.2.7") -> list[int]:
    client = app.test_client()
    return [client.post(path, data=form, environ_base={"REMOTE_ADDR": address}).status_code for path, form in sent]


def test_a_typed_address_is_tried_only_so_often_whoever_asks(shop: Flask) -> None:
    victim = ("/in", {"email": "Sule@zorg.example "})
    assert statuses(shop, victim) == [200]
    assert statuses(shop, victim, address="192.0.2.8") == [200]
    assert statuses(shop, ("/in", {"email": "sule@zorg.example"}), address="192.0.2.9") == [429]
    assert statuses(shop, ("/in", {"email": "ander@zorg.example"}), address="192.0.2.9") == [200]


def test_another_spelling_of_an_address_is_the_same_address(shop: Flask) -> None:
    spellings = ["\x01sule@zorg.example", "sule@zorg\u3002example", "sule@ZORG.example\u2028"]
    tries = [("/in", {"email": spelling}) for spelling in spellings]
    assert statuses(shop, *tries) == [200, 200, 429]


def test_one_visitor_has_one_count_for_all_views_of_a_limit(shop: Flask) -> None:
    tries = [("/in" if n % 2 else "/also-in", {"email": f"{n}@zorg.example"}) for n in range(5)]
    assert statuses(shop, *tries) == [200, 200, 200, 200, 429]


def test_a_view_at_two_addresses_counts_once_a_request(shop: Flask) -> None:
    tries = [("/in/1" if n % 2 else "/in", {"email": f"{n}@zorg.example"}) for n in range(5)]
    assert statuses(shop, *tries) == [200, 200, 200, 200, 429]


def test_looking_at_a_form_is_not_counted(shop: Flask) -> None:
    client = shop.test_client()
    assert {client.get("/in").status_code for _ in range(9)} == {200}


def test_every_look_at_a_checked_code_is_counted(shop: Flask) -> None:
    client = shop.test_client()
    assert [client.get(f"/c/{code}").status_code for code in ("a", "b", "c")] == [200, 200, 429]


def test_unless_leaves_a_request_out(shop: Flask) -> None:
    with_password = ("/mail", {"password": "x"})
    assert statuses(shop, *[with_password] * 4) == [200] * 4
    assert statuses(shop, *[("/mail", {})] * 3) == [200, 200, 429]


def test_neighbours_in_one_ipv6_network_are_one_visitor(shop: Flask) -> None:
    client = shop.test_client()
    addresses = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::2", "2001:db8:1:2::3", "2001:db8:1:3::1"]
    found = [client.get("/c/a", environ_base={"REMOTE_ADDR": address}).status_code for address in addresses]
    assert found == [200, 200, 429, 200]


def test_too_many_says_when_to_come_back(shop: Flask) -> None:
    client = shop.test_client()
    last = [client.get("/c/a") for _ in range(3)][-1]
    assert last.status_code == 429
    assert 0 < int(last.headers["Retry-After"]) <= 60


def test_an_unknown_limit_is_named_at_once() -> None:
    with pytest.raises(KeyError, match="sing_in"):
        limit("sing_in")

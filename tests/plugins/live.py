"""The portal as people run it: granian and the worker as processes, an own migrated database, real SMTP.

    def test_...(live_server, page):
        with live_server.database():
            factories.edition_with_meetings()
        page.goto(live_server.url("/trainingen"))
        live_server.mailbox.wait_for("sule@zorg.example", "Je doet mee")

One server per test file: the tests of a file share its database.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.app import create_app
from portal.config import Settings
from portal.db import db
from tests.plugins.database import ROOT, new_database
from tests.plugins.mail import Mailbox, free_port, serve_mailbox

SECONDS_TO_START = 90
SECONDS_TO_END = 15
BIN = Path(sys.executable).parent


class LiveServer:
    """A running portal. `environment` is what its processes see, `log` what they said."""

    def __init__(self, environment: dict[str, str], folder: Path, mailbox: Mailbox) -> None:
        self.address = environment["PORTAL_BASE_URL"]
        self.environment = environment
        self.mailbox = mailbox
        self.log = folder / "log.txt"
        self.processes: list[subprocess.Popen[bytes]] = []

    def url(self, path: str) -> str:
        return self.address + path

    def flask(self, *arguments: str) -> str:
        """Runs `flask --app wsgi ...` as an operator would and returns what it printed; fails when it fails."""
        done = subprocess.run(
            [BIN / "flask", "--app", "wsgi", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, f"flask {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}"
        return done.stdout

    @contextmanager
    def database(self) -> Iterator[None]:
        """An application context on the server's database; what was written is committed at the end."""
        app = create_app(Settings.from_environ(self.environment))
        with app.app_context():
            yield
            db.session.commit()
        with app.app_context():
            db.engine.dispose()

    def start(self) -> None:
        self.flask("db", "upgrade")
        port = self.address.rpartition(":")[2]
        server = [BIN / "granian", "--interface", "wsgi", "--port", port, "--blocking-threads", "4"]
        # Its own process that serves is ended by it in time; killed from here, granian would leave that one behind.
        server += ["--workers-kill-timeout", "10", "wsgi:app"]
        for command in (server, [BIN / "flask", "--app", "wsgi", "worker"]):
            with self.log.open("ab") as log:
                self.processes.append(subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log))
        deadline = time.monotonic() + SECONDS_TO_START
        while not self.answers():
            if time.monotonic() > deadline or any(process.poll() is not None for process in self.processes):
                self.stop()
                pytest.fail(f"the portal did not answer within {SECONDS_TO_START} seconds:\n{self.last_words()}")
            time.sleep(0.1)

    def answers(self) -> bool:
        """Whether the server says anything at all."""
        try:
            with urllib.request.urlopen(self.url("/healthz"), timeout=2):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def last_words(self) -> str:
        return "\n".join(self.log.read_text().splitlines()[-40:])

    def stop(self) -> None:
        """Ends both processes as an operator would. Fails when one had ended already, or does not end when asked."""
        ended = [process.args for process in self.processes if process.poll() is not None]
        for process in self.processes:
            process.terminate()
        stuck = []
        for process in self.processes:
            try:
                process.wait(SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                stuck.append(process.args)
        self.processes.clear()
        assert not ended, f"ended by itself: {ended}\n{self.last_words()}"
        assert not stuck, f"did not end within {SECONDS_TO_END} seconds of SIGTERM: {stuck}"


def run_live(config: pytest.Config, folder: Path, **changes: str) -> Iterator[LiveServer]:
    """A started portal with these PORTAL_* variables besides the usual ones; stopped and removed afterwards."""
    database = new_database(config, folder)
    with serve_mailbox() as mailbox:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        server = LiveServer(
            inherited
            | {
                "PORTAL_ENV": "demo",
                "PORTAL_DATABASE_URL": database.url,
                "PORTAL_INSTANCE": str(folder / "instance"),
                # What a test writes past the commands is in no log, so a kept page would not show it.
                "PORTAL_KEEP_PAGES": "0",
                "PORTAL_BASE_URL": f"http://127.0.0.1:{free_port()}",
                "PORTAL_MAIL_SERVER": mailbox.host,
                "PORTAL_MAIL_PORT": str(mailbox.port),
                "PYTHONUNBUFFERED": "1",
            }
            | changes,
            folder,
            mailbox,
        )
        server.start()
        try:
            yield server
        finally:
            server.stop()
    database.remove()


@pytest.fixture(scope="module")
def live_server(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The portal and its worker on an empty, migrated database; mail goes to `live_server.mailbox`."""
    yield from run_live(pytestconfig, tmp_path_factory.mktemp("live"))


@pytest.fixture(scope="module")
def demo_server(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """As live_server, with the demo data loaded: every role of the contract signs in with `leerkring-demo`."""
    for server in run_live(pytestconfig, tmp_path_factory.mktemp("demo"), PORTAL_KEEP_PAGES="1"):
        server.flask("demo")
        yield server

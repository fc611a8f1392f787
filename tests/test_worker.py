"""The worker: does what is due, outlives a fault, says that it lives, and ends when asked."""

import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

from flask import Flask

from portal import clock, heartbeat
from portal.db import db, transaction
from portal.domain.accounts import commands
from portal.worker import work_once
from tests import factories
from tests.plugins.database import ROOT
from tests.plugins.live import LiveServer

MOST_MEBIBYTES = 120


def test_once_does_all_that_is_due_and_stops(app: Flask) -> None:
    waiting = [3, 2, 0]

    def some_at_a_time(now: datetime) -> int:
        return waiting.pop(0)

    assert work_once((some_at_a_time, lambda now: 0)) == 5
    assert waiting == []
    beat_at = heartbeat.last_beat()
    assert beat_at is not None
    assert (clock.now() - beat_at).total_seconds() < 5


def test_a_running_worker_sends_mail_lives_small_and_ends_when_asked(live_server: LiveServer) -> None:
    with live_server.database():
        factories.person(email="dewi@zorg.example")
        db.session.commit()
        with transaction():
            commands.ask_for_sign_in_link(email="dewi@zorg.example", language="nl", now=clock.now())
    live_server.mailbox.wait_for("dewi@zorg.example", "inloglink")
    worker = live_server.processes[1]
    status = Path(f"/proc/{worker.pid}/status").read_text()
    resident = int(status.split("VmRSS:")[1].split()[0]) / 1024
    assert resident < MOST_MEBIBYTES
    with live_server.database():
        assert heartbeat.last_beat() is not None
    worker.send_signal(signal.SIGTERM)
    asked_at = time.monotonic()
    assert worker.wait(10) == 0
    assert time.monotonic() - asked_at < 5
    live_server.processes.remove(worker)


LISTENING = """
import portal.worker
def broken(now): raise RuntimeError("stuk")
def counting(now):
    print("werkt", flush=True)
    return 0
portal.worker.SECONDS_AFTER_A_FAULT = 0.1
from portal.app import create_app
with create_app().app_context():
    portal.worker.work_until_stopped((broken, counting))
"""


def test_a_fault_in_one_kind_of_work_keeps_no_other_from_being_done(live_server: LiveServer) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", LISTENING],
        cwd=ROOT,
        env=live_server.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert [process.stdout.readline() for _ in range(2)] == ["werkt\n", "werkt\n"]
    process.send_signal(signal.SIGINT)
    _out, errors = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "broken failed" in errors
    assert "RuntimeError: stuk" in errors

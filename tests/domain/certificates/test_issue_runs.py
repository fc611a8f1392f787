"""Issuing for an edition at once: in portions, stopped and started, killed, and by several workers."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal import audit
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.certificates import commands, issue_runs, queries
from portal.domain.certificates.issue_runs import LEASE, PORTION, request_issue, start_run, stop_run, work_on_runs
from portal.domain.certificates.models import Certificate, IssueRun, IssueRunItem
from portal.errors import Conflict, NotFound, Refused
from portal.mail import OutgoingMail
from tests import factories
from tests.certificate_scenes import NOW, given_edition, issue
from tests.plugins.database import ROOT

NAMES = [f"Deelnemer {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWX"]


@pytest.fixture
def office(app):
    return Actor.person(factories.person(name="Bureau").id)


def ask(scene, office):
    edition_id = scene.edition.id
    with transaction():
        run = request_issue(edition_id=edition_id, actor=office, now=NOW)
        return run.id


def turn(command, run_id, office):
    with transaction():
        command(run_id=run_id, actor=office, now=NOW)


def state_of(run_id):
    db.session.rollback()
    return db.session.scalar(select(IssueRun.state).where(IssueRun.id == run_id))


def count_certificates():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Certificate))


def test_a_batch_holds_everybody_who_is_ready_and_nobody_else(app, office):
    scene = given_edition(["A Klaar", "B Afwezig", "C Klaar", "D Heeft al"], absent=[(1, n) for n in (1, 2, 3, 4)])
    issue(scene.enrolments[3])
    run_id = ask(scene, office)
    waiting = db.session.scalars(select(IssueRunItem.enrolment_id).where(IssueRunItem.run_id == run_id))
    assert sorted(waiting) == [scene.enrolments[0].id, scene.enrolments[2].id]
    assert queries.get_run(run_id).total == 2


def test_a_batch_for_nobody_is_refused(app, office):
    scene = given_edition(open_sheets=[4])
    with pytest.raises(Refused, match="niemand klaar"):
        ask(scene, office)
    assert db.session.scalars(select(IssueRun)).all() == []


def test_an_edition_has_one_batch_at_a_time(app, office):
    scene = given_edition(["A Een", "B Twee"])
    first = ask(scene, office)
    with pytest.raises(Conflict):
        ask(scene, office)
    turn(stop_run, first, office)
    with pytest.raises(Conflict):
        ask(scene, office)


def test_the_worker_does_a_portion_at_a_time_until_all_is_done(app, office):
    scene = given_edition(NAMES)
    run_id = ask(scene, office)
    portions = []
    while done := work_on_runs(NOW):
        portions.append(done)
    assert portions == [PORTION, PORTION, 4]
    assert (state_of(run_id), queries.progress_of(run_id)) == ("finished", (0, 24, 0))
    numbers = db.session.scalars(select(Certificate.number).order_by(Certificate.id)).all()
    assert numbers == [f"EKC-2026-{serial:04d}" for serial in range(1, 25)]
    assert db.session.scalar(select(func.count()).where(OutgoingMail.kind == "certificates.issued")) == 24
    issued_by = {entry.actor_id for entry in audit.list_entries(tag="certificates.issued").entries}
    assert issued_by == {office.id}


def test_a_stopped_batch_issues_nothing_and_goes_on_where_it_was(app, office):
    scene = given_edition(NAMES)
    run_id = ask(scene, office)
    work_on_runs(NOW)
    turn(stop_run, run_id, office)
    assert work_on_runs(NOW) == 0
    assert count_certificates() == PORTION
    turn(start_run, run_id, office)
    while work_on_runs(NOW):
        pass
    assert (state_of(run_id), count_certificates()) == ("finished", 24)
    told = [entry.tag for entry in audit.list_entries(tag="certificates.run").entries]
    assert told == [
        "certificates.run_finished",
        "certificates.run_started",
        "certificates.run_stopped",
        "certificates.run_requested",
    ]


def test_stopping_in_the_middle_of_a_portion_is_obeyed_at_once(app, office, monkeypatch):
    scene = given_edition(NAMES)
    run_id = ask(scene, office)
    prepare, seen = commands.prepare, []

    def stopping(**arguments):
        seen.append(arguments)
        if len(seen) == 4:
            turn(stop_run, run_id, office)
        return prepare(**arguments)

    monkeypatch.setattr(commands, "prepare", stopping)
    work_on_runs(NOW)
    assert (state_of(run_id), count_certificates()) == ("stopped", 3)


@pytest.mark.parametrize("command", [start_run, stop_run])
def test_a_finished_batch_stays_finished(app, office, command):
    run_id = ask(given_edition(["A Een"]), office)
    work_on_runs(NOW)
    with pytest.raises(Conflict):
        turn(command, run_id, office)
    with pytest.raises(NotFound):
        turn(command, 404, office)


def test_who_is_not_ready_any_more_is_refused_with_the_reason_and_the_others_are_not_kept(app, office):
    scene = given_edition(["A Een", "B Geannuleerd", "C Heeft al", "D Vier"])
    run_id = ask(scene, office)
    scene.enrolments[1].state = "cancelled"
    db.session.commit()
    issue(scene.enrolments[2])
    work_on_runs(NOW)
    items = [(item.name, item.state, item.sentence) for item in queries.list_items(run_id)]
    assert items == [
        ("B Geannuleerd", "refused", "Deze inschrijving is geannuleerd."),
        ("C Heeft al", "refused", "Deze deelnemer heeft al een geldig certificaat."),
        ("A Een", "issued", ""),
        ("D Vier", "issued", ""),
    ]
    assert (state_of(run_id), queries.progress_of(run_id)) == ("finished", (0, 2, 2))


def test_a_certificate_that_cannot_be_printed_does_not_keep_the_others(app, office, monkeypatch):
    scene = given_edition(["A Een", "B Stuk", "C Drie"])
    broken_id, run_id = scene.enrolments[1].id, ask(scene, office)
    prepare = commands.prepare

    def printing(*, enrolment_id, **arguments):
        if enrolment_id == broken_id:
            raise ValueError("a sign without a shape")
        return prepare(enrolment_id=enrolment_id, **arguments)

    monkeypatch.setattr(commands, "prepare", printing)
    assert work_on_runs(NOW) == 3
    assert queries.progress_of(run_id) == (0, 2, 1)


def test_a_batch_that_somebody_works_on_waits_for_its_lease(app, office):
    run_id = ask(given_edition(["A Een"]), office)
    db.session.get(IssueRun, run_id).leased_until = NOW + LEASE
    db.session.commit()
    assert work_on_runs(NOW + LEASE - timedelta(seconds=1)) == 0
    assert work_on_runs(NOW + LEASE) == 1


def test_two_workers_at_once_double_nothing(app, office, monkeypatch):
    scene = given_edition(NAMES[:8])
    run_id = ask(scene, office)
    # Even if the lease did not hold: each enrolment is taken by one of them.
    monkeypatch.setattr(issue_runs, "_claim", lambda _now: (run_id, office.id))
    together = threading.Barrier(2)

    def work():
        with app.app_context():
            together.wait()
            work_on_runs(NOW)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert count_certificates() == 8
    assert queries.progress_of(run_id) == (0, 8, 0)
    assert db.session.scalar(select(func.count()).where(OutgoingMail.kind == "certificates.issued")) == 8


WORKER = """
import sys
from datetime import datetime
from portal.app import create_app
from portal.domain.certificates.issue_runs import work_on_runs
with create_app().app_context():
    print("ready", flush=True)
    while work_on_runs(datetime.fromisoformat(sys.argv[1])):
        pass
"""


def test_a_killed_worker_loses_nothing_and_doubles_nothing(app, office, settings):
    run_id = ask(given_edition(NAMES), office)
    environ = os.environ | {
        "PORTAL_DATABASE_URL": settings.database_url,
        "PORTAL_INSTANCE": str(settings.instance),
        "PORTAL_BASE_URL": settings.base_url,
    }
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, NOW.isoformat()], env=environ, cwd=ROOT, stdout=subprocess.PIPE
    )
    deadline = time.monotonic() + 30
    while count_certificates() < 3 and time.monotonic() < deadline:
        time.sleep(0.002)
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    killed_at = count_certificates()
    assert 3 <= killed_at < 24, "the worker was killed too early or too late to tell"
    while work_on_runs(NOW + LEASE):
        pass
    assert (state_of(run_id), queries.progress_of(run_id)) == ("finished", (0, 24, 0))
    numbers = db.session.scalars(select(Certificate.number).order_by(Certificate.id)).all()
    assert numbers == [f"EKC-2026-{serial:04d}" for serial in range(1, 25)]
    assert db.session.scalar(select(func.count()).where(OutgoingMail.kind == "certificates.issued")) == 24
    assert audit.verify() is None

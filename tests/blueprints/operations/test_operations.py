"""What machines ask: does it live, is it ready, how much does it do."""

import re
from datetime import timedelta
from typing import Any

import time_machine as travelling
from flask import Flask
from sqlalchemy import text

from portal import clock, heartbeat
from portal.db import db, transaction
from tests import factories
from tests.plugins.portal import PortalClient


def test_a_process_that_answers_lives(client: PortalClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_ready_is_database_migrations_and_worker(client: PortalClient) -> None:
    heartbeat.beat(clock.now())
    answer = client.get("/readyz")
    assert answer.json == {"status": "ok", "database": "ok", "migrations": "ok", "worker": "ok"}
    assert answer.status_code == 200


def test_not_ready_without_a_worker(client: PortalClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["worker"]) == (503, "never ran: run flask worker")
    heartbeat.beat(clock.now() - timedelta(minutes=5))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["worker"]) == (503, "silent for 300 seconds")


def test_not_ready_when_migrations_wait(client: PortalClient) -> None:
    heartbeat.beat(clock.now())
    with transaction():
        here = db.session.scalar(text("SELECT version_num FROM alembic_version"))
        db.session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    try:
        answer = client.get("/readyz")
    finally:
        with transaction():
            db.session.execute(text("UPDATE alembic_version SET version_num = :here"), {"here": here})
    assert answer.status_code == 503
    assert re.fullmatch(r"at 0000, should be at \w+: run flask db upgrade", answer.json["migrations"])


def test_not_ready_without_a_database(make_app: Any, settings: Any) -> None:
    elsewhere = make_app(database_url="postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    answer = elsewhere.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json["database"] == "does not answer (OperationalError)"


def test_metrics_count_answers_mail_and_the_workers_silence(app: Flask, client: PortalClient) -> None:
    person = factories.person(name="Geheime Naam", email="geheim@zorg.example")
    with transaction():
        from portal.domain.accounts import commands

        commands.ask_for_sign_in_link(email=person.email, language="nl", now=clock.now())
    heartbeat.beat(clock.now())
    client.get("/healthz")
    with travelling.travel(clock.now() + timedelta(seconds=30), tick=False):
        answer = client.get("/metrics")
    assert answer.mimetype == "text/plain"
    lines = answer.text.splitlines()
    assert 'portal_outbox_mails{state="queued"} 1' in lines
    assert any(re.fullmatch(r'portal_responses_total\{status="2xx",process="\d+"\} [1-9]\d*', line) for line in lines)
    silence = next(line.split()[1] for line in lines if line.startswith("portal_worker_heartbeat_age_seconds "))
    assert 29 < float(silence) < 32
    assert "geheim" not in answer.text.lower()

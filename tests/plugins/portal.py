"""The portal under test: one app per test process, on a real database that is put back before every test.

    def test_...(client, sign_in, as_role, count_queries): ...

`app` also holds an application context open, so that factories, queries and commands work in the test itself.
Requests of `client` run outside it, as they do behind a server: what the test wrote is committed first, and read
afresh afterwards.
"""

from __future__ import annotations

import contextvars
import dataclasses
import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from portal import audit, clock
from portal.app import create_app
from portal.audit import Actor
from portal.config import Argon2Cost, Settings
from portal.db import db, transaction
from portal.domain.accounts import commands as accounts
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.mail import OutgoingMail
from tests import calendar_judge, factories
from tests.page import Page
from tests.plugins.database import TestDatabase, without_durability
from tests.plugins.mail import Mailbox

BASE_URL = "https://leerkring.example"
SECRET_KEY = "only-for-tests-" + "x" * 32
# The least that argon2 accepts: what is tested is that it is asked, not how long it takes.
CHEAP_ARGON2 = Argon2Cost(time_cost=1, memory_kib=8, parallelism=1)


class PortalClient(FlaskClient):
    """Flask's test client over HTTPS. Every HTML page that it gets is checked against tests/page_shape.py, and every
    calendar by libical."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("base_url", BASE_URL)
        # A browser says which of our pages it comes from; Flask-WTF asks for it over HTTPS.
        kwargs.setdefault("environ_overrides", {}).setdefault("HTTP_REFERER", f"{BASE_URL}/")
        if has_app_context():
            # What the test wrote must be there for the request, and must not lock it out.
            db.session.commit()
        # A context of its own: else Flask shares the test's `g` and database session with every request.
        response = contextvars.Context().run(super().open, *args, **kwargs)
        if has_app_context():
            db.session.expire_all()
        is_redirect = 300 <= response.status_code < 400
        if response.mimetype == "text/html" and not is_redirect and response.request.method != "HEAD":
            Page.of(response, self).check()
        if response.mimetype == "text/calendar" and response.status_code == 200 and response.data:
            calendar_judge.approve(response.data)
        return response

    def visit(self, path: str, **kwargs: Any) -> Page:
        """The page at this address, after its redirects."""
        return Page.of(self.get(path, follow_redirects=True, **kwargs), self)

    def send(self, path: str, /, **fields: Any) -> TestResponse:
        """A POST with a good CSRF token, past any form: for what no button offers, such as somebody else's things."""
        return self.post(path, data={"csrf_token": self.csrf_token()} | fields)

    def csrf_token(self) -> str:
        """A token as Flask-WTF signs it, put in this client's session when it has none."""
        with self.session_transaction(base_url=BASE_URL) as session:
            secret = session.setdefault("csrf_token", hashlib.sha256(secrets.token_bytes(32)).hexdigest())
        return str(URLSafeTimedSerializer(self.application.secret_key or "", salt="wtf-csrf-token").dumps(secret))

    def sign_in(self, person: Person) -> PortalClient:
        """Signs this client in as a person, without the sign-in page and its password."""
        with transaction():
            token = accounts.start_session(person_id=person.id, actor=Actor.person(person.id), now=clock.now())
        with self.session_transaction(base_url=BASE_URL) as session:
            session["_user_id"] = token
            session["_fresh"] = True
        return self

    def sign_out(self) -> None:
        with self.session_transaction(base_url=BASE_URL) as session:
            session.clear()


class Queries(list[str]):
    """The SQL statements that were run, in order; BEGIN and the like are not counted."""

    def __str__(self) -> str:
        return f"{len(self)} queries:\n" + "\n".join(f"{n}. {' '.join(q.split())}" for n, q in enumerate(self, 1))


@pytest.fixture(scope="session")
def settings(database: TestDatabase, smtp_server: Mailbox, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings as in production, with this process's database and SMTP server and cheap passwords. No page is kept:
    what a test writes past the commands is in no log."""
    environ = {
        "PORTAL_ENV": "production",
        "PORTAL_DATABASE_URL": database.url,
        "PORTAL_INSTANCE": str(tmp_path_factory.mktemp("instance")),
        "PORTAL_SECRET_KEY": SECRET_KEY,
        "PORTAL_BASE_URL": BASE_URL,
        "PORTAL_MAIL_SERVER": smtp_server.host,
        "PORTAL_MAIL_PORT": str(smtp_server.port),
        "PORTAL_KEEP_PAGES": "0",
    }
    found = Settings.from_environ(environ)
    audit.make_key(found.evidence_key)
    return dataclasses.replace(found, testing=True, argon2=CHEAP_ARGON2)


@pytest.fixture(scope="session")
def portal(settings: Settings, database: TestDatabase) -> Flask:
    """The app of this test process, its database migrated. Tests use `app`."""
    made = build(settings)
    database.migrate(made)
    return made


@pytest.fixture
def app(portal: Flask, database: TestDatabase) -> Iterator[Flask]:
    """The app on a fresh database, with an application context around the test. What it leaves in the outbox must be
    calendars that libical approves of."""
    database.put_back(portal)
    reset_limits(portal)
    with portal.app_context():
        yield portal
        db.session.rollback()
        for calendar in db.session.scalars(select(OutgoingMail.calendar).distinct()):
            if calendar:
                calendar_judge.approve(calendar)
        db.session.rollback()


@pytest.fixture
def make_app(app: Flask, settings: Settings) -> Callable[..., Flask]:
    """Another app on the same database with other settings: `make_app(env="demo").test_client()`."""
    return lambda **changes: build(dataclasses.replace(settings, **changes))


@pytest.fixture
def client(app: Flask) -> PortalClient:
    """A visitor's browser, nobody signed in."""
    return new_client(app)


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Person], PortalClient]:
    """A browser of its own in which this person is signed in: `sign_in(factories.person())`."""
    return lambda person: new_client(app).sign_in(person)


@pytest.fixture
def as_role(app: Flask) -> Callable[[Role], PortalClient]:
    """A browser in which somebody with this role is signed in: `as_role(Role.OFFICE)`."""
    return lambda role: new_client(app).sign_in(factories.person(role=role))


@pytest.fixture
def count_queries(app: Flask) -> Callable[[], AbstractContextManager[Queries]]:
    """`with count_queries() as queries: client.get("/"); assert len(queries) <= 8, queries`"""

    @contextmanager
    def counting() -> Iterator[Queries]:
        queries = Queries()

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")):
                queries.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield queries
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return counting


def build(settings: Settings) -> Flask:
    app = create_app(settings)
    app.test_client_class = PortalClient
    without_durability(app)
    return app


def new_client(app: Flask) -> PortalClient:
    client = app.test_client()
    assert isinstance(client, PortalClient)
    return client


def reset_limits(app: Flask) -> None:
    """Forget how often this address asked before: limits outlive a request, and must not outlive a test."""
    for limiter in app.extensions.get("limiter", ()):
        limiter.reset()

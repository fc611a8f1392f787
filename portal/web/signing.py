"""Who is signed in. The one module that knows Flask-Login.

The cookie holds a random token; the database holds its hash and ends it when its person signs out."""

import re

from flask import Flask, g, has_request_context, request, session
from flask_login import LoginManager, current_user, login_user, logout_user

from portal import clock
from portal.audit import Actor
from portal.db import transaction
from portal.domain.accounts import commands, queries
from portal.domain.accounts.queries import SignedIn

AFTER_SIGN_IN = "after_sign_in"
# That a visitor opened the code at the door in time. It goes on to who signs in with it.
AT_THE_DOOR = "at_the_door"
ASKED = "asked_who_is_signed_in"
# One slash and no backslash or control character: browsers read //evil, /\evil and /<tab>/evil as another site.
OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


class _Visit:
    """What Flask-Login wants of a user, around the person and the token of this browser."""

    is_active = True
    is_authenticated = True
    is_anonymous = False

    def __init__(self, token: str, person: SignedIn) -> None:
        self.token = token
        self.person = person
        self.name = person.name
        self.roles = person.roles

    def get_id(self) -> str:
        return self.token


def init_signing(app: Flask) -> None:
    """Lets Flask-Login find the person behind a cookie: one query a request, none without a cookie."""
    manager = LoginManager(app)
    # The token is random, kept on the server and ended there; a check on address and browser signs out honest phones.
    manager.session_protection = None

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> _Visit | None:
        # Asked a second time in one request: the database failed the first. The error page is then a visitor's.
        if g.get(ASKED):
            return None
        setattr(g, ASKED, True)
        person = queries.find_signed_in(token, clock.now())
        return _Visit(token, person) if person else None


def current_person() -> SignedIn | None:
    """The signed-in person, or None."""
    return current_user.person if current_user and current_user.is_authenticated else None


def the_person() -> SignedIn:
    """The signed-in person in a view that is marked as for signed-in people only."""
    person = current_person()
    if person is None:
        raise RuntimeError("the_person() in a view that anybody may open")
    return person


def current_actor() -> Actor:
    """Who acts, for the audit log."""
    person = current_person() if has_request_context() else None
    return Actor.person(person.id) if person else Actor.visitor()


def start(person_id: int) -> None:
    """Signs this browser in as a person whose identity the caller made sure of."""
    with transaction():
        token = commands.start_session(person_id=person_id, actor=Actor.person(person_id), now=clock.now())
    remember(token)


def remember(token: str) -> None:
    """Gives this browser a session that a command started, in a fresh cookie: nothing of the visitor's stays but where
    to go next and that they stand at the door. Who was signed in here before is signed out."""
    before = current_token()
    if before:
        with transaction():
            commands.end_session(token=before, actor=current_actor(), now=clock.now())
    kept = {name: session[name] for name in (AFTER_SIGN_IN, AT_THE_DOOR) if name in session}
    session.clear()
    session.update(kept)
    person = queries.find_signed_in(token, clock.now())
    if person is None:
        raise RuntimeError("a session that was just started is not there")
    login_user(_Visit(token, person))


def current_token() -> str | None:
    """The token of this browser's session, or None."""
    return str(current_user.token) if current_user and current_user.is_authenticated else None


def end() -> None:
    """Signs this browser out: here and on the server."""
    token = current_token()
    if token:
        with transaction():
            commands.end_session(token=token, actor=current_actor(), now=clock.now())
    logout_user()
    session.clear()


def remember_page() -> None:
    """Notes the page that a visitor asked for, to go on to after signing in."""
    session[AFTER_SIGN_IN] = request.script_root + request.full_path.rstrip("?")


def page_after_sign_in() -> str | None:
    """The noted page, once, when it is a path of our own; None otherwise."""
    path = str(session.pop(AFTER_SIGN_IN, ""))
    return path if OWN_PATH.fullmatch(path) else None

"""Public pages that visitors get from a copy, as long as nothing has happened since it was made.

    @blueprint.get("/agenda")
    @public
    @kept

Every change of what these pages show writes an entry in the log, in its own transaction. So a copy is right while the
head of the log is the one that was read before its page was made (audit.find_head() says why), and one short statement
decides. Only the clock changes a page without an entry, when a training begins or a day ends: a copy lives for half a
minute.

Copies are for visitors who have no cookie of ours: for them a page depends on its address alone, since nobody is signed
in, nothing was flashed and no form was begun. A view with this mark does what it does for every visitor alike; limits,
access marks, headers and counting stand around it and hold for a copy as for a page that is made anew."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, current_app, request, session
from werkzeug.wrappers import Response

from portal import audit, clock
from portal.config import Settings
from portal.web.recent import Recent

View = TypeVar("View", bound=Callable[..., Response])
NAME = "portal.kept"
LONGEST = timedelta(seconds=30)
MOST = 500
MOST_BYTES = 16 * 1024 * 1024
# Each says that the answer is not for everybody, or decides by itself how long it may be kept.
NOT_FOR_ALL = ("Set-Cookie", "Vary", "Cache-Control")


@dataclass(frozen=True)
class Copy:
    """An answer, with the head of the log and the moment at which making it began."""

    head: str | None
    begun_at: datetime
    body: bytes
    headers: tuple[tuple[str, str], ...]

    def holds(self, head: str | None, now: datetime) -> bool:
        return self.head == head and timedelta() <= now - self.begun_at <= LONGEST


# By host, language's prefix, path and what stands after the question mark.
Address = tuple[str, str, str, bytes]
Copies = Recent[Address, Copy]


def init_kept(app: Flask, settings: Settings) -> None:
    """Gives the app its copies, unless the settings say that every page is made anew."""
    if settings.keep_pages:
        app.extensions[NAME] = Copies(most=MOST, most_bytes=MOST_BYTES)


def kept(view: View) -> View:
    """Answers visitors without a cookie from a copy while nothing happens. For pages that depend on their address, the
    clock and what the log speaks of, and on nothing else."""

    @wraps(view)
    def answer(*arguments: Any, **named: Any) -> Response:
        copies: Copies | None = current_app.extensions.get(NAME)
        if copies is None or not _is_visit():
            return view(*arguments, **named)
        now, head = clock.now(), audit.find_head()
        address = (request.host_url, request.script_root, request.path, request.query_string)
        copy = copies.find(address)
        if copy and copy.holds(head, now):
            return current_app.response_class(copy.body, headers=copy.headers)
        response = view(*arguments, **named)
        if _is_for_all(response):
            body = response.get_data()
            size = len(body) + sum(map(len, address))
            copies.keep(address, Copy(head, now, body, tuple(response.headers)), size)
        return response

    return cast(View, answer)


def _is_visit() -> bool:
    """Whether somebody only looks, and has no cookie of ours, not even one that is over. Flask notes that the session
    was asked, and tells caches on the way with `Vary: Cookie` that others get another page."""
    has_cookie = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
    return request.method in ("GET", "HEAD") and not has_cookie and not session


def _is_for_all(response: Response) -> bool:
    """Whether this answer may be given to others: a whole page without anything that is for this visitor alone. A form
    that posts has put its secret in the session."""
    is_plain = response.status_code == 200 and not session.modified
    return is_plain and response.is_sequence and not any(name in response.headers for name in NOT_FOR_ALL)

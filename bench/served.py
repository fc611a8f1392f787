"""The portal as the benchmarks serve it: with limits so wide that they never answer, and with the number of SQL
statements of every request in a header."""

import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import event

from portal.app import create_app
from portal.config import Limits, Settings
from portal.db import db

HEADER = "X-Statements"
WIDE = Limits(**{field.name: "1000000 per minute" for field in fields(Limits)})
# What opens and closes a transaction is no question to the database; SQLite and PostgreSQL show it differently.
NOT_COUNTED = ("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")

app = create_app(replace(Settings.from_environ(os.environ), limits=WIDE))
asked = threading.local()


def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if not statement.startswith(NOT_COUNTED):
        asked.statements = getattr(asked, "statements", 0) + 1


with app.app_context():
    event.listen(db.engine, "before_cursor_execute", count)

serve = app.wsgi_app


def counted(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    asked.statements = 0

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        return start_response(status, [*headers, (HEADER, str(asked.statements))], *rest)

    return serve(environ, start)


app.wsgi_app = counted  # type: ignore[method-assign,assignment]

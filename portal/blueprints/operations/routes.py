"""For machines: health, readiness, metrics."""

from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache

from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal import clock, heartbeat
from portal.blueprints.operations.metrics import count_answers, exposition
from portal.db import db
from portal.web.access import public

blueprint = Blueprint("operations", __name__)
count_answers(blueprint)
# The worker says so every ten seconds; a mail server that does not answer holds it up for thirty.
LONGEST_SILENCE = timedelta(seconds=90)


@blueprint.get("/healthz")
@public
def health() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def readiness() -> tuple[Response, int]:
    """Whether everything that a request needs is there: 503 that names what is not."""
    checks: dict[str, Callable[[], str]] = {"database": _database, "migrations": _migrations, "worker": _worker}
    found = {}
    for name, check in checks.items():
        try:
            found[name] = check()
        except SQLAlchemyError as fault:
            db.session.rollback()
            found[name] = f"does not answer ({type(fault).__name__})"
    is_ready = set(found.values()) == {"ok"}
    return jsonify(status="ok" if is_ready else "not ready", **found), 200 if is_ready else 503


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """Prometheus reads this."""
    return Response(exposition(), mimetype="text/plain; version=0.0.4")


def _database() -> str:
    db.session.execute(text("SELECT 1"))
    return "ok"


def _migrations() -> str:
    here = db.session.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    head = _head(current_app.extensions["migrate"].directory)
    return "ok" if here == [head] else f"at {', '.join(here) or 'none'}, should be at {head}: run flask db upgrade"


def _worker() -> str:
    beat_at = heartbeat.last_beat()
    if beat_at is None:
        return "never ran: run flask worker"
    silence = clock.now() - beat_at
    return "ok" if silence <= LONGEST_SILENCE else f"silent for {silence.total_seconds():.0f} seconds"


@lru_cache
def _head(directory: str) -> str:
    return ScriptDirectory(directory).get_current_head() or ""

"""Error pages in the portal's own look, each saying what happened and what to do."""

import logging
import secrets

from flask import Flask, Response, make_response, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from portal.db import db
from portal.errors import DomainError

KNOWN = {403, 404, 409, 413, 422, 429, 500}
log = logging.getLogger("portal.errors")


def init_error_pages(app: Flask) -> None:
    """Registers the pages; unknown statuses share one."""

    @app.errorhandler(CSRFError)
    def expired(error: CSRFError) -> Response:
        return _page("csrf", 400)

    @app.errorhandler(DomainError)
    def refused(error: DomainError) -> Response:
        db.session.rollback()
        return _page(str(error.status), error.status, sentence=error.sentence)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        status = error.code or 500
        if status < 400:
            return make_response(error.get_response())
        response = _page(str(status) if status in KNOWN else "other", status)
        for name in ("Allow", "Retry-After"):
            if value := error.get_response().headers.get(name):
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        if app.testing:
            raise error
        reference = secrets.token_hex(4)
        log.exception("error %s", reference)
        db.session.rollback()
        return _page("500", 500, reference=reference)


def _page(name: str, status: int, **context: str) -> Response:
    return make_response(render_template(f"errors/{name}.html", **context), status)

"""Pages: rendering with the right status, going on after a POST, and what every template may use."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from portal.config import Settings
from portal.web.forms import PortalForm
from portal.web.kept import init_kept
from portal.web.navigation import navigation
from portal.web.parts import init_parts
from portal.web.phones import init_phones
from portal.web.prefix import other_language_url
from portal.web.signing import current_person

A_YEAR = 31_536_000
STATIC = Path(__file__).parent.parent / "static"


def page(template: str, *, form: PortalForm | None = None, status: int = 200, **context: Any) -> Response:
    """A page. With a form that was refused the status is 422 (409 after a lost race) and the title begins with
    'Fout:'."""
    refused = form is not None and bool(form.errors)
    if refused and form is not None:
        status = form.status
    html = render_template(template, form=form, page_errors=refused, **context)
    return make_response(html, status)


def see_other(address: str) -> Response:
    """On to a page of ours after a POST (303), so that reloading it posts nothing again. `address` is from url_for."""
    return redirect(address, 303)


@lru_cache
def asset(name: str) -> str:
    """Address of a static file with a mark of its contents, so that browsers may keep it for a year."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


def _max_age(filename: str | None) -> int:
    """Seconds that a browser may keep a static file unasked. Scripts name one another without the mark of their
    contents, so of those it asks each time whether they are the same."""
    return 0 if filename and filename.startswith("js/") else A_YEAR


def init_pages(app: Flask, settings: Settings) -> None:
    """Gives the templates their names, the static files their long life, and what is kept of pages its place, on the
    server and on a phone."""
    app.get_send_file_max_age = _max_age  # type: ignore[method-assign]
    app.jinja_env.globals["asset"] = asset
    init_parts(app)
    init_kept(app, settings)
    init_phones(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def names() -> dict[str, Any]:
        if not hasattr(g, "language"):
            return {}
        return {
            "language": g.language,
            "navigation": navigation(),
            "sign_out_url": request.script_root + "/uitloggen" if current_person() else None,
            "other_language_url": other_language_url(),
            "here": request.path,
        }

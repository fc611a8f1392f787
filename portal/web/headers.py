"""Response headers that keep browsers strict, cookies that stay home, and hosts that we know."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from portal.config import Settings
from portal.web.signing import current_person


def policy(form_action: str = "'self'") -> str:
    """What a page may load, and where its forms may lead, redirects included."""
    return "; ".join(
        [
            "default-src 'self'",
            "img-src 'self' data:",
            "object-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            f"form-action {form_action}",
        ]
    )


POLICY = policy()
NO_DEVICES = "camera=(), geolocation=(), microphone=()"
MAX_BODY = 1024 * 1024
View = TypeVar("View", bound=Callable[..., Any])


def larger_body(most: int) -> Callable[[View], View]:
    """Lets the bodies for a view be so many bytes, of who is signed in."""

    def mark(view: View) -> View:
        view.most_body = most  # type: ignore[attr-defined]
        return view

    return mark


def with_camera(response: AnyResponse) -> AnyResponse:
    """Lets the scripts of this page ask for the camera, and decode what it sees beside the page. That worker makes
    itself from a text of its own script, so it has no address of ours."""
    response.headers["Permissions-Policy"] = NO_DEVICES.replace("camera=()", "camera=(self)")
    response.headers["Content-Security-Policy"] = f"{POLICY}; worker-src 'self' blob:"
    return response


def init_headers(app: Flask, settings: Settings) -> None:
    """Sets cookies, body limits, trusted hosts and the headers of every response."""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-leerkring" if settings.secure else "leerkring",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_BODY,
        MAX_FORM_PARTS=2000,
    )
    if not settings.testing:
        host = urlsplit(settings.base_url).hostname or ""
        app.config["TRUSTED_HOSTS"] = [host, "127.0.0.1", "localhost"]

    _init_bodies(app)

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers.setdefault("Permissions-Policy", NO_DEVICES)
        if settings.secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint != "static" and (current_person() or request.method == "POST"):
            response.headers["Cache-Control"] = "no-store"
        return response


def _init_bodies(app: Flask) -> None:
    """How much may be sent, looked at before anything else."""

    @app.before_request
    def allow_a_larger_body() -> None:
        """Before anything reads the form: the check of its token does."""
        most: int | None = getattr(app.view_functions.get(request.endpoint or ""), "most_body", None)
        if most is not None and current_person():
            request.max_content_length = most

    @app.before_request
    def measure_a_body_without_length() -> None:
        """413 for a body in chunks that is too large: Werkzeug alone cuts it off and goes on with the first part."""
        if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
            request.get_data(cache=True)
            request.stream.read(1)

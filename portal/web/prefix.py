"""English under /en, with the same paths.

The prefix moves from PATH_INFO to SCRIPT_NAME before Flask looks, so every route is written once and `url_for` stays in
the reader's language by itself."""

from collections.abc import Iterable
from typing import Any

from flask import Flask, g, request

from portal.language import DUTCH, ENGLISH

KEY = "portal.language"


class LanguagePrefix:
    """WSGI middleware: '/en/trainingen' becomes '/trainingen' with the language noted in the environment."""

    def __init__(self, application: Any) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        environ[KEY] = DUTCH
        if path == f"/{ENGLISH}" or path.startswith(f"/{ENGLISH}/"):
            environ[KEY] = ENGLISH
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + f"/{ENGLISH}"
            environ["PATH_INFO"] = path[len(ENGLISH) + 1 :] or "/"
        return self.application(environ, start_response)  # type: ignore[no-any-return]


def init_prefix(app: Flask) -> None:
    """Installs the middleware and tells each request its language."""
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]

    @app.before_request
    def remember_language() -> None:
        g.language = request.environ.get(KEY, DUTCH)


def other_language_url() -> str:
    """The same page in the other language."""
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    return f"{'' if g.language == ENGLISH else '/' + ENGLISH}{request.path}{query}"

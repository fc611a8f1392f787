"""Parts of public pages that say nothing but what they are given, rendered once per content.

A part is a template that uses only its arguments and the language. So equal arguments give the same markup, and the
markup is kept: the database is asked every time, only the writing out is saved, and nothing can be out of date. A part
never holds a form that posts, nor anything about who is looking."""

import pickle
from typing import Any

from flask import Flask, current_app, g
from markupsafe import Markup

from portal.web.recent import Recent

MOST = 500
MOST_BYTES = 8 * 1024 * 1024
NAME = "portal.parts"
# By template, language and arguments.
Parts = Recent[tuple[str, str, bytes], Markup]


def init_parts(app: Flask) -> None:
    """Gives templates `part()`."""
    app.extensions[NAME] = Parts(most=MOST, most_bytes=MOST_BYTES)
    app.jinja_env.globals["part"] = part


def part(template: str, /, decided_by: object = None, **arguments: Any) -> Markup:
    """The markup of a template with these arguments, which must be plain data: they are compared by their bytes.

    Arguments that are no plain data, such as a form, come with `decided_by`: plain data that decides how they look."""
    parts: Parts = current_app.extensions[NAME]
    key = (template, g.language, pickle.dumps(arguments if decided_by is None else decided_by))
    markup = parts.find(key)
    if markup is None:
        markup = Markup(current_app.jinja_env.get_template(template).render(arguments))  # noqa: S704, a template escapes
        parts.keep(key, markup, len(markup) + len(key[2]))
    return markup

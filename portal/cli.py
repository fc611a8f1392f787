"""Commands for operators: thin, each calls the domain. `flask --app wsgi COMMAND`."""

from flask import Flask


def register(app: Flask) -> None:
    """Adds the portal's commands to `flask`."""

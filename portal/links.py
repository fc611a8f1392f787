"""Absolute addresses for mail, calendar and QR codes, made from the configured base address and never from a request,
so that a forged Host header cannot end up in anybody's mail."""

from flask import current_app

from portal.language import DUTCH


def link(path: str, language: str = DUTCH) -> str:
    """The absolute address of `path` (beginning with '/'), in `language`."""
    if not path.startswith("/"):
        raise ValueError(f"a path begins with a slash: {path!r}")
    prefix = "" if language == DUTCH else f"/{language}"
    return f"{current_app.config['PORTAL'].base_url}{prefix}{path}"

"""A database that fails: people get our error page, also who is signed in."""

import dataclasses
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from portal.app import create_app
from portal.config import Settings
from portal.db import db


@pytest.fixture
def failing(settings: Settings, tmp_path: Path) -> Flask:
    """The portal as it runs for people, on a database that answers nothing."""
    app = create_app(dataclasses.replace(settings, testing=False, instance=tmp_path))
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", _fail)
    return app


def _fail(*_arguments: object) -> None:
    raise OSError("the disk is gone")


@pytest.mark.parametrize("path", ["/trainingen", "/mijn", "/inloggen", "/nergens"])
def test_who_is_signed_in_gets_our_own_error_page_too(failing: Flask, settings: Settings, path: str):
    client = failing.test_client()
    with client.session_transaction(base_url=settings.base_url) as session:
        session["_user_id"] = "a-token"
    answer = client.get(path, base_url=settings.base_url)
    assert answer.status_code == 500
    assert "Er ging iets mis bij ons" in answer.text

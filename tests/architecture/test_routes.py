"""Who may open what, over every address of the portal and every role."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.routing import IntegerConverter, Rule

from portal.db import db
from portal.domain.accounts.rules import Role
from tests import factories
from tests.plugins.portal import PortalClient

NOBODY_HAS = 987_654_321


def addresses(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every rule with an address that leads to it; the things it names do not exist."""
    urls = app.url_map.bind("leerkring.example", url_scheme="https")
    for rule in app.url_map.iter_rules():
        values = {
            name: NOBODY_HAS if isinstance(converter, IntegerConverter) else "bestaat-niet"
            for name, converter in rule._converters.items()
        }
        yield rule, urls.build(rule.endpoint, values, method=min(rule.methods or {"GET"}))


def ask(client: PortalClient, rule: Rule, address: str) -> int:
    if "GET" in (rule.methods or ()):
        return client.get(address).status_code
    return client.send(address).status_code


def roles_of(app: Flask, rule: Rule) -> frozenset[Role] | None:
    mark = app.view_functions[rule.endpoint].access_mark  # type: ignore[attr-defined]
    roles: frozenset[Role] | None = mark.roles
    return roles


def test_every_view_says_who_may_open_it(app: Flask):
    unmarked = [name for name, view in app.view_functions.items() if not hasattr(view, "access_mark")]
    assert unmarked == []


def test_a_visitor_is_asked_to_sign_in_for_all_that_is_not_public(app: Flask, client: PortalClient):
    open_to_all = [
        f"{rule.rule} answered {status}"
        for rule, address in addresses(app)
        if roles_of(app, rule) is not None and (status := ask(client, rule, address)) != 303
    ]
    assert open_to_all == []


@pytest.mark.parametrize("role", Role)
def test_a_role_opens_what_is_marked_for_it_and_nothing_else(
    app: Flask, sign_in: Callable[..., PortalClient], role: Role
):
    person = factories.person(role=role)
    wrong = []
    for rule, address in addresses(app):
        marked = roles_of(app, rule)
        if marked and rule.endpoint != "accounts.sign_out":
            refused = ask(sign_in(person), rule, address) == 403
            # Everybody who signs in is a participant too.
            if refused != (not marked & {role, Role.PARTICIPANT}):
                wrong.append(f"{rule.rule} was {'refused' if refused else 'opened'} to {role}")
    assert wrong == []


@pytest.mark.parametrize("role", Role)
def test_looking_changes_nothing(app: Flask, sign_in: Callable[..., PortalClient], role: Role):
    """Save one thing: the trail of who of the staff saw whose data."""
    client = sign_in(factories.person(role=role))
    changes: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        words = statement.split()
        if words[0] in ("INSERT", "UPDATE", "DELETE") and "audit_" not in statement:
            changes.append(f"{rule.rule}: {' '.join(words)[:100]}")

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        for rule, address in addresses(app):
            if "GET" in (rule.methods or ()):
                client.get(address)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert changes == []

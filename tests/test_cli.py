"""The commands of an operator: what they do, and what they say when they cannot."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.audit.models import AuditEntry
from portal.db import db, transaction
from portal.domain.accounts import commands
from portal.domain.accounts.models import ApiToken, Person, RoleGrant
from portal.domain.accounts.passwords import matches
from portal.domain.accounts.queries import find_by_email, hash_token
from portal.mail import MailState, OutgoingMail
from tests import factories
from tests.plugins.mail import Mailbox

PASSWORD = "vier losse woorden samen"


def run(app: Flask, *arguments: str, given: str = "") -> tuple[int, str]:
    """Exit status and what was printed."""
    db.session.commit()
    result = app.test_cli_runner().invoke(args=list(arguments), input=given)
    db.session.expire_all()
    return result.exit_code, result.output.strip()


def test_an_account_is_added_with_a_role_and_a_password(app: Flask) -> None:
    done = run(
        app,
        *("user", "add", "Sule@Zorg.example", "--name", "Şule", "--role", "office", "--password-stdin"),
        given=f"{PASSWORD}\n",
    )
    assert done == (0, "Sule@zorg.example signs in with this password at https://leerkring.example/inloggen")
    person = find_by_email("sule@zorg.example")
    assert person is not None
    assert (person.name, matches(person.password_hash, PASSWORD)) == ("Şule", True)
    assert db.session.scalars(select(RoleGrant.role)).all() == ["office"]
    assert set(db.session.execute(select(AuditEntry.actor_kind, AuditEntry.via))) == {("system", "cli")}


def test_an_account_that_is_there_gets_more_roles_and_keeps_its_name(app: Flask) -> None:
    person = factories.person(email="sule@zorg.example", name="Şule Yılmaz")
    arguments = ("--role", "trainer", "--role", "organisation", "--organisation", "Zorggroep De Brug")
    for _again in range(2):
        assert run(app, "user", "add", "sule@zorg.example", "--name", "Iemand", *arguments)[0] == 0
    assert person.name == "Şule Yılmaz"
    assert db.session.scalars(select(RoleGrant.role).order_by(RoleGrant.id)).all() == ["trainer", "organisation"]


def test_a_token_is_shown_once_and_kept_as_a_hash(app: Flask) -> None:
    factories.person(email="sule@zorg.example")
    status, token = run(app, "user", "token", "sule@zorg.example", "--scope", "read", "--scope", "write")
    assert (status, token[:3]) == (0, "lk_")
    assert db.session.execute(select(ApiToken.token_hash, ApiToken.scope)).one() == (hash_token(token), "read write")


@pytest.mark.parametrize(
    ("arguments", "given", "complaint"),
    [
        (["add", "geen adres", "--name", "X", "--role", "office"], "", "An email address must have an @-sign."),
        (["add", "x@zorg.example", "--name", "X", "--role", "baas"], "", "'baas' is not one of"),
        (["add", "x@zorg.example", "--name", "X", "--role", "organisation"], "", "needs --organisation NAME"),
        (
            ["add", "x@zorg.example", "--name", "X", "--role", "office", "--password-stdin"],
            "kort\n",
            "Kies een wachtwoord van 12 tekens of meer.",
        ),
        (["token", "niemand@zorg.example"], "", "nobody has the address niemand@zorg.example"),
    ],
)
def test_a_wrong_command_says_what_is_wrong_and_changes_nothing(
    app: Flask, arguments: list[str], given: str, complaint: str
) -> None:
    status, said = run(app, "user", *arguments, given=given)
    assert status != 0
    assert complaint in said
    assert db.session.scalars(select(Person.id)).all() == []


def test_the_worker_does_once_what_is_due(app: Flask, mailbox: Mailbox) -> None:
    factories.person(email="sule@zorg.example")
    db.session.commit()
    with transaction():
        commands.ask_for_sign_in_link(email="sule@zorg.example", language="nl", now=clock.now())
    assert run(app, "worker", "--once") == (0, "1 done")
    assert mailbox.only(to="sule@zorg.example")["Subject"] == "Je inloglink voor Leerkring"
    assert db.session.scalars(select(OutgoingMail.state)).all() == [MailState.SENT]

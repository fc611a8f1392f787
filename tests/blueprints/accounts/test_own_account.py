"""One's own account: roles, password, sessions."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.audit import Actor
from portal.audit.models import AuditEntry
from portal.db import db, transaction
from portal.domain.accounts import commands
from portal.domain.accounts.models import BrowserSession
from portal.domain.accounts.passwords import hash_password, matches
from portal.domain.accounts.rules import Role
from tests import factories
from tests.page import Form
from tests.plugins.portal import PortalClient

COMMON = "Dit wachtwoord kiezen veel mensen. Kies bijvoorbeeld vier woorden die niet bij elkaar horen."
GOOD = "vier losse woorden samen"


def sessions_of(person_id: int) -> list[bool]:
    """Whether each session of a person goes on, in order of starting."""
    rows = db.session.scalars(select(BrowserSession).filter_by(person_id=person_id).order_by(BrowserSession.id))
    return [row.ended_at is None for row in rows]


def test_the_account_shows_who_one_is_and_where_each_role_begins(sign_in: Any) -> None:
    person = factories.person(role=Role.TRAINER, name="Noor van Dijk", email="noor@zorg.example")
    factories.grant(person, Role.COORDINATOR)
    page = sign_in(person).visit("/account")
    facts = page.facts()
    assert (facts["Naam"], facts["E-mailadres"]) == ("Noor van Dijk", "noor@zorg.example")
    starts = [link for link in page.links if link.text.startswith("Startpagina")]
    assert [(link.text, link.href) for link in starts] == [
        ("Startpagina als deelnemer", "/mijn"),
        ("Startpagina als trainer", "/trainer"),
        ("Startpagina als coördinator", "/coordinator"),
    ]


def test_who_has_no_password_sets_one_without_an_old_one(sign_in: Any) -> None:
    person = factories.person()
    page = sign_in(person).visit("/account").follow("Wijzig wachtwoord")
    assert [field.get("name") for field in page.find("//input[@type='password']")] == ["password"]
    assert page.submit("Bewaar", password=GOOD).address == "/account"
    assert matches(person.password_hash, GOOD)
    tags = db.session.scalars(select(AuditEntry.tag).order_by(AuditEntry.seq)).all()
    assert tags == ["accounts.signed_in", "accounts.password_set"]


@pytest.mark.parametrize("current", ["", "een ander wachtwoord"])
def test_who_has_a_password_must_know_it_to_change_it(sign_in: Any, current: str) -> None:
    person = factories.person(password_hash=hash_password("het oude wachtwoord"))
    page = sign_in(person).visit("/account/wachtwoord").submit("Bewaar", current=current, password=GOOD)
    assert (page.status, [error.href for error in page.errors]) == (422, ["#current"])
    assert matches(person.password_hash, "het oude wachtwoord")


def test_who_came_in_by_mail_may_choose_a_new_password_without_the_old(client: PortalClient) -> None:
    person = factories.person(password_hash=hash_password("het vergeten wachtwoord"))
    with transaction():
        token = commands.create_sign_in_link(person_id=person.id, now=clock.now())
    client.send(f"/inloggen/link/{token}")
    page = client.visit("/account/wachtwoord")
    assert page.submit("Bewaar", password=GOOD).address == "/account"
    assert matches(person.password_hash, GOOD)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "Vul een nieuw wachtwoord in"),
        ("elf tekens!", "Kies een wachtwoord van 12 tekens of meer."),
        ("mijn Dewi wachtwoord", "Kies een wachtwoord zonder je naam of je e-mailadres erin."),
        (
            "welkom123456!",
            "Dit wachtwoord kiezen veel mensen. Kies bijvoorbeeld vier woorden die niet bij elkaar horen.",
        ),
        ("x" * 201, "Vul een wachtwoord van hoogstens 200 tekens in"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(sign_in: Any, password: str, sentence: str) -> None:
    person = factories.person(name="Dewi Hardjo", email="dh@zorg.example")
    page = sign_in(person).visit("/account/wachtwoord").submit("Bewaar", password=password)
    assert page.status == 422
    assert page.errors == [(sentence, "#password")]
    assert person.password_hash is None


def test_a_new_password_ends_the_sessions_elsewhere_and_not_this_one(sign_in: Any) -> None:
    person, other = factories.person(), factories.person()
    elsewhere, here = sign_in(person), sign_in(person)
    sign_in(other)
    here.visit("/account/wachtwoord").submit("Bewaar", password=GOOD)
    assert (sessions_of(person.id), sessions_of(other.id)) == ([False, True], [True])
    assert elsewhere.get("/account").status_code == 303


def test_one_session_is_ended_from_the_list(sign_in: Any) -> None:
    person = factories.person()
    elsewhere, here = sign_in(person), sign_in(person)
    page = here.visit("/account")
    rows = page.table("Sessies, de nieuwste eerst. Na zestien uur eindigt een sessie vanzelf.")
    assert [row["Beëindigen"].split(" de ")[0] for row in rows] == ["Deze browser", "Beëindig"]
    buttons = [words for form in page.document.iter("form") for words in Form(page, form).buttons]
    button = next(words for words in buttons if words.startswith("Beëindig"))
    assert page.submit(button).status == 200
    assert sessions_of(person.id) == [False, True]
    assert elsewhere.get("/account").status_code == 303


def test_somebody_elses_session_is_not_there(sign_in: Any) -> None:
    victim, attacker = factories.person(), factories.person()
    sign_in(victim)
    session_id = db.session.scalar(select(BrowserSession.id).filter_by(person_id=victim.id))
    assert sign_in(attacker).send(f"/account/sessies/{session_id}/beeindigen").status_code == 404
    assert sessions_of(victim.id) == [True]


def test_signing_out_everywhere_ends_every_session_of_this_person_only(sign_in: Any) -> None:
    person, other = factories.person(), factories.person()
    sign_in(other)
    sign_in(person)
    page = sign_in(person).visit("/account").submit("Overal uitloggen")
    assert (page.h1, "Je bent overal uitgelogd." in page.text) == ("Inloggen", True)
    assert (sessions_of(person.id), sessions_of(other.id)) == ([False, False], [True])


def test_the_account_asks_as_many_queries_for_thirty_sessions_as_for_one(
    app: Flask, sign_in: Any, count_queries: Any
) -> None:
    person = factories.person()
    client = sign_in(person)
    numbers = []
    for more in (0, 29):
        for _ in range(more):
            with transaction():
                commands.start_session(person_id=person.id, actor=Actor.person(person.id), now=clock.now())
        with count_queries() as queries:
            client.get("/account")
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] <= 4

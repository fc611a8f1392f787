"""Signing in by link and by password: the same answer and the same work for an address that nobody has."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine as travelling
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.audit.models import AuditEntry
from portal.db import db, transaction
from portal.domain.accounts import commands
from portal.domain.accounts.models import BrowserSession, Person, SignInLink
from portal.domain.accounts.passwords import hash_password, is_outdated
from portal.domain.accounts.rules import Role
from portal.mail import OutgoingMail
from tests import factories
from tests.plugins.portal import PortalClient

PASSWORD = "vier losse woorden samen"


def somebody(**values: Any) -> Person:
    person = factories.person(email="sule@zorg.example", **values)
    person.password_hash = hash_password(PASSWORD)
    db.session.flush()
    return person


def mails() -> list[OutgoingMail]:
    return list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def link_in(mail: OutgoingMail) -> str:
    found = re.search(r"https://leerkring\.example(\S*/inloggen/link/\S+)", mail.text_body)
    assert found, mail.text_body
    return found[1]


def ask_for_link(client: PortalClient, email: str) -> Any:
    return client.visit("/inloggen").submit("Mail mij een inloglink", email=email)


def test_a_link_by_mail_signs_in_once(client: PortalClient) -> None:
    factories.person(email="sule@zorg.example")
    assert ask_for_link(client, " Sule@Zorg.example ").h1 == "Kijk in je mail"
    address = link_in(mails()[0])
    assert client.visit(address).submit("Inloggen").address == "/mijn"
    assert client.get("/account").status_code == 200
    client.sign_out()
    again = client.visit(address).submit("Inloggen")
    assert (again.status, again.h1) == (404, "Deze link werkt niet meer")
    assert client.get("/account").status_code == 303


def test_a_mail_scanner_that_opens_the_link_does_not_use_it_up(client: PortalClient) -> None:
    factories.person(email="sule@zorg.example")
    ask_for_link(client, "sule@zorg.example")
    address = link_in(mails()[0])
    answers = [client.get(address), client.head(address), client.get(address)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert answers[0].headers["Cache-Control"] == "no-store"
    assert client.visit(address).submit("Inloggen").address == "/mijn"


def test_a_link_works_for_half_an_hour(client: PortalClient) -> None:
    person = factories.person()
    with transaction():
        tokens = [commands.create_sign_in_link(person_id=person.id, now=clock.now()) for _ in range(2)]
    with travelling.travel(clock.now() + timedelta(minutes=29)):
        assert client.send(f"/inloggen/link/{tokens[0]}").status_code == 303
    client.sign_out()
    with travelling.travel(clock.now() + timedelta(minutes=31)):
        assert client.send(f"/inloggen/link/{tokens[1]}").status_code == 404


def test_a_link_is_kept_as_a_hash_only(client: PortalClient) -> None:
    factories.person(email="sule@zorg.example")
    ask_for_link(client, "sule@zorg.example")
    token = link_in(mails()[0]).rpartition("/")[2]
    assert [len(row.token_hash) for row in db.session.scalars(select(SignInLink))] == [64]
    assert db.session.scalar(select(SignInLink.id).where(SignInLink.token_hash == token)) is None


def test_the_link_mail_speaks_its_readers_language(client: PortalClient) -> None:
    factories.person(email="sule@zorg.example", language="en")
    ask_for_link(client, "sule@zorg.example")
    assert link_in(mails()[0]).startswith("/en/inloggen/link/")


def test_an_unknown_address_gets_the_same_answer_and_a_mail_without_a_link(client: PortalClient) -> None:
    factories.person(email="sule@zorg.example")
    pages = [ask_for_link(client, email) for email in ("sule@zorg.example", "niemand@zorg.example")]
    assert pages[0].text == pages[1].text
    known, unknown = mails()
    assert (unknown.to_address, unknown.to_name, unknown.person_id) == ("niemand@zorg.example", "", None)
    assert (unknown.subject, "/link/" in unknown.text_body) == (known.subject, False)


def test_asking_for_a_link_is_the_same_work_for_an_unknown_address(client: PortalClient, count_queries: Any) -> None:
    factories.person(email="sule@zorg.example")
    page = client.visit("/inloggen")
    work = []
    for email in ("sule@zorg.example", "niemand@zorg.example"):
        with count_queries() as queries:
            client.post("/inloggen", data=page.form("Mail mij een inloglink").data(None, {"email": email}))
        work.append([query.split()[0] for query in queries])
    # Where a known address has its link added, an unknown one has an update of no row.
    assert [word.replace("INSERT", "UPDATE") for word in work[0]] == [
        word.replace("INSERT", "UPDATE") for word in work[1]
    ]


@pytest.mark.parametrize("email", ["sule@zorg.example", "zonder@zorg.example", "niemand@zorg.example"])
def test_a_wrong_password_is_the_same_work_and_answer_for_every_address(
    client: PortalClient, count_queries: Any, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    somebody()
    factories.person(email="zonder@zorg.example")
    checked: list[str] = []
    real = PasswordHasher.verify

    def counted(self: PasswordHasher, password_hash: str, password: str) -> Any:
        checked.append(password_hash.rpartition("$")[0].rpartition("$")[0])
        return real(self, password_hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    page = client.visit("/inloggen")
    with count_queries() as queries:
        refused = page.submit("Inloggen", email=email, password="een verkeerd wachtwoord")
    assert checked == ["$argon2id$v=19$m=8,t=1,p=1"]
    assert len(queries) == 1, queries
    assert (refused.status, refused.title[:5]) == (422, "Fout:")
    sentence = "Dit e-mailadres en wachtwoord horen niet bij elkaar. Kijk ze na, of vraag een link."
    assert refused.errors == [(sentence, "#password")]
    assert refused.form("Inloggen").values["email"] == [email]
    assert refused.form("Inloggen").values["password"] == [""]


def test_a_refused_sign_in_is_logged_without_the_address(client: PortalClient, caplog: Any) -> None:
    somebody()
    page = client.visit("/inloggen")
    for email in ("sule@zorg.example", "Sule@zorg.example", "anna@zorg.example"):
        page.submit("Inloggen", email=email, password="een verkeerd wachtwoord")
    client.send("/inloggen/link/" + "a" * 43)
    said = [record.getMessage() for record in caplog.records if record.name == "portal.accounts"]
    first, again, other, link = said
    assert first.startswith("sign-in refused: wrong password for ")
    assert (first == again, first == other) == (True, False)
    assert link == "sign-in refused: link used, expired or unknown"
    for secret in ("sule", "anna", "zorg.example", "verkeerd wachtwoord", "aaaa"):
        assert secret not in "".join(said)


def test_a_password_signs_in(client: PortalClient) -> None:
    somebody(role=Role.OFFICE)
    assert client.visit("/inloggen").submit("Inloggen", email="sule@zorg.example", password=PASSWORD).address == (
        "/bureau"
    )


def test_a_button_for_a_link_mails_one_though_a_password_was_typed(client: PortalClient) -> None:
    somebody()
    page = client.visit("/inloggen").submit("Mail mij een inloglink", email="sule@zorg.example", password="kwijt")
    assert (page.h1, len(mails())) == ("Kijk in je mail", 1)


@pytest.mark.parametrize("email", ["", "naam", "a@x.nl, b@x.nl", "a@b.nl\r\nBcc: c@d.nl", "@x.nl", "a" * 260 + "@x.nl"])
def test_what_is_no_address_comes_back_with_a_message(client: PortalClient, email: str) -> None:
    page = client.visit("/inloggen").submit("Inloggen", email=email)
    assert page.status == 422
    assert [error.href for error in page.errors] == ["#email"]
    assert mails() == []


def test_a_hash_of_another_cost_is_renewed_at_sign_in(app: Flask, client: PortalClient) -> None:
    person = somebody()
    costlier = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    person.password_hash = costlier.hash(PASSWORD)
    db.session.commit()
    client.visit("/inloggen").submit("Inloggen", email="sule@zorg.example", password=PASSWORD)
    assert person.password_hash is not None
    assert not is_outdated(person.password_hash)
    client.sign_out()
    page = client.visit("/inloggen").submit("Inloggen", email="sule@zorg.example", password=PASSWORD)
    assert page.address == "/mijn"


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.PARTICIPANT, "/mijn"),
        (Role.TRAINER, "/trainer"),
        (Role.ORGANISATION, "/organisatie"),
        (Role.COORDINATOR, "/coordinator"),
        (Role.REGIONAL_MANAGER, "/regio"),
        (Role.OFFICE, "/bureau"),
        (Role.AUDITOR, "/audit"),
        (Role.ADMIN, "/bureau"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_role_begins_on_its_own_page(client: PortalClient, role: Role, path: str, prefix: str) -> None:
    person = factories.person(role=role)
    with transaction():
        token = commands.create_sign_in_link(person_id=person.id, now=clock.now())
    assert client.send(f"{prefix}/inloggen/link/{token}").location == prefix + path


def test_after_signing_in_one_goes_on_to_the_page_that_was_asked_for(client: PortalClient) -> None:
    somebody()
    page = client.visit("/account?van=mail")
    assert page.h1 == "Inloggen"
    assert page.submit("Inloggen", email="sule@zorg.example", password=PASSWORD).address == "/account?van=mail"
    client.visit("/account").submit("Uitloggen")
    later = client.visit("/inloggen").submit("Inloggen", email="sule@zorg.example", password=PASSWORD)
    assert later.address == "/mijn"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//kwaad.example",
        "/\\kwaad.example",
        "/\t/kwaad.example",
        "https://kwaad.example",
        "kwaad",
        "/a\r\nX: y",
        "/ /x",
    ],
)
def test_no_remembered_page_leads_away_from_the_portal(client: PortalClient, elsewhere: str) -> None:
    person = factories.person()
    with transaction():
        token = commands.create_sign_in_link(person_id=person.id, now=clock.now())
    client.csrf_token()
    with client.session_transaction(base_url="https://leerkring.example") as session:
        session["after_sign_in"] = elsewhere
    assert client.send(f"/inloggen/link/{token}").location == "/mijn"


def test_signing_out_ends_the_session_on_the_server_so_that_a_copied_cookie_is_worth_nothing(
    app: Flask, client: PortalClient
) -> None:
    client.sign_in(factories.person())
    stolen = client.get_cookie("__Host-leerkring", domain="leerkring.example")
    assert stolen is not None
    assert client.visit("/account").submit("Uitloggen").status == 200
    thief = app.test_client()
    thief.set_cookie("__Host-leerkring", stolen.value, domain="leerkring.example", secure=True)
    assert thief.get("/account").status_code == 303
    assert db.session.scalar(select(BrowserSession.ended_at)) is not None


def test_signing_in_replaces_the_cookie_and_ends_who_was_signed_in_here(client: PortalClient) -> None:
    first, second = factories.person(), factories.person()
    client.sign_in(first)
    with client.session_transaction(base_url="https://leerkring.example") as session:
        session["something"] = "of the visitor"
    with transaction():
        token = commands.create_sign_in_link(person_id=second.id, now=clock.now())
    client.send(f"/inloggen/link/{token}")
    with client.session_transaction(base_url="https://leerkring.example") as session:
        assert "something" not in session
    ended = {row.person_id: row.ended_at is not None for row in db.session.scalars(select(BrowserSession))}
    assert ended == {first.id: True, second.id: False}


def test_a_session_lasts_sixteen_hours(client: PortalClient) -> None:
    client.sign_in(factories.person())
    with travelling.travel(clock.now() + timedelta(hours=15, minutes=59)):
        assert client.get("/account").status_code == 200
    with travelling.travel(clock.now() + timedelta(hours=16, minutes=1)):
        assert client.get("/account").status_code == 303


def test_signing_in_and_out_is_in_the_log(client: PortalClient) -> None:
    person = somebody()
    client.visit("/inloggen").submit("Inloggen", email="sule@zorg.example", password=PASSWORD)
    client.visit("/account").submit("Uitloggen")
    tags = db.session.execute(select(AuditEntry.tag, AuditEntry.actor_id).order_by(AuditEntry.seq)).all()
    assert tags == [("accounts.signed_in", person.id), ("accounts.signed_out", person.id)]


def test_a_link_that_eight_browsers_use_at_once_signs_in_one(app: Flask) -> None:
    person = factories.person()
    with transaction():
        token = commands.create_sign_in_link(person_id=person.id, now=clock.now())
    browsers = [app.test_client() for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda browser: browser.send(f"/inloggen/link/{token}").status_code, browsers))
    assert sorted(answers) == [303, *[404] * 7]
    assert len(db.session.scalars(select(BrowserSession.id)).all()) == 1

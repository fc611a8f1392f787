"""What keeps strangers out whatever the page: CSRF, hosts, bodies, headers, cookies, redirects."""

import io
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.db import transaction
from portal.domain.accounts import commands
from portal.domain.accounts.rules import Role
from portal.web.headers import MAX_BODY
from tests import factories
from tests.architecture.test_routes import addresses
from tests.plugins.portal import PortalClient

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'"
)


def test_every_unsafe_request_asks_for_a_csrf_token(app: Flask, sign_in: Any) -> None:
    admin = factories.person(role=Role.ADMIN)
    for role in Role:
        if role not in (Role.ADMIN, Role.PARTICIPANT):
            factories.grant(admin, role)
    client, asked, open_to_others = sign_in(admin), 0, []
    for rule, address in addresses(app):
        for method in sorted({"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set())):
            asked += 1
            for form in ({}, {"csrf_token": "van-elders"}):
                status = client.open(address, method=method, data=form).status_code
                if status != 400:
                    open_to_others.append(f"{method} {rule.rule} answered {status}")
    assert open_to_others == []
    assert asked > 5


def test_a_form_of_another_session_is_refused_in_words(app: Flask, client: PortalClient) -> None:
    other = app.test_client()
    assert isinstance(other, PortalClient)
    token = other.csrf_token()
    client.csrf_token()
    answer = client.post("/inloggen", data={"csrf_token": token, "email": "dewi@zorg.example"})
    assert answer.status_code == 400
    assert "Deze pagina is verlopen" in answer.text


BIG = "x" * (MAX_BODY + 1)
BODIES = {
    "urlencoded": {"data": {"email": BIG}},
    "multipart": {"data": {"email": BIG}, "content_type": "multipart/form-data"},
    "a file": {"data": {"email": (io.BytesIO(BIG.encode()), "groot.txt")}},
    "json": {"data": BIG, "content_type": "application/json"},
    "plain text": {"data": BIG, "content_type": "text/plain"},
    "no type": {"data": BIG},
}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("address", ["/inloggen", "/inloggen/link/abc", "/uitloggen"])
def test_a_body_that_is_too_large_is_413_in_every_encoding(client: PortalClient, body: str, address: str) -> None:
    sent = dict(BODIES[body])
    if body == "a file":
        sent = {"data": {"email": (io.BytesIO(BIG.encode()), "groot.txt")}}
    answer = client.post(address, headers={"X-CSRFToken": client.csrf_token()}, **sent)
    assert (answer.status_code, "Dat is te groot om te versturen" in answer.text) == (413, True)


@pytest.mark.parametrize(("size", "status"), [(1000, 422), (MAX_BODY + 1, 413)])
def test_a_body_in_chunks_is_measured_too(client: PortalClient, size: int, status: int) -> None:
    body = f"csrf_token={client.csrf_token()}&email={'x' * size}"
    answer = client.post(
        "/inloggen",
        input_stream=io.BytesIO(body.encode()),
        content_type="application/x-www-form-urlencoded",
        headers={"Transfer-Encoding": "chunked"},
        environ_base={"wsgi.input_terminated": True},
    )
    assert answer.status_code == status


@pytest.mark.parametrize("host", ["kwaad.example", "leerkring.example.kwaad.nl", "leerkring.example@kwaad.nl", ""])
def test_a_forged_host_is_400(make_app: Any, host: str) -> None:
    client = make_app(testing=False).test_client()
    assert client.get("/inloggen", headers={"Host": host}).status_code == 400
    assert client.get("/inloggen", headers={"Host": "leerkring.example"}).status_code == 200


def test_a_forged_host_reaches_no_mail(make_app: Any) -> None:
    from sqlalchemy import select

    from portal.db import db
    from portal.mail import OutgoingMail

    factories.person(email="dewi@zorg.example")
    client = make_app(testing=False).test_client()
    headers = {"Host": "leerkring.example", "X-Forwarded-Host": "kwaad.example", "X-Forwarded-Proto": "http"}
    form = {"email": "dewi@zorg.example", "csrf_token": client.csrf_token()}
    assert client.post("/inloggen", data=form, headers=headers).status_code == 303
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert ("https://leerkring.example/inloggen/link/" in mail.text_body, "kwaad" in mail.text_body) == (True, False)


@pytest.mark.parametrize("path", ["/", "/inloggen", "/bestaat-niet", "/account", "/static/portal.css"])
def test_every_answer_carries_the_headers(client: PortalClient, path: str) -> None:
    headers = client.get(path).headers
    wanted = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    }
    assert {name: headers.get(name) for name in wanted} == wanted


def test_personal_pages_are_not_kept_by_anybody(client: PortalClient) -> None:
    assert "no-store" not in client.get("/inloggen").headers.get("Cache-Control", "")
    client.sign_in(factories.person())
    assert client.get("/account").headers["Cache-Control"] == "no-store"


def test_the_cookie_stays_home(client: PortalClient) -> None:
    person = factories.person()
    with transaction():
        token = commands.create_sign_in_link(person_id=person.id, now=clock.now())
    cookie = client.send(f"/inloggen/link/{token}").headers["Set-Cookie"]
    name, *flags = [part.strip() for part in cookie.split(";")]
    assert name.startswith("__Host-leerkring=")
    assert set(flags) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


LINE_BREAKS = ["%0d%0aSet-Cookie:%20kwaad=1", "%0aX-Kwaad:%201", "%E5%98%8A%E5%98%8DX-Kwaad:1"]


@pytest.mark.parametrize("evil", LINE_BREAKS)
@pytest.mark.parametrize("path", ["/account", "/inloggen", "/trainingen", "/c/", "/inloggen/link/", "/en/account"])
@pytest.mark.parametrize("between", ["", "?x="])
def test_a_line_break_in_an_address_adds_no_header(client: PortalClient, path: str, between: str, evil: str) -> None:
    answer = client.get(f"{path}{between}{evil}")
    assert answer.status_code in (200, 301, 303, 308, 404)
    assert [name for name, _value in answer.headers if "kwaad" in name.lower()] == []
    assert "kwaad=1" not in "".join(answer.headers.getlist("Set-Cookie"))
    assert not any("\r" in value or "\n" in value for value in answer.headers.values())


@pytest.mark.parametrize(
    "path", ["//kwaad.example", "//kwaad.example/account", "/%5Ckwaad.example", "/%09/kwaad.example"]
)
def test_no_address_leads_away_from_the_portal(client: PortalClient, path: str) -> None:
    for address in (path, f"/en{path}", f"/account?verder={path}", f"/inloggen?next={path}"):
        location = client.get(address).headers.get("Location", "/")
        assert location.startswith(("/", "https://leerkring.example/")), location
        assert not location.startswith(("//", "/\\", "/\t")), location


def test_without_proxies_that_we_trust_nobody_chooses_their_own_address(make_app: Any) -> None:
    from portal.config import Limits

    limits = Limits(check="100 per minute", sign_in="2 per minute", sign_in_typed="100 per minute")
    client = make_app(limits=limits).test_client()
    token = client.csrf_token()
    answers = [
        client.post(
            "/inloggen",
            data={"csrf_token": token, "email": "dewi@zorg.example", "password": "x"},
            headers={"X-Forwarded-For": f"192.0.2.{number}"},
        ).status_code
        for number in range(3)
    ]
    assert answers == [422, 422, 429]


def test_behind_a_proxy_that_we_trust_visitors_are_counted_apart(make_app: Any) -> None:
    from portal.config import Limits

    limits = Limits(sign_in="1 per minute", sign_in_typed="100 per minute")
    client = make_app(limits=limits, trusted_proxies=1).test_client()
    token = client.csrf_token()
    form = {"csrf_token": token, "email": "dewi@zorg.example", "password": "x"}
    # The proxy adds the last one; what stands before it is what the visitor says.
    seen = ["192.0.2.1", "192.0.2.2", "192.0.2.9, 192.0.2.1"]
    answers = [client.post("/inloggen", data=form, headers={"X-Forwarded-For": chain}) for chain in seen]
    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert "Even rustig aan" in answers[2].text
    assert int(answers[2].headers["Retry-After"]) > 0

"""/c/<code> and the form before it: what anybody may know of a certificate."""

import dataclasses

import pytest

from portal.config import Limits
from portal.documents.codes import group_code
from tests.certificate_scenes import given_edition, issue, replace, revoke

JSON = {"Accept": "application/json"}
CODE = "K7MQ29RTD4WXEA"


@pytest.fixture
def certificate(app):
    return issue(given_edition(["Dewi van den Berg"], title="SamenKracht").enrolments[0], code=CODE)


def test_a_valid_certificate_shows_every_printed_field(app, client, certificate):
    page = client.visit(f"/c/{CODE}")
    assert (page.status, page.h1, page.title) == (
        200,
        "Dit certificaat is echt",
        "Dit certificaat is echt · Leerkring",
    )
    assert page.facts() == {
        "Certificaatnummer": "EKC-2026-0001",
        "Naam": "D. van den Berg",
        "Training": "SamenKracht",
        "Wat het is": "Certificaat van deelname, hele training",
        "Gevolgd": (
            "1. Dagdeel 1 donderdag 5 maart 2026, 3 contacturen, SKJ 4 punten, Registerplein 4 punten "
            "2. Dagdeel 2 donderdag 12 maart 2026, 3 contacturen, SKJ 4 punten, Registerplein 4 punten "
            "3. Dagdeel 3 donderdag 19 maart 2026, 3 contacturen, SKJ 5 punten, Registerplein 5 punten "
            "4. Dagdeel 4 donderdag 26 maart 2026, 3 contacturen, SKJ 6 punten, Registerplein 6 punten"
        ),
        "Samen": "12 contacturen, 100% aanwezig",
        "Hoe": "Op locatie",
        "SKJ": (
            "19 punten Kwaliteitsregister Jeugd Accreditatie-ID ID-SKJ Accreditatie geldig vanaf ma 1 jan 2024 "
            "Registratienummer eindigt op 518"
        ),
        "Registerplein": "19 punten Accreditatie-ID ID-Registerplein Accreditatie geldig vanaf ma 1 jan 2024",
        "Trainer": "Noor van Dijk",
        "Bestuurder": "Anneke Voorbeeld",
        "Uitgegeven": "Zwolle, donderdag 2 april 2026",
        "Uitgegeven door": (
            "Stichting Eigen Kracht Centrale KvK 00000000 (voorbeeld) Geregistreerd in het CRKBO Register Instellingen"
        ),
    }
    assert "Gecontroleerd op" in page.text
    assert "110024518" not in page.html
    assert "Dewi" not in page.html


def test_who_wants_it_is_shown_with_the_whole_name(app, client):
    scene = given_edition(["Dewi van den Berg"])
    issue(scene.enrolments[0], code=CODE)
    scene.people[0].initials_only = False
    assert client.visit(f"/c/{CODE}").facts()["Naam"] == "Dewi van den Berg"


@pytest.mark.parametrize("typed", [CODE.lower(), group_code(CODE), " k7mq2 9rtd–4wxea ", "%4B7MQ29RTD4WXEA"])
def test_the_code_is_read_however_it_is_typed(app, client, certificate, typed):
    assert client.visit(f"/c/{typed}").h1 == "Dit certificaat is echt"


def test_a_revoked_one_says_since_when_and_why_in_general(app, client, certificate):
    revoke(certificate, explanation="Dewi was ziek")
    page = client.visit(f"/c/{CODE}")
    assert (page.status, page.h1) == (200, "Dit certificaat is ingetrokken")
    assert "Het geldt niet meer sinds donderdag 2 april 2026. De reden: per vergissing uitgegeven." in page.text
    assert "ziek" not in page.html
    assert page.facts()["Certificaatnummer"] == "EKC-2026-0001"


def test_a_replaced_one_leads_to_the_one_that_holds(app, client, certificate):
    _, new = replace(certificate, "Dewi van den Berg-Bos")
    page = client.visit(f"/c/{CODE}")
    assert (page.status, page.h1) == (200, "Dit certificaat is vervangen")
    now = page.follow("Bekijk het certificaat dat nu geldt: EKC-2026-0002")
    assert (now.h1, now.facts()["Naam"]) == ("Dit certificaat is echt", "D. van den Berg-Bos")
    assert now.address == f"/c/{new.code}"


UNKNOWN = ["K7MQ29RTD4WXEB", "2222222222222", "x", "%00", "0O1IL", "a" * 500, "<script>", "%F0%9F%98%80"]


@pytest.mark.parametrize("code", UNKNOWN)
def test_a_code_that_cannot_exist_looks_like_one_that_we_never_gave(app, client, certificate, code):
    never_given = client.get("/c/AAAAAAAAAAAAAA")
    response = client.get(f"/c/{code}")
    assert (never_given.status_code, response.status_code) == (404, 404)
    texts = [
        one.get_data(as_text=True).partition("<main")[2].partition("</main>")[0] for one in (never_given, response)
    ]
    assert texts[0] == texts[1]
    assert "Dit certificaat kennen we niet" in texts[0]


def test_machines_get_the_same_as_json(app, client, certificate):
    found = client.get(f"/c/{CODE.lower()}", headers=JSON)
    assert found.status_code == 200
    known = found.json
    assert (known["state"], known["number"], known["name"], known["training"]) == (
        "valid",
        "EKC-2026-0001",
        "D. van den Berg",
        "SamenKracht",
    )
    assert known["modules"][0] == {
        "position": 1,
        "title": "Dagdeel 1",
        "held_on": "2026-03-05",
        "contact_minutes": 180,
        "points": {"SKJ": 4, "Registerplein": 4},
    }
    assert known["registers"][0] == {
        "register": "SKJ",
        "points": 19,
        "accreditation_number": "ID-SKJ",
        "valid_from": "2024-01-01",
        "valid_until": None,
        "registration_number_ends_in": "518",
    }
    assert (known["issued_on"], known["sha256"]) == ("2026-04-02", certificate.sha256)
    assert "110024518" not in found.text
    assert "Dewi" not in found.text


def test_machines_learn_of_every_state(app, client, certificate):
    old, new = replace(certificate, "Dewi Bos")
    replaced = client.get(f"/c/{old.code}", headers=JSON).json
    assert (replaced["state"], replaced["replaced_by"], replaced["end_reason"]) == (
        "replaced",
        f"https://leerkring.example/c/{new.code}",
        "name_corrected",
    )
    revoke(new)
    revoked = client.get(f"/c/{new.code}", headers=JSON).json
    assert (revoked["state"], revoked["ended_on"], revoked["end_reason"]) == (
        "revoked",
        "2026-04-02",
        "issued_in_error",
    )
    unknown = client.get("/c/nee", headers=JSON)
    assert (unknown.status_code, unknown.json["state"]) == (404, "unknown")


@pytest.mark.parametrize("code", [CODE, "nee"])
@pytest.mark.parametrize("headers", [{}, JSON])
def test_no_search_engine_keeps_it_and_no_cache_does(app, client, certificate, code, headers):
    response = client.get(f"/c/{code}", headers=headers)
    assert (response.headers["X-Robots-Tag"], response.headers["Cache-Control"]) == ("noindex", "no-store")
    assert response.headers["Vary"].split(", ")[0] == "Accept"


def test_looking_writes_nothing_and_takes_three_queries(app, client, certificate, count_queries):
    with count_queries() as queries:
        client.visit(f"/c/{CODE}")
    assert len(queries) == 3, queries
    assert all(query.lstrip().startswith("SELECT") for query in queries), queries


def test_who_guesses_is_held_up(make_app, certificate, settings):
    client = make_app(limits=dataclasses.replace(Limits(), check="3 per minute")).test_client()
    answers = [client.get(f"/c/{number}").status_code for number in range(5)]
    assert answers == [404, 404, 404, 429, 429]


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script> Jansen", "=HYPERLINK(1) Jansen", "\u202eJan Jansen", "W" * 200]
)
def test_hostile_names_are_words_on_the_page(app, client, name):
    scene = given_edition([name])
    issue(scene.enrolments[0], code=CODE)
    scene.people[0].initials_only = False
    assert client.visit(f"/c/{CODE}").facts()["Naam"] == name


# The form


@pytest.mark.parametrize("typed", [CODE, "k7mq2-9rtd-4wxea", " K7MQ2 9RTD 4WXEA ", "K7MQ2/9RTD/4WXEA"])
def test_the_form_goes_on_to_the_certificate(app, client, certificate, typed):
    response = client.get("/certificaat-controleren", query_string={"code": typed})
    assert (response.status_code, response.headers["Location"]) == (303, f"/c/{CODE}")
    page = client.visit("/certificaat-controleren").submit("Controleer", code=typed)
    assert page.h1 == "Dit certificaat is echt"


@pytest.mark.parametrize("typed", ["", "   ", "-/-", "///", "😀"])
def test_the_form_asks_again_when_there_is_no_code_in_it(app, client, typed):
    page = client.visit("/certificaat-controleren").submit("Controleer", code=typed)
    assert (page.status, page.title[:5]) == (422, "Fout:")
    assert page.errors == [("Vul de code in die op het certificaat staat", "#code")]


def test_a_strange_code_in_the_form_is_simply_unknown(app, client):
    page = client.visit("/certificaat-controleren").submit("Controleer", code="../../etc/passwd?x=1#y")
    assert (page.status, page.h1) == (404, "Dit certificaat kennen we niet")


def test_the_form_is_found_from_every_page(app, client):
    assert client.visit("/").follow("Certificaat controleren").h1 == "Certificaat controleren"

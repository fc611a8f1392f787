"""A certificate in the sealed log: what the check says of it, and the proof that anybody can check without us."""

import dataclasses
from datetime import timedelta

import pytest

from portal import audit, clock
from portal.config import Limits
from portal.domain.certificates import queries
from tests import stand_alone
from tests.certificate_scenes import given_edition, issue, replace
from tests.log_scenes import NOW, Happened, change, note, seal, without_triggers

CODE = "K7MQ29RTD4WXEA"
PROOF = f"/c/{CODE}/bewijs.json"
JSON = {"Accept": "application/json"}


@pytest.fixture
def certificate(app):
    return issue(given_edition(["Dewi van den Berg"]).enrolments[0], code=CODE)


def test_a_sealed_certificate_says_where_it_stands_and_when_that_was_signed(client, certificate):
    note(*(Happened(1) for _ in range(1500)))
    seal()
    page = client.visit(f"/c/{CODE}")
    assert "Dit certificaat staat in het logboek, op regel 2 van 1.502." in page.text
    assert "Getekend op donderdag 2 april 2026" in page.text
    english = client.visit(f"/en/c/{CODE}")
    assert "at entry 2 of 1,502. Signed on Thursday 2 April 2026" in english.text
    assert client.get(f"/c/{CODE}", headers=JSON).json["evidence"] == {
        "entry": 2,
        "entries": 1502,
        "signed_at": "2026-04-02T09:00:00.000000Z",
        "proof": f"https://leerkring.example{PROOF}",
    }
    assert page.follow("Zo werkt dit bewijs").h1 == "Bewijs"


def test_before_it_is_sealed_that_is_said(client, app):
    issue(given_edition().enrolments[0], code=CODE, now=clock.now())
    page = client.visit(f"/c/{CODE}")
    assert "op regel 2. Die regel wordt binnen een dag verzegeld." in page.text
    assert "Haal het bewijs op" not in page.text
    known = client.get(f"/c/{CODE}", headers=JSON).json["evidence"]
    assert known == {"entry": 2, "entries": None, "signed_at": None, "proof": None}
    response = client.get(PROOF)
    assert (response.status_code, response.json) == (404, {"state": "not_sealed"})


def test_a_certificate_that_waits_longer_than_a_day_is_promised_nothing(client, certificate):
    assert "op regel 2. Die regel is nog niet verzegeld." in client.visit(f"/c/{CODE}").text


def test_a_head_from_before_it_was_issued_does_not_seal_it(client, app):
    note(Happened(1))
    seal()
    issue(given_edition().enrolments[0], code=CODE)
    assert client.get(PROOF).json == {"state": "not_sealed"}


def test_a_certificate_of_which_the_log_does_not_tell_is_called_so(client, certificate):
    with without_triggers() as connection:
        connection.exec_driver_sql("DELETE FROM audit_things WHERE kind = 'certificate'")
    page = client.visit(f"/c/{CODE}")
    assert "In het logboek staat geen regel over het uitgeven van dit certificaat." in page.text
    assert client.get(f"/c/{CODE}", headers=JSON).json["evidence"] is None
    assert client.get(PROOF).json == {"state": "not_sealed"}


def test_the_proof_of_a_certificate_and_its_pdf_is_checked_without_us(client, certificate, tmp_path):
    note(*(Happened(number) for number in range(300)))
    seal(NOW + timedelta(minutes=1))
    page = client.visit(f"/c/{CODE}")
    response = client.get(next(link.href for link in page.links if link.text == "Haal het bewijs op"))
    assert response.headers["Content-Disposition"] == 'attachment; filename="bewijs-EKC-2026-0001.json"'
    assert (response.headers["X-Robots-Tag"], response.headers["Cache-Control"]) == ("noindex", "no-store")
    (tmp_path / "bewijs.json").write_bytes(response.data)
    (tmp_path / "sleutels.json").write_bytes(client.get("/bewijs/sleutels.json").data)
    (tmp_path / "certificaat.pdf").write_bytes(queries.get_pdf(certificate.id))
    more = ("--pdf", tmp_path / "certificaat.pdf", "--number", "EKC-2026-0001")
    code, told = stand_alone.run("certificate", tmp_path / "bewijs.json", "--keys", tmp_path / "sleutels.json", *more)
    assert code == 0, told
    assert told[0].startswith("Certificate EKC-2026-0001 is entry 2 of 302, with the hash of this PDF")


def test_the_proof_tells_of_nobody(client, certificate):
    seal(NOW + timedelta(minutes=1))
    response = client.get(PROOF)
    assert response.status_code == 200
    assert not [word for word in ("Dewi", "Berg", "person", "enrolment", "actor", CODE) if word in response.text]


def test_each_of_two_that_replace_one_another_has_its_own_proof(client, certificate):
    old, new = replace(certificate, "Dewi Bos")
    seal(NOW + timedelta(minutes=1))
    proofs = [client.get(f"/c/{one.code}/bewijs.json").json["leaf"]["facts"] for one in (old, new)]
    assert [proof["number"] for proof in proofs] == ["EKC-2026-0001", "EKC-2026-0002"]
    assert proofs[1]["replaces"] == "EKC-2026-0001"


FAULTS = {
    "the file in the database": "UPDATE certificates SET sha256 = 'other' WHERE number = 'EKC-2026-0001'",
    "the number": "UPDATE certificates SET facts = replace(facts, 'EKC-2026-0001', 'EKC-2026-0009')",
    "the entry": "UPDATE audit_entries SET hash = previous_hash WHERE seq = 2",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_not_as_it_was_signed_is_not_proved(client, certificate, fault):
    seal(NOW + timedelta(minutes=1))
    change(FAULTS[fault])
    response = client.get(PROOF)
    assert (response.status_code, response.json) == (409, {"state": "not_as_signed"})


@pytest.mark.parametrize("code", ["nee", "AAAAAAAAAAAAAA", "%00", "<script>"])
def test_of_a_code_that_we_never_gave_there_is_none(client, certificate, code):
    response = client.get(f"/c/{code}/bewijs.json")
    assert (response.status_code, response.json) == (404, {"state": "unknown"})


def test_the_proof_takes_few_queries_whatever_the_log(client, certificate, count_queries):
    note(*(Happened(number) for number in range(1000)))
    seal(NOW + timedelta(minutes=1))
    with count_queries() as queries_run:
        assert client.get(PROOF).status_code == 200
    assert len(queries_run) <= 7, queries_run


def test_who_guesses_is_held_up(make_app, certificate):
    client = make_app(limits=dataclasses.replace(Limits(), check="3 per minute")).test_client()
    assert [client.get(f"/c/{number}/bewijs.json").status_code for number in range(4)] == [404, 404, 404, 429]


def test_the_code_is_read_however_it_is_typed(client, certificate):
    seal(NOW + timedelta(minutes=1))
    assert client.get("/c/k7mq2-9rtd-4wxea/bewijs.json").status_code == 200
    assert audit.verify_heads() is None

"""/bewijs and what is published there, read back by the stand-alone verifier."""

import hashlib
import json
from datetime import timedelta

import pytest

from portal import audit
from portal.blueprints.auditing import evidence
from tests import stand_alone
from tests.log_scenes import NOW, Happened, change, note, seal

DAY = timedelta(days=1)


def given_heads(number):
    """So many heads, each over one entry more than the one before."""
    for day in range(number):
        note(Happened(1), at=NOW + day * DAY)
        seal(NOW + day * DAY)


def test_before_the_first_head_the_page_says_so(client):
    page = client.visit("/bewijs")
    assert (page.status, page.h1) == (200, "Bewijs")
    assert "Er is nog geen kop getekend." in page.text
    assert "Er is nog geen sleutel gebruikt." in page.text


def test_the_page_shows_keys_heads_and_the_hash_of_the_program(client):
    given_heads(3)
    page = client.visit("/bewijs")
    (key,) = audit.list_keys()
    assert f"Sleutel {key.id}" in page.headings
    assert key.public_pem.splitlines()[1] in page.text
    assert hashlib.sha256(stand_alone.FILE.read_bytes()).hexdigest() in page.text
    rows = page.table()
    newest = audit.find_newest_head()
    assert len(rows) == 3
    assert (rows[0]["Kop"], rows[0]["Regels"], rows[0]["Nagaan"]) == (newest.root, "4", "Dit is de nieuwste stand")
    english = client.visit("/en/bewijs")
    assert (english.h1, english.language) == ("Evidence", "en")


def test_the_program_is_there_as_it_is_kept(client):
    address = next(link.href for link in client.visit("/bewijs").links if link.text == "controleer.py")
    assert client.get(address).data == stand_alone.FILE.read_bytes()


def test_a_long_list_is_paged_and_takes_as_many_queries_as_a_short_one(client, count_queries):
    given_heads(3)
    with count_queries() as few:
        client.visit("/bewijs")
    for number in range(3, evidence.PER_PAGE + 2):
        seal(NOW + number * DAY)
    with count_queries() as many:
        page = client.visit("/bewijs")
    assert len(many) == len(few) <= 5, many
    assert "Pagina 1 van 2" in page.text
    second = page.follow("Volgende")
    assert len(second.table()) == 2
    # The newest head of all stays the measure on every page.
    assert "samenhang.json" in second.text


def published(client, folder):
    for name in ("koppen.json", "sleutels.json"):
        response = client.get(f"/bewijs/{name}")
        assert (response.status_code, response.mimetype) == (200, "application/json")
        (folder / name).write_bytes(response.data)
    (folder / "log.jsonl").write_text("".join(f"{line}\n" for line in audit.export_lines()), encoding="utf-8")


def test_an_exported_log_is_checked_against_what_is_published(client, tmp_path):
    given_heads(4)
    published(client, tmp_path)
    keys = ("--keys", tmp_path / "sleutels.json")
    code, told = stand_alone.run("log", tmp_path / "log.jsonl", "--heads", tmp_path / "koppen.json", *keys)
    assert (code, told) == (0, ["The log is whole: 5 entries, 4 signed heads, all over these entries."])


def test_all_heads_are_had_page_by_page(client, monkeypatch):
    monkeypatch.setattr(evidence, "PER_FILE", 2)
    given_heads(5)
    sizes, address = [], "/bewijs/koppen.json"
    while address:
        known = client.get(address).json
        sizes += [head["size"] for head in known["heads"]]
        address = known["next"]
    # The second head is over the entry of the key too.
    assert sizes == [6, 5, 4, 3, 1]


def test_an_older_head_is_shown_to_be_the_beginning_of_the_newest(client, tmp_path):
    given_heads(6)
    published(client, tmp_path)
    page = client.visit("/bewijs")
    addresses = [link.href for link in page.links if "samenhang.json" in link.href]
    assert len(addresses) == 5
    for address in [*addresses, "/bewijs/samenhang.json?van=3&tot=5"]:
        (tmp_path / "samenhang.json").write_bytes(client.get(address).data)
        code, told = stand_alone.run("consistency", tmp_path / "samenhang.json", "--keys", tmp_path / "sleutels.json")
        assert code == 0, told


@pytest.mark.parametrize("asked", ["", "?van=2", "?van=0", "?van=x", "?van=5&tot=3", "?van=3&tot=99", "?van=-1"])
def test_of_what_no_head_was_signed_there_is_no_proof(client, asked):
    given_heads(6)
    assert client.get(f"/bewijs/samenhang.json{asked}").status_code == 404


def test_a_log_without_its_nodes_says_that_it_is_not_as_signed(client):
    note(*(Happened(1) for _ in range(200)))
    seal()
    seal(NOW + DAY)
    change("DELETE FROM audit_nodes WHERE level = 6 AND position = 2")
    response = client.get("/bewijs/samenhang.json?van=200")
    assert (response.status_code, response.json) == (409, {"state": "not_as_signed"})


def test_what_is_published_holds_no_number_of_a_person(client):
    given_heads(2)
    for name in ("koppen.json", "sleutels.json", "samenhang.json?van=1"):
        text = json.dumps(client.get(f"/bewijs/{name}").json)
        assert "person_id" not in text
        assert "actor" not in text

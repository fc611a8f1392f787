"""/mijn/certificaten: one's own certificates, and nobody else's."""

import re

from tests.certificate_scenes import given_edition, issue, replace, revoke


def test_who_has_none_reads_what_comes_and_where_to_go(app, sign_in):
    scene = given_edition(["Dewi Hardjo", "Ilse Bos"])
    issue(scene.enrolments[1])
    page = sign_in(scene.people[0]).visit("/mijn/certificaten")
    assert (page.h1, page.status) == ("Mijn certificaten", 200)
    assert "Je hebt nog geen certificaten." in page.text
    assert [link.href for link in page.links] == ["/trainingen"]


def test_a_certificate_is_shown_with_its_file_and_the_link_to_share(app, sign_in):
    scene = given_edition(["Dewi Hardjo", "Ilse Bos"], title="SamenKracht")
    certificate = issue(scene.enrolments[0], code="K7MQ29RTD4WXEA")
    other = issue(scene.enrolments[1])
    page = sign_in(scene.people[0]).visit("/mijn/certificaten")
    assert [tuple(link) for link in page.links] == [
        ("https://leerkring.example/c/K7MQ29RTD4WXEA", "/c/K7MQ29RTD4WXEA"),
        ("Download (pdf)", f"/certificaten/{certificate.id}.pdf"),
    ]
    assert "SKJ: 19 punten Registerplein: 19 punten" in page.text
    assert "EKC-2026-0001, uitgegeven op donderdag 2 april 2026" in page.text
    assert other.number not in page.html
    assert other.code not in page.html


def test_what_was_replaced_or_revoked_says_so_and_offers_no_file(app, sign_in):
    scene = given_edition(["Dewi Hardjo"])
    old, new = replace(issue(scene.enrolments[0]), "Dewi Bos")
    page = sign_in(scene.people[0]).visit("/mijn/certificaten")
    assert [link.href for link in page.links] == [f"/c/{new.code}", f"/certificaten/{new.id}.pdf"]
    assert f"vervangen {old.number}" in page.text
    revoke(new)
    page = sign_in(scene.people[0]).visit("/mijn/certificaten")
    assert page.links == []
    assert "De reden: per vergissing uitgegeven." in page.text


def test_the_number_of_queries_does_not_grow_with_the_certificates(app, sign_in, count_queries):
    scene = given_edition(["Dewi Hardjo"])
    client = sign_in(scene.people[0])
    certificate = issue(scene.enrolments[0])
    counted = []
    for name in ("Dewi A", "Dewi B"):
        with count_queries() as queries:
            client.visit("/mijn/certificaten")
        counted.append(len(queries))
        certificate = replace(certificate, name)[1]
    assert counted[0] == counted[1] <= 6


def test_a_long_list_has_pages(app, sign_in):
    scene = given_edition(["Dewi Hardjo"])
    certificate = issue(scene.enrolments[0])
    for number in range(20):
        certificate = replace(certificate, f"Dewi {number}")[1]
    client = sign_in(scene.people[0])
    first, second = client.visit("/mijn/certificaten"), client.visit("/mijn/certificaten?pagina=2")
    seen = [re.findall(r"EKC-2026-\d{4}", page.text) for page in (first, second)]
    assert [len(numbers) for numbers in seen] == [20, 1]
    assert len({*seen[0], *seen[1]}) == 21


def test_the_page_is_there_in_english_too(app, sign_in):
    scene = given_edition()
    assert sign_in(scene.people[0]).visit("/en/mijn/certificaten").language == "en"

"""The auditor's room: who comes in, what is shown to whom, the trail of a thing, the state of the chain."""

import importlib
import pkgutil
import re
from datetime import UTC, datetime

import pytest

import portal
from portal import audit
from portal.audit import Actor, Event
from portal.blueprints.auditing.wording import SENTENCES, VIEWED
from portal.db import transaction
from portal.domain.accounts.rules import Role
from portal.domain.certificates.events import CertificateRevoked
from tests import factories
from tests.certificate_scenes import given_edition, issue, replace, revoke

READERS = (Role.AUDITOR, Role.OFFICE, Role.ADMIN)


@pytest.fixture
def auditor(as_role):
    return as_role(Role.AUDITOR)


@pytest.fixture
def office(as_role):
    return as_role(Role.OFFICE)


def sentences(page):
    return [re.sub(r" regel\d+ tag.*", "", row["Wat"]) for row in page.table()]


def test_the_log_tells_in_words_what_happened_who_did_it_when_and_through_what(app, auditor):
    bea = factories.person(name="Bea Bureau")
    issue(given_edition().enrolments[0], by=bea)
    page = auditor.visit("/audit?soort=certificates.")
    (row,) = page.table()
    assert row["Wat"].startswith("Certificaat EKC-2026-0001 uitgegeven")
    assert (row["Wie"], row["Wanneer"], row["Waarmee"]) == (f"Persoon {bea.id}", "do 2 apr 2026, 11.00", "website")


@pytest.mark.parametrize("role", READERS)
def test_only_who_works_with_these_people_reads_names_and_private_texts(app, as_role, role):
    scene = given_edition(["Dewi Hardjo"])
    bea = factories.person(name="Bea Bureau")
    certificate = issue(scene.enrolments[0], by=bea)
    revoke(certificate, explanation="Verwisseld met Piet")
    page = as_role(role).visit(f"/audit/certificaten/{certificate.id}")
    knows = role != Role.AUDITOR
    assert ("Bea Bureau" in page.html, "Verwisseld met Piet" in page.html) == (knows, knows)
    assert ("staat apart, alleen voor het bureau" in page.text) == (not knows)
    assert "Dewi" not in page.html


def test_an_erased_text_is_said_to_be_erased(app, office):
    certificate = issue(given_edition().enrolments[0])
    revoke(certificate, explanation="Verwisseld met Piet")
    with transaction():
        factories.db.session.query(audit.models.AuditSecret).delete()
    page = office.visit(f"/audit/certificaten/{certificate.id}")
    assert ("gewist" in page.text, "Piet" in page.html) == (True, False)


def test_the_trail_of_an_edition_holds_all_that_was_done_to_its_certificates_and_not_another_editions(app, auditor):
    scene, other = given_edition(["Dewi Hardjo"]), given_edition(["Ilse Bos"])
    issue(other.enrolments[0])
    _, new = replace(issue(scene.enrolments[0]), "Dewi Bos")
    revoke(new)
    page = auditor.visit(f"/audit/uitvoeringen/{scene.edition.id}")
    assert page.h1 == f"Logboek van {scene.course.title}, donderdag 5 maart 2026"
    assert sentences(page) == [
        f"Logboek van uitvoering {scene.edition.id} bekeken",
        "Certificaat EKC-2026-0003 ingetrokken",
        "Certificaat EKC-2026-0002 vervangen door EKC-2026-0003",
        "Certificaat EKC-2026-0003 uitgegeven",
        "Certificaat EKC-2026-0002 uitgegeven",
        f"Punten van inschrijving {scene.enrolments[0].id} vastgesteld",
    ]


def test_the_trail_of_a_certificate_is_about_it_alone(app, auditor):
    scene = given_edition(["Dewi Hardjo", "Ilse Bos"])
    certificate, other = issue(scene.enrolments[0]), issue(scene.enrolments[1])
    page = auditor.visit(f"/audit/certificaten/{certificate.id}")
    assert (page.h1, other.number in page.html) == ("Logboek van certificaat EKC-2026-0001", False)
    assert len(page.table()) == 2


def test_every_look_is_noted_itself(app, sign_in):
    scene = given_edition()
    certificate = issue(scene.enrolments[0])
    reader = factories.person(role=Role.AUDITOR)
    client = sign_in(reader)
    for path in ("/audit", f"/audit/uitvoeringen/{scene.edition.id}", f"/audit/certificaten/{certificate.id}"):
        client.visit(path)
    noted = [(e.actor_id, e.facts["page"]) for e in reversed(audit.list_entries(tag="privacy.viewed").entries)]
    assert noted == [
        (reader.id, "auditing.log"),
        (reader.id, "auditing.edition"),
        (reader.id, "auditing.certificate"),
    ]


# The filter


def note(event, at):
    with transaction():
        audit.record(event, actor=Actor.system(), at=at)


def revoked(number):
    return CertificateRevoked(number, number, number, number, f"EKC-2026-000{number}", "x", audit.Private("x"))


def test_a_period_is_in_days_of_amsterdam_both_ends_included(app, auditor):
    for number, at in enumerate(
        [
            datetime(2026, 4, 1, 21, 59, tzinfo=UTC),
            datetime(2026, 4, 1, 22, 0, tzinfo=UTC),
            datetime(2026, 4, 2, 21, 59, tzinfo=UTC),
            datetime(2026, 4, 2, 22, 0, tzinfo=UTC),
        ],
        start=1,
    ):
        note(revoked(number), at)
    page = auditor.visit("/audit?van=2026-04-02&tot=2-4-2026")
    assert sentences(page) == ["Certificaat EKC-2026-0003 ingetrokken", "Certificaat EKC-2026-0002 ingetrokken"]


def test_the_log_is_narrowed_to_one_thing(app, auditor):
    for number in (1, 2):
        note(revoked(number), datetime(2026, 4, 2, tzinfo=UTC))
    page = auditor.visit("/audit").submit("Toon", wat="certificate", nummer="2")
    assert sentences(page) == ["Certificaat EKC-2026-0002 ingetrokken"]
    assert page.form("Toon").values["nummer"] == ["2"]


def test_a_filter_that_finds_nothing_says_so(app, auditor):
    page = auditor.visit("/audit").submit("Toon", van="2001-01-01", tot="2001-01-02")
    assert "Er zijn geen regels die hierbij passen." in page.text


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("van=gisteren", ("Vul een datum in zoals 4-3-2027", "#van")),
        ("tot=31-31-2026", ("Vul een datum in zoals 4-3-2027", "#tot")),
        ("nummer=drie", ("Vul een heel getal in", "#nummer")),
        ("nummer=0", ("Vul een nummer van 1 of hoger in", "#nummer")),
        ("nummer=99999999999999", ("Vul een nummer van 1 of hoger in", "#nummer")),
    ],
)
def test_a_filter_that_cannot_be_read_is_asked_again(app, auditor, query, error):
    page = auditor.visit(f"/audit?{query}")
    assert (page.status, page.title[:5], page.errors) == (422, "Fout:", [error])


@pytest.mark.parametrize("query", ["soort=%25", "soort=x' OR 1=1", "wat=drop", "pagina=-3", "pagina=9999", "pagina=x"])
def test_strange_addresses_are_no_trouble(app, auditor, query):
    assert auditor.visit(f"/audit?{query}").status == 200


def test_a_long_log_has_pages_that_keep_the_filter(app, auditor, count_queries):
    counted = []
    for number in range(1, 31):
        note(revoked(number), datetime(2026, 4, 2, tzinfo=UTC))
        if number in (1, 25):
            with count_queries() as queries:
                auditor.visit("/audit?soort=certificates.")
            counted.append(len(queries))
    first = auditor.visit("/audit?soort=certificates.")
    second = first.follow("Volgende")
    assert (len(first.table()), len(second.table())) == (25, 5)
    assert second.form("Toon").values["soort"] == ["certificates."]
    assert counted[0] == counted[1], "the number of queries grows with the log"


# The chain


def test_the_chain_is_checked_by_a_button_and_its_state_stays_on_the_page(app, as_role):
    note(revoked(1), datetime(2026, 4, 2, tzinfo=UTC))
    auditor = as_role(Role.AUDITOR)
    page = auditor.visit("/audit")
    assert "De keten is nog niet gecontroleerd." in page.text
    page = page.submit("Controleer de keten nu")
    assert "regels zijn ongewijzigd sinds donderdag 2 april 2026. Gecontroleerd op" in page.text
    assert "ongewijzigd" in auditor.visit("/audit").text
    (checked,) = audit.list_entries(tag="audit.verified").entries
    assert checked.facts["first_bad"] is None


def test_a_broken_chain_is_said_on_the_page(app, auditor):
    from tests.audit.test_chain import without_triggers

    for number in (1, 2, 3):
        note(revoked(number), datetime(2026, 4, 2, tzinfo=UTC))
    with without_triggers() as connection:
        connection.exec_driver_sql("UPDATE audit_entries SET actor_id = 9 WHERE seq = 2")
    page = auditor.visit("/audit").submit("Controleer de keten nu")
    assert "Regel 2 past niet in de keten." in page.text


def test_a_long_chain_is_left_to_the_command(app, auditor, monkeypatch):
    monkeypatch.setattr("portal.blueprints.auditing.routes.MOST_IN_A_REQUEST", 1)
    note(revoked(1), datetime(2026, 4, 2, tzinfo=UTC))
    page = auditor.visit("/audit").submit("Controleer de keten nu")
    assert "Vraag beheer om de opdracht audit verify." in page.text
    assert audit.list_entries(tag="audit.verified").total == 0


# Who comes in


@pytest.mark.parametrize("role", list(Role))
def test_the_room_is_for_auditors_and_the_office_alone(app, as_role, role):
    scene = given_edition()
    certificate = issue(scene.enrolments[0])
    paths = ["/audit", f"/audit/uitvoeringen/{scene.edition.id}", f"/audit/certificaten/{certificate.id}"]
    client = as_role(role)
    expected = (200, 303) if role in READERS else (403, 403)
    assert {client.get(path).status_code for path in paths} == {expected[0]}
    assert client.send("/audit/controle").status_code == expected[1]


def test_an_auditor_changes_nothing_anywhere(app, auditor):
    """Whatever an auditor sends, only the check of the chain is taken."""
    taken = []
    for rule in app.url_map.iter_rules():
        mark = app.view_functions[rule.endpoint].access_mark
        if "POST" in rule.methods and mark.roles and Role.AUDITOR in mark.roles:
            taken.append(rule.endpoint)
    assert taken == ["auditing.verify"]


@pytest.mark.parametrize("path", ["/audit/uitvoeringen/404", "/audit/certificaten/404"])
def test_what_is_not_there_is_not_found(app, auditor, path):
    assert auditor.get(path).status_code == 404


# The words


def every_event():
    for module in pkgutil.walk_packages(portal.__path__, "portal."):
        if not module.name.endswith(".__main__"):
            importlib.import_module(module.name)
    return [event for event in Event.__subclasses__() if event.__module__.startswith("portal.")]


def test_every_event_has_a_sentence_of_its_own_fields():
    wordless = sorted(event.tag for event in every_event() if event.tag not in SENTENCES)
    assert wordless == [], "write its sentence in portal/blueprints/auditing/wording.py"
    for event in every_event():
        named = set(re.findall(r"%\((\w+)\)s", str(SENTENCES[event.tag])))
        assert named <= set(event.__dataclass_fields__), event.tag


def test_the_trail_of_an_edition_misses_nothing_that_happens_to_a_part_of_it():
    """One query shows all: what names a meeting, an enrolment or a certificate names its edition too."""
    parts = {"meeting_id", "enrolment_id", "certificate_id", "issue_run_id", "waiting_list_entry_id"}
    astray = [
        event.tag
        for event in every_event()
        if parts & set(event.__dataclass_fields__) and "edition_id" not in event.__dataclass_fields__
    ]
    assert astray == []


def test_an_entry_without_a_sentence_is_shown_by_its_tag(app, auditor):
    class Unknown(Event):
        tag = "certificates.of_long_ago"

    note(Unknown(), datetime(2026, 4, 2, tzinfo=UTC))
    assert sentences(auditor.visit("/audit?soort=certificates.")) == ["certificates.of_long_ago"]


def test_every_page_that_is_named_in_words_is_there(app):
    assert set(VIEWED) - set(app.view_functions) == set()

"""The office's certificate pages: who is ready, issuing, revoking, replacing."""

import pytest

from portal import audit
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.rules import Role
from portal.domain.attendance.models import Attendance
from portal.domain.certificates.issue_runs import work_on_runs
from portal.domain.certificates.models import Certificate, IssueRun
from portal.domain.enrolment.commands import cancel_enrolment
from portal.domain.enrolment.models import Seat
from tests import factories
from tests.certificate_scenes import NOW, given_edition, issue, replace, revoke

HOME = "/bureau/certificaten"


@pytest.fixture
def office(as_role):
    return as_role(Role.OFFICE)


def scene_of_three():
    """One ready, one who was never there, one who has it already."""
    absent = [(1, position) for position in (1, 2, 3, 4)] + [(0, 2)]
    scene = given_edition(["Dewi Hardjo", "Ilse Bos", "Ó Briain"], absent=absent, title="SamenKracht")
    return scene, issue(scene.enrolments[2])


def test_without_editions_the_page_says_what_will_be_here(office):
    assert "Er is nog geen training begonnen." in office.visit(HOME).text


def test_every_edition_that_began_shows_how_many_stand_where(office):
    scene_of_three()
    later = given_edition(["Later"], title="Nog niet", first_on=factories.clock.today() + factories.timedelta(days=9))
    page = office.visit(HOME)
    assert page.table() == [
        {
            "Training": "SamenKracht",
            "Begon op": "do 5 mrt 2026",
            "Waar": "Zwolle",
            "Klaar": "1",
            "Kan nog niet": "1",
            "Uitgegeven": "1",
        }
    ]
    assert str(later.course.title) not in page.html
    assert page.follow("SamenKracht").h1 == "Certificaten voor SamenKracht"


def test_the_list_takes_as_many_queries_with_one_edition_as_with_three(office, count_queries):
    counted = []
    for number in range(2):
        for _ in range(number * 2 + 1):
            given_edition(["Dewi Hardjo", "Ilse Bos"])
        with count_queries() as queries:
            office.visit(HOME)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 8


def test_an_edition_shows_who_is_blocked_and_why_who_is_ready_and_who_is_done(office):
    scene, _ = scene_of_three()
    page = office.visit(f"{HOME}/uitvoeringen/{scene.edition.id}")
    assert page.table("Kan nog niet (1)") == [{"Naam": "Ilse Bos", "Waarom niet": "Was bij geen dagdeel aanwezig"}]
    assert page.table("Klaar (1)") == [{"Naam": "Dewi Hardjo", "Krijgt": "3 van 4 dagdelen: bewijs van deelname"}]
    assert page.table("Uitgegeven (1)") == [{"Naam": "Ó Briain", "Kreeg": "Hele training: certificaat van deelname"}]


def test_who_was_cancelled_stays_in_sight_and_a_certificate_that_still_holds_is_warned_about(office):
    absent = [(0, 2), (1, 2), (2, 2)]
    scene = given_edition(["Dewi Hardjo", "Ilse Bos", "Nooit Begonnen"], absent=absent, title="SamenKracht")
    issue(scene.enrolments[0])
    db.session.query(Seat).filter_by(enrolment_id=scene.enrolments[2].id).update({"released_at": NOW})
    db.session.commit()
    for number in [enrolment.id for enrolment in scene.enrolments]:
        with transaction():
            cancel_enrolment(enrolment_id=number, actor=Actor.person(scene.trainer.id), now=NOW, by_office=True)
    page = office.visit(f"{HOME}/uitvoeringen/{scene.edition.id}")
    warning = "De inschrijving is geannuleerd, maar het certificaat geldt nog. Trek het in als het niet klopt"
    assert page.table("Uitgegeven (1)") == [{"Naam": "Dewi Hardjo", "Kreeg": warning}]
    assert page.table("Kan nog niet (1)") == [{"Naam": "Ilse Bos", "Waarom niet": "Deze inschrijving is geannuleerd."}]
    assert "Nooit Begonnen" not in page.html
    (row,) = office.visit(HOME).table()
    assert (row["Klaar"], row["Kan nog niet"], row["Uitgegeven"]) == ("0", "1", "1")


def test_an_open_list_is_named(office):
    scene = given_edition(open_sheets=[2, 4])
    page = office.visit(f"{HOME}/uitvoeringen/{scene.edition.id}")
    assert page.table("Kan nog niet (1)")[0]["Waarom niet"] == "Presentie van dagdeel 2, 4 is nog niet afgerond"
    assert page.find("//main//form") == []


def test_issuing_leads_to_a_page_that_follows_the_worker(office):
    scene = given_edition(["A Een", "B Twee"])
    page = office.visit(f"{HOME}/uitvoeringen/{scene.edition.id}").submit("Geef 2 certificaten uit")
    assert (page.h1, page.title) == ("Certificaten uitgeven", "0 van 2 certificaten · Leerkring")
    assert [(bar.get("value"), bar.get("max")) for bar in page.find("//progress")] == [("0", "2")]
    assert page.find("//meta[@http-equiv='refresh']/@content") == ["3"]
    assert "Je mag deze pagina sluiten." in page.text
    assert "A Een" not in page.text
    work_on_runs(NOW)
    done = office.visit(page.address)
    assert "Klaar. Iedereen heeft een mail gekregen" in done.text
    assert done.find("//meta[@http-equiv='refresh']") == []
    assert done.table() == [
        {"Naam": "A Een", "Stand": "uitgegeven", "Certificaat of reden": "EKC-2026-0001"},
        {"Naam": "B Twee", "Stand": "uitgegeven", "Certificaat of reden": "EKC-2026-0002"},
    ]


def test_failures_come_first_with_their_reason(office):
    scene = given_edition(["A Een", "B Twee"])
    page = office.visit(f"{HOME}/uitvoeringen/{scene.edition.id}").submit("Geef 2 certificaten uit")
    scene.enrolments[1].state = "cancelled"
    db.session.commit()
    work_on_runs(NOW)
    rows = office.visit(page.address).table()
    assert [(row["Naam"], row["Certificaat of reden"]) for row in rows] == [
        ("B Twee", "Deze inschrijving is geannuleerd."),
        ("A Een", "EKC-2026-0001"),
    ]


def test_a_batch_is_stopped_and_goes_on(office):
    scene = given_edition(["A Een", "B Twee"])
    page = office.visit(f"{HOME}/uitvoeringen/{scene.edition.id}").submit("Geef 2 certificaten uit")
    page = page.submit("Stop het uitgeven")
    assert "Het uitgeven is gestopt. Er wachten nog 2 certificaten." in page.text
    assert "A Een" in page.text
    assert work_on_runs(NOW) == 0
    edition = office.visit(f"{HOME}/uitvoeringen/{scene.edition.id}")
    assert edition.follow("Bekijk hoe ver het is").address == page.address
    page = page.submit("Ga verder")
    assert work_on_runs(NOW) == 2


def test_asking_twice_makes_one_batch_and_says_so(office):
    scene = given_edition(["A Een"])
    first = office.visit(f"{HOME}/uitvoeringen/{scene.edition.id}")
    second = office.visit(f"{HOME}/uitvoeringen/{scene.edition.id}")
    first.submit("Geef 1 certificaat uit")
    page = second.submit("Geef 1 certificaat uit")
    assert (page.status, page.title[:5]) == (409, "Fout:")
    assert "Voor deze uitvoering loopt het uitgeven al." in page.text
    assert db.session.query(IssueRun).count() == 1


def test_stopping_what_is_done_already_leads_back_with_the_reason(office):
    scene = given_edition(["A Een"])
    page = office.visit(f"{HOME}/uitvoeringen/{scene.edition.id}").submit("Geef 1 certificaat uit")
    work_on_runs(NOW)
    assert "Het uitgeven is intussen al klaar of gestopt." in page.submit("Stop het uitgeven").text


def test_a_certificate_is_found_by_its_number(office):
    _, certificate = scene_of_three()
    page = office.visit(HOME).submit("Zoek", nummer=" ekc-2026-0001 ")
    assert (page.h1, page.address) == ("Certificaat van Ó Briain", f"{HOME}/{certificate.id}")
    nothing = office.visit(HOME).submit("Zoek", nummer="EKC-2026-0009")
    assert (nothing.status, nothing.title[:5]) == (422, "Fout:")
    assert nothing.errors == [("We hebben geen certificaat met dit nummer. Kijk het nummer na.", "#nummer")]


def test_revoking_asks_why_and_what_happened(office):
    _, certificate = scene_of_three()
    page = office.visit(f"{HOME}/{certificate.id}").submit("Trek het certificaat in", explanation="x" * 501)
    assert (page.status, page.title[:5]) == (422, "Fout:")
    assert page.errors == [
        ("Kies waarom je het intrekt", "#reason-0"),
        ("Houd de toelichting onder de 500 tekens", "#explanation"),
    ]
    assert page.form("Trek het certificaat in").values["explanation"] == ["x" * 501]
    page = page.submit("Trek het certificaat in", reason="issued_in_error", explanation="Verkeerde persoon")
    assert "Het certificaat is ingetrokken. De houder krijgt een mail." in page.text
    assert page.find("//form[contains(@action, 'intrekken')]") == []
    assert db.session.get(Certificate, certificate.id).state == "revoked"


def test_a_reason_that_is_not_offered_is_refused(office):
    _, certificate = scene_of_three()
    response = office.send(f"{HOME}/{certificate.id}/intrekken", reason="name_corrected", explanation="x")
    assert response.status_code == 422
    assert db.session.get(Certificate, certificate.id).state == "valid"


def test_replacing_leads_to_the_new_one_and_the_old_one_to_it(office):
    _, certificate = scene_of_three()
    page = office.visit(f"{HOME}/{certificate.id}").submit("Vervang het certificaat", name="Seán Ó Briain")
    assert page.h1 == "Certificaat van Seán Ó Briain"
    old = office.visit(f"{HOME}/{certificate.id}")
    assert old.follow("Naar het nieuwe certificaat EKC-2026-0002").address == page.address


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Vul de naam in"),
        ("Ó Briain", "Deze naam staat al op het certificaat. Vul de naam in zoals die moet zijn."),
        ("x" * 201, "Houd de naam onder de 200 tekens"),
    ],
)
def test_a_name_that_will_not_do_is_asked_again(office, name, sentence):
    _, certificate = scene_of_three()
    page = office.visit(f"{HOME}/{certificate.id}").submit("Vervang het certificaat", name=name)
    assert (page.status, page.title[:5], page.errors) == (422, "Fout:", [(sentence, "#name")])
    assert page.form("Vervang het certificaat").values["name"] == [name]


def test_somebody_else_was_first(office):
    _, certificate = scene_of_three()
    page = office.visit(f"{HOME}/{certificate.id}")
    revoke(certificate)
    late = page.submit("Vervang het certificaat", name="Seán Ó Briain")
    assert late.status == 409
    assert "Dit certificaat geldt al niet meer." in late.text


def test_after_a_revocation_the_office_may_issue_again(office):
    scene, certificate = scene_of_three()
    revoke(certificate)
    edition = office.visit(f"{HOME}/uitvoeringen/{scene.edition.id}")
    assert "Ó Briain" in [row["Naam"] for row in edition.table("Kan nog niet (2)")]
    page = edition.follow("Ó Briain").submit("Geef opnieuw uit")
    assert (page.h1, "EKC-2026-0002" in page.text) == ("Certificaat van Ó Briain", True)


def test_every_look_at_people_is_noted_and_counts_alone_are_not(app, sign_in):
    scene, certificate = scene_of_three()
    person = factories.person(role=Role.OFFICE)
    client = sign_in(person)
    client.visit(HOME)
    assert audit.list_entries(tag="privacy.viewed").total == 0
    client.visit(f"{HOME}/uitvoeringen/{scene.edition.id}")
    client.visit(f"{HOME}/{certificate.id}")
    noted = [
        (entry.actor_id, entry.facts["page"], entry.facts["edition_id"])
        for entry in audit.list_entries(tag="privacy.viewed").entries
    ]
    assert noted == [
        (person.id, "office_certificates.certificate", scene.edition.id),
        (person.id, "office_certificates.edition", scene.edition.id),
    ]


PATHS = ["", "/uitvoeringen/{edition}", "/{certificate}"]
POSTS = [
    "/uitvoeringen/{edition}/uitgeven",
    "/{certificate}/intrekken",
    "/{certificate}/vervangen",
    "/{certificate}/opnieuw",
]


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.OFFICE, Role.ADMIN)])
def test_nobody_but_the_office_comes_in(app, as_role, role):
    scene, certificate = scene_of_three()
    client = as_role(role)
    places = {"edition": scene.edition.id, "certificate": certificate.id}
    assert {client.get(HOME + path.format(**places)).status_code for path in PATHS} == {403}
    assert {client.send(HOME + path.format(**places), name="X").status_code for path in POSTS} == {403}
    assert db.session.get(Certificate, certificate.id).state == "valid"


@pytest.mark.parametrize("path", ["/uitvoeringen/404", "/rondes/404", "/404"])
def test_what_is_not_there_is_not_found(office, path):
    assert office.get(HOME + path).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/uitvoeringen/404/uitgeven", "/rondes/404/stoppen", "/rondes/404/verder", "/404/intrekken", "/404/vervangen"],
)
def test_what_is_not_there_is_not_changed(office, path):
    assert office.send(HOME + path).status_code == 404


def test_a_replaced_certificate_keeps_its_page(office):
    _, certificate = scene_of_three()
    old, _ = replace(certificate, "Seán Ó Briain")
    page = office.visit(f"{HOME}/{old.id}")
    assert "Vervangen op donderdag 2 april 2026: de naam is verbeterd." in page.text


def test_a_correction_after_the_issue_shows_until_it_is_issued_again(office):
    _, certificate = scene_of_three()
    address = f"{HOME}/{certificate.id}"
    warning = "Dit certificaat klopt niet meer."
    assert warning not in office.visit(address).text
    late = db.session.query(Attendance).join(Seat).filter(Seat.enrolment_id == certificate.enrolment_id).first()
    late.status, late.minutes_late = "late", 90
    db.session.commit()
    page = office.visit(address)
    assert warning in page.text
    page = page.submit("Trek het certificaat in", reason="attendance_corrected", explanation="Kwam later binnen")
    assert warning not in page.text
    again = page.submit("Geef opnieuw uit")
    assert (warning in again.text, again.facts()["SKJ"][:9]) == (False, "15 punten")


def test_a_mended_name_is_no_correction_of_the_points(office):
    _, certificate = scene_of_three()
    _, new = replace(certificate, "Seán Ó Briain")
    assert "klopt niet meer" not in office.visit(f"{HOME}/{new.id}").text

"""The list as a file to print: who gets it, and that staff who print it are noted."""

from datetime import timedelta
from pathlib import Path

from portal import audit, clock
from portal.db import db
from portal.domain.accounts.rules import Role
from tests import factories
from tests.documents.pdf_judges import text_of


def printed(data: bytes, tmp_path: Path) -> list[str]:
    (tmp_path / "list.pdf").write_bytes(data)
    return text_of(tmp_path / "list.pdf")


def given(trainer, *names: str, days: int = 1):
    course = factories.course_with_modules(1, title='SamenKracht"\r\nX: y')
    edition = factories.edition_with_meetings(course, clock.today() + timedelta(days=days), trainer=trainer)
    for name in names:
        factories.enrolment(edition, factories.person(name=name))
    db.session.commit()
    return f"/bijeenkomsten/{edition.meetings[0].id}/presentie"


def test_its_trainer_prints_it_before_the_day(sign_in, tmp_path):
    trainer = factories.person(Role.TRAINER)
    path = given(trainer, "Amira", "Bram")
    response = sign_in(trainer).get(f"{path}/lijst.pdf")
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    assert response.headers["Content-Disposition"].startswith('inline; filename="presentielijst-PL-')
    assert response.headers["Cache-Control"] == "no-store"
    text = printed(response.data, tmp_path)
    assert [line for line in text if line[0].isdigit()] == ["1 Amira", "2 Bram", "3", "4", "5"]


def test_the_page_of_the_list_leads_to_it(sign_in):
    trainer = factories.person(Role.TRAINER)
    for path in (given(trainer, "Amira"), given(trainer), given(trainer, "Amira", days=-1)):
        assert [link.href for link in sign_in(trainer).visit(path).links if "pdf" in link.text] == [f"{path}/lijst.pdf"]


def test_a_finished_list_is_printed_with_what_was(sign_in, tmp_path):
    trainer = factories.person(Role.TRAINER, name="Noor Jansen")
    path = given(trainer, "Amira", days=-1)
    client = sign_in(trainer)
    client.visit(path).submit("Rest is er")
    signing = client.visit(f"{path}/afronden")
    signing.submit("Afronden en tekenen", {"signed_name": "Noor Jansen", "agreed": True})
    text = printed(client.get(f"{path}/lijst.pdf").data, tmp_path)
    assert ("1 Amira" in text, "Aanwezig" in text) == (True, True)
    assert [line for line in text if "getekend door Noor Jansen" in line]


def test_for_another_trainer_and_a_visitor_there_is_no_such_file(sign_in, client):
    path = given(factories.person(Role.TRAINER), "Amira")
    assert sign_in(factories.person(Role.TRAINER)).get(f"{path}/lijst.pdf").status_code == 404
    assert sign_in(factories.person()).get(f"{path}/lijst.pdf").status_code == 403
    assert client.get(f"{path}/lijst.pdf").status_code == 303


def test_who_prints_it_is_noted(sign_in):
    path, office = given(factories.person(Role.TRAINER), "Amira"), factories.person(Role.OFFICE)
    assert sign_in(office).get(f"{path}/lijst.pdf").status_code == 200
    (noted,) = audit.list_entries(tag="privacy.viewed").entries
    assert (noted.actor_id, noted.facts["page"]) == (office.id, "attendance_paper.printed")

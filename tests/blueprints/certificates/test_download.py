"""The file of a certificate: whose it is, whose it is not, and that it is the same for ever."""

import hashlib

import pytest

from portal import audit
from portal.domain.accounts.rules import Role
from tests import factories
from tests.certificate_scenes import given_edition, issue


def test_the_holder_gets_the_very_bytes_that_were_issued(app, sign_in):
    scene = given_edition(["Dewi Hardjo"])
    certificate = issue(scene.enrolments[0])
    response = sign_in(scene.people[0]).get(f"/certificaten/{certificate.id}.pdf")
    assert response.status_code == 200
    assert hashlib.sha256(response.data).hexdigest() == certificate.sha256
    assert response.mimetype == "application/pdf"
    assert response.headers["Cache-Control"] == "no-store"


def test_the_file_is_named_by_its_number_whatever_the_holder_is_called(app, sign_in):
    scene = given_edition(['"; rm -rf /\r\nSet-Cookie: x=y; "Şule'])
    certificate = issue(scene.enrolments[0])
    response = sign_in(scene.people[0]).get(f"/certificaten/{certificate.id}.pdf")
    assert response.headers["Content-Disposition"] == 'attachment; filename="certificaat-EKC-2026-0001.pdf"'


def test_a_visitor_is_asked_to_sign_in(app, client):
    certificate = issue(given_edition().enrolments[0])
    response = client.get(f"/certificaten/{certificate.id}.pdf")
    assert (response.status_code, response.headers["Location"]) == (303, "/inloggen")


def test_for_anybody_else_the_file_does_not_exist(app, sign_in):
    scene = given_edition(["Dewi Hardjo", "Ilse Bos"])
    certificate = issue(scene.enrolments[0])
    issue(scene.enrolments[1])
    others = [scene.people[1], scene.trainer]
    others += [factories.person(role=role) for role in Role if role not in (Role.OFFICE, Role.ADMIN)]
    for other in others:
        foreign = sign_in(other).get(f"/certificaten/{certificate.id}.pdf")
        missing = sign_in(other).get("/certificaten/404.pdf")
        assert (foreign.status_code, missing.status_code) == (404, 404)
        assert b"%PDF" not in foreign.data
        assert b"Dewi" not in foreign.data


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ADMIN])
def test_every_download_by_staff_is_noted_and_the_holders_own_are_not(app, sign_in, role):
    scene = given_edition(["Dewi Hardjo"])
    certificate = issue(scene.enrolments[0])
    staff = factories.person(role=role)
    assert sign_in(scene.people[0]).get(f"/certificaten/{certificate.id}.pdf").status_code == 200
    assert audit.list_entries(tag="privacy.viewed").total == 0
    response = sign_in(staff).get(f"/certificaten/{certificate.id}.pdf")
    assert hashlib.sha256(response.data).hexdigest() == certificate.sha256
    (noted,) = audit.list_entries(tag="privacy.viewed").entries
    assert (noted.actor_id, noted.facts["certificate_id"], noted.facts["page"]) == (
        staff.id,
        certificate.id,
        "certificates.download",
    )

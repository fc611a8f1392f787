"""Certificates of people who took or made up for a dagdeel in another edition."""

import secrets
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit import Actor
from portal.db import db, transaction
from portal.documents.certificate import CertificateFacts, facts_from_json
from portal.documents.codes import new_code
from portal.domain.accreditation.commands import settle_points
from portal.domain.certificates import commands
from portal.domain.certificates.candidates import list_candidates
from portal.domain.certificates.models import Certificate
from portal.domain.certificates.rules import Hindrance, Readiness, Standing
from portal.domain.enrolment.models import Seat
from portal.domain.reporting.queries import list_attention
from portal.domain.reporting.rules import Matter
from portal.errors import Conflict, Refused
from portal.mail import OutgoingMail
from tests import factories
from tests.certificate_scenes import issue
from tests.make_up_scenes import Scene, given_twice, hold


@pytest.fixture
def scene(app: Flask) -> Scene:
    """Dewi was absent at dagdeel 2, and all of Zwolle is over."""
    scene = given_twice()
    for number in (1, 2, 3, 4):
        hold(scene.zwolle, number, absent=[scene.dewi] if number == 2 else [])
    return scene


def over(scene: Scene) -> datetime:
    return scene.deventer.meetings[3].ends_at


def standing(scene: Scene) -> Readiness:
    (found,) = list_candidates([scene.zwolle.edition.id])
    return found.readiness


def renew(certificate: Certificate, now: datetime) -> Certificate:
    certificate_id = certificate.id
    with transaction():
        return commands.renew_certificate(
            certificate_id=certificate_id, code=new_code(secrets.token_bytes), actor=Actor.person(1), now=now
        )


def facts(certificate: Certificate) -> CertificateFacts:
    return facts_from_json(certificate.facts)


def ready_certificates(scene: Scene) -> list[tuple[int, date]]:
    things = list_attention(now=over(scene)).shown
    return [(thing.number, thing.due_on) for thing in things if thing.matter is Matter.CERTIFICATES]


def test_a_certificate_waits_for_what_is_being_made_up(scene: Scene):
    assert standing(scene) == Readiness(Standing.READY, attended=3, modules=4)
    assert ready_certificates(scene) == [(1, date(2027, 3, 25))]
    factories.stand_in(scene.dewi, scene.deventer.meetings[1])
    assert standing(scene) == Readiness(
        Standing.BLOCKED, attended=3, modules=4, hindrance=Hindrance.MAKE_UP_AHEAD, positions=(2,)
    )
    assert ready_certificates(scene) == []
    with pytest.raises(Refused, match="Haalt dagdeel 2 in"):
        issue(scene.dewi, now=over(scene))


def test_one_certificate_tells_all_four_dagdelen_each_on_its_own_day(scene: Scene):
    factories.stand_in(scene.dewi, scene.deventer.meetings[1])
    hold(scene.deventer, 2)
    assert standing(scene) == Readiness(Standing.READY, whole=True, attended=4, modules=4)
    assert ready_certificates(scene) == [(1, date(2027, 5, 13))]
    printed = facts(issue(scene.dewi, now=over(scene)))
    assert (printed.title_kind, printed.attendance_percent) == ("whole", 100)
    assert [(row.position, row.held_on) for row in printed.rows] == [
        (1, date(2027, 3, 4)),
        (2, date(2027, 5, 13)),
        (3, date(2027, 3, 18)),
        (4, date(2027, 3, 25)),
    ]
    assert {one.name: one.points for one in printed.registers} == {"SKJ": 19, "Registerplein": 19}


def test_what_was_made_up_after_the_issue_comes_on_a_new_certificate(scene: Scene):
    old = issue(scene.dewi, now=scene.zwolle.meetings[3].ends_at)
    with pytest.raises(Refused):
        renew(old, over(scene))
    factories.stand_in(scene.dewi, scene.deventer.meetings[1])
    assert not standing(scene).outdated
    hold(scene.deventer, 2)
    assert standing(scene).outdated
    new = renew(old, over(scene))
    db.session.refresh(old)
    assert (old.state, old.end_reason, old.replaced_by_id) == ("replaced", "made_up", new.id)
    assert ([row.position for row in facts(old).rows], [row.position for row in facts(new).rows]) == (
        [1, 3, 4],
        [1, 2, 3, 4],
    )
    assert {one.name: one.points for one in facts(new).registers} == {"SKJ": 19, "Registerplein": 19}
    kinds = db.session.scalars(select(OutgoingMail.kind).order_by(OutgoingMail.id)).all()
    assert kinds == ["attendance.missed", "certificates.issued", "certificates.renewed"]
    assert standing(scene) == Readiness(Standing.ISSUED, whole=True, attended=4, modules=4)
    with pytest.raises(Conflict):
        renew(old, over(scene))
    with pytest.raises(Refused):
        renew(new, over(scene))


def test_who_swapped_all_they_had_is_ready_when_the_other_edition_has_given_it(app: Flask):
    scene = given_twice(modules=(1,))
    factories.stand_in(scene.dewi, scene.deventer.meetings[0], swapped=True)
    assert ready_certificates(scene) == []
    hold(scene.deventer, 1)
    assert ready_certificates(scene) == [(1, date(2027, 5, 6))]
    assert [row.held_on for row in facts(issue(scene.dewi, now=over(scene))).rows] == [date(2027, 5, 6)]


def test_an_unsigned_list_of_what_was_missed_keeps_nobody_from_a_certificate(app: Flask):
    scene = given_twice(modules=(2,))
    hold(scene.zwolle, 2, absent=[scene.dewi], signed=False)
    assert ready_certificates(scene) == []
    factories.stand_in(scene.dewi, scene.deventer.meetings[1])
    hold(scene.deventer, 2)
    assert standing(scene) == Readiness(Standing.READY, attended=1, modules=4)
    assert ready_certificates(scene) == [(1, date(2027, 5, 13))]


def test_a_made_up_dagdeel_that_was_let_go_leaves_the_part(scene: Scene):
    seat = factories.stand_in(scene.dewi, scene.deventer.meetings[1])
    db.session.get_one(Seat, seat.id).released_at = over(scene)
    db.session.commit()
    with transaction():
        settle_points(enrolment_id=scene.dewi.id, actor=Actor.system(), now=over(scene))
    assert standing(scene) == Readiness(Standing.READY, attended=3, modules=4)
    assert facts(issue(scene.dewi, now=over(scene))).title_kind == "partial"

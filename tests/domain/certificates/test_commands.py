"""Issuing, revoking and replacing: what is frozen, what is noted, who is mailed, and who is first."""

import dataclasses
import hashlib
import json
import secrets
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal import audit
from portal.audit import Actor
from portal.audit.models import AuditEntry
from portal.db import db, transaction
from portal.documents.certificate import facts_from_json, render_certificate
from portal.documents.codes import new_code
from portal.domain.accreditation.models import PointAward
from portal.domain.attendance.models import Attendance
from portal.domain.certificates import commands
from portal.domain.certificates.models import Certificate
from portal.domain.certificates.rules import EndReason, Standing
from portal.domain.enrolment.models import Enrolment
from portal.errors import Conflict, NotFound, Refused
from portal.mail import OutgoingMail
from tests.certificate_scenes import NOW, given_edition, issue, replace, revoke

OFFICE = Actor.person(1)


def mails_of(kind):
    return db.session.scalars(select(OutgoingMail).where(OutgoingMail.kind == kind).order_by(OutgoingMail.id)).all()


def test_a_certificate_freezes_what_was_attended(app):
    scene = given_edition(["Dewi Hardjo"], title="SamenKracht")
    certificate = issue(scene.enrolments[0], code="K7MQ29RTD4WXEA")
    facts = facts_from_json(certificate.facts)
    assert (certificate.number, certificate.state, facts.number) == ("EKC-2026-0001", "valid", "EKC-2026-0001")
    assert facts.check_url == "https://leerkring.example/c/K7MQ29RTD4WXEA"
    assert (facts.holder_name, facts.course_title, facts.title_kind) == ("Dewi Hardjo", "SamenKracht", "whole")
    assert [(row.position, row.held_on, row.contact_minutes) for row in facts.rows] == [
        (1, date(2026, 3, 5), 180),
        (2, date(2026, 3, 12), 180),
        (3, date(2026, 3, 19), 180),
        (4, date(2026, 3, 26), 180),
    ]
    assert [
        (one.name, one.points, one.accreditation_number, one.valid_from, one.registration_number)
        for one in facts.registers
    ] == [
        ("SKJ", 19, "ID-SKJ", date(2024, 1, 1), "110024518"),
        ("Registerplein", 19, "ID-Registerplein", date(2024, 1, 1), None),
    ]
    assert (facts.attendance_percent, facts.trainers, facts.delivery) == (100, ("Noor van Dijk",), "onsite")
    assert (facts.issuer_name, facts.place, facts.issued_on) == (
        "Stichting Eigen Kracht Centrale",
        "Zwolle",
        date(2026, 4, 2),
    )


def test_the_bytes_are_those_of_the_facts_and_their_hash_is_kept_and_logged(app):
    certificate = issue(given_edition().enrolments[0])
    assert certificate.pdf == render_certificate(facts_from_json(certificate.facts))
    assert certificate.sha256 == hashlib.sha256(certificate.pdf).hexdigest()
    (entry,) = [e for e in audit.trail_of("certificate", certificate.id).entries if e.tag == "certificates.issued"]
    assert entry.facts["sha256"] == certificate.sha256


def test_the_printed_points_are_the_sum_of_the_awards_that_count(app):
    scene = given_edition(["Dewi Hardjo", "Ilse Bos"], absent=[(1, 2), (1, 4)])
    for enrolment in scene.enrolments:
        certificate = issue(enrolment)
        facts = facts_from_json(certificate.facts)
        awards = db.session.scalars(select(PointAward).where(PointAward.enrolment_id == certificate.enrolment_id)).all()
        for register in facts.registers:
            counted = sum(award.points for award in awards if award.register_code == register.name)
            in_rows = sum(p.points for row in facts.rows for p in row.points if p.register == register.name)
            assert register.points == counted == in_rows
    assert {register.name: register.points for register in facts.registers} == {"SKJ": 9, "Registerplein": 9}
    assert facts.title_kind == "partial"
    assert [row.position for row in facts.rows] == [1, 3]


def test_minutes_missed_and_points_lost_show(app):
    scene = given_edition(["Dewi Hardjo"], modules=2)
    late = db.session.scalars(select(Attendance).order_by(Attendance.seat_id)).first()
    late.status, late.minutes_late = "late", 30
    db.session.commit()
    facts = facts_from_json(issue(scene.enrolments[0]).facts)
    assert facts.attendance_percent == 91  # 330 of 360 minutes
    assert {register.name: register.points for register in facts.registers} == {"SKJ": 4, "Registerplein": 4}


def test_points_outside_the_accreditation_are_left_out_with_the_reason(app):
    scene = given_edition(["Dewi Hardjo"], registers=["SKJ"], first_on=date(2023, 11, 2))
    facts = facts_from_json(issue(scene.enrolments[0]).facts)
    assert facts.registers == ()
    assert [note.partition(",")[0] for note in facts.notes] == ["SKJ: Telt niet mee"] * 4


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"open_sheets": [3, 4]}, "Presentie van dagdeel 3, 4 is nog niet afgerond"),
        ({"absent": [(0, 1), (0, 2), (0, 3), (0, 4)]}, "Was bij geen dagdeel aanwezig"),
    ],
)
def test_who_is_not_ready_gets_nothing_and_the_reason(app, arguments, sentence):
    scene = given_edition(**arguments)
    with pytest.raises(Refused, match=sentence):
        issue(scene.enrolments[0])
    assert db.session.scalars(select(Certificate)).all() == []
    assert mails_of("certificates.issued") == []


def test_a_cancelled_enrolment_gets_nothing(app):
    scene = given_edition()
    scene.enrolments[0].state = "cancelled"
    db.session.commit()
    with pytest.raises(Refused, match="geannuleerd"):
        issue(scene.enrolments[0])


def test_an_enrolment_that_is_not_there_is_not_found(app):
    with pytest.raises(NotFound), transaction():
        commands.issue_certificate(enrolment_id=404, code="X", actor=OFFICE, now=NOW)


def test_numbers_follow_one_another_and_begin_again_each_year(app):
    scene = given_edition(["A Een", "B Twee", "C Drie"])
    new_year = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # in Amsterdam it is 2027 already
    numbers = [issue(scene.enrolments[0]).number, issue(scene.enrolments[1]).number]
    numbers.append(issue(scene.enrolments[2], now=new_year).number)
    assert numbers == ["EKC-2026-0001", "EKC-2026-0002", "EKC-2027-0001"]


def test_a_number_is_not_lost_when_issuing_fails(app):
    scene = given_edition(["A Een", "B Twee"])
    enrolment_id = scene.enrolments[0].id
    with pytest.raises(ZeroDivisionError), transaction():
        commands.issue_certificate(enrolment_id=enrolment_id, code="X", actor=OFFICE, now=NOW) and 1 / 0
    assert issue(scene.enrolments[1]).number == "EKC-2026-0001"


def test_the_holder_gets_a_mail_with_a_link_and_no_file(app):
    scene = given_edition(["Dewi Hardjo"], title="SamenKracht")
    certificate = issue(scene.enrolments[0])
    (mail,) = mails_of("certificates.issued")
    assert (mail.to_address, mail.subject) == (
        scene.people[0].email,
        "Je certificaat voor SamenKracht staat klaar",
    )
    assert "https://leerkring.example/mijn/certificaten" in mail.text_body
    for secret in (certificate.code, certificate.number, "110024518", "19"):
        assert secret not in mail.text_body
    assert mail.calendar is None


def test_a_second_certificate_is_a_conflict(app):
    scene = given_edition()
    issue(scene.enrolments[0])
    with pytest.raises(Conflict, match="al een geldig certificaat"):
        issue(scene.enrolments[0])
    assert len(db.session.scalars(select(Certificate)).all()) == 1
    assert len(mails_of("certificates.issued")) == 1


def test_two_who_issue_at_once_make_one_certificate(app):
    enrolment_id = given_edition().enrolments[0].id
    outcomes = in_two_threads(
        app,
        lambda: commands.issue_certificate(
            enrolment_id=enrolment_id, code=new_code(secrets.token_bytes), actor=OFFICE, now=NOW
        ),
    )
    assert sorted(outcomes) == ["Conflict", "done"]
    assert [one.number for one in db.session.scalars(select(Certificate))] == ["EKC-2026-0001"]
    assert len(mails_of("certificates.issued")) == 1


def test_the_database_itself_refuses_a_second_valid_certificate(app, monkeypatch):
    """The index holds when the check before it does not see the other certificate."""
    scene = given_edition()
    issue(scene.enrolments[0])
    found = commands.list_candidates([scene.edition.id])[0]
    ready = dataclasses.replace(found.readiness, standing=Standing.READY)
    blind = dataclasses.replace(found, readiness=ready, certificate_id=None)
    monkeypatch.setattr(commands, "list_candidates", lambda *_: [blind])
    with pytest.raises(Conflict):
        issue(scene.enrolments[0])
    assert len(db.session.scalars(select(Certificate)).all()) == 1


def test_a_draft_is_used_when_it_is_still_true_and_else_printed_again(app):
    scene = given_edition(["A Een", "B Twee"])
    enrolment_id = scene.enrolments[0].id
    draft = commands.prepare(enrolment_id=enrolment_id, code="K7MQ29RTD4WXEA", now=NOW)
    # Somebody else takes the number, and the name is mended meanwhile.
    issue(scene.enrolments[1])
    scene.enrolments[0].participant_name = "A Eén"
    db.session.commit()
    with transaction():
        certificate = commands.issue_certificate(
            enrolment_id=enrolment_id, code="K7MQ29RTD4WXEA", actor=OFFICE, now=NOW, draft=draft
        )
    facts = facts_from_json(certificate.facts)
    assert (facts.number, facts.holder_name) == ("EKC-2026-0002", "A Eén")
    assert certificate.pdf == render_certificate(facts)


def test_revoking_keeps_everything_and_says_why(app):
    certificate = issue(given_edition().enrolments[0])
    facts, sha256 = certificate.facts, certificate.sha256
    gone = revoke(certificate, EndReason.ATTENDANCE_CORRECTED, "Piet zat in de zaal, niet Dewi")
    assert (gone.state, gone.end_reason, gone.ended_at) == ("revoked", "attendance_corrected", NOW)
    assert (gone.facts, gone.sha256, hashlib.sha256(gone.pdf).hexdigest()) == (facts, sha256, sha256)
    (entry,) = [e for e in audit.trail_of("certificate", gone.id).entries if e.tag == "certificates.revoked"]
    assert entry.facts["explanation"] == "Piet zat in de zaal, niet Dewi"
    stored = db.session.scalar(select(AuditEntry.payload).where(AuditEntry.seq == entry.seq))
    assert "Piet" not in stored
    (mail,) = mails_of("certificates.revoked")
    assert "Piet" not in mail.text_body


def test_only_a_valid_certificate_is_revoked(app):
    certificate = issue(given_edition().enrolments[0])
    revoke(certificate)
    with pytest.raises(Conflict):
        revoke(certificate)
    with pytest.raises(Conflict):
        replace(certificate, "Iemand Anders")
    with pytest.raises(NotFound), transaction():
        commands.revoke_certificate(
            certificate_id=404, reason=EndReason.HOLDER_ASKED, explanation="", actor=OFFICE, now=NOW
        )


def test_after_a_revocation_a_new_one_takes_a_deliberate_decision(app):
    scene = given_edition()
    revoke(issue(scene.enrolments[0]))
    with pytest.raises(Refused, match="ingetrokken"):
        issue(scene.enrolments[0])
    enrolment_id = scene.enrolments[0].id
    with transaction():
        again = commands.issue_certificate(
            enrolment_id=enrolment_id, code=new_code(secrets.token_bytes), actor=OFFICE, now=NOW, again=True
        )
    assert again.number == "EKC-2026-0002"


def test_a_replacement_differs_in_name_number_code_and_day_only(app):
    scene = given_edition(["Dewi Hardjo"])
    first = issue(scene.enrolments[0], now=NOW - timedelta(days=5))
    enrolment_id = first.enrolment_id
    # Attendance that changes afterwards has no part in a correction of the name.
    for row in db.session.scalars(select(Attendance)):
        row.status = "absent"
    db.session.commit()
    old, new = replace(first, "Dewi Hardjo-Škrabáková")
    was, now = json.loads(old.facts), json.loads(new.facts)
    assert {key for key in was if was[key] != now[key]} == {"number", "code", "check_url", "holder_name", "issued_on"}
    assert (old.state, old.end_reason, old.replaced_by_id) == ("replaced", "name_corrected", new.id)
    assert (new.state, now["holder_name"]) == ("valid", "Dewi Hardjo-Škrabáková")
    assert db.session.get(Enrolment, enrolment_id).participant_name == "Dewi Hardjo-Škrabáková"
    assert hashlib.sha256(old.pdf).hexdigest() == old.sha256
    assert len(mails_of("certificates.replaced")) == 1


def test_replacing_by_the_same_name_is_refused_at_the_field(app):
    certificate = issue(given_edition(["Dewi Hardjo"]).enrolments[0])
    with pytest.raises(Refused) as refused:
        replace(certificate, "Dewi Hardjo")
    assert refused.value.field == "name"
    assert db.session.get(Certificate, certificate.id).state == "valid"


def test_two_who_replace_at_once_make_one_replacement(app):
    certificate_id = issue(given_edition(["Dewi Hardjo"]).enrolments[0]).id
    outcomes = in_two_threads(
        app,
        lambda: commands.replace_certificate(
            certificate_id=certificate_id,
            name="Dewi Hardjo-Bos",
            code=new_code(secrets.token_bytes),
            actor=OFFICE,
            now=NOW,
        ),
    )
    assert sorted(outcomes) == ["Conflict", "done"]
    states = [one.state for one in db.session.scalars(select(Certificate).order_by(Certificate.id))]
    assert states == ["replaced", "valid"]


@pytest.mark.parametrize(
    "name",
    [
        '=HYPERLINK("https://evil.example")',
        "#set page(width: 1cm) *Dewi* $x$ <script>alert(1)</script>",
        "ا" * 100 + "\u202e" + "ב" * 99,
        "👩‍🚀" * 40,
        "Şule Yılmaz-Škrabáková van den Bogaard",
        "W" * 200,
    ],
)
def test_hostile_names_become_a_certificate_and_stay_themselves(app, name):
    certificate = issue(given_edition([name[:200]]).enrolments[0])
    assert facts_from_json(certificate.facts).holder_name == name[:200]
    assert certificate.pdf.startswith(b"%PDF-")


def in_two_threads(app, command):
    """Runs a command in two transactions that begin together; says of each what came of it."""
    together = threading.Barrier(2)
    outcomes = []

    def work():
        with app.app_context():
            together.wait()
            try:
                with transaction():
                    command()
                outcomes.append("done")
            except Conflict:
                outcomes.append("Conflict")

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    db.session.rollback()  # what was read before the threads wrote is over
    return outcomes

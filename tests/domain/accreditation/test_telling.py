"""What the mails say to who was not at a meeting: points by the same rules as everywhere, where to make up, and nothing
that is not theirs to read in a mail."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import RegisterNumber
from portal.domain.accreditation import commands
from portal.domain.accreditation.mail_texts import MISSED
from portal.domain.accreditation.make_ups import book_make_up
from portal.domain.attendance.queries import list_seat_rows
from portal.domain.attendance.rules import Mark, Status, fingerprint
from portal.domain.catalogue.models import Accreditation
from portal.mail import OutgoingMail
from portal.mail.text_versions import Written, write_text
from tests import factories
from tests.make_up_scenes import ABSENT, PRESENT, Scene, given_twice, hold

BASE = "https://leerkring.example"
EXCUSED = Mark(Status.EXCUSED, excuse="Opgenomen in het ziekenhuis")


@pytest.fixture
def scene(app) -> Scene:
    return given_twice()


def mails(kind: str = "attendance.missed") -> list[OutgoingMail]:
    return list(db.session.scalars(select(OutgoingMail).where(OutgoingMail.kind == kind).order_by(OutgoingMail.id)))


def only(kind: str = "attendance.missed") -> OutgoingMail:
    (mail,) = mails(kind)
    return mail


def amend(scene: Scene, number: int, wanted: Mark) -> None:
    meeting = scene.zwolle.meetings[number - 1]
    row = next(row for row in list_seat_rows(meeting.id) if row.enrolment_id == scene.dewi.id)
    with transaction():
        commands.amend_mark(
            meeting_id=meeting.id,
            seat_id=row.seat_id,
            was=fingerprint(row.mark),
            wanted=wanted,
            reason="Zat volgens Noor in de andere groep",
            actor=Actor.person(scene.trainer.id),
            now=meeting.ends_at + timedelta(days=1),
        )


def test_who_was_absent_reads_what_it_means_per_register_and_where_to_make_up(scene: Scene):
    factories.enrolment(scene.zwolle, factories.person(name="Wie er was"))
    hold(scene.zwolle, 2, absent=[scene.dewi])
    mail = only()
    assert (mail.to_address, mail.subject) == ("dewi@zorg.example", "Je miste dagdeel 2 van SamenKracht")
    for said in (
        "Op de presentielijst van donderdag 11 maart 2027 sta je als afwezig.",
        "4 punten voor dit dagdeel. Telt niet mee, want je was er op 11 maart 2027 niet bij.",
        "Je kunt dit dagdeel inhalen in een andere groep.",
        f"{BASE}/mijn/inschrijvingen/{scene.dewi.id}/inhalen/{scene.course.modules[1].id}",
        "Klopt dit niet?",
    ):
        assert said in mail.text_body
    assert (mail.text_body.count("SKJ"), mail.text_body.count("Registerplein")) == (1, 1)
    assert "Wie er was" not in mail.text_body


def test_everybody_who_was_absent_has_a_mail_of_their_own(scene: Scene):
    other = factories.enrolment(scene.zwolle, factories.person(name="Bram Postma", email="bram@zorg.example"))
    hold(scene.zwolle, 2, absent=[scene.dewi, other])
    told = {mail.to_address: mail.text_body for mail in mails()}
    assert sorted(told) == ["bram@zorg.example", "dewi@zorg.example"]
    assert "Dag Bram Postma," in told["bram@zorg.example"]
    assert f"/mijn/inschrijvingen/{other.id}/" in told["bram@zorg.example"]
    assert "Dewi" not in told["bram@zorg.example"]


def test_the_address_in_the_mail_is_the_page_where_it_is_made_up(scene: Scene, sign_in):
    hold(scene.zwolle, 2, absent=[scene.dewi])
    address = next(word for word in only().text_body.split() if "/inhalen/" in word)
    with time_machine.travel(scene.zwolle.meetings[1].ends_at + timedelta(hours=1), tick=False):
        page = sign_in(scene.person).visit(address.removeprefix(BASE))
    assert page.status == 200
    assert "Je miste dit dagdeel op donderdag 11 maart 2027." in page.text


def test_no_mail_says_why_somebody_was_excused_or_amended(scene: Scene):
    hold(scene.zwolle, 2, mark=EXCUSED)
    assert "sta je als afgemeld" in only().text_body
    amend(scene, 2, PRESENT)
    for mail in (only(), only("attendance.corrected")):
        for text in (mail.subject, mail.text_body, mail.html_body):
            assert "ziekenhuis" not in text
            assert "andere groep." not in text or mail.kind == "attendance.missed"
            assert "volgens Noor" not in text


def test_a_register_that_only_this_person_is_in_stays_out_of_the_mail(scene: Scene):
    factories.register("KNMG")
    factories.add(RegisterNumber(person_id=scene.person.id, register_code="KNMG", number="1"))
    hold(scene.zwolle, 2, absent=[scene.dewi])
    assert "KNMG" not in only().text_body


def test_a_grant_for_the_whole_training_says_how_much_of_it_was_done(scene: Scene):
    for grant in db.session.scalars(select(Accreditation)):
        db.session.delete(grant)
    factories.accreditation(scene.course.course, "SKJ", 19)
    hold(scene.zwolle, 1)
    hold(scene.zwolle, 2, absent=[scene.dewi])
    assert (
        "19 punten voor de hele training. Telt niet mee, want de punten gelden voor de hele training, en je deed 1 van "
        "de 4 dagdelen."
    ) in " ".join(only().text_body.split())


def test_without_a_grant_it_says_that_there_are_no_points(scene: Scene):
    for grant in db.session.scalars(select(Accreditation)):
        db.session.delete(grant)
    db.session.commit()
    hold(scene.zwolle, 2, absent=[scene.dewi])
    assert "Aan dit dagdeel zijn geen punten van een register verbonden." in only().text_body


def test_who_has_booked_a_make_up_before_the_list_was_finished_is_not_sent_there_again(scene: Scene):
    now = hold(scene.zwolle, 2, absent=[scene.dewi], signed=False)
    there = scene.deventer.meetings[1]
    with transaction():
        book_make_up(
            enrolment_id=scene.dewi.id, module_id=there.module_id, meeting_id=there.id,
            actor=Actor.person(scene.person.id), now=now,
        )  # fmt: skip
        commands.finish_sheet(
            meeting_id=scene.zwolle.meetings[1].id, signed_name=scene.trainer.name,
            actor=Actor.person(scene.trainer.id), now=now,
        )  # fmt: skip
    said = only().text_body
    assert "Je haalt dit dagdeel al in, op donderdag 13 mei 2027." in said
    assert "/inhalen/" not in said
    assert "Telt nog niet mee" in said


def test_a_correction_says_both_marks_and_the_points_of_now(scene: Scene):
    hold(scene.zwolle, 2, absent=[scene.dewi])
    amend(scene, 2, PRESENT)
    mail = only("attendance.corrected")
    assert mail.subject == "Je presentie is verbeterd: SamenKracht, dagdeel 2"
    assert "Eerst stond bij jou: Afwezig. Nu staat er: Aanwezig." in mail.text_body
    assert "Telt mee, want je was er op 11 maart 2027 helemaal bij." in mail.text_body
    assert "/inhalen/" not in mail.text_body


def test_a_correction_to_absent_shows_the_way_to_make_up(scene: Scene):
    hold(scene.zwolle, 2)
    amend(scene, 2, ABSENT)
    assert f"/mijn/inschrijvingen/{scene.dewi.id}/inhalen/" in only("attendance.corrected").text_body


def test_who_reads_english_reads_english(scene: Scene):
    scene.person.language = "en"
    db.session.commit()
    hold(scene.zwolle, 2, absent=[scene.dewi])
    amend(scene, 2, PRESENT)
    mail = only()
    assert mail.subject == "You missed session 2 of SamenKracht"
    assert f"{BASE}/en/mijn/inschrijvingen/{scene.dewi.id}/inhalen/" in mail.text_body
    assert "Your attendance was corrected" in only("attendance.corrected").subject


def test_the_office_writes_the_words_itself(scene: Scene):
    office = Actor.person(factories.person().id)
    text = Written("{training} zonder jou", "Jammer {naam}, je was {status} op {datum}.", "Tot dan!")
    with transaction():
        write_text(kind=MISSED, language="nl", text=text, was=0, actor=office, now=scene.zwolle.meetings[0].starts_at)
    hold(scene.zwolle, 2, absent=[scene.dewi])
    mail = only()
    assert mail.subject == "SamenKracht zonder jou"
    assert "Jammer Dewi Hardjo, je was afwezig op donderdag 11 maart 2027." in mail.text_body
    assert "4 punten voor dit dagdeel." in mail.text_body


def test_telling_thirty_people_asks_as_much_as_three_save_for_their_mails(scene: Scene, count_queries):
    asked = []
    for number, people in ((1, 3), (2, 30)):
        given = factories.edition_with_meetings(scene.course, capacity=40)
        for _ in range(people):
            factories.enrolment(given, modules=(number,))
        with count_queries() as queries:
            hold(given, number, mark=ABSENT)
        asked.append([query for query in queries if "outgoing_mails" not in query and "mail_texts" not in query])
    assert len(asked[0]) == pytest.approx(len(asked[1]), abs=3)

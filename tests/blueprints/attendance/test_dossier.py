"""The dossier of a finished list: what is in it, who gets it, and that it can be checked with hashlib alone."""

import csv
import hashlib
import io
import subprocess
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import lxml.html
import pytest
from playwright.sync_api import Page as BrowserPage
from sqlalchemy import update

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.documents.photo import Photo
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.domain.attendance.check_ins import check_in
from portal.domain.attendance.counting import sign_count
from portal.domain.attendance.door import How
from portal.domain.attendance.join_models import MeetingJoin
from portal.domain.attendance.models import Attendance, AttendanceAmendment, AttendanceSheet
from portal.domain.attendance.paper import add_photo, withdraw_photo
from portal.domain.attendance.queries import list_seat_rows
from portal.domain.attendance.report_models import AttendanceReport, PresenceInterval
from portal.domain.attendance.rules import Mark, Status
from portal.domain.attendance.tap_rules import Tap
from portal.domain.attendance.taps import keep_taps
from portal.domain.catalogue.models import Meeting
from portal.domain.enrolment.models import Enrolment
from portal.language import clock_time
from tests import factories
from tests.blueprints.attendance.test_finish import Room, room
from tests.blueprints.attendance.test_signed import amended
from tests.plugins.browser import Axe
from tests.plugins.portal import PortalClient

__all__ = ["room"]
FILES = ["lijst.txt", "presentie.html", "presentie.csv", "SHA256SUMS"]


def fetched(room: Room, client: PortalClient | None = None, prefix: str = "") -> dict[str, bytes]:
    response = (client or room.client).get(f"{prefix}{room.path}/dossier.zip")
    assert (response.status_code, response.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(response.data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def words_of(html: bytes) -> str:
    return " ".join(lxml.html.document_fromstring(html).text_content().split())


def table(html: bytes, caption: str) -> list[list[str]]:
    document = lxml.html.document_fromstring(html.decode())
    (found,) = [t for t in document.iter("table") if caption in t.find("caption").text_content()]
    return [[" ".join(cell.text_content().split()) for cell in row] for row in found.iter("tr")][1:]


def test_the_hash_on_the_page_is_that_of_the_text_by_hashlib_alone(room: Room):
    room.finished()
    files = fetched(room)
    assert list(files) == FILES
    signed = hashlib.sha256(files["lijst.txt"]).hexdigest()
    assert signed.encode() in files["presentie.html"]
    (entry,) = audit.list_entries(tag="attendance.finished").entries
    assert entry.facts["sha256"] == signed


def test_one_sign_that_differs_is_found(room: Room):
    room.finished()
    text = fetched(room)["lijst.txt"]
    signed = hashlib.sha256(text).hexdigest()
    for place in range(len(text)):
        flipped = bytearray(text)
        flipped[place] ^= 1
        assert hashlib.sha256(flipped).hexdigest() != signed


def test_sha256sum_itself_approves(room: Room, tmp_path: Path):
    room.finished()
    for name, content in fetched(room).items():
        (tmp_path / name).write_bytes(content)
    checked = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout.count(": OK")) == (0, 3)
    (tmp_path / "presentie.csv").write_bytes(b"iets anders")
    assert subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, check=False).returncode


def test_after_amendments_the_text_is_still_what_was_signed_and_the_page_tells_them(room: Room):
    room.finished()
    before = fetched(room)
    amended(room, "Amira", "late", "Kwam <later> binnen", minutes_late="10")
    amended(room, "Bram", "excused", "Belde het bureau", excuse="Opgenomen")
    after = fetched(room)
    assert after["lijst.txt"] == before["lijst.txt"]
    page = after["presentie.html"]
    bram, amira = table(page, "2 wijzigingen")
    assert (amira[:4], amira[5]) == (
        ["Amira", "Aanwezig", "Te laat (10 minuten)", "Kwam <later> binnen"],
        "Noor Jansen",
    )
    assert bram[:4] == ["Bram", "Aanwezig", "Afgemeld", "Belde het bureau"]
    rows = table(page, "2 mensen")
    assert [[row[0], row[2], row[3], row[5]] for row in rows] == [
        ["Amira", "Aanwezig", "Te laat (10 minuten)", "Noor Jansen"],
        ["Bram", "Aanwezig", "Afgemeld", "Noor Jansen"],
    ]
    for content in after.values():
        assert b"Opgenomen" not in content


def test_every_choice_of_a_phone_is_told_also_what_lost(room: Room):
    meeting = db.session.get(Meeting, room.meeting_id)
    trainer = db.session.query(Person).filter_by(name="Noor Jansen").one()
    seat = list_seat_rows(room.meeting_id)[0].seat_id
    begin, now = meeting.starts_at, meeting.ends_at
    taps = [
        Tap("00000000-0000-0000-0000-000000000001", seat, begin + timedelta(minutes=20), Mark(Status.LATE, 20)),
        Tap("00000000-0000-0000-0000-000000000002", seat, begin - timedelta(minutes=5), Mark(Status.ABSENT)),
    ]
    for one in taps:
        with transaction():
            keep_taps(meeting_id=room.meeting_id, taps=[one], phone_now=now, actor=Actor.person(trainer.id), now=now)
    room.finished()
    told = table(fetched(room)["presentie.html"], "2 keuzes")
    assert sorted((row[0], row[1], row[4], row[5]) for row in told) == [
        ("Amira", "Afwezig", "Noor Jansen", "niet overgenomen: voor het begin gekozen"),
        ("Amira", "Te laat (20 minuten)", "Noor Jansen", "overgenomen"),
    ]


def test_who_came_in_and_how_stands_beside_the_marks_and_never_as_one(room: Room):
    meeting = db.session.get(Meeting, room.meeting_id)
    amira, bram = list_seat_rows(room.meeting_id)
    at = meeting.starts_at
    with transaction():
        arrived = check_in(meeting_id=meeting.id, seat_id=amira.seat_id, how=How.PAPER, actor=Actor.system(), now=at)
        report = AttendanceReport(
            meeting_id=meeting.id, digest="d", source="zoom", visits=[], answers={}, is_kept=False, sent_at=at,
            sent_by_id=1, taken_over_at=at, taken_over_by_id=1,
        )  # fmt: skip
        db.session.add_all((report, MeetingJoin(seat_id=bram.seat_id, at=at - timedelta(minutes=4))))
        db.session.flush()
        until = at + timedelta(minutes=90)
        db.session.add(PresenceInterval(report_id=report.id, seat_id=bram.seat_id, from_at=at, until_at=until))
    room.finished()
    files = fetched(room)
    told = table(files["presentie.html"], "3 keer")
    assert [(row[0], row[2], row[3]) for row in told] == [
        ("Bram", "-", "eigen link naar de online bijeenkomst"),
        ("Amira", "-", "code op papier"),
        ("Bram", clock_time(until), "verslag van Zoom"),
    ]
    assert told[1][1].endswith(clock_time(arrived.at))
    _header, *rows = csv.reader(io.StringIO(files["presentie.csv"].decode("utf-8-sig")), delimiter=";")
    assert {row[1]: row[-1] for row in rows} == {
        "Amira": "code op papier",
        "Bram": "eigen link naar de online bijeenkomst",
    }


def test_a_photo_of_the_paper_is_told_by_its_hash_and_stays_out(room: Room):
    trainer = db.session.query(Person).filter_by(name="Noor Jansen").one()
    photo, gone = Photo(b"the picture", 60, 40), Photo(b"another", 60, 40)
    now = clock.now()
    with transaction():
        add_photo(meeting_id=room.meeting_id, photo=photo, actor=Actor.person(trainer.id), now=now)
        number = add_photo(meeting_id=room.meeting_id, photo=gone, actor=Actor.person(trainer.id), now=now)
        withdraw_photo(
            meeting_id=room.meeting_id, photo_id=number, reason="Verkeerd", actor=Actor.person(trainer.id), now=now
        )
    room.finished()
    files = fetched(room)
    ((sha256, _at, by),) = table(files["presentie.html"], "1 foto")
    assert (sha256, by) == (hashlib.sha256(b"the picture").hexdigest(), "Noor Jansen")
    assert list(files) == FILES


def test_the_page_reads_well_for_everybody(room: Room, page: BrowserPage, axe: Axe):
    room.finished()
    amended(room, "Amira", "late", "Kwam later binnen", minutes_late="10")
    page.set_content(fetched(room)["presentie.html"].decode())
    axe(page, schemes=("light",))


def test_the_same_facts_give_the_same_bytes(room: Room):
    room.finished()
    path = f"{room.path}/dossier.zip"
    first = room.client.get(path).data
    assert room.client.get(path).data == first
    amended(room, "Amira", "absent", "Was er niet")
    assert room.client.get(path).data != first


def test_the_page_needs_nothing_but_itself(room: Room):
    room.finished()
    html = fetched(room)["presentie.html"].decode()
    document = lxml.html.document_fromstring(html)
    assert document.get("lang") == "nl"
    assert document.xpath("//script | //link | //img | //iframe | //@src | //@href") == []
    assert "url(" not in html
    assert "@import" not in html
    for each in document.iter("table"):
        assert each.find("caption") is not None
        assert each.xpath(".//th[not(@scope)]") == []


def test_it_speaks_english_where_it_is_asked_for_in_english(room: Room):
    room.finished()
    files = fetched(room, prefix="/en")
    assert lxml.html.document_fromstring(files["presentie.html"]).get("lang") == "en"
    assert "The list is unchanged since it was signed." in words_of(files["presentie.html"])
    assert files["lijst.txt"] == fetched(room)["lijst.txt"]


def test_the_spreadsheet_runs_no_formula(room: Room):
    db.session.execute(
        update(Enrolment).where(Enrolment.id == room.enrolments[0]).values(participant_name='=HYPERLINK("http://x")')
    )
    room.finished()
    header, *rows = csv.reader(io.StringIO(fetched(room)["presentie.csv"].decode("utf-8-sig")), delimiter=";")
    assert header[:4] == ["Aanmeldnummer", "Naam", "Bij het tekenen", "Nu"]
    assert sorted(row[1] for row in rows) == ['\'=HYPERLINK("http://x")', "Bram"]
    assert {tuple(row[2:6]) for row in rows} == {("Aanwezig", "Aanwezig", "0", "0")}


def test_a_name_is_never_markup(room: Room):
    name = "<script>alert(1)</script>"
    db.session.execute(update(Enrolment).where(Enrolment.id == room.enrolments[0]).values(participant_name=name))
    room.finished()
    html = fetched(room)["presentie.html"]
    assert b"<script" not in html
    assert name in words_of(html)


def test_a_list_that_is_not_what_was_signed_says_so_in_the_dossier(room: Room):
    room.finished()
    seat_id = list_seat_rows(room.meeting_id)[0].seat_id
    db.session.execute(update(Attendance).where(Attendance.seat_id == seat_id).values(status="absent"))
    files = fetched(room)
    assert "Deze lijst klopt niet met wat is getekend" in words_of(files["presentie.html"])
    assert hashlib.sha256(files["lijst.txt"]).hexdigest().encode() not in files["presentie.html"]


def test_a_list_of_before_and_an_erased_reason_are_said_to_be_that(room: Room):
    room.finished()
    amended(room, "Amira", "absent", "Iets persoonlijks")
    db.session.execute(update(AttendanceAmendment).values(reason=""))
    db.session.get(AttendanceSheet, room.meeting_id).sha256 = None
    files = fetched(room)
    said = words_of(files["presentie.html"])
    assert "Deze lijst is getekend voordat we een controlegetal bewaarden." in said
    assert table(files["presentie.html"], "1 wijziging")[0][3] == "gewist"


# Who gets it


def test_of_an_open_list_there_is_none(room: Room, as_role: Callable[[Role], PortalClient]):
    assert room.client.get(f"{room.path}/dossier.zip").status_code == 404
    assert as_role(Role.AUDITOR).get(f"{room.path}/dossier.zip").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.AUDITOR, 200), (Role.OFFICE, 200), (Role.ADMIN, 200), (Role.TRAINER, 404), (Role.PARTICIPANT, 403),
        (Role.ORGANISATION, 403), (Role.COORDINATOR, 403),
    ],
)  # fmt: skip
def test_it_is_for_the_auditor_the_office_and_its_own_trainer(
    room: Room, as_role: Callable[[Role], PortalClient], role: Role, status: int
):
    room.finished()
    assert as_role(role).get(f"{room.path}/dossier.zip").status_code == status


def test_whoever_takes_it_is_noted(room: Room, sign_in: Callable[[Person], PortalClient]):
    room.finished()
    auditor = factories.person(Role.AUDITOR)
    client = sign_in(auditor)
    fetched(room, client)
    noted = audit.list_entries(tag="privacy.viewed").entries[0]
    assert (noted.actor_id, noted.facts["page"], noted.facts["meeting_id"]) == (
        auditor.id,
        "attendance_dossier.download",
        room.meeting_id,
    )
    assert f"Dossier van de presentielijst van bijeenkomst {room.meeting_id} opgehaald" in client.visit("/audit").text


def test_an_auditor_finds_it_in_their_own_room(room: Room, as_role: Callable[[Role], PortalClient]):
    edition_id = db.session.get(Meeting, room.meeting_id).edition_id
    auditor = as_role(Role.AUDITOR)
    assert "nog niet afgerond" in auditor.visit(f"/audit/uitvoeringen/{edition_id}").text
    room.finished()
    page = auditor.visit(f"/audit/uitvoeringen/{edition_id}")
    (link,) = [link for link in page.links if link.text.startswith("Dossier van dagdeel 1,")]
    assert link.href == f"{room.path}/dossier.zip"
    assert auditor.get(link.href).status_code == 200


def test_people_who_are_counted_only_have_a_number_and_no_dossier(app, as_role: Callable[[Role], PortalClient]):
    trainer = factories.person(name="Noor Jansen")
    given = factories.edition_with_meetings(factories.course_with_modules(1), trainer=trainer, counted_only=True)
    meeting_id = given.meetings[0].id
    db.session.commit()
    with transaction():
        sign_count(
            meeting_id=meeting_id, people=14, signed_name=trainer.name, actor=Actor.person(trainer.id),
            now=given.meetings[0].ends_at,
        )  # fmt: skip
    auditor = as_role(Role.AUDITOR)
    page = auditor.visit(f"/audit/uitvoeringen/{given.edition.id}")
    assert "14 mensen geteld" in page.text
    assert not [link for link in page.links if "dossier" in link.href]
    assert auditor.get(f"/bijeenkomsten/{meeting_id}/presentie/dossier.zip").status_code == 404


def test_the_page_of_the_list_leads_to_it(room: Room):
    page = room.finished()
    assert [link.href for link in page.links if link.text == "Dossier voor een audit (zip)"] == [
        f"{room.path}/dossier.zip"
    ]


def test_many_people_cost_as_many_queries_as_few(sign_in: Callable[[Person], PortalClient], count_queries):
    asked = []
    for people in (3, 30):
        trainer = factories.person(Role.TRAINER, name="Noor Jansen")
        given = factories.edition_with_meetings(
            factories.course_with_modules(1), factories.clock.today() - timedelta(days=1), capacity=40, trainer=trainer
        )
        for _ in range(people):
            factories.enrolment(given)
        db.session.commit()
        one = Room(given.meetings[0].id, sign_in(trainer), [])
        one.finished()
        with count_queries() as queries:
            fetched(one)
        asked.append(len(queries))
    assert asked[0] == asked[1]

"""The report of Zoom or Teams beside the list, and taken over from there."""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest
import time_machine

from portal import audit, clock
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.domain.attendance.models import Attendance, AttendanceSheet
from portal.domain.attendance.queries import list_seat_rows
from portal.domain.attendance.report_models import AttendanceReport, PresenceInterval
from portal.domain.attendance.reports import forget_reports
from portal.domain.attendance.rules import Mark, Status
from tests import factories
from tests.page import Page
from tests.plugins.portal import PortalClient, Queries

REPORTS = Path(__file__).resolve().parents[2] / "vectors" / "reports"
ON = date(2026, 11, 26)
AFTER = clock.from_local(datetime(2026, 11, 26, 14, 0))  # noqa: DTZ001
LATE = Mark(Status.LATE, minutes_late=12)
SignIn = Callable[[Person], PortalClient]


@dataclass
class Room:
    """An online meeting that is over, and its trainer's browser."""

    meeting_id: int
    trainer: Person
    client: PortalClient

    @property
    def path(self) -> str:
        return f"/bijeenkomsten/{self.meeting_id}/presentie/verslag"

    @property
    def marks(self) -> dict[str, Mark]:
        return {row.name.split()[0]: row.mark for row in list_seat_rows(self.meeting_id)}

    def seat(self, name: str) -> int:
        return next(row.seat_id for row in list_seat_rows(self.meeting_id) if row.name.startswith(name))

    def send(self, data: bytes | str, client: PortalClient | None = None) -> Page:
        sent = (REPORTS / data).read_bytes() if isinstance(data, str) else data
        page = (client or self.client).visit(self.path)
        return page.submit("Zet naast de lijst", file=(io.BytesIO(sent), "verslag.csv"))

    def tags(self) -> list[str]:
        """What the log has of it, the newest first, without who looked."""
        tags = [entry.tag for entry in audit.trail_of("meeting", self.meeting_id).entries]
        return [tag for tag in tags if tag.startswith("attendance")]


@pytest.fixture(autouse=True)
def after_the_meeting() -> Iterator[None]:
    with time_machine.travel(AFTER, tick=False):
        yield


@pytest.fixture
def room(sign_in: SignIn) -> Room:
    trainer = factories.person(Role.TRAINER, name="Noor Jansen", email="noor@trainers.example")
    course = factories.course_with_modules(1, title="SamenKracht")
    factories.accreditation(course.modules[0], "SKJ", threshold_percent=100)
    factories.accreditation(course.modules[0], "Registerplein", threshold_percent=80)
    given = factories.edition_with_meetings(course, ON, capacity=40, trainer=trainer)
    given.meetings[0].link = "https://vergaderen.example/j/1"
    for name, email in (
        ("Amira el Khatib", "amira@buurt.example"), ("Bram Postma", "bram@buurt.example"),
        ("Şule Yılmaz", "sule@buurt.example"),
    ):  # fmt: skip
        factories.enrolment(given, factories.person(name=name, email=email))
    db.session.commit()
    return Room(given.meetings[0].id, trainer, sign_in(trainer))


def proposals(page: Page) -> dict[str, str]:
    """What is proposed, by first name."""
    rows = page.find("//ul[@class='attendance-list']/li")
    texts = [" ".join(row.text_content().split()) for row in rows]
    return {text.removeprefix("Neem over: ").split()[0]: text for text in texts}


def ticked(page: Page) -> list[str]:
    boxes = page.find("//input[@name='take'][@checked]")
    return [box.getnext().text_content().removeprefix("Neem over: ").split()[0] for box in boxes]


def test_the_list_leads_to_it_when_there_is_a_link(room: Room):
    page = room.client.visit(f"/bijeenkomsten/{room.meeting_id}/presentie")
    assert page.follow("Neem het verslag van Zoom of Teams over").h1 == "Verslag van de online bijeenkomst"
    db.session.query(factories.Meeting).update({"link": ""})
    assert "verslag van Zoom" not in room.client.visit(f"/bijeenkomsten/{room.meeting_id}/presentie").text


def test_a_report_of_teams_is_put_beside_the_list_and_marks_nobody(room: Room):
    page = room.send("teams.csv")
    shown = proposals(page)
    assert page.h1 == "Verslag naast de lijst"
    assert "09.30–10.45, 10.57–12.30 · 168 minuten erbij · tussendoor 12 minuten weg" in shown["Amira"]
    assert "Te kort voor SKJ: 168 van de 180 minuten" in shown["Amira"]
    assert "Registerplein" not in shown["Amira"]
    assert shown["Amira"].endswith("Aanwezig")
    assert "Te laat 12 minuten te laat" in shown["Bram"]
    assert shown["Şule"] == "Neem over: Şule Yılmaz Afwezig"
    assert "Nodig voor punten: Registerplein 144 van de 180 minuten, SKJ 180 van de 180 minuten." in page.text
    assert "In het verslag staat ook wie de bijeenkomst geeft: Noor Jansen (noor@trainers.example)." in page.text
    assert ticked(page) == ["Amira", "Bram", "Şule"]
    assert set(room.marks.values()) == {Mark()}
    assert room.tags() == ["attendance.report_sent"]


def test_what_is_ticked_is_taken_over_with_its_evidence(room: Room):
    done = room.send("teams.csv").submit("Neem over", take=room_ticks(room, "Amira", "Bram"))
    assert "De presentie van 2 mensen is overgenomen." in done.text
    assert room.marks == {"Amira": Mark(Status.PRESENT), "Bram": LATE, "Şule": Mark()}
    kept = db.session.query(PresenceInterval).order_by(PresenceInterval.seat_id, PresenceInterval.from_at).all()
    assert [(one.seat_id, clock.local(one.from_at).strftime("%H.%M")) for one in kept] == [
        (room.seat("Amira"), "09.28"), (room.seat("Amira"), "10.57"), (room.seat("Bram"), "09.42"),
    ]  # fmt: skip
    report = db.session.query(AttendanceReport).one()
    assert (report.visits, report.is_kept, report.taken_over_by_id) == ([], False, room.trainer.id)
    assert room.tags()[:3] == ["attendance.report_taken_over", "attendance.marked", "attendance.marked"]
    again = room.client.visit(room.path)
    assert "Teams, donderdag 26 november 2026, 14.00 uur, door Noor Jansen" in again.text
    assert "Dit verslag is overgenomen op" in room.client.visit(f"{room.path}/{report.id}").text


def room_ticks(room: Room, *names: str) -> list[str]:
    """The values of the ticks of these people, as the page of the last report has them."""
    report = db.session.query(AttendanceReport).order_by(AttendanceReport.id.desc()).first()
    assert report is not None
    page = room.client.visit(f"{room.path}/{report.id}")
    seats = {room.seat(name) for name in names}
    values = [str(value) for value in page.find("//input[@name='take']/@value")]
    return [value for value in values if int(value.split(".")[0]) in seats]


def test_the_same_file_twice_changes_nothing(room: Room):
    for _time in (1, 2):
        page = room.send("teams.csv")
        room.client.send(page.address, take=[str(v) for v in page.find("//input[@name='take']/@value")])
    assert "Staat er al zo" in room.send("teams.csv").text
    tags = room.tags()
    assert (tags.count("attendance.marked"), tags.count("attendance.report_taken_over")) == (3, 1)
    assert db.session.query(PresenceInterval).count() == 3
    assert db.session.query(AttendanceReport).count() == 1


def test_who_is_not_known_is_asked_about_and_the_mark_follows(room: Room):
    known = "Sule Yilmaz,,11/26/2026 09:29:59 AM"
    data = (REPORTS / "zoom.csv").read_bytes().replace(known.encode(), known.replace("Sule Yilmaz", "iPhone").encode())
    page = room.send(data)
    assert proposals(page)["Şule"] == "Şule Yılmaz Hangt af van wie hierboven wie is."
    questions = [legend.text_content().strip() for legend in page.find("//legend")]
    assert [question.split(" (")[0] for question in questions] == ["iPhone", "Jan"]
    keys = [str(name) for name in dict.fromkeys(page.find("//input[@type='radio']/@name"))]
    page = page.submit("Bewaar wie het zijn", {keys[0]: str(room.seat("Şule")), keys[1]: "0"})
    assert len(page.find("//input[@type='radio'][@checked]")) == 2
    assert "Eerder weg 25 minuten eerder weg" in proposals(page)["Şule"]
    assert "Jan (jan@elders.example), 09.31–09.36" in page.text
    page.submit("Neem over")
    assert room.marks == {
        "Amira": Mark(Status.PRESENT), "Bram": LATE, "Şule": Mark(Status.LEFT_EARLY, minutes_left_early=25),
    }  # fmt: skip
    assert "elders" not in str(db.session.query(AttendanceReport.visits).all())


def test_who_all_others_are_is_not_asked(room: Room):
    page = room.send("zoom.csv")
    assert page.find("//legend") == []
    assert "Jan (jan@elders.example), 09.31–09.36" in page.text
    assert "12 minuten te laat" in proposals(page)["Bram"]


def test_a_meeting_that_broke_off_has_two_reports_that_add_up(room: Room):
    head = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)\n"
    for times, proposed in (
        ("2026-11-26 09:30,2026-11-26 10:30", "Eerder weg 120 minuten eerder weg"),
        ("2026-11-26 10:40,2026-11-26 12:30", "Aanwezig"),
    ):
        page = room.send(f"{head}Amira el Khatib,,{times},1\n".encode())
        assert proposals(page)["Amira"].endswith(proposed)
        page.submit("Neem over", take=room_ticks(room, "Amira"))
    assert room.marks["Amira"] == Mark(Status.PRESENT)


def test_of_many_strangers_so_many_are_asked_about_at_once(room: Room):
    rows = [
        f"Vreemde {chr(97 + n // 26)}{chr(97 + n % 26)},,2026-11-26 09:30,2026-11-26 12:30,180\n" for n in range(60)
    ]
    head = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)\n"
    page = room.send((head + "".join(rows)).encode())
    keys = [str(name) for name in dict.fromkeys(page.find("//input[@type='radio']/@name"))]
    assert (len(keys), "Nog 10 mensen komen hierna aan de beurt." in page.text) == (50, True)
    assert proposals(page)["Bram"] == "Bram Postma Hangt af van wie hierboven wie is."
    turn = page.submit("Bewaar wie het zijn", dict.fromkeys(keys, "0"))
    asked_now = [str(name) for name in dict.fromkeys(turn.find("//input[@type='radio']/@name"))]
    assert asked_now[-10:] == [f"wie-{key}" for key in range(51, 61)]


def test_of_many_strangers_the_rest_is_nobody_in_one_go(room: Room):
    rows = [
        f"Vreemde {chr(97 + n // 26)}{chr(97 + n % 26)},,2026-11-26 09:30,2026-11-26 12:30,180\n" for n in range(60)
    ]
    page = room.send(("Name,Email,Join time,Leave time,Duration\n" + "".join(rows)).encode())
    keys = [str(name) for name in dict.fromkeys(page.find("//input[@type='radio']/@name"))]
    done = page.submit("Bewaar wie het zijn", dict.fromkeys(keys, "0") | {"others": True})
    assert proposals(done) == {
        "Amira": "Neem over: Amira el Khatib Afwezig", "Bram": "Neem over: Bram Postma Afwezig",
        "Şule": "Neem over: Şule Yılmaz Afwezig",
    }  # fmt: skip


def test_many_who_it_may_be_are_a_list_to_unfold(room: Room):
    given = factories.EditionAndMeetings(
        db.session.query(factories.Edition).one(), db.session.query(factories.Meeting).all()
    )
    for number in range(8):
        factories.enrolment(given, factories.person(name=f"Iemand {number}"))
    page = room.send(b"Name,Email,Join time,Leave time,Duration\niPhone,,2026-11-26 09:30,2026-11-26 12:30,180\n")
    assert (len(page.find("//select[@name='wie-1']/option")), page.find("//input[@type='radio']")) == (13, [])
    refused = page.submit("Bewaar wie het zijn")
    assert (refused.status, refused.errors[0].text) == (422, "Kies wie iPhone is.")
    assert (
        "180 minuten erbij" in proposals(page.submit("Bewaar wie het zijn", {"wie-1": str(room.seat("Bram"))}))["Bram"]
    )


def test_every_question_needs_an_answer(room: Room):
    page = room.send((REPORTS / "zoom.csv").read_bytes().replace(b"Sule Yilmaz", b"iPhone"))
    refused = page.submit("Bewaar wie het zijn")
    assert (refused.status, refused.errors[0].text) == (422, "Kies wie iPhone is.")
    assert room.client.send(f"{page.address}/wie", **{"wie-99": "1"}).status_code == 422


def test_a_mark_that_is_there_is_shown_from_old_to_new_and_not_ticked(room: Room):
    mark_by_hand(room, "Amira", Status.ABSENT)
    mark_by_hand(room, "Bram", Status.LATE, minutes_late=12)
    page = room.send("teams.csv")
    assert ticked(page) == ["Şule"]
    assert proposals(page)["Amira"].endswith("Nu: Afwezig Wordt: Aanwezig")
    assert proposals(page)["Bram"].endswith("Staat er al zo: Te laat 12 minuten te laat")
    page.submit("Neem over")
    assert room.marks["Amira"] == Mark(Status.ABSENT)
    assert room.marks["Şule"] == Mark(Status.ABSENT)


def mark_by_hand(room: Room, name: str, status: Status, **minutes: int) -> None:
    db.session.merge(
        Attendance(
            seat_id=room.seat(name), status=status, marked_at=clock.now(), marked_by_id=room.trainer.id,
            **{"minutes_late": 0, "minutes_left_early": 0, "excuse": "", "preparation_done": False} | minutes,
        )
    )  # fmt: skip
    db.session.commit()


def test_a_mark_that_somebody_changed_meanwhile_is_not_overwritten(room: Room):
    page = room.send("teams.csv")
    mark_by_hand(room, "Amira", Status.EXCUSED)
    refused = page.submit("Neem over")
    assert refused.status == 409
    assert "Noor Jansen zette Amira el Khatib om 14.00 op Afgemeld." in refused.text
    assert (room.marks["Amira"].status, room.marks["Bram"]) == (Status.EXCUSED, LATE)
    assert "Nu: Afgemeld Wordt: Aanwezig" in proposals(refused)["Amira"]
    refused.submit("Neem over")
    assert room.marks["Amira"] == Mark(Status.PRESENT)


def test_what_was_proposed_when_it_was_shown_is_what_is_taken_over(room: Room):
    page = room.send((REPORTS / "zoom.csv").read_bytes().replace(b"Sule Yilmaz", b"iPhone"))
    keys = [str(name) for name in dict.fromkeys(page.find("//input[@type='radio']/@name"))]
    said = page.submit("Bewaar wie het zijn", dict.fromkeys(keys, "0"))
    page.submit("Bewaar wie het zijn", {keys[0]: str(room.seat("Şule")), keys[1]: "0"})
    refused = said.submit("Neem over")
    assert (refused.status, "Er is intussen iets veranderd." in refused.text) == (409, True)
    assert room.marks["Şule"] == Mark()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Kies het bestand met het verslag"),
        (b"%PDF-1.7", "Dit bestand kunnen we niet lezen."),
        (b"naam;team\nAmira;Zorg\n", "Dit is geen verslag van Zoom of Teams"),
        (b"x" * 1_000_001, "Dit bestand is groter dan 1 MB."),
        (
            (REPORTS / "teams.csv").read_bytes().decode("utf-16").replace("11/26/26", "11/19/26").encode(),
            "Dit verslag is van een andere bijeenkomst: het loopt op donderdag 19 november 2026 van 09.20 tot 12.31. "
            "Deze bijeenkomst is op donderdag 26 november 2026, 09.30 – 12.30 uur.",
        ),
        (
            (REPORTS / "zoom.csv").read_bytes().replace(b"11/26/2026 09:42:30 AM", b"kwart voor tien"),
            "Regel 9 (iPad van Bram (Bram Postma)): de tijd van binnenkomst is niet te lezen.",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_over_says_why(room: Room, data: bytes, sentence: str):
    page = room.send(data) if data else room.client.visit(room.path).submit("Zet naast de lijst")
    assert page.status == 422
    assert sentence in page.errors[0].text
    assert db.session.query(AttendanceReport).count() == 0


def test_odd_names_are_only_text(room: Room):
    names = ["=HYPERLINK(1)", "<script>alert(1)</script>", "\u202elanreTni", "W" * 200]
    head = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)\n"
    rows = [f'"{name}",,2026-11-26 09:30,2026-11-26 12:30,180\n' for name in names]
    page = room.send((head + "".join(rows)).encode())
    assert [legend.text_content().strip().split(" (niet")[0] for legend in page.find("//legend")] == [
        "=HYPERLINK(1)", "<script>alert(1)</script>", "lanreTni", "W" * 200,
    ]  # fmt: skip


def test_a_finished_list_takes_no_report(room: Room):
    page = room.send("teams.csv")
    with transaction():
        db.session.add(
            AttendanceSheet(
                meeting_id=room.meeting_id, finished_at=clock.now(), finished_by_id=room.trainer.id, signed_name="Noor"
            )
        )
    for answer in (page.submit("Neem over"), room.client.visit(room.path), room.client.visit(page.address)):
        assert "Deze lijst is al afgerond. Wijzigen kan per persoon, met een reden." in answer.text
    response = room.client.send(room.path, file=(io.BytesIO((REPORTS / "teams.csv").read_bytes()), "a.csv"))
    assert response.status_code == 409
    assert set(room.marks.values()) == {Mark()}


def test_before_the_meeting_there_is_no_report(room: Room):
    with time_machine.travel(clock.from_local(datetime(2026, 11, 26, 9, 29)), tick=False):  # noqa: DTZ001
        room.client.sign_in(room.trainer)
        assert "Deze bijeenkomst is nog niet begonnen." in room.client.visit(room.path).text
        sent = (io.BytesIO((REPORTS / "teams.csv").read_bytes()), "a.csv")
        assert room.client.send(room.path, file=sent).status_code == 422


def test_the_office_may_and_another_trainer_may_not(room: Room, sign_in: SignIn):
    address = room.send("teams.csv").address
    office, other = sign_in(factories.person(Role.OFFICE)), sign_in(factories.person(Role.TRAINER))
    assert office.visit(address).h1 == "Verslag naast de lijst"
    for path in (room.path, address):
        assert other.get(path).status_code == 404
        assert other.send(path).status_code == 404
    assert other.send(f"{address}/wie").status_code == 404
    elsewhere = factories.edition_with_meetings(factories.course_with_modules(1), ON, trainer=room.trainer)
    foreign = address.replace(f"/{room.meeting_id}/", f"/{elsewhere.meetings[0].id}/")
    assert room.client.get(foreign).status_code == 404


def test_a_report_that_nobody_takes_over_is_forgotten_after_a_week(room: Room):
    address = room.send("teams.csv").address
    assert forget_reports(clock.now()) == 0
    # It is forgotten as well when the edition was cancelled since.
    db.session.query(factories.Edition).update({"state": factories.EditionState.CANCELLED})
    db.session.commit()
    with time_machine.travel("2026-12-03T14:00:00+00:00", tick=False):
        assert (forget_reports(clock.now()), forget_reports(clock.now())) == (1, 0)
    assert room.tags()[0] == "attendance.report_forgotten"
    db.session.query(factories.Edition).update({"state": factories.EditionState.PUBLISHED})
    page = room.client.visit(address)
    assert "Dit verslag is niet meer bewaard." in page.text
    assert room.client.send(address).status_code == 409
    assert room.send("teams.csv").h1 == "Verslag naast de lijst"


def test_the_number_of_queries_does_not_grow(room: Room, count_queries: Callable[[], AbstractContextManager[Queries]]):
    head = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)\n"
    counts = []
    for people in (3, 40):
        rows = [f"Iemand {number},,2026-11-26 09:30,2026-11-26 12:30,180\n" for number in range(people)]
        address = room.send((head + "".join(rows)).encode()).address
        with count_queries() as queries:
            room.client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_in_english(room: Room):
    address = room.send("teams.csv").address
    page = room.client.visit(f"/en{address}")
    assert (page.language, page.h1) == ("en", "Report beside the list")

"""The trainer's side of the door: the code that turns, the one on paper, and who came in on the list."""

from datetime import timedelta

import pytest

from portal import audit
from portal.audit import Actor
from portal.config import Limits
from portal.db import db, transaction
from portal.domain.accounts.rules import Role
from portal.domain.attendance.check_ins import check_in
from portal.domain.attendance.door import How
from portal.domain.attendance.models import AttendanceSheet
from portal.domain.attendance.queries import list_seat_rows
from portal.domain.attendance.rules import Mark, Status
from portal.domain.enrolment.models import Enrolment
from portal.language import moment
from tests import factories
from tests.blueprints.attendance.test_sheet import NAMES, Room, SignIn, room_of
from tests.door_scenes import HALF_PAST_NINE, on

AFTERWARDS = ["Print de lijst (pdf)", "Foto van de papieren lijst"]


@pytest.fixture
def room(sign_in: SignIn) -> Room:
    return at_half_past_nine(room_of(sign_in, *NAMES))


def at_half_past_nine(room: Room) -> Room:
    meeting = db.session.get_one(factories.Meeting, room.meeting_id)
    meeting.starts_at, meeting.ends_at = HALF_PAST_NINE, HALF_PAST_NINE + timedelta(hours=3)
    db.session.commit()
    return room


def enter(room: Room, name: str, minutes: int, how: How = How.SCREEN) -> None:
    seat_id = room.seats[name]
    row = next(row for row in list_seat_rows(room.meeting_id) if row.seat_id == seat_id)
    actor = Actor.person(db.session.get_one(Enrolment, row.enrolment_id).person_id)
    now = HALF_PAST_NINE + timedelta(minutes=minutes)
    with transaction():
        check_in(meeting_id=room.meeting_id, seat_id=seat_id, how=how, actor=actor, now=now)


def test_the_code_is_on_the_screen_with_how_many_are_in(room: Room):
    enter(room, NAMES[0], -5)
    with on(-2):
        page = room.visit().follow("Code aan de deur")
        assert page.h1 == "Ben je er? Scan deze code"
        assert "1 van 3 zijn er" in page.text
        (image,) = page.find("//img[@data-code]")
        assert image.get("src").startswith("data:image/svg+xml")
        state = room.client.get(f"{room.path}/code/stand").json
        assert state == {"image": image.get("src"), "count": "1 van 3 zijn er"}
    with on(-1):
        assert room.client.get(f"{room.path}/code/stand").json["image"] != state["image"]


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (-24 * 60, ["Code aan de deur", "Print de lijst (pdf)"]),
        (-10, ["Code aan de deur", "Scan of typ een code", "Print de lijst (pdf)"]),
        (10, ["Code aan de deur", "Scan of typ een code", "Iemand erbij", *AFTERWARDS]),
        (200, ["Scan of typ een code", "Iemand erbij", *AFTERWARDS]),
        (24 * 60, ["Iemand erbij", *AFTERWARDS]),
    ],
)
def test_the_list_offers_each_thing_while_it_can_be_done(room: Room, minutes: int, shown: list[str]):
    with on(minutes):
        page = room.visit()
    assert [link.text_content() for link in page.find("//ul[@class='link-row']//a")] == shown


def test_nobody_is_led_to_a_code_on_paper_that_no_longer_works(room: Room):
    for minutes, words in ((0, ["Code om te printen"]), (31, []), (200, [])):
        with on(minutes):
            page = room.client.visit(f"{room.path}/code")
        assert [link.text for link in page.links if link.text == "Code om te printen"] == words


def test_without_script_the_page_comes_again_by_itself(room: Room):
    with on(0):
        html = room.client.visit(f"{room.path}/code").html
    assert '<noscript><meta http-equiv="refresh" content="20"></noscript>' in html


@pytest.mark.parametrize(
    ("minutes", "finished", "sentence"),
    [
        (-31, False, "De code staat hier vanaf {opens}."),
        (180, False, "De bijeenkomst is voorbij. Zet wie er was zelf op de lijst."),
        (60, True, "De lijst is afgerond. De code werkt niet meer."),
    ],
)
def test_a_closed_door_has_no_code(room: Room, minutes: int, finished: bool, sentence: str):
    if finished:
        trainer = factories.person()
        sheet = AttendanceSheet(
            meeting_id=room.meeting_id, finished_at=HALF_PAST_NINE, finished_by_id=trainer.id, signed_name="Noor"
        )
        factories.add(sheet)
    with on(minutes):
        page = room.client.visit(f"{room.path}/code")
        assert sentence.format(opens=moment(HALF_PAST_NINE - timedelta(minutes=30))) in page.text
        assert page.find("//main//img") == []
        assert room.client.get(f"{room.path}/code/stand").status_code == 410


def test_the_code_on_paper_says_when_it_works(room: Room):
    with on(-600):
        page = room.client.visit(f"{room.path}/code/papier")
    assert "De code werkt van 09.00 tot 10.00 uur." in page.text
    assert len(page.find("//main//img[starts-with(@src, 'data:image/svg+xml')]")) == 1


def test_every_minute_has_a_picture_of_its_own(room: Room):
    with on(0):
        one = room.client.get(f"{room.path}/code/stand").json["image"]
    with on(0.9):
        assert room.client.get(f"{room.path}/code/stand").json["image"] == one


@pytest.mark.parametrize("path", ["/code", "/code/stand", "/code/papier"])
def test_only_who_keeps_the_list_has_the_code(room: Room, as_role, client, path: str):
    assert as_role(Role.TRAINER).get(room.path + path).status_code == 404
    assert as_role(Role.PARTICIPANT).get(room.path + path).status_code == 403
    assert client.get(room.path + path).status_code == 303
    assert as_role(Role.TRAINER).send(f"{room.path}/gemeld").status_code == 404


def test_the_list_says_who_came_in_and_one_button_marks_them(room: Room):
    enter(room, NAMES[0], -5)
    enter(room, NAMES[1], 5, How.PAPER)
    with on(10):
        page = room.visit()
        assert "Meldde zich om 09.25 (code aan de deur)." in page.text
        assert "Meldde zich om 09.35 (code op papier)." in page.text
        assert "2 mensen meldden zich en zijn nog niet ingevuld." in page.text
        assert room.marks == [Mark()] * 3
        page = page.submit("Zet wie zich meldde op Aanwezig")
        assert room.marks == [Mark(Status.PRESENT), Mark(Status.PRESENT), Mark()]
        assert "2 mensen staan nu op Aanwezig." in page.text
        assert page.submit("Toch niet").status == 200
        assert room.marks == [Mark()] * 3
        room.visit().submit("Bewaar", room.fields(amira="absent", bram="absent"))
        room.client.send(f"{room.path}/gemeld")
        assert room.marks == [Mark(Status.ABSENT), Mark(Status.ABSENT), Mark()]
        assert "Iedereen die zich meldde, is al ingevuld." in room.visit().text


def test_before_the_start_the_list_says_who_is_in_and_offers_no_mark(room: Room):
    enter(room, NAMES[0], -5)
    with on(-1):
        page = room.visit()
        assert "Meldde zich om 09.25 (code aan de deur)." in page.text
        assert "Zet wie zich meldde op Aanwezig" not in page.html
        assert room.client.send(f"{room.path}/gemeld").status_code == 422


def test_a_mark_by_the_code_comes_to_the_trainers_page_as_one_by_another(room: Room):
    enter(room, NAMES[0], 5)
    enter(room, NAMES[1], 6, How.PAPER)
    with on(10):
        rows = room.client.get(f"{room.path}/stand").json["rows"]
    amira, bram, sule = (rows[str(room.seats[name])] for name in NAMES)
    assert (amira["status"], amira["said"]) == ("present", "Meldde zich om 09.35 (code aan de deur).")
    assert (bram["status"], bram["at"], bram["said"]) == (None, 0, "Meldde zich om 09.36 (code op papier).")
    assert sule["said"] == ""


def test_the_log_says_how(room: Room):
    enter(room, NAMES[0], 5)
    (entry,) = audit.list_entries(tag="attendance.checked_in").entries
    assert (entry.facts["how"], entry.facts["meeting_id"]) == ("screen", room.meeting_id)


def test_limits_are_wide_enough_for_a_room_behind_one_address():
    assert (Limits().door, Limits().letters) == ("300 per minute", "120 per 10 minutes")


def test_thirty_who_came_in_cost_as_many_queries_as_three(sign_in: SignIn, count_queries):
    counted = []
    for people in (3, 30):
        names = [f"Deelnemer {number:02}" for number in range(people)]
        room = at_half_past_nine(room_of(sign_in, *names))
        for name in names:
            enter(room, name, 5, How.PAPER)
        with on(10), count_queries() as shown:
            room.visit()
        with on(10), count_queries() as turned:
            assert room.client.get(f"{room.path}/code/stand").json["count"] == f"{people} van {people} zijn er"
        counted.append((len(shown), len(turned)))
    assert counted[0] == counted[1]

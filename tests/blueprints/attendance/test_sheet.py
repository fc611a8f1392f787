"""A trainer marks who is there, on a page that needs no script."""

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from portal import audit, clock
from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.domain.attendance.models import Attendance
from portal.domain.attendance.queries import list_seat_rows
from portal.domain.attendance.rules import Mark, Status
from tests import factories
from tests.page import Page
from tests.plugins.portal import PortalClient

TODAY = clock.today()
NAMES = ("Amira el Khatib", "Bram Postma", "Şule Yılmaz-Škrabáková")
SignIn = Callable[[Person], PortalClient]


@dataclass
class Room:
    """A meeting with people in it, and its trainer's browser."""

    meeting_id: int
    client: PortalClient
    seats: dict[str, int]

    @property
    def path(self) -> str:
        return f"/bijeenkomsten/{self.meeting_id}/presentie"

    def visit(self) -> Page:
        return self.client.visit(self.path)

    def fields(self, **statuses: str) -> dict[str, str]:
        """Form fields by first name: fields(amira='present', bram_minutes_late='10')."""
        seats = {name.split()[0].lower(): seat for name, seat in self.seats.items()}
        return {
            f"p{seats[key.partition('_')[0]]}-{key.partition('_')[2] or 'status'}": value
            for key, value in statuses.items()
        }

    @property
    def marks(self) -> list[Mark]:
        return [row.mark for row in list_seat_rows(self.meeting_id)]


def room_of(sign_in: SignIn, *names: str, days_ago: int = 1, **module: str) -> Room:
    trainer = factories.person(Role.TRAINER, name="Noor Jansen")
    course = factories.course_with_modules(1, title="SamenKracht")
    for field, value in module.items():
        setattr(course.modules[0], field, value)
    given = factories.edition_with_meetings(course, TODAY - timedelta(days=days_ago), capacity=40, trainer=trainer)
    for name in names:
        factories.enrolment(given, factories.person(name=name))
    meeting_id = given.meetings[0].id
    seats = {row.name: row.seat_id for row in list_seat_rows(meeting_id)}
    db.session.commit()
    return Room(meeting_id, sign_in(trainer), seats)


@pytest.fixture
def room(sign_in: SignIn) -> Room:
    return room_of(sign_in, *NAMES)


def test_the_list_shows_everybody_by_name_and_nobody_marked(room: Room):
    page = room.visit()
    assert page.h1 == "Presentie dagdeel 1"
    assert [e.text_content().strip() for e in page.find("//legend/span")] == list(NAMES)
    assert page.find("//input[@type='radio'][@checked]") == []
    assert "0 van 3 klaar" in page.html
    assert "3 nog open" in page.html


def test_what_is_chosen_is_kept(room: Room):
    page = room.visit().submit(
        "Bewaar",
        room.fields(
            amira="late", amira_minutes_late="10", bram="left_early", bram_minutes_left_early="5", şule="excused",
            şule_excuse="Belde vanochtend",
        ),
    )  # fmt: skip
    assert "Bewaard." in page.text
    assert "3 van 3 klaar" in page.html
    assert room.marks == [
        Mark(Status.LATE, minutes_late=10),
        Mark(Status.LEFT_EARLY, minutes_left_early=5),
        Mark(Status.EXCUSED, excuse="Belde vanochtend"),
    ]
    assert page.form("Bewaar").values[f"p{room.seats['Amira el Khatib']}-minutes_late"] == ["10"]


def test_two_taps_mark_eleven_people(sign_in: SignIn):
    room = room_of(sign_in, *(f"Deelnemer {number:02}" for number in range(11)))
    finishing = room.visit().submit("Rest is er").submit("Afronden")
    assert finishing.h1 == "Presentie afronden"
    assert finishing.facts()["Ingevuld"] == "11 van 11"
    assert room.marks == [Mark(Status.PRESENT)] * 11


def test_the_exceptions_first_and_then_the_rest(room: Room):
    page = room.visit().submit("Rest is er", room.fields(bram="absent"))
    assert [mark.status for mark in room.marks] == [Status.PRESENT, Status.ABSENT, Status.PRESENT]
    assert "2 mensen staan nu op Aanwezig." in page.text


def test_the_rest_can_be_taken_back(room: Room):
    page = room.visit().submit("Rest is er", room.fields(bram="absent")).submit("Toch niet")
    assert "2 mensen staan weer open." in page.text
    assert [mark.status for mark in room.marks] == [None, Status.ABSENT, None]
    assert "Toch niet" not in room.visit().text


def test_taking_back_reaches_no_other_meeting(room: Room, sign_in: SignIn):
    other = room_of(sign_in, "Fenna Wiersma")
    other.visit().submit("Rest is er")
    room.client.send(f"{room.path}/terug", seat=other.seats["Fenna Wiersma"])
    assert other.marks == [Mark(Status.PRESENT)]


def test_preparation_is_asked_where_the_module_asks_for_it(sign_in: SignIn):
    room = room_of(sign_in, "Amira el Khatib", preparation="Lees hoofdstuk 2")
    room.visit().submit("Bewaar", room.fields(amira_preparation_done=True))
    assert room.marks == [Mark(None, preparation_done=True)]
    room.visit().submit("Bewaar", room.fields(amira="present", amira_preparation_done=False))
    assert room.marks == [Mark(Status.PRESENT)]


def test_no_preparation_is_asked_where_there_is_none(room: Room):
    assert "Voorbereiding" not in room.visit().html


@pytest.mark.parametrize(
    ("fields", "sentence", "at"),
    [
        ({"amira": "late"}, "Vul in hoeveel minuten Amira el Khatib te laat was.", "minutes_late"),
        (
            {"amira": "left_early", "amira_minutes_late": "5"},
            "Vul in hoeveel minuten Amira el Khatib eerder weg was.",
            "minutes_left_early",
        ),
        (
            {"amira": "late", "amira_minutes_late": "een kwartier"},
            "Vul bij Amira el Khatib de minuten in als getal, zoals 10.",
            "minutes_late",
        ),
        (
            {"amira": "late", "amira_minutes_late": "-5"},
            "Vul bij Amira el Khatib de minuten in als getal, zoals 10.",
            "minutes_late",
        ),
        (
            {"amira": "late", "amira_minutes_late": "180"},
            "Zo was Amira el Khatib er geen minuut bij. Vul minder minuten in of kies Afwezig.",
            "minutes_late",
        ),
        (
            {"amira": "excused", "amira_excuse": "x" * 201},
            "Houd de reden bij Amira el Khatib korter: hooguit 200 tekens.",
            "excuse",
        ),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(
    room: Room, fields: dict[str, str], sentence: str, at: str
):
    page = room.visit().submit("Bewaar", room.fields(bram="present", **fields))
    assert page.status == 422
    assert page.title.startswith("Fout:")
    assert page.errors == [(sentence, f"#p{room.seats['Amira el Khatib']}-{at}")]
    sent = page.form("Bewaar").values
    assert sent[f"p{room.seats['Bram Postma']}-status"] == ["present"]
    for name, value in room.fields(**fields).items():
        assert sent[name] == [value]
    assert room.marks == [Mark()] * 3


def test_an_answer_that_is_not_on_the_page_is_refused(room: Room):
    seat = room.seats["Amira el Khatib"]
    form = room.visit().form("Bewaar")
    data = form.data("Bewaar", room.fields(amira="present")) | {f"p{seat}-status": "overal"}
    assert Page.of(room.client.post(room.path, data=data)).errors == [
        ("Kies of Amira el Khatib er was.", f"#p{seat}-status")
    ]
    assert room.marks == [Mark()] * 3


def test_two_trainers_at_once(room: Room, sign_in: SignIn):
    other = factories.person(Role.TRAINER, name="Bram van Dam")
    db.session.add(factories.MeetingTrainer(meeting_id=room.meeting_id, person_id=other.id))
    page, second = room.visit(), sign_in(other).visit(room.path)
    second.submit("Bewaar", room.fields(amira="late", amira_minutes_late="10", bram="present"))
    clash = page.submit("Bewaar", room.fields(amira="present", şule="absent"))
    assert clash.status == 409
    ((sentence, href),) = clash.errors
    assert sentence.startswith("Bram van Dam zette Amira el Khatib om ")
    assert sentence.endswith(" op Te laat. Bewaar nog eens als jouw keuze klopt.")
    assert href == f"#p{room.seats['Amira el Khatib']}-status"
    # What did not clash is kept, of both; the page shows the other's row and this trainer's own choice.
    assert [mark.status for mark in room.marks] == [Status.LATE, Status.PRESENT, Status.ABSENT]
    shown = clash.form("Bewaar").values
    assert [shown[f"p{seat}-status"] for seat in room.seats.values()] == [["present"], ["present"], ["absent"]]
    clash.submit("Bewaar")
    assert [mark.status for mark in room.marks] == [Status.PRESENT, Status.PRESENT, Status.ABSENT]


def test_a_row_that_the_other_trainer_marked_late_stays_when_i_never_touched_it(room: Room, sign_in: SignIn):
    page = room.visit()
    room.visit().submit("Bewaar", room.fields(amira="late", amira_minutes_late="10"))
    assert page.submit("Bewaar", room.fields(bram="present")).status == 200
    assert room.marks == [Mark(Status.LATE, 10), Mark(Status.PRESENT), Mark()]


def test_somebody_who_came_after_the_page_was_opened_is_left_alone(room: Room):
    page = room.visit()
    meeting = db.session.get(factories.Meeting, room.meeting_id)
    edition = db.session.get(factories.Edition, meeting.edition_id)
    factories.enrolment(factories.EditionAndMeetings(edition, [meeting]), factories.person(name="Zoë"))
    page.submit("Bewaar", room.fields(amira="present"))
    assert room.marks == [Mark(Status.PRESENT), Mark(), Mark(), Mark()]
    assert db.session.query(Attendance).count() == 1


def test_before_the_meeting_the_list_is_only_read(sign_in: SignIn):
    room = room_of(sign_in, "Amira el Khatib", days_ago=-1)
    page = room.visit()
    assert "Amira el Khatib" in page.text
    assert "Je kunt de presentie invullen vanaf" in page.text
    assert page.find("//input[@type='radio']") == []
    seat = room.seats["Amira el Khatib"]
    sent = room.client.send(room.path, **{f"p{seat}-was": "x", f"p{seat}-status": "present", "button": "save"})
    assert sent.status_code == 422
    assert "Daarna kun je de presentie invullen." in sent.text
    assert room.marks == [Mark()]


def test_a_meeting_without_people_says_so(sign_in: SignIn):
    assert "Niemand heeft een plek in deze bijeenkomst." in room_of(sign_in).visit().text


@pytest.mark.parametrize("where", ["", "/afronden"])
def test_only_its_own_trainers_and_the_office_see_a_list(room: Room, as_role, client, where: str):
    assert as_role(Role.TRAINER).get(room.path + where).status_code == 404
    assert as_role(Role.PARTICIPANT).get(room.path + where).status_code == 403
    assert as_role(Role.ORGANISATION).get(room.path + where).status_code == 403
    assert client.get(room.path + where).status_code == 303
    assert "Amira" in as_role(Role.OFFICE).get(room.path).text
    assert room.client.get("/bijeenkomsten/987654/presentie" + where).status_code == 404


def test_another_trainer_changes_nothing(room: Room, as_role):
    other = as_role(Role.TRAINER)
    seat = room.seats["Amira el Khatib"]
    for path in ("", "/terug", "/afronden", f"/wijzigen/{seat}"):
        fields = {f"p{seat}-was": "x", f"p{seat}-status": "present", "seat": str(seat), "button": "rest"}
        assert other.send(room.path + path, **fields).status_code == 404
    assert room.marks == [Mark()] * 3


def test_a_list_of_a_cancelled_edition_is_gone(room: Room):
    meeting = db.session.get(factories.Meeting, room.meeting_id)
    db.session.get(factories.Edition, meeting.edition_id).state = "cancelled"
    assert room.client.get(room.path).status_code == 404


def test_seeing_the_list_is_noted(room: Room):
    room.visit()
    (entry,) = audit.list_entries(tag="privacy.viewed").entries
    assert (entry.facts["page"], entry.facts["meeting_id"]) == ("attendance.sheet", room.meeting_id)


def test_names_are_text_and_never_markup(sign_in: SignIn):
    name = "<script>alert(1)</script> =HYPERLINK(1) عمر"
    assert name in room_of(sign_in, name).visit().text


def test_thirty_people_cost_as_many_queries_as_three(sign_in: SignIn, count_queries):
    counted = []
    for people in (3, 30):
        room = room_of(sign_in, *(f"Deelnemer {number:02}" for number in range(people)))
        with count_queries() as shown:
            page = room.visit()
        with count_queries() as saved:
            page.submit("Rest is er")
        counted.append((len(shown), len(saved)))
        assert len(room.marks) == people
    assert counted[0] == counted[1]


def test_the_page_is_there_in_english(room: Room):
    assert room.client.visit(f"/en{room.path}").language == "en"


def test_a_first_visit_of_twenty_people_is_light(sign_in: SignIn):
    """Under 100 KB for the page with its fonts, style and scripts, as they come over the line: a server in front packs
    what is text (docs/operations.md), fonts are packed already. A name in another script than Latin asks for more."""
    room = room_of(sign_in, *(f"Deelnemer {number:02}" for number in range(20)))
    page = room.client.get(room.path)
    style = re.findall(r'href="(/static/[^"?]+\.css)', page.text)
    scripts = re.findall(r'src="(/static/[^"?]+\.js)', page.text)
    assert len(style) == 1
    assert scripts
    packed = {room.path: page.data} | {path: room.client.get(path).data for path in [*style, *scripts, *IMPORTED]}
    fonts = re.findall(r"url\((fonts/[\w-]+-latin\.woff2)\)", packed[style[0]].decode())
    plain = [room.client.get(f"/static/{path}").data for path in fonts]
    assert len(plain) == 2
    assert sum(len(gzip.compress(data)) for data in packed.values()) + sum(map(len, plain)) < 100_000


IMPORTED = ("/static/js/marks.js", "/static/js/taps.js")

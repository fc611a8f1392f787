"""The page of the list on paper: photos that are added, looked at and withdrawn, and comparing them with the list."""

import io
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from portal import audit, clock
from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.attendance.paper_models import PaperPhoto
from portal.domain.attendance.paper_queries import list_compared, list_photos
from portal.domain.attendance.paper_rules import OnPaper
from portal.domain.catalogue.models import Meeting
from tests import factories
from tests.page import Page
from tests.plugins.portal import PortalClient

HEIC = Path(__file__).parents[2] / "vectors" / "photo.heic"


def photo_of(colour: str = "white", kind: str = "JPEG") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(written, kind)
    return written.getvalue()


@dataclass
class Room:
    meeting_id: int
    client: PortalClient
    enrolments: list[int] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/bijeenkomsten/{self.meeting_id}/presentie/papier"

    @property
    def seats(self) -> list[int]:
        return [row.seat_id for row in list_compared(self.meeting_id)]

    def send(self, data: bytes, name: str = "IMG_0412.jpg", client: PortalClient | None = None) -> Page:
        answer = (client or self.client).send(self.path, photo=(io.BytesIO(data), name))
        if answer.status_code == 303:
            return (client or self.client).visit(self.path)
        return Page.of(answer, client or self.client)

    def compare(self, *choices: str, **fields: str) -> Page:
        chosen = {f"p{seat}-on_paper": choice for seat, choice in zip(self.seats, choices, strict=False)}
        return self.client.visit(self.path).submit("Bewaar", chosen | fields)


@pytest.fixture
def room(sign_in) -> Room:
    trainer = factories.person(Role.TRAINER, name="Noor Jansen")
    course = factories.course_with_modules(1, title="SamenKracht")
    given = factories.edition_with_meetings(course, clock.today() - timedelta(days=1), trainer=trainer)
    enrolments = [factories.enrolment(given, factories.person(name=name)).id for name in ("Amira", "Bram")]
    db.session.commit()
    return Room(given.meetings[0].id, sign_in(trainer), enrolments)


def test_the_page_of_the_list_leads_here_and_here_is_nothing_yet(room: Room):
    page = room.client.visit(room.path.removesuffix("/papier")).follow("Foto van de papieren lijst")
    assert page.address == room.path
    assert "Er is nog geen foto." in page.text
    assert page.find("//input[@type='radio']") == []
    (control,) = page.find("//input[@type='file']")
    assert (control.get("accept"), control.get("capture")) == ("image/*", None)


@pytest.mark.parametrize(("data", "name"), [(photo_of(), "a.jpg"), (photo_of(kind="PNG"), "a.png"), (b"", "a.heic")])
def test_a_photo_is_shown_beside_the_list(room: Room, data: bytes, name: str):
    page = room.send(data or HEIC.read_bytes(), name)
    (shown,) = list_photos(room.meeting_id)
    (image,) = page.find("//main//img")
    assert image.get("src") == f"{room.path}/{shown.id}.jpg"
    assert [legend.text_content().strip() for legend in page.find("//legend/span")] == ["Amira", "Bram"]
    file = room.client.get(image.get("src"))
    assert (file.status_code, file.mimetype) == (200, "image/jpeg")
    assert file.data.startswith(b"\xff\xd8")
    assert file.headers["Cache-Control"] == "no-store"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Disposition"].startswith("inline; filename=")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Kies een foto van de getekende lijst."),
        (b"<svg/>", "We kunnen dit bestand niet lezen als foto. Kies een foto (jpg, png, webp of heic)."),
        (b"\xff\xd8" + bytes(12 * 1024 * 1024), "Deze foto is groter dan 12 MB. Maak een kleinere foto."),
    ],
)
def test_what_cannot_be_kept_is_said_at_the_field(room: Room, data: bytes, sentence: str):
    page = room.send(data)
    assert (page.status, page.title.startswith("Fout:")) == (422, True)
    assert page.errors == [(sentence, "#photo")]
    assert list_photos(room.meeting_id) == []


def test_no_file_at_all_is_said_too(room: Room):
    page = Page.of(room.client.send(room.path))
    assert (page.status, page.errors) == (422, [("Kies een foto van de getekende lijst.", "#photo")])


def test_far_too_much_is_refused_before_it_is_read(room: Room):
    assert room.client.send(room.path, photo=(io.BytesIO(bytes(26 * 1024 * 1024)), "a.jpg")).status_code == 413
    assert room.client.send(f"{room.path}/vergelijken", note="x" * 2_000_000).status_code == 413


def test_a_visitor_cannot_send_more_than_to_any_other_page(room: Room, client: PortalClient):
    answer = client.send(room.path, photo=(io.BytesIO(bytes(2 * 1024 * 1024)), "a.jpg"))
    assert answer.status_code == 413


def test_before_it_begins_there_is_no_form_and_no_way_past_it(room: Room):
    meeting = db.session.get_one(Meeting, room.meeting_id)
    meeting.starts_at += timedelta(days=7)
    meeting.ends_at += timedelta(days=7)
    db.session.commit()
    assert room.client.visit(room.path).find("//input[@type='file']") == []
    page = room.send(photo_of())
    assert page.status == 422
    assert "Daarna kun je een foto toevoegen." in page.html


def test_who_may_not_see_the_list_sees_no_photo(room: Room, sign_in, client: PortalClient):
    room.send(photo_of())
    (shown,) = list_photos(room.meeting_id)
    address = f"{room.path}/{shown.id}.jpg"
    other = factories.edition_with_meetings(factories.course_with_modules(1)).meetings[0].id
    db.session.commit()
    assert client.get(address).status_code == 303
    assert sign_in(factories.person()).get(address).status_code == 403
    assert sign_in(factories.person(Role.TRAINER)).get(address).status_code == 404
    office = sign_in(factories.person(Role.OFFICE))
    assert office.get(address).status_code == 200
    assert office.get(address.replace(f"/{room.meeting_id}/", f"/{other}/")).status_code == 404


def test_who_looks_at_a_photo_is_noted(room: Room, as_role):
    room.send(photo_of())
    (shown,) = list_photos(room.meeting_id)
    as_role(Role.OFFICE).get(f"{room.path}/{shown.id}.jpg")
    noted = audit.list_entries(tag="privacy.viewed").entries[0]
    assert (noted.facts["page"], noted.facts["meeting_id"]) == ("attendance_paper.photo", room.meeting_id)


def test_withdrawing_asks_why_and_shows_it_no_more(room: Room):
    page = room.send(photo_of()).follow("Trek in foto 1")
    refused = page.submit("Trek de foto in")
    assert (refused.status, refused.errors) == (422, [("Vul in waarom je deze foto intrekt.", "#reason")])
    address = f"{room.path}/{list_photos(room.meeting_id)[0].id}"
    done = refused.submit("Trek de foto in", reason="Foto van een andere groep")
    assert "De foto is ingetrokken" in done.text
    assert done.find("//main//img") == []
    assert room.client.get(f"{address}.jpg").status_code == 404
    assert room.client.get(f"{address}/intrekken").status_code == 404
    assert db.session.query(PaperPhoto).count() == 1


def test_when_all_agree_that_is_said_on_top(room: Room):
    room.send(photo_of())
    page = room.compare("agrees", "agrees")
    assert "2 van 2 kloppen met het papier." in page.text
    assert page.find("//*[@class='notice notice--good']") != []


def test_what_differs_is_said_by_name_with_where_to_change_it(room: Room):
    room.send(photo_of())
    seat = room.seats[0]
    page = room.compare(
        "differs", "unreadable", **{f"p{seat}-note": "tekende niet", "extra_people": "1", "extra_note": "Karin"}
    )
    (notice,) = page.find("//*[contains(@class, 'notice--warning')]")
    assert [" ".join(item.text_content().split()) for item in notice.iter("li")] == [
        "Amira: staat anders op papier (tekende niet).",
        "Bram: niet leesbaar.",
        "1 persoon staat alleen op papier: Karin. Iemand erbij",
    ]
    list_path = room.path.removesuffix("/papier")
    assert [link.get("href") for link in notice.iter("a")] == [f"{list_path}/erbij", list_path]
    room.client.visit(list_path).submit("Rest is er")
    finishing = room.client.visit(f"{list_path}/afronden")
    finishing.submit("Afronden en tekenen", {"signed_name": "Noor Jansen", "agreed": True})
    page = room.compare("differs", "agrees")
    assert (f"{list_path}/wijzigen/{seat}") in [link.href for link in page.links]
    assert [row.check.on_paper for row in list_compared(room.meeting_id)] == [OnPaper.DIFFERS, OnPaper.AGREES]


def test_after_a_change_of_the_list_it_asks_to_look_again(room: Room):
    room.send(photo_of())
    room.compare("agrees", "agrees")
    room.client.visit(room.path.removesuffix("/papier")).submit("Rest is er")
    page = room.client.visit(room.path)
    assert "2 van 2 kloppen" not in page.text
    assert page.text.count("De lijst is gewijzigd nadat Noor Jansen vergeleek. Kijk nog eens.") == 2
    assert page.find("//input[@type='radio'][@checked]") == []


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"p{0}-note": "iets"}, ("Kies bij Amira wat er op papier staat.", "#p{0}-on_paper")),
        (
            {"p{0}-on_paper": "differs", "p{0}-note": "x" * 201},
            ("Houd de toelichting bij Amira korter: hooguit 200 tekens.", "#p{0}-note"),
        ),
        ({"extra_people": "veel"}, ("Vul een aantal in van 0 tot en met 50.", "#extra_people")),
        ({"extra_people": "51"}, ("Vul een aantal in van 0 tot en met 50.", "#extra_people")),
        ({"extra_note": "x" * 201}, ("Houd de toelichting korter: hooguit 200 tekens.", "#extra_note")),
    ],
)
def test_what_cannot_be_said_is_refused_and_kept(room: Room, fields: dict[str, str], error: tuple[str, str]):
    room.send(photo_of())
    seat = room.seats[0]
    typed = {name.format(seat): value for name, value in fields.items()}
    page = room.client.visit(room.path).submit("Bewaar", typed)
    assert (page.status, page.errors) == (422, [(error[0], error[1].format(seat))])
    kept = page.form("Bewaar").values
    assert {name: kept[name] for name in typed} == {name: [value] for name, value in typed.items()}


def test_who_was_first_is_not_overwritten_unseen(room: Room, as_role):
    room.send(photo_of())
    page, seat = room.client.visit(room.path), room.seats[0]
    other = as_role(Role.OFFICE).visit(room.path)
    other.submit("Bewaar", {f"p{seat}-on_paper": "differs"})
    clash = page.submit("Bewaar", {f"p{seat}-on_paper": "agrees"})
    assert clash.status == 409
    assert "Iemand anders vulde intussen iets in bij: Amira." in clash.html
    assert list_compared(room.meeting_id)[0].check.on_paper == OnPaper.DIFFERS
    clash.submit("Bewaar")
    assert list_compared(room.meeting_id)[0].check.on_paper == OnPaper.AGREES


def test_comparing_without_a_photo_is_refused(room: Room):
    answer = room.client.send(f"{room.path}/vergelijken", **{f"p{room.seats[0]}-on_paper": "agrees"})
    assert answer.status_code == 422
    assert "Voeg eerst een foto van de getekende lijst toe." in answer.text


def test_three_photos_cost_as_many_queries_as_one(room: Room, count_queries):
    room.send(photo_of("red"))
    with count_queries() as few:
        room.client.visit(room.path)
    room.send(photo_of("green"))
    room.send(photo_of("blue"))
    with count_queries() as many:
        room.client.visit(room.path)
    assert len(many) == len(few), many

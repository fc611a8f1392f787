"""Scanning the code at the door: who is let in, who is not and what they read, and that nobody's name is shown."""

import re

import pytest

from portal.config import Limits
from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.domain.attendance.arrivals import Arrival
from portal.domain.attendance.door import How, own_letters, spaced
from portal.domain.attendance.models import AttendanceSheet
from portal.domain.attendance.rules import Mark, Status
from portal.language import moment
from portal.mail import OutgoingMail
from tests import factories
from tests.door_scenes import NAME, Door
from tests.plugins.portal import SECRET_KEY, PortalClient


@pytest.fixture
def door(app) -> Door:
    return Door()


def test_one_button_says_that_i_am_here(door: Door, sign_in):
    browser: PortalClient = sign_in(door.dewi)
    with door.on(5):
        page = browser.visit(door.turning())
        assert page.h1 == f"Dag {NAME}, ben je er?"
        assert "Bram" not in page.html
        assert door.arrivals == {}
        done = page.submit("Ik ben er")
        assert done.h1 == "Fijn dat je er bent"
        assert "Je meldde je om 09.35 uur." in done.text
    assert door.arrivals == {door.seats[NAME]: Arrival(door.at(5), How.SCREEN)}
    assert door.marks == [Mark(), Mark(Status.PRESENT)]


def test_a_code_that_was_sent_home_is_over(door: Door, sign_in):
    browser: PortalClient = sign_in(door.dewi)
    with door.on(7):
        page = browser.visit(door.turning(5))
        assert page.status == 410
        assert "Deze code is verlopen. Scan hem opnieuw van het scherm van de trainer." in page.text
        assert "Ik ben er" not in page.html
        assert browser.send(door.turning(5)).status_code == 410
    assert door.arrivals == {}


def test_at_the_edge_of_a_minute_nobody_is_refused(door: Door, sign_in):
    with door.on(6.99):
        assert sign_in(door.dewi).visit(door.turning(5)).status == 200


def test_who_opened_the_code_in_time_may_sign_in_first(door: Door, client: PortalClient):
    path = door.turning(5)
    with door.on(5):
        page = client.visit(path)
        assert page.h1 == "Ben je er?"
        assert "Jansen" not in page.html
        page.follow("Log in").submit("Mail mij een inloglink", email=door.dewi.email)
        token = link_to(door.dewi)
    with door.on(12):
        page = client.visit(f"/inloggen/link/{token}").submit()
        assert (page.address, page.h1) == (path, f"Dag {NAME}, ben je er?")
        assert page.submit("Ik ben er").h1 == "Fijn dat je er bent"
    assert door.marks == [Mark(), Mark(Status.PRESENT)]


def test_that_lasts_a_quarter_of_an_hour_and_for_that_code_alone(door: Door, sign_in):
    browser: PortalClient = sign_in(door.dewi)
    with door.on(5):
        browser.visit(door.turning(5))
    with door.on(19):
        assert browser.visit(door.turning(5)).status == 200
        assert browser.visit(door.turning(4)).status == 410
    with door.on(21):
        assert browser.visit(door.turning(5)).status == 410


def test_ones_own_letters_are_enough_in_the_room(door: Door, client: PortalClient):
    with door.on(5):
        page = client.visit(door.turning()).submit("Ik ben er", letters=spaced(door.letters).lower())
        assert "Gelukt. Je staat op de lijst van vandaag." in page.text
        assert "Jansen" not in page.html
    assert door.arrivals == {door.seats[NAME]: Arrival(door.at(5), How.LETTERS)}
    assert door.marks == [Mark(), Mark(Status.PRESENT)]


@pytest.mark.parametrize("typed", ["", "   ", "ABCDEF", "O0I1L-", "x" * 5000, "<script>"])
def test_letters_that_are_nobodys_are_refused_at_their_field(door: Door, client: PortalClient, typed: str):
    with door.on(5):
        page = client.visit(door.turning()).submit("Ik ben er", letters=typed)
    assert page.status == 422
    assert page.title.startswith("Fout:")
    ((_sentence, where),) = page.errors
    assert where == "#letters"
    assert door.arrivals == {}


def test_letters_of_another_meeting_let_nobody_in_here(door: Door, client: PortalClient):
    other = factories.enrolment(factories.edition_with_meetings(), door.dewi)
    seat = db.session.query(factories.Seat).filter_by(enrolment_id=other.id).first()
    assert seat
    with door.on(5):
        page = client.visit(door.turning()).submit("Ik ben er", letters=own_letters(SECRET_KEY, seat.id))
    assert page.status == 422
    assert door.arrivals == {}


def test_the_code_on_paper_wants_a_sign_in_and_marks_nobody(door: Door, client: PortalClient, sign_in):
    with door.on(5):
        page = client.visit(door.paper)
        assert page.h1 == "Ben je er?"
        assert "eigen code" not in page.text
        assert client.send(f"{door.paper}/code", letters=door.letters).status_code == 200
        assert door.arrivals == {}
        assert sign_in(door.dewi).visit(door.paper).submit("Ik ben er").h1 == "Fijn dat je er bent"
    assert door.arrivals == {door.seats[NAME]: Arrival(door.at(5), How.PAPER)}
    assert door.marks == [Mark(), Mark()]


@pytest.mark.parametrize(
    ("code", "minutes", "sentence"),
    [
        ("turning", -31, "Melden kan vanaf {opens}."),
        ("paper", -31, "Melden kan vanaf {opens}."),
        ("paper", 30, "De code op papier werkte tot 10.00 uur."),
        ("turning", 180, "De bijeenkomst is voorbij."),
    ],
)
def test_outside_its_time_a_code_says_when_it_works(door: Door, sign_in, client, code, minutes, sentence):
    path = door.paper if code == "paper" else door.turning(minutes)
    with door.on(minutes):
        for browser in (sign_in(door.dewi), client):
            page = browser.visit(path)
            assert page.status == 410
            assert sentence.format(opens=moment(door.at(-30))) in page.text
            assert browser.send(path).status_code == 410
            assert browser.send(f"{path}/code", letters=door.letters).status_code == 410
    assert door.arrivals == {}


def test_a_finished_list_says_so(door: Door, sign_in):
    factories.add(
        AttendanceSheet(
            meeting_id=door.meeting_id, finished_at=door.at(50), finished_by_id=door.dewi.id, signed_name="Noor"
        )
    )
    with door.on(60):
        page = sign_in(door.dewi).visit(door.turning(60))
    assert page.status == 410
    assert "De presentielijst is al afgerond." in page.text


@pytest.mark.parametrize("made_up", ["bestaat-niet", "s1-2-" + "0" * 20, "p1-" + "f" * 20, "%00", "🙂"])
def test_a_code_that_we_never_made_is_unknown(door: Door, sign_in, made_up: str):
    page = sign_in(door.dewi).visit(f"/i/{made_up}")
    assert page.status == 404
    assert "Deze code kennen we niet." in page.text


def test_one_sign_more_or_less_is_unknown(door: Door, sign_in):
    with door.on(5):
        other_meeting = door.turning().replace(f"s{door.meeting_id}-", f"s{door.meeting_id + 1}-")
        for path in (door.turning()[:-1], door.turning() + "0", other_meeting):
            assert sign_in(door.dewi).visit(path).status == 404


def test_a_meeting_that_is_not_given_is_unknown(door: Door, sign_in):
    door.given.edition.state = "cancelled"
    with door.on(5):
        assert sign_in(door.dewi).visit(door.turning()).status == 404


def test_who_has_no_seat_is_told_what_to_do(door: Door, sign_in):
    stranger = factories.person(Role.TRAINER, name="Noor Jansen")
    with door.on(5):
        browser = sign_in(stranger)
        page = browser.visit(door.turning())
        assert page.status == 403
        assert "Je staat met dit e-mailadres niet op de lijst van deze bijeenkomst." in page.text
        assert "Dewi" not in page.html
        assert browser.send(door.turning()).status_code == 403
    assert door.arrivals == {}


def test_who_came_in_reads_so_however_late(door: Door, sign_in):
    browser: PortalClient = sign_in(door.dewi)
    with door.on(5):
        browser.visit(door.turning()).submit("Ik ben er")
    with door.on(300):
        page = browser.visit(door.turning())
        assert (page.status, page.h1) == (200, "Fijn dat je er bent")
        # Pressing again, from a page that stayed open, changes nothing.
        browser.send(door.turning())
    assert [one.at for one in door.arrivals.values()] == [door.at(5)]


def test_nothing_of_it_is_kept_or_found(door: Door, client: PortalClient):
    for path in (door.turning(), "/i/bestaat-niet"):
        headers = client.get(path).headers
        assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("no-store", "noindex")


def test_whoever_tries_too_often_waits(make_app, door: Door):
    browser = make_app(limits=Limits(door="3 per minute", letters="2 per minute")).test_client()
    with door.on(5):
        asked = [browser.get(door.turning()).status_code for _ in range(4)]
        assert asked == [200, 200, 200, 429]
    with door.on(7):
        path = door.turning(7)
        assert [browser.send(f"{path}/code", letters="ABCDEF").status_code for _ in range(3)] == [422, 422, 429]


def test_my_code_is_on_my_own_pages_on_the_day(door: Door, sign_in):
    browser: PortalClient = sign_in(door.dewi)
    with door.on(-60):
        pages = [browser.visit("/mijn"), browser.visit("/mijn").follow(door_title(door))]
        for page in pages:
            assert "Mijn code voor vandaag" in page.headings
            assert spaced(door.letters) in page.text
            assert len(page.find("//img[starts-with(@src, 'data:image/svg+xml')]")) == 1
    for minutes in (-24 * 60, 181):
        with door.on(minutes):
            assert "Mijn code" not in browser.visit("/mijn").html


def test_the_page_is_there_in_english(door: Door, sign_in):
    with door.on(5):
        page = sign_in(door.dewi).visit(f"/en{door.turning()}")
    assert page.language == "en"
    assert page.h1.startswith("Hello Dewi")


def door_title(door: Door) -> str:
    course = db.session.get_one(factories.Course, door.given.edition.course_id)
    return f"{course.title}, Zwolle"


def link_to(person: Person) -> str:
    """The token of the sign-in link that was mailed last."""
    mail = db.session.query(OutgoingMail).filter_by(person_id=person.id).order_by(OutgoingMail.id.desc()).first()
    assert mail
    found = re.search(r"/inloggen/link/(\S+)", mail.text_body)
    assert found
    return found[1]

"""/evaluatie/<token>: anybody with the link answers once, without signing in, and no page says whose link it is."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal import audit
from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.quality.models import EvaluationAnswer, EvaluationRequest
from portal.domain.quality.rules import Question
from portal.domain.quality.wording import MISSING
from tests import factories
from tests.page import Page
from tests.plugins.portal import PortalClient
from tests.quality_scenes import EVERYTHING, ask, at, given_edition, token_in

NAME = "Dewi Hardjo"
GOOD = dict.fromkeys(Question, "8") | {"remark": "Meer pauzes\ngraag"}


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Of Dewi's questions, on the day after she was asked."""
    given_edition({NAME: EVERYTHING})
    (mail,) = ask(at(12))
    with time_machine.travel(at(13), tick=False):
        yield f"/evaluatie/{token_in(mail)}"


def kept() -> list[tuple[int, ...]]:
    return [
        tuple(getattr(row, question) for question in Question) for row in db.session.scalars(select(EvaluationAnswer))
    ]


def test_the_questions_are_answered_once(client: PortalClient, address: str):
    page = client.visit(address)
    assert page.h1 == "Wat vond je van SamenKracht?"
    assert "tot en met vrijdag 2 april 2027" in page.text
    assert page.find("//meta[@name='robots']/@content") == ["noindex"]
    done = page.submit("Verstuur je antwoorden", GOOD | {"trainer": "10"})
    assert (done.status, done.h1, done.address) == (200, "Dank je wel", address)
    assert kept() == [(8, 10, 8, 8)]
    assert db.session.scalars(select(EvaluationAnswer.remark)).all() == ["Meer pauzes\ngraag"]
    again = client.visit(address)
    assert (again.status, again.h1, list(again.find("//main//form"))) == (200, "Dank je wel", [])


def test_no_page_says_whose_link_it_is_or_is_kept_by_a_browser(client: PortalClient, address: str):
    for _time in range(2):
        response = client.get(address)
        assert NAME not in response.text
        assert response.headers["Cache-Control"] == "no-store"
        client.visit(address).submit("Verstuur je antwoorden", GOOD) if not kept() else None


def test_looking_stores_nothing(client: PortalClient, address: str):
    """A mail scanner that opens the link does not use it up."""
    for method in (client.get, client.head):
        assert method(address).status_code == 200
        assert method(f"{address}?content=8&trainer=8&place=8&usefulness=8").status_code == 200
    assert kept() == []
    assert db.session.scalars(select(EvaluationRequest.used)).all() == [False]


@pytest.mark.parametrize("question", Question)
def test_a_question_without_an_answer_is_named_and_what_was_filled_in_stays(
    client: PortalClient, address: str, question: Question
):
    given = {each: value for each, value in GOOD.items() if each != question}
    refused = client.visit(address).submit("Verstuur je antwoorden", given)
    assert (refused.status, refused.title[:5]) == (422, "Fout:")
    assert [(error.text, error.href) for error in refused.errors] == [(str(MISSING[question]), f"#{question}-0")]
    assert refused.form("Verstuur je antwoorden").values["remark"] == ["Meer pauzes\ngraag"]
    assert len(refused.find("//input[@type='radio'][@checked]")) == 3
    assert kept() == []


@pytest.mark.parametrize("wrong", ["0", "11", "-1", "8.5", "acht", "", "９９", "8" * 400])
def test_a_grade_that_is_none_is_refused(client: PortalClient, address: str, wrong: str):
    response = client.send(address, **GOOD | {"place": wrong})
    assert response.status_code == 422
    assert kept() == []


def test_too_long_a_remark_is_refused_at_its_field(client: PortalClient, address: str):
    refused = client.visit(address).submit("Verstuur je antwoorden", GOOD | {"remark": "x" * 2001})
    assert [error.href for error in refused.errors] == ["#remark"]
    assert "hooguit 2000 tekens" in refused.errors[0].text
    assert client.visit(address).submit("Verstuur je antwoorden", GOOD | {"remark": "x" * 2000}).h1 == "Dank je wel"


def test_markup_in_a_remark_stays_text(client: PortalClient, as_role: Callable[[Role], PortalClient], app: Flask):
    scene = given_edition(dict.fromkeys("ABC", EVERYTHING))
    with time_machine.travel(at(13), tick=False):
        for mail in ask(at(12)):
            client.send(f"/evaluatie/{token_in(mail)}", **GOOD | {"remark": "<script>alert(1)</script>"})
        page = as_role(Role.OFFICE).visit(f"/bureau/uitvoeringen/{scene.edition.id}/evaluatie")
    assert page.text.count("<script>alert(1)</script>") == 3


def test_a_used_link_says_so_kindly_and_keeps_nothing(client: PortalClient, address: str):
    client.visit(address).submit("Verstuur je antwoorden", GOOD)
    for given in (GOOD | {"content": "1"}, {}):
        response = client.send(address, **given)
        page = Page.of(response, client)
        assert (page.status, page.h1) == (409, "Dank je wel")
        assert "dat kan één keer" in page.text
    assert kept() == [(8, 8, 8, 8)]


def test_after_the_last_day_it_is_closed(client: PortalClient, address: str):
    with time_machine.travel(at(3, 0, 0, month=4), tick=False):
        page = client.visit(address)
        assert (page.status, page.h1) == (200, "Deze evaluatie is gesloten")
        assert "tot en met vrijdag 2 april 2027" in page.text
        assert client.send(address, **GOOD).status_code == 409
    assert kept() == []
    with time_machine.travel(at(2, 23, 59, month=4), tick=False):
        assert client.visit(address).submit("Verstuur je antwoorden", GOOD).h1 == "Dank je wel"


@pytest.mark.parametrize("token", ["x", "A" * 32, "..%5c..%5cmijn", "é", "%00", "x" * 3000])
def test_a_forged_link_shows_nobodys_data(client: PortalClient, address: str, token: str):
    page = client.visit(f"/evaluatie/{token}")
    assert (page.status, page.h1) == (404, "Deze link kennen we niet")
    assert "SamenKracht" not in page.text
    assert client.send(f"/evaluatie/{token}", **GOOD).status_code == 404
    assert kept() == []


def test_a_link_of_which_we_forgot_whom_it_was_for_is_unknown(client: PortalClient, address: str):
    ask(at(3, month=5))
    with time_machine.travel(at(3, month=5), tick=False):
        assert client.visit(address).h1 == "Deze link kennen we niet"


def test_a_form_of_another_site_is_refused(client: PortalClient, address: str):
    assert client.post(address, data=GOOD).status_code == 400
    assert kept() == []


def test_who_is_signed_in_is_not_noted_either(sign_in: Callable[..., PortalClient], address: str):
    someone = sign_in(factories.person())
    someone.visit(address).submit("Verstuur je antwoorden", GOOD)
    (entry,) = audit.list_entries(tag="quality.answered").entries
    assert (entry.actor_kind, entry.actor_id) == ("visitor", None)


def test_it_is_english_for_who_reads_english(client: PortalClient, address: str):
    page = client.visit(f"/en{address}")
    assert (page.language, page.h1) == ("en", "What did you think of SamenKracht?")
    refused = page.submit("Send your answers", GOOD | {"remark": "x" * 2001})
    assert refused.errors[0].text == "Keep it shorter: at most 2000 characters"
    assert client.visit(f"/en{address}").submit("Send your answers", GOOD).h1 == "Thank you"


@pytest.mark.parametrize(
    ("deed", "note"),
    [
        ("nothing", "We mailden je een link om te zeggen wat je ervan vond. Dat kan tot en met vrijdag 2 april 2027."),
        ("answer", "Je hebt gezegd wat je ervan vond. Dank je wel."),
        ("wait", "De evaluatie is gesloten."),
    ],
)
def test_ones_own_page_says_where_it_stands(
    client: PortalClient, sign_in: Callable[..., PortalClient], app: Flask, deed: str, note: str
):
    scene = given_edition({NAME: EVERYTHING})
    own = f"/mijn/inschrijvingen/{scene.enrolments[NAME].id}"
    me = scene.enrolments[NAME].person_id
    with time_machine.travel(at(12, 8), tick=False):
        assert "wat je ervan vond" not in sign_in(db.session.get_one(factories.Person, me)).visit(own).text
    (mail,) = ask(at(12))
    with time_machine.travel(at(13) if deed != "wait" else at(4, month=4), tick=False):
        if deed == "answer":
            client.send(f"/evaluatie/{token_in(mail)}", **GOOD)
        participant = sign_in(db.session.get_one(factories.Person, me))
        assert note in participant.visit(own).text
        assert note in participant.visit("/mijn").text

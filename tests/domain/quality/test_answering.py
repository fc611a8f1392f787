"""Answering: once, until a moment, and without anything that leads back to who did."""

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal import audit
from portal.db import Base, db, transaction
from portal.domain.quality import commands
from portal.domain.quality.models import EvaluationAnswer, EvaluationRequest
from portal.domain.quality.results import get_result, list_remarks, list_results, list_results_for_trainer
from portal.domain.quality.rules import Answers, Question
from portal.errors import Conflict, NotFound, Refused
from tests.quality_scenes import EVERYTHING, answer, answered_edition, ask, at, given_edition, grades, token_in


def answers() -> list[EvaluationAnswer]:
    return list(db.session.scalars(select(EvaluationAnswer)))


def test_an_answer_is_kept_and_the_link_is_marked(app: Flask):
    scene = given_edition()
    (mail,) = ask(at(12))
    answer(token_in(mail), 7, 8, 9, 10, remark="Meer pauzes")
    (kept,) = answers()
    assert [getattr(kept, question) for question in Question] == [7, 8, 9, 10]
    assert (kept.remark, kept.edition_id) == ("Meer pauzes", scene.edition.id)
    assert db.session.scalars(select(EvaluationRequest.used)).all() == [True]


def test_a_second_answer_is_refused_and_changes_nothing(app: Flask):
    given_edition()
    (mail,) = ask(at(12))
    answer(token_in(mail), 8)
    with pytest.raises(Conflict, match="één keer"):
        answer(token_in(mail), 2)
    assert [kept.content for kept in answers()] == [8]


def test_a_link_that_nobody_was_sent_is_unknown(app: Flask):
    given_edition()
    (mail,) = ask(at(12))
    for forged in ("", "x", token_in(mail)[:-1], token_in(mail).swapcase()):
        with pytest.raises(NotFound):
            answer(forged, 8)
    assert answers() == []


def test_answering_ends_at_the_last_midnight(app: Flask):
    given_edition({"Dewi": EVERYTHING, "Jan": EVERYTHING})
    first, second = ask(at(12))
    answer(token_in(first), 8, now=at(2, 23, 59, month=4))
    with pytest.raises(Conflict, match="gesloten"):
        answer(token_in(second), 8, now=at(3, 0, 0, month=4))
    assert len(answers()) == 1


@pytest.mark.parametrize(
    ("given", "remark", "field"),
    [(grades(8, 8, 11, 8), "", "place"), (grades(8), "x" * 2001, "remark"), ({}, "", "content")],
)
def test_what_cannot_be_kept_leaves_the_link_as_it_was(app: Flask, given: dict[Question, int], remark: str, field: str):
    given_edition()
    (mail,) = ask(at(12))
    with pytest.raises(Refused) as refused, transaction():
        commands.answer(token=token_in(mail), answers=Answers(given, remark), now=at(13))
    assert refused.value.field == field
    assert (answers(), db.session.scalars(select(EvaluationRequest.used)).all()) == ([], [False])


def test_the_database_refuses_a_grade_out_of_bounds(app: Flask):
    scene = given_edition()
    ask(at(12))
    db.session.add(EvaluationAnswer(id="x", edition_id=scene.edition.id, content=0, trainer=1, place=1, usefulness=1))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_nothing_leads_from_an_answer_to_a_person(app: Flask):
    """By the tables: no column says who or when, and no other table names an answer."""
    assert set(EvaluationAnswer.__table__.columns.keys()) == {"id", "edition_id", "remark", *Question}
    assert set(EvaluationRequest.__table__.columns.keys()) == {"id", "edition_id", "person_id", "token_hash", "used"}
    pointing = [
        key.target_fullname for table in Base.metadata.sorted_tables for key in table.foreign_keys
        if key.column.table is EvaluationAnswer.__table__
    ]  # fmt: skip
    assert pointing == []


def test_answers_do_not_lie_in_the_order_in_which_they_came(app: Flask):
    people = dict.fromkeys([f"P{number}" for number in range(12)], EVERYTHING)
    given_edition(people)
    for number, mail in enumerate(ask(at(12))):
        answer(token_in(mail), 8, remark=f"{number:02}")
    stored = [row.remark for row in db.session.execute(select(EvaluationAnswer.remark).order_by(EvaluationAnswer.id))]
    assert sorted(stored) == [f"{number:02}" for number in range(12)]
    assert stored != sorted(stored)


def test_the_log_knows_that_somebody_answered_and_not_who_or_what(app: Flask):
    scene = given_edition()
    (mail,) = ask(at(12))
    answer(token_in(mail), 3, remark="Niet goed")
    (entry,) = audit.list_entries(tag="quality.answered").entries
    assert (entry.actor_kind, entry.actor_id, entry.facts) == ("visitor", None, {"edition_id": scene.edition.id})


def test_one_link_sent_twice_at_once_counts_once(app: Flask):
    given_edition()
    (mail,) = ask(at(12))
    token = token_in(mail)
    db.session.commit()
    start = threading.Barrier(4)
    outcomes: list[str] = []

    def send(grade: int) -> None:
        with app.app_context():
            start.wait()
            try:
                answer(token, grade)
                outcomes.append("kept")
            except Conflict:
                outcomes.append("refused")

    threads = [threading.Thread(target=send, args=(grade,)) for grade in (2, 4, 6, 8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept", "refused", "refused", "refused"]
    assert len(answers()) == 1
    assert len(audit.list_entries(tag="quality.answered").entries) == 1


def test_means_and_remarks_come_with_the_third_answer(app: Flask):
    scene = given_edition(dict.fromkeys("ABCD", EVERYTHING))
    mails = ask(at(12))
    seen = []
    for mail, grade in zip(mails, (7, 8, 10), strict=False):
        answer(token_in(mail), grade, remark=f"Een {grade}")
        result = get_result(scene.edition.id)
        seen.append((result.answered, result.means is not None, len(list_remarks(scene.edition.id))))
    assert seen == [(1, False, 0), (2, False, 0), (3, True, 3)]
    assert result.means is not None
    assert {round(mean, 2) for mean in result.means.values()} == {8.33}
    assert result.asked == 4


def test_an_edition_of_which_nobody_was_asked_has_an_empty_result(app: Flask):
    scene = given_edition({})
    result = get_result(scene.edition.id)
    assert (result.asked, result.answered, result.last_on, result.means) == (0, 0, None, None)
    ask(at(12))
    assert list_results().rows == []
    with pytest.raises(NotFound):
        get_result(scene.edition.id + 1)


def test_results_are_of_their_own_edition(app: Flask):
    good = answered_edition((9, ""), (9, ""), (9, "Top"), title="Goed")
    bad = answered_edition((3, "Saai"), (3, ""), (3, ""), title="Slecht")
    means = {row.title: row.means and row.means[Question.CONTENT] for row in list_results().rows}
    assert means == {"Goed": 9.0, "Slecht": 3.0}
    assert (list_remarks(good.edition.id), list_remarks(bad.edition.id)) == (["Top"], ["Saai"])


def test_a_trainer_sees_what_they_gave_once_it_is_closed(app: Flask):
    scene = answered_edition((9, ""), (9, ""), (9, ""))
    answered_edition((3, ""), (3, ""), (3, ""), title="Van een ander")
    closes_at = at(3, 0, 0, month=4)
    seen = [
        [row.title for row in list_results_for_trainer(scene.trainer.id, now).rows]
        for now in (at(2, 23, 59, month=4), closes_at)
    ]
    assert seen == [[], ["SamenKracht"]]
    assert db.session.scalar(select(func.count()).select_from(EvaluationAnswer)) == 6

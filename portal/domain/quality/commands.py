"""Opening an evaluation, asking people, answering, and forgetting who was asked."""

import secrets
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.accounts.queries import hash_token
from portal.domain.catalogue.models import Course, Edition
from portal.domain.enrolment.place_rules import last_day_before
from portal.domain.quality import mails
from portal.domain.quality.events import AskedForgotten, EvaluationAnswered, EvaluationAsked
from portal.domain.quality.models import Evaluation, EvaluationAnswer, EvaluationRequest
from portal.domain.quality.queries import find_link, list_to_ask
from portal.domain.quality.rules import LONGEST_REMARK, Answers, LinkState, Question, Window, wrong_field
from portal.domain.quality.wording import MISSING
from portal.errors import Conflict, NotFound, Refused
from portal.language import _

PORTION = 25


def new_token() -> str:
    """192 random bits for one person's link; only their hash is kept."""
    return secrets.token_urlsafe(24)


def open_evaluation(*, edition_id: int, window: Window) -> bool:
    """Lets the people of an edition be asked in this window, which stays whatever the office decides later; False when
    it was opened before."""
    try:
        with db.session.begin_nested():
            db.session.add(Evaluation(edition_id=edition_id, **asdict(window)))
    except IntegrityError:
        return False  # another worker was here at the same moment
    return True


def ask_people(
    *, edition_id: int, actor: Actor, now: datetime, token: Callable[[], str] = new_token
) -> list[tuple[int, str]]:
    """Mails a portion of the people who are still to be asked; (person, token) of each. Empty when none are left.

    Two at once ask nobody twice: they hold the evaluation, and the second finds them asked. Raises NotFound for an
    edition whose evaluation was not opened."""
    # First the edition, as everybody does; shared, so that all goes on but changing it.
    db.session.execute(select(Edition.id).where(Edition.id == edition_id).with_for_update(read=True, key_share=True))
    locked = select(Evaluation).where(Evaluation.edition_id == edition_id).with_for_update()
    evaluation = db.session.scalar(locked.execution_options(populate_existing=True))
    if evaluation is None:
        raise NotFound
    asked = [(person_id, token()) for person_id in list_to_ask(edition_id, PORTION)]
    if not asked:
        return []
    rows = [
        EvaluationRequest(edition_id=edition_id, person_id=person_id, token_hash=hash_token(each))
        for person_id, each in asked
    ]
    db.session.add_all(rows)
    evaluation.asked += len(asked)
    db.session.flush()
    title, people = _title_of(edition_id), _people([person_id for person_id, _token in asked])
    last_on = last_day_before(evaluation.closes_at)
    for person_id, each in asked:
        mails.asked(people[person_id], edition_id, title, each, last_on, now)
    audit.record(EvaluationAsked(edition_id=edition_id, people=len(asked)), actor=actor, at=now)
    return asked


def answer(*, token: str, answers: Answers, now: datetime) -> None:
    """Keeps what somebody thought of an edition, and marks their link as used. There is no actor: who it was is noted
    nowhere, not even in the log when they are signed in.

    Raises NotFound for a link that we did not send, Conflict when it was used or the evaluation is closed, Refused at
    the field of an answer that cannot be kept."""
    link = find_link(token, now)
    if link is None:
        raise NotFound
    if link.state is LinkState.CLOSED:
        raise Conflict(_("Deze evaluatie is gesloten. Antwoorden kan niet meer."))
    # The database decides between two at the same moment.
    unused = EvaluationRequest.token_hash == hash_token(token), EvaluationRequest.used.is_(False)
    marked = update(EvaluationRequest).where(*unused).values(used=True).returning(EvaluationRequest.edition_id)
    if db.session.scalar(marked) is None:
        raise Conflict(_("Met deze link is al geantwoord. Dat kan één keer."))
    wrong = wrong_field(answers)
    if wrong == "remark":
        raise Refused(_("Houd het korter: hooguit %(most)s tekens", most=LONGEST_REMARK), wrong)
    if wrong:
        raise Refused(str(MISSING[Question(wrong)]), wrong)
    grades = {question.value: grade for question, grade in answers.grades.items()}
    number = secrets.token_hex(16)
    db.session.add(EvaluationAnswer(id=number, edition_id=link.edition_id, remark=answers.remark, **grades))
    db.session.flush()
    audit.record(EvaluationAnswered(edition_id=link.edition_id), actor=Actor.visitor(), at=now)


def forget_asked(*, edition_id: int, actor: Actor, now: datetime) -> int:
    """Forgets who was asked about an edition, and which of them answered; how many stays. Returns how many."""
    of_edition = EvaluationRequest.edition_id == edition_id
    people = db.session.scalar(select(func.count()).select_from(EvaluationRequest).where(of_edition)) or 0
    if people:
        db.session.execute(delete(EvaluationRequest).where(of_edition))
        audit.record(AskedForgotten(edition_id=edition_id, people=people), actor=actor, at=now)
    return people


def _title_of(edition_id: int) -> str:
    title = select(Course.title).join(Edition, Edition.course_id == Course.id).where(Edition.id == edition_id)
    return db.session.scalars(title).one()


def _people(person_ids: list[int]) -> dict[int, Person]:
    """These people by number, held as everybody does: last, and in order."""
    found = select(Person).where(Person.id.in_(person_ids)).order_by(Person.id).with_for_update(key_share=True)
    return {person.id: person for person in db.session.scalars(found)}

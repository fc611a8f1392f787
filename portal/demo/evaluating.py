"""After the last meeting: people are asked what they thought of it, and most of them answer."""

import random
from datetime import datetime

from portal.audit import Actor
from portal.demo.telling import Story
from portal.domain.enrolment.policy import Policy
from portal.domain.quality import commands as quality
from portal.domain.quality.rules import KEEP_ASKED, Answers, Question, Window, window

REMARKS = (
    "Iets meer tijd om te oefenen met een situatie uit ons eigen team.",
    "De pauzes waren kort.",
    "Graag de literatuur een week eerder.",
    "Niets, ik ga er morgen meteen mee aan de slag.",
    "De zaal was warm. Verder een fijne dag.",
    "Meer voorbeelden uit de ouderenzorg.\nEn misschien een terugkomdag na een half jaar?",
)


def evaluate(story: Story, edition_id: int, ended_at: datetime) -> None:
    """Adds asking, answering and forgetting who was asked to the story, each at its own moment."""
    policy = Policy()
    found = window(ended_at, policy.evaluation_days, policy.evaluation_open_days)
    story.at(found.opens_at, lambda now: _ask(story, edition_id, found, now))
    story.at(found.closes_at + KEEP_ASKED, lambda now: _forget(edition_id, now))


def _ask(story: Story, edition_id: int, found: Window, now: datetime) -> None:
    # Chance of its own: what people think changes nothing in the rest of the story.
    chance = random.Random(edition_id)  # noqa: S311
    remarks = chance.sample(REMARKS, len(REMARKS))
    quality.open_evaluation(edition_id=edition_id, window=found)
    while asked := quality.ask_people(edition_id=edition_id, actor=Actor.system(), now=now):
        for _person_id, token in asked:
            if chance.random() < 0.75:
                moment = now + chance.random() * (found.closes_at - now)
                answers = _answers(chance, remarks)
                story.at(moment, lambda now, token=token, answers=answers: _answer(token, answers, now))  # type: ignore[misc]


def _answer(token: str, answers: Answers, now: datetime) -> None:
    quality.answer(token=token, answers=answers, now=now)


def _forget(edition_id: int, now: datetime) -> None:
    quality.forget_asked(edition_id=edition_id, actor=Actor.system(), now=now)


def _answers(chance: random.Random, remarks: list[str]) -> Answers:
    """School marks, as people give them: mostly a seven, an eight or a nine. A remark is made once."""
    grades = {question: chance.choice((6, 7, 7, 8, 8, 8, 9, 9, 10)) for question in Question}
    return Answers(grades, remarks.pop() if remarks and chance.random() < 0.4 else "")

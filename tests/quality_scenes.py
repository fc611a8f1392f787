"""Editions that were given, and people who were there and were asked what they thought of it.

scene = given_edition(attended={"Dewi": (1, 2), "Jan": (2,), "Ali": ()})
(mail, *_others) = ask(at(9))
answer(token_in(mail), 8)
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func, select

from portal import clock
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.attendance.models import Attendance
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.quality import commands
from portal.domain.quality.asking import work_on_evaluations
from portal.domain.quality.rules import Answers, Question
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings

# Two dagdelen, on Thursday 4 and 11 March 2027: people are asked on the twelfth, and may answer until 2 April.
FIRST_ON = date(2027, 3, 4)
LONG_BEFORE = clock.from_local(datetime.combine(date(2027, 1, 4), time(12)))
EVERYTHING, FIRST, NOTHING = (1, 2), (1,), ()


@dataclass(frozen=True)
class Scene:
    """An edition and the enrolments in it, by name."""

    edition: Edition
    meetings: list[Meeting]
    enrolments: dict[str, Enrolment]
    trainer: Person

    def person_id(self, name: str) -> int:
        return self.enrolments[name].person_id


def at(day: int, hour: int = 9, minute: int = 0, month: int = 3) -> datetime:
    """A moment of March 2027 on Amsterdam's clocks."""
    return clock.from_local(datetime.combine(date(2027, month, day), time(hour, minute)))


def given_edition(
    attended: Mapping[str, Sequence[int]] | None = None, *, title: str = "SamenKracht", first_on: date = FIRST_ON
) -> Scene:
    """An edition of two dagdelen. `attended`: by name, the positions (from 1) of what each was there for; absent of the
    others. Committed."""
    trainer = factories.person(name="Noor van Dijk")
    of = factories.course_with_modules(2, title=title)
    made = factories.edition_with_meetings(of, first_on, trainer=trainer)
    people = {"Dewi Hardjo": EVERYTHING} if attended is None else attended
    enrolments = {name: take_part(made, name, positions) for name, positions in people.items()}
    db.session.commit()
    return Scene(made.edition, made.meetings, enrolments, trainer)


def take_part(in_: EditionAndMeetings, name: str, positions: Sequence[int], **values: Any) -> Enrolment:
    """Somebody who was enrolled long before, and was there for the dagdelen at these positions."""
    who = factories.person(name=name, **{key: values.pop(key) for key in ("email", "language") if key in values})
    enrolment = factories.enrolment(in_, who, **{"enrolled_at": LONG_BEFORE} | values)
    for seat in db.session.scalars(select(Seat).where(Seat.enrolment_id == enrolment.id)):
        position = [meeting.id for meeting in in_.meetings].index(seat.meeting_id) + 1
        mark(seat, "present" if position in positions else "absent")
    return enrolment


def mark(seat: Seat, status: str | None) -> None:
    known = db.session.get(Attendance, seat.id)
    if known is None:
        known = factories.add(Attendance(seat_id=seat.id, marked_at=clock.now(), marked_by_id=factories.person().id))
    known.status = status
    db.session.flush()


def ask(now: datetime) -> list[OutgoingMail]:
    """All that is due at an instant is done; the mails that this queued."""
    db.session.commit()
    before = db.session.scalar(select(func.max(OutgoingMail.id))) or 0
    while work_on_evaluations(now):
        pass
    found = select(OutgoingMail).where(OutgoingMail.id > before).order_by(OutgoingMail.id)
    return list(db.session.scalars(found))


def names(mails: Sequence[OutgoingMail]) -> list[str]:
    return sorted(mail.to_name for mail in mails)


def token_in(mail: OutgoingMail) -> str:
    """Of the link in the mail."""
    found = re.search(r"/evaluatie/([\w-]+)", mail.text_body)
    assert found, mail.text_body
    return found[1]


def grades(*each: int) -> dict[Question, int]:
    """By question, in their order; one grade is given to all."""
    return dict(zip(Question, each * 4 if len(each) == 1 else each, strict=False))


def answer(token: str, *each: int, remark: str = "", now: datetime | None = None) -> None:
    with transaction():
        commands.answer(token=token, answers=Answers(grades(*each), remark), now=now or at(13))


def answered_edition(*answers: tuple[int, str], title: str = "SamenKracht", first_on: date = FIRST_ON) -> Scene:
    """An edition with so many people who were there and one more, who does not answer: the others answered with a grade
    for everything and a remark. Asked on the day after the last dagdeel."""
    people = dict.fromkeys([f"Deelnemer {number}" for number in range(len(answers) + 1)], EVERYTHING)
    scene = given_edition(people, title=title, first_on=first_on)
    now = clock.from_local(datetime.combine(clock.local_date(scene.meetings[-1].ends_at), time(9)))
    mails = ask(now + 2 * (at(13) - at(12)))
    for mail, (grade, remark) in zip(mails, answers, strict=False):
        answer(token_in(mail), grade, remark=remark, now=now + 2 * (at(13) - at(12)))
    return scene

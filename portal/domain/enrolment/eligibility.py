"""Who may take part in an edition by what its course asks first: the rule, with what the portal knows of people."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from portal.clock import local_date
from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.catalogue.models import Course
from portal.domain.catalogue.queries import list_titles
from portal.domain.enrolment.prerequisite_words import Reason, in_one_sentence, reasons
from portal.domain.enrolment.prerequisites import NOTHING_DONE, evaluate
from portal.domain.enrolment.queries import EditionOnOffer, find_facts, list_facts
from portal.errors import Refused
from portal.language import _


@dataclass(frozen=True)
class Eligibility:
    """Whether somebody may take part, and why: every alternative, a reason for each condition."""

    met: bool
    alternatives: tuple[tuple[Reason, ...], ...]

    @property
    def sentence(self) -> str:
        """What is missing, in one message."""
        return in_one_sentence(self.alternatives)


def is_eligible(edition: EditionOnOffer, person_id: int | None, now: datetime) -> bool:
    """Whether somebody may take part; None is somebody new. Two queries, none where nothing is asked."""
    if not edition.requires:
        return True
    facts = find_facts(person_id) if person_id else NOTHING_DONE
    return evaluate(edition.requires, facts, first_day(edition, now)).met


def eligibility(edition: EditionOnOffer, person_id: int | None, now: datetime, *, own: bool) -> Eligibility:
    """As is_eligible, with the reasons: said to the person (`own`), or about them. Three queries."""
    return eligibilities(edition, [person_id], now, own=own)[person_id]


def require_prerequisites(
    edition: EditionOnOffer, known: Person | None, may_know: bool, now: datetime, *, own: bool
) -> None:
    """Refused when the participant has not done what the course asks for first. `own`: it is said to themselves."""
    if not edition.requires:
        return
    if not may_know:
        raise Refused(_("Log eerst in. We kijken dan of je hebt gedaan wat %(title)s vraagt.", title=edition.title))
    found = eligibility(edition, known.id if known else None, now, own=own)
    if not found.met:
        raise Refused(found.sentence)


def eligibilities(
    edition: EditionOnOffer, person_ids: Collection[int | None], now: datetime, *, own: bool = False
) -> dict[int | None, Eligibility]:
    """As eligibility, of many at once. Three queries, none where nothing is asked."""
    asked = _Asked(edition.requires, edition.title, first_day(edition, now), local_date(now))
    return _judge(asked, person_ids, own=own)


def course_eligibilities(
    slug: str, person_ids: Collection[int | None], today: date, *, own: bool = False
) -> dict[int | None, Eligibility]:
    """As eligibilities, for a course without regard to an edition, as it would begin today. Nobody may take part in a
    course that is not there. Four queries."""
    row = db.session.execute(select(Course.requires, Course.title).where(Course.slug == slug)).first()
    if row is None:
        return dict.fromkeys(person_ids, Eligibility(False, ()))
    return _judge(_Asked(row.requires, row.title, today, today), person_ids, own=own)


def first_day(edition: EditionOnOffer, now: datetime) -> date:
    """The day of its first meeting; today while it has none."""
    return local_date(min((meeting.starts_at for meeting in edition.meetings), default=now))


@dataclass(frozen=True)
class _Asked:
    """What is asked first, by which course, for what begins when, and the day of asking."""

    requires: Mapping[str, Any]
    title: str
    on: date
    today: date


def _judge(asked: _Asked, person_ids: Collection[int | None], *, own: bool) -> dict[int | None, Eligibility]:
    if not asked.requires:
        return dict.fromkeys(person_ids, Eligibility(True, ()))
    titles = list_titles(asked.requires)
    facts = list_facts([person_id for person_id in person_ids if person_id])
    found: dict[int | None, Eligibility] = {}
    for person_id in person_ids:
        verdict = evaluate(asked.requires, facts.get(person_id or 0, NOTHING_DONE), asked.on)
        told = reasons(verdict, titles=titles, title=asked.title, today=asked.today, own=own)
        found[person_id] = Eligibility(verdict.met, told)
    return found

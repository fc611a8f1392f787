"""What a course asks first, and how somebody stands, in sentences with dates. Titles come in by slug."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.domain.catalogue.requirements import AtLeast, Completed, Condition, Conferences, Valid, parse
from portal.domain.enrolment.prerequisites import Answer, Done, Verdict
from portal.language import _, _n, calendar_date, day


@dataclass(frozen=True)
class Reason:
    """What one condition says of somebody: since when it holds, or what is missing and how to get it."""

    met: bool
    sentence: str


def reasons(
    verdict: Verdict, *, titles: Mapping[str, str], title: str, today: date, own: bool = True
) -> tuple[tuple[Reason, ...], ...]:
    """Every alternative, a sentence for each condition. `title`: of the course that asks. `own`: said to the person
    themselves; else about them."""
    told = _Told(titles, title, today, verdict.on, own)
    return tuple(tuple(Reason(answer.met, told.sentence(answer)) for answer in one) for one in verdict.alternatives)


@dataclass(frozen=True)
class Asked:
    """One condition as everybody reads it, and the courses that it names: slug and title."""

    sentence: str
    courses: tuple[tuple[str, str], ...] = ()


def asked_in_words(requires: Mapping[str, Any], titles: Mapping[str, str]) -> list[list[Asked]]:
    """What a course asks first: every alternative, condition by condition."""
    return [[_asked(condition, titles) for condition in one] for one in parse(requires)]


def _asked(condition: Condition, titles: Mapping[str, str]) -> Asked:
    courses = tuple((slug, titles[slug]) for slug in condition.slugs if slug in titles)
    match condition:
        case Completed():
            return Asked(str(_("Je hebt eerst deze training gevolgd:")), courses)
        case AtLeast(number, _slugs):
            sentence = _("Je hebt minstens %(num)s van deze trainingen gevolgd:", num=number)
            return Asked(str(sentence), courses)
        case Conferences(number):
            sentence = _n(
                "Je hebt minstens %(num)s conferentie begeleid.",
                "Je hebt minstens %(num)s conferenties begeleid.",
                number,
            )
            return Asked(str(sentence))
        case Valid(_slug, months):
            sentence = _n(
                "Je hebt deze training gevolgd, hoogstens %(num)s maand voor de eerste dag:",
                "Je hebt deze training gevolgd, hoogstens %(num)s maanden voor de eerste dag:",
                months,
            )
            return Asked(str(sentence), courses)


def in_one_sentence(alternatives: Sequence[Sequence[Reason]]) -> str:
    """What is missing, for where there is room for one message: of each alternative what is not met."""
    lines = [" ".join(reason.sentence for reason in one if not reason.met) for one in alternatives]
    if len(lines) == 1:
        return lines[0]
    numbered = " ".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
    return str(_("Dit kan op %(num)s manieren.", num=len(lines))) + " " + numbered


@dataclass(frozen=True)
class _Told:
    titles: Mapping[str, str]
    title: str
    today: date
    first_on: date
    own: bool

    def sentence(self, answer: Answer) -> str:
        match answer.condition:
            case Completed(slug):
                return self.since(answer.done[0]) if answer.met else self.course_first(slug)
            case Conferences(number):
                return self.conferences(answer, number)
            case AtLeast(number, _slugs):
                return self.some_of(answer, number)
            case Valid(slug, months):
                return self.valid(answer, slug, months)

    def name(self, slug: str) -> str:
        return self.titles.get(slug, slug)

    def since(self, done: Done) -> str:
        """'EK-1 rondde je af op 21 juni 2024.'"""
        given = {"course": self.name(done.slug), "day": calendar_date(done.on)}
        if self.own:
            return str(_("%(course)s rondde je af op %(day)s.", **given))
        return str(_("%(course)s is afgerond op %(day)s.", **given))

    def course_first(self, slug: str) -> str:
        given = {"before": self.name(slug), "title": self.title, "day": day(self.today)}
        if self.own:
            sentence = _(
                "Rond eerst %(before)s af, dan kun je meedoen aan %(title)s. Op %(day)s was dat nog niet zo.", **given
            )
        else:
            sentence = _("Voor %(title)s is eerst %(before)s nodig. Op %(day)s was die niet afgerond.", **given)
        return str(sentence)

    def conferences(self, answer: Answer, number: int) -> str:
        if answer.met:
            return f"{self.counted(answer)}."
        if not self.own:
            needed = _n(
                "Voor %(title)s is %(num)s conferentie nodig.",
                "Voor %(title)s zijn %(num)s conferenties nodig.",
                number,
                title=self.title,
            )
            return f"{needed} {self.counted(answer)}."
        needed = _n(
            "Voor %(title)s heb je %(num)s conferentie nodig.",
            "Voor %(title)s heb je %(num)s conferenties nodig.",
            number,
            title=self.title,
        )
        how = _("Je regiomanager schrijft een conferentie bij als die is geweest.")
        return f"{needed} {self.counted(answer)}. {how}"

    def counted(self, answer: Answer) -> str:
        """'Op zondag 22 november 2026 stonden er 2 conferenties op je naam, de laatste van ...'."""
        number, when = len(answer.done), day(self.today)
        if self.own:
            counted = _n(
                "Op %(day)s stond er %(num)s conferentie op je naam",
                "Op %(day)s stonden er %(num)s conferenties op je naam",
                number,
                day=when,
            )
        else:
            counted = _n(
                "Op %(day)s was er %(num)s conferentie bijgeschreven",
                "Op %(day)s waren er %(num)s conferenties bijgeschreven",
                number,
                day=when,
            )
        last = _(", de laatste van %(day)s", day=day(answer.done[-1].on)) if answer.done else ""
        return f"{counted}{last}"

    def some_of(self, answer: Answer, number: int) -> str:
        done = " ".join(self.since(one) for one in answer.done)
        if answer.met:
            return done
        courses = ", ".join(map(self.name, answer.condition.slugs))
        needed = _n(
            "Voor %(title)s is minstens %(num)s van deze trainingen nodig: %(courses)s.",
            "Voor %(title)s zijn minstens %(num)s van deze trainingen nodig: %(courses)s.",
            number,
            title=self.title,
            courses=courses,
        )
        return f"{needed} {done or _('Op %(day)s was er nog geen afgerond.', day=day(self.today))}"

    def valid(self, answer: Answer, slug: str, months: int) -> str:
        if not answer.done:
            return f"{self.course_first(slug)} {self.how_long(months)}"
        done = answer.done[0]
        until = calendar_date(done.until or self.first_on)
        if answer.met:
            return f"{self.since(done)} {_('Dat geldt tot en met %(day)s.', day=until)}"
        late = _(
            "Dat gold tot en met %(until)s, en de eerste dag is %(first)s. Eerst is %(course)s opnieuw nodig.",
            until=until,
            first=calendar_date(self.first_on),
            course=self.name(slug),
        )
        return f"{self.since(done)} {late}"

    def how_long(self, months: int) -> str:
        return str(
            _n(
                "Dat mag op de eerste dag hoogstens %(num)s maand geleden zijn.",
                "Dat mag op de eerste dag hoogstens %(num)s maanden geleden zijn.",
                months,
            )
        )

"""What a course asks of people first: how it is written down, read and checked. Pure.

{"any": [[condition, ...], ...]}: every condition of one of these alternatives; {} asks nothing. A condition is one of
{"completed": slug}, {"at_least": n, "of": [slug, ...]}, {"at_least": n, "of": "conferences"} and
{"valid": slug, "months": n}: completed at most n months before the first day of the edition. A catalogue file may also
say {"completed": slug, "conferences": n}, which is one alternative of at most two conditions.

Whether somebody meets them is decided one floor up, in enrolment/prerequisites.py."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from portal.language import _

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
CONFERENCES = "conferences"
LONGEST_SLUG = 80
MOST_NUMBER = 1000
MOST_MONTHS = 600
MOST_ALTERNATIVES = 10
MOST_CONDITIONS = 10


@dataclass(frozen=True)
class Completed:
    """This course was completed, whenever."""

    slug: str

    @property
    def slugs(self) -> tuple[str, ...]:
        return (self.slug,)


@dataclass(frozen=True)
class AtLeast:
    """So many of these courses were completed."""

    number: int
    slugs: tuple[str, ...]


@dataclass(frozen=True)
class Conferences:
    """So many conferences were held."""

    number: int

    @property
    def slugs(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True)
class Valid:
    """This course was completed, and at most so many months before the first day."""

    slug: str
    months: int

    @property
    def slugs(self) -> tuple[str, ...]:
        return (self.slug,)


Condition = Completed | AtLeast | Conferences | Valid
Alternatives = tuple[tuple[Condition, ...], ...]


class NotUnderstood(ValueError):
    """What a course asks first is not written as it should be. `where` names the alternative and the condition, by
    number from 1, and `field` the field in it; both empty when it is about the whole."""

    def __init__(self, sentence: str, where: tuple[int, ...] = (), field: str = "") -> None:
        self.sentence, self.where, self.field = str(sentence), where, field
        named = "any " + ".".join(map(str, where)) if where else ""
        super().__init__(" ".join(part for part in (named, field, self.sentence) if part))


def parse(value: Any) -> Alternatives:
    """The alternatives of a course, from either way to write them. Raises NotUnderstood for the first that is wrong."""
    if not isinstance(value, Mapping):
        raise NotUnderstood(_("moet een tabel zijn"))
    if not value:
        return ()
    if "any" not in value:
        return _plain(value)
    if set(value) != {"any"}:
        raise NotUnderstood(_("mag naast any niets hebben"))
    alternatives = _list_of(value["any"], (), MOST_ALTERNATIVES)
    return tuple(_alternative(one, number) for number, one in enumerate(alternatives, 1))


def written(alternatives: Alternatives) -> dict[str, Any]:
    """As a course keeps them; {} when nothing is asked."""
    return {"any": [[_written(condition) for condition in one] for one in alternatives]} if alternatives else {}


def slugs_of(alternatives: Alternatives) -> frozenset[str]:
    """The courses that are named."""
    return frozenset(slug for one in alternatives for condition in one for slug in condition.slugs)


def require_sensible(alternatives: Alternatives, *, own_slug: str, known: Collection[str]) -> None:
    """Raises NotUnderstood for a course that is not there, and for one that would come before itself."""
    for number, one in enumerate(alternatives, 1):
        for place, condition in enumerate(one, 1):
            for slug in condition.slugs:
                if slug == own_slug:
                    raise NotUnderstood(_("noemt deze training zelf"), (number, place))
                if slug not in known:
                    raise NotUnderstood(_("noemt training %(slug)s, die er niet is", slug=slug), (number, place))


def _plain(value: Mapping[str, Any]) -> Alternatives:
    """The way of the catalogue file: {"completed": slug, "conferences": n}."""
    if not set(value) <= {"completed", CONFERENCES}:
        raise NotUnderstood(_("mag alleen any, of completed en conferences hebben"))
    found: list[Condition] = []
    if "completed" in value:
        found.append(Completed(_slug(value["completed"], (), "completed")))
    number = _whole(value.get(CONFERENCES, 0), 0, MOST_NUMBER, (), CONFERENCES)
    if number:
        found.append(Conferences(number))
    return (tuple(found),) if found else ()


def _alternative(value: Any, number: int) -> tuple[Condition, ...]:
    conditions = _list_of(value, (number,), MOST_CONDITIONS)
    if not conditions:
        # Every condition of none would be met by everybody, and so would the whole.
        raise NotUnderstood(_("heeft geen voorwaarden"), (number,))
    return tuple(_condition(one, (number, place)) for place, one in enumerate(conditions, 1))


def _condition(value: Any, where: tuple[int, ...]) -> Condition:
    fields = set(value) if isinstance(value, Mapping) else set()
    if fields == {"completed"}:
        return Completed(_slug(value["completed"], where, "completed"))
    if fields == {"valid", "months"}:
        slug = _slug(value["valid"], where, "valid")
        return Valid(slug, _whole(value["months"], 1, MOST_MONTHS, where, "months"))
    if fields == {"at_least", "of"}:
        return _at_least(value["at_least"], value["of"], where)
    raise NotUnderstood(_("moet completed hebben, at_least en of, of valid en months"), where)


def _at_least(number: Any, of: Any, where: tuple[int, ...]) -> Condition:
    if of == CONFERENCES:
        return Conferences(_whole(number, 1, MOST_NUMBER, where, "at_least"))
    if not isinstance(of, list) or not of:
        raise NotUnderstood(_("moet conferences zijn, of een lijst van trainingen"), where, "of")
    slugs = tuple(_slug(slug, where, "of") for slug in of)
    if len(set(slugs)) < len(slugs):
        raise NotUnderstood(_("noemt een training twee keer"), where, "of")
    return AtLeast(_whole(number, 1, len(slugs), where, "at_least"), slugs)


def _list_of(value: Any, where: tuple[int, ...], most: int) -> list[Any]:
    if not isinstance(value, list):
        raise NotUnderstood(_("moet een lijst zijn"), where)
    if len(value) > most:
        raise NotUnderstood(_("heeft er meer dan %(most)s", most=most), where)
    return value


def _slug(value: Any, where: tuple[int, ...], field: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_SLUG or not SLUG.match(value):
        raise NotUnderstood(_("mag alleen kleine letters, cijfers en streepjes hebben"), where, field)
    return value


def _whole(value: Any, lowest: int, highest: int, where: tuple[int, ...], field: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise NotUnderstood(
            _("moet een geheel getal van %(lowest)d tot en met %(highest)d zijn", lowest=lowest, highest=highest),
            where,
            field,
        )
    return value


def _written(condition: Condition) -> dict[str, Any]:
    match condition:
        case Completed(slug):
            return {"completed": slug}
        case Valid(slug, months):
            return {"valid": slug, "months": months}
        case Conferences(number):
            return {"at_least": number, "of": CONFERENCES}
        case AtLeast(number, slugs):
            return {"at_least": number, "of": list(slugs)}

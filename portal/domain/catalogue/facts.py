"""What the catalogue's queries answer: frozen rows with the arithmetic of rules.py done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.domain.catalogue import rules
from portal.domain.catalogue.rules import EditionState, Grant, SeatCount, Standing


@dataclass(frozen=True)
class EditionFilter:
    """What somebody looks for; an empty field asks nothing. `text`: words in a course's title or summary or in a
    place's name; `place`: part of a place's name; `month`: any day of it."""

    course: str = ""
    text: str = ""
    place: str = ""
    delivery: str = ""
    register: str = ""
    points: int = 0
    month: date | None = None


@dataclass(frozen=True)
class EditionRow:
    """An edition in a list. Seats are those of somebody who comes to every meeting; `seats_somewhere` is the most that
    any one meeting has left; `price_cents` is the price of all that is given."""

    id: int
    course_id: int
    course_slug: str
    course_title: str
    place: str
    delivery: str
    state: str
    minimum: int
    price_cents: int
    separately_bookable: bool
    starts_at: datetime
    ends_at: datetime
    meetings: int
    in_days: bool
    taken: int
    capacity: int
    seats_left: int
    seats_somewhere: int
    points: dict[str, int]


@dataclass(frozen=True)
class EditionPage:
    """One page of editions; `total` of them on `pages` pages."""

    rows: list[EditionRow]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class ModuleRow:
    """A module of a course. `points` per register, as they hold on the day that was asked for."""

    id: int
    position: int
    title: str
    contact_minutes: int
    preparation: str
    preparation_minutes: int
    price_cents: int
    points: dict[str, int]


@dataclass(frozen=True)
class AccreditationRow:
    """A register's grant with its number. `module_id` None: for the course as a whole."""

    id: int
    register: str
    register_name: str
    module_id: int | None
    number: str | None
    points: int
    valid_from: date | None
    valid_until: date | None
    threshold_percent: int
    test_required: bool

    @property
    def grant(self) -> Grant:
        return Grant(self.register, self.points, self.module_id, self.valid_from, self.valid_until)


@dataclass(frozen=True)
class RegisterPeriod:
    """What one register gives over one period, on one condition: the grants of all modules together, or the one for the
    `whole`. `modules` counts them."""

    register: str
    register_name: str
    whole: bool
    modules: int
    points: int
    numbers: list[str]
    valid_from: date | None
    valid_until: date | None
    threshold_percent: int
    test_required: bool


def in_periods(accreditations: Iterable[AccreditationRow]) -> list[RegisterPeriod]:
    """The accreditations that differ only in their module, taken together, in the order in which they come."""
    groups: dict[tuple[object, ...], list[AccreditationRow]] = {}
    for row in accreditations:
        period = (row.valid_from, row.valid_until, row.threshold_percent, row.test_required)
        groups.setdefault((row.register, row.module_id is None, *period), []).append(row)
    return [
        RegisterPeriod(
            register=rows[0].register,
            register_name=rows[0].register_name,
            whole=rows[0].module_id is None,
            modules=len(rows),
            points=sum(row.points for row in rows),
            numbers=list(dict.fromkeys(row.number for row in rows if row.number)),
            valid_from=rows[0].valid_from,
            valid_until=rows[0].valid_until,
            threshold_percent=rows[0].threshold_percent,
            test_required=rows[0].test_required,
        )
        for rows in groups.values()
    ]


@dataclass(frozen=True)
class CourseFacts:
    """A course with all that a page tells about it. `points` are those of the whole training on the day asked for;
    `accreditations` all there are, past and to come, in the order of register, module and first day."""

    id: int
    slug: str
    title: str
    summary: str
    outcome: str
    audience: str
    delivery: list[str]
    separately_bookable: bool
    price_cents: int
    vat: str
    requires: dict[str, Any]
    visible: bool
    modules: list[ModuleRow]
    accreditations: list[AccreditationRow]
    points: dict[str, int]

    @property
    def in_days(self) -> bool:
        """Whether its parts are days rather than dagdelen."""
        return rules.in_days(module.contact_minutes for module in self.modules)

    @property
    def register_periods(self) -> list[RegisterPeriod]:
        return in_periods(self.accreditations)


@dataclass(frozen=True)
class CourseCard:
    """A course in the catalogue with its next editions that fit the filter, and how many of those there are."""

    course: CourseFacts
    editions: list[EditionRow]
    editions_in_all: int


@dataclass(frozen=True)
class CataloguePage:
    """One page of courses."""

    cards: list[CourseCard]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class MeetingRow:
    """A meeting with the module that it teaches. `points` per register hold on its own date."""

    id: int
    module_id: int
    position: int
    title: str
    contact_minutes: int
    preparation: str
    price_cents: int
    starts_at: datetime
    ends_at: datetime
    venue: str
    capacity: int
    taken: int
    trainers: tuple[str, ...]
    points: dict[str, int]

    @property
    def left(self) -> int:
        return self.capacity - self.taken


@dataclass(frozen=True)
class EditionFacts:
    """An edition with all that its page tells. `accreditations` are those that hold on the day of a meeting;
    `price_cents` is the price of all that is given."""

    id: int
    course_id: int
    course_slug: str
    course_title: str
    course_summary: str
    course_outcome: str
    course_audience: str
    vat: str
    requires: dict[str, Any]
    separately_bookable: bool
    kind: str
    organisation_id: int | None
    state: str
    delivery: str
    place: str
    minimum: int
    decide_on: date | None
    counted_only: bool
    price_cents: int
    published_at: datetime | None
    cancelled_at: datetime | None
    modules: int
    meetings: list[MeetingRow]
    trainer_ids: frozenset[int]
    accreditations: list[AccreditationRow]
    points: dict[str, int]

    @property
    def in_days(self) -> bool:
        """Whether its parts are days rather than dagdelen."""
        return rules.in_days(meeting.contact_minutes for meeting in self.meetings)

    @property
    def register_periods(self) -> list[RegisterPeriod]:
        return in_periods(self.accreditations)

    @property
    def tentative(self) -> bool:
        """Whether it is not sure yet that it is given."""
        return self.state == EditionState.TENTATIVE

    @property
    def online(self) -> bool:
        """Whether it was published, and not cancelled since."""
        return self.state in rules.GIVEN

    @property
    def complete(self) -> bool:
        """Whether every module of the course is taught."""
        return len(self.meetings) == self.modules

    @property
    def taken(self) -> int:
        """The seats taken in the fullest meeting: the one that decides whether the whole can still be chosen."""
        return self._fullest.taken if self.meetings else 0

    @property
    def capacity(self) -> int:
        return self._fullest.capacity if self.meetings else 0

    @property
    def seats_left(self) -> int:
        """Free seats for the whole edition."""
        return rules.seats_left([SeatCount(m.taken, m.capacity) for m in self.meetings])

    @property
    def trainers(self) -> list[str]:
        """Everybody who gives a meeting, once, in the order of the meetings."""
        return list(dict.fromkeys(name for meeting in self.meetings for name in meeting.trainers))

    @property
    def _fullest(self) -> MeetingRow:
        return min(self.meetings, key=lambda meeting: (meeting.left, meeting.starts_at))

    def standing(self, now: datetime, closed_after: datetime) -> Standing:
        """What somebody who looks at it can do, when meetings that begin by `closed_after` are not enrolled in now."""
        found = self._standing(closed_after)
        is_shut = found in (Standing.OVER, Standing.BEGUN) and self._standing(now) != found
        return Standing.SHUT if is_shut else found

    def _standing(self, too_late: datetime) -> Standing:
        counts = [SeatCount(m.taken, m.capacity, m.starts_at <= too_late) for m in self.meetings]
        return rules.standing(self.state, self.kind, self.separately_bookable, counts)

    def open_meetings(self, now: datetime) -> list[MeetingRow]:
        """The meetings that anybody may enrol in now, full ones included."""
        return [m for m in self.meetings if rules.may_enrol_now(self.state, self.kind, [m.starts_at], now)]

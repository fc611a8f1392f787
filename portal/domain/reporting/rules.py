"""When something asks for the office's attention, and what comes first. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

# Time to renew a grant at a register, and to find more people or to tell those who enrolled (decisions of the office).
ACCREDITATION_NOTICE = timedelta(days=90)
DECISION_NOTICE = timedelta(days=14)
# Whoever said no in their calendar gets some days to say whether that is so, before the office asks.
REPLY_NOTICE = timedelta(days=3)
# So long somebody who was added at the door may take to confirm before the office asks.
WALK_IN_NOTICE = timedelta(days=3)
MOST_SHOWN = 7


class Matter(StrEnum):
    """What asks for attention."""

    ACCREDITATION = "accreditation"
    REQUESTS = "requests"
    SHEET = "sheet"
    CERTIFICATES = "certificates"
    HANDOVER = "handover"
    MINIMUM = "minimum"
    PROMISED = "promised"
    REPLIES = "replies"
    WALK_IN = "walk_in"
    MAIL = "mail"


@dataclass(frozen=True)
class Attention:
    """One thing that waits for the office. `due_on`: the day by which it must be done. `number`: how many of what the
    matter is about (editions after the end, requests, people, mails). `thing_id`: the course, edition, meeting or
    enrolment. `name` and `detail`: of what, in its own words (course and register, course and module, client)."""

    matter: Matter
    due_on: date
    number: int = 0
    thing_id: int | None = None
    name: str = ""
    detail: str = ""
    place: str = ""


@dataclass(frozen=True)
class AttentionList:
    """The most urgent things, and how many there are in all."""

    shown: tuple[Attention, ...]
    total: int

    @property
    def further(self) -> int:
        return self.total - len(self.shown)


def most_urgent(found: Iterable[Attention], total: int, limit: int = MOST_SHOWN) -> AttentionList:
    """The things with the earliest day, at most `limit`; of one day in the order of Matter, then of the thing."""
    order = {matter: place for place, matter in enumerate(Matter)}
    ranked = sorted(found, key=lambda thing: (thing.due_on, order[thing.matter], thing.thing_id or 0))
    return AttentionList(tuple(ranked[:limit]), total)


@dataclass(frozen=True)
class Filling:
    """How full an edition is. Seats are those of the fullest meeting; `people` are enrolled, for all or some of it.
    `minimum`: how many it waits for; 0 when it is sure."""

    edition_id: int
    course: str
    place: str
    delivery: str
    starts_on: date
    taken: int
    capacity: int
    people: int
    minimum: int
    waiting: int

    @property
    def lacking(self) -> int:
        """How many people are still needed to go ahead."""
        return max(0, self.minimum - self.people)


def fullest(meetings: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """(taken, capacity) of the meeting with the fewest free seats; (0, 0) for none."""
    return min(meetings, key=lambda meeting: meeting[1] - meeting[0], default=(0, 0))


def editions_after(end: date, last_days: Mapping[int, date]) -> int:
    """How many editions (id to the day of their last meeting) still meet after an accreditation's last day."""
    return sum(1 for day in last_days.values() if day > end)

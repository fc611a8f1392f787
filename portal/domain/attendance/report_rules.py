"""Who of a meeting's list was in its online report, and which mark follows. Pure.

Somebody is found by their e-mail address, exactly, or else by a name that only one person has, on the list and in the
report alike. All else is asked: who is who is never guessed."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise

from portal.documents.meeting_report import Doubt, Visit
from portal.domain.attendance.rules import Mark, Status, letters_of

NOBODY = 0
SLACK = timedelta(minutes=2)
Interval = tuple[datetime, datetime]
_RENAMED = re.compile(r"(?P<outer>.*?)\s*\((?P<inner>[^()]*)\)")


@dataclass(frozen=True)
class Reported:
    """One person of a report, with all their visits. `key`: their place in it, from 1; the same each time that it is
    read. `names`: all that they were called. `visits`: the times in and out, as they stand there."""

    key: int
    names: tuple[str, ...]
    email: str
    visits: tuple[Interval, ...]
    doubts: frozenset[Doubt] = frozenset()

    @property
    def twice_at_once(self) -> bool:
        """Whether somebody without an address was in twice at the same time: that may have been two people of one
        name. Programs let a lost connection go only after a while."""
        ends = sorted(self.visits)
        return not self.email and any(after[0] + SLACK < before[1] for before, after in pairwise(ends))

    @cached_property
    def spellings(self) -> frozenset[str]:
        """Their names without what differs in typing; of 'Anna (Anna de Vries)', who renamed herself, both."""
        parts = [part for name in self.names for part in (name, *_parts_of(name))]
        return frozenset(filter(None, map(letters_of, parts)))


@dataclass(frozen=True)
class Expected:
    """Somebody on the list."""

    seat_id: int
    name: str
    email: str


@dataclass(frozen=True)
class Matches:
    """What became of the people of a report, by key. `found`: their seat. `asked`: the seats that it may be, in the
    order of the list. `leading`: who gives the meeting. `strangers`: the rest, for whom no seat is left."""

    found: Mapping[int, int]
    asked: Mapping[int, tuple[int, ...]]
    leading: tuple[int, ...] = ()
    strangers: tuple[int, ...] = ()

    def answered(self, answers: Mapping[int, int]) -> "Matches":
        """With what was said about who is asked about: a seat, or NOBODY. An answer that was not offered counts for
        nothing."""
        said = {key: answers[key] for key, seats in self.asked.items() if answers.get(key) in (*seats, NOBODY)}
        found = {key: seat_id for key, seat_id in said.items() if seat_id != NOBODY}
        strangers = (*self.strangers, *(key for key, seat_id in said.items() if seat_id == NOBODY))
        asked = {key: seats for key, seats in self.asked.items() if key not in said}
        return replace(self, found={**self.found, **found}, asked=asked, strangers=strangers)

    @property
    def open_seats(self) -> frozenset[int]:
        """Seats of which nothing is known as long as a question about them is open."""
        return frozenset(seat_id for seats in self.asked.values() for seat_id in seats)


@dataclass(frozen=True)
class Presence:
    """How long somebody was in, in whole minutes that together are all those of the meeting. `away`: missed between the
    first time in and the last time out. `intervals`: within the meeting, in order, none touching another."""

    intervals: tuple[Interval, ...]
    present: int
    late: int
    early: int
    away: int


def people_of(visits: Iterable[Visit]) -> list[Reported]:
    """The people of a report, in its order: rows with one address are one person's, and of those without an address
    the rows with one name."""
    rows: dict[str, list[Visit]] = defaultdict(list)
    for visit in visits:
        rows[visit.email.casefold() or f"name {letters_of(visit.name) or visit.name.casefold()}"].append(visit)
    return [
        Reported(
            key=key,
            names=tuple(dict.fromkeys(visit.name for visit in of_one)),
            email=of_one[0].email,
            visits=tuple((visit.joined_at, visit.left_at) for visit in of_one),
            doubts=frozenset(visit.doubt for visit in of_one if visit.doubt),
        )
        for key, of_one in enumerate(rows.values(), 1)
    ]


def match(people: Sequence[Reported], expected: Sequence[Expected], trainers: Sequence[Expected] = ()) -> Matches:
    """Who is who, as far as that is certain. `expected` in the order of the list."""
    found: dict[int, int] = {}
    asked: dict[int, tuple[int, ...]] = {}
    on_list, leaders = _Known(expected), _Known(trainers)
    bearers = Counter(spelling for person in people for spelling in person.spellings)
    for person in people:
        by_address, by_name = on_list.at(person), on_list.named(person)
        if len(by_address) == 1:
            found[person.key] = by_address[0]
        elif by_address or by_name:
            asked[person.key] = by_address or by_name
    taken = set(found.values())
    for person in people:
        seats = asked.get(person.key, ())
        if len(seats) != 1 or seats[0] in taken or person.twice_at_once:
            continue
        if bearers[on_list.spelling[seats[0]]] == 1:
            found[person.key] = asked.pop(person.key)[0]
    unknown = [person for person in people if person.key not in found and person.key not in asked]
    leading = tuple(person.key for person in unknown if leaders.at(person) or leaders.named(person))
    left = tuple(one.seat_id for one in expected if one.seat_id not in found.values())
    rest = [person.key for person in unknown if person.key not in leading]
    asked |= dict.fromkeys(rest, left) if left else {}
    return Matches(found, dict(sorted(asked.items())), leading, () if left else tuple(rest))


class _Known:
    """People by address and by name, in their order."""

    def __init__(self, some: Sequence[Expected]) -> None:
        self.spelling = {one.seat_id: letters_of(one.name) for one in some}
        self._addresses: dict[str, list[int]] = defaultdict(list)
        for one in some:
            self._addresses[one.email.casefold()].append(one.seat_id)

    def at(self, person: Reported) -> tuple[int, ...]:
        return tuple(self._addresses.get(person.email.casefold(), ())) if person.email else ()

    def named(self, person: Reported) -> tuple[int, ...]:
        return tuple(seat_id for seat_id, spelling in self.spelling.items() if spelling in person.spellings)


def merged(visits: Iterable[Interval]) -> list[Interval]:
    """The same time as intervals in order, none touching another: time in two places at once counts once. What takes
    no time is none."""
    found: list[Interval] = []
    for start, end in sorted(visits):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def presence(visits: Iterable[Interval], *, starts_at: datetime, ends_at: datetime) -> Presence | None:
    """What these visits are of a meeting of whole minutes. None for who was not in for a moment. Parts of a minute that
    are missed do not count."""
    inside = merged((max(start, starts_at), min(end, ends_at)) for start, end in visits)
    if not inside:
        return None
    late, early = _minutes(inside[0][0] - starts_at), _minutes(ends_at - inside[-1][1])
    away = _minutes(sum((after[0] - before[1] for before, after in pairwise(inside)), timedelta()))
    return Presence(tuple(inside), _minutes(ends_at - starts_at) - late - early - away, late, early, away)


def mark_from(was: Presence | None, before: Mark) -> Mark:
    """The mark that follows; what else stands in the one before stays. What was missed in between is told, and no part
    of it: that may have been the break."""
    if was is None:
        status = Status.ABSENT
    elif was.late:
        status = Status.LATE
    else:
        status = Status.LEFT_EARLY if was.early else Status.PRESENT
    late, early = (was.late, was.early) if was else (0, 0)
    return Mark(status, minutes_late=late, minutes_left_early=early, preparation_done=before.preparation_done)


def minutes_needed(percent: int, *, contact_minutes: int, lasts_minutes: int) -> int:
    """The minutes in the meeting, breaks included, that are enough where `percent` of its net minutes is asked: all but
    those that one may miss, since missed minutes are taken off the net time (attended_enough). At least one."""
    may_miss = contact_minutes - -(-percent * contact_minutes // 100)
    return max(1, lasts_minutes - may_miss)


def spans(visits: Collection[Visit], *, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether anybody in this report was in during the meeting: else it is of another."""
    return any(visit.joined_at < ends_at and visit.left_at > starts_at for visit in visits)


def _minutes(time: timedelta) -> int:
    return time // timedelta(minutes=1)


def _parts_of(name: str) -> tuple[str, ...]:
    renamed = _RENAMED.fullmatch(name)
    return (renamed["outer"], renamed["inner"]) if renamed else ()

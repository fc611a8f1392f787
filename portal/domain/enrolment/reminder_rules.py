"""When a reminder is due, for whom, and until when it is of use. Pure.

The moment of every reminder is nine o'clock in Amsterdam, so many days before the day of a meeting: an hour that comes
exactly once on every day, also when the clock changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from portal.clock import from_local, local, local_date

HOUR = time(9, 0)


class ReminderKind(StrEnum):
    """In the order in which a mail that holds several tells them, and the first gives its subject.

    tomorrow: before every meeting. practical: before the first meeting of an enrolment. preparation: before a meeting
    whose module asks it. trainer: before every meeting, to who gives it."""

    TOMORROW = "tomorrow"
    PRACTICAL = "practical"
    PREPARATION = "preparation"
    TRAINER = "trainer"


ORDER = tuple(ReminderKind)


@dataclass(frozen=True)
class DaysBefore:
    """How many days before a meeting each reminder goes."""

    practical: int
    preparation: int
    tomorrow: int

    def of(self, kind: ReminderKind) -> int:
        """The trainer hears on the same day as the participants."""
        days = {ReminderKind.PRACTICAL: self.practical, ReminderKind.PREPARATION: self.preparation}
        return days.get(kind, self.tomorrow)


@dataclass(frozen=True)
class SeatHeld:
    """A seat as the reminders look at it. `taken_at`: when its person got it. `sure`: it is certain that the meeting is
    given."""

    enrolment_id: int
    meeting_id: int
    starts_at: datetime
    taken_at: datetime
    asks_preparation: bool
    sure: bool = True


@dataclass(frozen=True)
class Occasion:
    """One reason to write to somebody: due at `moment`, and of use until the meeting begins."""

    kind: ReminderKind
    meeting_id: int
    key: str
    moment: datetime
    until: datetime


def moment_before(starts_at: datetime, days: int) -> datetime:
    """Nine o'clock so many days before the day on which a meeting is."""
    return from_local(datetime.combine(local_date(starts_at) - timedelta(days=days), HOUR))


def moment_after(ended_at: datetime, days: int = 1) -> datetime:
    """Nine o'clock so many days after the day on which a meeting ended."""
    return from_local(datetime.combine(local_date(ended_at) + timedelta(days=days), HOUR))


def horizon(days: int, now: datetime) -> datetime:
    """The moment of a meeting has come exactly when it starts before this: the first midnight in Amsterdam of the first
    day whose reminders are still to wait."""
    ahead = days + (1 if local(now).time() >= HOUR else 0)
    return from_local(datetime.combine(local_date(now) + timedelta(days=ahead), time(0)))


def occasion(kind: ReminderKind, seat: SeatHeld, days: DaysBefore) -> Occasion:
    """The occasion that a seat, or a trainer's meeting, brings. Its key tells occasions of one person apart: practical
    information belongs to the enrolment and preparation to the meeting, wherever it is moved; the reminder of the
    meeting itself, and the trainer's, belong to the day, so that a new day brings a new one."""
    on = local_date(seat.starts_at)
    key = {
        ReminderKind.PRACTICAL: f"practical:{seat.enrolment_id}",
        ReminderKind.PREPARATION: f"preparation:{seat.meeting_id}",
        ReminderKind.TOMORROW: f"tomorrow:{seat.meeting_id}:{on}",
        ReminderKind.TRAINER: f"trainer:{seat.meeting_id}:{on}",
    }[kind]
    return Occasion(kind, seat.meeting_id, key, moment_before(seat.starts_at, days.of(kind)), seat.starts_at)


def occasions(seats: Sequence[SeatHeld], days: DaysBefore) -> list[tuple[Occasion, SeatHeld]]:
    """All that one enrolment is to be reminded of, by the seats it holds: those in other editions count like its own.
    The first meeting is the first that it holds a seat in, also when it has begun."""
    found = []
    first = min(seats, key=lambda seat: (seat.starts_at, seat.meeting_id), default=None)
    for seat in seats:
        kinds = [ReminderKind.TOMORROW]
        kinds += [ReminderKind.PRACTICAL] if seat is first and seat.sure else []
        kinds += [ReminderKind.PREPARATION] if seat.asks_preparation and seat.sure else []
        found += [(occasion(kind, seat, days), seat) for kind in kinds]
    return found


def due(seats: Sequence[SeatHeld], days: DaysBefore, told: Iterable[str], now: datetime) -> list[Occasion]:
    """What to write to one enrolment now, in one mail: what is due, was not told before, and was theirs before the
    moment came; in order of kind and time. Who got a seat at the moment or later has just read all of it."""
    told = set(told)
    found = [
        each
        for each, seat in occasions(seats, days)
        if each.moment <= now < each.until and seat.taken_at < each.moment and each.key not in told
    ]
    return sorted(found, key=lambda each: (ORDER.index(each.kind), each.until, each.meeting_id))


class When(StrEnum):
    """How a mail names the day of a meeting."""

    TODAY = "today"
    TOMORROW = "tomorrow"
    LATER = "later"


def when(on: date, today: date) -> When:
    """How a day is called today."""
    return {0: When.TODAY, 1: When.TOMORROW}.get((on - today).days, When.LATER)

"""Who was in an online meeting and when, read from the report of a meeting program.

**Zoom**: "Meeting participants" of the usage reports. A block about the meeting, then a row for each time that somebody
was in: `Name (Original Name), User Email, Join Time, Leave Time, Duration (Minutes), Guest, ...`. Waiting rooms have
rows of their own, which are not presence. With "Show unique users" it has no times, and is of no use here.

**Teams**: "Attendance report", UTF-16 with tabs: `1. Summary`, `2. Participants` (the first time in and the last time
out) and `3. In-Meeting Activities` (each time); the older list has a row for each `Joined` and `Left`. Headings come in
the language of who downloads it.

Times are wall-clock times of the host, here taken as Amsterdam's unless an offset stands behind them. Nothing is
guessed: a row that cannot be read is named, and the file is refused; what is doubtful about a time is said."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from portal.clock import AMSTERDAM
from portal.documents.spreadsheet import rows_of_file

MOST_ROWS = 1_000


class Source(StrEnum):
    """Which program made it."""

    ZOOM = "zoom"
    TEAMS = "teams"


class Doubt(StrEnum):
    """twice: an hour that came twice that night, read as the first. never: an hour that was skipped. no_leave: still in
    when the report was made, counted until its last moment."""

    TWICE = "twice"
    NEVER = "never"
    NO_LEAVE = "no_leave"


class Flaw(StrEnum):
    """Why a report, or a row of it, cannot be read."""

    NOT_A_REPORT = "not_a_report"
    NO_TIMES = "no_times"
    NOBODY = "nobody"
    TOO_MANY = "too_many"
    BAD_JOIN = "bad_join"
    BAD_LEAVE = "bad_leave"
    LEFT_BEFORE = "left_before"


@dataclass(frozen=True)
class Visit:
    """One time that somebody was in; instants in UTC. `line`: its row in the file, from 1."""

    line: int
    name: str
    email: str
    joined_at: datetime
    left_at: datetime
    doubt: Doubt | None = None


@dataclass(frozen=True)
class MeetingReport:
    """All visits, in the order of the file; at least one."""

    source: Source
    visits: tuple[Visit, ...]


class BadReport(ValueError):
    """`flaws`: what is wrong, each with its row (None: the file as a whole) and the name in it."""

    def __init__(self, *flaws: tuple[Flaw, int | None, str]) -> None:
        super().__init__(flaws[0][0].value)
        self.flaws = flaws


Row = tuple[int, list[str]]


@dataclass(frozen=True)
class _Block:
    """Rows under one line of headings, by the place of each column (None where there is none)."""

    columns: dict[str, int | None]
    rows: tuple[Row, ...]

    def cell(self, row: Row, column: str) -> str:
        place = self.columns[column]
        return row[1][place] if place is not None and place < len(row[1]) else ""


@dataclass(frozen=True)
class _Raw:
    """A visit as it stands in the file."""

    line: int
    name: str
    email: str
    joined: str
    left: str


def read_report(data: bytes, *, on: date) -> MeetingReport:
    """The visits in a report. `on`: the date of the meeting, which decides between 5 June and 6 May where the file does
    not. Raises Unreadable for what is no list at all, and BadReport."""
    blocks = list(_blocks(rows_of_file(data)))
    if not blocks:
        raise BadReport((Flaw.NOT_A_REPORT, None, ""))
    block = min(blocks, key=_rank)
    if _rank(block) > 2:
        raise BadReport((Flaw.NO_TIMES, None, ""))
    if len(block.rows) > MOST_ROWS:
        raise BadReport((Flaw.TOO_MANY, None, ""))
    raws = [raw for raw in _raws(block) if raw.joined or raw.left or raw.name or raw.email]
    if not raws:
        raise BadReport((Flaw.NOBODY, None, ""))
    return MeetingReport(_source(block), tuple(_visits(raws, on)))


# Which columns there are, in English and Dutch


def _blocks(rows: Iterable[list[str]]) -> Iterator[_Block]:
    """A line of headings begins a block, the title of a section ends it; empty lines say nothing."""
    columns: dict[str, int | None] | None = None
    found: list[Row] = []
    for line, cells in enumerate(rows, 1):
        heading = _columns([cell.casefold() for cell in cells])
        if heading is None and not (cells and re.match(r"\d\. ", cells[0])):
            found += [(line, cells)] if any(cells) else []
            continue
        if columns is not None:
            yield _Block(columns, tuple(found))
        columns, found = heading, []
    if columns is not None:
        yield _Block(columns, tuple(found))


def _columns(heads: list[str]) -> dict[str, int | None] | None:
    """The place of each column; None for a line that is no line of headings."""

    def place(*words: str, without: Sequence[str] = ("durat", "duur")) -> int | None:
        fits = (at for at, head in enumerate(heads) if any(re.search(word, head) for word in words))
        return next((at for at in fits if not any(word in heads[at] for word in without)), None)

    columns = {
        "name": place(r"^name\b", "^full name", r"^naam\b", "^volledige naam", "^display name"),
        "email": place("mail"),
        "upn": place(r"\(upn\)"),
        "joined": place("join", "deelname", "deelgenomen", "toegetreden", "binnengekomen"),
        "left": place("leave", "left", "verlat", "vertrek"),
        "first": place("^first", "^eerste"),
        "action": place("action", "actie"),
        "at": place("timestamp", "tijdstempel", "tijdstip$"),
        "duration": place("durat", "duur", without=()),
        "waiting": place("waiting room", "wachtkamer"),
        "role": place("^role", "^rol$"),
    }
    # Somebody may be called anything; an address stands in no heading.
    if columns["name"] is None or any("@" in head for head in heads):
        return None
    return columns if any(columns[name] is not None for name in ("joined", "action", "duration")) else None


def _rank(block: _Block) -> int:
    """0: each time that somebody was in. 1: each coming and going. 2: first and last. 3: no times."""
    has = {name for name, at in block.columns.items() if at is not None}
    if {"joined", "left"} <= has:
        return 2 if "first" in has else 0
    return 1 if {"action", "at"} <= has else 3


def _source(block: _Block) -> Source:
    of_teams = ("role", "action", "upn", "first")
    return Source.TEAMS if any(block.columns[name] is not None for name in of_teams) else Source.ZOOM


def _raws(block: _Block) -> Iterator[_Raw]:
    if _rank(block) == 1:
        yield from _from_actions(block)
        return
    for row in block.rows:
        if block.cell(row, "waiting").casefold() not in ("yes", "ja"):
            joined, left = block.cell(row, "joined"), block.cell(row, "left")
            yield _Raw(row[0], block.cell(row, "name"), _address(block, row), joined, left)


def _from_actions(block: _Block) -> Iterator[_Raw]:
    """Of each person every Joined with the Left that follows; none follows for who was still in."""
    inside: dict[str, _Raw] = {}
    for row in block.rows:
        name, action, at = block.cell(row, "name"), block.cell(row, "action").casefold(), block.cell(row, "at")
        if re.search("left|verlat|vertrok", action):
            if name in inside:
                yield replace(inside.pop(name), left=at)
        elif name not in inside:
            inside[name] = _Raw(row[0], name, _address(block, row), at, "")
    yield from inside.values()


def _address(block: _Block, row: Row) -> str:
    given = (block.cell(row, "email"), block.cell(row, "upn"))
    return next((text.strip() for text in given if "@" in text), "")


# When it was

_ISO = re.compile(
    r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})[T ,]+(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
    r"(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)? ?(?P<half>[ap]\.?m\.?)? ?(?P<offset>Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_SHORT = re.compile(
    r"(?P<one>\d{1,2})(?P<sign>[-/.])(?P<two>\d{1,2})[-/.](?P<year>\d{4}|\d{2})[ ,]+"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))? ?(?P<half>[ap]\.?m\.?)?",
    re.IGNORECASE,
)


def _visits(raws: Sequence[_Raw], on: date) -> Iterator[Visit]:
    """Raises BadReport naming every row that cannot be read."""
    month_first = _month_first([text for raw in raws for text in (raw.joined, raw.left)], on)
    flaws: list[tuple[Flaw, int | None, str]] = []
    found: list[tuple[_Raw, _When, _When | None]] = []
    for raw in raws:
        joined, left = _when(raw.joined, month_first), _when(raw.left, month_first)
        if joined is None:
            flaws.append((Flaw.BAD_JOIN, raw.line, raw.name))
        elif left is None and raw.left:
            flaws.append((Flaw.BAD_LEAVE, raw.line, raw.name))
        elif left is not None and left.last < joined.first:
            flaws.append((Flaw.LEFT_BEFORE, raw.line, raw.name))
        else:
            found.append((raw, joined, left))
    if flaws:
        raise BadReport(*flaws)
    last = max(end.first for _raw, joined, left in found for end in (joined, left or joined))
    for raw, joined, left in found:
        # Out at ten past two, in at ten to three: that was the second time that it was ten past two.
        until = last if left is None else left.first if left.first >= joined.first else left.last
        doubt = Doubt.NO_LEAVE if left is None else joined.doubt or left.doubt
        yield Visit(raw.line, raw.name, raw.email, joined.first, max(until, joined.first), doubt)


@dataclass(frozen=True)
class _When:
    """An instant; both where the clock showed the same time twice."""

    first: datetime
    last: datetime
    doubt: Doubt | None


def _when(text: str, month_first: bool) -> _When | None:
    """None for what is no moment."""
    found = _ISO.fullmatch(text) or _SHORT.fullmatch(text)
    if found is None:
        return None
    parts = found.groupdict()
    if "one" in parts:
        parts["month"], parts["day"] = (parts["one"], parts["two"]) if month_first else (parts["two"], parts["one"])
    try:
        naive = _naive(parts)
        if not parts.get("offset"):
            return _in_amsterdam(naive)
        instant = datetime.fromisoformat(f"{naive.isoformat()}{parts['offset'].upper()}").astimezone(UTC)
    except ValueError:
        return None
    return _When(instant, instant, None)


def _naive(parts: dict[str, str]) -> datetime:
    year, hour = int(parts["year"]), int(parts["hour"])
    year = year if len(parts["year"]) == 4 else 2000 + year
    if not 2000 <= year < 2100:
        raise ValueError("no year of an online meeting")
    if parts.get("half"):
        if not 1 <= hour <= 12:
            raise ValueError("no hour of half a day")
        hour = hour % 12 + (12 if parts["half"].lower().startswith("p") else 0)
    return datetime(  # noqa: DTZ001
        year,
        int(parts["month"]),
        int(parts["day"]),
        hour,
        int(parts["minute"]),
        int(parts.get("second") or 0),
    )


def _in_amsterdam(naive: datetime) -> _When:
    first, last = (naive.replace(tzinfo=AMSTERDAM, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == last:
        return _When(first, first, None)
    if first < last:
        return _When(first, last, Doubt.TWICE)
    # Skipped: the clock went an hour on, and so does the time.
    return _When(first, first, Doubt.NEVER)


def _month_first(texts: Sequence[str], on: date) -> bool:
    """Whether 5/6 is 6 May in this file: by what can be nothing else; by the date of the meeting; by am and pm."""
    shorts = [found for found in map(_SHORT.fullmatch, texts) if found and found["sign"] == "/"]
    pairs = {(int(found["one"]), int(found["two"])) for found in shorts}
    for proof, answer in ((any(one > 12 for one, _two in pairs), False), (any(two > 12 for _one, two in pairs), True)):
        if proof:
            return answer
    near = {(day.month, day.day) for day in (on - timedelta(days=1), on, on + timedelta(days=1))}
    by_month, by_day = bool(pairs & near), bool({(two, one) for one, two in pairs} & near)
    if by_month != by_day:
        return by_month
    return any(found["half"] for found in shorts)

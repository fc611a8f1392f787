"""The text that is signed when a list is finished, its hash, and whether a list still says it. Pure.

The text is fixed by the version in its first line: what was signed must come out the same for ever, so another text is
another version. It holds numbers and no names, excuses or reasons: it stays true when a person is erased."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from portal.domain.attendance.rules import Mark, Status

FORMAT = "leerkring-presentielijst 1"
# Of people who are counted only: the same facts, and no rows.
COUNT_FORMAT = "leerkring-aantal 1"
# Part of the text that is signed, and so the same in every language of the reader.
WORDS = {
    None: "open",
    Status.PRESENT: "aanwezig",
    Status.LATE: "te-laat",
    Status.LEFT_EARLY: "eerder-weg",
    Status.ABSENT: "afwezig",
    Status.EXCUSED: "afgemeld",
}


@dataclass(frozen=True)
class Standing:
    """A mark as it stands on a list: what, since when and by whom. An excuse is never part of it."""

    status: Status | None
    minutes_late: int
    minutes_left_early: int
    preparation_done: bool
    marked_at: datetime | None
    marked_by_id: int | None

    @classmethod
    def of(cls, mark: Mark, marked_at: datetime | None, marked_by_id: int | None) -> "Standing":
        return cls(
            mark.status, mark.minutes_late, mark.minutes_left_early, mark.preparation_done, marked_at, marked_by_id
        )


@dataclass(frozen=True)
class Facts:
    """What is signed of every meeting."""

    meeting_id: int
    edition_id: int
    module_id: int
    starts_at: datetime
    ends_at: datetime
    finished_at: datetime
    finished_by_id: int


@dataclass(frozen=True)
class SignedList(Facts):
    """All that is signed. `rows`: the mark of each enrolment, by its number, which has no blanks."""

    rows: tuple[tuple[str, Standing], ...]


@dataclass(frozen=True)
class Step:
    """One amendment: what a seat's mark was and what it became."""

    seat_id: int
    was: Standing
    became: Standing


class Verdict(StrEnum):
    """no_hash: finished before hashes were kept. unchanged, amended: what was signed still comes out, in the second
    case with the amendments undone. different: it does not, or a mark was changed outside the amendments."""

    NO_HASH = "no_hash"
    UNCHANGED = "unchanged"
    AMENDED = "amended"
    DIFFERENT = "different"


def signed_text(signed: SignedList) -> str:
    """One line for each fact and each seat, the seats in order of number. Plain ASCII, every line ended."""
    rows = sorted(_line(number, standing) for number, standing in signed.rows)
    return _text(FORMAT, signed, len(signed.rows), rows)


def count_text(signed: Facts, people: int) -> str:
    """What is signed of people who are counted only: how many they were."""
    return _text(COUNT_FORMAT, signed, people, [])


def hash_of(text: str) -> str:
    """SHA-256 in hexadecimal, as `sha256sum` prints it of a file with this text."""
    return hashlib.sha256(text.encode()).hexdigest()


def in_groups(digest: str) -> str:
    """In groups of eight signs, so that two can be compared by eye."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def undone(standing: Mapping[int, Standing], steps: Sequence[Step]) -> tuple[dict[int, Standing], bool]:
    """The marks by seat as they were before these amendments, the newest first; and whether each amendment left what
    was there after it. When one did not, a mark was changed without an amendment."""
    marks, fits = dict(standing), True
    for step in steps:
        fits = fits and marks.get(step.seat_id) == step.became
        if step.seat_id in marks:
            marks[step.seat_id] = step.was
    return marks, fits


def verdict_on(kept_hash: str | None, text: str, *, fits: bool, amendments: int) -> Verdict:
    """What to say of a finished list whose text, with its amendments undone, is this one now."""
    if kept_hash is None:
        return Verdict.NO_HASH
    if not fits or hash_of(text) != kept_hash:
        return Verdict.DIFFERENT
    return Verdict.AMENDED if amendments else Verdict.UNCHANGED


def _text(first: str, facts: Facts, people: int, rows: Sequence[str]) -> str:
    lines = [
        first,
        f"bijeenkomst {facts.meeting_id}",
        f"uitvoering {facts.edition_id}",
        f"dagdeel {facts.module_id}",
        f"begin {_instant(facts.starts_at)}",
        f"einde {_instant(facts.ends_at)}",
        f"afgerond {_instant(facts.finished_at)} door {facts.finished_by_id}",
        f"mensen {people}",
        *rows,
    ]
    return "".join(f"{line}\n" for line in lines)


def _line(number: str, mark: Standing) -> str:
    prepared = "ja" if mark.preparation_done else "nee"
    minutes = f"minuten-te-laat={mark.minutes_late} minuten-eerder-weg={mark.minutes_left_early}"
    at = _instant(mark.marked_at) if mark.marked_at else "-"
    by = "-" if mark.marked_by_id is None else mark.marked_by_id
    return f"{number} {WORDS[mark.status]} {minutes} voorbereiding={prepared} ingevuld={at} door={by}"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

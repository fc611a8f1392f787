"""What the paper says beside the digital list, and what comes of comparing the two. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.domain.attendance.rules import Mark, fingerprint

LONGEST_NOTE = 200
MOST_EXTRA = 50
MOST_PHOTOS = 12


class OnPaper(StrEnum):
    """What stands on the paper, beside what stands on the list."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Check:
    """What somebody found for one person, with what they wrote beside it. `on_paper` None: not compared."""

    on_paper: OnPaper | None = None
    note: str = ""


NOT_COMPARED = Check()


@dataclass(frozen=True)
class Extra:
    """How many people stand on the paper only, and who, in a few words."""

    people: int = 0
    note: str = ""


@dataclass(frozen=True)
class Compared:
    """One person on the list. `check` is what was found the last time; it holds only while the mark is still the one
    that the paper was compared with."""

    seat_id: int
    enrolment_id: int
    name: str
    note: str
    mark: Mark
    check: Check = NOT_COMPARED
    compared_with: str = ""
    checked_at: datetime | None = None
    checked_by: str = ""

    @property
    def is_outdated(self) -> bool:
        """Whether the list has changed since it was compared."""
        return self.check.on_paper is not None and self.compared_with != fingerprint(self.mark)

    @property
    def holds(self) -> Check:
        """What was found, as far as it still holds."""
        return NOT_COMPARED if self.is_outdated else self.check


@dataclass(frozen=True)
class Outcome:
    """What comes of it: everybody on the list in one of four groups, and who stands on the paper only."""

    agrees: tuple[Compared, ...]
    differs: tuple[Compared, ...]
    unreadable: tuple[Compared, ...]
    open: tuple[Compared, ...]
    extra: Extra

    @property
    def people(self) -> int:
        return len(self.agrees) + len(self.differs) + len(self.unreadable) + len(self.open)

    @property
    def all_agree(self) -> bool:
        """Whether paper and list say the same of everybody, and nobody is on the paper only."""
        return len(self.agrees) == self.people and not self.extra.people

    @property
    def has_begun(self) -> bool:
        """Whether anybody compared anything."""
        return len(self.open) < self.people or bool(self.extra.people)


def outcome_of(rows: Sequence[Compared], extra: Extra) -> Outcome:
    """What is found, in the order of the list."""

    def those(on_paper: OnPaper | None) -> tuple[Compared, ...]:
        return tuple(row for row in rows if row.holds.on_paper == on_paper)

    return Outcome(those(OnPaper.AGREES), those(OnPaper.DIFFERS), those(OnPaper.UNREADABLE), those(None), extra)


def check_fingerprint(check: Check | Extra) -> str:
    """Sixteen signs that differ when these differ: a form shows what it was made from without telling it."""
    return hashlib.sha256(repr(check).encode()).hexdigest()[:16]

"""What somebody has to make up for, and which points another date brings. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.accreditation.reasons import Reason
from portal.domain.accreditation.rules import Grant, period_problem, that_holds
from portal.domain.attendance.rules import ATTENDED, Mark, Status, attended_enough


class Why(StrEnum):
    """missed: absent or excused. too_short: there, but not long enough for a register. lost: the other edition in which
    it was to be taken is not given."""

    MISSED = "missed"
    TOO_SHORT = "too_short"
    LOST = "lost"


@dataclass(frozen=True)
class Prospect:
    """What a date brings at one register. `points` are those of the module, or of the whole training (`for_whole`) that
    it is needed for. `problem` None: an accreditation holds on that date, else why none does."""

    register: str
    points: int = 0
    for_whole: bool = False
    problem: Reason | None = None
    ends_on: date | None = None
    begins_on: date | None = None

    @property
    def holds(self) -> bool:
        return self.problem is None


def why_make_up(
    mark: Mark, *, has_ended: bool, held_on: date, contact_minutes: int, grants: Iterable[Grant]
) -> Why | None:
    """Why a meeting that was sat in may be made up for; None when there is nothing to make up. `grants`: those of its
    module and of the course as a whole.

    Nobody has missed what is not over, and who is not marked has missed nothing yet."""
    if not has_ended or mark.status is None:
        return None
    if mark.status in (Status.ABSENT, Status.EXCUSED):
        return Why.MISSED
    wanted = [grant.threshold_percent for grant in grants if grant.holds_on(held_on)]
    enough = all(attended_enough(mark, contact_minutes, threshold) for threshold in wanted)
    return None if enough or mark.status not in ATTENDED else Why.TOO_SHORT


def prospects(
    module_id: int,
    day: date,
    *,
    other_days: Sequence[date],
    grants: Collection[Grant],
    registers: Collection[str],
) -> list[Prospect]:
    """Per register that granted something or that the person is in, in the order of the alphabet: what taking this
    module on that day brings. `other_days`: those of the other modules, on which a grant for the whole must hold as
    well."""
    names = {grant.register for grant in grants} | set(registers)
    return [_at_register(name, module_id, day, [*other_days, day], grants) for name in sorted(names)]


def _at_register(register: str, module_id: int, day: date, all_days: list[date], grants: Collection[Grant]) -> Prospect:
    own = [grant for grant in grants if grant.register == register]
    for_module = [grant for grant in own if grant.module_id == module_id]
    for_whole = [grant for grant in own if grant.module_id is None]
    found = [
        _prospect(that_holds(choices, days), days, for_whole=whole)
        for choices, days, whole in ((for_module, [day], False), (for_whole, all_days, True))
        if choices
    ]
    if not found:
        return Prospect(register, problem=Reason.NOT_ACCREDITED)
    return next((one for one in found if one.holds), found[0])


def _prospect(grant: Grant, days: list[date], *, for_whole: bool) -> Prospect:
    problem = period_problem(grant, days)
    return Prospect(grant.register, grant.points, for_whole, problem, grant.valid_until, grant.valid_from)

"""The rule of the points: from what somebody attended and what the registers granted, to awards with reasons. Pure.

Sources: the registers' public pages. Points belong to a module or to a course as a whole, over a period; a meeting
must lie inside the period on its own date; granted for the whole, all must be attended; preparation and a closing test
where they are asked; nothing before the day. How much of a meeting must be attended is a setting of the accreditation.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.domain.accreditation.reasons import Reason, Verdict, verdict_of
from portal.domain.attendance.rules import ATTENDED, NOT_MARKED, Mark, Status, attended_enough, attended_minutes

RULE_VERSION = "2026-11"


@dataclass(frozen=True)
class TaughtModule:
    """A part of the course. Minutes are net; `asks_preparation`: its points wait for preparation."""

    id: int
    contact_minutes: int
    asks_preparation: bool = False


@dataclass(frozen=True)
class Elsewhere:
    """Another edition, in the town `place` ('' when online), in which a module was taken instead. `missed_on`: the day
    on which it was missed, when it was made up; None when it was swapped."""

    edition_id: int
    place: str
    missed_on: date | None = None


@dataclass(frozen=True)
class AttendedMeeting:
    """The meeting that decides about a module. `held_on`: its date in Amsterdam. `has_begun` and `is_finished`: it has
    taken place when it began and its trainer finished the list. NOT_MARKED where no mark is. `elsewhere`: in which
    other edition it was taken, if in one."""

    module_id: int
    held_on: date
    has_begun: bool
    is_finished: bool
    mark: Mark = NOT_MARKED
    elsewhere: Elsewhere | None = None


@dataclass(frozen=True)
class Grant:
    """An accreditation. `module_id` None: for the course as a whole. None as a date: that side is open."""

    id: int
    register: str
    points: int
    module_id: int | None = None
    number: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    threshold_percent: int = 100
    test_required: bool = False

    def holds_on(self, day: date) -> bool:
        return not self.begins_after(day) and not self.ended_before(day)

    def begins_after(self, day: date) -> bool:
        return self.valid_from is not None and day < self.valid_from

    def ended_before(self, day: date) -> bool:
        return self.valid_until is not None and self.valid_until < day


@dataclass(frozen=True)
class Participation:
    """All that the rule looks at for one enrolment. `modules` are all of the course's, `meetings` those with a seat,
    `registers` those in which the professional is known to be registered."""

    modules: tuple[TaughtModule, ...]
    meetings: tuple[AttendedMeeting, ...]
    grants: tuple[Grant, ...]
    registers: frozenset[str] = frozenset()
    test_passed: bool = False


@dataclass(frozen=True)
class Award:
    """One outcome. `points` is 0 unless it counts; `offered` is what the accreditation grants. `facts` hold plain JSON
    values, dates as ISO text: enough to make the reason's sentence again."""

    register: str
    module_id: int | None
    accreditation_id: int | None
    points: int
    offered: int
    reason: Reason
    facts: dict[str, Any] = field(hash=False)

    @property
    def subject(self) -> tuple[str, int | None]:
        """What it is about: there is one award per register and module, and one per register for the whole."""
        return self.register, self.module_id

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.reason)


def decide(participation: Participation) -> list[Award]:
    """The awards of an enrolment: per register, per module with a seat, and for the course as a whole.

    Sorted by register and module, the whole course last; the order of the facts does not matter."""
    registers = {grant.register for grant in participation.grants} | participation.registers
    return [award for register in sorted(registers) for award in _of_register(register, participation)]


def earned(awards: Iterable[Award]) -> dict[str, int]:
    """Points that count, per register."""
    totals: dict[str, int] = {}
    for award in awards:
        totals[award.register] = totals.get(award.register, 0) + award.points
    return totals


def waiting(awards: Iterable[Award]) -> dict[str, int]:
    """Points of one enrolment that may still come, per register; those of the modules and of the whole are not added
    up, since only one of the two will count."""
    totals: dict[str, tuple[int, int]] = {}
    for award in awards:
        if award.verdict == Verdict.PENDING:
            modules, whole = totals.get(award.register, (0, 0))
            is_module = award.module_id is not None
            totals[award.register] = (modules + award.offered * is_module, whole + award.offered * (not is_module))
    return {register: max(both) for register, both in totals.items()}


def _of_register(register: str, participation: Participation) -> list[Award]:
    grants = [grant for grant in participation.grants if grant.register == register]
    for_modules = [grant for grant in grants if grant.module_id is not None]
    for_whole = [grant for grant in grants if grant.module_id is None]
    if not participation.meetings:
        return []
    if not grants:
        return [_refused(register, None, Reason.NOT_ACCREDITED)]
    awards = []
    for meeting in sorted(participation.meetings, key=lambda m: _position(m.module_id, participation)):
        choices = [grant for grant in for_modules if grant.module_id == meeting.module_id]
        if choices:
            awards.append(_for_module(choices, meeting, participation))
        elif not for_whole:
            awards.append(_refused(register, meeting.module_id, Reason.NOT_ACCREDITED, held_on=_iso(meeting.held_on)))
    if for_whole:
        awards = _counted_once([*awards, _for_whole(for_whole, participation)])
    return awards


def _for_module(choices: list[Grant], meeting: AttendedMeeting, participation: Participation) -> Award:
    grant = that_holds(choices, [meeting.held_on])
    module = _module(meeting.module_id, participation)
    facts = {
        "held_on": _iso(meeting.held_on),
        "contact_minutes": module.contact_minutes,
        "attended_minutes": attended_minutes(meeting.mark, module.contact_minutes),
        **_elsewhere_in(meeting),
    }
    reason = period_problem(grant, [meeting.held_on]) or _presence(meeting, module, grant)
    if verdict_of(reason) == Verdict.COUNTS and grant.test_required and not participation.test_passed:
        reason = Reason.TEST_MISSING
    return _award(grant, reason, facts)


def _for_whole(choices: list[Grant], participation: Participation) -> Award:
    days = sorted(meeting.held_on for meeting in participation.meetings)
    grant = that_holds(choices, days)
    by_module = {meeting.module_id: meeting for meeting in participation.meetings}
    judged = [
        (by_module[module.id], module, _presence(by_module[module.id], module, grant))
        for module in participation.modules
        if module.id in by_module
    ]
    attended = sum(meeting.is_finished and meeting.mark.status in ATTENDED for meeting, _module, _reason in judged)
    facts: dict[str, Any] = {
        "held_on": _iso(days[-1]),
        "modules": len(participation.modules),
        "modules_attended": attended,
    }
    problem = period_problem(grant, days)
    if problem:
        outside = next(day for day in days if not grant.holds_on(day))
        return _award(grant, problem, {**facts, "held_on": _iso(outside)})
    reason, deciding = _of_all(judged, participation)
    if deciding:
        meeting, module = deciding
        facts |= {
            "held_on": _iso(meeting.held_on),
            "contact_minutes": module.contact_minutes,
            "attended_minutes": attended_minutes(meeting.mark, module.contact_minutes),
            **_elsewhere_in(meeting),
        }
    if reason == Reason.WHOLE_COURSE_ATTENDED and grant.test_required and not participation.test_passed:
        reason = Reason.TEST_MISSING
    return _award(grant, reason, facts)


Judged = tuple[AttendedMeeting, TaughtModule, Reason]


def _of_all(
    judged: list[Judged], participation: Participation
) -> tuple[Reason, tuple[AttendedMeeting, TaughtModule] | None]:
    """The reason for the course as a whole, and the meeting that decided it, if one did."""
    missed = any(reason in (Reason.ABSENT, Reason.EXCUSED) for _meeting, _module, reason in judged)
    if missed or len(judged) < len(participation.modules):
        return Reason.MODULES_MISSING, None
    in_order = sorted(judged, key=lambda one: one[0].held_on)
    for verdict in (Verdict.REFUSED, Verdict.PENDING):
        for meeting, module, reason in in_order:
            if verdict_of(reason) == verdict:
                return reason, (meeting, module)
    return Reason.WHOLE_COURSE_ATTENDED, None


def _presence(meeting: AttendedMeeting, module: TaughtModule, grant: Grant) -> Reason:
    """What the attendance of one meeting is worth to a grant, its period left aside."""
    if not meeting.has_begun:
        return Reason.AHEAD
    if not meeting.is_finished or meeting.mark.status is None:
        return Reason.LIST_OPEN
    if meeting.mark.status == Status.ABSENT:
        return Reason.ABSENT
    if meeting.mark.status == Status.EXCUSED:
        return Reason.EXCUSED
    if not attended_enough(meeting.mark, module.contact_minutes, grant.threshold_percent):
        return Reason.TOO_SHORT
    if module.asks_preparation and not meeting.mark.preparation_done:
        return Reason.PREPARATION_MISSING
    if attended_enough(meeting.mark, module.contact_minutes, 100):
        return Reason.ATTENDED_FULLY
    return Reason.ATTENDED_ENOUGH


def that_holds(choices: list[Grant], days: list[date]) -> Grant:
    """The grant that holds on all these days, the newest period first. When none does: the one that ended last before
    them, else the one that begins first after."""
    holding = [grant for grant in choices if all(grant.holds_on(day) for day in days)]
    if holding:
        return max(holding, key=lambda grant: (grant.valid_from or date.min, grant.id))
    ended = [grant for grant in choices if any(grant.ended_before(day) for day in days)]
    if ended:
        return max(ended, key=lambda grant: (grant.valid_until or date.max, grant.id))
    return min(choices, key=lambda grant: (grant.valid_from or date.min, grant.id))


def period_problem(grant: Grant, days: list[date]) -> Reason | None:
    """Why a grant does not hold on all these days; None when it does."""
    for day in days:
        if grant.ended_before(day):
            return Reason.EXPIRED
        if grant.begins_after(day):
            return Reason.NOT_YET_VALID
    return None


def _counted_once(awards: list[Award]) -> list[Award]:
    """Of one register: either the points of the modules or those of the whole, whichever are more, never both."""
    *modules, whole = awards
    if not whole.points or not any(award.points for award in modules):
        return awards
    if whole.points >= sum(award.points for award in modules):
        return [*(_elsewhere(award) for award in modules), whole]
    return [*modules, _elsewhere(whole)]


def _elsewhere(award: Award) -> Award:
    if not award.points:
        return award
    return Award(
        register=award.register,
        module_id=award.module_id,
        accreditation_id=award.accreditation_id,
        points=0,
        offered=award.offered,
        reason=Reason.COUNTED_ELSEWHERE,
        facts=award.facts,
    )


def _award(grant: Grant, reason: Reason, facts: dict[str, Any]) -> Award:
    counts = verdict_of(reason) == Verdict.COUNTS
    granted = {
        "register": grant.register,
        "number": grant.number,
        "valid_from": _iso(grant.valid_from),
        "valid_until": _iso(grant.valid_until),
        "threshold_percent": grant.threshold_percent,
        "offered": grant.points,
    }
    return Award(
        register=grant.register,
        module_id=grant.module_id,
        accreditation_id=grant.id,
        points=grant.points if counts else 0,
        offered=grant.points,
        reason=reason,
        facts=granted | facts,
    )


def _refused(register: str, module_id: int | None, reason: Reason, **facts: Any) -> Award:
    return Award(
        register=register,
        module_id=module_id,
        accreditation_id=None,
        points=0,
        offered=0,
        reason=reason,
        facts={"register": register, "offered": 0, **facts},
    )


def _elsewhere_in(meeting: AttendedMeeting) -> dict[str, Any]:
    if meeting.elsewhere is None:
        return {}
    there = meeting.elsewhere
    return {"elsewhere": {"edition": there.edition_id, "place": there.place, "missed_on": _iso(there.missed_on)}}


def _module(module_id: int, participation: Participation) -> TaughtModule:
    return next(module for module in participation.modules if module.id == module_id)


def _position(module_id: int, participation: Participation) -> int:
    return [module.id for module in participation.modules].index(module_id)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

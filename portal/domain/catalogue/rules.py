"""States of an edition and the small arithmetic of what is on offer. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

MINUTES_OF_A_DAY = 6 * 60


class EditionState(StrEnum):
    """draft: only the office sees it. published: online without a minimum, so nothing is left to decide; people can
    enrol. tentative: online, and given only when its minimum is reached. confirmed: it was tentative, and its people
    were told that it is given: the enrolment that reaches the minimum confirms it, or the office does below it, with a
    reason. started: its first meeting has begun. finished: its last has ended. cancelled: it will not be given.

    Publishing a draft makes it tentative when it has a minimum, else published. A confirmed edition stays confirmed
    when people leave: what was promised holds. A tentative edition of which nobody decided anything is given when its
    first meeting begins. The worker starts and finishes, so what the clock says may be a moment ahead of the state."""

    DRAFT = "draft"
    PUBLISHED = "published"
    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    STARTED = "started"
    FINISHED = "finished"
    CANCELLED = "cancelled"


_TO_BE_GIVEN = frozenset({EditionState.STARTED, EditionState.CANCELLED})
TRANSITIONS: dict[EditionState, frozenset[EditionState]] = {
    EditionState.DRAFT: frozenset({EditionState.PUBLISHED, EditionState.TENTATIVE, EditionState.CANCELLED}),
    EditionState.PUBLISHED: _TO_BE_GIVEN,
    EditionState.TENTATIVE: _TO_BE_GIVEN | {EditionState.CONFIRMED},
    EditionState.CONFIRMED: _TO_BE_GIVEN,
    EditionState.STARTED: frozenset({EditionState.FINISHED, EditionState.CANCELLED}),
    EditionState.FINISHED: frozenset(),
    EditionState.CANCELLED: frozenset(),
}
# Online, and its first meeting has not begun as far as the state knows.
AHEAD = frozenset({EditionState.PUBLISHED, EditionState.TENTATIVE, EditionState.CONFIRMED})
# People may enrol: in one that has started, for the meetings that are still to come.
ON_OFFER = AHEAD | {EditionState.STARTED}
# Its meetings take place or took place: attendance, points, certificates.
GIVEN = ON_OFFER | {EditionState.FINISHED}


class EditionKind(StrEnum):
    """open: anybody may enrol. in_company: closed, for one organisation, which enters its own people."""

    OPEN = "open"
    IN_COMPANY = "in_company"


class Standing(StrEnum):
    """What somebody who looks at an edition can do with it.

    open: choose the whole, or what they like. loose: no longer the whole, but single modules. full: join the waiting
    list. begun: nothing, since it is given as a whole. shut: nothing, since enrolling closes some time before. over:
    nothing is still to come. closed: its organisation enters its own people. draft, cancelled: nothing."""

    OPEN = "open"
    LOOSE = "loose"
    FULL = "full"
    BEGUN = "begun"
    SHUT = "shut"
    OVER = "over"
    CLOSED = "closed"
    DRAFT = "draft"
    CANCELLED = "cancelled"


class Delivery(StrEnum):
    ONSITE = "onsite"
    ONLINE = "online"


class Vat(StrEnum):
    """exempt: vocational training by a CRKBO-registered institution (art. 11-1-o Wet OB 1968). standard: 21 %."""

    EXEMPT = "exempt"
    STANDARD = "standard"


def may_become(now: EditionState, then: EditionState) -> bool:
    """Whether an edition in state `now` may go to `then`."""
    return then in TRANSITIONS[now]


@dataclass(frozen=True)
class Grant:
    """A register's grant of points as the arithmetic needs it. `module_id` None: for the course as a whole."""

    register: str
    points: int
    module_id: int | None = None
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class SeatCount:
    """Seats of one meeting; `begun`: it is too late to come."""

    taken: int
    capacity: int
    begun: bool = False


def holds_on(grant: Grant, day: date) -> bool:
    """Whether an accreditation holds on a day; both ends count, None is an open side."""
    begun = grant.valid_from is None or grant.valid_from <= day
    ended = grant.valid_until is not None and grant.valid_until < day
    return begun and not ended


def points_on_offer(grants: Iterable[Grant], chosen: Mapping[int, date], modules: Collection[int]) -> dict[str, int]:
    """Points per register, sorted by register, for the chosen modules (id to the meeting's date in Amsterdam).

    Grants per module add up, each on its own date. A grant for the whole counts only when all of the course's
    `modules` are chosen and every date lies inside it; it then takes the place of what the modules bring, since the
    same hours never count twice (source: the registers' public pages)."""
    per_module: dict[tuple[str, int], int] = {}
    whole: dict[str, int] = {}
    everything = bool(modules) and set(modules) <= set(chosen)
    for grant in grants:
        if grant.module_id is None:
            if everything and all(holds_on(grant, day) for day in chosen.values()):
                whole[grant.register] = max(whole.get(grant.register, 0), grant.points)
        elif grant.module_id in chosen and holds_on(grant, chosen[grant.module_id]):
            key = (grant.register, grant.module_id)
            per_module[key] = max(per_module.get(key, 0), grant.points)
    total: dict[str, int] = {}
    for (register, _module), points in per_module.items():
        total[register] = total.get(register, 0) + points
    total.update(whole)
    return {register: total[register] for register in sorted(total) if total[register]}


def in_days(contact_minutes: Iterable[int]) -> bool:
    """Whether a training is told in days: each of its parts takes at least six hours. Else it is told in dagdelen."""
    return min(contact_minutes, default=0) >= MINUTES_OF_A_DAY


def gives_whole(separately_bookable: bool, meetings: int, modules: int) -> bool:
    """Whether an edition with so many meetings gives the whole training of so many modules: of one that may be taken
    apart some modules can be planned alone. One without meetings yet is told as the whole."""
    return not separately_bookable or meetings in (0, modules)


def price_of_choice(*, whole: bool, whole_price: int, module_prices: Iterable[int]) -> int:
    """Cents: the price of the whole training, or the sum of the chosen modules' own prices."""
    return whole_price if whole else sum(module_prices)


def whole_price(course_price: int, edition_price: int | None) -> int:
    """Cents for the whole training: the edition's own price where it has one, else the course's."""
    return course_price if edition_price is None else edition_price


def may_enrol_now(state: str, kind: str, chosen_starts: Iterable[datetime], now: datetime) -> bool:
    """Whether anybody may enrol for the meetings that start at these instants: the edition is on offer and open, and
    none of the meetings has begun."""
    starts = list(chosen_starts)
    open_to_all = state in ON_OFFER and kind == EditionKind.OPEN
    return open_to_all and bool(starts) and min(starts) > now


def seats_left(meetings: Iterable[SeatCount]) -> int:
    """Free seats for somebody who comes to all of these meetings: the fewest of any; 0 for no meetings."""
    return min((meeting.capacity - meeting.taken for meeting in meetings), default=0)


def standing(state: str, kind: str, separately_bookable: bool, meetings: Collection[SeatCount]) -> Standing:
    """What can be done with an edition that has these meetings."""
    if state not in GIVEN:
        return Standing.CANCELLED if state == EditionState.CANCELLED else Standing.DRAFT
    if kind != EditionKind.OPEN:
        return Standing.CLOSED
    coming = [meeting for meeting in meetings if not meeting.begun]
    if not coming:
        return Standing.OVER
    if len(coming) == len(meetings) and seats_left(meetings) > 0:
        return Standing.OPEN
    if separately_bookable and any(meeting.taken < meeting.capacity for meeting in coming):
        return Standing.LOOSE
    return Standing.FULL if separately_bookable or len(coming) == len(meetings) else Standing.BEGUN


# Name and address of the registers that a catalogue file may name from the start (source: their own sites).
KNOWN_REGISTERS = {
    "SKJ": ("Kwaliteitsregister Jeugd", "https://skjeugd.nl"),
    "Registerplein": ("Registerplein", "https://www.registerplein.nl"),
}

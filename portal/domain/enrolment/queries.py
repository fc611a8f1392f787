"""Reading editions as one enrols in them, enrolments, terms, and what people have done."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from portal.clock import local_date
from portal.db import db
from portal.domain.calendar.rules import full_place
from portal.domain.catalogue import rules
from portal.domain.catalogue.models import Course, Edition, Meeting, Module, Register
from portal.domain.catalogue.rules import AHEAD, ON_OFFER, EditionKind, EditionState
from portal.domain.coordinators.models import Conference, Coordinator
from portal.domain.enrolment.models import Enrolment, TermsVersion
from portal.domain.enrolment.policy import current_policy
from portal.domain.enrolment.prerequisites import NOTHING_DONE, Facts
from portal.domain.enrolment.rules import EnrolmentState
from portal.errors import NotFound


@dataclass(frozen=True)
class MeetingOnOffer:
    """A meeting as somebody chooses it. Cents for the module alone. `place` is the town of its edition, `counted_only`
    says of that whether nobody may be in it by name."""

    id: int
    edition_id: int
    place: str
    module_id: int
    position: int
    title: str
    price_cents: int
    preparation: str
    starts_at: datetime
    ends_at: datetime
    venue: str
    link: str
    capacity: int
    taken: int
    counted_only: bool

    @property
    def free(self) -> int:
        return self.capacity - self.taken

    def may_be_chosen(self, closed_after: datetime) -> bool:
        """Whether there is a seat, and it begins later than what is no longer enrolled in."""
        return self.free > 0 and self.starts_at > closed_after


@dataclass(frozen=True)
class EditionOnOffer:
    """An edition as somebody enrols in it. `price_cents` is the price of the whole training, which has `course_modules`
    modules; meetings in order of module."""

    id: int
    course_id: int
    slug: str
    title: str
    separately_bookable: bool
    requires: dict[str, Any]
    price_cents: int
    vat: str
    state: str
    kind: str
    organisation_id: int | None
    delivery: str
    place: str
    minimum: int
    decide_on: date | None
    course_modules: int
    meetings: tuple[MeetingOnOffer, ...]

    @property
    def gives_whole(self) -> bool:
        """Whether the whole training is given."""
        return rules.gives_whole(self.separately_bookable, len(self.meetings), self.course_modules)

    @property
    def open_to_all(self) -> bool:
        return self.state in ON_OFFER and not self.in_company and bool(self.meetings)

    @property
    def tentative(self) -> bool:
        """Whether it is not sure yet that it is given."""
        return self.state == EditionState.TENTATIVE

    @property
    def in_company(self) -> bool:
        """Given for one organisation, under an agreement that names the price of the whole group."""
        return self.kind == EditionKind.IN_COMPANY

    @property
    def counted_only(self) -> bool:
        """Whether nobody enrols in it: its people are counted, and not known by name."""
        return any(meeting.counted_only for meeting in self.meetings)

    @property
    def module_ids(self) -> frozenset[int]:
        return frozenset(meeting.module_id for meeting in self.meetings)

    def meetings_of(self, module_ids: Collection[int] | None) -> tuple[MeetingOnOffer, ...]:
        """The meetings that teach these modules; all of them for None, the whole training."""
        return tuple(m for m in self.meetings if module_ids is None or m.module_id in module_ids)

    def price_of(self, module_ids: Collection[int] | None) -> int:
        """Cents for the whole training (None), or the sum of these modules' own prices; also of all that are given when
        that is not the whole. Nobody pays for themselves in a closed edition."""
        if self.in_company:
            return 0
        return rules.price_of_choice(
            whole=module_ids is None and self.gives_whole,
            whole_price=self.price_cents,
            module_prices=[meeting.price_cents for meeting in self.meetings_of(module_ids)],
        )

    def place_of(self, meeting: MeetingOnOffer) -> str:
        return full_place(meeting.venue, meeting.place)


def with_meetings_now(edition: EditionOnOffer) -> EditionOnOffer:
    """The edition with its meetings as they are by now. One query."""
    return replace(edition, meetings=_meetings_of([edition.id]).get(edition.id, ()))


def get_edition(edition_id: int) -> EditionOnOffer:
    """An edition of any state and kind with its meetings. NotFound when there is none. Two queries."""
    row = db.session.execute(edition_columns().where(Edition.id == edition_id)).first()
    if row is None:
        raise NotFound
    return edition_of(row, _meetings_of([edition_id]).get(edition_id, ()))


def get_open_edition(edition_id: int) -> EditionOnOffer:
    """A published edition that anybody may enrol in; NotFound for all others, also for those of one organisation."""
    edition = get_edition(edition_id)
    if not edition.open_to_all:
        raise NotFound
    return edition


def list_other_editions(edition: EditionOnOffer, now: datetime) -> list[EditionOnOffer]:
    """At most five coming open editions of the same course with a free seat in every meeting, in order of date."""
    found = (
        edition_columns()
        .where(
            Edition.course_id == edition.course_id,
            Edition.id != edition.id,
            Edition.state.in_(AHEAD),
            Edition.kind == EditionKind.OPEN,
            Edition.starts_on >= local_date(now),
        )
        .order_by(Edition.starts_on, Edition.id)
        .limit(20)
    )
    rows = db.session.execute(found).all()
    meetings = _meetings_of([row.id for row in rows])
    editions = [edition_of(row, meetings.get(row.id, ())) for row in rows]
    closed = now + timedelta(hours=current_policy(now).enrolment_closes_hours)
    return [other for other in editions if other.meetings and all(m.may_be_chosen(closed) for m in other.meetings)][:5]


def get_terms(on: date) -> TermsVersion:
    """The general terms that hold on a day. NotFound while there are none."""
    found = select(TermsVersion).where(TermsVersion.effective_on <= on).order_by(TermsVersion.effective_on.desc())
    terms = db.session.scalars(found.limit(1)).first()
    if terms is None:
        raise NotFound
    return terms


def get_terms_version(terms_version_id: int) -> TermsVersion:
    """One version of the terms. NotFound when there is none."""
    terms = db.session.get(TermsVersion, terms_version_id)
    if terms is None:
        raise NotFound
    return terms


def find_facts(person_id: int) -> Facts:
    """What somebody has completed and the dates of their conferences. Two queries."""
    return list_facts([person_id]).get(person_id, NOTHING_DONE)


def list_facts(person_ids: Collection[int]) -> dict[int, Facts]:
    """As find_facts, by person, for those who have done something. Two queries."""
    held: dict[int, list[date]] = {}
    for row in db.session.execute(
        select(Coordinator.person_id, Conference.held_on)
        .join(Coordinator, Coordinator.id == Conference.coordinator_id)
        .where(Coordinator.person_id.in_(list(person_ids)))
        .order_by(Conference.held_on)
    ):
        held.setdefault(row.person_id, []).append(row.held_on)
    completed = _completed_courses(person_ids)
    return {
        person_id: Facts(completed.get(person_id, {}), held.get(person_id, []))
        for person_id in completed.keys() | held.keys()
    }


def _completed_courses(person_ids: Collection[int]) -> dict[int, dict[str, list[date]]]:
    """On which days these people completed which courses as a whole, by person and slug."""
    rows = db.session.execute(
        select(Enrolment.person_id, Course.slug, Enrolment.completed_on)
        .join(Edition, Edition.id == Enrolment.edition_id)
        .join(Course, Course.id == Edition.course_id)
        .where(
            Enrolment.person_id.in_(list(person_ids)),
            Enrolment.state == EnrolmentState.COMPLETED,
            Enrolment.whole.is_(True),
            Enrolment.completed_on.is_not(None),
        )
        .order_by(Enrolment.completed_on)
    )
    found: dict[int, dict[str, list[date]]] = {}
    for row in rows:
        found.setdefault(row.person_id, {}).setdefault(row.slug, []).append(row.completed_on)
    return found


def list_registers() -> list[tuple[str, str]]:
    """(code, name) of the registers, by code."""
    return [
        (row.code, row.name) for row in db.session.execute(select(Register.code, Register.name).order_by(Register.code))
    ]


def edition_columns() -> Any:
    """A select of all that an EditionOnOffer is made of, save its meetings."""
    modules = select(func.count(Module.id)).where(Module.course_id == Course.id).correlate(Course).scalar_subquery()
    return select(
        Edition.id,
        Edition.course_id,
        Course.slug,
        Course.title,
        Course.separately_bookable,
        Course.requires,
        func.coalesce(Edition.price_cents, Course.price_cents).label("price_cents"),
        Course.vat,
        Edition.state,
        Edition.kind,
        Edition.organisation_id,
        Edition.delivery,
        Edition.place,
        Edition.minimum,
        Edition.decide_on,
        modules.label("course_modules"),
    ).join(Course, Course.id == Edition.course_id)


def edition_of(row: Row[Any], meetings: tuple[MeetingOnOffer, ...]) -> EditionOnOffer:
    """The edition of a row of edition_columns()."""
    return EditionOnOffer(**row._mapping, meetings=meetings)


def _meetings_of(edition_ids: Collection[int]) -> dict[int, tuple[MeetingOnOffer, ...]]:
    return by_edition(list_meetings_on_offer(Meeting.edition_id.in_(edition_ids)))


def by_edition(meetings: Iterable[MeetingOnOffer]) -> dict[int, tuple[MeetingOnOffer, ...]]:
    """The meetings of each edition, in the order given."""
    found: dict[int, tuple[MeetingOnOffer, ...]] = {}
    for meeting in meetings:
        found[meeting.edition_id] = (*found.get(meeting.edition_id, ()), meeting)
    return found


def list_meetings_on_offer(wanted: ColumnElement[bool]) -> list[MeetingOnOffer]:
    """These meetings, in order of module. One query."""
    rows = db.session.execute(
        select(
            Meeting.id,
            Meeting.edition_id,
            Edition.place,
            Meeting.module_id,
            Module.position,
            Module.title,
            Module.price_cents,
            Module.preparation,
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.venue,
            Meeting.link,
            Meeting.capacity,
            Meeting.taken,
            Edition.counted_only,
        )
        .join(Module, Module.id == Meeting.module_id)
        .join(Edition, Edition.id == Meeting.edition_id)
        .where(wanted)
        .order_by(Module.position, Meeting.id)
    )
    return [MeetingOnOffer(**row._mapping) for row in rows]

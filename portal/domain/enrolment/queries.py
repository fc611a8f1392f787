"""Reading editions as one enrols in them, enrolments, terms, and what people have done."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select

from portal.clock import local_date
from portal.db import db
from portal.domain.calendar.rules import full_place
from portal.domain.catalogue import rules
from portal.domain.catalogue.models import Course, Edition, Meeting, Module, Register
from portal.domain.catalogue.rules import AHEAD, ON_OFFER, EditionKind
from portal.domain.coordinators.models import Conference, Coordinator
from portal.domain.enrolment.models import Enrolment, EnrolmentRegisterNumber, Seat, TermsVersion
from portal.domain.enrolment.rules import ContractParty, Cost, EnrolmentState, Facts, cost_of_cancelling
from portal.errors import NotFound


@dataclass(frozen=True)
class MeetingOnOffer:
    """A meeting as somebody chooses it. Cents for the module alone."""

    id: int
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

    @property
    def free(self) -> int:
        return self.capacity - self.taken


@dataclass(frozen=True)
class EditionOnOffer:
    """An edition as somebody enrols in it. `price_cents` is the price of the whole training, which has `course_modules`
    modules; meetings in order of module."""

    id: int
    course_id: int
    slug: str
    title: str
    separately_bookable: bool
    requires: dict[str, str | int]
    price_cents: int
    vat: str
    state: str
    kind: str
    organisation_id: int | None
    delivery: str
    place: str
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
    def in_company(self) -> bool:
        """Given for one organisation, under an agreement that names the price of the whole group."""
        return self.kind == EditionKind.IN_COMPANY

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
        return full_place(meeting.venue, self.place)


@dataclass(frozen=True)
class OwnEnrolment:
    """An enrolment as its person sees it, with the meetings it holds a seat in (or held, once cancelled)."""

    id: int
    number: str
    state: str
    person_id: int
    edition: EditionOnOffer
    meetings: tuple[MeetingOnOffer, ...]
    whole: bool
    participant_name: str
    employer: str
    contract_party: ContractParty
    order_reference: str
    price_cents: int
    enrolled_at: datetime
    completed_on: date | None
    cancelled_at: datetime | None

    @property
    def first_on(self) -> date:
        """The date of its first meeting in Amsterdam, from which the terms count; of the edition's without seats."""
        return local_date((self.meetings or self.edition.meetings)[0].starts_at)

    @property
    def last_on(self) -> date:
        """The date on which it was completed, else that of its last meeting; without seats that of enrolling."""
        return self.completed_on or local_date(self.meetings[-1].starts_at if self.meetings else self.enrolled_at)

    def begun(self, now: datetime) -> bool:
        return any(meeting.starts_at <= now for meeting in self.meetings)

    def cost(self, now: datetime) -> Cost:
        """What cancelling costs now; nothing in a closed edition, whose agreement says what a group costs."""
        if self.edition.in_company:
            return Cost(0, 0, False, None)
        return cost_of_cancelling(self.price_cents, self.contract_party, self.enrolled_at, self.first_on, now)


def with_meetings_now(edition: EditionOnOffer) -> EditionOnOffer:
    """The edition with its meetings as they are by now. One query."""
    return replace(edition, meetings=_meetings_of([edition.id]).get(edition.id, ()))


def get_edition(edition_id: int) -> EditionOnOffer:
    """An edition of any state and kind with its meetings. NotFound when there is none. Two queries."""
    row = db.session.execute(_edition_columns().where(Edition.id == edition_id)).first()
    if row is None:
        raise NotFound
    return _edition(row, _meetings_of([edition_id]).get(edition_id, ()))


def get_open_edition(edition_id: int) -> EditionOnOffer:
    """A published edition that anybody may enrol in; NotFound for all others, also for those of one organisation."""
    edition = get_edition(edition_id)
    if not edition.open_to_all:
        raise NotFound
    return edition


def list_other_editions(edition: EditionOnOffer, now: datetime) -> list[EditionOnOffer]:
    """At most five coming open editions of the same course with a free seat in every meeting, in order of date."""
    found = (
        _edition_columns()
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
    editions = [_edition(row, meetings.get(row.id, ())) for row in rows]
    return [other for other in editions if other.meetings and all(m.free > 0 for m in other.meetings)][:5]


def get_terms(on: date) -> TermsVersion:
    """The general terms that hold on a day. NotFound while there are none."""
    found = select(TermsVersion).where(TermsVersion.effective_on <= on).order_by(TermsVersion.effective_on.desc())
    terms = db.session.scalars(found.limit(1)).first()
    if terms is None:
        raise NotFound
    return terms


def find_facts(person_id: int) -> Facts:
    """What somebody has completed and the dates of their conferences. Two queries."""
    conferences = db.session.scalars(
        select(Conference.held_on)
        .join(Coordinator, Coordinator.id == Conference.coordinator_id)
        .where(Coordinator.person_id == person_id)
        .order_by(Conference.held_on)
    )
    completed = {slug: on for (_person, slug), on in completed_courses([person_id]).items()}
    return Facts(completed, list(conferences))


def completed_courses(person_ids: Collection[int]) -> dict[tuple[int, str], date]:
    """When these people first completed which courses as a whole, by (person, slug). One query."""
    rows = db.session.execute(
        select(Enrolment.person_id, Course.slug, func.min(Enrolment.completed_on).label("on"))
        .join(Edition, Edition.id == Enrolment.edition_id)
        .join(Course, Course.id == Edition.course_id)
        .where(
            Enrolment.person_id.in_(list(person_ids)),
            Enrolment.state == EnrolmentState.COMPLETED,
            Enrolment.whole.is_(True),
            Enrolment.completed_on.is_not(None),
        )
        .group_by(Enrolment.person_id, Course.slug)
    )
    return {(row.person_id, row.slug): row.on for row in rows}


def find_course_title(slug: str) -> str:
    """A course's title by its slug; the slug itself when there is none."""
    return db.session.scalar(select(Course.title).where(Course.slug == slug)) or slug


def list_registers() -> list[tuple[str, str]]:
    """(code, name) of the registers, by code."""
    return [
        (row.code, row.name) for row in db.session.execute(select(Register.code, Register.name).order_by(Register.code))
    ]


def get_own_enrolment(person_id: int, enrolment_id: int) -> OwnEnrolment:
    """A person's own enrolment; NotFound for anybody else's. Four queries."""
    found = _own(person_id).where(Enrolment.id == enrolment_id)
    own = _with_meetings(list(db.session.execute(found)))
    if not own:
        raise NotFound
    return own[0]


def list_own_enrolments(person_id: int, *, page: int = 1, per_page: int = 20) -> list[OwnEnrolment]:
    """A person's enrolments, the newest first. Four queries, however many there are."""
    found = _own(person_id).order_by(Enrolment.id.desc()).limit(per_page).offset((page - 1) * per_page)
    return _with_meetings(list(db.session.execute(found)))


def count_own_enrolments(person_id: int) -> int:
    """How many enrolments a person has had, cancelled ones too."""
    return db.session.scalar(select(func.count()).where(Enrolment.person_id == person_id)) or 0


def list_register_numbers(enrolment_id: int) -> dict[str, str]:
    """Registration numbers given with an enrolment, by register code."""
    found = select(EnrolmentRegisterNumber).where(EnrolmentRegisterNumber.enrolment_id == enrolment_id)
    return {row.register_code: row.number for row in db.session.scalars(found)}


def _edition_columns() -> Any:
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
        modules.label("course_modules"),
    ).join(Course, Course.id == Edition.course_id)


def _edition(row: Row[Any], meetings: tuple[MeetingOnOffer, ...]) -> EditionOnOffer:
    return EditionOnOffer(**row._mapping, meetings=meetings)


def _meetings_of(edition_ids: Collection[int]) -> dict[int, tuple[MeetingOnOffer, ...]]:
    rows = db.session.execute(
        select(
            Meeting.edition_id,
            Meeting.id,
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
        )
        .join(Module, Module.id == Meeting.module_id)
        .where(Meeting.edition_id.in_(edition_ids))
        .order_by(Module.position, Meeting.id)
    )
    found: dict[int, list[MeetingOnOffer]] = {}
    for edition_id, *facts in rows:
        found.setdefault(edition_id, []).append(MeetingOnOffer(*facts))
    return {edition_id: tuple(meetings) for edition_id, meetings in found.items()}


def _own(person_id: int) -> Any:
    return select(
        Enrolment.id,
        Enrolment.number,
        Enrolment.state,
        Enrolment.person_id,
        Enrolment.edition_id,
        Enrolment.whole,
        Enrolment.participant_name,
        Enrolment.employer,
        Enrolment.contract_party,
        Enrolment.order_reference,
        Enrolment.price_cents,
        Enrolment.enrolled_at,
        Enrolment.completed_on,
        Enrolment.cancelled_at,
    ).where(Enrolment.person_id == person_id)


def _with_meetings(rows: list[Row[Any]]) -> list[OwnEnrolment]:
    edition_ids = {row.edition_id for row in rows}
    meetings = _meetings_of(edition_ids)
    editions = {
        row.id: _edition(row, meetings.get(row.id, ()))
        for row in db.session.execute(_edition_columns().where(Edition.id.in_(edition_ids)))
    }
    seats: dict[int, set[int]] = {}
    of_these = select(Seat.enrolment_id, Seat.meeting_id).where(Seat.enrolment_id.in_([row.id for row in rows]))
    for enrolment_id, meeting_id in db.session.execute(of_these):
        seats.setdefault(enrolment_id, set()).add(meeting_id)
    return [_own_enrolment(row, editions[row.edition_id], seats.get(row.id, set())) for row in rows]


def _own_enrolment(row: Row[Any], edition: EditionOnOffer, seats: set[int]) -> OwnEnrolment:
    held = tuple(sorted((m for m in edition.meetings if m.id in seats), key=lambda m: m.starts_at))
    facts = dict(row._mapping)
    del facts["edition_id"]
    party = ContractParty(facts.pop("contract_party"))
    return OwnEnrolment(**facts, contract_party=party, edition=edition, meetings=held)

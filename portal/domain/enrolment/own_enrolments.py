"""Enrolments as their own people see them, with the meetings that they sit in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, or_, select

from portal.clock import local_date
from portal.db import db
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.enrolment.models import Enrolment, EnrolmentRegisterNumber, Seat, TermsVersion
from portal.domain.enrolment.queries import (
    EditionOnOffer,
    MeetingOnOffer,
    by_edition,
    edition_columns,
    edition_of,
    list_meetings_on_offer,
)
from portal.domain.enrolment.rules import ContractParty, EndedBy
from portal.domain.enrolment.terms import (
    NOTHING,
    Agreement,
    Cost,
    CostStep,
    Terms,
    at_least,
    cost_of_cancelling,
    cost_of_moving,
    least_after_move,
    may_substitute,
    terms_from_json,
    withdraw_until,
)
from portal.errors import NotFound


@dataclass(frozen=True)
class OwnMeeting(MeetingOnOffer):
    """A meeting that an enrolment holds a seat in. `elsewhere`: it belongs to another edition. `stood_in_for`: another
    seat that is held stands in for this one, which was missed."""

    seat_id: int
    instead_of_id: int | None
    elsewhere: bool
    stood_in_for: bool


@dataclass(frozen=True)
class OwnEnrolment:
    """An enrolment as its person sees it, with the meetings it holds a seat in (or held, once cancelled), wherever they
    are given, under the terms that were accepted with it. `booked_from`: when the first of the meetings begins that it
    ever had a seat in. `lost`: modules without a meeting, since the other edition in which they were to be taken is not
    given."""

    id: int
    number: str
    state: str
    person_id: int
    edition: EditionOnOffer
    meetings: tuple[OwnMeeting, ...]
    booked_from: datetime | None
    lost: frozenset[int]
    whole: bool
    participant_name: str
    employer: str
    contract_party: ContractParty
    order_reference: str
    organisation_id: int | None
    price_cents: int
    terms: Terms
    terms_version_id: int
    terms_effective_on: date
    enrolled_at: datetime
    contracted_at: datetime
    contracted_by_id: int
    replaces_id: int | None
    least_percent: int
    completed_on: date | None
    cancelled_at: datetime | None
    ended_by: str | None
    cost_cents: int | None

    @property
    def meeting_ids(self) -> list[int]:
        """Of the meetings above."""
        return [meeting.id for meeting in self.meetings]

    @property
    def first_on(self) -> date:
        """The date in Amsterdam from which the terms count: of the first meeting that was booked, since a dagdeel that
        is swapped to a later date makes cancelling no cheaper; of the edition's first without seats."""
        return local_date(self.booked_from or self.edition.meetings[0].starts_at)

    @property
    def last_on(self) -> date:
        """The date on which it was completed, else that of its last meeting; without seats that of enrolling."""
        return self.completed_on or local_date(self.meetings[-1].starts_at if self.meetings else self.enrolled_at)

    def seat_of(self, module_id: int) -> OwnMeeting | None:
        """The meeting in which a module is taken now: what stands in, where something does."""
        of_module = [one for one in self.meetings if one.module_id == module_id and not one.stood_in_for]
        return max(of_module, key=lambda one: one.seat_id, default=None)

    def made_up_by(self, meeting: OwnMeeting) -> OwnMeeting | None:
        """The missed meeting that this one makes up for; None when it makes up for none."""
        return next((one for one in self.meetings if one.seat_id == meeting.instead_of_id), None)

    def begun(self, now: datetime) -> bool:
        return any(meeting.starts_at <= now for meeting in self.meetings)

    @property
    def for_another(self) -> bool:
        """Whether the agreement is somebody else's, whose place was taken over: what a change costs is theirs."""
        return self.contracted_by_id != self.person_id

    @property
    def agreement(self) -> Agreement:
        return Agreement(self.price_cents, self.contract_party, self.contracted_at, self.first_on, self.least_percent)

    @property
    def cancelling(self) -> tuple[CostStep, ...]:
        """The steps by which cancelling costs, with what a move left as the least."""
        return at_least(self.terms.cancelling, self.least_percent)

    @property
    def withdraw_until(self) -> date | None:
        """The last day to think again; None when an organisation contracts."""
        return withdraw_until(self.terms, self.contract_party, self.contracted_at)

    def cost(self, now: datetime) -> Cost:
        """What cancelling costs now; nothing in a closed edition, whose agreement says what a group costs."""
        return NOTHING if self.edition.in_company else cost_of_cancelling(self.terms, self.agreement, now)

    def cost_of_moving(self, now: datetime) -> Cost:
        """What moving to another edition costs now; nothing in a closed one."""
        return NOTHING if self.edition.in_company else cost_of_moving(self.terms, self.agreement, now)

    def least_after_move(self, now: datetime) -> int:
        """Percent: what cancelling costs at the least after moving now; nothing in a closed edition."""
        return 0 if self.edition.in_company else least_after_move(self.terms, self.agreement, now)

    def may_substitute(self, now: datetime) -> bool:
        """Whether the terms let somebody else come instead now."""
        return bool(self.meetings) and may_substitute(self.terms, self.meetings[0].starts_at, now)


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


def find_own_successor(own: OwnEnrolment) -> int | None:
    """The enrolment of the same person in which this one goes on; None when it does not."""
    if own.ended_by != EndedBy.MOVED:
        return None
    return db.session.scalar(
        select(Enrolment.id).where(Enrolment.replaces_id == own.id, Enrolment.person_id == own.person_id)
    )


def find_successor(enrolment_id: int) -> int | None:
    """The enrolment, of whomever, in which this one goes on; None when it does not."""
    return db.session.scalar(select(Enrolment.id).where(Enrolment.replaces_id == enrolment_id))


def list_register_numbers(enrolment_id: int) -> dict[str, str]:
    """Registration numbers given with an enrolment, by register code."""
    found = select(EnrolmentRegisterNumber).where(EnrolmentRegisterNumber.enrolment_id == enrolment_id)
    return {row.register_code: row.number for row in db.session.scalars(found)}


def _own(person_id: int) -> Any:
    columns = select(
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
        Enrolment.organisation_id,
        Enrolment.price_cents,
        Enrolment.terms_version_id,
        TermsVersion.effective_on.label("terms_effective_on"),
        TermsVersion.policies,
        Enrolment.enrolled_at,
        Enrolment.contracted_at,
        Enrolment.contracted_by_id,
        Enrolment.replaces_id,
        Enrolment.least_percent,
        Enrolment.completed_on,
        Enrolment.cancelled_at,
        Enrolment.ended_by,
        Enrolment.cost_cents,
    )
    with_terms = columns.join(TermsVersion, TermsVersion.id == Enrolment.terms_version_id)
    return with_terms.where(Enrolment.person_id == person_id)


def _with_meetings(rows: list[Row[Any]]) -> list[OwnEnrolment]:
    edition_ids = {row.edition_id for row in rows}
    own_ids = [row.id for row in rows]
    seats: dict[int, list[Any]] = {}
    for seat in db.session.execute(
        select(Seat.enrolment_id, Seat.id, Seat.meeting_id, Seat.instead_of_id, Seat.released_at)
        .where(Seat.enrolment_id.in_(own_ids))
        .order_by(Seat.id)
    ):
        seats.setdefault(seat.enrolment_id, []).append(seat)
    # Also the meetings of other editions in which a dagdeel is taken or made up.
    sat_in = select(Seat.meeting_id).where(Seat.enrolment_id.in_(own_ids))
    meetings = list_meetings_on_offer(or_(Meeting.edition_id.in_(edition_ids), Meeting.id.in_(sat_in)))
    of_edition = by_edition(meetings)
    editions = {
        row.id: edition_of(row, of_edition.get(row.id, ()))
        for row in db.session.execute(edition_columns().where(Edition.id.in_(edition_ids)))
    }
    by_id = {meeting.id: meeting for meeting in meetings}
    return [_own_enrolment(row, editions[row.edition_id], seats.get(row.id, []), by_id) for row in rows]


def _own_enrolment(
    row: Row[Any], edition: EditionOnOffer, seats: list[Any], meetings: Mapping[int, MeetingOnOffer]
) -> OwnEnrolment:
    # Cancelling releases all that is still to come at one instant; what was released before it was given up by then.
    held = [seat for seat in seats if seat.released_at is None or seat.released_at == row.cancelled_at]
    stood_in_for = {seat.instead_of_id for seat in held}
    own = [
        OwnMeeting(
            **vars(meetings[seat.meeting_id]),
            seat_id=seat.id,
            instead_of_id=seat.instead_of_id,
            elsewhere=meetings[seat.meeting_id].edition_id != edition.id,
            stood_in_for=seat.id in stood_in_for,
        )
        for seat in held
    ]
    facts = dict(row._mapping)
    del facts["edition_id"]
    party, terms = ContractParty(facts.pop("contract_party")), terms_from_json(facts.pop("policies"))
    return OwnEnrolment(
        **facts,
        contract_party=party,
        terms=terms,
        edition=edition,
        meetings=tuple(sorted(own, key=lambda meeting: meeting.starts_at)),
        lost=frozenset(meetings[seat.meeting_id].module_id for seat in seats) - {one.module_id for one in own},
        booked_from=min((meetings[seat.meeting_id].starts_at for seat in seats), default=None),
    )

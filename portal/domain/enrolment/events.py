"""What the audit log notes about enrolments, seats and waiting lists."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from portal.audit import Event, Private


@dataclass(frozen=True)
class Enrolled(Event):
    """`replaces`: the number of the enrolment row that goes on in this one."""

    tag: ClassVar[str] = "enrolment.enrolled"
    enrolment_id: int
    edition_id: int
    person_id: int
    organisation_id: int | None
    terms_version_id: int
    number: str
    contract_party: str
    price_cents: int
    replaces: int | None = None


@dataclass(frozen=True)
class EnrolledAgain(Event):
    """Somebody sent an enrolment for a person who has one in this edition: nothing changed."""

    tag: ClassVar[str] = "enrolment.enrolled_again"
    enrolment_id: int
    edition_id: int
    person_id: int


@dataclass(frozen=True)
class SeatTaken(Event):
    tag: ClassVar[str] = "enrolment.seat_taken"
    enrolment_id: int
    edition_id: int
    meeting_id: int


@dataclass(frozen=True)
class SeatReleased(Event):
    tag: ClassVar[str] = "enrolment.seat_released"
    enrolment_id: int
    edition_id: int
    meeting_id: int


@dataclass(frozen=True)
class EnrolmentCancelled(Event):
    """`withdrawal`: within the 14 days of the law. `with_edition`: because the edition was cancelled. `reason`: why the
    office did it."""

    tag: ClassVar[str] = "enrolment.cancelled"
    enrolment_id: int
    edition_id: int
    person_id: int
    cost_cents: int
    withdrawal: bool
    with_edition: bool
    reason: Private | None = None


@dataclass(frozen=True)
class EnrolmentCompleted(Event):
    tag: ClassVar[str] = "enrolment.completed"
    enrolment_id: int
    edition_id: int
    on: date


@dataclass(frozen=True)
class EnrolmentReopened(Event):
    tag: ClassVar[str] = "enrolment.reopened"
    enrolment_id: int
    edition_id: int


@dataclass(frozen=True)
class EditionCancelled(Event):
    tag: ClassVar[str] = "enrolment.edition_cancelled"
    edition_id: int
    enrolments: int


@dataclass(frozen=True)
class MeetingMoved(Event):
    """`invited`: how many people got a new invitation."""

    tag: ClassVar[str] = "enrolment.meeting_moved"
    meeting_id: int
    edition_id: int
    was_at: datetime
    is_at: datetime
    place_changed: bool
    invited: int


@dataclass(frozen=True)
class CapacityChanged(Event):
    tag: ClassVar[str] = "enrolment.capacity_changed"
    meeting_id: int
    edition_id: int
    was: int
    capacity: int


@dataclass(frozen=True)
class WaitingListJoined(Event):
    tag: ClassVar[str] = "enrolment.waiting_list_joined"
    waiting_list_entry_id: int
    edition_id: int
    person_id: int


@dataclass(frozen=True)
class WaitingListLeft(Event):
    """`ended_by`: whether they left, or were taken off, by the office (for a `reason`) or with the edition."""

    tag: ClassVar[str] = "enrolment.waiting_list_left"
    waiting_list_entry_id: int
    edition_id: int
    person_id: int
    ended_by: str = "left"
    reason: Private | None = None


@dataclass(frozen=True)
class PolicyDecided(Event):
    """`changed`: 'offer_hours: 48 -> 24' for each that differs."""

    tag: ClassVar[str] = "enrolment.policy_decided"
    changed: tuple[str, ...]


@dataclass(frozen=True)
class EditionConfirmed(Event):
    """It is given after all. `reason`: why the office let it go ahead with fewer people than its minimum."""

    tag: ClassVar[str] = "enrolment.edition_confirmed"
    edition_id: int
    people: int
    minimum: int
    reason: Private | None = None


@dataclass(frozen=True)
class DecisionPostponed(Event):
    """Whether it is given is decided by another day than people were told."""

    tag: ClassVar[str] = "enrolment.decision_postponed"
    edition_id: int
    was_on: date | None
    decide_on: date


@dataclass(frozen=True)
class EditionStarted(Event):
    tag: ClassVar[str] = "enrolment.edition_started"
    edition_id: int
    people: int


@dataclass(frozen=True)
class EditionFinished(Event):
    tag: ClassVar[str] = "enrolment.edition_finished"
    edition_id: int
    people: int


@dataclass(frozen=True)
class GroupBooked(Event):
    """`people`: how many were enrolled together; `places`: how many more seats are held for people named later."""

    tag: ClassVar[str] = "enrolment.group_booked"
    group_id: int
    edition_id: int
    person_id: int
    organisation_id: int | None
    terms_version_id: int
    people: int
    places: int
    price_cents: int


@dataclass(frozen=True)
class StandInBooked(Event):
    """A dagdeel of an enrolment in `edition_id` is taken in a meeting of another edition, `in_edition`. `makes_up`: it
    was missed, else it was swapped."""

    tag: ClassVar[str] = "enrolment.stand_in_booked"
    enrolment_id: int
    edition_id: int
    person_id: int
    meeting_id: int
    in_edition: int
    makes_up: bool


@dataclass(frozen=True)
class StandInReleased(Event):
    """It is not taken there any more. `with_edition`: because that edition is not given."""

    tag: ClassVar[str] = "enrolment.stand_in_released"
    enrolment_id: int
    edition_id: int
    person_id: int
    meeting_id: int
    in_edition: int
    with_edition: bool


@dataclass(frozen=True)
class PlaceNamed(Event):
    """A place of a group got somebody. `by_link`: they filled themselves in."""

    tag: ClassVar[str] = "enrolment.place_named"
    group_id: int
    edition_id: int
    place: int
    enrolment_id: int | None
    by_link: bool


@dataclass(frozen=True)
class PlaceLinkMade(Event):
    """Somebody who holds the link may name themselves for this place; the link before it is worth nothing now."""

    tag: ClassVar[str] = "enrolment.place_link_made"
    group_id: int
    edition_id: int
    place: int


@dataclass(frozen=True)
class PlacesReleased(Event):
    """Places without a name were given back: by the contact, or because the last day was over."""

    tag: ClassVar[str] = "enrolment.places_released"
    group_id: int
    edition_id: int
    places: int
    cost_cents: int
    at_deadline: bool


@dataclass(frozen=True)
class NamingTermFollowed(Event):
    """The first meeting of a group begins at another time, and so the last day to name its places is another."""

    tag: ClassVar[str] = "enrolment.naming_term_followed"
    group_id: int
    edition_id: int
    until: datetime


@dataclass(frozen=True)
class EnrolmentMoved(Event):
    """An enrolment went on in another edition, as the row `goes_on_as`. `reason`: why the office did it."""

    tag: ClassVar[str] = "enrolment.moved"
    enrolment_id: int
    edition_id: int
    person_id: int
    goes_on_as: int
    to_edition: int
    cost_cents: int
    price_cents: int
    reason: Private | None = None


@dataclass(frozen=True)
class EnrolmentSubstituted(Event):
    """Somebody else came instead; their enrolment is the row `goes_on_as`. `reason`: why the office did it."""

    tag: ClassVar[str] = "enrolment.substituted"
    enrolment_id: int
    edition_id: int
    person_id: int
    goes_on_as: int
    cost_cents: int
    reason: Private | None = None


@dataclass(frozen=True)
class SeatsOffered(Event):
    """Seats for so many people are held for an entry of the waiting list."""

    tag: ClassVar[str] = "enrolment.seats_offered"
    waiting_list_offer_id: int
    waiting_list_entry_id: int
    edition_id: int
    person_id: int
    people: int
    until: datetime


@dataclass(frozen=True)
class OfferAccepted(Event):
    """`enrolled`: how many came of the people who were offered a seat."""

    tag: ClassVar[str] = "enrolment.offer_accepted"
    waiting_list_offer_id: int
    waiting_list_entry_id: int
    edition_id: int
    person_id: int
    enrolled: int


@dataclass(frozen=True)
class OfferDeclined(Event):
    tag: ClassVar[str] = "enrolment.offer_declined"
    waiting_list_offer_id: int
    waiting_list_entry_id: int
    edition_id: int
    person_id: int


@dataclass(frozen=True)
class OfferLapsed(Event):
    tag: ClassVar[str] = "enrolment.offer_lapsed"
    waiting_list_offer_id: int
    waiting_list_entry_id: int
    edition_id: int
    person_id: int


@dataclass(frozen=True)
class OfferWithdrawn(Event):
    """`reason`: why the office took it back; None when it went with the edition or with who it was for."""

    tag: ClassVar[str] = "enrolment.offer_withdrawn"
    waiting_list_offer_id: int
    waiting_list_entry_id: int
    edition_id: int
    person_id: int
    reason: Private | None = None

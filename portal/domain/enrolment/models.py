"""Tables of who takes part in what."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, UtcDateTime
from portal.domain.accounts.models import Person
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.enrolment.rules import EnrolmentState
from portal.domain.enrolment.terms import Terms, terms_from_json
from portal.domain.enrolment.waiting_rules import OfferState


class TermsVersion(Base):
    """The general terms as they read from a date on, and what they say in numbers (`policies`, as terms.terms_from_json
    reads it). An enrolment keeps the version that was accepted."""

    __tablename__ = "terms_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    effective_on: Mapped[date] = mapped_column(unique=True)
    text: Mapped[str] = mapped_column(Text)
    policies: Mapped[dict[str, Any]] = mapped_column(JSON)

    @property
    def terms(self) -> Terms:
        return terms_from_json(self.policies)


class EnrolmentDraft(Base):
    """What somebody has filled in so far, before the last button. `answers` holds the steps' fields."""

    __tablename__ = "enrolment_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    answers: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"))


class EnrolmentNumber(Base):
    """One row per number that was given out: the database counts, so two at once never get the same. A second
    enrolment of the same person draws a number too, or the answer would tell a stranger that there was a first."""

    __tablename__ = "enrolment_numbers"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)


def _same_as(column: str) -> Callable[[Any], Any]:
    """The agreement is made by enrolling, by who takes part, unless it was made before."""
    return lambda context: context.get_current_parameters()[column]


class Enrolment(Base):
    """One person in one edition. Name and employer are kept as given here: a certificate says what was true then.

    `contracted_at`: when the agreement was made, from which the days to think again count; `contracted_by_id`: whose
    agreement it is, who pays or lets their organisation pay. `replaces_id`: the enrolment that went on in this one, in
    another edition or by somebody else; the agreement stays the same. `least_percent`: what cancelling costs at the
    least, since it was moved when cancelling cost that. `ended_by` and `cost_cents` say why it was
    cancelled and what that costs."""

    __tablename__ = "enrolments"
    __table_args__ = (
        Index(
            "uq_enrolments_active",
            "edition_id",
            "person_id",
            unique=True,
            sqlite_where=text("state <> 'cancelled'"),
            postgresql_where=text("state <> 'cancelled'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default=EnrolmentState.ENROLLED)
    whole: Mapped[bool]
    participant_name: Mapped[str] = mapped_column(String(200))
    employer: Mapped[str] = mapped_column(String(200), default="")
    contract_party: Mapped[str] = mapped_column(String(12))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    order_reference: Mapped[str] = mapped_column(String(60), default="")
    price_cents: Mapped[int]
    terms_version_id: Mapped[int] = mapped_column(ForeignKey("terms_versions.id"))
    enrolled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    contracted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_same_as("enrolled_at"))
    contracted_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), default=_same_as("person_id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"), unique=True)
    least_percent: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    completed_on: Mapped[date | None]
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(20))
    cost_cents: Mapped[int | None]
    edition: Mapped[Edition] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=person_id)


class EnrolmentRegisterNumber(Base):
    """A registration number given with an enrolment, for the certificate and the hand-over."""

    __tablename__ = "enrolment_register_numbers"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    register_code: Mapped[str] = mapped_column(ForeignKey("registers.code"), primary_key=True)
    number: Mapped[str] = mapped_column(String(40))


class Seat(Base):
    """The right to sit in one meeting. Released seats stay as rows: the past is not rewritten.

    `instead_of_id`: the seat of the same enrolment, for the same module, that this one stands in for. That one is
    released when a coming dagdeel was swapped, and held when it was missed and is made up. The meeting may be another
    edition's, so whoever asks where somebody sits goes by the seat, never by the enrolment's edition.

    `taken_at` None: with its enrolment; else when it was added to it."""

    __tablename__ = "seats"
    __table_args__ = (
        Index(
            "uq_seats_held",
            "enrolment_id",
            "meeting_id",
            unique=True,
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
        Index(
            "uq_seats_stand_in",
            "instead_of_id",
            unique=True,
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
        Index("ix_seats_meeting_id", "meeting_id"),
        # uq_seats_held knows only the seats that are held; a person's own page asks for the released ones too.
        Index("ix_seats_enrolment_id", "enrolment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("seats.id"))
    enrolment: Mapped[Enrolment] = relationship(lazy="raise_on_sql")
    meeting: Mapped[Meeting] = relationship(lazy="raise_on_sql")


class WaitingListEntry(Base):
    """A wish for seats in an edition, in order of arrival (by id). `module_ids` None: the whole training.

    `people` is how many still wish to come; `together`: all of them or none. Off the list, `ended_by` says why."""

    __tablename__ = "waiting_list_entries"
    __table_args__ = (
        Index(
            "uq_waiting_list_entries_waiting",
            "edition_id",
            "person_id",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    module_ids: Mapped[list[int] | None] = mapped_column(JSON)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    people: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    together: Mapped[bool] = mapped_column(default=True, server_default=true())
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str] = mapped_column(String(12), default="", server_default="")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")

    @property
    def is_single(self) -> bool:
        """Whether somebody waits for themselves alone. What is left of a group of which some have come is no single."""
        return self.people == 1 and self.together


class WaitingListOffer(Base):
    """Seats that are held for somebody who waits, until `expires_at`: for `people`, in every meeting of the wish. An
    entry has at most one that is open; what was answered or lapsed is never opened again."""

    __tablename__ = "waiting_list_offers"
    __table_args__ = (
        Index(
            "uq_waiting_list_offers_open",
            "entry_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_waiting_list_offers_due", "state", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("waiting_list_entries.id"), index=True)
    people: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default=OfferState.OPEN)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    entry: Mapped[WaitingListEntry] = relationship(lazy="raise_on_sql")


class SeatHold(Base):
    """One seat of a meeting that is kept free for somebody: it counts in the meeting's `taken`, and nobody sits in it
    yet. It is gone when it becomes a seat or is let go."""

    __tablename__ = "seat_holds"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("reserved_places.id"), index=True)
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("waiting_list_offers.id"), index=True)

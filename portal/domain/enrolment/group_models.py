"""Tables of people who are enrolled together, by one who speaks for them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, UtcDateTime
from portal.domain.accounts.models import Person
from portal.domain.catalogue.models import Edition
from portal.domain.enrolment.models import Enrolment


class PlaceState(StrEnum):
    """reserved: seats are held, for whom is said later. named: for somebody, as given. released: given back."""

    RESERVED = "reserved"
    NAMED = "named"
    RELEASED = "released"


class GroupDraft(Base):
    """A group that is being put together: the list of people as it is mended, and who contracts. `answers` is emptied
    when the group is booked: what it held stands with the group then."""

    __tablename__ = "group_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    answers: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("group_bookings.id"))


class GroupBooking(Base):
    """People of one organisation or employer in one edition, enrolled together; it contracts, and is spoken for by the
    contact. `price_cents` is per person. `module_ids` None: the whole training. `name_until`: when places that nobody
    was named for are given back; None when there were none. `next_due_at`: when the worker reminds the contact of them,
    or gives them back."""

    __tablename__ = "group_bookings"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    employer: Mapped[str] = mapped_column(String(200), default="")
    module_ids: Mapped[list[int] | None] = mapped_column(JSON)
    order_reference: Mapped[str] = mapped_column(String(60), default="")
    terms_version_id: Mapped[int] = mapped_column(ForeignKey("terms_versions.id"))
    price_cents: Mapped[int]
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    name_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    edition: Mapped[Edition] = relationship(lazy="raise_on_sql")
    contact: Mapped[Person] = relationship(lazy="raise_on_sql")


class ReservedPlace(Base):
    """One place of a group. Named: `name`, `email` and `number` are as they were given and answered, and `enrolment_id`
    is what came of it; None for somebody who took part already, which only they are told. `fill_token_hash`: of the
    link by which somebody names themselves. `cost_cents`: what giving it back costs."""

    __tablename__ = "reserved_places"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("group_bookings.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=PlaceState.RESERVED)
    name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    number: Mapped[str] = mapped_column(String(20), default="")
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"), unique=True)
    fill_token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    cost_cents: Mapped[int | None]
    named_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    enrolment: Mapped[Enrolment | None] = relationship(lazy="raise_on_sql")

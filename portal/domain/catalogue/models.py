"""Tables of what is on offer: registers, courses and their modules, accreditations, editions and their meetings."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, UtcDateTime
from portal.domain.accounts.models import Organisation, Person
from portal.domain.catalogue.rules import ON_OFFER, Delivery, EditionKind, EditionState, Vat


class Register(Base):
    """A quality register that grants points: SKJ, Registerplein."""

    __tablename__ = "registers"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    website: Mapped[str] = mapped_column(String(200), default="")


class Course(Base):
    """A training on offer. `requires`: what is asked first, as requirements.py writes it."""

    __tablename__ = "courses"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[str] = mapped_column(String(200), default="")
    delivery: Mapped[list[str]] = mapped_column(JSON, default=list)
    separately_bookable: Mapped[bool] = mapped_column(default=False)
    price_cents: Mapped[int] = mapped_column(default=0)
    vat: Mapped[str] = mapped_column(String(10), default=Vat.EXEMPT)
    requires: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    visible: Mapped[bool] = mapped_column(default=True)


class Module(Base):
    """One part of a course (dagdeel). Hours are net, without breaks, as the registers count them."""

    __tablename__ = "modules"
    __table_args__ = (UniqueConstraint("course_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    contact_minutes: Mapped[int]
    preparation: Mapped[str] = mapped_column(Text, default="")
    preparation_minutes: Mapped[int] = mapped_column(default=0)
    price_cents: Mapped[int] = mapped_column(default=0)
    course: Mapped[Course] = relationship(lazy="raise_on_sql")

    @property
    def asks_preparation(self) -> bool:
        """Whether its points wait for preparation that is handed in."""
        return bool(self.preparation)


class Accreditation(Base):
    """A register's grant of points for one module, or for a course as a whole, over a period.

    None as `valid_from` or `valid_until`: that side is open. `threshold_percent`: how much of each meeting must be
    attended (default 100; the registers publish no figure, so it is a setting per accreditation)."""

    __tablename__ = "accreditations"
    __table_args__ = (
        CheckConstraint("(course_id IS NULL) <> (module_id IS NULL)", name="course_or_module"),
        CheckConstraint("threshold_percent BETWEEN 1 AND 100", name="threshold"),
        CheckConstraint("points >= 0", name="points"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    register_code: Mapped[str] = mapped_column(ForeignKey("registers.code"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"), index=True)
    module_id: Mapped[int | None] = mapped_column(ForeignKey("modules.id"), index=True)
    number: Mapped[str | None] = mapped_column(String(40))
    points: Mapped[int]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    threshold_percent: Mapped[int] = mapped_column(default=100)
    test_required: Mapped[bool] = mapped_column(default=False)
    register: Mapped[Register] = relationship(lazy="raise_on_sql")


class Edition(Base):
    """A course given once, to one group. `price_cents` None: the course's own price. `decide_on`: the day by which a
    tentative one is confirmed or cancelled. `confirmed_with`: how many people it had when it was confirmed.
    `counted_only`: nobody enrols in it, and of its meetings only the number of people is kept."""

    __tablename__ = "editions"
    __table_args__ = (Index("ix_editions_state_starts", "state", "starts_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12), default=EditionKind.OPEN)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default=EditionState.DRAFT)
    delivery: Mapped[str] = mapped_column(String(10), default=Delivery.ONSITE)
    place: Mapped[str] = mapped_column(String(120), default="")
    minimum: Mapped[int] = mapped_column(default=0)
    price_cents: Mapped[int | None]
    starts_on: Mapped[date | None]
    decide_on: Mapped[date | None]
    confirmed_with: Mapped[int | None]
    counted_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    course: Mapped[Course] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")

    @property
    def on_offer(self) -> bool:
        """Whether people may be enrolled in it."""
        return self.state in ON_OFFER


class Meeting(Base):
    """One gathering of an edition; it teaches one module. Capacity is counted here: `taken` seats of `capacity`."""

    __tablename__ = "meetings"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND taken <= capacity", name="seats"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        UniqueConstraint("edition_id", "module_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("modules.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    venue: Mapped[str] = mapped_column(String(200), default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    edition: Mapped[Edition] = relationship(lazy="raise_on_sql")
    module: Mapped[Module] = relationship(lazy="raise_on_sql")


class MeetingTrainer(Base):
    """Who gives a meeting."""

    __tablename__ = "meeting_trainers"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True, index=True)
    person: Mapped[Person] = relationship(lazy="raise_on_sql")


def change(row: Base, columns: dict[str, Any]) -> tuple[str, ...]:
    """Gives a row these values; the names of the columns that really got another one."""
    changed = tuple(name for name, value in columns.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, columns[name])
    return changed

"""Tables of the coordinators. Of a conference: its date, kind, region and coordinator, never a family's data."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.domain.accounts.models import Person


class Region(Base):
    """A region and who manages it."""

    __tablename__ = "regions"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class Coordinator(Base):
    """A person on the way to, or at work as, Eigen Kracht-coördinator."""

    __tablename__ = "coordinators"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    region: Mapped[Region] = relationship(lazy="raise_on_sql")


class Conference(Base):
    """An Eigen Kracht-conferentie that a coordinator has done."""

    __tablename__ = "conferences"

    id: Mapped[int] = mapped_column(primary_key=True)
    coordinator_id: Mapped[int] = mapped_column(ForeignKey("coordinators.id"), index=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    held_on: Mapped[date]
    kind: Mapped[str] = mapped_column(String(40))

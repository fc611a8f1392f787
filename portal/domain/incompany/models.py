"""Tables of trainings that are made to measure for one client."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, UtcDateTime
from portal.domain.accounts.models import Organisation, Person
from portal.domain.catalogue.models import Course, Edition


class TrainingRequest(Base):
    """A question for an in-company training, as it was asked.

    `organisation_name` is what the asker wrote; `organisation_id` is the client that the office found it to be, set
    when it plans the training as `edition_id`."""

    __tablename__ = "training_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_name: Mapped[str] = mapped_column(String(200))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    state: Mapped[str] = mapped_column(String(12))
    group_size: Mapped[int]
    period: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(200))
    goal: Mapped[str] = mapped_column(Text)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
    contact: Mapped[Person] = relationship(lazy="raise_on_sql")
    course: Mapped[Course] = relationship(lazy="raise_on_sql")
    edition: Mapped[Edition | None] = relationship(lazy="raise_on_sql")

"""What attendance earned, and why."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, UtcDateTime
from portal.domain.catalogue.models import Accreditation
from portal.domain.enrolment.models import Enrolment


class PointAward(Base):
    """The outcome for one enrolment and one accreditation: the points (0 when it does not count), the rule's version,
    the reason's code and the facts that it was decided on, from which its sentence is made in either language."""

    __tablename__ = "point_awards"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    register_code: Mapped[str] = mapped_column(ForeignKey("registers.code"))
    module_id: Mapped[int | None] = mapped_column(ForeignKey("modules.id"))
    accreditation_id: Mapped[int | None] = mapped_column(ForeignKey("accreditations.id"))
    points: Mapped[int]
    reason: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, object]] = mapped_column(JSON)
    rule_version: Mapped[str] = mapped_column(String(20))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    enrolment: Mapped[Enrolment] = relationship(lazy="raise_on_sql")
    accreditation: Mapped[Accreditation | None] = relationship(lazy="raise_on_sql")

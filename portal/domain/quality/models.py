"""Tables of evaluations. Nothing leads from an answer to a person, nor to the order in which people answered."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, UtcDateTime
from portal.domain.quality.rules import HIGHEST, LOWEST, Question


class Evaluation(Base):
    """That the people of an edition are asked, and until when they may answer; both decided when it opens. `asked`:
    how many were, also when it is no longer known who."""

    __tablename__ = "evaluations"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    asked: Mapped[int] = mapped_column(default=0, server_default=text("0"))


class EvaluationRequest(Base):
    """Somebody was asked, by a link of their own. `used` is all that is known of their answering: no moment, no
    answer."""

    __tablename__ = "evaluation_requests"
    __table_args__ = (UniqueConstraint("edition_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("evaluations.edition_id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    used: Mapped[bool] = mapped_column(default=False, server_default=false())


class EvaluationAnswer(Base):
    """One answer. Its number is drawn by chance and the table is kept in the order of these numbers: rows in the order
    in which they came would tell who was first."""

    __tablename__ = "evaluation_answers"
    __table_args__ = (
        *[CheckConstraint(f"{each} BETWEEN {LOWEST} AND {HIGHEST}", name=each) for each in Question],
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("evaluations.edition_id"), index=True)
    content: Mapped[int]
    trainer: Mapped[int]
    place: Mapped[int]
    usefulness: Mapped[int]
    remark: Mapped[str] = mapped_column(Text, default="", server_default="")

"""Tables of the list that was signed on paper: its photos, and what came of comparing it with the digital one."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from portal.db import Base, UtcDateTime


class PaperPhoto(Base):
    """A photo of a page, as `documents.photo` made it; `sha256` of its bytes. One that was withdrawn stays until the
    presence that it proves may go, and is shown to nobody."""

    __tablename__ = "paper_photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    jpeg: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class PaperCheck(Base):
    """What the paper says of one person, beside the mark that it was compared with (`compared_with`: its fingerprint).
    No row: not compared yet."""

    __tablename__ = "paper_checks"

    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(String(200))
    compared_with: Mapped[str] = mapped_column(String(16))
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))


class PaperExtra(Base):
    """How many people of a meeting stand on the paper only."""

    __tablename__ = "paper_extras"
    __table_args__ = (CheckConstraint("people >= 0", name="people"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    people: Mapped[int]
    note: Mapped[str] = mapped_column(String(200))
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))

"""Table of who went into an online meeting by their own link."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, UtcDateTime


class MeetingJoin(Base):
    """Somebody pressed the button of their own link: each time that they did. A fact beside the mark, never a mark."""

    __tablename__ = "meeting_joins"

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

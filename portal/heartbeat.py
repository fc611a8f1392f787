"""When the worker last said that it lives: one row per machine it runs on."""

import platform
from datetime import datetime

from sqlalchemy import String, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, UtcDateTime, db, transaction


class Heartbeat(Base):
    """One worker's last sign of life."""

    __tablename__ = "heartbeats"

    worker: Mapped[str] = mapped_column(String(100), primary_key=True)
    beat_at: Mapped[datetime] = mapped_column(UtcDateTime)


def beat(now: datetime) -> None:
    """Says, in a transaction of its own, that the worker of this machine lives."""
    worker = platform.node()[:100] or "worker"
    with transaction():
        mine = update(Heartbeat).where(Heartbeat.worker == worker).values(beat_at=now).returning(Heartbeat.worker)
        if db.session.execute(mine).first() is None:
            db.session.add(Heartbeat(worker=worker, beat_at=now))


def last_beat() -> datetime | None:
    """The last sign of life of any worker, or None when there never was one."""
    return db.session.scalar(select(func.max(Heartbeat.beat_at)))

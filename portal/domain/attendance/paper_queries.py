"""The photos of a signed list, and the list beside them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.attendance.paper_models import PaperCheck, PaperExtra, PaperPhoto
from portal.domain.attendance.paper_rules import Check, Compared, Extra, OnPaper
from portal.domain.attendance.queries import list_seat_rows
from portal.domain.enrolment.models import Seat
from portal.errors import NotFound


@dataclass(frozen=True)
class PhotoRow:
    """A photo without its bytes, with their hash and who added it."""

    id: int
    sha256: str
    width: int
    height: int
    added_at: datetime
    added_by: str


def list_photos(meeting_id: int) -> list[PhotoRow]:
    """Those that were not withdrawn, the oldest first. One query."""
    rows = db.session.execute(
        select(
            PaperPhoto.id,
            PaperPhoto.sha256,
            PaperPhoto.width,
            PaperPhoto.height,
            PaperPhoto.added_at,
            Person.name.label("added_by"),
        )
        .join(Person, Person.id == PaperPhoto.added_by_id)
        .where(PaperPhoto.meeting_id == meeting_id, PaperPhoto.withdrawn_at.is_(None))
        .order_by(PaperPhoto.id)
    )
    return [PhotoRow(**row._mapping) for row in rows]


def get_photo(meeting_id: int, photo_id: int) -> bytes:
    """The bytes of a photo of this meeting; NotFound for another's, and for one that was withdrawn."""
    jpeg = db.session.scalar(
        select(PaperPhoto.jpeg).where(
            PaperPhoto.id == photo_id, PaperPhoto.meeting_id == meeting_id, PaperPhoto.withdrawn_at.is_(None)
        )
    )
    if jpeg is None:
        raise NotFound
    return jpeg


def list_compared(meeting_id: int) -> list[Compared]:
    """Everybody on the list with what the paper says of them, by name. Two queries."""
    found = db.session.execute(
        select(
            PaperCheck.seat_id,
            PaperCheck.outcome,
            PaperCheck.note,
            PaperCheck.compared_with,
            PaperCheck.checked_at,
            Person.name,
        )
        .join(Seat, Seat.id == PaperCheck.seat_id)
        .join(Person, Person.id == PaperCheck.checked_by_id)
        .where(Seat.meeting_id == meeting_id)
    )
    checks = {row.seat_id: row for row in found}
    return [
        Compared(
            seat_id=row.seat_id,
            enrolment_id=row.enrolment_id,
            name=row.name,
            note=row.employer,
            mark=row.mark,
            check=Check(OnPaper(check.outcome), check.note) if check else Check(),
            compared_with=check.compared_with if check else "",
            checked_at=check.checked_at if check else None,
            checked_by=check.name if check else "",
        )
        for row in list_seat_rows(meeting_id)
        for check in (checks.get(row.seat_id),)
    ]


def find_extra(meeting_id: int) -> Extra:
    """Who stands on the paper only; nobody when nothing was noted. One query."""
    row = db.session.execute(
        select(PaperExtra.people, PaperExtra.note).where(PaperExtra.meeting_id == meeting_id)
    ).one_or_none()
    return Extra(row.people, row.note) if row else Extra()

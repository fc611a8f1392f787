"""The waiting list of an edition as the office reads it: who waits, with what was offered, and who is off it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from portal.db import db, paged
from portal.domain.accounts.models import Person
from portal.domain.catalogue.models import Meeting, Module
from portal.domain.enrolment.models import WaitingListEntry, WaitingListOffer
from portal.domain.enrolment.waiting_rules import OfferState
from portal.errors import NotFound


@dataclass(frozen=True)
class Wish:
    """Somebody on a waiting list, or off it since `left_at`. `position` 1 is the first in line, 0 for who is off it;
    `positions` are those of the modules, empty for the whole. `offered` people have a seat held until `until`."""

    id: int
    position: int
    person_id: int
    name: str
    positions: tuple[int, ...]
    people: int
    together: bool
    joined_at: datetime
    left_at: datetime | None
    ended_by: str
    offered: int
    until: datetime | None

    @property
    def is_single(self) -> bool:
        """Whether they wait for themselves alone."""
        return self.people == 1 and self.together


@dataclass(frozen=True)
class WishPage:
    """One page of them; `total` on `pages` pages."""

    rows: list[Wish]
    number: int
    pages: int
    total: int


def list_in_line(edition_id: int, *, page: int = 1, per_page: int = 50) -> WishPage:
    """Who waits, in order of arrival, with the offer that is open. Three queries."""
    waits = _wishes(edition_id).where(WaitingListEntry.left_at.is_(None)).order_by(WaitingListEntry.id)
    return _page(edition_id, waits, page, per_page, in_line=True)


def list_off_list(edition_id: int, *, page: int = 1, per_page: int = 50) -> WishPage:
    """Who is on the list no longer, the last to go first. Three queries."""
    off = _wishes(edition_id).where(WaitingListEntry.left_at.is_not(None))
    order = (WaitingListEntry.left_at.desc(), WaitingListEntry.id.desc())
    return _page(edition_id, off.order_by(*order), page, per_page, in_line=False)


def get_wish(edition_id: int, entry_id: int) -> Wish:
    """One of this edition, without its place in line. NotFound. Two queries."""
    row = db.session.execute(_wishes(edition_id).where(WaitingListEntry.id == entry_id)).first()
    if row is None:
        raise NotFound
    return _wish(row, 0, _positions(edition_id))


def _wishes(edition_id: int) -> Select[*tuple[Any, ...]]:
    open_one = (WaitingListOffer.entry_id == WaitingListEntry.id) & (WaitingListOffer.state == OfferState.OPEN)
    return (
        select(
            WaitingListEntry.id,
            WaitingListEntry.person_id,
            Person.name,
            WaitingListEntry.module_ids,
            WaitingListEntry.people,
            WaitingListEntry.together,
            WaitingListEntry.joined_at,
            WaitingListEntry.left_at,
            WaitingListEntry.ended_by,
            WaitingListOffer.people.label("offered"),
            WaitingListOffer.expires_at,
        )
        .join(Person, Person.id == WaitingListEntry.person_id)
        .outerjoin(WaitingListOffer, open_one)
        .where(WaitingListEntry.edition_id == edition_id)
    )


def _page(edition_id: int, wanted: Select[*tuple[Any, ...]], page: int, per_page: int, *, in_line: bool) -> WishPage:
    found = paged(wanted, page=page, per_page=per_page)
    positions = _positions(edition_id)
    before = (found.number - 1) * per_page
    rows = [_wish(row, before + place if in_line else 0, positions) for place, row in enumerate(found.rows, 1)]
    return WishPage(rows, found.number, found.pages, found.total)


def _wish(row: Row[Any], position: int, positions: dict[int, int]) -> Wish:
    return Wish(
        id=row.id,
        position=position,
        person_id=row.person_id,
        name=row.name,
        positions=tuple(sorted(positions[number] for number in row.module_ids or () if number in positions)),
        people=row.people,
        together=row.together,
        joined_at=row.joined_at,
        left_at=row.left_at,
        ended_by=row.ended_by,
        offered=row.offered or 0,
        until=row.expires_at,
    )


def _positions(edition_id: int) -> dict[int, int]:
    taught = select(Module.id, Module.position).join(Meeting).where(Meeting.edition_id == edition_id)
    return {row.id: row.position for row in db.session.execute(taught)}

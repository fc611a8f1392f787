"""What is signed when a list is finished, and what the page of a finished list says of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from portal.domain.attendance.amendments import Amendment, list_amendments
from portal.domain.attendance.mark_words import counts_in_words
from portal.domain.attendance.queries import MeetingHead, SeatRow
from portal.domain.attendance.rules import ATTENDED
from portal.domain.attendance.signed_lists import Signature, check_signature

PER_PAGE = 20


@dataclass(frozen=True)
class SignedSheet:
    """A finished list: its signature, and one page of its amendments."""

    meeting_id: int
    signature: Signature
    amendments: Sequence[Amendment]
    number: int
    pages: int

    def page_url(self, number: int) -> str:
        return f"{url_for('attendance.sheet', meeting_id=self.meeting_id, pagina=number)}#amendments"


def signed_sheet(head: MeetingHead, *, number: int) -> SignedSheet | None:
    """None while the list is not finished."""
    if head.finished_at is None:
        return None
    found = list_amendments(head.id)
    pages = max(1, -(-len(found) // PER_PAGE))
    number = min(number, pages)
    shown = found[(number - 1) * PER_PAGE : number * PER_PAGE]
    return SignedSheet(head.id, check_signature(head.id, found), shown, number, pages)


@dataclass(frozen=True)
class ToBeSigned:
    """How many people have each status, and who was not there."""

    counts: list[tuple[str, int]]
    not_there: list[SeatRow]


def to_be_signed(rows: Sequence[SeatRow]) -> ToBeSigned:
    return ToBeSigned(
        counts_in_words(row.mark for row in rows), [row for row in rows if row.mark.status not in ATTENDED]
    )

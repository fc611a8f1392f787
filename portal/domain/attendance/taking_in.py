"""Taking somebody in by their own letters: whose they are, and why they are not taken in."""

from datetime import datetime

from portal.domain.attendance.arrivals import (
    Arrival,
    arrival_in_words,
    find_by_letters,
    find_other_meeting,
    list_arrivals,
)
from portal.domain.attendance.queries import MeetingHead, SeatRow, get_seat_row
from portal.domain.attendance.rules import ListState, status_in_words
from portal.errors import Refused
from portal.language import _, moment


def find_to_take_in(key: str, head: MeetingHead, letters: str, now: datetime) -> SeatRow:
    """Who these letters are of. Refused, at 'letters', when they are nobody's or another meeting's, and when there is
    nothing to do: that is said with the name."""
    found = find_by_letters(key, head.id, letters)
    if found is None:
        raise Refused(_unknown(find_other_meeting(key, head, letters)), field="letters")
    row = get_seat_row(head.id, found.seat_id)
    done = nothing_to_do(row, found.arrival, head.state(now))
    if done:
        raise Refused(done, field="letters")
    return row


def find_arrival(meeting_id: int, seat_id: int) -> Arrival | None:
    """When and how somebody came in. One query."""
    return list_arrivals(meeting_id).get(seat_id)


def nothing_to_do(row: SeatRow, arrival: Arrival | None, state: ListState) -> str:
    """That somebody is marked, or before the start that they came in; empty while they can be taken in."""
    if row.mark.status is not None:
        status = status_in_words(row.mark.status)
        return str(_("%(name)s staat al op %(status)s. Wijzigen kan op de lijst.", name=row.name, status=status))
    if arrival is not None and state is ListState.AHEAD:
        return f"{row.name}: {arrival_in_words(arrival)}"
    return ""


def _unknown(other: datetime | None) -> str:
    if other is not None:
        return str(
            _(
                "Deze code is voor een andere bijeenkomst: %(moment)s. Vraag om de code van vandaag.",
                moment=moment(other),
            )
        )
    return str(_("Deze code kennen we niet. Kijk hem na, of tik de naam aan op de lijst."))

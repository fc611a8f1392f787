"""When enrolling is closed: so many hours before the first meeting that is chosen, as the office has decided."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from portal.domain.enrolment.policy import current_policy
from portal.domain.enrolment.queries import MeetingOnOffer
from portal.domain.enrolment.waiting_rules import closes_at
from portal.errors import Refused
from portal.language import _, moment


def closed_after(now: datetime) -> datetime:
    """Meetings that begin by then are no longer enrolled in. One query."""
    return now + timedelta(hours=current_policy(now).enrolment_closes_hours)


def require_enrolling_open(meetings: Sequence[MeetingOnOffer], now: datetime) -> None:
    """Raises Refused, at the choice of modules, once enrolling for these meetings together is closed. One query."""
    closes = closes_at([meeting.starts_at for meeting in meetings], current_policy(now).enrolment_closes_hours)
    if closes <= now:
        sentence = _(
            "De inschrijving is gesloten: aanmelden kon tot %(moment)s. Kies een andere datum.", moment=moment(closes)
        )
        raise Refused(sentence, "modules")

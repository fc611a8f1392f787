"""When enrolling is closed: so many hours before the first meeting that is chosen, as the office has decided."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.clock import local_date
from portal.db import db
from portal.domain.enrolment.models import TermsVersion
from portal.domain.enrolment.policy import current_policy, newest_decision, policy_of
from portal.domain.enrolment.queries import MeetingOnOffer
from portal.domain.enrolment.terms import Terms, terms_from_json
from portal.domain.enrolment.waiting_rules import closes_at
from portal.errors import NotFound, Refused
from portal.language import _, moment


def closed_after(now: datetime) -> datetime:
    """Meetings that begin by then are no longer enrolled in. One query."""
    return now + timedelta(hours=current_policy(now).enrolment_closes_hours)


def terms_and_closing(now: datetime) -> tuple[Terms, datetime]:
    """The terms that hold today, and `closed_after`: what the page of an edition says beside its facts. One query.

    Raises NotFound while there are no terms."""
    decided = newest_decision(now).scalar_subquery().label("decided")
    in_force = select(TermsVersion.policies, decided).where(TermsVersion.effective_on <= local_date(now))
    row = db.session.execute(in_force.order_by(TermsVersion.effective_on.desc()).limit(1)).first()
    if row is None:
        raise NotFound
    hours = policy_of(row.decided).enrolment_closes_hours
    return terms_from_json(row.policies), now + timedelta(hours=hours)


def require_enrolling_open(meetings: Sequence[MeetingOnOffer], now: datetime) -> None:
    """Raises Refused, at the choice of modules, once enrolling for these meetings together is closed. One query."""
    closes = closes_at([meeting.starts_at for meeting in meetings], current_policy(now).enrolment_closes_hours)
    if closes <= now:
        sentence = _(
            "De inschrijving is gesloten: aanmelden kon tot %(moment)s. Kies een andere datum.", moment=moment(closes)
        )
        raise Refused(sentence, "modules")

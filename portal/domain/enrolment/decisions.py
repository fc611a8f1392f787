"""What follows at once from a decision of the office about enrolling."""

from datetime import datetime

from sqlalchemy import select

from portal.audit import Actor
from portal.db import db
from portal.domain.enrolment.models import WaitingListEntry
from portal.domain.enrolment.policy import Policy, decide_policy
from portal.domain.enrolment.promotion import offer_freed_seats


def decide(*, policy: Policy, actor: Actor, now: datetime) -> int:
    """Lets another policy hold from now on. When enrolling closes at another moment, what is free is offered to who
    waits and has time to answer now; returns how many offers that made. Errors: as decide_policy."""
    if "enrolment_closes_hours" not in decide_policy(policy=policy, actor=actor, now=now):
        return 0
    waited_for = select(WaitingListEntry.edition_id).where(WaitingListEntry.left_at.is_(None)).distinct()
    return offer_freed_seats(*db.session.scalars(waited_for), actor=actor, now=now)

"""Demo data: the real catalogue and two years of made-up editions around today, told through the domain's own commands.

The story is the same on every machine for the same day: its chances come from one seeded generator."""

import random
from datetime import datetime, timedelta

from sqlalchemy import update

from portal.db import db, transaction
from portal.demo import cast, catalogue, plot
from portal.demo.people import ACCOUNTS
from portal.demo.telling import Story
from portal.domain.accounts.queries import find_by_email
from portal.mail import MailState, OutgoingMail

SEED = 2024
YEARS_BACK = timedelta(days=740)


def load(now: datetime) -> bool:
    """Fills an empty portal. Returns False, and changes nothing, when the demo is there already.

    All or nothing: it is one transaction."""
    if find_by_email(ACCOUNTS[0][0]) is not None:
        return False
    with transaction():
        story = Story(now.replace(second=0, microsecond=0), random.Random(SEED))  # noqa: S311
        start = min(story.now - YEARS_BACK, plot.BEFORE_THE_FIRST_EDITION)
        story.at(start, cast.enter)
        story.at(start, catalogue.offer)
        story.at(start, lambda _moment: plot.begin(story))
        story.tell()
        old = update(OutgoingMail).where(OutgoingMail.queued_at < story.now - timedelta(hours=1))
        db.session.execute(old.values(state=MailState.KEPT, sent_at=OutgoingMail.queued_at))
    return True

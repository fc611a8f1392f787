"""What the office does to an edition is mailed a while later, so that it can still be held up."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from portal.audit import Actor, Event
from portal.domain.enrolment.policy import current_policy
from portal.mail import batches


@contextmanager
def told_later(deed: type[Event], edition_id: int, *, actor: Actor, now: datetime) -> Iterator[None]:
    """Lets the mails of a deed wait as long as the office has set. `deed` is the event that the log notes of it."""
    wait = timedelta(minutes=current_policy(now).mail_wait_minutes)
    with batches.waiting(deed=deed.tag, wait=wait, edition_id=edition_id, actor=actor, now=now):
        yield

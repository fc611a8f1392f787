"""What somebody has filled in so far, kept on the server until the last button. The browser has only a random token."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.queries import hash_token
from portal.domain.enrolment.models import EnrolmentDraft


def find_draft(token: str, edition_id: int) -> EnrolmentDraft | None:
    """The draft of this token for this edition, finished or not."""
    return db.session.scalar(
        select(EnrolmentDraft).where(
            EnrolmentDraft.token_hash == hash_token(token), EnrolmentDraft.edition_id == edition_id
        )
    )


def save_draft(*, token: str | None, edition_id: int, answers: Mapping[str, object], now: datetime) -> str:
    """Adds these answers to the draft of this token, or begins a new one when there is none that is unfinished. Returns
    the token. No audit: an unfinished form is nobody's deed yet."""
    draft = find_draft(token, edition_id) if token else None
    if draft is None or draft.enrolment_id is not None or token is None:
        token = secrets.token_urlsafe(32)
        draft = EnrolmentDraft(token_hash=hash_token(token), edition_id=edition_id, answers={}, created_at=now)
        db.session.add(draft)
    draft.answers = {**draft.answers, **answers}
    db.session.flush()
    return token


def lock_draft(draft_id: int) -> EnrolmentDraft | None:
    """The draft as it is now, held until the transaction ends: the second of two equal submits waits for the first."""
    return db.session.scalar(
        select(EnrolmentDraft)
        .where(EnrolmentDraft.id == draft_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )

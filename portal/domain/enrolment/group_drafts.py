"""A group that is being put together, kept on the server until the last button. Its address holds a random token."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.queries import hash_token
from portal.domain.enrolment.group_models import GroupDraft
from portal.errors import NotFound


def get_group_draft(token: str, edition_id: int, owner_id: int) -> GroupDraft:
    """The draft of this token that this person made for this edition, booked or not. NotFound for every other token."""
    draft = db.session.scalar(
        select(GroupDraft).where(
            GroupDraft.token_hash == hash_token(token),
            GroupDraft.edition_id == edition_id,
            GroupDraft.owner_id == owner_id,
        )
    )
    if draft is None:
        raise NotFound
    return draft


def begin_group_draft(*, edition_id: int, owner_id: int, answers: Mapping[str, object], now: datetime) -> str:
    """A new draft; returns its token. No audit: an unfinished form is nobody's deed yet."""
    token = secrets.token_urlsafe(24)
    draft = GroupDraft(token_hash=hash_token(token), edition_id=edition_id, owner_id=owner_id, created_at=now)
    draft.answers = dict(answers)
    db.session.add(draft)
    db.session.flush()
    return token


def keep_in_group_draft(*, draft_id: int, answers: Mapping[str, object]) -> None:
    """Adds answers to a draft; one that became a group stays as it is."""
    draft = lock_group_draft(draft_id)
    if draft.group_id is None:
        draft.answers = {**draft.answers, **answers}
        db.session.flush()


def lock_group_draft(draft_id: int) -> GroupDraft:
    """The draft as it is now, held until the transaction ends: the second of two equal submits waits for the first."""
    found = select(GroupDraft).where(GroupDraft.id == draft_id).with_for_update()
    draft = db.session.scalar(found.execution_options(populate_existing=True))
    if draft is None:
        raise NotFound
    return draft

"""Which drafts are this browser's: their random tokens stand in the cookie, their answers on the server."""

from collections.abc import Mapping

from flask import session

from portal import clock
from portal.db import transaction
from portal.domain.enrolment.commands import save_draft
from portal.domain.enrolment.drafts import find_draft
from portal.domain.enrolment.models import EnrolmentDraft

TOKENS = "enrolment_drafts"
# A cookie holds 4 kB; who looks at more editions than this at once begins the oldest again.
AT_MOST = 5


def this_draft(edition_id: int) -> EnrolmentDraft | None:
    """This browser's draft for an edition, finished or not."""
    token = session.get(TOKENS, {}).get(str(edition_id))
    return find_draft(token, edition_id) if token else None


def unfinished_draft(edition_id: int) -> EnrolmentDraft | None:
    """This browser's draft for an edition, unless it became an enrolment."""
    draft = this_draft(edition_id)
    return draft if draft is not None and draft.enrolment_id is None else None


def keep(edition_id: int, answers: Mapping[str, object]) -> None:
    """Adds answers to this browser's draft for an edition."""
    tokens = dict(session.get(TOKENS, {}))
    with transaction():
        token = save_draft(
            token=tokens.pop(str(edition_id), None), edition_id=edition_id, answers=answers, now=clock.now()
        )
    session[TOKENS] = dict(list({**tokens, str(edition_id): token}.items())[-AT_MOST:])

"""Reading the outbox."""

import re
from typing import Any

from sqlalchemy import Select, func, or_, select

from portal.db import Page, db, paged
from portal.errors import NotFound
from portal.mail.models import MailState, OutgoingMail

# Links that sign somebody in or act in their name hold a long random part.
SECRET_PART = re.compile(r"(?<=/)[A-Za-z0-9_-]{30,}(?=[\s\"'<.?]|$)")


def list_mails(
    *,
    state: MailState | None = None,
    words: str = "",
    edition_id: int | None = None,
    person_id: int | None = None,
    page: int = 1,
) -> Page:
    """Mail, the newest first: id, kind, to_name, to_address, subject, language, state, attempts, queued_at, sent_at,
    edition_id.
    Every word must stand in the reader's name or address or in the subject."""
    wanted: Select[*tuple[Any, ...]] = select(
        OutgoingMail.id,
        OutgoingMail.kind,
        OutgoingMail.to_name,
        OutgoingMail.to_address,
        OutgoingMail.subject,
        OutgoingMail.language,
        OutgoingMail.state,
        OutgoingMail.attempts,
        OutgoingMail.queued_at,
        OutgoingMail.sent_at,
        OutgoingMail.edition_id,
    )
    if state is not None:
        wanted = wanted.where(OutgoingMail.state == state)
    if edition_id is not None:
        wanted = wanted.where(OutgoingMail.edition_id == edition_id)
    if person_id is not None:
        wanted = wanted.where(OutgoingMail.person_id == person_id)
    for word in words.split():
        places = (OutgoingMail.to_name, OutgoingMail.to_address, OutgoingMail.subject)
        wanted = wanted.where(or_(*[place.icontains(word, autoescape=True) for place in places]))
    return paged(wanted.order_by(OutgoingMail.id.desc()), page=page)


def get_mail(mail_id: int) -> OutgoingMail:
    """The mail, or NotFound."""
    mail = db.session.get(OutgoingMail, mail_id)
    if mail is None:
        raise NotFound
    return mail


def count_mails_by_state() -> dict[MailState, int]:
    """How many mails are in each state; states without mail count 0."""
    counted = select(OutgoingMail.state, func.count().label("number")).group_by(OutgoingMail.state)
    counts = {row.state: row.number for row in db.session.execute(counted)}
    return {state: counts.get(state, 0) for state in MailState}


def without_secrets(text: str) -> str:
    """A mail's text with the random part of its links left out: who may read mail must not be able to sign in as its
    reader."""
    return SECRET_PART.sub("…", text)

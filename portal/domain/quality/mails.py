"""The mail that asks for an evaluation."""

from datetime import date, datetime

from portal.domain.accounts.mails import recipient
from portal.domain.accounts.models import Person
from portal.domain.quality import mail_texts
from portal.language import _, day, speaking
from portal.links import link
from portal.mail import enqueue, texts


def asked(person: Person, edition_id: int, title: str, token: str, last_on: date, now: datetime) -> None:
    """To who attended an edition: the way to its questions, once."""
    with speaking(person.language):
        letter = texts.letter(
            mail_texts.ASKED,
            {"naam": person.name, "training": title, "datum": day(last_on)},
            button=(_("Geef je mening"), link(f"/evaluatie/{token}", person.language)),
            after=mail_texts.once_and_nameless(),
        )
    enqueue(
        letter,
        kind=mail_texts.ASKED.name,
        to=recipient(person),
        dedupe_key=f"evaluation:{edition_id}:{person.id}",
        now=now,
        edition_id=edition_id,
    )

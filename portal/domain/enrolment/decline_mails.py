"""The question to somebody whose calendar said that they do not come."""

from datetime import datetime

from portal.clock import local_date
from portal.documents.reply import Coming
from portal.domain.accounts.mails import recipient
from portal.domain.accounts.models import Person
from portal.domain.calendar.replies import Question
from portal.domain.enrolment import mail_texts
from portal.domain.enrolment.queries import EditionOnOffer
from portal.domain.enrolment.wording import meeting_lines
from portal.language import _, speaking
from portal.links import link
from portal.mail import enqueue, texts


def is_that_so(person: Person, enrolment_id: int, edition: EditionOnOffer, question: Question, now: datetime) -> None:
    """Asks, with the way to their enrolment. At most one a day about an edition: who declines four invitations in a row
    is asked once, and sees all four on their page."""
    meetings = [meeting for meeting in edition.meetings if meeting.id == question.meeting_id]
    with speaking(person.language):
        letter = texts.letter(
            mail_texts.DECLINE_ASKED,
            {"naam": person.name, "training": edition.title},
            told=(_what_came(question.partstat, edition.title), *_from_where(question)),
            facts=meeting_lines(edition, meetings),
            button=(_("Vertel hoe het zit"), link(f"/mijn/inschrijvingen/{enrolment_id}", person.language)),
            after=(_("Er is niets veranderd: je plek is van jou, tot je zelf iets anders kiest."),),
        )
    enqueue(
        letter,
        kind="enrolment.decline_asked",
        to=recipient(person),
        dedupe_key=f"decline_asked:{edition.id}:{person.id}:{local_date(now)}",
        now=now,
        edition_id=edition.id,
    )


def _what_came(partstat: str, title: str) -> str:
    if partstat == Coming.COUNTERED:
        return str(
            _("Op je uitnodiging voor %(title)s kwam uit een agenda het voorstel voor een andere tijd.", title=title)
        )
    if partstat == Coming.DELEGATED:
        return str(_("Op je uitnodiging voor %(title)s kwam uit een agenda dat iemand anders gaat.", title=title))
    return str(_("Op je uitnodiging voor %(title)s kwam uit een agenda het antwoord ‘nee’.", title=title))


def _from_where(question: Question) -> list[str]:
    if not question.other_address:
        return []
    return [_("Het antwoord kwam van een ander adres dan het jouwe.")]

"""Which mail goes to whom about seats that came free for who waits."""

from collections.abc import Sequence
from datetime import datetime

from portal.domain.accounts.mails import recipient
from portal.domain.accounts.models import Person
from portal.domain.enrolment import mail_texts
from portal.domain.enrolment.models import WaitingListOffer
from portal.domain.enrolment.queries import EditionOnOffer, MeetingOnOffer
from portal.domain.enrolment.wording import meeting_lines
from portal.language import _, _n, moment, speaking
from portal.links import link
from portal.mail import Letter, enqueue, texts


def offered(
    person: Person,
    edition: EditionOnOffer,
    meetings: Sequence[MeetingOnOffer],
    offer: WaitingListOffer,
    token: str,
    now: datetime,
) -> None:
    """To the first who fits: what is held, until when, and the page with both buttons."""
    with speaking(person.language):
        letter = texts.letter(
            mail_texts.OFFERED,
            {"naam": person.name, "training": edition.title},
            told=(
                _n(
                    "We houden een plek voor je vast tot %(until)s.",
                    "We houden %(num)s plekken voor je vast tot %(until)s.",
                    offer.people,
                    until=moment(offer.expires_at),
                ),
                mail_texts.how_to_answer(),
            ),
            facts=meeting_lines(edition, meetings),
            button=(_("Kies of je meedoet"), link(f"/wachtlijst/{token}", person.language)),
            after=(_("Kies je niet op tijd, dan gaat de plek naar de volgende en sta je niet meer op de lijst."),),
        )
    _queue(letter, "offered", person, offer, edition.id, now)


def more_offered(person: Person, edition: EditionOnOffer, offer: WaitingListOffer, now: datetime) -> None:
    """To who has an open offer for some of a group: there are more seats now. The page is that of the first mail."""
    with speaking(person.language):
        letter = Letter(
            subject=_("Er is meer plek voor %(title)s", title=edition.title),
            paragraphs=(
                _(
                    "We houden nu %(num)s plekken voor je vast, tot %(until)s.",
                    num=offer.people,
                    until=moment(offer.expires_at),
                ),
                _("Kies op de pagina uit onze vorige mail wie er komen."),
            ),
        )
    enqueue(
        letter,
        kind="enrolment.offer_grown",
        to=recipient(person),
        dedupe_key=f"offer_grown:{offer.id}:{offer.people}",
        now=now,
        edition_id=edition.id,
    )


def lapsed(person: Person, edition: EditionOnOffer, offer: WaitingListOffer, now: datetime) -> None:
    """To somebody who did not answer in time."""
    with speaking(person.language):
        letter = texts.letter(
            mail_texts.OFFER_LAPSED,
            {"naam": person.name, "training": edition.title},
            told=(_("We hielden een plek voor je vast tot %(until)s.", until=moment(offer.expires_at)),),
            button=(_("Kies een andere datum"), link(f"/trainingen/{edition.slug}", person.language)),
        )
    _queue(letter, "offer_lapsed", person, offer, edition.id, now)


def declined(person: Person, edition: EditionOnOffer, offer: WaitingListOffer, now: datetime) -> None:
    """To somebody who said no: it was understood, and nothing more comes."""
    with speaking(person.language):
        letter = Letter(
            subject=_("Je doet niet mee aan %(title)s", title=edition.title),
            paragraphs=(_("Je wilde de plek niet. Je staat niet meer op de wachtlijst."),),
            button=(_("Bekijk andere trainingen"), link("/trainingen", person.language)),
            after=(_("Heb je dit niet zelf gedaan? Antwoord dan op deze mail."),),
        )
    _queue(letter, "offer_declined", person, offer, edition.id, now)


def _queue(letter: Letter, kind: str, person: Person, offer: WaitingListOffer, edition_id: int, now: datetime) -> None:
    enqueue(
        letter,
        kind=f"enrolment.{kind}",
        to=recipient(person),
        dedupe_key=f"{kind}:{offer.id}",
        now=now,
        edition_id=edition_id,
    )

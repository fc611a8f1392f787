"""Mail about who was added at the door: to them, and to the office's desk, which reads no name in it."""

from collections.abc import Sequence
from datetime import datetime

from flask import current_app

from portal.domain.accounts.commands import create_sign_in_link
from portal.domain.accounts.mails import recipient
from portal.domain.accounts.models import Person
from portal.domain.enrolment.enrolling import SIGN_IN_LINK_LASTS
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.own_enrolments import OwnEnrolment
from portal.domain.enrolment.queries import EditionOnOffer, MeetingOnOffer
from portal.domain.enrolment.wording import meeting_lines
from portal.language import DUTCH, _, moment, money, speaking
from portal.links import link
from portal.mail import Letter, Recipient, enqueue


def added(
    person: Person,
    enrolment: Enrolment,
    edition: EditionOnOffer,
    meetings: Sequence[MeetingOnOffer],
    *,
    asked: bool,
    now: datetime,
) -> None:
    """What the trainer wrote down and what it costs, with a link that signs its reader in, once, to say whether that is
    right (`asked`)."""
    token = create_sign_in_link(person_id=person.id, now=now, valid_for=SIGN_IN_LINK_LASTS)
    with speaking(person.language):
        price = [] if edition.in_company else [(str(_("Prijs")), money(enrolment.price_cents))]
        letter = Letter(
            subject=_("Je staat op de lijst van %(title)s", title=edition.title),
            paragraphs=(
                _("Dag %(name)s,", name=person.name),
                _(
                    "De trainer zette je op de lijst van dit dagdeel. Je aanmeldnummer is %(number)s.",
                    number=enrolment.number,
                ),
            ),
            facts=(*meeting_lines(edition, meetings), *price),
            button=(
                _("Kijk of het klopt") if asked else _("Bekijk je inschrijving"),
                link(f"/inloggen/link/{token}", person.language),
            ),
            after=_what_it_means(now, asked=asked),
        )
    enqueue(
        letter,
        kind="attendance.walk_in_added",
        to=recipient(person),
        dedupe_key=f"walk_in_added:{enrolment.id}",
        now=now,
        edition_id=edition.id,
    )


def tell_the_office(
    enrolment: Enrolment, edition: EditionOnOffer, meetings: Sequence[MeetingOnOffer], now: datetime
) -> None:
    """That a trainer added somebody."""
    with speaking(DUTCH):
        letter = Letter(
            subject=_("Iemand erbij aan de deur: %(title)s", title=edition.title),
            paragraphs=(_("De trainer zette iemand op de lijst die niet was ingeschreven."),),
            facts=meeting_lines(edition, meetings),
            button=(_("Bekijk de inschrijving"), link(f"/bureau/inschrijvingen/{enrolment.id}")),
            after=(_("Wie erbij kwam, krijgt een mail om te bevestigen wat is afgesproken."),),
        )
    _to_the_desk(letter, "walk_in_notice", enrolment.id, edition.id, now)


def tell_the_office_it_was_withdrawn(own: OwnEnrolment, now: datetime) -> None:
    """That somebody who was added did not agree."""
    with speaking(DUTCH):
        letter = Letter(
            subject=_("Niet akkoord na een aanmelding aan de deur: %(title)s", title=own.edition.title),
            paragraphs=(
                _("Iemand die de trainer op de lijst zette, is het niet eens met de inschrijving."),
                _("De inschrijving is zonder kosten geannuleerd. De presentielijst is niet veranderd."),
            ),
            button=(_("Bekijk de inschrijving"), link(f"/bureau/inschrijvingen/{own.id}")),
        )
    _to_the_desk(letter, "walk_in_withdrawn_notice", own.id, own.edition.id, now)


def _what_it_means(now: datetime, *, asked: bool) -> tuple[str, ...]:
    link_lasts = _(
        "De knop logt je één keer in, tot %(moment)s. Daarna vraag je een nieuwe aan op de inlogpagina.",
        moment=moment(now + SIGN_IN_LINK_LASTS),
    )
    agreement = (
        (
            _("Bevestig je, dan gelden deze prijs en onze algemene voorwaarden."),
            _("Klopt het niet, dan trek je de inschrijving in. Zolang je niet hebt bevestigd, kost dat niets."),
        )
        if asked
        else (_("Je organisatie sloot de overeenkomst. Je betaalt zelf niets."),)
    )
    return (*agreement, link_lasts, _("Was je dit niet? Antwoord dan op deze mail."))


def _to_the_desk(letter: Letter, kind: str, enrolment_id: int, edition_id: int, now: datetime) -> None:
    desk = Recipient(current_app.config["PORTAL"].office_mail, _("Bureau"), DUTCH)
    key = f"{kind}:{enrolment_id}"
    enqueue(letter, kind=f"attendance.{kind}", to=desk, dedupe_key=key, now=now, edition_id=edition_id)

"""Which mail goes to whom when an enrolment goes on elsewhere or by somebody else."""

from collections.abc import Sequence
from datetime import datetime

from portal.domain.accounts.mails import recipient
from portal.domain.accounts.models import Person
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.own_enrolments import OwnEnrolment
from portal.domain.enrolment.queries import EditionOnOffer, MeetingOnOffer
from portal.domain.enrolment.terms import Cost
from portal.domain.enrolment.wording import meeting_lines, sentence_of_least
from portal.language import _, day, moment, money, speaking
from portal.links import link
from portal.mail import Invitation, Letter, enqueue


def moved_away(
    person: Person, own: OwnEnrolment, edition: EditionOnOffer, *, invitation: Invitation, now: datetime
) -> None:
    """To who moves to another edition, first: the meetings that leave the calendar."""
    with speaking(person.language):
        letter = Letter(
            subject=_("Je oude data van %(title)s vervallen", title=own.edition.title),
            paragraphs=(
                _("Je boekte om naar een andere datum. De oude afspraken verdwijnen uit je agenda."),
                _("Je nieuwe data staan in de volgende mail."),
            ),
            facts=meeting_lines(own.edition, [meeting for meeting in own.meetings if meeting.starts_at > now]),
            button=(_("Bekijk je inschrijvingen"), link("/mijn", person.language)),
        )
    _queue(letter, "moved_away", person, f"moved_away:{own.id}", own.edition.id, now, invitation)


def moved(
    person: Person,
    own: OwnEnrolment,
    enrolment: Enrolment,
    edition: EditionOnOffer,
    meetings: Sequence[MeetingOnOffer],
    cost: Cost,
    *,
    invitation: Invitation,
    now: datetime,
) -> None:
    """To who moves to another edition, second: the new meetings, the number, the price and what moving costs."""
    with speaking(person.language):
        letter = Letter(
            subject=_("Je bent omgeboekt: %(title)s", title=edition.title),
            paragraphs=(
                _("Je doet mee op nieuwe data. Je aanmeldnummer is nu %(number)s.", number=enrolment.number),
                *_cost_of_moving(own, enrolment, cost),
            ),
            facts=(*meeting_lines(edition, meetings), *_price(enrolment, edition)),
            button=(_("Bekijk je inschrijving"), link(f"/mijn/inschrijvingen/{enrolment.id}", person.language)),
            after=(
                _("De nieuwe afspraken zitten als agenda-uitnodiging bij deze mail."),
                _("Je voorwaarden blijven die van je eerste aanmelding."),
                _not_you(),
            ),
        )
    _queue(letter, "moved", person, f"moved:{enrolment.id}", edition.id, now, invitation)


def gave_place(person: Person, own: OwnEnrolment, cost: Cost, *, invitation: Invitation | None, now: datetime) -> None:
    """To who sends somebody else: the meetings that leave the calendar, and what stays theirs."""
    paid = _("De overeenkomst en de prijs veranderen niet.")
    costs = _("Dit kost je %(amount)s.", amount=money(cost.cents)) if cost.cents else _("Dit kost je niets.")
    with speaking(person.language):
        letter = Letter(
            subject=_("Een collega neemt je plek over: %(title)s", title=own.edition.title),
            paragraphs=(
                _("Je doet niet meer mee aan %(title)s (%(number)s).", title=own.edition.title, number=own.number),
                _("Je collega heeft een bevestiging en de agenda-uitnodigingen gekregen."),
                *([] if own.edition.in_company else [f"{paid} {costs}"]),
                *([_("De afspraken verdwijnen uit je agenda met het bestand bij deze mail.")] if invitation else []),
            ),
            button=(_("Bekijk je inschrijvingen"), link("/mijn", person.language)),
            after=(_not_you(),),
        )
    _queue(letter, "gave_place", person, f"gave_place:{own.id}", own.edition.id, now, invitation)


def took_place(
    person: Person,
    enrolment: Enrolment,
    edition: EditionOnOffer,
    meetings: Sequence[MeetingOnOffer],
    *,
    token: str,
    token_until: datetime,
    invitation: Invitation,
    now: datetime,
) -> None:
    """To who comes instead: the confirmation with the invitations and a link that signs them in, once."""
    with speaking(person.language):
        letter = Letter(
            subject=_("Je doet mee aan %(title)s", title=edition.title),
            paragraphs=(
                _("Je neemt de plek van een collega over. Je aanmeldnummer is %(number)s.", number=enrolment.number),
                *([] if edition.in_company else [_("Je betaalt zelf niets: de overeenkomst blijft bij je collega.")]),
            ),
            facts=meeting_lines(edition, meetings),
            button=(_("Bekijk je inschrijving"), link(f"/inloggen/link/{token}", person.language)),
            after=(
                _(
                    "De knop logt je één keer in, tot %(moment)s. Daarna vraag je een nieuwe aan op de inlogpagina.",
                    moment=moment(token_until),
                ),
                _("De afspraken zitten als agenda-uitnodiging bij deze mail."),
                _("Kun je toch niet? Open je inschrijving en kies Annuleren."),
                _not_you(),
            ),
        )
    _queue(letter, "took_place", person, f"took_place:{enrolment.id}", edition.id, now, invitation)


def cancelled_by_substitute(person: Person, own: OwnEnrolment, cost: Cost, now: datetime) -> None:
    """To whose agreement it is, when the colleague who came instead cancels: what it costs them."""
    with speaking(person.language):
        letter = Letter(
            subject=_("De plek die je overdroeg is geannuleerd: %(title)s", title=own.edition.title),
            paragraphs=(
                _(
                    "Je collega doet niet meer mee aan %(title)s, vanaf %(day)s.",
                    title=own.edition.title,
                    day=day(own.meetings[0].starts_at),
                )
                if own.meetings
                else _("Je collega doet niet meer mee aan %(title)s.", title=own.edition.title),
                _("Dit kost je %(amount)s.", amount=money(cost.cents)) if cost.cents else _("Dit kost je niets."),
            ),
            button=(_("Bekijk andere trainingen"), link("/trainingen", person.language)),
        )
    _queue(letter, "cancelled_by_substitute", person, f"cancelled_by_substitute:{own.id}", own.edition.id, now, None)


def edition_cancelled_for_substitute(person: Person, own: OwnEnrolment, now: datetime) -> None:
    """To whose agreement it is, when the edition in which a colleague took their place is not given."""
    with speaking(person.language):
        paid = _("Je betaalt niets. Had je al betaald, dan krijg je alles terug.")
        letter = Letter(
            subject=_("%(title)s gaat niet door", title=own.edition.title),
            paragraphs=(
                _("De uitvoering waarvoor een collega je plek overnam gaat helaas niet door. Je collega weet dit."),
                *([] if own.edition.in_company else [str(paid)]),
            ),
            facts=meeting_lines(own.edition, [meeting for meeting in own.meetings if not meeting.elsewhere]),
            button=(_("Bekijk andere trainingen"), link("/trainingen", person.language)),
        )
    key = f"edition_cancelled_for_substitute:{own.id}"
    _queue(letter, "edition_cancelled_for_substitute", person, key, own.edition.id, now, None)


def _cost_of_moving(own: OwnEnrolment, enrolment: Enrolment, cost: Cost) -> list[str]:
    if own.edition.in_company:
        return []
    paid = _("Omboeken kost %(amount)s.", amount=money(cost.cents)) if cost.cents else _("Omboeken kost je niets.")
    least = sentence_of_least(enrolment.least_percent, enrolment.price_cents)
    return [str(paid), *([least] if least else [])]


def _price(enrolment: Enrolment, edition: EditionOnOffer) -> list[tuple[str, str]]:
    return [] if edition.in_company else [(str(_("Prijs")), money(enrolment.price_cents))]


def _not_you() -> str:
    return str(_("Heb je dit niet zelf gedaan? Antwoord dan op deze mail."))


def _queue(
    letter: Letter,
    kind: str,
    person: Person,
    key: str,
    edition_id: int,
    now: datetime,
    invitation: Invitation | None,
) -> None:
    enqueue(
        letter,
        kind=f"enrolment.{kind}",
        to=recipient(person),
        dedupe_key=key,
        now=now,
        edition_id=edition_id,
        invitation=invitation,
    )

"""Which mail goes to whom about enrolments. Each is written in its reader's language and queued."""

from collections.abc import Sequence
from datetime import datetime

from portal.clock import local_date
from portal.domain.accounts.mails import recipient
from portal.domain.accounts.models import Person
from portal.domain.calendar.commands import Renewal
from portal.domain.enrolment import mail_texts
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.own_enrolments import OwnEnrolment
from portal.domain.enrolment.queries import EditionOnOffer, MeetingOnOffer, get_terms_version
from portal.domain.enrolment.rules import ContractParty
from portal.domain.enrolment.terms import Cost, withdraw_until
from portal.domain.enrolment.wording import costs_by_period, meeting_lines, sentence_of_minimum
from portal.language import _, day, moment, money, speaking
from portal.links import link
from portal.mail import Invitation, Letter, enqueue, texts


def enrolled(
    person: Person,
    enrolment: Enrolment,
    edition: EditionOnOffer,
    meetings: Sequence[MeetingOnOffer],
    *,
    token: str,
    token_until: datetime,
    confirmed: bool = False,
    invitation: Invitation,
    now: datetime,
) -> None:
    """The confirmation, with the invitations for every meeting and a link that signs its reader in, once, until a
    moment. `confirmed`: this enrolment made up the minimum."""
    with speaking(person.language):
        letter = texts.letter(
            mail_texts.ENROLLED,
            {"naam": person.name, "training": edition.title, "nummer": enrolment.number},
            facts=(*meeting_lines(edition, meetings), *_price(enrolment, edition)),
            button=(_("Bekijk je inschrijving"), link(f"/inloggen/link/{token}", person.language)),
            after=(
                *_how_sure(edition, confirmed),
                _(
                    "De knop logt je één keer in, tot %(moment)s. Daarna vraag je een nieuwe aan op de inlogpagina.",
                    moment=moment(token_until),
                ),
                _("De afspraken zitten als agenda-uitnodiging bij deze mail."),
                *_how_to_cancel(enrolment, edition, meetings, now),
                _not_you(),
            ),
        )
    _queue(letter, "enrolled", person, f"enrolled:{enrolment.id}", edition.id, now, invitation)


def enrolled_already(person: Person, number: str, enrolment_id: int, edition: EditionOnOffer, now: datetime) -> None:
    """To somebody for whom an enrolment was sent that they have already: at most one a day."""
    with speaking(person.language):
        letter = Letter(
            subject=_("Je was al ingeschreven voor %(title)s", title=edition.title),
            paragraphs=(
                _("Er kwam een aanmelding binnen met jouw e-mailadres, maar je doet al mee."),
                _("Er verandert niets: je aanmeldnummer blijft %(number)s.", number=number),
            ),
            button=(_("Bekijk je inschrijving"), link(f"/mijn/inschrijvingen/{enrolment_id}", person.language)),
            after=(_not_you(),),
        )
    key = f"enrolled_already:{enrolment_id}:{local_date(now)}"
    _queue(letter, "enrolled_already", person, key, edition.id, now)


def cancelled(person: Person, own: OwnEnrolment, cost: Cost, *, invitation: Invitation | None, now: datetime) -> None:
    """To somebody whose enrolment was cancelled: what it costs, and the meetings taken out of the calendar."""
    with speaking(person.language):
        letter = texts.letter(
            mail_texts.CANCELLED,
            _of(person, own),
            told=(
                _what_it_costs(own, cost),
                *_gone(invitation),
            ),
            button=(_("Bekijk andere trainingen"), link("/trainingen", person.language)),
            after=(_not_you(),),
        )
    _queue(letter, "cancelled", person, f"cancelled:{own.id}", own.edition.id, now, invitation)


def edition_cancelled(person: Person, own: OwnEnrolment, *, invitation: Invitation | None, now: datetime) -> None:
    """To a participant of an edition that will not be given."""
    with speaking(person.language):
        letter = texts.letter(
            mail_texts.EDITION_CANCELLED,
            _of(person, own),
            told=(
                _("Je betaalt niets. Had je al betaald, dan krijg je alles terug."),
                *_gone(invitation),
            ),
            facts=meeting_lines(own.edition, own.meetings),
            button=(_("Kies een andere datum"), link(f"/trainingen/{own.edition.slug}", person.language)),
        )
    _queue(letter, "edition_cancelled", person, f"edition_cancelled:{own.id}", own.edition.id, now, invitation)


def waiting_list_closed(person: Person, entry_id: int, edition: EditionOnOffer, now: datetime) -> None:
    """To somebody who waits for an edition that will not be given."""
    with speaking(person.language):
        letter = Letter(
            subject=_("%(title)s gaat niet door", title=edition.title),
            paragraphs=(_("Je stond op de wachtlijst. Deze uitvoering gaat helaas niet door."),),
            button=(_("Kies een andere datum"), link(f"/trainingen/{edition.slug}", person.language)),
        )
    _queue(letter, "waiting_list_closed", person, f"waiting_list_closed:{entry_id}", edition.id, now)


def waiting_list_moved(
    person: Person, entry_id: int, edition: EditionOnOffer, meeting: MeetingOnOffer, now: datetime
) -> None:
    """To somebody who waits for a meeting that is at another time or place now. Their own page is that of the first
    mail: its address is known to them alone."""
    with speaking(person.language):
        letter = Letter(
            subject=_("Wijziging: %(title)s, dagdeel %(position)s", title=edition.title, position=meeting.position),
            paragraphs=(
                _("Deze bijeenkomst is veranderd. Je houdt je plaats op de wachtlijst."),
                _("Kun je dan niet? Haal jezelf van de lijst op je eigen pagina, met de knop uit onze eerdere mail."),
            ),
            facts=meeting_lines(edition, [meeting]),
            button=(_("Bekijk de uitvoering"), link(f"/uitvoeringen/{edition.id}", person.language)),
        )
    key = f"waiting_list_moved:{entry_id}:{meeting.id}:{now.isoformat()}"
    _queue(letter, "waiting_list_moved", person, key, edition.id, now)


def taken_off_waiting_list(person: Person, entry_id: int, edition: EditionOnOffer, now: datetime) -> None:
    """To somebody whom the office took off the list, and from whom an offered seat went with it."""
    with speaking(person.language):
        letter = Letter(
            subject=_("Je staat niet meer op de wachtlijst voor %(title)s", title=edition.title),
            paragraphs=(
                _("Het bureau heeft je van de wachtlijst gehaald. Een plek die je was aangeboden, is er niet meer."),
            ),
            button=(_("Kies een andere datum"), link(f"/trainingen/{edition.slug}", person.language)),
            after=(_("Klopt dit niet? Antwoord op deze mail."),),
        )
    _queue(letter, "waiting_list_taken_off", person, f"waiting_list_taken_off:{entry_id}", edition.id, now)


def meeting_moved(
    person: Person,
    edition: EditionOnOffer,
    meeting: MeetingOnOffer,
    renewal: Renewal,
    now: datetime,
    *,
    guest_of: int | None = None,
) -> None:
    """To everybody with a live invitation for a meeting whose time, place or link has changed. `guest_of`: the
    enrolment, in another edition, of somebody who takes only this dagdeel here."""
    seen = f"/uitvoeringen/{edition.id}" if guest_of is None else f"/mijn/inschrijvingen/{guest_of}"
    with speaking(person.language):
        letter = texts.letter(
            mail_texts.MEETING_MOVED,
            {"naam": person.name, "training": edition.title, "dagdeel": str(meeting.position)},
            facts=meeting_lines(edition, [meeting]),
            button=(
                _("Bekijk de uitvoering") if guest_of is None else _("Bekijk je inschrijving"),
                link(seen, person.language),
            ),
        )
    key = f"meeting_moved:{meeting.id}:{person.id}:{renewal.sequence}"
    _queue(letter, "meeting_moved", person, key, edition.id, now, renewal.invitation)


def waiting_list_joined(person: Person, edition: EditionOnOffer, entry_id: int, token: str, now: datetime) -> bool:
    """To somebody who joined the waiting list: their own page, where they can leave it again. At most one a day;
    returns whether this one was queued."""
    with speaking(person.language):
        letter = texts.letter(
            mail_texts.WAITING_LIST_JOINED,
            {"naam": person.name, "training": edition.title},
            facts=meeting_lines(edition, edition.meetings),
            button=(_("Bekijk mijn plaats"), link(f"/wachtlijst/{token}", person.language)),
            after=(_not_you(),),
        )
    key = f"waiting_list:{entry_id}:{local_date(now)}"
    return _queue(letter, "waiting_list_joined", person, key, edition.id, now)


def _how_sure(edition: EditionOnOffer, confirmed: bool) -> list[str]:
    """Whether the edition is given, where that was or is a question."""
    if confirmed:
        return [_("Met jou erbij zijn er genoeg mensen: deze uitvoering gaat door.")]
    return [sentence_of_minimum(edition.minimum, edition.decide_on)] if edition.tentative else []


def _of(person: Person, own: OwnEnrolment) -> dict[str, str]:
    """The names that the office may use in a mail about an enrolment."""
    return {"naam": person.name, "training": own.edition.title, "nummer": own.number}


def _what_it_costs(own: OwnEnrolment, cost: Cost) -> str:
    if cost.cents == 0 or own.for_another:
        return str(_("Je betaalt niets."))
    amount = money(cost.cents)
    if cost.by_terms:
        return str(_("Volgens de voorwaarden betaal je %(amount)s.", amount=amount))
    return str(_("Je betaalt %(amount)s, zoals afgesproken met het bureau.", amount=amount))


def _gone(invitation: Invitation | None) -> list[str]:
    """What happens in the reader's calendar, when something of it is still to come."""
    return [_("De afspraken verdwijnen uit je agenda met het bestand bij deze mail.")] if invitation else []


def _price(enrolment: Enrolment, edition: EditionOnOffer) -> list[tuple[str, str]]:
    return [] if edition.in_company else [(str(_("Prijs")), money(enrolment.price_cents))]


def _how_to_cancel(
    enrolment: Enrolment, edition: EditionOnOffer, meetings: Sequence[MeetingOnOffer], now: datetime
) -> list[str]:
    """How, what it costs and until when it is free; in a closed edition nothing is for its participants to pay."""
    if edition.in_company:
        return [_("Kun je niet? Open je inschrijving en kies Annuleren. Je betaalt zelf niets.")]
    terms = get_terms_version(enrolment.terms_version_id).terms
    first_on = local_date(min(meeting.starts_at for meeting in meetings))
    lines = [
        _("Zo annuleer je: open je inschrijving en kies Annuleren. Dit kost het:"),
        *costs_by_period(terms.cancelling, enrolment.price_cents, first_on, local_date(now)),
    ]
    last = withdraw_until(terms, ContractParty(enrolment.contract_party), enrolment.contracted_at)
    if last:
        lines.append(_("Je hebt bedenktijd tot en met %(day)s: zo lang annuleer je altijd gratis.", day=day(last)))
    return lines


def _not_you() -> str:
    return str(_("Heb je dit niet zelf gedaan? Antwoord dan op deze mail."))


def _queue(
    letter: Letter,
    kind: str,
    person: Person,
    key: str,
    edition_id: int,
    now: datetime,
    invitation: Invitation | None = None,
) -> bool:
    mail = enqueue(
        letter,
        kind=f"enrolment.{kind}",
        to=recipient(person),
        dedupe_key=key,
        now=now,
        edition_id=edition_id,
        invitation=invitation,
    )
    return mail is not None

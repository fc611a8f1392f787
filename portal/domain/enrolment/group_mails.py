"""Mail to those who speak for a group. It says how many, never who: names are behind the button."""

from collections.abc import Sequence
from datetime import datetime

from portal.clock import local_date
from portal.domain.accounts.mails import recipient
from portal.domain.accounts.models import Person
from portal.domain.enrolment.group_models import GroupBooking
from portal.domain.enrolment.place_rules import last_day_before
from portal.domain.enrolment.queries import EditionOnOffer, MeetingOnOffer, get_terms_version
from portal.domain.enrolment.wording import costs_by_period, meeting_lines
from portal.language import _, _n, day, money, speaking
from portal.links import link
from portal.mail import Letter, enqueue


def group_booked(
    contact: Person,
    booking: GroupBooking,
    edition: EditionOnOffer,
    meetings: Sequence[MeetingOnOffer],
    *,
    people: int,
    places: int,
    now: datetime,
) -> None:
    """To the contact: how many were enrolled and how many places wait for a name, and where they are listed."""
    with speaking(contact.language):
        letter = Letter(
            subject=_("Je groep voor %(title)s is aangemeld", title=edition.title),
            paragraphs=(
                _("Dag %(name)s,", name=contact.name),
                *_counted(booking, people, places),
            ),
            facts=(*meeting_lines(edition, meetings), *_price(booking, edition)),
            button=(_("Bekijk je groep"), link(f"/mijn/groepen/{booking.id}", contact.language)),
            after=tuple(_cancelling(booking, edition, meetings, now)),
        )
    enqueue(
        letter,
        kind="enrolment.group_booked",
        to=recipient(contact),
        dedupe_key=f"group_booked:{booking.id}",
        now=now,
        edition_id=edition.id,
    )


def _counted(booking: GroupBooking, people: int, places: int) -> list[str]:
    enrolled = _n(
        "Je meldde %(num)s persoon aan. Die krijgt zelf een bevestiging met de uitnodigingen.",
        "Je meldde %(num)s mensen aan. Iedereen krijgt zelf een bevestiging met de uitnodigingen.",
        people,
    )
    if not places or booking.name_until is None:
        return [enrolled]
    reserved = _n(
        "Je reserveerde %(num)s plek zonder naam. Vul die naam in tot en met %(day)s. Anders geven we de plek terug.",
        "Je reserveerde %(num)s plekken zonder naam. Vul die namen in tot en met %(day)s. "
        "Anders geven we de plekken terug.",
        places,
        day=day(last_day_before(booking.name_until)),
    )
    return [enrolled, reserved] if people else [reserved]


def _price(booking: GroupBooking, edition: EditionOnOffer) -> list[tuple[str, str]]:
    if edition.in_company:
        return []
    asked = [(str(_("Prijs per persoon")), money(booking.price_cents))]
    return [*asked, (str(_("Kenmerk")), booking.order_reference)] if booking.order_reference else asked


def _cancelling(
    booking: GroupBooking, edition: EditionOnOffer, meetings: Sequence[MeetingOnOffer], now: datetime
) -> list[str]:
    """What it costs when somebody of the group cannot come; nothing in a closed edition."""
    if edition.in_company:
        return []
    terms = get_terms_version(booking.terms_version_id).terms
    first_on = local_date(min(meeting.starts_at for meeting in meetings))
    return [
        _("Annuleren kost per persoon:"),
        *costs_by_period(terms.cancelling, booking.price_cents, first_on, local_date(now)),
        _("Je organisatie sluit de overeenkomst. Daarom is er geen bedenktijd."),
    ]

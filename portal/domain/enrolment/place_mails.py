"""Mail about places that were reserved without a name: to who speaks for the group, and to the office's desk."""

from datetime import date, datetime, timedelta

from flask import current_app

from portal.clock import local_date
from portal.domain.accounts.mails import recipient
from portal.domain.accounts.models import Person
from portal.domain.enrolment.group_models import GroupBooking
from portal.domain.enrolment.queries import EditionOnOffer, MeetingOnOffer
from portal.domain.enrolment.terms import Cost
from portal.domain.enrolment.wording import meeting_lines
from portal.language import DUTCH, _, _n, day, money, speaking
from portal.links import link
from portal.mail import Letter, Recipient, enqueue


def names_wanted(
    contact: Person, booking: GroupBooking, edition: EditionOnOffer, places: int, days: int, now: datetime
) -> None:
    """How many places have no name yet, and how long there is left; once for each number of days before the last."""
    last_on = local_date(now) + timedelta(days=days)
    with speaking(contact.language):
        last = day(last_on)
        when = _("vandaag is de laatste dag") if days == 0 else _("dat kan tot en met %(day)s", day=last)
        letter = Letter(
            subject=_("Wie komen er naar %(title)s?", title=edition.title),
            paragraphs=(
                _("Dag %(name)s,", name=contact.name),
                _n(
                    "In je groep heeft %(num)s plek nog geen naam. Vul die in: %(when)s.",
                    "In je groep hebben %(num)s plekken nog geen naam. Vul die in: %(when)s.",
                    places,
                    when=when,
                ),
            ),
            button=(_("Vul namen in"), link(f"/mijn/groepen/{booking.id}", contact.language)),
            after=(_("Plekken zonder naam gaan daarna naar mensen op de wachtlijst."),),
        )
    _queue(letter, "names_wanted", contact, f"names_wanted:{booking.id}:{last_on}:{days}", edition, now)


def places_released(
    contact: Person, booking: GroupBooking, edition: EditionOnOffer, places: int, cost: Cost, now: datetime
) -> None:
    """To the contact: the last day is over and the places without a name were given back, at what cost. To the office's
    desk: how many."""
    with speaking(contact.language):
        letter = Letter(
            subject=_("Plekken teruggegeven: %(title)s", title=edition.title),
            paragraphs=(
                _("Dag %(name)s,", name=contact.name),
                _n(
                    "%(num)s plek had op de laatste dag nog geen naam. Die is teruggegeven.",
                    "%(num)s plekken hadden op de laatste dag nog geen naam. Die zijn teruggegeven.",
                    places,
                ),
                _("Je betaalt niets voor deze plekken.")
                if cost.cents == 0
                else _("Volgens de voorwaarden betaal je %(amount)s per plek.", amount=money(cost.cents)),
            ),
            button=(_("Bekijk je groep"), link(f"/mijn/groepen/{booking.id}", contact.language)),
        )
    _queue(letter, "places_released", contact, f"places_released:{booking.id}", edition, now)
    _tell_the_office(booking, edition, places, now)


def meeting_moved(
    contact: Person,
    booking: GroupBooking,
    edition: EditionOnOffer,
    meeting: MeetingOnOffer,
    last_on: date,
    now: datetime,
) -> None:
    """To the contact of places without a name: a meeting that they are for is at another time or place, and the last
    day to name somebody."""
    with speaking(contact.language):
        letter = Letter(
            subject=_("Wijziging: %(title)s, dagdeel %(position)s", title=edition.title, position=meeting.position),
            paragraphs=(
                _("Dag %(name)s,", name=contact.name),
                _("Deze bijeenkomst is veranderd. Je groep heeft er plekken zonder naam."),
                _("De plekken blijven staan. Vul namen in: dat kan tot en met %(day)s.", day=day(last_on)),
            ),
            facts=meeting_lines(edition, [meeting]),
            button=(_("Bekijk je groep"), link(f"/mijn/groepen/{booking.id}", contact.language)),
        )
    key = f"places_moved:{booking.id}:{meeting.id}:{now.isoformat()}"
    _queue(letter, "places_moved", contact, key, edition, now)


def places_ended(contact: Person, booking: GroupBooking, edition: EditionOnOffer, places: int, now: datetime) -> None:
    """To the contact: the edition is not given, so the places without a name are gone too."""
    with speaking(contact.language):
        letter = Letter(
            subject=_("%(title)s gaat niet door", title=edition.title),
            paragraphs=(
                _("Dag %(name)s,", name=contact.name),
                _n(
                    "Deze uitvoering gaat helaas niet door. De %(num)s plek die je reserveerde, kost niets.",
                    "Deze uitvoering gaat helaas niet door. De %(num)s plekken die je reserveerde, kosten niets.",
                    places,
                ),
            ),
            button=(_("Kies een andere datum"), link(f"/trainingen/{edition.slug}", contact.language)),
        )
    _queue(letter, "places_ended", contact, f"places_ended:{booking.id}", edition, now)


def _tell_the_office(booking: GroupBooking, edition: EditionOnOffer, places: int, now: datetime) -> None:
    with speaking(DUTCH):
        notice = Letter(
            subject=_("Plekken vrijgekomen: %(title)s", title=edition.title),
            paragraphs=(
                _n(
                    "Een groep noemde niet op tijd alle namen. %(num)s plek is weer vrij.",
                    "Een groep noemde niet op tijd alle namen. %(num)s plekken zijn weer vrij.",
                    places,
                ),
            ),
            button=(_("Bekijk de uitvoering"), link(f"/bureau/uitvoeringen/{edition.id}")),
        )
        office = Recipient(current_app.config["PORTAL"].office_mail, _("Bureau"), DUTCH)
    enqueue(
        notice,
        kind="enrolment.places_released_notice",
        to=office,
        dedupe_key=f"places_released_notice:{booking.id}",
        now=now,
        edition_id=edition.id,
    )


def _queue(letter: Letter, kind: str, contact: Person, key: str, edition: EditionOnOffer, now: datetime) -> None:
    enqueue(
        letter,
        kind=f"enrolment.{kind}",
        to=recipient(contact),
        dedupe_key=key,
        now=now,
        edition_id=edition.id,
    )

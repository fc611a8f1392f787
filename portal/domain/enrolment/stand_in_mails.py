"""Which mail goes to whom about a dagdeel that is taken in another edition. None says why."""

from datetime import datetime

from portal.domain.accounts.mails import recipient
from portal.domain.accounts.models import Person
from portal.domain.enrolment.own_enrolments import OwnEnrolment, OwnMeeting
from portal.domain.enrolment.queries import EditionOnOffer, MeetingOnOffer
from portal.domain.enrolment.wording import meeting_lines
from portal.language import _, day, speaking
from portal.links import link
from portal.mail import Invitation, Letter, enqueue


def made_up(
    person: Person,
    own: OwnEnrolment,
    edition: EditionOnOffer,
    meeting: MeetingOnOffer,
    *,
    seat_id: int,
    invitation: Invitation,
    now: datetime,
) -> None:
    """To who makes up for a dagdeel: where and when, with the invitation."""
    with speaking(person.language):
        letter = Letter(
            subject=_("Je haalt dagdeel %(position)s van %(title)s in", **_which(own, meeting)),
            paragraphs=(
                _("Je plek is geboekt, op %(day)s. Je betaalt hier niets extra voor.", day=day(meeting.starts_at)),
                _("Wat je daar volgt, telt mee voor je eigen inschrijving %(number)s.", number=own.number),
            ),
            facts=meeting_lines(edition, [meeting]),
            button=_own_page(person, own),
            after=(
                _("De afspraak zit als agenda-uitnodiging bij deze mail."),
                _("Kun je toch niet? Laat je plek los op de pagina van je inschrijving, dan kan een ander erheen."),
            ),
        )
    _queue(letter, "made_up", person, meeting, seat_id, invitation, now)


def let_go(person: Person, own: OwnEnrolment, was: OwnMeeting, *, invitation: Invitation | None, now: datetime) -> None:
    """To who will not make up for a dagdeel there after all."""
    with speaking(person.language):
        letter = Letter(
            subject=_("Je haalt dagdeel %(position)s van %(title)s niet meer in", **_which(own, was)),
            paragraphs=(
                _("Je hebt je plek op %(day)s losgelaten. Je betaalt niets.", day=day(was.starts_at)),
                *_gone(invitation),
            ),
            button=(_("Kies een andere datum"), _finder(person, own, was)),
        )
    _queue(letter, "let_go", person, was, was.seat_id, invitation, now)


def not_given(
    person: Person, own: OwnEnrolment, was: OwnMeeting, *, invitation: Invitation | None, now: datetime
) -> None:
    """To a guest of an edition that will not be given."""
    with speaking(person.language):
        letter = Letter(
            subject=_("Dagdeel %(position)s van %(title)s gaat daar niet door", **_which(own, was)),
            paragraphs=(
                _(
                    "Je zou dit dagdeel volgen op %(day)s. Die uitvoering gaat helaas niet door.",
                    day=day(was.starts_at),
                ),
                _("Je eigen inschrijving %(number)s loopt gewoon door.", number=own.number),
                *_gone(invitation),
            ),
            facts=meeting_lines(own.edition, [was]),
            button=(_("Kies een andere datum"), _finder(person, own, was)),
        )
    _queue(letter, "guest_not_given", person, was, was.seat_id, invitation, now)


def swapped_away(person: Person, own: OwnEnrolment, was: OwnMeeting, *, invitation: Invitation, now: datetime) -> None:
    """To who swaps a dagdeel, first: what leaves the calendar."""
    with speaking(person.language):
        letter = Letter(
            subject=_("Je oude datum van dagdeel %(position)s vervalt: %(title)s", **_which(own, was)),
            paragraphs=(
                _("Je ruilde dit dagdeel naar een andere datum. De oude afspraak verdwijnt uit je agenda."),
                _("Je nieuwe datum staat in de volgende mail."),
            ),
            facts=meeting_lines(own.edition, [was]),
            button=_own_page(person, own),
        )
    _queue(letter, "swapped_away", person, was, was.seat_id, invitation, now)


def swapped(
    person: Person,
    own: OwnEnrolment,
    edition: EditionOnOffer,
    meeting: MeetingOnOffer,
    *,
    seat_id: int,
    invitation: Invitation,
    now: datetime,
) -> None:
    """To who swaps a dagdeel, second: where and when it is now."""
    with speaking(person.language):
        letter = Letter(
            subject=_("Je hebt dagdeel %(position)s geruild: %(title)s", **_which(own, meeting)),
            paragraphs=(
                _("Je volgt dit dagdeel nu op %(day)s. Ruilen kost je niets.", day=day(meeting.starts_at)),
                _("Het telt mee voor je eigen inschrijving %(number)s.", number=own.number),
            ),
            facts=meeting_lines(edition, [meeting]),
            button=_own_page(person, own),
            after=(_("De nieuwe afspraak zit als agenda-uitnodiging bij deze mail."),),
        )
    _queue(letter, "swapped", person, meeting, seat_id, invitation, now)


def _which(own: OwnEnrolment, meeting: MeetingOnOffer) -> dict[str, object]:
    return {"position": meeting.position, "title": own.edition.title}


def _own_page(person: Person, own: OwnEnrolment) -> tuple[str, str]:
    return str(_("Bekijk je inschrijving")), link(f"/mijn/inschrijvingen/{own.id}", person.language)


def _finder(person: Person, own: OwnEnrolment, was: OwnMeeting) -> str:
    """Where another date is chosen: what was missed is made up, what was swapped is swapped again."""
    path = f"inhalen/{was.module_id}" if own.made_up_by(was) else f"dagdeel/{was.module_id}/omwisselen"
    return link(f"/mijn/inschrijvingen/{own.id}/{path}", person.language)


def _gone(invitation: Invitation | None) -> list[str]:
    return [str(_("De afspraak verdwijnt uit je agenda met het bestand bij deze mail."))] if invitation else []


def _queue(
    letter: Letter,
    kind: str,
    person: Person,
    meeting: MeetingOnOffer,
    seat_id: int,
    invitation: Invitation | None,
    now: datetime,
) -> None:
    enqueue(
        letter,
        kind=f"enrolment.{kind}",
        to=recipient(person),
        # The same meeting may be booked, let go and booked again: each time it is another seat.
        dedupe_key=f"{kind}:{seat_id}",
        now=now,
        edition_id=meeting.edition_id,
        invitation=invitation,
    )

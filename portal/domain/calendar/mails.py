"""Which mail goes to trainers about what stands in their calendar."""

from collections.abc import Sequence
from datetime import datetime

from portal.domain.accounts.mails import recipient
from portal.domain.accounts.models import Person
from portal.domain.calendar.rules import CalendarMeeting, full_place, title_of
from portal.language import _, day, period, speaking
from portal.links import link
from portal.mail import Invitation, Letter, enqueue


def trainer_invited(
    person: Person, meetings: Sequence[CalendarMeeting], invitation: Invitation, *, key: str, now: datetime
) -> None:
    """To who gives these meetings, all of one edition."""
    with speaking(person.language):
        letter = Letter(
            subject=_("Je geeft %(title)s", title=meetings[0].course),
            paragraphs=(
                _("Je staat als trainer op het rooster. De afspraken zitten als agenda-uitnodiging bij deze mail."),
            ),
            facts=_lines(meetings),
            button=(_("Bekijk je bijeenkomsten"), link("/trainer", person.language)),
            after=(_("Kun je niet? Antwoord dan op deze mail."),),
        )
    _queue(letter, "trainer_invited", person, key, meetings[0].edition_id, now, invitation)


def trainer_meeting_moved(
    person: Person, meeting: CalendarMeeting, sequence: int, invitation: Invitation, *, now: datetime
) -> None:
    """To who gives a meeting whose time, place or link has changed."""
    with speaking(person.language):
        letter = Letter(
            subject=_("Wijziging: %(title)s, dagdeel %(position)s", title=meeting.course, position=meeting.position),
            paragraphs=(
                _("Een bijeenkomst die jij geeft is veranderd. Met het bestand bij deze mail klopt je agenda weer."),
            ),
            facts=_lines([meeting]),
            button=(_("Bekijk je bijeenkomsten"), link("/trainer", person.language)),
            after=(_("Kun je dan niet? Antwoord op deze mail."),),
        )
    key = f"trainer_moved:{meeting.meeting_id}:{person.id}:{sequence}"
    _queue(letter, "trainer_moved", person, key, meeting.edition_id, now, invitation)


def trainer_released(person: Person, meeting: CalendarMeeting, invitation: Invitation | None, *, now: datetime) -> None:
    """To who does not give a meeting any more."""
    with speaking(person.language):
        letter = Letter(
            subject=_("Je geeft deze bijeenkomst niet meer: %(title)s", title=title_of(meeting)),
            paragraphs=(
                _("Je staat niet meer als trainer bij deze bijeenkomst."),
                *_gone(invitation),
            ),
            facts=_lines([meeting]),
            after=(_("Klopt dit niet? Antwoord dan op deze mail."),),
        )
    key = f"trainer_released:{meeting.meeting_id}:{person.id}:{now.isoformat()}"
    _queue(letter, "trainer_released", person, key, meeting.edition_id, now, invitation)


def trainer_edition_cancelled(
    person: Person, meetings: Sequence[CalendarMeeting], invitation: Invitation | None, *, now: datetime
) -> None:
    """To who would give an edition that is cancelled."""
    with speaking(person.language):
        letter = Letter(
            subject=_("%(title)s gaat niet door", title=meetings[0].course),
            paragraphs=(
                _("De uitvoering die jij zou geven gaat helaas niet door."),
                *_gone(invitation),
            ),
            facts=_lines(meetings),
        )
    key = f"trainer_edition_cancelled:{meetings[0].edition_id}:{person.id}"
    _queue(letter, "trainer_edition_cancelled", person, key, meetings[0].edition_id, now, invitation)


def _gone(invitation: Invitation | None) -> list[str]:
    """What happens in the reader's calendar, unless they are expected there as something else."""
    return [_("De afspraken verdwijnen uit je agenda met het bestand bij deze mail.")] if invitation else []


def _lines(meetings: Sequence[CalendarMeeting]) -> tuple[tuple[str, str], ...]:
    """('Dagdeel 1', 'donderdag 4 maart 2027, 09.30 – 13.00 uur, Buurthuis De Schakel, Zwolle') per meeting."""
    lines = []
    for meeting in meetings:
        label = str(_("Dagdeel %(position)s", position=meeting.position))
        place = full_place(meeting.venue, meeting.place)
        parts = [day(meeting.starts_at), period(meeting.starts_at, meeting.ends_at), place]
        lines.append((label, ", ".join(part for part in parts if part)))
    return tuple(lines)


def _queue(
    letter: Letter, kind: str, person: Person, key: str, edition_id: int, now: datetime, invitation: Invitation | None
) -> None:
    enqueue(
        letter,
        kind=f"calendar.{kind}",
        to=recipient(person),
        dedupe_key=key,
        now=now,
        edition_id=edition_id,
        invitation=invitation,
    )

"""What the rules of enrolling say, in sentences."""

from collections.abc import Sequence
from datetime import date

from portal.domain.enrolment.queries import EditionOnOffer, MeetingOnOffer, find_course_title
from portal.domain.enrolment.rules import Cost, Lack, Missing, WrongChoice, cost_table
from portal.language import _, _n, day, money, period


def sentence_of_missing(missing: Missing, title: str, today: date) -> str:
    """Why somebody cannot take part in a course with this title yet, with the day it was looked at."""
    if missing.lack is Lack.COURSE:
        return str(
            _(
                "Rond eerst %(before)s af, dan kun je meedoen aan %(title)s. Op %(day)s was dat nog niet zo.",
                before=find_course_title(missing.slug),
                title=title,
                day=day(today),
            )
        )
    counted = str(
        _n(
            "Op %(day)s stond er %(num)s op je naam",
            "Op %(day)s stonden er %(num)s op je naam",
            missing.done,
            day=day(today),
        )
    )
    if missing.last_on:
        counted += str(_(", de laatste van %(day)s", day=day(missing.last_on)))
    return str(
        _n(
            "Voor %(title)s heb je %(num)s conferentie nodig. %(counted)s.",
            "Voor %(title)s heb je %(num)s conferenties nodig. %(counted)s.",
            missing.needed,
            title=title,
            counted=counted,
        )
    )


def sentence_of_choice(wrong: WrongChoice) -> str:
    """What to do about a choice of modules that cannot be enrolled in."""
    if wrong is WrongChoice.NOTHING:
        return str(_("Kies de hele training of ten minste één dagdeel"))
    if wrong is WrongChoice.ONLY_WHOLE:
        return str(_("Deze training volg je in zijn geheel. Kies alle dagdelen"))
    return str(_("Kies uit de dagdelen van deze uitvoering"))


def sentence_of_cost(cost: Cost) -> str:
    """What cancelling costs today, and until when it is free."""
    if cost.withdrawal and cost.free_until:
        return str(_("Je kunt tot en met %(day)s zonder kosten annuleren.", day=day(cost.free_until)))
    if cost.free_until:
        return str(_("Annuleren is gratis tot en met %(day)s.", day=day(cost.free_until)))
    if cost.cents == 0:
        return str(_("Annuleren kost je niets."))
    return str(_("Annuleren kost nu %(amount)s (%(percent)s %%).", amount=money(cost.cents), percent=cost.percent))


def meeting_lines(edition: EditionOnOffer, meetings: Sequence[MeetingOnOffer]) -> tuple[tuple[str, str], ...]:
    """('Dagdeel 1', 'donderdag 4 maart 2027, 09.30 – 13.00 uur, Buurthuis De Schakel, Zwolle') per meeting."""
    lines = []
    for meeting in meetings:
        label = str(_("Dagdeel %(position)s", position=meeting.position))
        parts = [day(meeting.starts_at), period(meeting.starts_at, meeting.ends_at), edition.place_of(meeting)]
        lines.append((label, ", ".join(part for part in parts if part)))
    return tuple(lines)


def terms_of_cancelling(price_cents: int, first_on: date, today: date) -> list[str]:
    """What cancelling costs in each period that is left before the first meeting, a sentence each."""
    left = [part for part in cost_table(price_cents, first_on) if part.until_on >= today]
    lines = []
    for number, part in enumerate(left):
        amount = money(part.cents) if part.cents else str(_("gratis"))
        if number == 0:
            lines.append(str(_("Tot en met %(day)s: %(amount)s", day=day(part.until_on), amount=amount)))
        else:
            lines.append(str(_("Daarna, tot en met %(day)s: %(amount)s", day=day(part.until_on), amount=amount)))
    return lines

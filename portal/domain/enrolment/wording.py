"""What the rules of enrolling say, in sentences."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from portal.clock import local_date
from portal.domain.enrolment.queries import EditionOnOffer, MeetingOnOffer
from portal.domain.enrolment.rules import WrongChoice
from portal.domain.enrolment.terms import Cost, CostStep, Terms, cost_table, percent_of
from portal.language import _, _n, day, moment, money, period


def sentence_of_minimum(minimum: int, decide_on: date | None) -> str:
    """By how many people a tentative edition goes ahead, and when that is known."""
    sentence = _n(
        "De uitvoering gaat door bij %(num)s deelnemer.", "De uitvoering gaat door bij %(num)s deelnemers.", minimum
    )
    if decide_on is None:
        return str(sentence)
    return str(sentence) + " " + str(_("Uiterlijk %(day)s hoor je of dat zo is.", day=day(decide_on)))


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


def sentence_of_moving(cost: Cost) -> str:
    """What moving to another edition costs today, and until when it is free."""
    if cost.free_until:
        return str(_("Omboeken is gratis tot en met %(day)s.", day=day(cost.free_until)))
    if cost.cents == 0:
        return str(_("Omboeken kost je niets."))
    return str(_("Omboeken kost nu %(amount)s (%(percent)s %%).", amount=money(cost.cents), percent=cost.percent))


def sentence_of_least(percent: int, price_cents: int) -> str:
    """What cancelling costs at the least after a move; '' when it may become free again."""
    if not percent:
        return ""
    amount = money(percent_of(price_cents, percent))
    return str(
        _("Annuleren kost na het omboeken ten minste %(amount)s (%(percent)s %%).", amount=amount, percent=percent)
    )


def sentence_of_substituting(terms: Terms, first_at: datetime) -> str:
    """Until when a colleague may come instead of somebody whose first meeting begins then."""
    if terms.substitute_days == 0:
        return str(_("Dit kan tot het eerste dagdeel begint, %(moment)s, en kost niets.", moment=moment(first_at)))
    last_on = local_date(first_at) - timedelta(days=terms.substitute_days)
    return str(_("Dit kan tot en met %(day)s en kost niets.", day=day(last_on)))


def meeting_lines(edition: EditionOnOffer, meetings: Sequence[MeetingOnOffer]) -> tuple[tuple[str, str], ...]:
    """('Dagdeel 1', 'donderdag 4 maart 2027, 09.30 – 13.00 uur, Buurthuis De Schakel, Zwolle') per meeting."""
    lines = []
    for meeting in meetings:
        label = str(_("Dagdeel %(position)s", position=meeting.position))
        parts = [day(meeting.starts_at), period(meeting.starts_at, meeting.ends_at), edition.place_of(meeting)]
        lines.append((label, ", ".join(part for part in parts if part)))
    return tuple(lines)


def costs_by_period(steps: Sequence[CostStep], price_cents: int, first_on: date, today: date) -> list[str]:
    """What a change costs in each period that is left before the first meeting, a sentence each."""
    left = [part for part in cost_table(steps, price_cents, first_on) if part.until_on >= today]
    lines = []
    for number, part in enumerate(left):
        amount = money(part.cents) if part.cents else str(_("gratis"))
        if number == 0:
            lines.append(str(_("Tot en met %(day)s: %(amount)s", day=day(part.until_on), amount=amount)))
        else:
            lines.append(str(_("Daarna, tot en met %(day)s: %(amount)s", day=day(part.until_on), amount=amount)))
    return lines


def costs_in_general(steps: Sequence[CostStep]) -> list[str]:
    """What a change costs by the days that are left, for whoever has no price and no date yet; a sentence each."""
    lines = []
    for number, step in enumerate(steps):
        part = str(_("gratis") if step.percent == 0 else _("%(percent)s %% van de prijs", percent=step.percent))
        if step.days_before:
            lines.append(
                str(
                    _n(
                        "Tot en met %(num)s dag voor het eerste dagdeel: %(part)s",
                        "Tot en met %(num)s dagen voor het eerste dagdeel: %(part)s",
                        step.days_before,
                        part=part,
                    )
                )
            )
        else:
            lines.append(str(_("Later: %(part)s", part=part) if number else _("Altijd: %(part)s", part=part)))
    return lines


def policies_in_words(terms: Terms) -> dict[str, Any]:
    """What a version of the terms says in numbers, in words: cancelling and moving as lines, the rest as a sentence
    each."""
    return {
        "cancelling": costs_in_general(terms.cancelling),
        "moving": costs_in_general(terms.moving),
        "moved": str(_("Annuleer je na het omboeken, dan kost dat nooit minder dan op de dag dat je omboekte.")),
        "substitutes": sentence_of_substitutes(terms),
        "withdrawal": sentence_of_withdrawal(terms),
    }


def sentence_of_substitutes(terms: Terms) -> str:
    """Until when a colleague may come instead."""
    if terms.substitute_days == 0:
        return str(_("Tot het eerste dagdeel begint mag een collega in jouw plaats komen. Dat kost niets."))
    return str(
        _n(
            "Tot en met %(num)s dag voor het eerste dagdeel mag een collega in jouw plaats komen. Dat kost niets.",
            "Tot en met %(num)s dagen voor het eerste dagdeel mag een collega in jouw plaats komen. Dat kost niets.",
            terms.substitute_days,
        )
    )


def sentence_of_withdrawal(terms: Terms) -> str:
    """Who may think again, and how long."""
    sentence = _n(
        "Sluit je zelf de overeenkomst? Dan heb je %(num)s dag bedenktijd, ook als je werkgever betaalt.",
        "Sluit je zelf de overeenkomst? Dan heb je %(num)s dagen bedenktijd, ook als je werkgever betaalt.",
        terms.withdrawal_days,
    )
    rest = _("In die tijd zeg je gratis af. Sluit je organisatie de overeenkomst, dan is er geen bedenktijd.")
    return f"{sentence} {rest}"

"""Mail about what a meeting's list means for the points, and where a missed dagdeel can be made up for.

It holds the facts of the meeting and nothing else of the person: no excuse, no reason, no other register."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.domain.accounts.mails import recipient
from portal.domain.accounts.models import Person
from portal.domain.accreditation import mail_texts
from portal.domain.accreditation.missed import MakeUp
from portal.domain.accreditation.reasons import Reason, in_words
from portal.domain.accreditation.rules import Award
from portal.domain.attendance.mark_words import mark_in_words
from portal.domain.attendance.queries import MeetingHead
from portal.domain.attendance.rules import Mark, Status
from portal.language import _, _n, day, speaking
from portal.links import link
from portal.mail import enqueue, texts
from portal.mail.texts import TextKind


@dataclass(frozen=True)
class Consequence:
    """What a list means for one enrolment: its awards, and what there is to make up for this dagdeel, if anything."""

    enrolment_id: int
    awards: Sequence[Award]
    make_up: MakeUp | None


def missed(person: Person, head: MeetingHead, mark: Mark, found: Consequence, now: datetime) -> None:
    """To who is absent or excused on a list that was just finished. Once a person and list."""
    with speaking(person.language):
        names = {Status.ABSENT: _("afwezig"), Status.EXCUSED: _("afgemeld")}
        status = str(names[mark.status]) if mark.status in names else ""
        _queue(mail_texts.MISSED, {"status": status}, person, head, found, f"missed:{head.id}:{person.id}", now)


def corrected(
    person: Person, head: MeetingHead, was: Mark, became: Mark, found: Consequence, amendment_id: int, now: datetime
) -> None:
    """To who turns out to have been there after all, or not. Once an amendment."""
    with speaking(person.language):
        values = {"eerst": mark_in_words(was, preparation=False), "nu": mark_in_words(became, preparation=False)}
        _queue(mail_texts.CORRECTED, values, person, head, found, f"corrected:{amendment_id}", now)


def _queue(
    kind: TextKind, values: dict[str, str], person: Person, head: MeetingHead, found: Consequence, key: str,
    now: datetime,
) -> None:  # fmt: skip
    points = _points(head, found.awards)
    letter = texts.letter(
        kind,
        {
            "naam": person.name,
            "training": head.course_title,
            "dagdeel": str(head.module_position),
            "datum": day(head.starts_at),
            **values,
        },
        told=_making_up(found.make_up) if points else (_no_points(), *_making_up(found.make_up)),
        facts=points,
        button=_button(person, head, found),
        after=(mail_texts.not_right(),),
    )
    enqueue(letter, kind=kind.name, to=recipient(person), dedupe_key=key, now=now, edition_id=head.edition_id)


def _points(head: MeetingHead, awards: Sequence[Award]) -> tuple[tuple[str, str], ...]:
    """Per register that granted something for this dagdeel or for the whole: how many points, and whether they count.
    A register without a grant is left out: it may be one that only this person is known to be in."""
    about = [award for award in awards if award.module_id in (head.module_id, None)]
    return tuple((award.register, _sentence(award)) for award in about if award.reason != Reason.NOT_ACCREDITED)


def _sentence(award: Award) -> str:
    why = in_words(award.reason, award.facts)
    if award.module_id is None:
        return str(
            _n(
                "%(num)s punt voor de hele training. %(why)s",
                "%(num)s punten voor de hele training. %(why)s",
                award.offered,
                why=why,
            )
        )
    return str(
        _n("%(num)s punt voor dit dagdeel. %(why)s", "%(num)s punten voor dit dagdeel. %(why)s", award.offered, why=why)
    )


def _no_points() -> str:
    return str(_("Aan dit dagdeel zijn geen punten van een register verbonden."))


def _making_up(make_up: MakeUp | None) -> tuple[str, ...]:
    if make_up is None:
        return ()
    if make_up.booked:
        return (str(_("Je haalt dit dagdeel al in, op %(day)s.", day=day(make_up.booked.starts_at))),)
    return (
        str(_("Je kunt dit dagdeel inhalen in een andere groep. Dat kost niets extra.")),
        str(_("Met de knop zie je op welke data dat kan, en wat ze voor je punten betekenen.")),
    )


def _button(person: Person, head: MeetingHead, found: Consequence) -> tuple[str, str]:
    own = f"/mijn/inschrijvingen/{found.enrolment_id}"
    if found.make_up and not found.make_up.booked:
        words = _("Haal dagdeel %(position)s in", position=head.module_position)
        return str(words), link(f"{own}/inhalen/{head.module_id}", person.language)
    return str(_("Bekijk je inschrijving")), link(own, person.language)

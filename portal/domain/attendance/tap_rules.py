"""What becomes of a tap: one choice made on a phone, perhaps long before it is sent. Pure.

Source: decisions of the foundation. A tap has a key of its own, so that sending it again counts once; the last change
by the clock wins, and the clock of a phone is corrected by that of the server."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.attendance.rules import Mark, fingerprint, status_in_words
from portal.language import _, clock_time, moment

# So much may a phone's clock differ: time under way looks the same, and to put that right would undo the order.
CLOCK_SLACK = timedelta(seconds=60)
# From then on, the trainer and the office hear that marks came in so late.
LATE_ARRIVAL = timedelta(days=1)


class Answer(StrEnum):
    """kept: it is the mark now. older: somebody changed the mark after this tap. The others were not taken as they
    are: see `answer_in_words`."""

    KEPT = "kept"
    OLDER = "older"
    FINISHED = "finished"
    EARLY = "early"
    INCOMPLETE = "incomplete"
    CLOCK = "clock"
    NOT_HERE = "not_here"
    OTHER_CONTENT = "other_content"


@dataclass(frozen=True)
class Tap:
    """A choice as a phone sends it. `tapped_at` is on the phone's own clock; `key` is made by the phone, once."""

    key: str
    seat_id: int
    tapped_at: datetime
    mark: Mark


def corrected(tapped_at: datetime, *, phone_now: datetime, now: datetime) -> datetime | None:
    """The instant of a tap on the server's clock, given what the phone's clock says at sending; never after `now`.

    A clock that is off by no more than CLOCK_SLACK is taken as it is. None when the tap would lie ahead by more than
    that: then the clock was changed in between, and nobody can tell when it was."""
    if tapped_at > phone_now + CLOCK_SLACK:
        return None
    off = now - phone_now
    return min(tapped_at + off if abs(off) > CLOCK_SLACK else tapped_at, now)


def judge(
    at: datetime | None, changed_at: datetime | None, *, starts_at: datetime, finished: bool, complete: bool
) -> Answer:
    """What becomes of a tap at a corrected instant, on a seat of this meeting whose mark was last changed at
    `changed_at`, if ever. Of two at the same instant the one that arrives last is later.

    `complete`: whether the mark has the minutes that it needs."""
    if at is None:
        return Answer.CLOCK
    if at < starts_at:
        return Answer.EARLY
    if finished:
        return Answer.FINISHED
    if not complete:
        return Answer.INCOMPLETE
    if changed_at is not None and at < changed_at:
        return Answer.OLDER
    return Answer.KEPT


def is_late(at: datetime, received_at: datetime) -> bool:
    """Whether a tap waited on a phone for so long that people should hear of it."""
    return received_at - at > LATE_ARRIVAL


def same_content(tap: Tap, seat_id: int, mark: Mark) -> bool:
    """Whether a tap that comes with a known key says what came with it the first time."""
    return tap.seat_id == seat_id and fingerprint(tap.mark) == fingerprint(mark)


def said_of(mark: Mark, *, by: str | None, at: datetime | None) -> str:
    """'Noor zette dit om 09.41 op Te laat.': what somebody else made of it."""
    if at is None:
        return ""
    status = status_in_words(mark.status)
    return str(_("%(by)s zette dit om %(time)s op %(status)s.", by=by or "", time=clock_time(at), status=status))


def answer_in_words(answer: Answer, name: str, *, starts_at: datetime, said: str = "") -> str:
    """What the phone says about a tap on `name`; empty for what was kept. `said`: what somebody chose later."""
    sentences: Mapping[Answer, str] = {
        Answer.OLDER: said,
        Answer.FINISHED: _("De lijst is al afgerond. Wijzig %(name)s daar, met een reden.", name=name),
        Answer.EARLY: _(
            "Bij %(name)s was dit voor het begin (%(moment)s). Kies nog eens.", name=name, moment=moment(starts_at)
        ),
        Answer.INCOMPLETE: _("Bij %(name)s klopt iets niet. Kijk de minuten na en kies nog eens.", name=name),
        Answer.CLOCK: _("De klok van deze telefoon is veranderd. Kies bij %(name)s nog eens.", name=name),
        Answer.NOT_HERE: _("Deze persoon staat niet (meer) op deze lijst."),
        Answer.OTHER_CONTENT: _("Dit kwam twee keer, en niet hetzelfde. Kies bij %(name)s nog eens.", name=name),
    }
    return str(sentences.get(answer, ""))

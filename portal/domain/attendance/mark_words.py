"""A whole mark in words, in the reader's language."""

from collections.abc import Iterable

from portal.domain.attendance.rules import Mark, Status, status_in_words
from portal.language import _, _n


def mark_in_words(mark: Mark, *, preparation: bool) -> str:
    """'Te laat (10 minuten), 5 minuten eerder weg'; with `preparation`, which the module asks for, also whether that
    was done. An excuse is left out."""
    parts = [status_in_words(mark.status)]
    own = {Status.LATE: mark.minutes_late, Status.LEFT_EARLY: mark.minutes_left_early}
    if mark.status in own:
        parts = [_n("%(status)s (%(num)s minuut)", "%(status)s (%(num)s minuten)", own[mark.status], status=parts[0])]
    if mark.minutes_late and mark.status != Status.LATE:
        parts.append(_n("%(num)s minuut te laat", "%(num)s minuten te laat", mark.minutes_late))
    if mark.minutes_left_early and mark.status != Status.LEFT_EARLY:
        parts.append(_n("%(num)s minuut eerder weg", "%(num)s minuten eerder weg", mark.minutes_left_early))
    if preparation:
        parts.append(_("voorbereiding gedaan") if mark.preparation_done else _("voorbereiding niet gedaan"))
    return ", ".join(str(part) for part in parts)


def counts_in_words(marks: Iterable[Mark]) -> list[tuple[str, int]]:
    """How many people have each status, of those that somebody has, in a fixed order."""
    counted = [mark.status for mark in marks]
    return [(status_in_words(status), counted.count(status)) for status in Status if status in counted]

"""Points in words, for who is choosing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from portal.domain.catalogue.facts import AccreditationRow, EditionFacts
from portal.language import _, _n, calendar_date


@dataclass(frozen=True)
class GrantInWords:
    """What a register grants over one period with one threshold (per cent of each meeting)."""

    register: str
    points: str
    validity: str
    threshold: int


def points_in_words(points: dict[str, int]) -> str:
    """'4 punten SKJ, 4 punten Registerplein'."""
    return ", ".join(
        _n("%(num)s punt %(register)s", "%(num)s punten %(register)s", number, register=register)
        for register, number in points.items()
    )


def grants_in_words(facts: EditionFacts) -> list[GrantInWords]:
    """What counts for the registers in this edition: one line per register, period and threshold."""

    def kind(row: AccreditationRow) -> tuple[str, date, date, int]:
        return (row.register_name, row.valid_from or date.min, row.valid_until or date.max, row.threshold_percent)

    return [
        GrantInWords(register, _points_of(rows, facts), _validity(begins, ends), threshold)
        for (register, begins, ends, threshold), rows in groupby(sorted(facts.accreditations, key=kind), key=kind)
    ]


def _points_of(rows: Iterable[AccreditationRow], facts: EditionFacts) -> str:
    positions = {meeting.module_id: meeting.position for meeting in facts.meetings}
    whole, single = [], []
    for row in rows:
        if row.module_id is None:
            whole.append(_("hele training: %(points)s", points=row.points))
        elif row.module_id in positions:
            single.append((positions[row.module_id], row.points))
    words = [_("dagdeel %(position)s: %(points)s", position=at, points=points) for at, points in sorted(single)]
    return ", ".join(str(word) for word in [*whole, *words])


def _validity(begins: date, ends: date) -> str:
    names = {"begins": calendar_date(begins), "ends": calendar_date(ends)}
    if begins > date.min and ends < date.max:
        return str(_("%(begins)s tot en met %(ends)s", **names))
    if ends < date.max:
        return str(_("tot en met %(ends)s", **names))
    if begins > date.min:
        return str(_("vanaf %(begins)s", **names))
    return str(_("zonder einddatum"))

"""One line of the table: what was measured, and what it should be."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

ABOVE = "boven de grens"


@dataclass(frozen=True)
class Row:
    """`where`: the database and the number of enrolments, or ''. `value` in `unit`; `bound` None: no promise. A value
    keeps its promise when it is at most the bound. `note`: what else there is to say."""

    group: str
    name: str
    where: str
    value: float
    unit: str
    bound: float | None = None
    note: str = ""

    @property
    def is_above(self) -> bool:
        return self.bound is not None and self.value > self.bound

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"above": self.is_above}


def as_table(rows: Sequence[Row]) -> str:
    """The rows under one another, by group."""
    lines = []
    group = ""
    for row in rows:
        if row.group != group:
            group = row.group
            lines += ["", group]
        bound = "" if row.bound is None else f"<= {row.bound:g}"
        verdict = ABOVE if row.is_above else ""
        lines.append(
            f"  {row.name:34} {row.where:18} {row.value:9.1f} {row.unit:9} {bound:7} {verdict:15} {row.note}".rstrip()
        )
    return "\n".join(lines)

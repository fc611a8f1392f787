"""Asking pages in turns with the floor, so that whatever else the machine does slows both."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles

from bench.visitor import Answer, Visitor

ROUNDS = 120
SECONDS = 6.0
WARM_UP = 8


@dataclass(frozen=True)
class Timing:
    """Milliseconds of one page; `floor_ms` is the median of the bare page in the same rounds."""

    rounds: int
    ms: float
    p95_ms: float
    floor_ms: float
    statements: int
    best_ms: float
    best_floor_ms: float

    @property
    def ratio(self) -> float:
        return self.ms / self.floor_ms

    @property
    def best_ratio(self) -> float:
        """Of the fastest rounds, in which the machine did least else."""
        return self.best_ms / self.best_floor_ms


def time_page(ask: Callable[[], Answer], floor: Visitor, *, rounds: int = ROUNDS, seconds: float = SECONDS) -> Timing:
    """The page and the bare page in turns: so many rounds, or as many as fit in these seconds.

    `statements` is the highest number of any round, after a first few that fill caches."""
    for _ in range(min(WARM_UP, rounds)):
        ask()
        floor.get("/")
    took, floors, statements = [], [], []
    deadline = time.monotonic() + seconds
    while len(took) < rounds and (len(took) < 3 or time.monotonic() < deadline):
        floors.append(floor.get("/").ms)
        answer = ask()
        took.append(answer.ms)
        statements.append(answer.statements)
    return Timing(
        len(took),
        round(median(took), 2),
        round(quantiles(took, n=20)[-1], 2),
        round(median(floors), 2),
        max(statements),
        min(took),
        min(floors),
    )

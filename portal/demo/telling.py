"""A story: acts with their moment, played in the order of time, each with its own moment as the clock."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

Act = Callable[[datetime], None]


@dataclass
class Story:
    """What is planned may lie ahead of today; what is *done* may not, so an act after `now` is left out.

    `chance` is the one source of chance, seeded: the same day has the same story on every machine."""

    now: datetime
    chance: random.Random
    acts: list[tuple[datetime, int, Act]] = field(default_factory=list)
    added: int = 0

    def at(self, moment: datetime, act: Act) -> None:
        """Adds an act. Acts of one moment happen in the order in which they were added."""
        if moment <= self.now:
            self.acts.append((moment, self.added, act))
            self.added += 1

    def tell(self) -> None:
        """Plays the acts; an act may add later ones."""
        while self.acts:
            first = min(self.acts, key=lambda act: act[:2])
            self.acts.remove(first)
            first[2](first[0])

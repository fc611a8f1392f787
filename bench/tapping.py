"""What a trainer's phone sends from a list of twenty people: a tap of one person, and taps of all at once."""

import json
import time
import uuid
from itertools import cycle, islice
from typing import Any

from bench.dataset import PASSWORD, TRAINER
from bench.load import time_page
from bench.result import Row
from bench.visitor import Answer, Visitor
from portal.domain.attendance.rules import Status

GROUP = "Attendance of 20 people, as a phone sends it"
MS = 50
TAPS = 60
BATCHES = 15


class Phone:
    """A trainer's phone with the list open."""

    def __init__(self, port: int, meeting: int) -> None:
        self.visitor = Visitor(port)
        self.visitor.sign_in(TRAINER, PASSWORD)
        self.path = f"/bijeenkomsten/{meeting}/presentie/stand"
        stand = json.loads(self.visitor.get(self.path).body)
        self.token = str(stand["csrf"])
        self.seats = [int(seat) for seat in stand["rows"]]
        self._next = cycle([(seat, status) for status in (Status.PRESENT, Status.ABSENT) for seat in self.seats])

    def tap(self, people: int) -> Answer:
        """Another choice for so many people, as they come; each must be kept."""
        now = int(time.time() * 1000)
        taps = [_tap(seat, status, now) for seat, status in islice(self._next, people)]
        answer = self.visitor.send(self.path, {"now": now, "taps": taps}, self.token)
        kept = [one["answer"] for one in json.loads(answer.body)["answers"].values()]
        if kept != ["kept"] * people:
            raise RuntimeError(f"{people} taps were answered {kept}")
        return answer


def measure(port: int, floor: Visitor, meeting: int, where: str) -> list[Row]:
    """One tap, which answers with the whole list, is held to a bound; a batch of all is told beside it."""
    phone = Phone(port, meeting)
    one = time_page(lambda: phone.tap(1), floor, rounds=TAPS)
    everybody = time_page(lambda: phone.tap(len(phone.seats)), floor, rounds=BATCHES)
    return [
        Row(GROUP, "a tap", where, one.ms, "ms", MS, f"p95 {one.p95_ms:.1f} ms, {one.ratio:.1f} x floor"),
        Row(GROUP, "a tap", where, one.statements, "SQL", None),
        Row(GROUP, "taps of all at once", where, everybody.ms, "ms", None, f"{everybody.ratio:.1f} x floor"),
        Row(GROUP, "taps of all at once", where, everybody.statements, "SQL", None),
    ]


def _tap(seat: int, status: Status, at: int) -> dict[str, Any]:
    nothing = {"minutes_late": 0, "minutes_left_early": 0, "excuse": "", "preparation_done": False}
    return {"key": str(uuid.uuid4()), "seat": seat, "at": at, "status": status, **nothing}

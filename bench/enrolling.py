"""A whole enrolment: four pages, from choice to done, each time by somebody new."""

from dataclasses import dataclass
from itertools import count
from statistics import median

from bench.load import SECONDS
from bench.pages import STATEMENTS
from bench.result import Row
from bench.visitor import Visitor, filled

GROUP = "Enrolling"
STATEMENTS_OF_AN_ENROLMENT = 60
TIMES = 15


@dataclass(frozen=True)
class Flow:
    """All requests of one enrolment together."""

    ms: float
    statements: int
    last_step_ms: float


def measure(port: int, floor: Visitor, edition: int, where: str) -> list[Row]:
    """Enrols people one after another in an edition with room for all."""
    serial = count(1)
    flows, floors = [], []
    spent = 0.0
    while len(flows) < TIMES and spent < SECONDS * 1000:
        floors.append(floor.get("/").ms)
        flows.append(enrol(Visitor(port), edition, f"nieuw{next(serial)}@bench.example"))
        spent += flows[-1].ms
    # The first fills caches.
    flows = flows[1:] or flows
    ms, last = median(flow.ms for flow in flows), median(flow.last_step_ms for flow in flows)
    statements = max(flow.statements for flow in flows)
    note = f"7 requests, of which the one that enrols {last:.1f} ms; {ms / median(floors):.0f} x floor"
    return [
        Row(GROUP, "an enrolment", where, round(ms, 1), "ms", None, note),
        Row(STATEMENTS, "an enrolment", where, statements, "SQL", STATEMENTS_OF_AN_ENROLMENT),
    ]


def enrol(visitor: Visitor, edition: int, email: str) -> Flow:
    """Walks through the steps as a browser does."""
    path = f"/uitvoeringen/{edition}/inschrijven"
    answers = []
    for step, changes in steps(email):
        form = visitor.get(path + step)
        field = next(iter(changes))
        answers += [form, visitor.post(path + step, filled(form.body, field, changes))]
    answers.append(visitor.get(f"{path}/klaar"))
    return Flow(sum(answer.ms for answer in answers), sum(answer.statements for answer in answers), answers[-2].ms)


def steps(email: str) -> list[tuple[str, dict[str, str | list[str]]]]:
    """Of each step: its address and what is filled in."""
    details: dict[str, str | list[str]] = {
        "name": "Şule Yılmaz-Škrabáková",
        "email": email,
        "employer": "Wijkteam Assendorp",
        "contract_party": "participant",
        "register_SKJ": "110024518",
    }
    return [("", {"choice": "whole"}), ("/gegevens", details), ("/controleren", {"terms": "y"})]

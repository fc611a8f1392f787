"""`make bench`: everything, on both databases, with 300 and with 30,000 enrolments.

    python -m bench [--database sqlite] [--enrolments 300]

Exit 0 also when a row is above its bound: the table says so. Exit 1 when something could not be measured."""

import argparse
import json
import os
import platform
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench import certificate, enrolling, pages, tapping, worker, writers
from bench.dataset import fill
from bench.result import Row, as_table
from bench.servers import database, serving, version_of
from bench.visitor import Visitor

RESULTS = Path(__file__).parent / "results"
DATABASES = ("sqlite", "postgresql")
SIZES = (300, 30_000)


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    options.add_argument("--database", choices=DATABASES, action="append")
    options.add_argument("--enrolments", type=int, action="append")
    chosen = options.parse_args()
    begun = time.monotonic()
    bench = Bench()
    for kind in chosen.database or DATABASES:
        for size in chosen.enrolments or SIZES:
            bench.part(f"{kind} with {size} enrolments", lambda kind=kind, size=size: bench.measure(kind, size))
    bench.part("certificates", lambda: bench.rows.extend(certificate.measure_rows()))
    bench.rows.extend(same_number(bench.rows))
    bench.facts["seconds"] = round(time.monotonic() - begun)
    bench.write()
    print("  ".join(f"{name}: {value}" for name, value in bench.facts.items()))
    print(as_table(bench.sorted()))
    for name in bench.failed:
        print(f"\nnot measured: {name}; the lines above the table say why", file=sys.stderr)
    return 1 if bench.failed else 0


class Bench:
    """What was measured so far."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.failed: list[str] = []
        self.facts: dict[str, object] = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "granian": version("granian"),
        }

    def part(self, name: str, work: Callable[[], None]) -> None:
        """Does one part; when that fails, the others are measured all the same."""
        print(f"... {name}", file=sys.stderr, flush=True)
        try:
            work()
        except Exception:
            traceback.print_exc()
            self.failed.append(name)

    def measure(self, kind: str, size: int) -> None:
        """All that is measured on a filled database."""
        where = f"{kind} {size}"
        with database(kind) as environment:
            self.facts[kind] = version_of(environment)
            landmarks = fill(environment, size)
            with serving("bench.floor:app", {}) as floor_port, serving("bench.served:app", environment) as port:
                floor = Visitor(floor_port)
                self.part(f"{where}: pages", lambda: self.add(pages.measure(port, floor, landmarks, where)))
                self.part(
                    f"{where}: enrolling", lambda: self.add(enrolling.measure(port, floor, landmarks.roomy, where))
                )
                self.part(f"{where}: tapping", lambda: self.add(tapping.measure(port, floor, landmarks.meeting, where)))
            if size == min(SIZES):
                self.part(f"{where}: log", lambda: self.add(writers.measure_log(environment, kind)))
                self.part(
                    f"{where}: seats", lambda: self.add(writers.measure_seats(environment, landmarks.small, kind))
                )
                self.part(f"{where}: worker", lambda: self.add(worker.measure(environment, landmarks, kind)))

    def add(self, rows: list[Row]) -> None:
        self.rows += rows

    def sorted(self) -> list[Row]:
        """By group, and within it by what was measured, in the order in which they came."""
        groups = list(dict.fromkeys(row.group for row in self.rows))
        names = list(dict.fromkeys(row.name for row in self.rows))
        return sorted(self.rows, key=lambda row: (groups.index(row.group), names.index(row.name)))

    def write(self) -> None:
        RESULTS.mkdir(exist_ok=True)
        rows = [row.as_json() for row in self.sorted()]
        text = json.dumps({"facts": self.facts, "rows": rows}, indent=1, ensure_ascii=False)
        for name in (f"{datetime.now(UTC):%Y%m%d-%H%M%S}", "latest"):
            (RESULTS / f"{name}.json").write_text(text + "\n")


def same_number(rows: list[Row]) -> list[Row]:
    """Whether pages take as many statements with many enrolments as with few; one row, of those that do not."""
    counted: dict[tuple[str, str], dict[str, float]] = {}
    for row in rows:
        if row.group == pages.STATEMENTS:
            kind, _space, size = row.where.partition(" ")
            counted.setdefault((row.name, kind), {})[size] = row.value
    compared = {key: sizes for key, sizes in counted.items() if len(sizes) > 1}
    differing = [f"{name} ({kind})" for (name, kind), sizes in compared.items() if len(set(sizes.values())) > 1]
    if not compared:
        return []
    name = "take more with more enrolments"
    return [Row(pages.STATEMENTS, name, f"of {len(compared)}", len(differing), "pages", 0, ", ".join(differing))]


sys.exit(main())

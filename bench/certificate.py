"""What a certificate costs: milliseconds each, bytes, and the memory of the process that prints many.

`python -m bench.certificate` prints the figures."""

import os
import time
from dataclasses import replace
from json import dumps
from statistics import median, quantiles

from bench.memory import children_of, held_by
from bench.result import Row
from portal.documents.certificate import render_certificate
from tests.documents.sample_certificates import WHOLE

SAMPLES = 200
GROUP = "A certificate"
MS = 60


def measure(samples: int = SAMPLES) -> dict[str, float]:
    """Print certificates of different people; the first, which loads the fonts, is counted apart."""
    started = time.perf_counter()
    pdf = render_certificate(WHOLE)
    first = time.perf_counter() - started
    took = []
    for number in range(samples):
        facts = replace(WHOLE, holder_name=f"Dewi Hardjo {number}", number=f"EKC-2027-{number:06}")
        started = time.perf_counter()
        render_certificate(facts)
        took.append(time.perf_counter() - started)
    typesetter = children_of(os.getpid())[-1]
    return {
        "first_ms": round(first * 1000, 1),
        "median_ms": round(median(took) * 1000, 1),
        "p95_ms": round(quantiles(took, n=20)[-1] * 1000, 1),
        "size_kib": round(len(pdf) / 1024, 1),
        "peak_mib": round(held_by(typesetter).peak, 1),
    }


def measure_rows() -> list[Row]:
    """The same as lines of the table."""
    found = measure()
    note = f"p95 {found['p95_ms']} ms, the first {found['first_ms']} ms, {found['size_kib']} KiB"
    return [
        Row(GROUP, "printing one", "", found["median_ms"], "ms", MS, note),
        Row(GROUP, "memory of the typesetter", "", found["peak_mib"], "MiB", None, f"after {SAMPLES}"),
    ]


if __name__ == "__main__":
    print(dumps(measure()))

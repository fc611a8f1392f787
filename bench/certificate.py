"""What a certificate costs: milliseconds each, bytes, and the memory of a process that prints many.

The bounds are under 60 ms a certificate and under 120 MiB for the worker; the memory here is that of a process that
prints and does nothing else. ``python -m bench.certificate`` prints the figures.
"""

import resource
import time
from dataclasses import replace
from statistics import median, quantiles

from portal.documents.certificate import render_certificate
from tests.documents.sample_certificates import WHOLE

SAMPLES = 200


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
    return {
        "first_ms": round(first * 1000, 1),
        "median_ms": round(median(took) * 1000, 1),
        "p95_ms": round(quantiles(took, n=20)[-1] * 1000, 1),
        "size_kib": round(len(pdf) / 1024, 1),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:10} {value:>8}")

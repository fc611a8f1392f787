"""What processes hold of the machine's memory, as Linux counts it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Held:
    """MiB in memory now, and at the highest so far (VmRSS, VmHWM)."""

    now: float = 0.0
    peak: float = 0.0


def held_by(process: int) -> Held:
    """What a process holds; nothing when it has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except FileNotFoundError:
        return Held()
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines if line.startswith("Vm")}
    return Held(sizes.get("VmRSS", 0.0), sizes.get("VmHWM", 0.0))


def children_of(process: int) -> list[int]:
    """The processes that a process started and that still run, the oldest first."""
    try:
        return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except FileNotFoundError:
        return []

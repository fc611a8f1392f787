"""How long the state machine of seats runs: `--machine-runs=500 --machine-steps=60`, or a little in the quick suite."""

from typing import NamedTuple

import pytest

QUICK_RUNS, QUICK_STEPS = 6, 30


class MachineSize(NamedTuple):
    """So many runs of so many steps. A quick one takes the same steps every time; a long one looks for new ones."""

    runs: int
    steps: int

    @property
    def is_quick(self) -> bool:
        return self.runs <= QUICK_RUNS


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--machine-runs", type=int, default=QUICK_RUNS, help="runs of the state machine of seats")
    parser.addoption("--machine-steps", type=int, default=QUICK_STEPS, help="steps of each of its runs")


@pytest.fixture(scope="session")
def machine_size(pytestconfig: pytest.Config) -> MachineSize:
    return MachineSize(pytestconfig.getoption("--machine-runs"), pytestconfig.getoption("--machine-steps"))

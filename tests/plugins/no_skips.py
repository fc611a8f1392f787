"""A suite never passes by leaving something out: a skipped test makes the run fail, and the end of the run says so."""

import pytest

SENTENCE = "tests were skipped or expected to fail; a part that cannot run fails and says how to make it run"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if left_out(session.config) and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if number := left_out(config):
        terminalreporter.write_line(f"{number} {SENTENCE}", red=True)


def left_out(config: pytest.Config) -> int:
    """How many tests did not really run. Workers of pytest-xdist have no reporter; their controller counts for them."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return sum(len(reporter.stats.get(kind, [])) for kind in ("skipped", "xfailed", "xpassed")) if reporter else 0

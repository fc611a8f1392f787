"""The longest stories first, so that several test processes end at about the same time."""

import pytest

LONG = ("tests/journeys/", "tests/test_live.py", "tests/test_worker.py", "tests/design/", "tests/mail/test_order.py")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))

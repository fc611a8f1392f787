"""What every test may use. Each plugin says what its fixtures are for."""

import pytest

pytest.register_assert_rewrite("tests.page", "tests.plugins")

pytest_plugins = [
    "tests.plugins.no_skips",
    "tests.plugins.database",
    "tests.plugins.mail",
    "tests.plugins.portal",
    "tests.plugins.live",
    "tests.plugins.browser",
]

"""What every test may use. Each plugin says what its fixtures are for."""

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("tests.page", "tests.enrolment_table", "tests.plugins", "tests.journeys")

pytest_plugins = [
    "tests.plugins.no_skips",
    "tests.plugins.order",
    "tests.plugins.pe_online",
    "tests.plugins.translations",
    "tests.plugins.database",
    "tests.plugins.mail",
    "tests.plugins.imap",
    "tests.plugins.portal",
    "tests.plugins.live",
    "tests.plugins.browser",
    "tests.plugins.machine",
]

# How long an example takes on a busy machine says nothing about the code; make bench measures.
settings.register_profile("portal", deadline=None)
settings.load_profile("portal")

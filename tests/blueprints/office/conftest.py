"""The office at its desk."""

from collections.abc import Callable

import pytest

from portal.domain.accounts.rules import Role
from tests import factories
from tests.plugins.portal import PortalClient


@pytest.fixture
def office(sign_in: Callable[..., PortalClient]) -> PortalClient:
    """A browser of Marleen, who works at the office."""
    return sign_in(factories.person(role=Role.OFFICE, name="Marleen de Wit"))

"""What somebody types behind the question mark: an answer, never an error of ours."""

import pytest

from portal import audit
from portal.domain.accounts.rules import Role
from portal.web.addresses import asked_page
from tests import factories

TOO_LARGE = "9" * 30


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/trainer?pagina={TOO_LARGE}", 200),
        (f"/audit?pagina={TOO_LARGE}", 200),
        (f"/audit/uitvoeringen/%s?pagina={TOO_LARGE}", 200),
        ("/audit?van=0001-01-01", 422),
        ("/audit?tot=9999-12-31", 422),
        ("/audit?soort=%00&wat=%00", 200),
        (f"/bureau/post?uitvoering={TOO_LARGE}", 404),
        (f"/uitvoeringen/%s/agenda.ics?module={TOO_LARGE}", 404),
    ],
)
def test_a_number_or_a_day_that_no_database_holds_is_no_error_of_ours(as_role, address, status):
    edition = factories.edition_with_meetings()
    client = as_role(Role.TRAINER if address.startswith("/trainer") else Role.OFFICE)
    assert client.get(address.replace("%s", str(edition.edition.id))).status_code == status


@pytest.mark.parametrize(
    ("asked", "page"), [("", 1), ("?pagina=3", 3), ("?pagina=0", 1), ("?pagina=-2", 1), ("?pagina=drie", 1)]
)
def test_a_page_is_a_number_that_counts_pages(app, asked, page):
    with app.test_request_context(f"/agenda{asked}"):
        assert asked_page() == page


def test_a_page_past_the_end_of_the_log_is_its_last_page(as_role):
    as_role(Role.TRAINER)
    assert audit.list_entries(page=999).entries == audit.list_entries().entries != []

"""Every list of the office is paged and takes the same number of queries however long it is."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from portal import clock
from portal.domain.accounts.rules import Role
from portal.domain.catalogue.rules import EditionKind
from portal.domain.coordinators.models import Coordinator, Region
from portal.domain.incompany.models import TrainingRequest
from portal.domain.incompany.rules import RequestState
from tests import factories
from tests.plugins.portal import PortalClient, Queries


def more(times: int) -> None:
    """So many more of everything that the office lists."""
    for _time in range(times):
        of = factories.course_with_modules(2)
        factories.accreditation(of.modules[0], "SKJ", valid_until=clock.today() + timedelta(days=400))
        client = factories.organisation()
        closed = {"kind": EditionKind.IN_COMPANY, "organisation_id": client.id}
        factories.edition_with_meetings(of, trainer=factories.person(role=Role.TRAINER), **closed)
        number = next(factories.numbers)
        region = factories.add(Region(name=f"Regio {number}"))
        factories.add(Coordinator(person_id=factories.person().id, region_id=region.id))
        factories.add(
            TrainingRequest(
                organisation_name=client.name,
                contact_id=factories.person().id,
                course_id=of.course.id,
                state=RequestState.REQUESTED,
                group_size=12,
                period="",
                place="",
                goal="",
                requested_at=clock.now(),
            )
        )


@pytest.mark.parametrize(
    ("path", "pages"),
    [
        ("/bureau/trainingen", 2),
        ("/bureau/trainingen/1", 1),
        ("/bureau/uitvoeringen", 2),
        ("/bureau/uitvoeringen/nieuw", 2),
        ("/bureau/uitvoeringen/nieuw?training=1", 1),
        ("/bureau/uitvoeringen/1", 1),
        ("/bureau/accreditatie", 1),
        ("/bureau/aanvragen", 2),
        ("/bureau/aanvragen/1", 1),
        ("/bureau/coordinatoren", 2),
    ],
)
def test_30_rows_take_as_many_queries_as_3(
    office: PortalClient, count_queries: Callable[[], AbstractContextManager[Queries]], path: str, pages: int
):
    def queries() -> Queries:
        with count_queries() as counted:
            assert office.get(path).status_code == 200
        return counted

    more(3)
    few = queries()
    more(27)
    many = queries()
    assert len(many) == len(few), f"{few}\n\n{many}"
    assert f"Pagina 1 van {pages}" in office.visit(path).text or pages == 1

"""Who of the office saw whose data is written down."""

from collections.abc import Callable

import pytest

from portal import audit
from portal.clock import now
from portal.domain.incompany.models import TrainingRequest
from portal.domain.incompany.rules import RequestState
from tests import factories
from tests.plugins.portal import PortalClient


def edition() -> tuple[str, int]:
    return "edition", factories.edition_with_meetings().edition.id


def meeting() -> tuple[str, int]:
    return "meeting", factories.edition_with_meetings().meetings[0].id


def enrolment() -> tuple[str, int]:
    return "enrolment", factories.enrolment(factories.edition_with_meetings()).id


def request() -> tuple[str, int]:
    asked = TrainingRequest(
        organisation_name="Gemeente Purmerend",
        contact_id=factories.person().id,
        course_id=factories.course_with_modules(1).course.id,
        state=RequestState.REQUESTED,
        group_size=12,
        period="",
        place="",
        goal="",
        requested_at=now(),
    )
    return "request", factories.add(asked).id


@pytest.mark.parametrize(
    ("path", "about"),
    [
        ("/bureau/uitvoeringen/{}", edition),
        ("/bureau/bijeenkomsten/{}/verplaatsen", meeting),
        ("/bureau/inschrijvingen/{}/annuleren", enrolment),
        ("/bureau/aanvragen/{}", request),
    ],
)
def test_a_page_about_people_is_in_the_trail_of_what_it_is_about(
    office: PortalClient, path: str, about: Callable[[], tuple[str, int]]
):
    kind, number = about()
    office.visit(path.format(number))
    assert [entry.tag for entry in audit.trail_of(kind, number).entries] == ["privacy.viewed"]


@pytest.mark.parametrize("path", ["/bureau/aanvragen", "/bureau/coordinatoren"])
def test_a_list_of_people_is_in_the_log(office: PortalClient, path: str):
    office.visit(path)
    assert len(audit.list_entries(tag="privacy.viewed").entries) == 1

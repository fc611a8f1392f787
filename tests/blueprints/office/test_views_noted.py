"""Who of the office saw whose data is written down."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from portal import audit
from portal.clock import local_date, now
from portal.domain.accounts.rules import Role
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
        ("/bureau/uitvoeringen/{}/wachtlijst", edition),
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


def meeting_that_was() -> tuple[str, int]:
    given = factories.edition_with_meetings(first_on=local_date(now()) - timedelta(days=1))
    return "meeting", given.meetings[0].id


def person() -> tuple[str, int]:
    return "person", factories.person().id


@pytest.mark.parametrize(
    ("path", "about"),
    [
        ("/bijeenkomsten/{}/presentie/afronden", meeting_that_was),
        ("/bureau/aanvragen/{}/afwijzen", request),
        ("/bureau/aanvragen/{}/koppelen", request),
        ("/bureau/mensen/{}/rollen", person),
    ],
)
def test_a_page_that_comes_back_with_mistakes_is_seen_too(
    as_role: Callable[[Role], PortalClient], path: str, about: Callable[[], tuple[str, int]]
):
    kind, number = about()
    assert as_role(Role.ADMIN).send(path.format(number)).status_code == 422
    assert [entry.tag for entry in audit.trail_of(kind, number).entries] == ["privacy.viewed"]


def test_a_list_that_comes_back_with_mistakes_is_seen_too(office: PortalClient):
    assert office.send("/bureau/coordinatoren").status_code == 422
    assert len(audit.list_entries(tag="privacy.viewed").entries) == 1

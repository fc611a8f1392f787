"""Planning an edition of which the people are counted only."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.catalogue import editions
from portal.domain.catalogue.editions import EditionDetails
from portal.domain.catalogue.models import Edition
from portal.domain.catalogue.queries import get_edition
from portal.domain.catalogue.rules import EditionKind
from portal.errors import Refused
from tests import factories

OFFICE = Actor.system()


@pytest.fixture
def details(app: Flask) -> EditionDetails:
    organisation = factories.organisation()
    db.session.commit()
    return EditionDetails(kind=EditionKind.IN_COMPANY, organisation_id=organisation.id, counted_only=True)


def planned(details: EditionDetails) -> Edition:
    with transaction():
        course, modules = factories.course_with_modules(1)
        starts_at = clock.now() + timedelta(days=30)
        meeting = editions.MeetingPlan(modules[0].id, starts_at, starts_at + timedelta(hours=3), 20)
        return editions.plan_edition(
            course_id=course.id, details=details, meetings=[meeting], actor=OFFICE, now=clock.now()
        )


def edit(edition: Edition, details: EditionDetails) -> None:
    with transaction():
        editions.edit_edition(edition_id=edition.id, details=details, actor=OFFICE, now=clock.now())


def publish(edition: Edition) -> None:
    with transaction():
        editions.publish_edition(edition_id=edition.id, actor=OFFICE, now=clock.now())


def test_the_office_says_so_when_it_plans(details: EditionDetails):
    assert get_edition(planned(details).id).counted_only
    assert not get_edition(planned(replace(details, counted_only=False)).id).counted_only


def test_a_copy_is_of_the_same_group(details: EditionDetails):
    edition = planned(details)
    with transaction():
        copy = editions.copy_edition(
            edition_id=edition.id, first_on=clock.today() + timedelta(days=60), actor=OFFICE, now=clock.now()
        )
    assert get_edition(copy.id).counted_only


def test_only_a_closed_group_is_counted(details: EditionDetails):
    with pytest.raises(Refused, match="in-company") as refused:
        planned(replace(details, kind=EditionKind.OPEN, organisation_id=None))
    assert refused.value.field == "counted_only"


def test_there_is_no_minimum_of_people_who_never_enrol(details: EditionDetails):
    with pytest.raises(Refused) as refused:
        planned(replace(details, minimum=6))
    assert refused.value.field == "minimum"


@pytest.mark.parametrize("counted_only", [True, False])
def test_a_draft_can_still_become_the_other_and_what_is_online_cannot(details: EditionDetails, counted_only: bool):
    edition = planned(replace(details, counted_only=not counted_only))
    edit(edition, replace(details, counted_only=counted_only))
    assert get_edition(edition.id).counted_only == counted_only
    publish(edition)
    with pytest.raises(Refused, match="staat online") as refused:
        edit(edition, replace(details, counted_only=not counted_only))
    assert refused.value.field == "counted_only"
    edit(edition, replace(details, counted_only=counted_only, place="Zwolle"))
    assert get_edition(edition.id).counted_only == counted_only

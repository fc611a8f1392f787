"""What the office decides about enrolling is a version that stays."""

from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.domain.enrolment.policy import BOUNDS, Policy, PolicyVersion, current_policy, decide_policy
from portal.errors import Refused
from tests import factories

NOW = clock.now()


def decide(policy: Policy, by: Person, after: timedelta = timedelta(0)) -> tuple[str, ...]:
    by_id = by.id
    with transaction():
        return decide_policy(policy=policy, actor=Actor.person(by_id), now=NOW + after)


def test_nothing_decided_means_the_defaults(app: Flask):
    assert current_policy(NOW) == Policy()


def test_every_field_has_bounds_that_its_default_keeps():
    assert set(BOUNDS) == set(asdict(Policy()))
    assert [
        name for name, value in asdict(Policy()).items() if not BOUNDS[name].least <= value <= BOUNDS[name].most
    ] == []


def test_the_newest_decision_holds_from_its_own_moment(app: Flask):
    office = factories.person(role=Role.OFFICE)
    first, second = Policy(offer_hours=24), Policy(offer_hours=12, naming_days=10)
    assert decide(first, office) == ("offer_hours",)
    assert decide(second, office, after=timedelta(hours=1)) == ("offer_hours", "naming_days")
    moments = [NOW - timedelta(seconds=1), NOW, NOW + timedelta(minutes=59), NOW + timedelta(hours=1)]
    assert [current_policy(moment) for moment in moments] == [Policy(), first, first, second]


def test_a_decision_is_in_the_log_with_what_it_was(app: Flask):
    decide(Policy(offer_hours=24), factories.person(role=Role.OFFICE))
    found = [entry.facts["changed"] for entry in audit.list_entries(tag="enrolment.policy_decided").entries]
    assert found == [["offer_hours: 48 -> 24"]]


def test_the_same_once_more_makes_no_version(app: Flask):
    assert decide(Policy(), factories.person(role=Role.OFFICE)) == ()
    assert db.session.scalars(select(PolicyVersion)).all() == []


@pytest.mark.parametrize("name", BOUNDS)
def test_a_number_past_its_bounds_is_refused_at_its_field(app: Flask, name: str):
    office = factories.person(role=Role.OFFICE)
    for number in (BOUNDS[name].least - 1, BOUNDS[name].most + 1):
        with pytest.raises(Refused) as refused:
            decide(replace(Policy(), **{name: number}), office)
        assert refused.value.field == name
    assert current_policy(NOW) == Policy()


def test_a_field_that_is_decided_no_more_does_not_break_an_old_decision(app: Flask):
    factories.add(PolicyVersion(decided={"offer_hours": 5, "gone": 1}, decided_at=NOW))
    assert current_policy(NOW) == Policy(offer_hours=5)

"""Two administrators at the very same moment: the database decides."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts import commands
from portal.domain.accounts.models import RoleGrant
from portal.domain.accounts.rules import Role
from portal.errors import Refused
from tests import factories
from tests.domain.enrolment.test_races import at_once

ROUNDS = 6


def test_a_role_that_two_give_at_once_is_given_once(app: Flask) -> None:
    for round_number in range(1, ROUNDS + 1):
        person_id = factories.person().id

        def give(number: int, person_id: int = person_id) -> bool:
            with transaction():
                commands.grant_role(person_id=person_id, role=Role.TRAINER, actor=Actor.system(), now=clock.now())
            return True

        assert at_once(app, give, workers=4) == 4
        has = select(func.count()).select_from(RoleGrant).where(RoleGrant.person_id == person_id)
        assert db.session.scalar(has) == 1
        assert audit.list_entries(tag="accounts.role_granted").total == round_number


def test_two_administrators_who_withdraw_one_another_leave_one(app: Flask) -> None:
    for _ in range(ROUNDS):
        admins = [factories.person(Role.ADMIN).id for _ in range(2)]
        wanted = select(RoleGrant.person_id, RoleGrant.id).where(RoleGrant.person_id.in_(admins))
        grants = dict(db.session.execute(wanted).all())

        def withdraw(number: int, admins: list[int] = admins, grants: dict[int, int] = grants) -> bool:
            by, of = admins[number], admins[1 - number]
            try:
                with transaction():
                    commands.withdraw_role(person_id=of, grant_id=grants[of], actor=Actor.person(by), now=clock.now())
            except Refused:
                return False
            return True

        assert at_once(app, withdraw, workers=2) == 1
        left = db.session.scalars(select(RoleGrant).where(RoleGrant.role == Role.ADMIN)).one()
        db.session.delete(left)


def test_the_last_administrator_stays(app: Flask) -> None:
    admin = factories.person(Role.ADMIN)
    grant_id = db.session.scalars(select(RoleGrant.id)).one()
    db.session.commit()
    with pytest.raises(Refused, match="Dit is de enige beheerder"), transaction():
        commands.withdraw_role(person_id=admin.id, grant_id=grant_id, actor=Actor.system(), now=clock.now())
    assert db.session.scalars(select(RoleGrant.id)).all() == [grant_id]

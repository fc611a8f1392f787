"""The demo data: there once, the same everywhere, and with everything in it that a page has to show."""

from collections import Counter
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal import audit, clock, demo
from portal.db import db
from portal.demo.people import ACCOUNTS
from portal.domain.accounts.models import Person
from portal.domain.accounts.queries import find_by_email
from portal.domain.attendance.models import AttendanceSheet
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.catalogue.rules import EditionState
from portal.domain.certificates.models import Certificate
from portal.domain.enrolment.group_models import ReservedPlace
from portal.domain.enrolment.models import Enrolment, Seat, WaitingListEntry, WaitingListOffer
from portal.domain.enrolment.queries import find_facts
from portal.domain.enrolment.rules import EndedBy
from portal.domain.handover.models import HandoverRow
from portal.domain.handover.queries import list_editions
from portal.domain.handover.rules import RowState
from portal.domain.quality.asking import work_on_evaluations
from portal.domain.quality.results import list_remarks, list_results

NOW = datetime(2026, 11, 22, 11, 20, tzinfo=UTC)


@pytest.fixture
def loaded(app: Flask) -> Flask:
    with time_machine.travel(NOW, tick=False):
        assert demo.load(clock.now())
    return app


def count(of: type) -> int:
    return db.session.scalar(select(func.count()).select_from(of)) or 0


def test_the_demo_holds_every_kind_of_thing_that_a_page_shows(loaded: Flask) -> None:
    states = Counter(db.session.scalars(select(Certificate.state)))
    assert set(states) == {"valid", "revoked", "replaced"}
    assert (states["revoked"], states["replaced"]) == (1, 1)
    assert set(db.session.scalars(select(Edition.state))) == set(EditionState)
    assert {email for email, _name, _role in ACCOUNTS if find_by_email(email) is None} == set()
    assert set(db.session.scalars(select(Enrolment.state))) == {"enrolled", "completed", "cancelled"}

    full = select(Meeting.edition_id).where(Meeting.taken == Meeting.capacity, Meeting.starts_at > NOW)
    waiting = select(WaitingListEntry.edition_id).where(WaitingListEntry.left_at.is_(None))
    assert set(db.session.scalars(waiting)) == set(db.session.scalars(full))

    assert set(db.session.scalars(select(Enrolment.ended_by))) == {None, *EndedBy}
    assert db.session.scalars(select(WaitingListOffer.state)).all() == ["open"]
    assert Counter(db.session.scalars(select(ReservedPlace.state))) == {"named": 2, "reserved": 2}
    stand_ins = select(Seat).where(Seat.instead_of_id.is_not(None), Seat.released_at.is_(None))
    instead_of = select(Seat.released_at).where(
        Seat.id.in_(seat.instead_of_id for seat in db.session.scalars(stand_ins))
    )
    assert sorted(at is None for at in db.session.scalars(instead_of)) == [False, True], "one swapped, one made up"
    tentative = db.session.scalars(select(Edition).where(Edition.state == EditionState.TENTATIVE)).all()
    assert all(edition.decide_on and edition.decide_on > clock.local_date(NOW) for edition in tentative)

    today = select(Meeting).where(Meeting.starts_at > NOW.replace(hour=0), Meeting.starts_at <= NOW)
    held = db.session.scalars(today).one()
    assert held.ends_at == datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
    assert db.session.get(AttendanceSheet, held.id) is None
    assert held.taken > 8
    coordinator = find_by_email("coordinator@demo.example")
    assert coordinator is not None
    facts = find_facts(coordinator.id)
    assert (set(facts.completed), len(facts.conferences)) == ({"ek-1"}, 1)
    assert "Nguyễn Thị Ánh" in set(db.session.scalars(select(Person.name)))
    assert audit.verify() is None

    results = list_results(per_page=100).rows
    assert len(results) > 10
    assert sum(result.means is not None for result in results) > 8
    assert {result.asked >= result.answered for result in results} == {True}
    assert any(list_remarks(result.edition_id) for result in results)
    assert work_on_evaluations(NOW) == 0, "the worker finds nothing left to ask"

    handed = Counter(db.session.scalars(select(HandoverRow.state)))
    assert set(handed) == {"accepted", "refused"}
    assert handed["refused"] == 1
    assert handed["accepted"] > 20
    assert any(edition.counts[RowState.TO_SEND] for edition in list_editions(NOW, 14).rows)

    before = count(Enrolment), count(Edition), audit.list_entries().total
    assert demo.load(clock.now()) is False
    assert (count(Enrolment), count(Edition), audit.list_entries().total) == before

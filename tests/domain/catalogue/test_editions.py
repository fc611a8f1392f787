"""The office plans editions, publishes them and copies them to new dates."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.rules import Role
from portal.domain.catalogue import editions
from portal.domain.catalogue.editions import EditionDetails, MeetingPlan
from portal.domain.catalogue.models import Edition
from portal.domain.catalogue.queries import get_edition
from portal.domain.catalogue.rules import EditionKind, EditionState
from portal.errors import Conflict, NotFound, Refused
from tests import factories
from tests.factories import CourseAndModules

ZWOLLE = EditionDetails(place="Zwolle", minimum=4)


def do(command: Callable[..., Any], **values: Any) -> Any:
    """Runs a command as the office would."""
    with transaction():
        return command(**values, actor=Actor.system("cli"), now=clock.now())


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return clock.from_local(datetime(day.year, day.month, day.day, hour, minute))  # noqa: DTZ001, a wall clock


def plan(module_id: int, day: date, **values: Any) -> MeetingPlan:
    ordinary = {"starts_at": at(day, 9, 30), "ends_at": at(day, 13), "capacity": 12, "venue": "Grote Markt 1"}
    return MeetingPlan(**{"module_id": module_id} | ordinary | values)


def draft(of: CourseAndModules, **values: Any) -> Edition:
    """A draft edition with a meeting for every module, a week apart, from 18 March 2027 on."""
    first = date(2027, 3, 18)
    plans = [plan(module.id, first + timedelta(weeks=n), **values) for n, module in enumerate(of.modules)]
    made: Edition = do(editions.plan_edition, course_id=of.course.id, details=ZWOLLE, meetings=plans)
    return made


def test_a_planned_edition_is_a_draft_with_its_meetings_and_trainers(app: Flask):
    trainer = factories.person(role=Role.TRAINER, name="Noor van Dijk")
    edition = draft(factories.course_with_modules(modules=2), trainer_ids=(trainer.id,))
    facts = get_edition(edition.id)
    assert (facts.state, facts.place, facts.minimum, facts.trainers) == (
        EditionState.DRAFT,
        "Zwolle",
        4,
        ["Noor van Dijk"],
    )
    assert [(m.starts_at, m.capacity, m.taken) for m in facts.meetings] == [
        (datetime(2027, 3, 18, 8, 30, tzinfo=UTC), 12, 0),
        (datetime(2027, 3, 25, 8, 30, tzinfo=UTC), 12, 0),
    ]
    assert edition.starts_on == date(2027, 3, 18)
    tags = [entry.tag for entry in audit.trail_of("edition", edition.id).entries]
    assert tags == ["catalogue.meeting_planned", "catalogue.meeting_planned", "catalogue.edition_planned"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ends_at": at(date(2027, 3, 18), 9)}, "ends_at"),
        ({"capacity": 0}, "capacity"),
        ({"module_id": 0}, "module_id"),
        ({"trainer_ids": (987_654,)}, "trainer_ids"),
    ],
)
def test_a_wrong_meeting_is_refused_at_its_field_and_nothing_is_kept(app: Flask, wrong: dict[str, Any], field: str):
    course, modules = factories.course_with_modules(modules=1)
    meeting = plan(**{"module_id": modules[0].id, "day": date(2027, 3, 18)} | wrong)
    db.session.commit()
    with pytest.raises(Refused) as refused:
        do(editions.plan_edition, course_id=course.id, details=ZWOLLE, meetings=[meeting])
    assert refused.value.field == field
    assert db.session.query(Edition).count() == 0


def test_only_trainers_give_meetings(app: Flask):
    office = factories.person(role=Role.OFFICE)
    with pytest.raises(Refused) as refused:
        draft(factories.course_with_modules(), trainer_ids=(office.id,))
    assert refused.value.field == "trainer_ids"


def test_a_module_of_another_course_is_refused(app: Flask):
    other = factories.course_with_modules().modules[0]
    edition = draft(factories.course_with_modules(modules=1))
    with pytest.raises(Refused) as refused:
        do(editions.add_meeting, edition_id=edition.id, plan=plan(other.id, date(2027, 4, 1)))
    assert refused.value.field == "module_id"


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (EditionDetails(kind="closed"), "kind"),
        (EditionDetails(delivery="post"), "delivery"),
        (EditionDetails(kind=EditionKind.IN_COMPANY), "organisation_id"),
        (EditionDetails(organisation_id=1), "organisation_id"),
        (EditionDetails(minimum=-1), "minimum"),
        (EditionDetails(price_cents=-1), "price_cents"),
    ],
)
def test_wrong_details_are_refused_at_their_field(app: Flask, details: EditionDetails, field: str):
    course = factories.course_with_modules().course
    with pytest.raises(Refused) as refused:
        do(editions.plan_edition, course_id=course.id, details=details)
    assert refused.value.field == field


def test_publishing_opens_an_edition_once(app: Flask):
    edition = draft(factories.course_with_modules())
    do(editions.publish_edition, edition_id=edition.id)
    assert (edition.state, edition.published_at is not None) == (EditionState.TENTATIVE, True)
    with pytest.raises(Conflict):
        do(editions.publish_edition, edition_id=edition.id)
    tags = [entry.tag for entry in audit.trail_of("edition", edition.id).entries]
    assert tags.count("catalogue.edition_published") == 1


def test_without_a_minimum_nothing_is_left_to_decide(app: Flask):
    edition = draft(factories.course_with_modules())
    edition.minimum = 0
    db.session.commit()
    do(editions.publish_edition, edition_id=edition.id, decide_on=date(2027, 2, 1))
    assert (edition.state, edition.decide_on) == (EditionState.PUBLISHED, None)


@pytest.mark.parametrize(
    ("state", "minimum", "refused"),
    [
        (EditionState.TENTATIVE, 3, False),
        (EditionState.TENTATIVE, 5, True),
        (EditionState.CONFIRMED, 3, True),
        (EditionState.PUBLISHED, 3, True),
        (EditionState.DRAFT, 9, False),
    ],
)
def test_what_people_were_told_only_becomes_easier(app: Flask, state: EditionState, minimum: int, refused: bool):
    edition = factories.edition_with_meetings(minimum=4, state=state).edition
    if refused:
        with pytest.raises(Refused) as refusal:
            do(editions.edit_edition, edition_id=edition.id, details=EditionDetails(minimum=minimum))
        assert (refusal.value.field, edition.minimum) == ("minimum", 4)
    else:
        do(editions.edit_edition, edition_id=edition.id, details=EditionDetails(minimum=minimum))
        assert edition.minimum == minimum


def test_an_edition_without_meetings_is_not_published(app: Flask):
    course = factories.course_with_modules().course
    edition = do(editions.plan_edition, course_id=course.id, details=ZWOLLE)
    with pytest.raises(Refused):
        do(editions.publish_edition, edition_id=edition.id)
    assert edition.state == EditionState.DRAFT


@pytest.mark.parametrize(("separately_bookable", "published"), [(True, True), (False, False)])
def test_only_a_training_of_loose_dagdelen_may_leave_one_out(app: Flask, separately_bookable: bool, published: bool):
    of = factories.course_with_modules(modules=2, separately_bookable=separately_bookable)
    edition = draft(CourseAndModules(of.course, of.modules[:1]))
    if published:
        do(editions.publish_edition, edition_id=edition.id)
    else:
        with pytest.raises(Refused) as refused:
            do(editions.publish_edition, edition_id=edition.id)
        assert refused.value.sentence == "Plan eerst een bijeenkomst voor: Dagdeel 2."
    assert (edition.state != EditionState.DRAFT) is published


def test_a_copy_keeps_the_clock_times_across_summer_time_and_nobodys_seat(app: Flask):
    of = factories.course_with_modules(modules=2)
    trainer = factories.person(role=Role.TRAINER)
    original = factories.edition_with_meetings(of, first_on=date(2027, 2, 4), trainer=trainer, price_cents=60_000)
    original.meetings[0].taken = 5
    db.session.commit()
    copy = do(editions.copy_edition, edition_id=original.edition.id, first_on=date(2027, 3, 25))
    facts = get_edition(copy.id)
    assert (facts.state, facts.place, facts.price_cents) == (EditionState.DRAFT, "Zwolle", 60_000)
    assert [clock.local(m.starts_at).strftime("%d %b %H:%M") for m in facts.meetings] == [
        "25 Mar 09:30",
        "01 Apr 09:30",
    ]
    assert [(m.taken, m.capacity, m.trainers) for m in facts.meetings] == [(0, 12, (trainer.name,))] * 2
    assert copy.starts_on == date(2027, 3, 25)
    assert audit.trail_of("edition", copy.id).entries[-1].facts["copied_from_edition"] == original.edition.id


def test_an_edition_without_meetings_is_not_copied(app: Flask):
    edition = do(editions.plan_edition, course_id=factories.course_with_modules().course.id, details=ZWOLLE)
    with pytest.raises(Refused):
        do(editions.copy_edition, edition_id=edition.id, first_on=date(2027, 3, 25))


def test_a_drafts_meeting_is_moved_and_its_edition_begins_with_it(app: Flask):
    edition = draft(factories.course_with_modules(modules=2))
    meeting = get_edition(edition.id).meetings[0]
    trainer = factories.person(role=Role.TRAINER)
    moved = plan(meeting.module_id, date(2027, 3, 11), trainer_ids=(trainer.id,))
    do(editions.edit_meeting, meeting_id=meeting.id, plan=moved)
    assert edition.starts_on == date(2027, 3, 11)
    newest = audit.trail_of("meeting", meeting.id).entries[0]
    assert newest.facts["changed"] == ["starts_at", "ends_at", "trainers"]
    do(editions.remove_meeting, meeting_id=meeting.id)
    assert (edition.starts_on, len(get_edition(edition.id).meetings)) == (date(2027, 3, 25), 1)


def test_each_module_is_taught_once(app: Flask):
    of = factories.course_with_modules(modules=1)
    edition = draft(of)
    with pytest.raises(Refused) as refused:
        do(editions.add_meeting, edition_id=edition.id, plan=plan(of.modules[0].id, date(2027, 4, 1)))
    assert refused.value.field == "module_id"


def test_a_published_edition_is_edited_but_its_meetings_are_not_planned_anew(app: Flask):
    of = factories.course_with_modules(modules=2)
    edition, meetings = factories.edition_with_meetings(of)
    do(editions.edit_edition, edition_id=edition.id, details=EditionDetails(place="Deventer"))
    assert edition.place == "Deventer"
    organisation = factories.organisation()
    closed = EditionDetails(kind=EditionKind.IN_COMPANY, organisation_id=organisation.id)
    for command, values in (
        (editions.edit_edition, {"edition_id": edition.id, "details": closed}),
        (editions.edit_meeting, {"meeting_id": meetings[0].id, "plan": plan(of.modules[0].id, date(2027, 3, 11))}),
        (editions.remove_meeting, {"meeting_id": meetings[0].id}),
    ):
        with pytest.raises(Refused):
            do(command, **values)
    assert len(get_edition(edition.id).meetings) == 2


def test_a_cancelled_edition_stays_as_it_is(app: Flask):
    edition = factories.edition_with_meetings(state=EditionState.CANCELLED).edition
    with pytest.raises(Refused):
        do(editions.edit_edition, edition_id=edition.id, details=ZWOLLE)
    with pytest.raises(Conflict):
        do(editions.publish_edition, edition_id=edition.id)


@pytest.mark.parametrize(
    ("command", "values"),
    [
        (editions.plan_edition, {"course_id": 0, "details": ZWOLLE}),
        (editions.edit_edition, {"edition_id": 0, "details": ZWOLLE}),
        (editions.publish_edition, {"edition_id": 0}),
        (editions.copy_edition, {"edition_id": 0, "first_on": date(2027, 1, 1)}),
        (editions.add_meeting, {"edition_id": 0, "plan": plan(0, date(2027, 1, 1))}),
        (editions.edit_meeting, {"meeting_id": 0, "plan": plan(0, date(2027, 1, 1))}),
        (editions.remove_meeting, {"meeting_id": 0}),
    ],
)
def test_what_is_not_there_is_not_found(app: Flask, command: Callable[..., Any], values: dict[str, Any]):
    factories.edition_with_meetings()
    with pytest.raises(NotFound):
        do(command, **values)

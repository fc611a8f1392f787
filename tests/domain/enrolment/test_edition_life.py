"""An edition from published to finished: what is decided about it, by whom, and who hears of it."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.domain.catalogue.editions import EditionDetails
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.catalogue.rules import EditionState
from portal.domain.enrolment import commands, edition_life
from portal.domain.enrolment.edition_life import work_on_editions
from portal.domain.enrolment.policy import Policy, decide_policy
from portal.errors import Conflict, NotFound, Refused
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings

OFFICE = Actor.person(1)
FIRST_ON = date(2027, 9, 16)


@pytest.fixture
def trainer(app: Flask) -> Person:
    return factories.person(Role.TRAINER, email="noor@leerkring.example")


def tentative(trainer: Person | None = None, **values: object) -> EditionAndMeetings:
    """Two meetings; given from three people on."""
    of = factories.course_with_modules(2, title="SamenKracht")
    ordinary = {"state": EditionState.TENTATIVE, "minimum": 3, "decide_on": FIRST_ON - timedelta(days=14)}
    made = factories.edition_with_meetings(of, FIRST_ON, trainer=trainer, **ordinary | values)
    db.session.commit()
    return made


def state_of(of: EditionAndMeetings) -> str:
    db.session.expire_all()
    return db.session.get_one(Edition, of.edition.id).state


def mailed(kind: str) -> list[str]:
    """To whom, in order of writing."""
    found = select(OutgoingMail.to_address).where(OutgoingMail.kind == f"enrolment.{kind}").order_by(OutgoingMail.id)
    return list(db.session.scalars(found))


def texts(kind: str) -> list[str]:
    found = select(OutgoingMail.text_body).where(OutgoingMail.kind == f"enrolment.{kind}").order_by(OutgoingMail.id)
    return [" ".join(text.split()) for text in db.session.scalars(found)]


def tags(of: EditionAndMeetings, *wanted: str) -> list[str]:
    entries = audit.trail_of("edition", of.edition.id).entries
    return [entry.tag for entry in reversed(entries) if not wanted or entry.tag in wanted]


@pytest.mark.parametrize(
    ("minimum", "starts_in", "state", "decided_in"),
    [
        (0, 40, EditionState.PUBLISHED, None),
        (3, 40, EditionState.TENTATIVE, 26),
        (3, 5, EditionState.TENTATIVE, 0),
        (3, -1, EditionState.TENTATIVE, -1),
    ],
)
def test_publishing_makes_an_edition_wait_for_its_minimum(
    app: Flask, minimum: int, starts_in: int, state: EditionState, decided_in: int | None
):
    today = clock.today()
    of = factories.edition_with_meetings(
        first_on=today + timedelta(days=starts_in), state=EditionState.DRAFT, minimum=minimum
    )
    with transaction():
        edition = edition_life.publish_edition(edition_id=of.edition.id, actor=OFFICE, now=clock.now())
    decide_on = None if decided_in is None else today + timedelta(days=decided_in)
    assert (edition.state, edition.decide_on) == (state, decide_on)


def test_the_office_sets_how_long_before_the_start_it_decides(app: Flask):
    of = factories.edition_with_meetings(first_on=FIRST_ON, state=EditionState.DRAFT, minimum=3)
    with transaction():
        decide_policy(policy=Policy(minimum_warning_days=30), actor=Actor.system(), now=clock.now())
    with transaction():
        edition = edition_life.publish_edition(edition_id=of.edition.id, actor=OFFICE, now=clock.now())
    assert edition.decide_on == FIRST_ON - timedelta(days=30)


def test_who_enrols_is_told_that_it_is_not_sure_yet(trainer: Person):
    factories.enrol(tentative(trainer))
    (text,) = texts("enrolled")
    assert (
        "De uitvoering gaat door bij 3 deelnemers. Uiterlijk donderdag 2 september 2027 hoor je of dat zo is." in text
    )


def test_the_enrolment_that_reaches_the_minimum_confirms_it_and_everybody_hears_once(trainer: Person):
    edition = tentative(trainer)
    factories.enrol(edition, "een@zorg.example", modules=(1,))
    factories.enrol(edition, "twee@zorg.example")
    assert (state_of(edition), mailed("edition_confirmed")) == (EditionState.TENTATIVE, [])
    factories.enrol(edition, "drie@zorg.example", modules=(2,))
    row = db.session.get_one(Edition, edition.edition.id)
    assert (state_of(edition), row.decide_on, row.confirmed_with) == (EditionState.CONFIRMED, None, 3)
    factories.enrol(edition, "vier@zorg.example")
    assert mailed("edition_confirmed") == ["een@zorg.example", "twee@zorg.example"]
    assert mailed("edition_confirmed_trainer") == ["noor@leerkring.example"]
    third, fourth = texts("enrolled")[2:]
    assert "Met jou erbij zijn er genoeg mensen: deze uitvoering gaat door." in third
    assert "gaat door" not in fourth
    assert tags(edition, "enrolment.edition_confirmed") == ["enrolment.edition_confirmed"]


def test_who_left_does_not_count_for_the_minimum(trainer: Person):
    edition = tentative(trainer)
    gone = factories.enrol(edition)
    with transaction():
        commands.cancel_enrolment(enrolment_id=gone.enrolment_id, actor=OFFICE, now=clock.now())
    factories.enrol(edition)
    factories.enrol(edition)
    assert state_of(edition) == EditionState.TENTATIVE


def test_what_was_promised_holds_when_people_leave(trainer: Person):
    edition = tentative(trainer)
    made = [factories.enrol(edition) for _number in range(3)]
    with transaction():
        commands.cancel_enrolment(enrolment_id=made[0].enrolment_id, actor=OFFICE, now=clock.now())
    assert state_of(edition) == EditionState.CONFIRMED


def confirm(of: EditionAndMeetings, reason: str = "Het kan uit.") -> int:
    with transaction():
        return edition_life.confirm_edition(edition_id=of.edition.id, reason=reason, actor=OFFICE, now=clock.now())


def test_the_office_lets_it_go_ahead_below_the_minimum_and_says_why(trainer: Person):
    edition = tentative(trainer)
    factories.enrol(edition, "een@zorg.example")
    with pytest.raises(Refused) as refused:
        confirm(edition, reason="  ")
    assert (refused.value.field, state_of(edition)) == ("reason", EditionState.TENTATIVE)
    assert confirm(edition) == 1
    assert (state_of(edition), mailed("edition_confirmed")) == (EditionState.CONFIRMED, ["een@zorg.example"])
    entry = audit.trail_of("edition", edition.edition.id).entries[0]
    assert (entry.facts["people"], entry.facts["minimum"], entry.facts["reason"]) == (1, 3, "Het kan uit.")
    with pytest.raises(Conflict):
        confirm(edition)


def test_a_lower_minimum_that_is_reached_confirms_it(trainer: Person):
    edition = tentative(trainer)
    factories.enrol(edition, "een@zorg.example")
    for minimum, state in ((2, EditionState.TENTATIVE), (1, EditionState.CONFIRMED)):
        details = EditionDetails(place="Zwolle", minimum=minimum)
        with transaction():
            edition_life.edit_edition(edition_id=edition.edition.id, details=details, actor=OFFICE, now=clock.now())
        assert state_of(edition) == state
    assert mailed("edition_confirmed") == ["een@zorg.example"]


def postpone(of: EditionAndMeetings, decide_on: date) -> int:
    with transaction():
        return edition_life.postpone_decision(
            edition_id=of.edition.id, decide_on=decide_on, actor=OFFICE, now=clock.now()
        )


def test_another_day_of_decision_is_told_to_who_takes_part(trainer: Person):
    edition = tentative(trainer)
    factories.enrol(edition, "een@zorg.example")
    assert postpone(edition, FIRST_ON - timedelta(days=14)) == 0
    assert postpone(edition, FIRST_ON - timedelta(days=7)) == 1
    assert mailed("decision_postponed") == ["een@zorg.example"]
    assert "donderdag 9 september 2027" in texts("decision_postponed")[0]
    assert tags(edition, "enrolment.decision_postponed") == ["enrolment.decision_postponed"]


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_decision_is_not_in_the_past_nor_after_the_start(trainer: Person, days: int):
    edition = tentative(trainer)
    for limit, allowed in ((FIRST_ON, days <= 0), (clock.today(), days >= 0)):
        decide_on = limit + timedelta(days=days)
        if allowed:
            assert postpone(edition, decide_on) == 0
        else:
            with pytest.raises(Refused) as refused:
                postpone(edition, decide_on)
            assert refused.value.field == "decide_on"


def test_nothing_is_decided_twice_or_about_what_is_not_there(trainer: Person):
    published = tentative(trainer, state=EditionState.PUBLISHED, minimum=0)
    for command in (confirm, lambda of: postpone(of, FIRST_ON)):
        with pytest.raises(Conflict):
            command(published)
    with pytest.raises(NotFound):
        edition_life.confirm_edition(edition_id=987, reason="x", actor=OFFICE, now=clock.now())
    with pytest.raises(NotFound):
        edition_life.postpone_decision(edition_id=987, decide_on=FIRST_ON, actor=OFFICE, now=clock.now())


@pytest.mark.parametrize("before", [EditionState.PUBLISHED, EditionState.TENTATIVE, EditionState.CONFIRMED])
def test_it_starts_with_its_first_meeting_and_is_over_after_its_last(trainer: Person, before: EditionState):
    edition = tentative(trainer, state=before)
    factories.enrolment(edition, factories.person(email="een@zorg.example"))
    db.session.commit()
    second = timedelta(seconds=1)
    first, last = edition.meetings
    moments = [
        (first.starts_at - second, 0, before),
        (first.starts_at, 1, EditionState.STARTED),
        (first.starts_at + second, 0, EditionState.STARTED),
        (last.ends_at - second, 0, EditionState.STARTED),
        (last.ends_at, 1, EditionState.FINISHED),
        (last.ends_at + second, 0, EditionState.FINISHED),
    ]
    for moment, done, state in moments:
        assert (work_on_editions(moment), state_of(edition)) == (done, state)
    assert mailed("edition_started") == ["noor@leerkring.example"]
    assert mailed("edition_finished") == ["een@zorg.example"]
    assert tags(edition, "enrolment.edition_started", "enrolment.edition_finished") == [
        "enrolment.edition_started",
        "enrolment.edition_finished",
    ]


def test_after_weeks_without_a_worker_it_catches_up_and_tells_only_what_still_helps(trainer: Person):
    edition = tentative(trainer, state=EditionState.CONFIRMED)
    factories.enrolment(edition, factories.person(email="een@zorg.example"))
    gone = factories.enrolment(edition, factories.person(email="weg@zorg.example"), state="cancelled")
    db.session.commit()
    assert gone.state == "cancelled"
    assert work_on_editions(edition.meetings[1].ends_at + timedelta(days=30)) == 2
    assert state_of(edition) == EditionState.FINISHED
    assert (mailed("edition_started"), mailed("edition_finished")) == ([], ["een@zorg.example"])


@pytest.mark.parametrize("state", [EditionState.DRAFT, EditionState.CANCELLED, EditionState.FINISHED])
def test_the_clock_leaves_alone_what_is_not_given(app: Flask, state: EditionState):
    edition = tentative(state=state)
    assert work_on_editions(edition.meetings[1].ends_at + timedelta(days=1)) == 0
    assert state_of(edition) == state


def test_what_is_over_is_not_cancelled(app: Flask):
    edition = tentative(state=EditionState.FINISHED)
    with pytest.raises(Refused) as refused, transaction():
        edition_life.cancel_edition(edition_id=edition.edition.id, actor=OFFICE, now=clock.now())
    assert refused.value.sentence == "Deze uitvoering is al gegeven en kan niet meer worden geannuleerd."
    assert db.session.scalars(select(Meeting.taken)).all() == [0, 0]

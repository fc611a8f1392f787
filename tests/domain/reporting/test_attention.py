"""What waits for the office: each thing comes when it should and goes when it is done."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from portal import clock
from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.attendance.models import Attendance, AttendanceSheet
from portal.domain.attendance.rules import Status
from portal.domain.attendance.walk_in_models import WalkIn
from portal.domain.attendance.walk_ins import Answer
from portal.domain.calendar.models import CalendarInvitation, CalendarReply
from portal.domain.catalogue.models import Meeting
from portal.domain.catalogue.rules import EditionState
from portal.domain.certificates.models import Certificate
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.rules import EnrolmentState
from portal.domain.incompany.models import TrainingRequest
from portal.domain.incompany.rules import RequestState
from portal.domain.reporting.queries import list_attention, list_filling, list_todays_meetings
from portal.domain.reporting.rules import Attention, Matter
from portal.mail.models import MailState, OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings

NOW = datetime(2027, 3, 18, 11, 0, tzinfo=UTC)
TODAY = date(2027, 3, 18)
IN_90_DAYS = date(2027, 6, 16)


def waiting() -> list[Attention]:
    db.session.flush()
    return list(list_attention(now=NOW).shown)


def given(days: int, modules: int = 1, **values: object) -> EditionAndMeetings:
    """An edition without a minimum that starts so many days from today."""
    of = factories.course_with_modules(modules, title="SamenKracht")
    return factories.edition_with_meetings(of, TODAY + timedelta(days=days), **{"minimum": 0} | values)


def finish(meeting: Meeting) -> None:
    trainer = factories.person(role=Role.TRAINER)
    factories.add(
        AttendanceSheet(meeting_id=meeting.id, finished_at=NOW, finished_by_id=trainer.id, signed_name=trainer.name)
    )


def mark(enrolment: Enrolment, status: Status) -> None:
    for seat in db.session.query(Seat).filter_by(enrolment_id=enrolment.id):
        factories.add(Attendance(seat_id=seat.id, status=status, marked_at=NOW, marked_by_id=enrolment.person_id))


def ask(name: str, at: datetime, **values: object) -> TrainingRequest:
    ordinary = {
        "contact_id": factories.person().id,
        "course_id": factories.course_with_modules(1).course.id,
        "state": RequestState.REQUESTED,
        "group_size": 12,
        "period": "",
        "place": "",
        "goal": "",
    }
    return factories.add(TrainingRequest(organisation_name=name, requested_at=at, **ordinary | values))


def failed(at: datetime, state: MailState = MailState.FAILED) -> OutgoingMail:
    number = next(factories.numbers)
    return factories.add(
        OutgoingMail(
            kind="enrolled",
            dedupe_key=f"key-{number}",
            message_id=f"<{number}@leerkring.example>",
            to_address="sule@zorg.example",
            to_name="Şule Yılmaz",
            language="nl",
            subject="Je doet mee",
            text_body="",
            html_body="",
            state=state,
            queued_at=at,
            next_attempt_at=at,
        )
    )


def test_nothing_waits_when_all_is_well(app: Flask):
    given(days=30)
    given(days=-30)
    factories.accreditation(factories.course_with_modules(1).course, valid_until=None)
    ask("Gemeente Purmerend", NOW, answered_at=NOW, state=RequestState.DECLINED)
    failed(NOW, MailState.QUEUED)
    assert waiting() == []


def test_an_accreditation_is_one_thing_for_all_modules_and_counts_what_comes_after_its_end(app: Flask):
    of = factories.course_with_modules(2, title="SamenKracht")
    for module in of.modules:
        factories.accreditation(module, "SKJ", valid_until=IN_90_DAYS)
        factories.accreditation(module, "Registerplein", valid_until=IN_90_DAYS + timedelta(days=1))
    factories.edition_with_meetings(of, IN_90_DAYS - timedelta(days=3), minimum=0)  # its second meeting is too late
    factories.edition_with_meetings(of, IN_90_DAYS - timedelta(days=30), minimum=0)
    factories.edition_with_meetings(of, IN_90_DAYS + timedelta(days=30), minimum=0, state=EditionState.CANCELLED)
    assert waiting() == [Attention(Matter.ACCREDITATION, IN_90_DAYS, 1, of.course.id, "SamenKracht", "SKJ")]


def test_an_accreditation_waits_until_its_last_day_and_goes_when_it_is_renewed(app: Flask):
    of = factories.course_with_modules(1)
    factories.accreditation(of.course, "SKJ", valid_until=TODAY - timedelta(days=1))
    ending = factories.accreditation(of.modules[0], "SKJ", valid_until=TODAY)
    assert [thing.due_on for thing in waiting()] == [TODAY]
    factories.accreditation(of.modules[0], "SKJ", valid_from=TODAY + timedelta(days=1), number="renewed")
    assert ending.number != "renewed"
    assert waiting() == []


def test_requests_are_one_thing_due_two_working_days_after_the_oldest(app: Flask):
    friday = datetime(2027, 3, 12, 15, 0, tzinfo=UTC)
    first = ask("Gemeente Purmerend", friday)
    ask("De Wilg", friday + timedelta(days=4))
    assert waiting() == [Attention(Matter.REQUESTS, date(2027, 3, 16), 2, name="Gemeente Purmerend")]
    first.answered_at = NOW
    assert [(thing.name, thing.number) for thing in waiting()] == [("De Wilg", 1)]


def test_a_list_waits_from_the_end_of_its_meeting_until_it_is_finished(app: Flask):
    past, empty, coming, cancelled = given(-1), given(-1), given(1), given(-1, state=EditionState.CANCELLED)
    for edition in (past, coming, cancelled):
        factories.enrolment(edition)
    assert empty.meetings[0].taken == 0
    (meeting,) = past.meetings
    assert waiting() == [
        Attention(Matter.SHEET, TODAY - timedelta(days=1), 1, meeting.id, "SamenKracht", "Dagdeel 1", "Zwolle")
    ]
    finish(meeting)
    assert waiting() == []


def test_certificates_are_ready_when_every_list_is_finished_and_somebody_was_there(app: Flask):
    edition = given(-8, modules=2)
    here, absent, unmarked = (factories.enrolment(edition) for _each in range(3))
    gone = factories.enrolment(edition, state=EnrolmentState.CANCELLED)
    mark(here, Status.LATE)
    mark(absent, Status.ABSENT)
    mark(gone, Status.PRESENT)
    finish(edition.meetings[0])
    assert [thing.matter for thing in waiting()] == [Matter.SHEET]
    finish(edition.meetings[1])
    assert waiting() == [Attention(Matter.CERTIFICATES, TODAY, 1, edition.edition.id, "SamenKracht", place="Zwolle")]
    assert unmarked.id
    factories.add(
        Certificate(
            number="EKC-27-0001",
            code="K7WQ",
            enrolment_id=here.id,
            state="revoked",
            facts="{}",
            pdf=b"",
            sha256="",
            issued_at=NOW,
        )
    )
    assert waiting() == []


def tentative(days: int, **values: object) -> EditionAndMeetings:
    """An edition that starts in two months and is decided in so many days."""
    ordinary = {"state": EditionState.TENTATIVE, "minimum": 3, "decide_on": TODAY + timedelta(days=days)}
    return given(60, **ordinary | values)


@pytest.mark.parametrize(("days", "is_told"), [(-3, True), (0, True), (14, True), (15, False)])
def test_whether_an_edition_is_given_is_asked_two_weeks_before_it_is_decided(app: Flask, days: int, is_told: bool):
    edition = tentative(days)
    factories.enrolment(edition)
    factories.enrolment(edition, state=EnrolmentState.CANCELLED)
    due_on = TODAY + timedelta(days=days)
    told = Attention(Matter.MINIMUM, due_on, 2, edition.edition.id, "SamenKracht", place="Zwolle")
    assert waiting() == ([told] if is_told else [])


@pytest.mark.parametrize("state", [state for state in EditionState if state != EditionState.TENTATIVE])
def test_what_is_decided_is_not_asked(app: Flask, state: EditionState):
    tentative(1, state=state, minimum=0)
    assert waiting() == []


@pytest.mark.parametrize(
    ("confirmed_with", "people", "fewer"), [(3, 3, 0), (5, 3, 0), (3, 2, 1), (None, 1, 2), (2, 2, 0), (2, 1, 1)]
)
def test_who_leaves_a_confirmed_edition_is_told_against_what_was_promised(
    app: Flask, confirmed_with: int | None, people: int, fewer: int
):
    edition = given(9, state=EditionState.CONFIRMED, minimum=3, confirmed_with=confirmed_with)
    for _number in range(people):
        factories.enrolment(edition)
    due_on = TODAY + timedelta(days=8)
    told = Attention(Matter.PROMISED, due_on, fewer, edition.edition.id, "SamenKracht", place="Zwolle")
    assert waiting() == ([told] if fewer else [])


def test_failed_mail_is_one_thing(app: Flask):
    failed(NOW - timedelta(days=2))
    failed(NOW)
    assert waiting() == [Attention(Matter.MAIL, TODAY - timedelta(days=2), 2)]


def test_seven_are_shown_the_earliest_first_and_the_rest_is_counted(app: Flask):
    for days in (9, 3, 5, 8, 2, 7, 6, 4, 1):
        tentative(days)
    failed(NOW)
    found = list_attention(now=NOW)
    assert [(thing.due_on - TODAY).days for thing in found.shown] == [0, 1, 2, 3, 4, 5, 6]
    assert (found.total, found.further) == (10, 3)
    assert [thing.matter for thing in found.shown][:2] == [Matter.MAIL, Matter.MINIMUM]


def test_how_full_the_next_editions_are(app: Flask):
    given(-1)
    given(5, state=EditionState.DRAFT)
    edition = given(10, modules=2, capacity=4, minimum=3, state=EditionState.TENTATIVE)
    factories.enrolment(edition)
    factories.enrolment(edition, modules=(2,))
    (row,) = list_filling(now=NOW)
    assert (row.edition_id, row.taken, row.capacity, row.people, row.lacking, row.waiting) == (
        edition.edition.id, 2, 4, 2, 1, 0,
    )  # fmt: skip
    edition.edition.state = EditionState.CONFIRMED
    db.session.flush()
    assert [row.lacking for row in list_filling(now=NOW)] == [0]


def test_todays_meetings_are_those_of_amsterdams_today(app: Flask):
    edition = given(0)
    given(1)
    mark(factories.enrolment(edition), Status.PRESENT)
    factories.enrolment(edition)
    (meeting,) = edition.meetings
    late = clock.from_local(datetime(2027, 3, 18, 23, 30))  # noqa: DTZ001, a wall clock
    (row,) = list_todays_meetings(now=late)
    assert (row.id, row.marked, row.taken, row.finished) == (meeting.id, 1, 2, False)
    finish(meeting)
    assert [row.finished for row in list_todays_meetings(now=NOW)] == [True]


@pytest.mark.parametrize(("meets_in", "due_in"), [(30, 3), (2, 2)])
def test_a_no_from_a_calendar_waits_three_days_and_at_most_until_the_meeting(app: Flask, meets_in: int, due_in: int):
    edition = given(days=meets_in)
    person = factories.person()
    for number, asked_at in enumerate([NOW, None]):
        invitation = factories.add(
            CalendarInvitation(
                meeting_id=edition.meetings[0].id,
                person_id=person.id if number == 0 else factories.person().id,
                uid=f"{number}@leerkring.example",
                as_participant=True,
                changed_at=NOW,
            )
        )
        reply = CalendarReply(
            invitation_id=invitation.id,
            message_key=str(number),
            partstat="declined",
            other_address=False,
            received_at=NOW,
            asked_at=asked_at,
        )
        factories.add(reply)
    assert waiting() == [Attention(Matter.REPLIES, TODAY + timedelta(days=due_in), 1)]
    db.session.query(CalendarReply).filter_by(message_key="0").one().answered_at = NOW
    assert waiting() == []


@pytest.mark.parametrize(("days", "due_in"), [(2, None), (3, 0), (5, -2)])
def test_who_was_added_at_the_door_and_does_not_confirm_is_asked_after_three_days(
    app: Flask, days: int, due_in: int | None
):
    enrolment = factories.enrolment(given(40), factories.person(name="Dewi Jansen"))
    walk_in = WalkIn(
        enrolment_id=enrolment.id,
        meeting_id=db.session.query(Seat).filter_by(enrolment_id=enrolment.id).one().meeting_id,
        added_by_id=factories.person(role=Role.TRAINER).id,
        added_at=NOW - timedelta(days=days),
        answer=Answer.AWAITED,
    )
    factories.add(walk_in)
    if due_in is None:
        assert waiting() == []
        return
    due_on = TODAY + timedelta(days=due_in)
    assert waiting() == [Attention(Matter.WALK_IN, due_on, 1, enrolment.id, "Dewi Jansen", "SamenKracht")]
    walk_in.answer = Answer.CONFIRMED
    assert waiting() == []
    walk_in.answer, enrolment.state = Answer.AWAITED, EnrolmentState.CANCELLED
    assert waiting() == []

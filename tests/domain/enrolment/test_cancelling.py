"""Cancelling an enrolment or a whole edition: seats, invitations, mail, log."""

from datetime import timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.calendar.models import CalendarInvitation
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.catalogue.rules import EditionKind, EditionState
from portal.domain.enrolment import commands, edition_life
from portal.domain.enrolment.models import Enrolment, Seat, WaitingListEntry
from portal.domain.enrolment.rules import ContractParty, EnrolmentState
from portal.domain.enrolment.terms import Cost
from portal.errors import Conflict, NotFound, Refused
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings

OFFICE = Actor.person(1)


@pytest.fixture
def edition(app: Flask) -> EditionAndMeetings:
    of = factories.course_with_modules(title="SamenKracht", price_cents=79500)
    return factories.edition_with_meetings(of, capacity=2)


def cancel(enrolment_id: int, **values: object) -> Cost:
    with transaction():
        return commands.cancel_enrolment(
            **{"enrolment_id": enrolment_id, "actor": Actor.visitor(), "now": clock.now()} | values  # type: ignore[arg-type]
        )


def taken(of: EditionAndMeetings) -> list[int]:
    found = select(Meeting.taken).where(Meeting.edition_id == of.edition.id).order_by(Meeting.id)
    return list(db.session.scalars(found))


def last_mail(kind: str) -> OutgoingMail:
    found = select(OutgoingMail).where(OutgoingMail.kind == kind).order_by(OutgoingMail.id.desc())
    mail = db.session.scalars(found).first()
    assert mail is not None, kind
    return mail


def events(mail: OutgoingMail) -> list[tuple[str, int, str]]:
    """(uid, sequence, status) of the calendar that went along."""
    calendar = Calendar.from_ical(mail.calendar or b"")
    assert str(calendar["method"]) == mail.calendar_method
    return [(str(e["uid"]), int(e["sequence"]), str(e["status"])) for e in calendar.walk("VEVENT")]


def test_the_seats_are_free_again_and_the_past_stays_written(edition: EditionAndMeetings):
    first = factories.enrol(edition, modules=(1, 2))
    factories.enrol(edition)
    cancel(first.enrolment_id)
    assert taken(edition) == [1, 1, 1, 1]
    released = db.session.execute(select(Seat.released_at).where(Seat.enrolment_id == first.enrolment_id)).all()
    assert [bool(at) for (at,) in released] == [True, True]
    factories.enrol(edition)
    assert taken(edition) == [2, 2, 2, 2]


def test_the_invitations_are_withdrawn_under_their_own_uid(edition: EditionAndMeetings):
    made = factories.enrol(edition, "sule@zorg.example")
    invited = events(last_mail("enrolment.enrolled"))
    cancel(made.enrolment_id)
    mail = last_mail("enrolment.cancelled")
    assert (mail.to_address, mail.calendar_method) == ("sule@zorg.example", "CANCEL")
    assert events(mail) == [(uid, 1, "CANCELLED") for uid, _sequence, _status in invited]
    assert all(db.session.scalars(select(CalendarInvitation.withdrawn_at)))


def test_within_fourteen_days_it_is_free_and_the_log_says_so(edition: EditionAndMeetings):
    made = factories.enrol(edition)
    assert cancel(made.enrolment_id).withdrawal
    entry = audit.trail_of("enrolment", made.enrolment_id).entries[0]
    assert entry.tag == "enrolment.cancelled"
    assert (entry.facts["cost_cents"], entry.facts["withdrawal"], entry.facts["with_edition"]) == (0, True, False)
    assert "Je betaalt niets." in last_mail("enrolment.cancelled").text_body


def test_later_it_costs_what_the_terms_say(edition: EditionAndMeetings):
    made = factories.enrol(edition, now=clock.now() - timedelta(days=40))
    cost = cancel(made.enrolment_id, now=edition.meetings[0].starts_at - timedelta(days=20))
    assert (cost.cents, cost.percent) == (39750, 50)
    assert "Volgens de voorwaarden betaal je € 397,50." in last_mail("enrolment.cancelled").text_body.replace(
        "\xa0", " "
    )


def test_after_the_first_meeting_began_only_the_office_cancels(edition: EditionAndMeetings):
    made = factories.enrol(edition)
    during = edition.meetings[0].starts_at + timedelta(minutes=1)
    with pytest.raises(Refused) as refused:
        cancel(made.enrolment_id, now=during)
    assert refused.value.sentence.startswith("De training is begonnen op ")
    assert db.session.get(Enrolment, made.enrolment_id).state == EnrolmentState.ENROLLED  # type: ignore[union-attr]
    cancel(made.enrolment_id, now=during, by_office=True)
    assert db.session.get(Enrolment, made.enrolment_id).state == EnrolmentState.CANCELLED  # type: ignore[union-attr]


def test_what_was_attended_keeps_its_seat_when_the_rest_is_cancelled(edition: EditionAndMeetings):
    made = factories.enrol(edition)
    cancel(made.enrolment_id, now=edition.meetings[1].starts_at, by_office=True)
    assert taken(edition) == [1, 1, 0, 0]
    released = select(Seat.released_at).where(Seat.enrolment_id == made.enrolment_id).order_by(Seat.meeting_id)
    assert [bool(at) for at in db.session.scalars(released)] == [False, False, True, True]
    assert [entry.tag for entry in audit.trail_of("enrolment", made.enrolment_id).entries].count(
        "enrolment.seat_released"
    ) == 2


def test_a_second_time_is_a_conflict_and_a_completed_one_is_refused(edition: EditionAndMeetings):
    first, second = factories.enrol(edition), factories.enrol(edition)
    cancel(first.enrolment_id)
    with pytest.raises(Conflict) as refused:
        cancel(first.enrolment_id)
    assert refused.value.sentence == "Deze inschrijving was al geannuleerd."
    with transaction():
        commands.complete_enrolment(enrolment_id=second.enrolment_id, on=clock.today(), actor=OFFICE, now=clock.now())
    with pytest.raises(Refused) as completed:
        cancel(second.enrolment_id)
    assert completed.value.sentence == "Deze inschrijving is afgerond en kan niet meer worden geannuleerd."
    with pytest.raises(NotFound):
        cancel(987)


def test_a_completed_enrolment_can_be_reopened_and_a_cancelled_one_cannot(edition: EditionAndMeetings):
    made = factories.enrol(edition)
    for command, state in (
        (commands.reopen_enrolment, EnrolmentState.ENROLLED),
        (lambda **who: commands.complete_enrolment(on=clock.today(), **who), EnrolmentState.COMPLETED),
        (commands.reopen_enrolment, EnrolmentState.ENROLLED),
    ):
        with transaction():
            command(enrolment_id=made.enrolment_id, actor=OFFICE, now=clock.now())
        assert db.session.get(Enrolment, made.enrolment_id).state == state  # type: ignore[union-attr]
    cancel(made.enrolment_id)
    with transaction():
        commands.complete_enrolment(enrolment_id=made.enrolment_id, on=clock.today(), actor=OFFICE, now=clock.now())
    assert db.session.get(Enrolment, made.enrolment_id).state == EnrolmentState.CANCELLED  # type: ignore[union-attr]


def cancel_edition(edition_id: int) -> int:
    with transaction():
        return edition_life.cancel_edition(edition_id=edition_id, actor=OFFICE, now=clock.now())


def test_a_cancelled_edition_tells_everybody_and_costs_nobody(edition: EditionAndMeetings):
    other = factories.edition_with_meetings()
    factories.enrol(edition, "sule@zorg.example", modules=(1,))
    gone = factories.enrol(edition, "weg@zorg.example", modules=(1,))
    cancel(gone.enrolment_id)
    factories.enrol(edition, "dewi@zorg.example")
    factories.enrol(other, "elders@zorg.example")
    assert cancel_edition(edition.edition.id) == 2
    assert db.session.get(Edition, edition.edition.id).state == EditionState.CANCELLED  # type: ignore[union-attr]
    assert taken(edition) == [0, 0, 0, 0]
    assert taken(other) == [1, 1, 1, 1]
    told = db.session.scalars(
        select(OutgoingMail).where(OutgoingMail.kind == "enrolment.edition_cancelled").order_by(OutgoingMail.id)
    ).all()
    assert [(mail.to_address, mail.calendar_method, len(events(mail))) for mail in told] == [
        ("sule@zorg.example", "CANCEL", 1),
        ("dewi@zorg.example", "CANCEL", 4),
    ]
    trail = audit.trail_of("edition", edition.edition.id).entries
    assert [entry.tag for entry in trail if entry.tag.endswith("cancelled")] == [
        "enrolment.edition_cancelled",
        "enrolment.cancelled",
        "enrolment.cancelled",
        "enrolment.cancelled",  # of who had left before
    ]
    assert [entry.tag for entry in trail].count("enrolment.seat_released") == 1 + 1 + 4


def test_a_cancelled_edition_closes_its_waiting_list(edition: EditionAndMeetings):
    factories.enrol(edition)
    factories.enrol(edition)
    with transaction():
        commands.join_waiting_list(
            edition_id=edition.edition.id,
            module_ids=None,
            name="Piet",
            email="piet@zorg.example",
            language="nl",
            actor=Actor.visitor(),
            now=clock.now(),
        )
    cancel_edition(edition.edition.id)
    assert all(db.session.scalars(select(WaitingListEntry.left_at)))
    assert last_mail("enrolment.waiting_list_closed").to_address == "piet@zorg.example"


def test_an_edition_is_cancelled_once_and_not_when_somebody_completed_it(edition: EditionAndMeetings):
    other = factories.edition_with_meetings()
    made = factories.enrol(other)
    cancel_edition(edition.edition.id)
    with pytest.raises(Conflict):
        cancel_edition(edition.edition.id)
    with transaction():
        commands.complete_enrolment(enrolment_id=made.enrolment_id, on=clock.today(), actor=OFFICE, now=clock.now())
    with pytest.raises(Refused):
        cancel_edition(other.edition.id)
    with pytest.raises(NotFound):
        cancel_edition(987)


def test_in_a_closed_edition_nobody_pays_for_themselves(app: Flask):
    ours = factories.organisation()
    of = factories.course_with_modules(price_cents=79500)
    closed = factories.edition_with_meetings(of, kind=EditionKind.IN_COMPANY, organisation_id=ours.id)
    made = factories.enrol(closed, organisation_id=ours.id, contract_party=ContractParty.ORGANISATION)
    assert "€" not in last_mail("enrolment.enrolled").text_body
    cost = cancel(made.enrolment_id, now=closed.meetings[0].starts_at - timedelta(days=1))
    assert cost.cents == 0
    assert "Je betaalt niets." in last_mail("enrolment.cancelled").text_body


def test_a_mail_promises_a_file_only_when_it_has_one(edition: EditionAndMeetings):
    made = factories.enrol(edition)
    cancel(made.enrolment_id, now=edition.meetings[3].ends_at + timedelta(days=1), by_office=True)
    mail = last_mail("enrolment.cancelled")
    assert mail.calendar is None
    assert "agenda" not in mail.text_body

"""A freed seat is held for the first on the waiting list who fits, and offered by mail."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.catalogue.models import Meeting
from portal.domain.enrolment import mail_texts, offers, waiting_list
from portal.domain.enrolment.commands import Participant, cancel_enrolment, change_capacity, send_substitute
from portal.domain.enrolment.edition_life import cancel_edition
from portal.domain.enrolment.models import Enrolment, SeatHold, WaitingListEntry, WaitingListOffer
from portal.domain.enrolment.rules import ContractParty, EnrolmentState
from portal.domain.enrolment.waiting_rules import OfferState
from portal.errors import Conflict, Refused
from portal.language import moment
from portal.mail.models import OutgoingMail
from portal.mail.text_versions import Written, write_text
from tests import factories
from tests.factories import EditionAndMeetings

NOW = clock.now()
OFFICE = Actor.system("cli")


@pytest.fixture
def full(app: Flask) -> EditionAndMeetings:
    """Two dagdelen with two seats each, both taken."""
    edition = factories.edition_with_meetings(factories.course_with_modules(2), capacity=2)
    for number in range(2):
        factories.enrol(edition, f"zit{number}@zorg.example", now=NOW)
    return edition


def wait(
    of: EditionAndMeetings, email: str, modules: Sequence[int] = (), people: int = 1, together: bool = True
) -> int:
    edition_id = of.edition.id
    module_ids = [of.meetings[position - 1].module_id for position in modules] or None
    with transaction():
        waiting_list.join_waiting_list(
            edition_id=edition_id,
            module_ids=module_ids,
            name="Şule Yılmaz",
            email=email,
            language="nl",
            people=people,
            together=together,
            actor=Actor.visitor(),
            now=NOW,
        )
    newest = db.session.scalar(select(func.max(WaitingListEntry.id)))
    assert newest is not None
    return newest


def leave_seat(email: str = "zit0@zorg.example", at: datetime = NOW) -> None:
    wanted = select(Enrolment.id).join(Enrolment.person).where(factories.Person.email == email)
    enrolment_id = db.session.scalars(wanted.where(Enrolment.state == EnrolmentState.ENROLLED)).one()
    with transaction():
        cancel_enrolment(enrolment_id=enrolment_id, actor=OFFICE, now=at, by_office=True)


def offered() -> list[tuple[int, int, str]]:
    """(entry, people, state) of every offer, in order."""
    wanted = select(WaitingListOffer.entry_id, WaitingListOffer.people, WaitingListOffer.state)
    return [tuple(row) for row in db.session.execute(wanted.order_by(WaitingListOffer.id))]


def taken(of: EditionAndMeetings) -> list[int]:
    ids = [meeting.id for meeting in of.meetings]
    return list(db.session.scalars(select(Meeting.taken).where(Meeting.id.in_(ids)).order_by(Meeting.id)))


def the_offer() -> WaitingListOffer:
    found = db.session.scalars(select(WaitingListOffer).order_by(WaitingListOffer.id.desc())).first()
    assert found is not None
    return found


def accept(offer_id: int, *emails: str, at: datetime = NOW) -> None:
    terms_id = factories.terms().id
    with transaction():
        offers.accept_offer(
            offer_id=offer_id,
            participants=[Participant(name="Şule Yılmaz", email=email) for email in emails],
            contract_party=ContractParty.PARTICIPANT,
            terms_version_id=terms_id,
            actor=Actor.visitor(),
            now=at,
        )


def mails(kind: str) -> list[str]:
    wanted = select(OutgoingMail.to_address).where(OutgoingMail.kind == f"enrolment.{kind}").order_by(OutgoingMail.id)
    return list(db.session.scalars(wanted))


def test_a_freed_seat_is_held_for_the_first_and_nobody_else_gets_it(full: EditionAndMeetings):
    first, _second = wait(full, "eerst@zorg.example"), wait(full, "dan@zorg.example")
    leave_seat()
    assert offered() == [(first, 1, OfferState.OPEN)]
    assert taken(full) == [2, 2]
    assert mails("offered") == ["eerst@zorg.example"]
    with pytest.raises(Conflict):
        factories.enrol(full, "langs@zorg.example")


def test_accepting_turns_the_held_seat_into_theirs(full: EditionAndMeetings):
    wait(full, "eerst@zorg.example")
    leave_seat()
    accept(the_offer().id, "eerst@zorg.example")
    assert (offered()[0][2], taken(full), db.session.scalar(select(func.count(SeatHold.id)))) == ("accepted", [2, 2], 0)
    entry = db.session.scalars(select(WaitingListEntry)).one()
    assert (entry.people, entry.ended_by) == (0, "accepted")
    with pytest.raises(Conflict):
        accept(the_offer().id, "eerst@zorg.example")


def test_no_and_no_answer_go_on_to_the_next_and_off_the_list(full: EditionAndMeetings):
    first, second, third = (wait(full, f"w{number}@zorg.example") for number in range(3))
    leave_seat()
    with transaction():
        offers.decline_offer(offer_id=the_offer().id, actor=Actor.visitor(), now=NOW)
    assert offers.lapse_offers(the_offer().expires_at - timedelta(seconds=1)) == 0
    assert offers.lapse_offers(the_offer().expires_at) == 1
    assert offered() == [(first, 1, "declined"), (second, 1, "lapsed"), (third, 1, "open")]
    assert (mails("offer_declined"), mails("offer_lapsed")) == (["w0@zorg.example"], ["w1@zorg.example"])


@pytest.mark.parametrize(("seconds", "comes"), [(-1, True), (0, False), (1, False)])
def test_an_offer_is_accepted_until_its_moment_and_not_at_it(full: EditionAndMeetings, seconds: int, comes: bool):
    wait(full, "eerst@zorg.example")
    leave_seat()
    offer = the_offer()
    moment = offer.expires_at + timedelta(seconds=seconds)
    if comes:
        accept(offer.id, "eerst@zorg.example", at=moment)
        assert offered()[0][2] == "accepted"
    else:
        with pytest.raises(Conflict):
            accept(offer.id, "eerst@zorg.example", at=moment)
        assert offered()[0][2] == "open"


def test_accepting_for_who_takes_part_already_ends_the_wish_and_the_next_gets_the_seat(full: EditionAndMeetings):
    """Else the seat that comes free within the change would be offered to the same wish once more."""
    first, second = wait(full, "eerst@zorg.example"), wait(full, "dan@zorg.example")
    leave_seat()
    accept(the_offer().id, "zit1@zorg.example")
    assert offered() == [(first, 1, "accepted"), (second, 1, "open")]
    assert taken(full) == [2, 2]


def test_who_gave_a_place_away_is_offered_what_was_free_all_along(app: Flask):
    edition = factories.edition_with_meetings(factories.course_with_modules(2), capacity=1)
    made = factories.enrol(edition, "een@zorg.example", modules=(1,), now=NOW)
    first = wait(edition, "een@zorg.example")
    meeting_id = edition.meetings[0].id
    with transaction():
        change_capacity(meeting_id=meeting_id, capacity=2, actor=OFFICE, now=NOW)
    assert offered() == []
    colleague = Participant(name="Bo Vos", email="collega@zorg.example")
    with transaction():
        send_substitute(enrolment_id=made.enrolment_id, colleague=colleague, actor=OFFICE, now=NOW, by_office=True)
    assert offered() == [(first, 1, "open")]


def test_a_cancelled_acceptance_is_an_ordinary_cancellation(full: EditionAndMeetings):
    first, second = wait(full, "eerst@zorg.example"), wait(full, "dan@zorg.example")
    leave_seat()
    accept(the_offer().id, "eerst@zorg.example")
    leave_seat("eerst@zorg.example")
    assert offered() == [(first, 1, "accepted"), (second, 1, "open")]


def test_more_room_is_offered_in_order(full: EditionAndMeetings):
    first, second, _third = (wait(full, f"w{number}@zorg.example") for number in range(3))
    for meeting in full.meetings:
        with transaction():
            change_capacity(meeting_id=meeting.id, capacity=4, actor=OFFICE, now=NOW)
    assert offered() == [(first, 1, "open"), (second, 1, "open")]


def test_several_come_together_or_as_many_as_fit(full: EditionAndMeetings):
    _together = wait(full, "samen@zorg.example", people=2)
    some = wait(full, "wie-kan@zorg.example", people=3, together=False)
    leave_seat()
    assert offered() == [(some, 1, "open")]
    accept(the_offer().id, "collega@zorg.example")
    entry = db.session.get(WaitingListEntry, some)
    assert entry is not None
    assert (entry.people, entry.left_at) == (2, None)


def test_who_waits_for_one_dagdeel_gets_it_when_who_waits_for_all_does_not_fit(full: EditionAndMeetings):
    _whole, one = wait(full, "alles@zorg.example"), wait(full, "een@zorg.example", modules=(2,))
    meeting_id = full.meetings[1].id
    with transaction():
        change_capacity(meeting_id=meeting_id, capacity=3, actor=OFFICE, now=NOW)
    assert offered() == [(one, 1, "open")]


def test_names_for_more_people_than_were_offered_are_refused(full: EditionAndMeetings):
    wait(full, "eerst@zorg.example")
    leave_seat()
    with pytest.raises(Refused):
        accept(the_offer().id, "een@zorg.example", "twee@zorg.example")


def test_with_the_edition_its_offers_and_holds_end(full: EditionAndMeetings):
    wait(full, "eerst@zorg.example")
    leave_seat()
    with transaction():
        cancel_edition(edition_id=full.edition.id, actor=OFFICE, now=NOW)
    assert (offered()[0][2], taken(full)) == ("withdrawn", [0, 0])


def test_who_the_office_takes_off_loses_the_offer_to_the_next(full: EditionAndMeetings):
    first, second = wait(full, "eerst@zorg.example"), wait(full, "dan@zorg.example")
    leave_seat()
    with pytest.raises(Refused), transaction():
        waiting_list.take_off_waiting_list(entry_id=first, reason=" ", actor=OFFICE, now=NOW)
    with transaction():
        waiting_list.take_off_waiting_list(entry_id=first, reason="Dubbel", actor=OFFICE, now=NOW)
    assert offered() == [(first, 1, "withdrawn"), (second, 1, "open")]
    assert mails("waiting_list_taken_off") == ["eerst@zorg.example"]


def test_all_of_it_is_in_the_log(full: EditionAndMeetings):
    wait(full, "eerst@zorg.example")
    leave_seat()
    accept(the_offer().id, "eerst@zorg.example")
    tags = [entry.tag for entry in reversed(audit.trail_of("waiting_list_offer", the_offer().id).entries)]
    assert tags == ["enrolment.seats_offered", "enrolment.offer_accepted"]


def test_the_office_words_the_offer_and_the_portal_says_until_when(full: EditionAndMeetings):
    own = Written("Kom je, {naam}?", "Er is iemand weggegaan.", "Tot dan")
    with transaction():
        write_text(kind=mail_texts.OFFERED, language="nl", text=own, was=0, actor=OFFICE, now=NOW)
    wait(full, "eerst@zorg.example")
    leave_seat()
    mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.kind == "enrolment.offered")).one()
    assert mail.subject == "Kom je, Şule Yılmaz?"
    assert "Er is iemand weggegaan." in mail.text_body
    assert f"We houden een plek voor je vast tot {moment(the_offer().expires_at)}." in mail.text_body

"""Enrolling by the command, on the real database."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import Person, RegisterNumber
from portal.domain.calendar.models import CalendarInvitation
from portal.domain.catalogue.models import Meeting
from portal.domain.catalogue.rules import EditionKind, EditionState
from portal.domain.coordinators.models import Conference, Coordinator, Region
from portal.domain.enrolment.commands import Participant, save_draft
from portal.domain.enrolment.drafts import find_draft
from portal.domain.enrolment.models import Enrolment, EnrolmentRegisterNumber, Seat
from portal.domain.enrolment.rules import ContractParty, EnrolmentState
from portal.errors import Conflict, DomainError, NotFound, Refused
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings


@pytest.fixture
def edition(app: Flask) -> EditionAndMeetings:
    of = factories.course_with_modules(title="SamenKracht", price_cents=79500)
    return factories.edition_with_meetings(of, capacity=2)


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def taken(of: EditionAndMeetings) -> list[int]:
    found = select(Meeting.taken).where(Meeting.edition_id == of.edition.id).order_by(Meeting.id)
    return list(db.session.scalars(found))


def mails() -> list[tuple[str, str]]:
    rows = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    return [(mail.kind, mail.to_address) for mail in rows]


def the_enrolment() -> Enrolment:
    return db.session.scalars(select(Enrolment)).one()


def test_the_whole_training_takes_a_seat_in_every_meeting(edition: EditionAndMeetings):
    outcome = factories.enrol(edition, "sule@zorg.example")
    made = the_enrolment()
    assert (made.id, made.number, made.whole) == (outcome.enrolment_id, outcome.number, True)
    assert (made.state, made.price_cents) == (EnrolmentState.ENROLLED, 79500)
    assert taken(edition) == [1, 1, 1, 1]
    assert count(Seat) == 4


def test_single_modules_take_only_their_seats_at_their_own_price(edition: EditionAndMeetings):
    factories.enrol(edition, modules=(1, 3))
    made = the_enrolment()
    assert (made.whole, made.price_cents) == (False, 50000)
    assert taken(edition) == [1, 0, 1, 0]


def test_all_that_is_given_of_half_a_training_is_not_the_whole(app: Flask):
    of = factories.course_with_modules(title="SamenKracht", price_cents=79500)
    half = factories.edition_with_meetings(factories.CourseAndModules(of.course, of.modules[:2]))
    factories.enrol(half)
    made = the_enrolment()
    assert (made.whole, made.price_cents) == (False, 50000)


def test_all_modules_one_by_one_are_the_whole(edition: EditionAndMeetings):
    factories.enrol(edition, modules=(1, 2, 3, 4))
    made = the_enrolment()
    assert (made.whole, made.price_cents) == (True, 79500)


def test_the_price_is_frozen(edition: EditionAndMeetings):
    factories.enrol(edition)
    with transaction():
        edition.edition.price_cents = 1
    assert the_enrolment().price_cents == 79500


def test_a_full_meeting_is_named_and_nothing_is_taken(edition: EditionAndMeetings):
    factories.enrol(edition, modules=(3,))
    factories.enrol(edition, modules=(3,))
    with pytest.raises(Conflict) as refused:
        factories.enrol(edition, "te-laat@zorg.example")
    on = clock.local_date(edition.meetings[2].starts_at)
    assert refused.value.sentence.startswith("De laatste plek is net vergeven: dagdeel 3, Dagdeel 3, op ")
    assert str(on.year) in refused.value.sentence
    assert taken(edition) == [0, 0, 2, 0]
    assert count(Enrolment) == 2
    assert "te-laat@zorg.example" not in db.session.scalars(select(Person.email)).all()


def test_a_new_person_is_added_with_register_numbers_without_their_spaces(edition: EditionAndMeetings):
    factories.register("SKJ")
    given = Participant(
        "Şule Yılmaz", "Sule@Zorg.example", "en", "Wijkteam", {"SKJ": "110 024 518", "Registerplein": ""}
    )
    factories.enrol(edition, participant=given)
    person = db.session.scalars(select(Person).where(Person.email == "sule@zorg.example")).one()
    assert (person.name, person.language, person.employer) == ("Şule Yılmaz", "en", "Wijkteam")
    assert db.session.scalars(select(RegisterNumber.number)).all() == ["110024518"]
    assert db.session.scalars(select(EnrolmentRegisterNumber.number)).all() == ["110024518"]


def test_what_a_stranger_types_stays_with_the_enrolment_of_a_known_person(edition: EditionAndMeetings):
    factories.register("SKJ")
    person = factories.person(name="Dewi Hardjo", email="dewi@zorg.example")
    factories.enrol(edition, participant=Participant("D. Hardjo", "dewi@zorg.example", "en", "Elders", {"SKJ": "999"}))
    db.session.refresh(person)
    assert (person.name, person.language, person.employer) == ("Dewi Hardjo", "nl", "")
    assert db.session.scalars(select(RegisterNumber.number)).all() == []
    assert db.session.scalars(select(EnrolmentRegisterNumber.number)).all() == ["999"]
    assert the_enrolment().participant_name == "D. Hardjo"


def test_what_somebody_types_of_themselves_goes_to_their_profile_unless_it_has_a_number(edition: EditionAndMeetings):
    factories.register("SKJ")
    factories.register("Registerplein")
    person = factories.person(email="dewi@zorg.example")
    factories.add(RegisterNumber(person_id=person.id, register_code="SKJ", number="1"))
    numbers = {"SKJ": "2", "Registerplein": "46103"}
    factories.enrol(edition, participant=Participant("Dewi", "dewi@zorg.example", register_numbers=numbers), by=person)
    kept = {row.register_code: row.number for row in db.session.scalars(select(RegisterNumber))}
    assert kept == {"SKJ": "1", "Registerplein": "46103"}
    (changed,) = audit.list_entries(tag="accounts.profile_changed").entries
    assert (changed.actor_id, changed.facts) == (
        person.id, {"person_id": person.id, "fields": ["register_Registerplein"]}
    )  # fmt: skip


def test_who_types_no_number_changes_no_profile(edition: EditionAndMeetings):
    factories.register("SKJ")
    person = factories.person(email="dewi@zorg.example")
    factories.add(RegisterNumber(person_id=person.id, register_code="SKJ", number="1"))
    factories.enrol(
        edition, participant=Participant("Dewi", "dewi@zorg.example", register_numbers={"SKJ": "2"}), by=person
    )
    assert audit.list_entries(tag="accounts.profile_changed").entries == []


def test_the_same_draft_twice_is_one_enrolment(edition: EditionAndMeetings):
    with transaction():
        token = save_draft(token=None, edition_id=edition.edition.id, answers={"modules": None}, now=clock.now())
    draft = find_draft(token, edition.edition.id)
    assert draft is not None
    first = factories.enrol(edition, "sule@zorg.example", draft_id=draft.id)
    second = factories.enrol(edition, "sule@zorg.example", draft_id=draft.id)
    assert first == second
    assert (count(Enrolment), taken(edition)) == (1, [1, 1, 1, 1])
    assert mails() == [("enrolment.enrolled", "sule@zorg.example")]


def test_who_is_enrolled_already_keeps_the_first_and_reads_it_in_a_mail(edition: EditionAndMeetings):
    first = factories.enrol(edition, "sule@zorg.example")
    second = factories.enrol(edition, "SULE@zorg.example", modules=(1,))
    third = factories.enrol(edition, "sule@zorg.example")
    assert (second.already, second.enrolment_id) == (True, first.enrolment_id)
    assert len({first.number, second.number, third.number}) == 3
    assert (count(Enrolment), taken(edition)) == (1, [1, 1, 1, 1])
    # Once a day, however often somebody tries.
    assert mails() == [("enrolment.enrolled", "sule@zorg.example"), ("enrolment.enrolled_already", "sule@zorg.example")]
    told = db.session.scalars(
        select(OutgoingMail.text_body).where(OutgoingMail.kind == "enrolment.enrolled_already")
    ).one()
    assert first.number in told
    assert second.number not in told


def test_a_full_edition_answers_who_is_enrolled_as_it_answers_a_stranger(edition: EditionAndMeetings):
    factories.enrol(edition, "sule@zorg.example")
    factories.enrol(edition, "dewi@zorg.example")
    sentences = []
    for who in ("sule@zorg.example", "vreemd@zorg.example"):
        with pytest.raises(Conflict) as refused:
            factories.enrol(edition, who)
        sentences.append(refused.value.sentence)
    assert sentences[0] == sentences[1]
    assert len(mails()) == 2


def test_who_cancelled_may_enrol_again(edition: EditionAndMeetings):
    first = factories.enrol(edition, "sule@zorg.example")
    with transaction():
        factories.enrolment_commands.cancel_enrolment(
            enrolment_id=first.enrolment_id, actor=Actor.visitor(), now=clock.now()
        )
    second = factories.enrol(edition, "sule@zorg.example")
    assert second.enrolment_id != first.enrolment_id
    assert taken(edition) == [1, 1, 1, 1]
    assert set(db.session.scalars(select(CalendarInvitation.sequence))) == {2}


def test_the_confirmation_signs_in_and_invites_in_the_readers_language(edition: EditionAndMeetings):
    factories.enrol(edition, participant=Participant("Ó Briain", "o@zorg.example", "en"))
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.calendar_method == "REQUEST"
    assert (mail.calendar or b"").count(b"BEGIN:VEVENT") == 4
    assert "https://leerkring.example/en/inloggen/link/" in mail.text_body
    assert mail.language == "en"


def test_every_deed_stands_in_the_log_without_a_name(edition: EditionAndMeetings):
    outcome = factories.enrol(edition, "sule@zorg.example", modules=(1, 2))
    trail = audit.trail_of("enrolment", outcome.enrolment_id)
    assert [entry.tag for entry in reversed(trail.entries)] == [
        "enrolment.enrolled",
        "enrolment.seat_taken",
        "enrolment.seat_taken",
    ]
    assert trail.entries[-1].actor_kind == "visitor"
    payloads = " ".join(str(entry.facts) for entry in audit.list_entries(per_page=100).entries)
    assert "ule" not in payloads.replace("module", "").replace("rule", "")
    assert audit.verify() is None


@pytest.mark.parametrize(
    ("values", "kind", "sentence"),
    [
        ({"modules": (1,), "separately": False}, Refused, "Deze training volg je in zijn geheel. Kies alle dagdelen"),
        ({"state": EditionState.DRAFT}, NotFound, ""),
        ({"state": EditionState.CANCELLED}, Refused, "Deze uitvoering gaat niet door. Kies een andere datum."),
        ({"kind": EditionKind.IN_COMPANY}, NotFound, ""),
    ],
)
def test_what_is_not_open_is_refused(app: Flask, values: dict[str, object], kind: type[DomainError], sentence: str):
    of = factories.course_with_modules(separately_bookable=values.pop("separately", True))
    modules = values.pop("modules", ())
    edition = factories.edition_with_meetings(of, **values)
    with pytest.raises(kind) as refused:
        factories.enrol(edition, modules=modules)
    assert refused.value.sentence == sentence


def test_an_organisation_enrols_in_its_own_edition_and_in_no_other(app: Flask):
    ours, theirs = factories.organisation(), factories.organisation()
    edition = factories.edition_with_meetings(kind=EditionKind.IN_COMPANY, organisation_id=ours.id)
    by_organisation = {"contract_party": ContractParty.ORGANISATION, "order_reference": "4711"}
    with pytest.raises(NotFound):
        factories.enrol(edition, organisation_id=theirs.id, **by_organisation)
    factories.enrol(edition, organisation_id=ours.id, **by_organisation)
    assert the_enrolment().order_reference == "4711"


def test_a_meeting_that_has_begun_cannot_be_chosen(edition: EditionAndMeetings):
    later = edition.meetings[0].starts_at + timedelta(minutes=1)
    with pytest.raises(Refused) as refused:
        factories.enrol(edition, now=later)
    assert refused.value.sentence.startswith("Dagdeel 1 was op ")
    factories.enrol(edition, modules=(2,), now=later)
    assert taken(edition) == [0, 1, 0, 0]


@pytest.mark.parametrize(
    ("participant", "field", "sentence"),
    [
        (Participant("", "a@x.example"), "name", "Vul je naam in"),
        (Participant("Win op www.evil.example", "a@x.example"), "name", "Vul je naam in zonder webadres"),
        (Participant("A", "a@x.example, b@x.example"), "email", "Vul je e-mailadres in zoals naam@organisatie.nl"),
        (
            Participant("A", "a@x.example\r\nBcc: b@x.example"),
            "email",
            "Vul je e-mailadres in zoals naam@organisatie.nl",
        ),
        (
            Participant("A", "a@x.example", register_numbers={"SKJ": "111 222 333"}),
            "register_SKJ",
            "Dit lijkt op een burgerservicenummer. Dat bewaren we niet",
        ),
        (Participant("A", "a@x.example", register_numbers={"KNMG": "1"}), None, "Dit register kennen we niet"),
    ],
)
def test_what_must_not_be_kept_is_refused_at_its_field(
    edition: EditionAndMeetings, participant: Participant, field: str | None, sentence: str
):
    with pytest.raises(Refused) as refused:
        factories.enrol(edition, participant=participant)
    assert (refused.value.field, refused.value.sentence) == (field, sentence)
    assert taken(edition) == [0, 0, 0, 0]


@pytest.fixture
def ek2(app: Flask) -> EditionAndMeetings:
    factories.course_with_modules(1, slug="ek-1", title="EK-1")
    return factories.edition_with_meetings(
        factories.course_with_modules(1, title="EK-2", requires={"completed": "ek-1", "conferences": 2})
    )


def has_done(person: Person, ek1: bool, conferences: list[date]) -> None:
    region = factories.add(Region(name=f"Regio {person.id}"))
    coordinator = factories.add(Coordinator(person_id=person.id, region_id=region.id))
    for on in conferences:
        factories.add(Conference(coordinator_id=coordinator.id, region_id=region.id, held_on=on, kind="gewoon"))
    if ek1:
        course = db.session.scalars(select(factories.Course).where(factories.Course.slug == "ek-1")).one()
        modules = list(db.session.scalars(select(factories.Module).where(factories.Module.course_id == course.id)))
        of = factories.edition_with_meetings(factories.CourseAndModules(course, modules))
        factories.enrolment(of, person, state=EnrolmentState.COMPLETED, completed_on=date(2026, 6, 21))


@pytest.mark.parametrize(
    ("ek1", "conferences", "sentence"),
    [
        (
            False,
            [],
            "Rond eerst EK-1 af, dan kun je meedoen aan EK-2. Op zondag 22 november 2026 was dat nog niet zo. "
            "Voor EK-2 heb je 2 conferenties nodig. Op zondag 22 november 2026 stonden er 0 conferenties op je "
            "naam. Je regiomanager schrijft een conferentie bij als die is geweest.",
        ),
        (
            True,
            [date(2026, 9, 1)],
            "Voor EK-2 heb je 2 conferenties nodig. Op zondag 22 november 2026 stond er 1 conferentie op je "
            "naam, de laatste van dinsdag 1 september 2026. Je regiomanager schrijft een conferentie bij "
            "als die is geweest.",
        ),
        (
            False,
            [date(2026, 9, 1), date(2026, 10, 1)],
            "Rond eerst EK-1 af, dan kun je meedoen aan EK-2. Op zondag 22 november 2026 was dat nog niet zo.",
        ),
    ],
)
def test_ek_2_is_refused_with_dated_reasons(ek2: EditionAndMeetings, ek1: bool, conferences: list[date], sentence: str):
    person = factories.person()
    has_done(person, ek1, conferences)
    with pytest.raises(Refused) as refused:
        factories.enrol(ek2, person.email, by=person, now=datetime(2026, 11, 22, 12, tzinfo=clock.AMSTERDAM))
    assert refused.value.sentence == sentence


def test_ek_2_is_open_after_ek_1_and_two_conferences(ek2: EditionAndMeetings):
    person = factories.person()
    has_done(person, True, [date(2026, 9, 1), date(2026, 10, 1)])
    assert factories.enrol(ek2, person.email, by=person).already is False


def test_what_somebody_has_done_is_not_told_to_others(ek2: EditionAndMeetings):
    ready, other = factories.person(), factories.person()
    has_done(ready, True, [date(2026, 9, 1), date(2026, 10, 1)])
    sentences = set()
    for by in (None, other):
        for who in (ready.email, other.email if by is None else "nieuw@zorg.example"):
            with pytest.raises(Refused) as refused:
                factories.enrol(ek2, who, by=by)
            sentences.add(refused.value.sentence)
    assert sentences == {"Log eerst in. We kijken dan of je hebt gedaan wat EK-2 vraagt."}
    assert factories.enrol(ek2, ready.email, by=other, trusted=True).already is False

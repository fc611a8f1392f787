"""Enrolling somebody who came without being enrolled, in the one dagdeel that is given now.

Why this is another enrolling: the meeting has begun, so there is nothing to choose and nothing to invite for; the
trainer who stands there does it, and what is agreed waits for the participant (attendance/walk_ins.py, which also
writes the mail)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from portal.audit import Actor
from portal.clock import local_date
from portal.db import db
from portal.domain.accounts.commands import add_person
from portal.domain.accounts.models import Person
from portal.domain.catalogue.models import Meeting
from portal.domain.enrolment import seats
from portal.domain.enrolment.eligibility import is_eligible
from portal.domain.enrolment.enrolling import (
    add_enrolment,
    draw_number,
    find_active,
    hold_open,
    leaves_list,
    makes_it_sure,
)
from portal.domain.enrolment.models import Enrolment, Seat, WaitingListEntry
from portal.domain.enrolment.participants import require_plain
from portal.domain.enrolment.promotion import offer_freed_seats
from portal.domain.enrolment.queries import EditionOnOffer, MeetingOnOffer, get_edition, get_terms
from portal.domain.enrolment.rules import ContractParty, EnrolmentState, wrong_choice
from portal.errors import Conflict, NotFound, Refused
from portal.language import DUTCH, _


@dataclass(frozen=True)
class AtTheDoor:
    """What somebody who comes without a seat would enrol in. `waiting`: how many are on the edition's waiting list."""

    edition: EditionOnOffer
    meeting: MeetingOnOffer
    waiting: int

    @property
    def is_whole(self) -> bool:
        """Whether this dagdeel is all of the training."""
        return self.edition.gives_whole and len(self.edition.meetings) == 1

    @property
    def only_whole(self) -> bool:
        """Whether more would have to be agreed than is given now: then the office does it."""
        return (
            wrong_choice(self.edition.module_ids, {self.meeting.module_id}, self.edition.separately_bookable)
            is not None
        )

    @property
    def price_cents(self) -> int:
        return self.edition.price_of(None if self.is_whole else [self.meeting.module_id])


def get_at_the_door(meeting_id: int) -> AtTheDoor:
    """What can be enrolled in at the door of this meeting; NotFound. Four queries."""
    edition_id = db.session.scalar(select(Meeting.edition_id).where(Meeting.id == meeting_id))
    if edition_id is None:
        raise NotFound
    edition = get_edition(edition_id)
    meeting = next(meeting for meeting in edition.meetings if meeting.id == meeting_id)
    waits = select(func.count()).where(WaitingListEntry.edition_id == edition_id, WaitingListEntry.left_at.is_(None))
    return AtTheDoor(edition, meeting, db.session.scalar(waits) or 0)


def enrol_at_the_door(*, meeting_id: int, name: str, email: str, actor: Actor, now: datetime) -> Enrolment:
    """Enrols who stands at the door of a meeting, in that alone, and mails nothing. Somebody whom we know keeps
    the name that we know.

    In a closed edition the agreement is its organisation's; else it is the participant's. Raises Refused for what is
    only given as a whole, for who is on the list or enrolled in this edition already, and for who may not take part
    (without saying why: that is theirs); Conflict when there is no seat; NotFound for an edition that is not given."""
    door = get_at_the_door(meeting_id)
    known = hold_open(door.edition, email, door.edition.organisation_id)
    if door.only_whole:
        raise Refused(only_whole_in_words())
    require_plain(known.person.name if known.person else name, email)
    _refuse_who_is_in(door, known.person)
    if not is_eligible(door.edition, known.person.id if known.person else None, now):
        raise Refused(_("Met dit adres kan iemand hier nu niet meedoen. Het bureau weet waarom."), "email")
    _take_seat(door)
    # The trainer speaks for them, not in their language: Dutch until they choose.
    person = known.person or add_person(name=name, email=email, language=DUTCH, actor=actor, now=now)
    if find_active(door.edition.id, person) is not None:
        raise Conflict(_("Deze persoon is net ingeschreven. Kijk op de lijst."))
    enrolment = _enrolment(door, person, now)
    add_enrolment(enrolment, {}, [door.meeting], actor, now)
    makes_it_sure(door.edition, person, actor, now)
    if leaves_list(known, enrolment, door.edition, [door.meeting], None, actor):
        offer_freed_seats(door.edition.id, actor=actor, now=now)
    return enrolment


def agree(enrolment_id: int, now: datetime) -> None:
    """The agreement of an enrolment that was made at the door begins now."""
    db.session.execute(update(Enrolment).where(Enrolment.id == enrolment_id).values(contracted_at=now))


def only_whole_in_words() -> str:
    """Why nobody is added for a part of this training, and who can help."""
    return str(
        _(
            "Deze training is er alleen als geheel. Daarvoor is meer af te spreken dan vandaag: het bureau schrijft "
            "iemand in. Zet de naam op papier."
        )
    )


def full_in_words(capacity: int) -> str:
    """That there is no seat, and who can help."""
    return str(
        _(
            "Alle %(capacity)s plekken zijn bezet, of worden vastgehouden voor wie wacht. Het bureau kan een plek "
            "bijmaken of iemand op de wachtlijst zetten.",
            capacity=capacity,
        )
    )


def _refuse_who_is_in(door: AtTheDoor, person: Person | None) -> None:
    if person is None:
        return
    enrolled = (Enrolment.id == Seat.enrolment_id, Enrolment.person_id == person.id, Seat.released_at.is_(None))
    here = db.session.scalar(
        select(Enrolment.participant_name).join(Seat, enrolled[0]).where(*enrolled, Seat.meeting_id == door.meeting.id)
    )
    if here is not None:
        raise Refused(_("%(name)s staat al op deze lijst.", name=here), "email")
    active = select(Enrolment.id).where(Enrolment.edition_id == door.edition.id, Enrolment.person_id == person.id)
    if db.session.scalar(active.where(Enrolment.state != EnrolmentState.CANCELLED)) is not None:
        raise Refused(
            _(
                "Deze persoon doet mee aan deze uitvoering, maar niet aan dit dagdeel. Dat verandert wat is "
                "afgesproken: het bureau kan het regelen."
            ),
            "email",
        )


def _take_seat(door: AtTheDoor) -> None:
    try:
        seats.take([door.meeting])
    except Conflict as conflict:
        raise Conflict(full_in_words(door.meeting.capacity)) from conflict


def _enrolment(door: AtTheDoor, person: Person, now: datetime) -> Enrolment:
    edition = door.edition
    return Enrolment(
        number=draw_number(now),
        edition_id=edition.id,
        person_id=person.id,
        whole=door.is_whole,
        participant_name=person.name,
        contract_party=ContractParty.ORGANISATION if edition.in_company else ContractParty.PARTICIPANT,
        organisation_id=edition.organisation_id if edition.in_company else None,
        price_cents=door.price_cents,
        terms_version_id=get_terms(local_date(now)).id,
        enrolled_at=now,
    )

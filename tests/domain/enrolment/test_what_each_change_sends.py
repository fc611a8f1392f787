"""The table of what each change sends, and what the log keeps of it: exactly that, whoever makes it.

A mail's line says its kind, to whom, and of the calendar that goes along the method, how many events and their
SEQUENCE; 'later' when it waits until the office can no longer stop it. An entry that stands there several times running
is one line. What happens is told by `deed`, after what happened `before`."""

from dataclasses import dataclass
from itertools import groupby

import pytest
import time_machine
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from portal import audit
from portal.audit import Actor
from portal.db import db, transaction
from portal.errors import DomainError
from portal.mail import OutgoingMail
from tests import enrolment_deeds as deeds
from tests.enrolment_deeds import NOW, Deed, Scene


@dataclass(frozen=True)
class Change:
    """One change, by each of those who may make it; `refused`: by those who may not, and then nothing happens."""

    what: str
    by: str
    deed: Deed
    mails: tuple[str, ...] = ()
    log: tuple[str, ...] = ()
    before: Deed | None = None
    refused: bool = False


@pytest.fixture
def scene(app: Flask) -> Scene:
    return deeds.build_scene()


TABLE: tuple[Change, ...] = (
    Change(
        "somebody new enrols",
        "visitor",
        deeds.enrol("here", who="new@zorg.example"),
        mails=("enrolment.enrolled to new, REQUEST of 2 at 0",),
        log=(
            "accounts.person_added",
            "enrolment.enrolled",
            "enrolment.seat_taken x2",
            "calendar.invited x2",
        ),
    ),
    Change(
        "somebody known enrols",
        "participant office",
        deeds.enrol("there", who="participant@zorg.example"),
        mails=("enrolment.enrolled to participant, REQUEST of 2 at 0",),
        log=(
            "enrolment.enrolled",
            "enrolment.seat_taken x2",
            "calendar.invited x2",
        ),
    ),
    Change(
        "enrolling again",
        "visitor participant",
        deeds.enrol("here", who="participant@zorg.example"),
        mails=("enrolment.enrolled_already to participant",),
        log=("enrolment.enrolled_again",),
    ),
    Change(
        "cancelling before it begins",
        "participant office",
        deeds.cancel(),
        mails=("enrolment.cancelled to participant, CANCEL of 2 at 1",),
        log=(
            "enrolment.seat_released x2",
            "enrolment.cancelled",
            "calendar.withdrawn x2",
        ),
    ),
    Change(
        "cancelling once it has begun",
        "participant",
        deeds.cancel(deeds.begun),
        refused=True,
    ),
    Change(
        "cancelling once it has begun",
        "office",
        deeds.cancel(deeds.begun, cost_cents=0, reason="Ziek"),
        mails=("enrolment.cancelled to participant, CANCEL of 2 at 1",),
        log=(
            "enrolment.seat_released",
            "enrolment.cancelled",
            "calendar.withdrawn x2",
        ),
    ),
    Change(
        "moving to another edition",
        "participant office",
        deeds.move,
        mails=(
            "enrolment.moved_away to participant, CANCEL of 2 at 1",
            "enrolment.moved to participant, REQUEST of 2 at 0",
        ),
        log=(
            "enrolment.seat_released x2",
            "enrolment.enrolled",
            "enrolment.seat_taken x2",
            "enrolment.moved",
            "calendar.withdrawn x2",
            "calendar.invited x2",
        ),
    ),
    Change(
        "sending a colleague",
        "participant office",
        deeds.substitute,
        mails=(
            "enrolment.gave_place to participant, CANCEL of 2 at 1",
            "enrolment.took_place to colleague, REQUEST of 2 at 0",
        ),
        log=(
            "accounts.person_added",
            "enrolment.seat_released x2",
            "enrolment.enrolled",
            "enrolment.seat_taken x2",
            "enrolment.substituted",
            "calendar.withdrawn x2",
            "calendar.invited x2",
        ),
    ),
    Change(
        "the colleague cancels",
        "visitor",
        deeds.cancel_as_colleague,
        mails=(
            "enrolment.cancelled to colleague, CANCEL of 2 at 1",
            "enrolment.cancelled_by_substitute to participant",
        ),
        log=(
            "enrolment.seat_released x2",
            "enrolment.cancelled",
            "calendar.withdrawn x2",
        ),
        before=deeds.in_transaction(deeds.substitute),
    ),
    Change(
        "swapping a dagdeel",
        "participant office",
        deeds.swap,
        mails=(
            "enrolment.swapped_away to participant, CANCEL of 1 at 1",
            "enrolment.swapped to participant, REQUEST of 1 at 0",
        ),
        log=(
            "enrolment.seat_released",
            "calendar.withdrawn",
            "enrolment.seat_taken",
            "enrolment.stand_in_booked",
            "calendar.invited",
        ),
    ),
    Change(
        "making up",
        "participant office",
        deeds.make_up,
        mails=("enrolment.made_up to participant, REQUEST of 1 at 0",),
        log=(
            "enrolment.seat_taken",
            "enrolment.stand_in_booked",
            "calendar.invited",
            "accreditation.points_settled",
        ),
        before=deeds.be_absent,
    ),
    Change(
        "giving a make-up up",
        "participant office",
        deeds.give_make_up_up,
        mails=("enrolment.let_go to participant, CANCEL of 1 at 1",),
        log=(
            "enrolment.seat_released",
            "enrolment.stand_in_released",
            "calendar.withdrawn",
            "accreditation.points_settled",
        ),
        before=deeds.be_absent_and_make_up,
    ),
    Change(
        "a group, one place named later",
        "contact office",
        deeds.book,
        mails=(
            "enrolment.enrolled to colleague, REQUEST of 2 at 0",
            "enrolment.enrolled to other, REQUEST of 2 at 0",
            "enrolment.group_booked to contact",
        ),
        log=(
            "accounts.person_added x2",
            "enrolment.enrolled",
            "enrolment.seat_taken x2",
            "calendar.invited x2",
            "enrolment.enrolled",
            "enrolment.seat_taken x2",
            "calendar.invited x2",
            "enrolment.group_booked",
        ),
    ),
    Change(
        "naming a place",
        "contact visitor",
        deeds.name_place,
        mails=("enrolment.enrolled to named, REQUEST of 2 at 0",),
        log=(
            "accounts.person_added",
            "enrolment.enrolled",
            "enrolment.seat_taken x2",
            "calendar.invited x2",
            "enrolment.place_named",
        ),
        before=deeds.reserved,
    ),
    Change(
        "giving a place back",
        "contact office",
        deeds.release_place,
        log=("enrolment.places_released",),
        before=deeds.reserved,
    ),
    Change(
        "putting an edition online",
        "office",
        deeds.publish,
        mails=("calendar.trainer_invited to trainer, REQUEST of 2 at 0",),
        log=(
            "catalogue.edition_published",
            "calendar.invited x2",
        ),
        before=deeds.draft,
    ),
    Change(
        "letting a tentative one go ahead",
        "office",
        deeds.confirm,
        mails=(
            "enrolment.edition_confirmed to participant, later",
            "enrolment.edition_confirmed_trainer to trainer, later",
        ),
        log=("enrolment.edition_confirmed",),
        before=deeds.tentative,
    ),
    Change(
        "enrolling as the last one needed",
        "visitor",
        deeds.enrol("here", who="new@zorg.example"),
        mails=(
            "enrolment.edition_confirmed to participant",
            "enrolment.edition_confirmed_trainer to trainer",
            "enrolment.enrolled to new, REQUEST of 2 at 0",
        ),
        log=(
            "accounts.person_added",
            "enrolment.enrolled",
            "enrolment.seat_taken x2",
            "enrolment.edition_confirmed",
            "calendar.invited x2",
        ),
        before=deeds.tentative,
    ),
    Change(
        "deciding on another day",
        "office",
        deeds.postpone,
        mails=("enrolment.decision_postponed to participant, later",),
        log=("enrolment.decision_postponed",),
        before=deeds.tentative,
    ),
    Change(
        "cancelling an edition",
        "office",
        deeds.cancel_edition,
        mails=(
            "enrolment.edition_cancelled to participant, CANCEL of 2 at 1, later",
            "enrolment.guest_not_given to guest, CANCEL of 1 at 1, later",
            "calendar.trainer_edition_cancelled to trainer, CANCEL of 2 at 1, later",
        ),
        log=(
            "enrolment.seat_released x2",
            "enrolment.cancelled",
            "calendar.withdrawn x2",
            "enrolment.seat_released",
            "enrolment.stand_in_released",
            "calendar.withdrawn x3",
            "enrolment.edition_cancelled",
        ),
        before=deeds.swapped_into_it,
    ),
    Change(
        "an edition begins",
        "system",
        deeds.start,
        mails=("enrolment.edition_started to trainer",),
        log=("enrolment.edition_started",),
    ),
    Change(
        "an edition is over",
        "system",
        deeds.finish,
        mails=("enrolment.edition_finished to participant",),
        log=("enrolment.edition_finished",),
        before=deeds.started,
    ),
    Change(
        "moving a meeting to another time",
        "office",
        deeds.move_meeting(hours=1),
        mails=(
            "enrolment.meeting_moved to participant, REQUEST of 1 at 1, later",
            "calendar.trainer_moved to trainer, REQUEST of 1 at 1, later",
        ),
        log=(
            "calendar.invited x2",
            "enrolment.meeting_moved",
        ),
    ),
    Change(
        "moving a meeting to another place",
        "office",
        deeds.move_meeting(venue="Elders 1"),
        mails=(
            "enrolment.meeting_moved to participant, REQUEST of 1 at 1, later",
            "calendar.trainer_moved to trainer, REQUEST of 1 at 1, later",
        ),
        log=(
            "calendar.invited x2",
            "enrolment.meeting_moved",
        ),
    ),
    Change(
        "moving a meeting nowhere",
        "office",
        deeds.move_meeting(),
    ),
    Change(
        "more seats",
        "office",
        deeds.give_seats,
        log=("enrolment.capacity_changed",),
    ),
    Change(
        "all attended",
        "trainer",
        deeds.complete,
        log=("enrolment.completed",),
    ),
    Change(
        "not all attended after all",
        "trainer",
        deeds.reopen,
        log=("enrolment.reopened",),
        before=deeds.completed,
    ),
    Change(
        "two weeks before",
        "system",
        deeds.remind(14),
        mails=("enrolment.practical to participant",),
    ),
    Change(
        "a day before",
        "system",
        deeds.remind(1),
        mails=(
            "enrolment.tomorrow to participant",
            "enrolment.trainer to trainer",
        ),
        before=deeds.remind(14),
    ),
    Change(
        "a day before, and cancelled",
        "system",
        deeds.remind(1),
        mails=("enrolment.trainer to trainer",),
        before=deeds.in_transaction(deeds.cancel()),
    ),
    Change(
        "nine days before, to who enrolled ten days before",
        "system",
        deeds.remind(9),
        mails=("enrolment.practical to participant",),
        before=deeds.enrol_late,
    ),
    Change(
        "three weeks before",
        "system",
        deeds.remind(21),
    ),
)


def mails_after(mail_id: int) -> tuple[str, ...]:
    found = select(OutgoingMail).where(OutgoingMail.id > mail_id).order_by(OutgoingMail.id)
    return tuple(_mail_in_words(mail) for mail in db.session.scalars(found))


def _mail_in_words(mail: OutgoingMail) -> str:
    words = f"{mail.kind} to {mail.to_address.removesuffix('@zorg.example')}"
    if mail.calendar:
        events = Calendar.from_ical(mail.calendar).walk("VEVENT")
        numbers = "/".join(sorted({str(event["sequence"]) for event in events}))
        words += f", {mail.calendar_method} of {len(events)} at {numbers}"
    return f"{words}, later" if mail.batch_id else words


def log_after(seq: int) -> tuple[tuple[str, ...], set[tuple[str, int | None]]]:
    """The tags, and who did it."""
    entries = [entry for entry in reversed(audit.list_entries(per_page=200).entries) if entry.seq > seq]
    runs = [(tag, len(list(same))) for tag, same in groupby(entry.tag for entry in entries)]
    lines = tuple(tag if times == 1 else f"{tag} x{times}" for tag, times in runs)
    return lines, {(entry.actor_kind, entry.actor_id) for entry in entries}


LINES = [pytest.param(change, who, id=f"{change.what}, {who}") for change in TABLE for who in change.by.split()]


@pytest.mark.parametrize(("change", "who"), LINES)
def test_exactly_this_is_sent_and_kept(scene: Scene, change: Change, who: str):
    actor = deeds.by(scene, who)
    with time_machine.travel(NOW, tick=False):
        if change.before is not None:
            change.before(scene, actor)
        db.session.commit()
        mail_id = db.session.scalar(select(OutgoingMail.id).order_by(OutgoingMail.id.desc()).limit(1)) or 0
        seq = audit.list_entries(per_page=1).entries[0].seq
        _do(change, scene, actor)
    log, actors = log_after(seq)
    assert mails_after(mail_id) == change.mails
    assert log == change.log
    assert actors == ({(actor.kind, actor.id)} if change.log else set())


def _do(change: Change, scene: Scene, actor: Actor) -> None:
    """The deed in a transaction of its own, save where factories and the worker open one themselves."""
    opens_its_own = change.deed.__qualname__.startswith(("enrol.", "remind."))
    if opens_its_own:
        change.deed(scene, actor)
    elif change.refused:
        with pytest.raises(DomainError), transaction():
            change.deed(scene, actor)
    else:
        with transaction():
            change.deed(scene, actor)

"""The table of what each change sends, and what the log keeps of it: exactly that, whoever makes it. How a line reads
is told in tests/enrolment_table.py."""

import pytest
from flask import Flask

from tests import enrolment_deeds as deeds
from tests.enrolment_deeds import Scene
from tests.enrolment_table import Change, lines_of, require_exactly


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


@pytest.mark.parametrize(("change", "who"), lines_of(TABLE))
def test_exactly_this_is_sent_and_kept(scene: Scene, change: Change, who: str):
    require_exactly(scene, change, who)

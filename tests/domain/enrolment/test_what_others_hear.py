"""The table of what those hear of an edition who do not take part in it themselves (yet): who speaks for places without
a name, who waits, and who pays for a colleague. How a line reads is told in tests/enrolment_table.py."""

import pytest
from flask import Flask

from tests import enrolment_deeds as deeds
from tests.enrolment_deeds import Scene
from tests.enrolment_table import Change, lines_of, require_exactly


@pytest.fixture
def scene(app: Flask) -> Scene:
    return deeds.build_scene()


INVITED = (
    "enrolment.meeting_moved to participant, REQUEST of 1 at 1, later",
    "enrolment.meeting_moved to colleague, REQUEST of 1 at 1, later",
    "enrolment.meeting_moved to other, REQUEST of 1 at 1, later",
    "calendar.trainer_moved to trainer, REQUEST of 1 at 1, later",
)
OTHERS = (
    "enrolment.places_moved to contact, later",
    "enrolment.waiting_list_moved to waiting, later",
)

TABLE: tuple[Change, ...] = (
    Change(
        "the first meeting goes to another day",
        "office",
        deeds.move_meeting(hours=48),
        mails=(*INVITED, *OTHERS),
        log=("calendar.invited x4", "enrolment.naming_term_followed", "enrolment.meeting_moved"),
        before=deeds.reserved_and_waited_for,
    ),
    Change(
        "the first meeting goes to another hour",
        "office",
        deeds.move_meeting(hours=1),
        mails=(*INVITED, *OTHERS),
        log=("calendar.invited x4", "enrolment.meeting_moved"),
        before=deeds.reserved_and_waited_for,
    ),
    Change(
        "a later meeting goes to another day",
        "office",
        deeds.move_meeting(hours=48, position=2),
        mails=(*INVITED, *OTHERS),
        log=("calendar.invited x4", "enrolment.meeting_moved"),
        before=deeds.reserved_and_waited_for,
    ),
    Change(
        "a meeting goes to another place",
        "office",
        deeds.move_meeting(venue="Elders 1"),
        mails=(*INVITED, *OTHERS),
        log=("calendar.invited x4", "enrolment.meeting_moved"),
        before=deeds.reserved_and_waited_for,
    ),
    Change(
        "only the link is another",
        "office",
        deeds.move_meeting(link="https://elders.example/zaal"),
        mails=INVITED,
        log=("calendar.invited x4", "enrolment.meeting_moved"),
        before=deeds.reserved_and_waited_for,
    ),
    Change(
        "a meeting that nobody waits for goes to another day",
        "office",
        deeds.move_meeting(hours=48, position=2),
        mails=(INVITED[0], INVITED[3]),
        log=("calendar.invited x2", "enrolment.meeting_moved"),
        before=deeds.waited_for_the_first,
    ),
    Change(
        "a meeting that somebody waits for goes to another day",
        "office",
        deeds.move_meeting(hours=48),
        mails=(INVITED[0], INVITED[3], OTHERS[1]),
        log=("calendar.invited x2", "enrolment.meeting_moved"),
        before=deeds.waited_for_the_first,
    ),
    Change(
        "cancelling an edition with places without a name and a waiting list",
        "office",
        deeds.cancel_edition,
        mails=(
            "enrolment.edition_cancelled to participant, CANCEL of 2 at 1, later",
            "enrolment.edition_cancelled to colleague, CANCEL of 2 at 1, later",
            "enrolment.edition_cancelled to other, CANCEL of 2 at 1, later",
            "enrolment.places_ended to contact, later",
            "calendar.trainer_edition_cancelled to trainer, CANCEL of 2 at 1, later",
            "enrolment.waiting_list_closed to waiting, later",
        ),
        log=(
            *("enrolment.seat_released x2", "enrolment.cancelled", "calendar.withdrawn x2") * 3,
            "enrolment.places_released",
            "calendar.withdrawn x2",
            "enrolment.waiting_list_left",
            "enrolment.edition_cancelled",
        ),
        before=deeds.reserved_and_waited_for,
    ),
    Change(
        "cancelling an edition to which a colleague came instead",
        "office",
        deeds.cancel_edition,
        mails=(
            "enrolment.edition_cancelled to colleague, CANCEL of 2 at 1, later",
            "enrolment.edition_cancelled_for_substitute to participant, later",
            "calendar.trainer_edition_cancelled to trainer, CANCEL of 2 at 1, later",
        ),
        log=(
            "enrolment.seat_released x2",
            "enrolment.cancelled",
            "calendar.withdrawn x4",
            "enrolment.edition_cancelled",
        ),
        before=deeds.substituted,
    ),
)


@pytest.mark.parametrize(("change", "who"), lines_of(TABLE))
def test_exactly_this_is_sent_and_kept(scene: Scene, change: Change, who: str):
    require_exactly(scene, change, who)

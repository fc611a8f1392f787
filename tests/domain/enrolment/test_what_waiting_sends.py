"""The table of changes, continued: the waiting list, its offers, and places that nobody was named for. How a line reads
is told in tests/enrolment_table.py."""

import pytest
from flask import Flask

from tests import enrolment_deeds as deeds
from tests import waiting_deeds as waiting
from tests.enrolment_deeds import Scene
from tests.enrolment_table import Change, lines_of, require_exactly


@pytest.fixture
def scene(app: Flask) -> Scene:
    return deeds.build_scene()


OFFERED = ("enrolment.seats_offered",)
CAME_IN = ("enrolment.enrolled", "enrolment.seat_taken x2", "calendar.invited x2")
OFFER_TO_SECOND = "enrolment.offered to second"

TABLE: tuple[Change, ...] = (
    Change(
        "joining the waiting list",
        "visitor office",
        waiting.join("first"),
        mails=("enrolment.waiting_list_joined to first",),
        log=("accounts.person_added", "enrolment.waiting_list_joined"),
        before=waiting.full,
    ),
    Change(
        "joining it again on the same day",
        "visitor",
        waiting.join("first"),
        before=waiting.waiting,
    ),
    Change("joining while there is a seat", "visitor", waiting.join("first"), refused=True),
    Change(
        "leaving the waiting list",
        "visitor",
        waiting.leave,
        log=("enrolment.waiting_list_left",),
        before=waiting.waiting,
    ),
    Change(
        "leaving it with an offer, which goes on",
        "visitor",
        waiting.leave,
        mails=(OFFER_TO_SECOND,),
        log=("enrolment.offer_withdrawn", "enrolment.waiting_list_left", *OFFERED),
        before=waiting.offered,
    ),
    Change(
        "taking somebody off the waiting list",
        "office",
        waiting.take_off("Dubbel"),
        mails=("enrolment.waiting_list_taken_off to first",),
        log=("enrolment.waiting_list_left",),
        before=waiting.waiting,
    ),
    Change(
        "taking somebody off with an offer, which goes on",
        "office",
        waiting.take_off("Dubbel"),
        mails=("enrolment.waiting_list_taken_off to first", OFFER_TO_SECOND),
        log=("enrolment.offer_withdrawn", "enrolment.waiting_list_left", *OFFERED),
        before=waiting.offered,
    ),
    Change(
        "taking somebody off without a reason",
        "office",
        waiting.take_off(" "),
        before=waiting.waiting,
        refused=True,
    ),
    Change("taking somebody off twice", "office", waiting.take_off("Dubbel"), before=waiting.taken_off, refused=True),
    Change(
        "cancelling what somebody waits for",
        "participant office",
        deeds.cancel(),
        mails=(
            "enrolment.cancelled to participant, CANCEL of 2 at 1",
            "enrolment.offered to first",
        ),
        log=("enrolment.seat_released x2", "enrolment.cancelled", "calendar.withdrawn x2", *OFFERED),
        before=waiting.waiting,
    ),
    Change(
        "two seats more for two who wait",
        "office",
        waiting.give_seats(2),
        mails=("enrolment.offered to first", OFFER_TO_SECOND),
        log=("enrolment.capacity_changed x2", "enrolment.seats_offered x2"),
        before=waiting.waiting,
    ),
    Change(
        "a seat more for who waits with others",
        "office",
        waiting.give_seats(1),
        mails=("enrolment.offer_grown to first",),
        log=("enrolment.capacity_changed x2", *OFFERED),
        before=waiting.group_waiting,
    ),
    Change(
        "accepting an offer",
        "visitor",
        waiting.accept("first"),
        mails=("enrolment.enrolled to first, REQUEST of 2 at 0",),
        log=(*CAME_IN, "enrolment.offer_accepted"),
        before=waiting.offered,
    ),
    Change(
        "accepting an offer for one of two",
        "visitor",
        waiting.accept("colleague"),
        mails=("enrolment.enrolled to colleague, REQUEST of 2 at 0",),
        log=("accounts.person_added", *CAME_IN, "enrolment.offer_accepted"),
        before=waiting.group_waiting,
    ),
    Change(
        "accepting an offer at its moment",
        "visitor",
        waiting.accept("first", late=True),
        before=waiting.offered,
        refused=True,
    ),
    Change(
        "accepting for more people than seats are held",
        "visitor",
        waiting.accept("first", "other"),
        before=waiting.offered,
        refused=True,
    ),
    Change(
        "declining an offer, which goes on",
        "visitor",
        waiting.decline,
        mails=("enrolment.offer_declined to first", OFFER_TO_SECOND),
        log=("enrolment.offer_declined", *OFFERED),
        before=waiting.offered,
    ),
    Change(
        "no answer to an offer, which goes on",
        "system",
        waiting.worker_lapses,
        mails=("enrolment.offer_lapsed to first", OFFER_TO_SECOND),
        log=("enrolment.offer_lapsed", *OFFERED),
        before=waiting.offered,
    ),
    Change(
        "cancelling an edition that people wait for",
        "office",
        deeds.cancel_edition,
        mails=(
            "calendar.trainer_edition_cancelled to trainer, CANCEL of 2 at 1, later",
            "enrolment.waiting_list_closed to first, later",
            "enrolment.waiting_list_closed to second, later",
        ),
        log=(
            "calendar.withdrawn x2",
            "enrolment.offer_withdrawn",
            "enrolment.waiting_list_left x2",
            "enrolment.edition_cancelled",
        ),
        before=waiting.offered,
    ),
    Change(
        "enrolling past one's own offer, which goes on",
        "visitor office",
        deeds.enrol("here", who="first@zorg.example"),
        mails=("enrolment.enrolled to first, REQUEST of 2 at 0", OFFER_TO_SECOND),
        log=(*CAME_IN, "enrolment.offer_withdrawn", "enrolment.waiting_list_left", *OFFERED),
        before=waiting.free_again,
    ),
    Change(
        "a place without a name on its last day",
        "system",
        waiting.worker_releases_places,
        mails=(
            "enrolment.places_released to contact",
            "enrolment.places_released_notice to bureau@leerkring.example",
            "enrolment.offered to first",
        ),
        log=("enrolment.places_released", *OFFERED),
        before=waiting.reserved_and_waiting,
    ),
)


@pytest.mark.parametrize(("change", "who"), lines_of(TABLE))
def test_exactly_this_is_sent_and_kept(scene: Scene, change: Change, who: str):
    require_exactly(scene, change, who)

"""Somebody's own code for a meeting of today, to read out or to have scanned at the door."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from portal.clock import local_date
from portal.documents.qr import qr_image
from portal.domain.attendance.door import own_letters, spaced
from portal.domain.enrolment.own_enrolments import OwnEnrolment, OwnMeeting
from portal.domain.enrolment.rules import EnrolmentState


@dataclass(frozen=True)
class OwnCode:
    """The six letters, spaced, and their QR code."""

    title: str
    meeting: OwnMeeting
    letters: str
    image: str


def codes_of_today(enrolments: Sequence[OwnEnrolment], now: datetime) -> list[OwnCode]:
    """One for each meeting of today that is not over."""
    return [
        _code(own, meeting)
        for own in enrolments
        if own.state == EnrolmentState.ENROLLED
        for meeting in own.meetings
        if local_date(meeting.starts_at) == local_date(now) and meeting.ends_at > now
    ]


def _code(own: OwnEnrolment, meeting: OwnMeeting) -> OwnCode:
    letters = own_letters(current_app.config["PORTAL"].secret_key, meeting.seat_id)
    return OwnCode(own.edition.title, meeting, spaced(letters), qr_image(letters))

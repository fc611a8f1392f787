"""Trainers in their own calendars: invited when an edition goes online or when they are asked to give a meeting, and
told when that changes. One mail for each deed and trainer."""

from collections.abc import Collection, Sequence
from datetime import datetime

from portal.audit import Actor
from portal.domain.accounts.queries import get_person
from portal.domain.calendar import mails
from portal.domain.calendar.commands import Renewal, invite, withdraw
from portal.domain.calendar.queries import list_coming_trainers, list_meetings, list_trainer_ids
from portal.domain.calendar.rules import Part
from portal.domain.catalogue import editions
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.catalogue.queries import get_row
from portal.domain.catalogue.rules import GIVEN


def invite_trainers(*, edition_id: int, actor: Actor, now: datetime) -> None:
    """Invites the trainers of an edition that goes online for what is still to come of it."""
    for person_id, meeting_ids in list_coming_trainers(edition_id, now).items():
        invitation = invite(person_id=person_id, meeting_ids=meeting_ids, part=Part.TRAINER, actor=actor, now=now)
        key = f"trainer_published:{edition_id}:{person_id}"
        mails.trainer_invited(get_person(person_id), list_meetings(meeting_ids), invitation, key=key, now=now)


def assign_trainers(*, meeting_id: int, trainer_ids: Collection[int], actor: Actor, now: datetime) -> None:
    """Says who gives a meeting; who comes is invited and who goes is told, when the edition is online and the meeting
    still to come. Raises what assigning raises."""
    before = list_trainer_ids(meeting_id)
    editions.assign_trainers(meeting_id=meeting_id, trainer_ids=trainer_ids, actor=actor, now=now)
    meeting = get_row(Meeting, meeting_id)
    if meeting.ends_at <= now or get_row(Edition, meeting.edition_id).state not in GIVEN:
        return
    (told,) = list_meetings([meeting_id])
    for person_id in sorted(before - set(trainer_ids)):
        gone = withdraw(person_id=person_id, meeting_ids=[meeting_id], part=Part.TRAINER, actor=actor, now=now)
        mails.trainer_released(get_person(person_id), told, gone, now=now)
    for person_id in sorted(set(trainer_ids) - before):
        invitation = invite(person_id=person_id, meeting_ids=[meeting_id], part=Part.TRAINER, actor=actor, now=now)
        key = f"trainer_assigned:{meeting_id}:{person_id}:{now.isoformat()}"
        mails.trainer_invited(get_person(person_id), [told], invitation, key=key, now=now)


def tell_of_move(*, meeting_id: int, renewals: Sequence[Renewal], now: datetime) -> None:
    """Mails their new invitation to those who give a meeting that was moved."""
    of_trainers = [renewal for renewal in renewals if renewal.part is Part.TRAINER]
    if of_trainers:
        (meeting,) = list_meetings([meeting_id])
        for renewal in of_trainers:
            person = get_person(renewal.person_id)
            mails.trainer_meeting_moved(person, meeting, renewal.sequence, renewal.invitation, now=now)


def withdraw_trainers(*, edition_id: int, actor: Actor, now: datetime) -> int:
    """Tells the trainers of an edition that will not be given, and takes their invitations back. Returns how many."""
    given_by = list_coming_trainers(edition_id, now)
    for person_id, meeting_ids in given_by.items():
        gone = withdraw(person_id=person_id, meeting_ids=meeting_ids, part=Part.TRAINER, actor=actor, now=now)
        mails.trainer_edition_cancelled(get_person(person_id), list_meetings(meeting_ids), gone, now=now)
    return len(given_by)

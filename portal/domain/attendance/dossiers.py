"""All that there is to know of one finished list, for who must be able to check it without us.

No excuse and no register number: who was there can be checked without."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.attendance.amendments import Amendment, list_amendments
from portal.domain.attendance.count_models import HeadCount
from portal.domain.attendance.evidence import Entrance, first_of_each, list_entrances
from portal.domain.attendance.models import AttendanceSheet, AttendanceTap
from portal.domain.attendance.paper_queries import PhotoRow, list_photos
from portal.domain.attendance.queries import MeetingHead, list_seat_rows, mark_of
from portal.domain.attendance.rules import Mark
from portal.domain.attendance.signed_lists import Signature, check_signature
from portal.domain.attendance.tap_rules import Answer
from portal.domain.catalogue.models import Meeting, Module
from portal.domain.enrolment.models import Enrolment, Seat
from portal.language import _


@dataclass(frozen=True)
class DossierRow:
    """One person. `signed`: the mark that was signed; `mark`: the one that holds now, since when and by whom.
    `came_in`: the first time that they did, where anything but the mark says so."""

    number: str
    name: str
    signed: Mark
    mark: Mark
    marked_at: datetime | None
    marked_by: str
    came_in: Entrance | None


@dataclass(frozen=True)
class TapRow:
    """A choice on a phone, also one that is not the mark. `tapped_at` None: the phone's clock could not tell."""

    tapped_at: datetime | None
    received_at: datetime
    by: str
    name: str
    mark: Mark
    answer: Answer


@dataclass(frozen=True)
class Dossier:
    """`rows` by name, `taps` in the order in which they came, `amendments` the newest first, `entrances` and `photos`
    the oldest first."""

    head: MeetingHead
    signature: Signature
    rows: Sequence[DossierRow]
    taps: Sequence[TapRow]
    amendments: Sequence[Amendment]
    entrances: Sequence[Entrance]
    photos: Sequence[PhotoRow]


@dataclass(frozen=True)
class SheetOfEdition:
    """A meeting of an edition and when its list was finished; None while it is not. `counted`: how many people were
    there, when they are counted only."""

    meeting_id: int
    position: int
    starts_at: datetime
    finished_at: datetime | None
    counted: int | None


def gather_dossier(head: MeetingHead) -> Dossier:
    """Of a finished list; NotFound of another. Ten queries, however many people, taps and amendments."""
    amendments = list_amendments(head.id)
    signature = check_signature(head.id, amendments)
    # The newest first: the last that is put here is the oldest.
    first = {one.seat_id: one.was for one in amendments}
    numbers = {
        row.id: row.number
        for row in db.session.execute(
            select(Seat.id, Enrolment.number)
            .join(Enrolment, Enrolment.id == Seat.enrolment_id)
            .where(Seat.meeting_id == head.id)
        )
    }
    listed = list_seat_rows(head.id)
    entrances = list_entrances(head.id, {row.seat_id: row.name for row in listed})
    came_in = first_of_each(entrances)
    rows = [
        DossierRow(
            number=numbers[row.seat_id],
            name=row.name,
            signed=first.get(row.seat_id, row.mark),
            mark=row.mark,
            marked_at=row.marked_at,
            marked_by=row.marked_by or "",
            came_in=came_in.get(row.seat_id),
        )
        for row in listed
    ]
    return Dossier(head, signature, rows, _taps(head.id), amendments, entrances, list_photos(head.id))


def list_sheets(edition_id: int) -> list[SheetOfEdition]:
    """The meetings of an edition in order of time, with when their lists were finished. One query."""
    rows = db.session.execute(
        select(Meeting.id, Module.position, Meeting.starts_at, AttendanceSheet.finished_at, HeadCount.people)
        .join(Module, Module.id == Meeting.module_id)
        .outerjoin(HeadCount, HeadCount.meeting_id == Meeting.id)
        .outerjoin(AttendanceSheet, AttendanceSheet.meeting_id == Meeting.id)
        .where(Meeting.edition_id == edition_id)
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return [SheetOfEdition(*row) for row in rows]


def answer_in_words(answer: Answer) -> str:
    """What became of a choice on a phone, for who was not there."""
    why = {
        Answer.KEPT: _("overgenomen"),
        Answer.OLDER: _("niet overgenomen: iemand koos later iets anders"),
        Answer.FINISHED: _("niet overgenomen: de lijst was al afgerond"),
        Answer.EARLY: _("niet overgenomen: voor het begin gekozen"),
        Answer.INCOMPLETE: _("niet overgenomen: de minuten klopten niet"),
        Answer.CLOCK: _("niet overgenomen: de klok van de telefoon was veranderd"),
    }
    return str(why.get(answer, _("niet overgenomen")))


def _taps(meeting_id: int) -> list[TapRow]:
    tapper = aliased(Person)
    rows = db.session.execute(
        select(*AttendanceTap.__table__.columns, tapper.name.label("by"), Enrolment.participant_name)
        .join(tapper, tapper.id == AttendanceTap.person_id)
        .join(Seat, Seat.id == AttendanceTap.seat_id)
        .join(Enrolment, Enrolment.id == Seat.enrolment_id)
        .where(AttendanceTap.meeting_id == meeting_id)
        .order_by(AttendanceTap.received_at, AttendanceTap.tapped_at, AttendanceTap.key)
    )
    return [
        TapRow(row.tapped_at, row.received_at, row.by, row.participant_name, mark_of(row), Answer(row.answer))
        for row in rows
    ]

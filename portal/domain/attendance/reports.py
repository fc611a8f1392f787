"""Taking over the report of a meeting program: sent, asked about, and then put on the list by the trainer's hand.

A report is no mark. What it says is proposed; who keeps the list ticks what is taken over, and keeps the last word."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from portal import audit
from portal.audit import Actor
from portal.clock import local_date
from portal.db import db, transaction
from portal.documents.meeting_report import BadReport, MeetingReport, read_report
from portal.documents.unreadable import Unreadable
from portal.domain.attendance.access import keeper_id
from portal.domain.attendance.commands import Change, mark
from portal.domain.attendance.events import ReportForgotten, ReportSent, ReportTakenOver
from portal.domain.attendance.queries import MeetingHead, SeatRow, get_meeting_head
from portal.domain.attendance.report_models import AttendanceReport, PresenceInterval
from portal.domain.attendance.report_queries import Preview, SentReport, get_report, preview, visit_to_json
from portal.domain.attendance.report_rules import merged, spans
from portal.domain.attendance.report_words import flaws_in_words, other_meeting_in_words, unreadable_in_words
from portal.domain.attendance.rules import fingerprint
from portal.domain.catalogue.models import Meeting
from portal.domain.catalogue.queries import get_row
from portal.errors import Conflict, NotFound, Refused
from portal.language import _

LARGEST_FILE = 1_000_000
KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Tick:
    """What somebody takes over. `was` and `proposed`: the fingerprints of the marks that they saw."""

    seat_id: int
    was: str
    proposed: str


@dataclass(frozen=True)
class TakenOver:
    """`seat_ids` have a new mark. `clashes` have not: somebody else marked them after they were shown; `outdated`: what
    was proposed for them has changed since."""

    seat_ids: tuple[int, ...]
    clashes: tuple[SeatRow, ...]
    outdated: tuple[int, ...]


def send_report(*, meeting_id: int, data: bytes, actor: Actor, now: datetime) -> int:
    """Keeps what a report says, to look at it beside the list; no mark changes. The same file again is the same report.
    Returns its id.

    Refused (at `file`) when it is too large, cannot be read or is of another meeting, and while the meeting has not
    begun; Conflict when the list is finished."""
    head = _open_list(meeting_id, actor, now)
    report = _read(data, head)
    digest = hashlib.sha256(data).hexdigest()
    row = db.session.scalar(
        select(AttendanceReport).where(AttendanceReport.meeting_id == meeting_id, AttendanceReport.digest == digest)
    )
    if row is not None and row.is_kept:
        return row.id
    if row is None:
        row = AttendanceReport(meeting_id=meeting_id, digest=digest, source=report.source, answers={})
        db.session.add(row)
    row.visits, row.is_kept = [visit_to_json(visit) for visit in report.visits], True
    row.sent_at, row.sent_by_id = now, keeper_id(actor)
    db.session.flush()
    event = ReportSent(edition_id=head.edition_id, meeting_id=meeting_id, report_id=row.id, visits=len(row.visits))
    audit.record(event, actor=actor, at=now)
    return row.id


def answer(*, meeting_id: int, report_id: int, answers: Mapping[int, int], actor: Actor, now: datetime) -> None:
    """Keeps who is who in a report, by its key: a seat, or NOBODY. Errors: as send_report; NotFound."""
    _open_list(meeting_id, actor, now)
    report = get_report(meeting_id, report_id)
    _require_kept(report)
    kept = {str(key): seat_id for key, seat_id in {**report.answers, **answers}.items()}
    db.session.execute(update(AttendanceReport).where(AttendanceReport.id == report_id).values(answers=kept))


def take_over(*, meeting_id: int, report_id: int, ticks: Sequence[Tick], actor: Actor, now: datetime) -> TakenOver:
    """Puts the proposed marks on the list for whom they were ticked, and keeps as evidence when everybody was in. What
    is so already changes nothing, and is not noted again.

    Unless something clashed, the report itself is forgotten: it names people who are on no list. Errors: as mark;
    Conflict when it was forgotten; NotFound."""
    head = _open_list(meeting_id, actor, now)
    report = get_report(meeting_id, report_id)
    _require_kept(report)
    seen = preview(head, report)
    changes, outdated = _changes(seen, ticks)
    done = mark(meeting_id=meeting_id, changes=changes, actor=actor, now=now)
    intervals = _keep_evidence(seen)
    new = {"taken_over_at": now, "taken_over_by_id": keeper_id(actor)}
    if not (done.clashes or outdated):
        new |= {"visits": [], "answers": {}, "is_kept": False}
    db.session.execute(update(AttendanceReport).where(AttendanceReport.id == report_id).values(**new))
    if done.seat_ids or intervals or report.taken_over_at is None:
        event = ReportTakenOver(
            edition_id=head.edition_id,
            meeting_id=meeting_id,
            report_id=report_id,
            marks=len(done.seat_ids),
            people=sum(bool(proposal.people) for proposal in seen.proposals),
        )
        audit.record(event, actor=actor, at=now)
    return TakenOver(done.seat_ids, done.clashes, outdated)


def forget_reports(now: datetime) -> int:
    """Empties reports that nobody took over for a week; returns how many. For the worker: it opens a transaction of its
    own when there are any."""
    due = (AttendanceReport.is_kept, AttendanceReport.sent_at <= now - KEPT_FOR)
    if db.session.scalar(select(AttendanceReport.id).where(*due).limit(1)) is None:
        return 0
    with transaction():
        found = select(AttendanceReport).where(*due).order_by(AttendanceReport.id).with_for_update()
        gone = db.session.scalars(found.execution_options(populate_existing=True)).all()
        for row in gone:
            row.visits, row.answers, row.is_kept = [], {}, False
            edition_id = get_row(Meeting, row.meeting_id).edition_id
            event = ReportForgotten(edition_id=edition_id, meeting_id=row.meeting_id, report_id=row.id)
            audit.record(event, actor=Actor.system(), at=now)
    return len(gone)


def _open_list(meeting_id: int, actor: Actor, now: datetime) -> MeetingHead:
    """The meeting, held until the transaction ends; refused as marking is."""
    mark(meeting_id=meeting_id, changes=(), actor=actor, now=now)
    return get_meeting_head(meeting_id)


def _read(data: bytes, head: MeetingHead) -> MeetingReport:
    if len(data) > LARGEST_FILE:
        raise Refused(_("Dit bestand is groter dan 1 MB. Kies het verslag van één bijeenkomst."), "file")
    try:
        report = read_report(data, on=local_date(head.starts_at))
    except Unreadable as error:
        raise Refused(unreadable_in_words(), "file") from error
    except BadReport as error:
        raise Refused(flaws_in_words(error), "file") from error
    if not spans(report.visits, starts_at=head.starts_at, ends_at=head.ends_at):
        raise Refused(other_meeting_in_words(report.visits, head), "file")
    return report


def _require_kept(report: SentReport) -> None:
    if not report.is_kept:
        raise Conflict(_("Dit verslag is niet meer bewaard. Kies het bestand opnieuw."))


def _changes(seen: Preview, ticks: Sequence[Tick]) -> tuple[list[Change], tuple[int, ...]]:
    """What was ticked as changes of marks; and the seats for which something else is proposed by now. NotFound for a
    seat that is not on the list."""
    changes, outdated = [], []
    for tick in ticks:
        proposal = seen.of(tick.seat_id)
        if proposal is None:
            raise NotFound
        if proposal.undecided or fingerprint(proposal.mark) != tick.proposed:
            outdated.append(tick.seat_id)
        else:
            changes.append(Change(tick.seat_id, tick.was, proposal.mark))
    return changes, tuple(outdated)


def _keep_evidence(seen: Preview) -> bool:
    """Keeps when everybody was in by this report, in place of what was kept of it before; whether that is different."""
    of_report = PresenceInterval.report_id == seen.report.id
    columns = (PresenceInterval.seat_id, PresenceInterval.from_at, PresenceInterval.until_at)
    before = {tuple(row) for row in db.session.execute(select(*columns).where(of_report))}
    now = {
        (proposal.row.seat_id, *interval)
        for proposal in seen.proposals
        for interval in merged(visit for person in proposal.people for visit in person.visits)
    }
    if now == before:
        return False
    db.session.execute(delete(PresenceInterval).where(of_report))
    names = ("report_id", "seat_id", "from_at", "until_at")
    rows = [dict(zip(names, (seen.report.id, *interval), strict=True)) for interval in sorted(now)]
    if rows:
        db.session.execute(insert(PresenceInterval), rows)
    return True

"""Marking, finishing and amending a meeting's list.

Every command first locks the meeting's row, so that two people who save at once come one after the other and the
second sees what the first did. What also changes enrolments locks those before, in the order in which cancelling does,
so that the two cannot wait for one another. SQLite's transaction holds the only write lock anyway."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from portal import audit
from portal.audit import Actor, Private
from portal.db import db
from portal.domain.accounts.queries import get_person
from portal.domain.attendance.access import keeper_id
from portal.domain.attendance.amendments import keep_amendment
from portal.domain.attendance.events import AttendanceAmended, AttendanceMarked, SheetFinished
from portal.domain.attendance.models import Attendance, AttendanceSheet
from portal.domain.attendance.queries import (
    MeetingHead,
    SeatRow,
    get_meeting_head,
    get_seat_row,
    list_open_names,
    list_seat_rows,
)
from portal.domain.attendance.rules import (
    ATTENDED,
    LONGEST_REASON,
    ListState,
    Mark,
    Status,
    fingerprint,
    in_short,
    problem_in_words,
    problem_of,
    same_name,
    status_in_words,
    tidy,
)
from portal.domain.attendance.seats_in_force import list_in_force
from portal.domain.attendance.signed_lists import sign
from portal.domain.catalogue.models import Meeting
from portal.domain.enrolment.commands import complete_enrolment, reopen_enrolment
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.rules import EnrolmentState
from portal.domain.enrolment.seats import require_names
from portal.errors import Conflict, NotFound, Refused
from portal.language import _, _n, clock_time, moment

MOST_NAMES = 5


@dataclass(frozen=True)
class Change:
    """What somebody wants a seat's mark to be. `was`: the fingerprint of the mark that they saw."""

    seat_id: int
    was: str
    mark: Mark


@dataclass(frozen=True)
class Marked:
    """`seat_ids` were changed. `clashes` were not: somebody else marked them after they were shown."""

    seat_ids: tuple[int, ...]
    clashes: tuple[SeatRow, ...]


def mark(*, meeting_id: int, changes: Sequence[Change], actor: Actor, now: datetime) -> Marked:
    """Keeps the marks that differ from what was shown, save those that somebody else has changed meanwhile.

    The number of queries does not depend on the number of people. Refused before the meeting begins, when a mark is
    not complete, and (Conflict) when the list was finished; NotFound for a seat of another meeting."""
    head = lock_list(meeting_id)
    _refuse_unless_open(head, now)
    rows = {row.seat_id: row for row in list_seat_rows(meeting_id)}
    changed: list[tuple[SeatRow, Mark]] = []
    clashes: list[SeatRow] = []
    for change in changes:
        if change.seat_id not in rows:
            raise NotFound
        row, wanted = rows[change.seat_id], _complete(change.mark, rows[change.seat_id], head)
        if fingerprint(wanted) in (change.was, fingerprint(row.mark)):
            continue
        if fingerprint(row.mark) != change.was:
            clashes.append(row)
        else:
            changed.append((row, wanted))
    _store(head, changed, actor=actor, now=now)
    return Marked(tuple(row.seat_id for row, _mark in changed), tuple(clashes))


def mark_rest_present(*, meeting_id: int, actor: Actor, now: datetime) -> tuple[int, ...]:
    """Marks everybody present who is not marked yet. Returns their seats, for take_back."""
    head = lock_list(meeting_id)
    _refuse_unless_open(head, now)
    rest = [row for row in list_seat_rows(meeting_id) if row.mark.status is None]
    _store(head, [(row, replace(row.mark, status=Status.PRESENT)) for row in rest], actor=actor, now=now)
    return tuple(row.seat_id for row in rest)


def take_back(*, meeting_id: int, seat_ids: Sequence[int], actor: Actor, now: datetime) -> tuple[int, ...]:
    """Undoes mark_rest_present: these seats are not marked again, save those that were changed since. Returns the
    seats that it undid."""
    head = lock_list(meeting_id)
    _refuse_unless_open(head, now)
    wanted = set(seat_ids)
    still = [row for row in list_seat_rows(meeting_id) if row.seat_id in wanted and row.mark.status == Status.PRESENT]
    _store(head, [(row, replace(row.mark, status=None)) for row in still], actor=actor, now=now)
    return tuple(row.seat_id for row in still)


def finish(*, meeting_id: int, signed_name: str, actor: Actor, now: datetime) -> list[int]:
    """Locks the list, signed with the typed name of who finishes it and with the hash of its marks, and completes the
    enrolments of whom this was the last meeting. Returns the enrolments on the list.

    Refused before the meeting's end, while somebody is not marked (names them) or when the name is not the actor's
    own; Conflict when it was finished before."""
    _lock_enrolments(meeting_id)
    head = lock_list(meeting_id)
    _refuse_unless_open(head, now)
    _refuse_unless_over(head, now)
    rows = list_seat_rows(meeting_id)
    _refuse_open_rows(list_open_names(rows))
    signer = get_person(keeper_id(actor))
    if not same_name(signed_name, signer.name):
        raise Refused(_("Vul je naam in zoals we die kennen: %(name)s.", name=signer.name), field="signed_name")
    sheet = AttendanceSheet(meeting_id=meeting_id, finished_at=now, finished_by_id=signer.id, signed_name=signed_name)
    db.session.add(sheet)
    db.session.flush()
    attended = sum(row.mark.status in ATTENDED for row in rows)
    audit.record(
        SheetFinished(head.edition_id, meeting_id, people=len(rows), attended=attended, sha256=sign(sheet)),
        actor=actor,
        at=now,
    )
    enrolment_ids = [row.enrolment_id for row in rows]
    complete_or_reopen(enrolment_ids, actor=actor, now=now)
    return enrolment_ids


def amend(
    *, meeting_id: int, seat_id: int, was: str, wanted: Mark, reason: str, actor: Actor, now: datetime
) -> int | None:
    """Changes a mark of a finished list, for a reason that is kept with the mark before and after, in the list's
    amendments and in the audit log.

    Returns the enrolment, or None when the mark was the same already. Refused without a reason; Conflict when somebody
    else changed it meanwhile or the list is not finished; NotFound for a seat of another meeting."""
    _lock_enrolments(meeting_id)
    head = lock_list(meeting_id)
    if head.state(now) != ListState.FINISHED:
        raise Conflict(_("Deze lijst is nog niet afgerond. Pas de presentie op de lijst zelf aan."))
    row = get_seat_row(meeting_id, seat_id)
    require_reason(reason)
    wanted = _complete(wanted, row, head)
    if wanted.status is None:
        raise Refused(_("Kies of %(name)s er was.", name=row.name), field="status")
    if fingerprint(wanted) == fingerprint(row.mark):
        return None
    if fingerprint(row.mark) != was:
        raise Conflict(clash_in_words(row))
    keep_amendment(
        meeting_id=meeting_id, seat_id=seat_id, wanted=wanted, reason=reason, person_id=keeper_id(actor), now=now
    )
    write([(row, wanted)], actor=actor, at=now)
    audit.record(
        AttendanceAmended(
            edition_id=head.edition_id,
            meeting_id=meeting_id,
            enrolment_id=row.enrolment_id,
            before=in_short(row.mark),
            after=in_short(wanted),
            reason=Private(reason),
        ),
        actor=actor,
        at=now,
    )
    complete_or_reopen([row.enrolment_id], actor=actor, now=now)
    return row.enrolment_id


def require_reason(reason: str) -> None:
    """What was signed changes for a reason: Refused without one, or for one that is too long to keep."""
    if not reason or len(reason) > LONGEST_REASON:
        raise Refused(
            _("Vul in waarom je dit wijzigt, in hooguit %(most)s tekens.", most=LONGEST_REASON), field="reason"
        )


def clash_in_words(row: SeatRow) -> str:
    """'Noor zette Amira om 09.41 op Te laat. ...': what somebody else did, and what to do now."""
    return str(
        _(
            "%(marker)s zette %(name)s om %(time)s op %(status)s. Bewaar nog eens als jouw keuze klopt.",
            marker=row.marked_by,
            name=row.name,
            time=clock_time(row.marked_at) if row.marked_at else "",
            status=status_in_words(row.mark.status),
        )
    )


def _lock_enrolments(meeting_id: int) -> None:
    db.session.execute(
        select(Enrolment.id)
        .join(Seat, Seat.enrolment_id == Enrolment.id)
        .where(Seat.meeting_id == meeting_id, Seat.released_at.is_(None))
        .order_by(Enrolment.id)
        .with_for_update(key_share=True, of=Enrolment)
    )


def lock_list(meeting_id: int) -> MeetingHead:
    """Makes everybody else who wants to change this meeting's list wait. NotFound when there is no such meeting,
    Refused when its people are counted only, so that it has no list."""
    # Key share: whoever books a seat meanwhile only needs the meeting to exist and does not wait.
    db.session.execute(select(Meeting.id).where(Meeting.id == meeting_id).with_for_update(key_share=True))
    head = get_meeting_head(meeting_id)
    require_names(head.counted_only)
    return head


def _refuse_unless_open(head: MeetingHead, now: datetime) -> None:
    state = head.state(now)
    if state == ListState.AHEAD:
        begins = moment(head.starts_at)
        raise Refused(_("Deze bijeenkomst begint %(moment)s. Daarna kun je de presentie invullen.", moment=begins))
    if state == ListState.FINISHED:
        raise Conflict(_("Deze lijst is al afgerond. Wijzigen kan per persoon, met een reden."))


def _refuse_unless_over(head: MeetingHead, now: datetime) -> None:
    if not head.is_over(now):
        ends = clock_time(head.ends_at)
        raise Refused(_("Je kunt afronden vanaf %(time)s uur, als de bijeenkomst voorbij is.", time=ends))


def _refuse_open_rows(names: list[str]) -> None:
    if not names:
        return
    shown = ", ".join(names[:MOST_NAMES])
    if len(names) > MOST_NAMES:
        shown = _("%(names)s en nog %(more)s", names=shown, more=len(names) - MOST_NAMES)
    raise Refused(
        _n(
            "Nog %(num)s persoon is niet ingevuld: %(names)s.",
            "Nog %(num)s mensen zijn niet ingevuld: %(names)s.",
            len(names),
            names=shown,
        )
    )


def _complete(wanted: Mark, row: SeatRow, head: MeetingHead) -> Mark:
    """The mark made tidy; Refused when it cannot be kept."""
    wanted = tidy(wanted)
    if not head.preparation:
        wanted = replace(wanted, preparation_done=False)
    problem = problem_of(wanted, lasts_minutes=head.lasts_minutes)
    if problem:
        raise Refused(problem_in_words(problem, row.name))
    return wanted


def _store(head: MeetingHead, changed: list[tuple[SeatRow, Mark]], *, actor: Actor, now: datetime) -> None:
    write(changed, actor=actor, at=now)
    for row, wanted in changed:
        audit.record(
            AttendanceMarked(
                edition_id=head.edition_id,
                meeting_id=head.id,
                enrolment_id=row.enrolment_id,
                before=in_short(row.mark),
                after=in_short(wanted),
            ),
            actor=actor,
            at=now,
        )


def write(changed: Sequence[tuple[SeatRow, Mark]], *, actor: Actor, at: datetime) -> None:
    """Stores these marks as of an instant, and nothing else; who calls this notes it in the log."""
    write_each([(row, wanted, at) for row, wanted in changed], actor=actor)


def write_each(changed: Sequence[tuple[SeatRow, Mark, datetime]], *, actor: Actor) -> None:
    """The same for marks that each have an instant of their own. Two statements at most."""
    marker = keeper_id(actor)
    new: list[dict[str, Any]] = []
    old: list[dict[str, Any]] = []
    for row, wanted, at in changed:
        columns = {"seat_id": row.seat_id, **_columns(wanted), "marked_at": at, "marked_by_id": marker}
        (new if row.marked_at is None else old).append(columns)
    if new:
        db.session.execute(insert(Attendance), new)
    if old:
        db.session.execute(update(Attendance), old)


def _columns(wanted: Mark) -> dict[str, Any]:
    return {
        "status": wanted.status,
        "minutes_late": wanted.minutes_late,
        "minutes_left_early": wanted.minutes_left_early,
        "excuse": wanted.excuse,
        "preparation_done": wanted.preparation_done,
    }


def complete_or_reopen(enrolment_ids: Sequence[int], *, actor: Actor, now: datetime) -> None:
    """Completes who attended every module of theirs, all on finished lists; reopens who was completed and no longer
    is. Each module is attended wherever it was taken or made up."""
    for enrolment_id, found in sorted(list_in_force(Enrolment.id.in_(enrolment_ids)).items()):
        if found.state == EnrolmentState.ENROLLED and found.attended_all:
            complete_enrolment(enrolment_id=enrolment_id, on=found.last_on, actor=actor, now=now)
        if found.state == EnrolmentState.COMPLETED and not found.attended_all:
            reopen_enrolment(enrolment_id=enrolment_id, actor=actor, now=now)

"""The list that was signed on paper, as evidence: its photos, and comparing them with the digital list.

Every command first locks the meeting's row, as those that keep the list do. Photos may be added after the list was
finished, since that is when the paper is at hand; the list itself changes only by its own commands."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from portal import audit
from portal.audit import Actor, Private
from portal.db import db
from portal.documents.photo import Photo
from portal.domain.attendance.access import keeper_id
from portal.domain.attendance.commands import lock_list
from portal.domain.attendance.paper_events import (
    PaperCompared,
    PaperExtraNoted,
    PaperPhotoAdded,
    PaperPhotoWithdrawn,
)
from portal.domain.attendance.paper_models import PaperCheck, PaperExtra, PaperPhoto
from portal.domain.attendance.paper_queries import find_extra, list_compared
from portal.domain.attendance.paper_rules import (
    LONGEST_NOTE,
    MOST_EXTRA,
    MOST_PHOTOS,
    Check,
    Compared,
    Extra,
    check_fingerprint,
)
from portal.domain.attendance.queries import MeetingHead
from portal.domain.attendance.rules import LONGEST_REASON, ListState
from portal.errors import Conflict, NotFound, Refused
from portal.language import _, moment


@dataclass(frozen=True)
class Found:
    """What somebody found for a seat. `was`: the fingerprint of what they saw that was found before; `mark`: that of
    the mark that they compared the paper with."""

    seat_id: int
    was: str
    mark: str
    check: Check


def add_photo(*, meeting_id: int, photo: Photo, actor: Actor, now: datetime) -> int:
    """Keeps a photo of the signed list; its number. The same photo twice is kept once.

    Refused before the meeting begins, when nobody can have signed yet, and when there are `MOST_PHOTOS`; NotFound."""
    head = lock_list(meeting_id)
    if head.state(now) == ListState.AHEAD:
        raise Refused(
            _("Deze bijeenkomst begint %(moment)s. Daarna kun je een foto toevoegen.", moment=moment(head.starts_at))
        )
    sha256 = hashlib.sha256(photo.jpeg).hexdigest()
    shown = (PaperPhoto.meeting_id == meeting_id, PaperPhoto.withdrawn_at.is_(None))
    known = db.session.scalar(select(PaperPhoto.id).where(*shown, PaperPhoto.sha256 == sha256))
    if known is not None:
        return known
    if (db.session.scalar(select(func.count(PaperPhoto.id)).where(*shown)) or 0) >= MOST_PHOTOS:
        raise Refused(_("Er staan al %(most)s foto's bij deze lijst. Trek er eerst een in.", most=MOST_PHOTOS), "photo")
    row = PaperPhoto(
        meeting_id=meeting_id,
        jpeg=photo.jpeg,
        sha256=sha256,
        width=photo.width,
        height=photo.height,
        added_at=now,
        added_by_id=keeper_id(actor),
    )
    db.session.add(row)
    db.session.flush()
    happened = PaperPhotoAdded(edition_id=head.edition_id, meeting_id=meeting_id, paper_photo_id=row.id, sha256=sha256)
    audit.record(happened, actor=actor, at=now)
    return row.id


def withdraw_photo(*, meeting_id: int, photo_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Shows a photo to nobody any more, for a reason that the log keeps; its bytes stay for as long as the presence
    that it may prove. Refused without a reason; NotFound for another meeting's, or one that was withdrawn."""
    head = lock_list(meeting_id)
    if not reason or len(reason) > LONGEST_REASON:
        raise Refused(
            _("Vul in waarom je deze foto intrekt, in hooguit %(most)s tekens.", most=LONGEST_REASON), "reason"
        )
    withdrawn = db.session.execute(
        update(PaperPhoto)
        .where(PaperPhoto.id == photo_id, PaperPhoto.meeting_id == meeting_id, PaperPhoto.withdrawn_at.is_(None))
        .values(withdrawn_at=now, withdrawn_by_id=keeper_id(actor))
    )
    if withdrawn.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound
    happened = PaperPhotoWithdrawn(
        edition_id=head.edition_id, meeting_id=meeting_id, paper_photo_id=photo_id, reason=Private(reason)
    )
    audit.record(happened, actor=actor, at=now)


def compare(
    *, meeting_id: int, found: Sequence[Found], extra: Extra, extra_was: str, actor: Actor, now: datetime
) -> None:
    """Keeps what somebody found on the paper, as far as it differs from what was found before.

    Refused when a note has no choice beside it or is too long, and for an impossible number of people; Conflict, naming
    them, when somebody else meanwhile found something else; NotFound for a seat of another meeting."""
    head = lock_list(meeting_id)
    _require_photo(meeting_id)
    rows = {row.seat_id: row for row in list_compared(meeting_id)}
    changed: list[tuple[Compared, Found]] = []
    clashes: list[str] = []
    for one in found:
        if one.seat_id not in rows:
            raise NotFound
        row = rows[one.seat_id]
        _require_sayable(one.check, row.name)
        if one.check == row.holds or check_fingerprint(one.check) == one.was:
            continue
        if check_fingerprint(row.holds) != one.was:
            clashes.append(row.name)
        changed.append((row, one))
    known = find_extra(meeting_id)
    _require_possible(extra)
    if check_fingerprint(extra) == extra_was:
        extra = known
    if extra != known and check_fingerprint(known) != extra_was:
        clashes.append(str(_("alleen op papier")))
    if clashes:
        names = ", ".join(clashes)
        raise Conflict(
            _("Iemand anders vulde intussen iets in bij: %(names)s. Bewaar nog eens als jouw keuze klopt.", names=names)
        )
    _store(head, changed, actor=actor, now=now)
    _store_extra(head, known, extra, actor=actor, now=now)


def _require_photo(meeting_id: int) -> None:
    shown = select(PaperPhoto.id).where(PaperPhoto.meeting_id == meeting_id, PaperPhoto.withdrawn_at.is_(None))
    if db.session.scalar(shown.limit(1)) is None:
        raise Refused(_("Voeg eerst een foto van de getekende lijst toe."))


def _require_sayable(check: Check, name: str) -> None:
    if check.note and check.on_paper is None:
        raise Refused(_("Kies bij %(name)s wat er op papier staat.", name=name))
    if len(check.note) > LONGEST_NOTE:
        raise Refused(
            _("Houd de toelichting bij %(name)s korter: hooguit %(most)s tekens.", name=name, most=LONGEST_NOTE)
        )


def _require_possible(extra: Extra) -> None:
    if not 0 <= extra.people <= MOST_EXTRA:
        raise Refused(_("Vul een aantal in van 0 tot en met %(most)s.", most=MOST_EXTRA), "extra_people")
    if len(extra.note) > LONGEST_NOTE:
        raise Refused(_("Houd de toelichting korter: hooguit %(most)s tekens.", most=LONGEST_NOTE), "extra_note")


def _store(head: MeetingHead, changed: Sequence[tuple[Compared, Found]], *, actor: Actor, now: datetime) -> None:
    by = {"checked_at": now, "checked_by_id": keeper_id(actor)}
    new: list[dict[str, Any]] = []
    old: list[dict[str, Any]] = []
    for row, one in changed:
        if one.check.on_paper is None:
            continue
        columns = {"outcome": one.check.on_paper, "note": one.check.note, "compared_with": one.mark}
        (new if row.checked_at is None else old).append({"seat_id": row.seat_id, **columns, **by})
        happened = PaperCompared(
            edition_id=head.edition_id,
            meeting_id=head.id,
            enrolment_id=row.enrolment_id,
            before=row.holds.on_paper or "open",
            after=one.check.on_paper,
        )
        audit.record(happened, actor=actor, at=now)
    if new:
        db.session.execute(insert(PaperCheck), new)
    if old:
        db.session.execute(update(PaperCheck), old)


def _store_extra(head: MeetingHead, known: Extra, extra: Extra, *, actor: Actor, now: datetime) -> None:
    if extra == known:
        return
    db.session.merge(
        PaperExtra(
            meeting_id=head.id,
            people=extra.people,
            note=extra.note,
            noted_at=now,
            noted_by_id=keeper_id(actor),
        )
    )
    db.session.flush()
    happened = PaperExtraNoted(edition_id=head.edition_id, meeting_id=head.id, before=known.people, people=extra.people)
    audit.record(happened, actor=actor, at=now)

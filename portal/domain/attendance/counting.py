"""Groups that are counted only: of whom the foundation may not know who they are, as in a prison.

Nobody enrols in such an edition (enrolment.seats refuses every way in), so its meetings have no list. Whoever gives one
counts, and signs the number as a list is signed; afterwards it changes only with a reason. No points, no certificates
and no mail follow: there is nobody to give them to (source: the foundation's privacy rule)."""

from datetime import datetime

from sqlalchemy import select, update

from portal import audit
from portal.audit import Actor, Private
from portal.db import db
from portal.domain.accounts.queries import get_person
from portal.domain.attendance.access import keeper_id
from portal.domain.attendance.commands import require_reason
from portal.domain.attendance.count_events import CountAmended, PeopleCounted
from portal.domain.attendance.count_models import HeadCount
from portal.domain.attendance.models import AttendanceSheet
from portal.domain.attendance.queries import MeetingHead, get_meeting_head
from portal.domain.attendance.rules import ListState, same_name
from portal.domain.attendance.signed_counts import sign_number
from portal.domain.catalogue.models import Edition, Meeting
from portal.errors import Conflict, NotFound, Refused
from portal.language import _, clock_time

MOST_PEOPLE = 500


def sign_count(*, meeting_id: int, people: int, signed_name: str, actor: Actor, now: datetime) -> None:
    """Keeps how many people were in a meeting, signed with the typed name of who counted.

    Refused before the meeting's end, for an impossible number, or when the name is not the actor's own; Conflict when
    it was signed before; NotFound for a meeting with a list by name."""
    head = _lock(meeting_id)
    if head.state(now) == ListState.FINISHED:
        raise Conflict(_("Dit aantal is al getekend. Wijzigen kan nog, met een reden."))
    if not head.is_over(now):
        ends = clock_time(head.ends_at)
        raise Refused(_("Je kunt tellen en tekenen vanaf %(time)s uur, als de bijeenkomst voorbij is.", time=ends))
    _require_possible(people)
    signer = get_person(keeper_id(actor))
    if not same_name(signed_name, signer.name):
        raise Refused(_("Vul je naam in zoals we die kennen: %(name)s.", name=signer.name), field="signed_name")
    sheet = AttendanceSheet(meeting_id=meeting_id, finished_at=now, finished_by_id=signer.id, signed_name=signed_name)
    db.session.add_all(
        (HeadCount(meeting_id=meeting_id, people=people, counted_at=now, counted_by_id=signer.id), sheet)
    )
    db.session.flush()
    sha256 = sign_number(sheet, people)
    happened = PeopleCounted(edition_id=head.edition_id, meeting_id=meeting_id, people=people, sha256=sha256)
    audit.record(happened, actor=actor, at=now)


def amend_count(*, meeting_id: int, was: int, people: int, reason: str, actor: Actor, now: datetime) -> None:
    """Changes a signed number, for a reason that the log keeps with the number before and after. `was`: what the actor
    saw. The same number changes nothing.

    Refused without a reason or for an impossible number; Conflict when somebody else changed it meanwhile, or nothing
    was signed yet; NotFound for a meeting with a list by name."""
    head = _lock(meeting_id)
    known = find_count(meeting_id)
    if known is None:
        raise Conflict(_("Er is nog niets geteld en getekend."))
    _require_possible(people)
    require_reason(reason)
    if people == known:
        return
    if known != was:
        raise Conflict(
            _(
                "Iemand anders zette het aantal intussen op %(known)s. Bewaar nog eens als jouw getal klopt.",
                known=known,
            )
        )
    db.session.execute(
        update(HeadCount)
        .where(HeadCount.meeting_id == meeting_id)
        .values(people=people, counted_at=now, counted_by_id=keeper_id(actor))
    )
    happened = CountAmended(
        edition_id=head.edition_id, meeting_id=meeting_id, before=known, people=people, reason=Private(reason)
    )
    audit.record(happened, actor=actor, at=now)


def find_count(meeting_id: int) -> int | None:
    """How many people were counted; None when nobody signed a number yet. One query."""
    return db.session.scalar(select(HeadCount.people).where(HeadCount.meeting_id == meeting_id))


def list_counts(edition_id: int) -> dict[int, int] | None:
    """What was counted in an edition, by meeting, as far as it was signed; None for an edition with lists by name.
    Two queries at most."""
    if not db.session.scalar(select(Edition.counted_only).where(Edition.id == edition_id)):
        return None
    rows = db.session.execute(
        select(HeadCount.meeting_id, HeadCount.people)
        .join(Meeting, Meeting.id == HeadCount.meeting_id)
        .where(Meeting.edition_id == edition_id)
    )
    return {row.meeting_id: row.people for row in rows}


def _lock(meeting_id: int) -> MeetingHead:
    """Makes everybody else who wants to sign or change this number wait."""
    db.session.execute(select(Meeting.id).where(Meeting.id == meeting_id).with_for_update(key_share=True))
    head = get_meeting_head(meeting_id)
    if not head.counted_only:
        raise NotFound
    return head


def _require_possible(people: int) -> None:
    if not 0 <= people <= MOST_PEOPLE:
        raise Refused(_("Vul een aantal in van 0 tot en met %(most)s.", most=MOST_PEOPLE), field="people")

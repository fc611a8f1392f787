"""Settling points, and the two verbs of the trainer that points follow from."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, insert, select

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.domain.accreditation.events import PointsSettled
from portal.domain.accreditation.models import PointAward
from portal.domain.accreditation.queries import EnrolmentInCourse, list_awards, load_participations
from portal.domain.accreditation.reasons import Verdict
from portal.domain.accreditation.rules import RULE_VERSION, Award, decide
from portal.domain.accreditation.telling import tell_corrected, tell_missed
from portal.domain.attendance import commands as attendance
from portal.domain.attendance.rules import Mark
from portal.domain.enrolment.models import Enrolment


def finish_sheet(*, meeting_id: int, signed_name: str, actor: Actor, now: datetime) -> None:
    """Finishes a meeting's list, settles the points of everybody on it, and mails who was not there what that means.
    Errors: as attendance.finish."""
    enrolment_ids = attendance.finish(meeting_id=meeting_id, signed_name=signed_name, actor=actor, now=now)
    _settle(enrolment_ids, actor=actor, now=now)
    tell_missed(meeting_id, now)


def amend_mark(
    *, meeting_id: int, seat_id: int, was: str, wanted: Mark, reason: str, actor: Actor, now: datetime
) -> None:
    """Changes a mark of a finished list and settles that person's points anew; they hear of it when it makes them
    absent, or makes them there after all. Errors: as attendance.amend."""
    enrolment_id = attendance.amend(
        meeting_id=meeting_id, seat_id=seat_id, was=was, wanted=wanted, reason=reason, actor=actor, now=now
    )
    if enrolment_id is not None:
        _settle([enrolment_id], actor=actor, now=now)
        tell_corrected(meeting_id, enrolment_id, now)


def settle_points(*, enrolment_id: int, actor: Actor, now: datetime) -> None:
    """Works out the points of an enrolment and keeps what is decided, in place of what was kept before.

    A second time changes nothing and notes nothing. What still waits is not kept."""
    _settle([enrolment_id], actor=actor, now=now)


def _settle(enrolment_ids: Collection[int], *, actor: Actor, now: datetime) -> None:
    # Two meetings of one enrolment may be finished at once: the second waits here and sees all that the first did.
    locked = select(Enrolment.id).where(Enrolment.id.in_(enrolment_ids)).order_by(Enrolment.id)
    db.session.execute(locked.with_for_update(key_share=True))
    kept = list_awards(enrolment_ids)
    changed: dict[EnrolmentInCourse, list[Award]] = defaultdict(list)
    for enrolment, participation in load_participations(enrolment_ids, now).items():
        decided = [award for award in decide(participation) if award.verdict != Verdict.PENDING]
        if _by_subject(decided) != _by_subject(kept.get(enrolment.id, [])):
            changed[enrolment] = decided
    if not changed:
        return
    db.session.execute(delete(PointAward).where(PointAward.enrolment_id.in_([one.id for one in changed])))
    rows = [_row(enrolment, award, now) for enrolment, awards in changed.items() for award in awards]
    if rows:
        db.session.execute(insert(PointAward), rows)
    for enrolment, awards in changed.items():
        audit.record(
            PointsSettled(
                edition_id=enrolment.edition_id,
                enrolment_id=enrolment.id,
                rule_version=RULE_VERSION,
                awards=tuple(_in_short(award) for award in awards),
            ),
            actor=actor,
            at=now,
        )


def _by_subject(awards: Collection[Award]) -> dict[tuple[str, int | None], Award]:
    return {award.subject: award for award in awards}


def _row(enrolment: EnrolmentInCourse, award: Award, now: datetime) -> dict[str, object]:
    return {
        "enrolment_id": enrolment.id,
        "register_code": award.register,
        "module_id": award.module_id,
        "accreditation_id": award.accreditation_id,
        "points": award.points,
        "reason": award.reason,
        "facts": award.facts,
        "rule_version": RULE_VERSION,
        "decided_at": now,
    }


def _in_short(award: Award) -> str:
    what = f"module {award.module_id}" if award.module_id else "whole course"
    return f"{award.register}/{what}/{award.points} points/{award.reason}"

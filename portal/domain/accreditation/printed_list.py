"""What stands on the list of a meeting when it is printed: who comes, and the accreditations that hold on the day.

**Numbers on paper.** The sheet goes round the room, so whoever signs reads who else has which number. What an
accreditor needs of a number is on the digital list; the paper only has to let its holder see that it is the right one.
So the office sets how many of its last digits are printed (`Policy.paper_number_digits`, three), and only for registers
that grant points for this meeting (source: AVG article 5, no more data than the purpose asks)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from flask import current_app
from sqlalchemy import Row, select

from portal.clock import local_date
from portal.db import db
from portal.documents.attendance_list import ListedPerson, ListFacts
from portal.domain.accounts.models import Person, RegisterNumber
from portal.domain.accreditation.queries import list_grants
from portal.domain.accreditation.rules import Grant
from portal.domain.attendance.mark_words import mark_in_words
from portal.domain.attendance.queries import MeetingHead, SeatRow, list_seat_rows
from portal.domain.attendance.rules import ListState
from portal.domain.catalogue.models import Edition, MeetingTrainer
from portal.domain.enrolment.models import Enrolment, EnrolmentRegisterNumber
from portal.domain.enrolment.policy import current_policy
from portal.language import _, _n, moment
from portal.links import link


def gather_list(head: MeetingHead, *, language: str, now: datetime) -> ListFacts:
    """The facts of this meeting's list as it is now, with a link to its page in that language. Eight queries."""
    rows = list_seat_rows(head.id)
    on = local_date(head.starts_at)
    grants = _grants(head, on)
    finished = head.state(now) == ListState.FINISHED
    numbers = _numbers(rows, grants, current_policy(now).paper_number_digits)
    return ListFacts(
        number=f"PL-{on:%y}-{head.edition_id}-{head.module_position}",
        address=link(f"/bijeenkomsten/{head.id}/presentie", language),
        issuer=current_app.config["PORTAL"].issuer.name,
        course_title=head.course_title,
        module_position=head.module_position,
        module_title=head.module_title,
        starts_at=head.starts_at,
        ends_at=head.ends_at,
        contact_minutes=head.contact_minutes,
        venue=head.venue,
        trainers=_trainers(head.id),
        registers=tuple(_in_words(grant) for grant in grants),
        people=tuple(
            ListedPerson(
                name=row.name,
                organisation=row.employer,
                numbers=tuple(numbers[row.enrolment_id]),
                mark=mark_in_words(row.mark, preparation=False) if finished else "",
            )
            for row in rows
        ),
        printed_at=now,
        signed=_signed(head) if finished else "",
    )


def shown_digits(number: str, digits: int) -> str:
    """The last so many digits after an ellipsis; the whole number when it has no more, nothing for none."""
    if digits <= 0:
        return ""
    return number if len(number) <= digits else f"…{number[-digits:]}"


def _signed(head: MeetingHead) -> str:
    when = moment(head.finished_at) if head.finished_at else ""
    return str(_("Afgerond op %(moment)s en getekend door %(name)s.", moment=when, name=head.signed_name))


def _grants(head: MeetingHead, on: date) -> list[Grant]:
    """Those for this module and for the course as a whole that hold on the day, one a register and unit."""
    course_id = db.session.scalar(select(Edition.course_id).where(Edition.id == head.edition_id))
    found: dict[tuple[str, bool], Grant] = {}
    for grant in list_grants([course_id] if course_id else []).get(course_id or 0, []):
        if grant.module_id in (None, head.module_id) and grant.holds_on(on):
            key = (grant.register, grant.module_id is None)
            newest = max(found.get(key, grant), grant, key=lambda one: (one.valid_from or date.min, one.id))
            found[key] = newest
    return [found[key] for key in sorted(found)]


def _in_words(grant: Grant) -> str:
    points = _n("%(num)s punt", "%(num)s punten", grant.points)
    if grant.module_id is None:
        points = _("%(points)s voor de hele training", points=points)
    line = f"{grant.register}: {points}"
    return _("%(line)s, accreditatie-ID %(number)s", line=line, number=grant.number) if grant.number else line


def _numbers(rows: Sequence[SeatRow], grants: Sequence[Grant], digits: int) -> dict[int, list[str]]:
    """By enrolment: per register that grants points, what is shown of the number that was given with it, or else of the
    one in the person's profile."""
    codes = {grant.register for grant in grants}
    enrolment_ids = [row.enrolment_id for row in rows]
    known: dict[int, dict[str, str]] = defaultdict(dict)
    # The profile first, so that what was given with the enrolment comes over it.
    for one in (*_kept(enrolment_ids), *_given(enrolment_ids)):
        if one.register_code in codes:
            known[one.enrolment_id][one.register_code] = one.number
    return defaultdict(
        list,
        {
            enrolment_id: [f"{code} {shown_digits(number, digits)}".strip() for code, number in sorted(found.items())]
            for enrolment_id, found in known.items()
        },
    )


def _given(enrolment_ids: Sequence[int]) -> Sequence[Row[int, str, str]]:
    return db.session.execute(
        select(
            EnrolmentRegisterNumber.enrolment_id, EnrolmentRegisterNumber.register_code, EnrolmentRegisterNumber.number
        ).where(EnrolmentRegisterNumber.enrolment_id.in_(enrolment_ids))
    ).all()


def _kept(enrolment_ids: Sequence[int]) -> Sequence[Row[int, str, str]]:
    return db.session.execute(
        select(Enrolment.id.label("enrolment_id"), RegisterNumber.register_code, RegisterNumber.number)
        .join(RegisterNumber, RegisterNumber.person_id == Enrolment.person_id)
        .where(Enrolment.id.in_(enrolment_ids))
    ).all()


def _trainers(meeting_id: int) -> tuple[str, ...]:
    return tuple(
        db.session.scalars(
            select(Person.name)
            .join(MeetingTrainer, MeetingTrainer.person_id == Person.id)
            .where(MeetingTrainer.meeting_id == meeting_id)
            .order_by(Person.name, Person.id)
        )
    )

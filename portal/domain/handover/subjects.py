"""What counts now and what was told, as SQL: claims of the point awards beside the rows that were handed over."""

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, exists, func, null, or_, select, union

from portal.domain.accounts.models import RegisterNumber
from portal.domain.accreditation.models import PointAward
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.catalogue.rules import GIVEN
from portal.domain.enrolment.models import Enrolment, EnrolmentRegisterNumber
from portal.domain.handover.models import HandoverRow
from portal.domain.handover.rules import AT_THE_REGISTER, ON_THE_WAY, PER_EDITION, Told


def claims() -> Subquery:
    """For each thing that is told apart (a person's edition, or a dagdeel of theirs): the points that count.
    `subject` is the module, 0 for the edition."""
    module = case((PointAward.register_code.in_(PER_EDITION), null()), else_=PointAward.module_id)
    subject = func.coalesce(module, 0).label("subject")
    return (
        select(
            PointAward.register_code,
            Enrolment.edition_id,
            PointAward.enrolment_id,
            Enrolment.person_id,
            subject,
            func.sum(PointAward.points).label("points"),
        )
        .join(Enrolment, Enrolment.id == PointAward.enrolment_id)
        .where(PointAward.points > 0)
        .group_by(PointAward.register_code, Enrolment.edition_id, PointAward.enrolment_id, Enrolment.person_id, subject)
        .subquery("claims")
    )


def open_pairs() -> Select[str, int]:
    """(register, edition) of all in which a row waits for somebody, as rules.OPEN says, whatever of their dates."""
    return union(_with_claims(), _without_claims()).subquery("open_pairs").select()


def known_pairs() -> Select[str, int]:
    """(register, edition) of all in which something counts or was told."""
    claimed = claims()
    told = select(HandoverRow.register_code, Enrolment.edition_id).join(
        Enrolment, Enrolment.id == HandoverRow.enrolment_id
    )
    both = union(select(claimed.c.register_code, claimed.c.edition_id), told)
    return both.subquery("known_pairs").select()


def last_meetings() -> Subquery:
    """Every edition that is given, and when its last meeting ends."""
    return (
        select(Meeting.edition_id, func.max(Meeting.ends_at).label("ended_at"))
        .join(Edition, Edition.id == Meeting.edition_id)
        .where(Edition.state.in_(GIVEN))
        .group_by(Meeting.edition_id)
        .subquery("last_meetings")
    )


def _with_claims() -> Select[str, int]:
    claim = claims()
    told = HandoverRow
    same = and_(
        told.enrolment_id == claim.c.enrolment_id,
        told.register_code == claim.c.register_code,
        func.coalesce(told.module_id, 0) == claim.c.subject,
        told.superseded.is_(False),
    )
    has_number = or_(_given(claim).exists(), _kept(claim).exists())
    same_number = or_(
        _given(claim, EnrolmentRegisterNumber.number == told.number).exists(),
        _kept(claim, RegisterNumber.number == told.number).exists(),
    )
    at_the_register = told.state.in_(AT_THE_REGISTER)
    # In this order: nearly every row is settled with the number of its enrolment, and one look-up tells.
    changed = or_(told.points != claim.c.points, and_(~same_number, has_number))
    is_open = or_(
        told.state.in_([*ON_THE_WAY, Told.SENT]),
        and_(at_the_register, changed),
        and_(
            or_(told.id.is_(None), told.state.in_([Told.REFUSED, Told.WITHDRAWN, Told.GIVEN_UP]), told.again),
            has_number,
        ),
        and_(told.state == Told.LEFT, has_number, or_(told.points != claim.c.points, _fresh_number(claim))),
    )
    return select(claim.c.register_code, claim.c.edition_id).outerjoin(told, same).where(is_open)


def _without_claims() -> Select[str, int]:
    """What was handed over of people who have no points for it any more."""
    told = HandoverRow
    same = or_(
        told.register_code.in_(PER_EDITION), func.coalesce(PointAward.module_id, 0) == func.coalesce(told.module_id, 0)
    )
    counts = exists().where(
        PointAward.enrolment_id == told.enrolment_id,
        PointAward.register_code == told.register_code,
        PointAward.points > 0,
        same,
    )
    return (
        select(told.register_code, Enrolment.edition_id)
        .join(Enrolment, Enrolment.id == told.enrolment_id)
        .where(told.superseded.is_(False), told.state.in_([*AT_THE_REGISTER, *ON_THE_WAY]), ~counts)
    )


def _given(claim: Subquery, *further: ColumnElement[bool]) -> Select[str]:
    return select(EnrolmentRegisterNumber.number).where(
        EnrolmentRegisterNumber.enrolment_id == claim.c.enrolment_id,
        EnrolmentRegisterNumber.register_code == claim.c.register_code,
        *further,
    )


def _kept(claim: Subquery, *further: ColumnElement[bool]) -> Select[str]:
    return select(RegisterNumber.number).where(
        RegisterNumber.person_id == claim.c.person_id, RegisterNumber.register_code == claim.c.register_code, *further
    )


def _fresh_number(claim: Subquery) -> ColumnElement[bool]:
    """A number that the register never refused of this person, for the same thing."""

    def not_refused(number: ColumnElement[str]) -> ColumnElement[bool]:
        earlier = HandoverRow.__table__.alias("earlier")
        return ~exists().where(
            earlier.c.enrolment_id == claim.c.enrolment_id,
            earlier.c.register_code == claim.c.register_code,
            func.coalesce(earlier.c.module_id, 0) == claim.c.subject,
            earlier.c.state.in_([Told.REFUSED, Told.LEFT]),
            earlier.c.number == number,
        )

    given = _given(claim, not_refused(EnrolmentRegisterNumber.number))  # type: ignore[arg-type]
    kept = _kept(claim, not_refused(RegisterNumber.number))  # type: ignore[arg-type]
    return or_(given.exists(), kept.exists())

"""Planning editions and their meetings, until they are published.

Moving a published meeting and cancelling an edition touch invitations and enrolments; those commands live with
enrolment."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, insert, select, update

from portal import audit, clock
from portal.audit import Actor
from portal.db import db
from portal.domain.accounts.models import Organisation, RoleGrant
from portal.domain.accounts.rules import Role
from portal.domain.catalogue.events import (
    EditionEdited,
    EditionPlanned,
    EditionPublished,
    MeetingEdited,
    MeetingPlanned,
    MeetingRemoved,
)
from portal.domain.catalogue.models import Course, Edition, Meeting, MeetingTrainer, Module, change
from portal.domain.catalogue.queries import get_row
from portal.domain.catalogue.rules import Delivery, EditionKind, EditionState
from portal.errors import Conflict, Refused
from portal.language import _


@dataclass(frozen=True)
class EditionDetails:
    """All of an edition but its meetings. `minimum`: people needed to go ahead. `price_cents` None: the course's.
    `counted_only`: of this group nobody may be known by name; only an in-company one."""

    kind: str = EditionKind.OPEN
    organisation_id: int | None = None
    delivery: str = Delivery.ONSITE
    place: str = ""
    minimum: int = 0
    price_cents: int | None = None
    counted_only: bool = False


@dataclass(frozen=True)
class MeetingPlan:
    """One meeting as the office plans it. `trainer_ids` are people with the role of trainer."""

    module_id: int
    starts_at: datetime
    ends_at: datetime
    capacity: int
    venue: str = ""
    link: str = ""
    trainer_ids: tuple[int, ...] = ()


def plan_edition(
    *, course_id: int, details: EditionDetails, meetings: Sequence[MeetingPlan] = (), actor: Actor, now: datetime
) -> Edition:
    """A draft edition with its meetings. Raises Refused at the field that is wrong."""
    get_row(Course, course_id)
    _require_details(details)
    return _plan(course_id, details, meetings, None, actor, now)


def copy_edition(*, edition_id: int, first_on: date, actor: Actor, now: datetime) -> Edition:
    """A new draft like this edition whose first meeting is on `first_on` and whose others keep their distance in days.

    Every meeting begins and ends at the same time on Amsterdam's clocks, also across the change to summer time."""
    original = get_row(Edition, edition_id)
    plans = _plans_of(edition_id)
    if not plans:
        raise Refused(_("Plan eerst bijeenkomsten: er is nog niets om te kopiëren."))
    shift = first_on - clock.local_date(min(plan.starts_at for plan in plans))
    moved = [
        replace(plan, starts_at=_days_later(plan.starts_at, shift), ends_at=_days_later(plan.ends_at, shift))
        for plan in plans
    ]
    details = EditionDetails(**{name: getattr(original, name) for name in EditionDetails.__dataclass_fields__})
    return _plan(original.course_id, details, moved, original.id, actor, now)


def edit_edition(*, edition_id: int, details: EditionDetails, actor: Actor, now: datetime) -> Edition:
    """Gives an edition these details. Once published, its kind and organisation stay as they are, as does whether its
    people are counted only: by then somebody may be in it by name. Its minimum, by which people were told that it goes
    ahead, only becomes lower, as long as nothing was decided."""
    edition = _changeable(edition_id)
    _require_details(details)
    published = edition.state != EditionState.DRAFT
    if published and (details.kind, details.organisation_id) != (edition.kind, edition.organisation_id):
        raise Refused(_("Deze uitvoering staat online: voor wie die is, kan niet meer veranderen."), "kind")
    if published and details.counted_only != edition.counted_only:
        raise Refused(_("Deze uitvoering staat online: of we alleen tellen, kan niet meer veranderen."), "counted_only")
    if published:
        _require_kept_promise(edition, details.minimum)
    if changed := change(edition, asdict(details)):
        db.session.flush()
        audit.record(EditionEdited(edition_id=edition.id, changed=changed), actor=actor, at=now)
    return edition


def publish_edition(*, edition_id: int, decide_on: date | None = None, actor: Actor, now: datetime) -> Edition:
    """Opens an edition for enrolling: tentative, to be decided by that day, when it has a minimum; else published.
    Raises Refused when a module has no meeting, Conflict when it was no draft."""
    edition = get_row(Edition, edition_id)
    _require_complete(edition)
    state, by = (EditionState.TENTATIVE, decide_on) if edition.minimum else (EditionState.PUBLISHED, None)
    published = update(Edition).where(Edition.id == edition_id, Edition.state == EditionState.DRAFT)
    result = db.session.execute(published.values(state=state, decide_on=by, published_at=now))
    if cast(CursorResult[Any], result).rowcount != 1:
        raise Conflict(_("Deze uitvoering is al online of gaat niet door."))
    db.session.refresh(edition)
    audit.record(EditionPublished(edition_id=edition_id, decide_on=by), actor=actor, at=now)
    return edition


def add_meeting(*, edition_id: int, plan: MeetingPlan, actor: Actor, now: datetime) -> Meeting:
    """A further meeting of a draft. Raises Refused at the field that is wrong."""
    edition = _draft(edition_id)
    taught = select(Meeting.id).where(Meeting.edition_id == edition_id, Meeting.module_id == plan.module_id)
    if db.session.scalar(taught):
        raise Refused(_("Voor dit dagdeel is er al een bijeenkomst."), "module_id")
    meeting = _add_meeting(edition, plan, actor, now)
    remember_start(edition)
    return meeting


def edit_meeting(*, meeting_id: int, plan: MeetingPlan, actor: Actor, now: datetime) -> Meeting:
    """Gives a draft's meeting another time, place, capacity or trainers; the module that it teaches stays."""
    meeting = get_row(Meeting, meeting_id)
    edition = _draft(meeting.edition_id)
    _require_plan(edition.course_id, replace(plan, module_id=meeting.module_id))
    columns = asdict(plan)
    trainer_ids = set(columns.pop("trainer_ids"))
    columns.pop("module_id")
    changed = change(meeting, columns)
    if _replace_trainers(meeting_id, trainer_ids):
        changed = (*changed, "trainers")
    if changed:
        remember_start(edition)
        happened = MeetingEdited(edition_id=edition.id, meeting_id=meeting_id, changed=changed)
        audit.record(happened, actor=actor, at=now)
    return meeting


def assign_trainers(*, meeting_id: int, trainer_ids: Collection[int], actor: Actor, now: datetime) -> None:
    """Says who gives a meeting, of a draft or a published edition: somebody falls ill on the day itself too.

    Raises Refused for who is no trainer, or when the edition is cancelled; NotFound."""
    meeting = get_row(Meeting, meeting_id)
    edition = _changeable(meeting.edition_id)
    _require_trainers(trainer_ids)
    if _replace_trainers(meeting_id, set(trainer_ids)):
        happened = MeetingEdited(edition_id=edition.id, meeting_id=meeting_id, changed=("trainers",))
        audit.record(happened, actor=actor, at=now)


def remove_meeting(*, meeting_id: int, actor: Actor, now: datetime) -> None:
    """Takes a meeting out of a draft."""
    meeting = get_row(Meeting, meeting_id)
    edition = _draft(meeting.edition_id)
    db.session.execute(delete(MeetingTrainer).where(MeetingTrainer.meeting_id == meeting_id))
    db.session.delete(meeting)
    remember_start(edition)
    audit.record(MeetingRemoved(edition_id=edition.id, meeting_id=meeting_id), actor=actor, at=now)


def remember_start(edition: Edition) -> None:
    """Sets `starts_on` to the day of the first meeting; whoever plans or moves a meeting calls it."""
    db.session.flush()
    first = db.session.scalar(select(func.min(Meeting.starts_at)).where(Meeting.edition_id == edition.id))
    edition.starts_on = clock.local_date(first) if first else None
    db.session.flush()


def _plan(
    course_id: int,
    details: EditionDetails,
    meetings: Sequence[MeetingPlan],
    copied_from: int | None,
    actor: Actor,
    now: datetime,
) -> Edition:
    if len({plan.module_id for plan in meetings}) < len(meetings):
        raise Refused(_("Plan voor elk dagdeel één bijeenkomst."), "module_id")
    edition = Edition(course_id=course_id, **asdict(details))
    db.session.add(edition)
    db.session.flush()
    happened = EditionPlanned(
        edition_id=edition.id,
        course_id=course_id,
        kind=edition.kind,
        organisation_id=edition.organisation_id,
        copied_from_edition=copied_from,
    )
    audit.record(happened, actor=actor, at=now)
    for plan in meetings:
        _add_meeting(edition, plan, actor, now)
    remember_start(edition)
    return edition


def _add_meeting(edition: Edition, plan: MeetingPlan, actor: Actor, now: datetime) -> Meeting:
    _require_plan(edition.course_id, plan)
    columns = asdict(plan)
    trainer_ids = set(columns.pop("trainer_ids"))
    meeting = Meeting(edition_id=edition.id, **columns)
    db.session.add(meeting)
    db.session.flush()
    _add_trainers(meeting.id, trainer_ids)
    happened = MeetingPlanned(
        edition_id=edition.id,
        meeting_id=meeting.id,
        module_id=plan.module_id,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        capacity=plan.capacity,
    )
    audit.record(happened, actor=actor, at=now)
    return meeting


def _add_trainers(meeting_id: int, trainer_ids: set[int]) -> None:
    if trainer_ids:
        rows = [{"meeting_id": meeting_id, "person_id": person_id} for person_id in sorted(trainer_ids)]
        db.session.execute(insert(MeetingTrainer), rows)


def _replace_trainers(meeting_id: int, trainer_ids: set[int]) -> bool:
    """Whether that made a difference."""
    had = select(MeetingTrainer.person_id).where(MeetingTrainer.meeting_id == meeting_id)
    if set(db.session.scalars(had)) == trainer_ids:
        return False
    db.session.execute(delete(MeetingTrainer).where(MeetingTrainer.meeting_id == meeting_id))
    _add_trainers(meeting_id, trainer_ids)
    return True


def _plans_of(edition_id: int) -> list[MeetingPlan]:
    trainers: dict[int, list[int]] = {}
    given_by = select(MeetingTrainer.meeting_id, MeetingTrainer.person_id).join(Meeting)
    for row in db.session.execute(given_by.where(Meeting.edition_id == edition_id)):
        trainers.setdefault(row.meeting_id, []).append(row.person_id)
    meetings = db.session.scalars(select(Meeting).where(Meeting.edition_id == edition_id).order_by(Meeting.starts_at))
    return [
        MeetingPlan(m.module_id, m.starts_at, m.ends_at, m.capacity, m.venue, m.link, tuple(trainers.get(m.id, ())))
        for m in meetings
    ]


def _days_later(instant: datetime, shift: timedelta) -> datetime:
    """The same wall-clock time in Amsterdam, so many days later."""
    return clock.from_local(clock.local(instant).replace(tzinfo=None) + shift)


def _changeable(edition_id: int) -> Edition:
    edition = get_row(Edition, edition_id)
    if edition.state == EditionState.CANCELLED:
        raise Refused(_("Deze uitvoering gaat niet door en kan niet meer veranderen."))
    return edition


def _draft(edition_id: int) -> Edition:
    edition = get_row(Edition, edition_id)
    if edition.state != EditionState.DRAFT:
        raise Refused(_("Deze uitvoering staat online: verplaats de bijeenkomst, dan krijgt iedereen bericht."))
    return edition


def _require_details(details: EditionDetails) -> None:
    if details.kind not in set(EditionKind):
        raise Refused(_("Kies open inschrijving of in-company."), "kind")
    if details.delivery not in set(Delivery):
        raise Refused(_("Kies op locatie of online."), "delivery")
    closed = details.kind == EditionKind.IN_COMPANY
    if closed != (details.organisation_id is not None):
        sentence = _("Kies de organisatie.") if closed else _("Alleen een in-company training heeft een organisatie.")
        raise Refused(sentence, "organisation_id")
    if details.organisation_id is not None:
        get_row(Organisation, details.organisation_id)
    if details.minimum < 0:
        raise Refused(_("Vul een aantal deelnemers in van 0 of meer."), "minimum")
    if details.counted_only and not closed:
        raise Refused(_("Alleen tellen kan bij een in-company training."), "counted_only")
    if details.counted_only and details.minimum:
        raise Refused(_("Vul 0 in: bij alleen tellen schrijft niemand zich in."), "minimum")
    if details.price_cents is not None and details.price_cents < 0:
        raise Refused(_("Vul een prijs in van 0 euro of meer."), "price_cents")


def _require_kept_promise(edition: Edition, minimum: int) -> None:
    if minimum == edition.minimum:
        return
    if edition.state != EditionState.TENTATIVE:
        raise Refused(_("Deze uitvoering gaat door: een ander aantal verandert daar niets meer aan"), "minimum")
    if minimum > edition.minimum:
        sentence = _("Mensen weten dat het om %(number)s gaat. Vul dat in, of minder", number=edition.minimum)
        raise Refused(sentence, "minimum")


def _require_plan(course_id: int, plan: MeetingPlan) -> None:
    if db.session.scalar(select(Module.course_id).where(Module.id == plan.module_id)) != course_id:
        raise Refused(_("Kies een dagdeel van deze training."), "module_id")
    if plan.ends_at <= plan.starts_at:
        raise Refused(_("Vul een eindtijd in die na de begintijd ligt."), "ends_at")
    if plan.capacity < 1:
        raise Refused(_("Vul in hoeveel plekken er zijn, minstens 1."), "capacity")
    _require_trainers(plan.trainer_ids)


def _require_trainers(person_ids: Collection[int]) -> None:
    are_trainers = select(func.count(RoleGrant.person_id.distinct())).where(
        RoleGrant.role == Role.TRAINER, RoleGrant.person_id.in_(person_ids)
    )
    if person_ids and db.session.scalar(are_trainers) != len(set(person_ids)):
        raise Refused(_("Kies trainers uit de lijst."), "trainer_ids")


def _require_complete(edition: Edition) -> None:
    course = get_row(Course, edition.course_id)
    planned = set(db.session.scalars(select(Meeting.module_id).where(Meeting.edition_id == edition.id)))
    if not planned:
        raise Refused(_("Plan eerst een bijeenkomst."))
    modules = select(Module.id, Module.title).where(Module.course_id == course.id).order_by(Module.position)
    missing = [row.title for row in db.session.execute(modules) if row.id not in planned]
    if missing and not course.separately_bookable:
        raise Refused(_("Plan eerst een bijeenkomst voor: %(modules)s.", modules=", ".join(missing)))

"""Reading the catalogue for pages, in a fixed number of queries; every list is ordered."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Row, Select, exists, or_, select

from portal.clock import local_date
from portal.db import Page, db, paged
from portal.domain.accounts.models import Person, RoleGrant
from portal.domain.accounts.rules import Role
from portal.domain.catalogue import rules
from portal.domain.catalogue.catalogue_file import SLUG
from portal.domain.catalogue.facts import (
    AccreditationRow,
    CataloguePage,
    CourseCard,
    CourseFacts,
    EditionFacts,
    EditionFilter,
    EditionPage,
    EditionRow,
    MeetingRow,
    ModuleRow,
)
from portal.domain.catalogue.models import Accreditation, Course, Edition, Meeting, MeetingTrainer, Module, Register
from portal.domain.catalogue.rules import EditionKind, EditionState, SeatCount
from portal.errors import NotFound

Thing = TypeVar("Thing")
AnyRow = Row[*tuple[Any, ...]]
EDITIONS_ON_A_CARD = 3
COURSE_COLUMNS = list(Course.__table__.columns)
EDITION_FIELDS = {field.name for field in fields(EditionFacts)} & (
    {column.name for column in Edition.__table__.columns} | {f"course_{column.name}" for column in COURSE_COLUMNS}
) - {"price_cents"}


def get_row(kind: type[Thing], number: int | None) -> Thing:
    """The row of a table with this id, or NotFound."""
    row = db.session.get(kind, number) if number is not None else None
    if row is None:
        raise NotFound
    return row


def list_catalogue(wanted: EditionFilter, *, now: datetime, page: int = 1, per_page: int = 10) -> CataloguePage:
    """A page of courses, each with its next editions that fit. Those with a date come first, the soonest first.

    Without a filter on editions, courses without a date follow by title. At most six queries."""
    matching = _matching(wanted, now)
    rows: dict[int, EditionRow] = {}
    offer = None
    if wanted.register or wanted.points:
        offer = _Offer({course_id for _id, course_id in matching})
        rows = {row.id: row for row in _edition_rows(matching, offer) if _has_points(row, wanted)}
        matching = [pair for pair in matching if pair[0] in rows]
    ids: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for pair in matching:
        ids[pair[1]].append(pair)
    courses = _courses_to_show(wanted, ids)
    number, pages = _page_of(len(courses), page, per_page)
    shown = courses[(number - 1) * per_page : number * per_page]
    first = [pair for course in shown for pair in ids[course.id][:EDITIONS_ON_A_CARD]]
    offer = offer or _Offer({course.id for course in shown})
    rows = rows or {row.id: row for row in _edition_rows(first, offer)}
    today = local_date(now)
    cards = [
        CourseCard(
            _course_facts(course, offer, today),
            [rows[edition_id] for edition_id, _course in ids[course.id][:EDITIONS_ON_A_CARD]],
            len(ids[course.id]),
        )
        for course in shown
    ]
    return CataloguePage(cards, number, pages, len(courses))


def list_editions(wanted: EditionFilter, *, now: datetime, page: int = 1, per_page: int = 25) -> EditionPage:
    """A page of published open editions that have not begun, the soonest first. At most five queries."""
    matching = _matching(wanted, now)
    if wanted.register or wanted.points:
        every = _edition_rows(matching, _Offer({course_id for _id, course_id in matching}))
        fitting = [row for row in every if _has_points(row, wanted)]
        number, pages = _page_of(len(fitting), page, per_page)
        return EditionPage(fitting[(number - 1) * per_page : number * per_page], number, pages, len(fitting))
    number, pages = _page_of(len(matching), page, per_page)
    shown = matching[(number - 1) * per_page : number * per_page]
    rows = _edition_rows(shown, _Offer({course_id for _id, course_id in shown}))
    return EditionPage(rows, number, pages, len(matching))


def get_course(slug: str, *, on: date, hidden_too: bool = False) -> CourseFacts:
    """A course with its modules and accreditations; its points are those that hold on that day. Three queries.

    NotFound when there is no such course, or when it is hidden."""
    found = select(*COURSE_COLUMNS).where(Course.slug == slug)
    # A slug of another form is nobody's; PostgreSQL would refuse some of its characters.
    row = db.session.execute(found).first() if SLUG.match(slug) else None
    if row is None or not (row.visible or hidden_too):
        raise NotFound
    return _course_facts(row, _Offer({row.id}), on)


def find_title(slug: str) -> str:
    """The title of the course with this slug; '' when there is none."""
    return db.session.scalar(select(Course.title).where(Course.slug == slug)) or ""


def get_edition(edition_id: int) -> EditionFacts:
    """An edition of any kind and state with all that its page tells, or NotFound. Five queries; who may see it is
    access.may_see_edition's."""
    edition = db.session.execute(
        select(*Edition.__table__.columns, *[c.label(f"course_{c.name}") for c in COURSE_COLUMNS if c.name != "id"])
        .join(Course, Course.id == Edition.course_id)
        .where(Edition.id == edition_id)
    ).first()
    if edition is None:
        raise NotFound
    offer = _Offer({edition.course_id})
    trainers, trainer_ids = _trainers_of(edition_id)
    meetings = [_meeting_row(row, offer, trainers) for row in _meetings_of([edition_id])]
    dates = {meeting.module_id: local_date(meeting.starts_at) for meeting in meetings}
    return EditionFacts(
        **{name: getattr(edition, name) for name in EDITION_FIELDS},
        vat=edition.course_vat,
        requires=edition.course_requires,
        separately_bookable=edition.course_separately_bookable,
        price_cents=rules.whole_price(edition.course_price_cents, edition.price_cents),
        modules=len(offer.modules[edition.course_id]),
        meetings=meetings,
        trainer_ids=trainer_ids,
        accreditations=[a for a in offer.accreditations[edition.course_id] if _holds_for(a, dates)],
        points=offer.points(edition.course_id, dates),
    )


def list_planned(
    *, state: str = "", course_id: int | None = None, since: date | None = None, page: int = 1, per_page: int = 25
) -> Page:
    """A page of editions of every kind and state for the office, by first day; drafts without a day come last.

    Rows: id, course, kind, state, place, delivery, starts_on, organisation_id, minimum. Two queries."""
    wanted = (
        select(
            Edition.id,
            Course.title.label("course"),
            Edition.kind,
            Edition.state,
            Edition.place,
            Edition.delivery,
            Edition.starts_on,
            Edition.organisation_id,
            Edition.minimum,
        )
        .join(Course, Course.id == Edition.course_id)
        .order_by(Edition.starts_on.is_(None), Edition.starts_on, Edition.id)
    )
    if state:
        wanted = wanted.where(Edition.state == state)
    if course_id is not None:
        wanted = wanted.where(Edition.course_id == course_id)
    if since is not None:
        wanted = wanted.where((Edition.starts_on >= since) | Edition.starts_on.is_(None))
    return paged(wanted, page=page, per_page=per_page)


def list_courses(*, page: int = 1, per_page: int = 25) -> Page:
    """A page of all courses, hidden ones too, by title. Rows: id, slug, title, audience, visible, price_cents, vat."""
    columns = (
        Course.id,
        Course.slug,
        Course.title,
        Course.audience,
        Course.visible,
        Course.price_cents,
        Course.vat,
    )
    return paged(select(*columns).order_by(Course.title, Course.id), page=page, per_page=per_page)


def list_trainers() -> Sequence[AnyRow]:
    """Everybody with the role of trainer, by name. Rows: id, name."""
    trainers = select(RoleGrant.person_id).where(RoleGrant.role == Role.TRAINER)
    people = select(Person.id, Person.name).where(Person.id.in_(trainers))
    return db.session.execute(people.order_by(Person.name, Person.id)).all()


def list_registers() -> Sequence[AnyRow]:
    """The registers, by code. Rows: code, name, website."""
    return db.session.execute(select(Register.code, Register.name, Register.website).order_by(Register.code)).all()


class _Offer:
    """Modules and accreditations of some courses, by course. Two queries."""

    def __init__(self, course_ids: Collection[int]) -> None:
        self.modules: dict[int, list[AnyRow]] = defaultdict(list)
        self.accreditations: dict[int, list[AccreditationRow]] = defaultdict(list)
        modules = select(*Module.__table__.columns).where(Module.course_id.in_(course_ids))
        for row in db.session.execute(modules.order_by(Module.course_id, Module.position)):
            self.modules[row.course_id].append(row)
        course_of = {module.id: course_id for course_id, rows in self.modules.items() for module in rows}
        granted = select(*Accreditation.__table__.columns, Register.name.label("register_name")).join(Register)
        of_these = Accreditation.course_id.in_(course_ids) | Accreditation.module_id.in_(course_of)
        order = (Accreditation.register_code, Accreditation.module_id, Accreditation.valid_from, Accreditation.id)
        for row in db.session.execute(granted.where(of_these).order_by(*order)):
            owner = row.course_id if row.course_id is not None else course_of[row.module_id]
            self.accreditations[owner].append(_accreditation_row(row))

    def points(self, course_id: int, chosen: dict[int, date]) -> dict[str, int]:
        """Points per register for these modules on these days."""
        grants = [accreditation.grant for accreditation in self.accreditations[course_id]]
        return rules.points_on_offer(grants, chosen, [module.id for module in self.modules[course_id]])


def _matching(wanted: EditionFilter, now: datetime) -> list[tuple[int, int]]:
    """(edition, course) ids of the editions that fit all but register and points, the soonest first."""
    begun = exists().where(Meeting.edition_id == Edition.id, Meeting.starts_at <= now)
    found = (
        select(Edition.id, Edition.course_id)
        .join(Course, Course.id == Edition.course_id)
        .where(
            Edition.state == EditionState.PUBLISHED,
            Edition.kind == EditionKind.OPEN,
            Edition.starts_on >= local_date(now),
            Course.visible,
            ~begun,
        )
    )
    found = _narrowed(found, wanted).order_by(Edition.starts_on, Edition.id)
    return [(row.id, row.course_id) for row in db.session.execute(found)]


def _narrowed(found: Select[*tuple[Any, ...]], wanted: EditionFilter) -> Select[*tuple[Any, ...]]:
    if wanted.course:
        found = found.where(Course.slug == wanted.course)
    if wanted.text:
        fields_searched = (Course.title, Course.summary, Edition.place)
        found = found.where(or_(*[column.icontains(wanted.text, autoescape=True) for column in fields_searched]))
    if wanted.place:
        found = found.where(Edition.place.icontains(wanted.place, autoescape=True))
    if wanted.delivery:
        found = found.where(Edition.delivery == wanted.delivery)
    if wanted.month:
        first = wanted.month.replace(day=1)
        found = found.where(Edition.starts_on >= first, Edition.starts_on < (first + timedelta(days=32)).replace(day=1))
    return found


def _has_points(row: EditionRow, wanted: EditionFilter) -> bool:
    """Whether an edition brings enough points, at the register that is asked for or at any."""
    points = [row.points.get(wanted.register, 0)] if wanted.register else row.points.values()
    return max(points, default=0) >= max(wanted.points, 1)


def _courses_to_show(wanted: EditionFilter, ids: dict[int, list[tuple[int, int]]]) -> list[AnyRow]:
    """The courses of these editions in their order; then, when no edition was asked for, the others by title."""
    rows = db.session.execute(select(*COURSE_COLUMNS).where(Course.visible).order_by(Course.title, Course.id)).all()
    known = {row.id: row for row in rows}
    with_a_date = [known[course_id] for course_id in ids]
    if wanted != EditionFilter(course=wanted.course, text=wanted.text):
        return with_a_date
    words = wanted.text.casefold()
    return with_a_date + [
        row
        for row in rows
        if row.id not in ids
        and wanted.course in ("", row.slug)
        and (words in row.title.casefold() or words in row.summary.casefold())
    ]


def _edition_rows(pairs: list[tuple[int, int]], offer: _Offer) -> list[EditionRow]:
    """The rows of these editions, in this order. Two queries."""
    ids = [edition_id for edition_id, _course in pairs]
    meetings: dict[int, list[AnyRow]] = defaultdict(list)
    for meeting in _meetings_of(ids):
        meetings[meeting.edition_id].append(meeting)
    columns = (Edition.id, Edition.course_id, Edition.place, Edition.delivery, Edition.minimum, Edition.price_cents)
    course = (Course.slug, Course.title, Course.separately_bookable, Course.price_cents.label("course_price"))
    editions = select(*columns, *course).join(Course, Course.id == Edition.course_id).where(Edition.id.in_(ids))
    by_id = {row.id: _edition_row(row, meetings[row.id], offer) for row in db.session.execute(editions)}
    return [by_id[edition_id] for edition_id in ids]


def _edition_row(row: AnyRow, meetings: list[AnyRow], offer: _Offer) -> EditionRow:
    fullest = min(meetings, key=lambda meeting: (meeting.capacity - meeting.taken, meeting.starts_at))
    left = [meeting.capacity - meeting.taken for meeting in meetings]
    return EditionRow(
        id=row.id,
        course_id=row.course_id,
        course_slug=row.slug,
        course_title=row.title,
        place=row.place,
        delivery=row.delivery,
        minimum=row.minimum,
        price_cents=rules.whole_price(row.course_price, row.price_cents),
        separately_bookable=row.separately_bookable,
        starts_at=min(meeting.starts_at for meeting in meetings),
        ends_at=max(meeting.ends_at for meeting in meetings),
        meetings=len(meetings),
        taken=fullest.taken,
        capacity=fullest.capacity,
        seats_left=rules.seats_left([SeatCount(meeting.taken, meeting.capacity) for meeting in meetings]),
        seats_somewhere=max(left),
        points=offer.points(row.course_id, {m.module_id: local_date(m.starts_at) for m in meetings}),
    )


def _meetings_of(edition_ids: list[int]) -> Iterable[AnyRow]:
    columns = [column for column in Meeting.__table__.columns if column.name != "link"]
    module = (Module.position, Module.title, Module.contact_minutes, Module.preparation, Module.price_cents)
    meetings = select(*columns, *module).join(Module, Module.id == Meeting.module_id)
    order = (Meeting.starts_at, Module.position, Meeting.id)
    return db.session.execute(meetings.where(Meeting.edition_id.in_(edition_ids)).order_by(*order)).all()


def _trainers_of(edition_id: int) -> tuple[dict[int, list[str]], frozenset[int]]:
    names: dict[int, list[str]] = defaultdict(list)
    given = (
        select(MeetingTrainer.meeting_id, Person.id, Person.name)
        .join(Person, Person.id == MeetingTrainer.person_id)
        .join(Meeting, Meeting.id == MeetingTrainer.meeting_id)
        .where(Meeting.edition_id == edition_id)
    )
    rows = db.session.execute(given.order_by(Person.name, Person.id)).all()
    for row in rows:
        names[row.meeting_id].append(row.name)
    return names, frozenset(row.id for row in rows)


def _meeting_row(row: AnyRow, offer: _Offer, trainers: dict[int, list[str]]) -> MeetingRow:
    course_id = next(course for course, modules in offer.modules.items() if row.module_id in {m.id for m in modules})
    return MeetingRow(
        **_values(row, MeetingRow, without=("trainers", "points")),
        trainers=tuple(trainers.get(row.id, ())),
        points=offer.points(course_id, {row.module_id: local_date(row.starts_at)}),
    )


def _accreditation_row(row: AnyRow) -> AccreditationRow:
    return AccreditationRow(register=row.register_code, **_values(row, AccreditationRow, without=("register",)))


def _course_facts(row: AnyRow, offer: _Offer, on: date) -> CourseFacts:
    modules = offer.modules[row.id]
    return CourseFacts(
        **_values(row, CourseFacts, without=("modules", "accreditations", "points")),
        modules=[
            ModuleRow(**_values(m, ModuleRow, without=("points",)), points=offer.points(row.id, {m.id: on}))
            for m in modules
        ],
        accreditations=offer.accreditations[row.id],
        points=offer.points(row.id, {module.id: on for module in modules}),
    )


def _values(row: AnyRow, kind: Any, *, without: tuple[str, ...]) -> dict[str, Any]:
    """A row's values for the fields of a dataclass."""
    return {field.name: getattr(row, field.name) for field in fields(kind) if field.name not in without}


def _holds_for(accreditation: AccreditationRow, dates: dict[int, date]) -> bool:
    """Whether a grant holds on its module's day; a grant for the whole on every day."""
    if accreditation.module_id is None:
        return bool(dates) and all(rules.holds_on(accreditation.grant, day) for day in dates.values())
    day = dates.get(accreditation.module_id)
    return day is not None and rules.holds_on(accreditation.grant, day)


def _page_of(total: int, page: int, per_page: int) -> tuple[int, int]:
    """(the nearest page there is, how many pages)."""
    pages = max(1, -(-total // per_page))
    return min(max(1, page), pages), pages

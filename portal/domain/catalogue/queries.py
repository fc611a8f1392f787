"""Reading the catalogue for pages, in a fixed number of queries; every list is ordered."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, exists, or_, select

from portal.clock import local_date
from portal.db import Page, db, paged
from portal.domain.accounts.models import Person, RoleGrant
from portal.domain.accounts.rules import Role
from portal.domain.catalogue import rules
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
)
from portal.domain.catalogue.models import Course, Edition, Meeting, MeetingTrainer, Module, Register
from portal.domain.catalogue.offers import AnyRow, Offer, names_of, values
from portal.domain.catalogue.requirements import SLUG, parse, slugs_of
from portal.domain.catalogue.rules import AHEAD, EditionKind, SeatCount
from portal.errors import NotFound

Thing = TypeVar("Thing")
EDITIONS_ON_A_CARD = 3
course, edition, meeting = Course.__table__, Edition.__table__, Meeting.__table__
module, trainer, person = Module.__table__, MeetingTrainer.__table__, Person.__table__
register = Register.__table__

# Built once: building a statement costs as much as running it, and every public page runs these.
REGISTERS = select(register.c.code, register.c.name, register.c.website).order_by(register.c.code)
COURSES = select(*course.columns).where(course.c.visible).order_by(course.c.title, course.c.id)
COURSE = select(*course.columns).where(course.c.slug == bindparam("slug"))
EDITION = (
    select(
        *edition.columns, *[column.label(f"course_{column.name}") for column in course.columns if column.name != "id"]
    )
    .join_from(edition, course, edition.c.course_id == course.c.id)
    .where(edition.c.id == bindparam("edition"))
)
EDITIONS = (
    select(
        *[edition.c[name] for name in ("id", "course_id", "place", "delivery", "state", "minimum", "price_cents")],
        *[course.c[name] for name in ("slug", "title", "separately_bookable")],
        course.c.price_cents.label("course_price"),
    )
    .join_from(edition, course, edition.c.course_id == course.c.id)
    .where(edition.c.id.in_(bindparam("editions", expanding=True)))
)
UPCOMING = (
    select(edition.c.id, edition.c.course_id)
    .join_from(edition, course, edition.c.course_id == course.c.id)
    .where(
        edition.c.state.in_(AHEAD),
        edition.c.kind == EditionKind.OPEN,
        edition.c.starts_on >= bindparam("today"),
        course.c.visible,
        ~exists().where(meeting.c.edition_id == edition.c.id, meeting.c.starts_at <= bindparam("now")),
    )
    .order_by(edition.c.starts_on, edition.c.id)
)
SEATS = (
    select(*[meeting.c[name] for name in ("edition_id", "module_id", "starts_at", "ends_at", "capacity", "taken")])
    .where(meeting.c.edition_id.in_(bindparam("editions", expanding=True)))
    .order_by(meeting.c.starts_at, meeting.c.id)
)
MEETINGS = (
    select(
        *[column for column in meeting.columns if column.name != "link"],
        *[module.c[name] for name in ("position", "title", "contact_minutes", "preparation", "price_cents")],
    )
    .join_from(meeting, module, meeting.c.module_id == module.c.id)
    .where(meeting.c.edition_id == bindparam("edition"))
    .order_by(meeting.c.starts_at, module.c.position, meeting.c.id)
)
TRAINERS = (
    select(trainer.c.meeting_id, person.c.id, person.c.name)
    .join_from(trainer, person, trainer.c.person_id == person.c.id)
    .join(meeting, trainer.c.meeting_id == meeting.c.id)
    .where(meeting.c.edition_id == bindparam("edition"))
    .order_by(person.c.name, person.c.id)
)
OF_EDITION = (
    set(names_of(EditionFacts))
    & ({column.name for column in edition.columns} | {f"course_{column.name}" for column in course.columns})
) - {"price_cents"}
OF_MEETING = names_of(MeetingRow, without=("trainers", "points"))


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
        offer = Offer({course_id for _id, course_id in matching})
        rows = {row.id: row for row in _edition_rows(matching, offer) if _has_points(row, wanted)}
        matching = [pair for pair in matching if pair[0] in rows]
    ids: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for pair in matching:
        ids[pair[1]].append(pair)
    courses = _courses_to_show(wanted, ids)
    number, pages = _page_of(len(courses), page, per_page)
    shown = courses[(number - 1) * per_page : number * per_page]
    first = [pair for course in shown for pair in ids[course.id][:EDITIONS_ON_A_CARD]]
    offer = offer or Offer({course.id for course in shown})
    rows = rows or {row.id: row for row in _edition_rows(first, offer)}
    today = local_date(now)
    cards = [
        CourseCard(
            offer.course(course, today),
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
        every = _edition_rows(matching, Offer({course_id for _id, course_id in matching}))
        fitting = [row for row in every if _has_points(row, wanted)]
        number, pages = _page_of(len(fitting), page, per_page)
        return EditionPage(fitting[(number - 1) * per_page : number * per_page], number, pages, len(fitting))
    number, pages = _page_of(len(matching), page, per_page)
    shown = matching[(number - 1) * per_page : number * per_page]
    rows = _edition_rows(shown, Offer({course_id for _id, course_id in shown}))
    return EditionPage(rows, number, pages, len(matching))


def get_course(slug: str, *, on: date, hidden_too: bool = False) -> CourseFacts:
    """A course with its modules and accreditations; its points are those that hold on that day. Three queries.

    NotFound when there is no such course, or when it is hidden."""
    # A slug of another form is nobody's; PostgreSQL would refuse some of its characters.
    row = db.session.execute(COURSE, {"slug": slug}).first() if SLUG.match(slug) else None
    if row is None or not (row.visible or hidden_too):
        raise NotFound
    return Offer({row.id}).course(row, on)


def list_titles(requires: Mapping[str, Any]) -> dict[str, str]:
    """The titles, by slug, of the courses that a course asks first. One query, or none."""
    slugs = slugs_of(parse(requires))
    if not slugs:
        return {}
    rows = db.session.execute(select(Course.slug, Course.title).where(Course.slug.in_(slugs)).order_by(Course.title))
    return {row.slug: row.title for row in rows}


def list_other_courses(course_id: int) -> list[tuple[str, str]]:
    """Slug and title of every course but this one, hidden ones too. One query."""
    rows = db.session.execute(select(Course.slug, Course.title).where(Course.id != course_id).order_by(Course.title))
    return [(row.slug, row.title) for row in rows]


def get_edition(edition_id: int) -> EditionFacts:
    """An edition of any kind and state with all that its page tells, or NotFound. Five queries; who may see it is
    access.may_see_edition's."""
    row = db.session.execute(EDITION, {"edition": edition_id}).first()
    if row is None:
        raise NotFound
    offer = Offer({row.course_id})
    trainers, trainer_ids = _trainers_of(edition_id)
    meetings = [
        _meeting_row(m, offer, row.course_id, trainers) for m in db.session.execute(MEETINGS, {"edition": edition_id})
    ]
    dates = {meeting.module_id: local_date(meeting.starts_at) for meeting in meetings}
    whole = rules.gives_whole(row.course_separately_bookable, len(meetings), len(offer.modules[row.course_id]))
    return EditionFacts(
        **values(row, OF_EDITION),
        vat=row.course_vat,
        requires=row.course_requires,
        separately_bookable=row.course_separately_bookable,
        price_cents=rules.price_of_choice(
            whole=whole,
            whole_price=rules.whole_price(row.course_price_cents, row.price_cents),
            module_prices=[meeting.price_cents for meeting in meetings],
        ),
        modules=len(offer.modules[row.course_id]),
        meetings=meetings,
        trainer_ids=trainer_ids,
        accreditations=[a for a in offer.accreditations[row.course_id] if _holds_for(a, dates)],
        points=offer.points(row.course_id, dates),
    )


def list_planned(
    *, state: str = "", course_id: int | None = None, since: date | None = None, page: int = 1, per_page: int = 25
) -> Page:
    """A page of editions of every kind and state for the office, by first day; drafts without a day come last.

    Rows: id, course, kind, state, place, delivery, starts_on, organisation_id, minimum, counted_only. Two queries."""
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
            Edition.counted_only,
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
    return db.session.execute(REGISTERS).all()


def _matching(wanted: EditionFilter, now: datetime) -> list[tuple[int, int]]:
    """(edition, course) ids of the editions that fit all but register and points, the soonest first."""
    found = db.session.execute(_narrowed(UPCOMING, wanted), {"now": now, "today": local_date(now)})
    return [(row.id, row.course_id) for row in found]


def _narrowed(found: Select[*tuple[Any, ...]], wanted: EditionFilter) -> Select[*tuple[Any, ...]]:
    if wanted.course:
        found = found.where(course.c.slug == wanted.course)
    if wanted.text:
        fields_searched = (course.c.title, course.c.summary, edition.c.place)
        found = found.where(or_(*[column.icontains(wanted.text, autoescape=True) for column in fields_searched]))
    if wanted.place:
        found = found.where(edition.c.place.icontains(wanted.place, autoescape=True))
    if wanted.delivery:
        found = found.where(edition.c.delivery == wanted.delivery)
    if wanted.month:
        first = wanted.month.replace(day=1)
        found = found.where(
            edition.c.starts_on >= first, edition.c.starts_on < (first + timedelta(days=32)).replace(day=1)
        )
    return found


def _has_points(row: EditionRow, wanted: EditionFilter) -> bool:
    """Whether an edition brings enough points, at the register that is asked for or at any."""
    points = [row.points.get(wanted.register, 0)] if wanted.register else row.points.values()
    return max(points, default=0) >= max(wanted.points, 1)


def _courses_to_show(wanted: EditionFilter, ids: dict[int, list[tuple[int, int]]]) -> list[AnyRow]:
    """The courses of these editions in their order; then, when no edition was asked for, the others by title."""
    rows = db.session.execute(COURSES).all()
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


def _edition_rows(pairs: list[tuple[int, int]], offer: Offer) -> list[EditionRow]:
    """The rows of these editions, in this order. Two queries."""
    ids = [edition_id for edition_id, _course in pairs]
    meetings: dict[int, list[AnyRow]] = defaultdict(list)
    for row in db.session.execute(SEATS, {"editions": ids}):
        meetings[row.edition_id].append(row)
    editions = db.session.execute(EDITIONS, {"editions": ids})
    by_id = {row.id: _edition_row(row, meetings[row.id], offer) for row in editions}
    return [by_id[edition_id] for edition_id in ids]


def _edition_row(row: AnyRow, meetings: list[AnyRow], offer: Offer) -> EditionRow:
    fullest = min(meetings, key=lambda meeting: (meeting.capacity - meeting.taken, meeting.starts_at))
    left = [meeting.capacity - meeting.taken for meeting in meetings]
    modules = offer.modules[row.course_id]
    given = {meeting.module_id for meeting in meetings}
    return EditionRow(
        id=row.id,
        course_id=row.course_id,
        course_slug=row.slug,
        course_title=row.title,
        place=row.place,
        delivery=row.delivery,
        state=row.state,
        minimum=row.minimum,
        price_cents=rules.price_of_choice(
            whole=rules.gives_whole(row.separately_bookable, len(meetings), len(modules)),
            whole_price=rules.whole_price(row.course_price, row.price_cents),
            module_prices=[module.price_cents for module in modules if module.id in given],
        ),
        separately_bookable=row.separately_bookable,
        starts_at=min(meeting.starts_at for meeting in meetings),
        ends_at=max(meeting.ends_at for meeting in meetings),
        meetings=len(meetings),
        in_days=rules.in_days(module.contact_minutes for module in modules),
        taken=fullest.taken,
        capacity=fullest.capacity,
        seats_left=rules.seats_left([SeatCount(meeting.taken, meeting.capacity) for meeting in meetings]),
        seats_somewhere=max(left),
        points=offer.points(row.course_id, {m.module_id: local_date(m.starts_at) for m in meetings}),
    )


def _trainers_of(edition_id: int) -> tuple[dict[int, list[str]], frozenset[int]]:
    names: dict[int, list[str]] = defaultdict(list)
    rows = db.session.execute(TRAINERS, {"edition": edition_id}).all()
    for row in rows:
        names[row.meeting_id].append(row.name)
    return names, frozenset(row.id for row in rows)


def _meeting_row(row: AnyRow, offer: Offer, course_id: int, trainers: dict[int, list[str]]) -> MeetingRow:
    return MeetingRow(
        **values(row, OF_MEETING),
        trainers=tuple(trainers.get(row.id, ())),
        points=offer.points(course_id, {row.module_id: local_date(row.starts_at)}),
    )


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

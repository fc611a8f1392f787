"""Changing what is on offer: registers, courses, modules, accreditations, and taking in a catalogue file."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.domain.catalogue.catalogue_file import CatalogueRefused, Columns, CourseEntry, read_catalogue
from portal.domain.catalogue.events import (
    AccreditationAdded,
    AccreditationEdited,
    CourseAdded,
    CourseEdited,
    ModuleAdded,
    ModuleEdited,
    RegisterAdded,
)
from portal.domain.catalogue.models import Accreditation, Course, Edition, Module, Register, change
from portal.domain.catalogue.queries import get_row
from portal.domain.catalogue.requirements import (
    SLUG,
    Alternatives,
    NotUnderstood,
    parse,
    require_sensible,
    written,
)
from portal.domain.catalogue.rules import GIVEN, KNOWN_REGISTERS, Delivery, Vat
from portal.errors import Conflict, Refused
from portal.language import _


@dataclass(frozen=True)
class CourseDetails:
    """All of a course that the office fills in. Prices in cents."""

    title: str
    summary: str = ""
    outcome: str = ""
    audience: str = ""
    delivery: tuple[str, ...] = ()
    separately_bookable: bool = False
    price_cents: int = 0
    vat: str = Vat.EXEMPT
    visible: bool = True


@dataclass(frozen=True)
class ModuleDetails:
    """All of a module that the office fills in. Net minutes, without breaks; price in cents when taken alone."""

    title: str
    contact_minutes: int
    preparation: str = ""
    preparation_minutes: int = 0
    price_cents: int = 0


@dataclass(frozen=True)
class AccreditationDetails:
    """A register's grant. Both days count; None leaves that side open."""

    register_code: str
    points: int
    number: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    threshold_percent: int = 100
    test_required: bool = False


@dataclass(frozen=True)
class Imported:
    """How many entries of a file were new, changed, or as they were."""

    added: int
    changed: int
    unchanged: int


def add_register(*, code: str, name: str, website: str = "", actor: Actor, now: datetime) -> Register:
    """A register that accreditations may name. Raises Conflict when its code is taken."""
    if db.session.get(Register, code):
        raise Conflict(_("Dit register is er al."), "code")
    register = Register(code=code, name=name, website=website)
    db.session.add(register)
    db.session.flush()
    audit.record(RegisterAdded(register=code), actor=actor, at=now)
    return register


def add_course(*, slug: str, details: CourseDetails, actor: Actor, now: datetime) -> Course:
    """A new course without modules. Raises Refused on a slug that is no address, Conflict when it is taken."""
    if not SLUG.match(slug) or len(slug) > 80:
        raise Refused(_("Gebruik alleen kleine letters, cijfers en streepjes."), "slug")
    if db.session.scalar(select(Course.id).where(Course.slug == slug)):
        raise Conflict(_("Een andere training heeft dit adres al."), "slug")
    return _add_course({"slug": slug, **_course_columns(details)}, actor, now)


def edit_course(*, course_id: int, details: CourseDetails, actor: Actor, now: datetime) -> Course:
    """Gives a course these details; its address stays. Notes which columns changed."""
    course = get_row(Course, course_id)
    _edit_course(course, _course_columns(details), actor, now)
    return course


def set_requirements(*, course_id: int, alternatives: Alternatives, actor: Actor, now: datetime) -> Course:
    """What a course asks first from now on; who is enrolled already stays. Refused when it names a course that is not
    there, or itself."""
    course = get_row(Course, course_id)
    try:
        require_sensible(alternatives, own_slug=course.slug, known=set(db.session.scalars(select(Course.slug))))
    except NotUnderstood as wrong:
        raise Refused(str(wrong)) from None
    _edit_course(course, {"requires": written(alternatives)}, actor, now)
    return course


def add_module(*, course_id: int, details: ModuleDetails, actor: Actor, now: datetime) -> Module:
    """A new module after the last one of the course. Refused while the course is given: who did all of it would lack
    the new one."""
    course = get_row(Course, course_id)
    if course.slug in _positions_given():
        raise Refused(_given())
    _require_hours(details)
    last = db.session.scalar(select(func.max(Module.position)).where(Module.course_id == course_id)) or 0
    return _add_module(course_id, {"position": last + 1, **asdict(details)}, actor, now)


def edit_module(*, module_id: int, details: ModuleDetails, actor: Actor, now: datetime) -> Module:
    """Gives a module these details; its place in the course stays."""
    module = get_row(Module, module_id)
    _require_hours(details)
    _edit_module(module, asdict(details), actor, now)
    return module


def add_accreditation(
    *,
    course_id: int | None = None,
    module_id: int | None = None,
    details: AccreditationDetails,
    actor: Actor,
    now: datetime,
) -> Accreditation:
    """A register's grant for one module, or for a course as a whole: give one of the two.

    Raises Refused at the field that is wrong."""
    owner = get_row(Course, course_id).id if module_id is None else get_row(Module, module_id).course_id
    if db.session.get(Register, details.register_code) is None:
        raise Refused(_("Kies een register uit de lijst."), "register_code")
    if details.points < 0:
        raise Refused(_("Vul een aantal punten in van 0 of meer."), "points")
    if not 1 <= details.threshold_percent <= 100:
        raise Refused(_("Vul een percentage in van 1 tot en met 100."), "threshold_percent")
    _require_period(details.valid_from, details.valid_until)
    return _add_accreditation(owner, module_id, asdict(details), actor, now)


def edit_accreditation(
    *, accreditation_id: int, number: str | None, valid_until: date | None, actor: Actor, now: datetime
) -> Accreditation:
    """Fills in a grant's number or ends it on a day. Points and register never change: a renewal is a new grant."""
    accreditation = get_row(Accreditation, accreditation_id)
    _require_period(accreditation.valid_from, valid_until)
    _edit_accreditation(accreditation, {"number": number, "valid_until": valid_until}, actor, now)
    return accreditation


def import_catalogue(*, data: bytes, actor: Actor, now: datetime) -> Imported:
    """Takes in a catalogue file: courses by slug, modules by position, accreditations by register and first day.

    What the file does not say stays as it is, and nothing is ever removed, so a second time changes nothing. Raises
    CatalogueRefused with every complaint, before anything is changed."""
    entries = read_catalogue(data)
    known = {course.slug: course for course in db.session.scalars(select(Course))}
    _require_known_names(entries, known)
    _require_no_new_modules_of_what_is_given(entries)
    for code in sorted(_registers_named(entries)):
        if db.session.get(Register, code) is None:
            name, website = KNOWN_REGISTERS[code]
            add_register(code=code, name=name, website=website, actor=actor, now=now)
    outcomes: Counter[str] = Counter()
    for entry in entries:
        course = known.get(entry.columns["slug"])
        if course is None:
            course = _add_course(entry.columns, actor, now)
            outcomes["added"] += 1
        else:
            outcomes[_edit_course(course, entry.columns, actor, now)] += 1
        _import_accreditations(course.id, None, entry.accreditations, outcomes, actor, now)
        _import_modules(course.id, entry, outcomes, actor, now)
    return Imported(outcomes["added"], outcomes["changed"], outcomes["unchanged"])


def _import_modules(course_id: int, entry: CourseEntry, outcomes: Counter[str], actor: Actor, now: datetime) -> None:
    known = {m.position: m for m in db.session.scalars(select(Module).where(Module.course_id == course_id))}
    for part in entry.modules:
        module = known.get(part.columns["position"])
        if module is None:
            module = _add_module(course_id, part.columns, actor, now)
            outcomes["added"] += 1
        else:
            outcomes[_edit_module(module, part.columns, actor, now)] += 1
        _import_accreditations(course_id, module.id, part.accreditations, outcomes, actor, now)


def _import_accreditations(
    course_id: int,
    module_id: int | None,
    entries: list[Columns],
    outcomes: Counter[str],
    actor: Actor,
    now: datetime,
) -> None:
    owner = Accreditation.course_id == course_id if module_id is None else Accreditation.module_id == module_id
    known = {(a.register_code, a.valid_from): a for a in db.session.scalars(select(Accreditation).where(owner))}
    for columns in entries:
        accreditation = known.get((columns["register_code"], columns.get("valid_from")))
        if accreditation is None:
            _add_accreditation(course_id, module_id, columns, actor, now)
            outcomes["added"] += 1
        else:
            outcomes[_edit_accreditation(accreditation, columns, actor, now)] += 1


def _registers_named(entries: list[CourseEntry]) -> set[str]:
    return {
        columns["register_code"]
        for entry in entries
        for columns in [*entry.accreditations, *(a for module in entry.modules for a in module.accreditations)]
    }


def _require_known_names(entries: list[CourseEntry], known: Mapping[str, Course]) -> None:
    """Raises CatalogueRefused when an entry names a register or a course that is neither in the file nor here."""
    registers = {*KNOWN_REGISTERS, *db.session.scalars(select(Register.code))}
    slugs = {*known, *(entry.columns["slug"] for entry in entries)}
    complaints = []
    for entry in entries:
        places = [(entry.where, entry.accreditations)]
        places += [(f"{entry.where}, module {n}", m.accreditations) for n, m in enumerate(entry.modules, 1)]
        for where, accreditations in places:
            for number, columns in enumerate(accreditations, 1):
                if (code := columns["register_code"]) not in registers:
                    inside = f"{where}, accreditation {number}"
                    complaints.append(f"{inside}: " + _("register %(code)s kennen we niet", code=code))
        try:
            asked = parse(entry.columns.get("requires", {}))
            require_sensible(asked, own_slug=entry.columns["slug"], known=slugs)
        except NotUnderstood as wrong:
            complaints.append(f"{entry.where}: requires {wrong}")
    if complaints:
        raise CatalogueRefused(complaints)


def _positions_given() -> dict[str, set[int]]:
    """The positions of the modules of each course that has a published edition, by slug."""
    given = select(Edition.course_id).where(Edition.state.in_(GIVEN))
    rows = db.session.execute(
        select(Course.slug, Module.position)
        .outerjoin(Module, Module.course_id == Course.id)
        .where(Course.id.in_(given))
    )
    found: dict[str, set[int]] = {}
    for row in rows:
        found.setdefault(row.slug, set()).add(row.position)
    return found


def _given() -> str:
    return str(_("Deze training heeft al uitvoeringen. Maak een nieuwe training voor een andere indeling."))


def _require_no_new_modules_of_what_is_given(entries: list[CourseEntry]) -> None:
    """As add_module, for a file: raises CatalogueRefused with every module that would be new."""
    given = _positions_given()
    complaints = [
        f"{entry.where}, module {number}: position: {_given()}"
        for entry in entries
        for number, part in enumerate(entry.modules, 1)
        if entry.columns["slug"] in given and part.columns["position"] not in given[entry.columns["slug"]]
    ]
    if complaints:
        raise CatalogueRefused(complaints)


def _add_course(columns: Columns, actor: Actor, now: datetime) -> Course:
    course = Course(**columns)
    db.session.add(course)
    db.session.flush()
    audit.record(CourseAdded(course_id=course.id, slug=course.slug), actor=actor, at=now)
    return course


def _edit_course(course: Course, columns: Columns, actor: Actor, now: datetime) -> str:
    changed = change(course, columns)
    if changed:
        audit.record(CourseEdited(course_id=course.id, changed=changed), actor=actor, at=now)
    return "changed" if changed else "unchanged"


def _add_module(course_id: int, columns: Columns, actor: Actor, now: datetime) -> Module:
    module = Module(course_id=course_id, **columns)
    db.session.add(module)
    db.session.flush()
    happened = ModuleAdded(course_id=course_id, module_id=module.id, position=module.position)
    audit.record(happened, actor=actor, at=now)
    return module


def _edit_module(module: Module, columns: Columns, actor: Actor, now: datetime) -> str:
    changed = change(module, columns)
    if changed:
        happened = ModuleEdited(course_id=module.course_id, module_id=module.id, changed=changed)
        audit.record(happened, actor=actor, at=now)
    return "changed" if changed else "unchanged"


def _add_accreditation(
    course_id: int, module_id: int | None, columns: Columns, actor: Actor, now: datetime
) -> Accreditation:
    row = Accreditation(course_id=course_id if module_id is None else None, module_id=module_id, **columns)
    db.session.add(row)
    db.session.flush()
    happened = AccreditationAdded(
        accreditation_id=row.id,
        course_id=course_id,
        module_id=module_id,
        register=row.register_code,
        points=row.points,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )
    audit.record(happened, actor=actor, at=now)
    return row


def _edit_accreditation(row: Accreditation, columns: Columns, actor: Actor, now: datetime) -> str:
    changed = change(row, columns)
    if not changed:
        return "unchanged"
    owner = row.course_id if row.course_id is not None else get_row(Module, row.module_id).course_id
    happened = AccreditationEdited(
        accreditation_id=row.id,
        course_id=owner,
        module_id=row.module_id,
        changed=changed,
        points=row.points,
        valid_until=row.valid_until,
    )
    audit.record(happened, actor=actor, at=now)
    return "changed"


def _course_columns(details: CourseDetails) -> Columns:
    if details.price_cents < 0:
        raise Refused(_("Vul een prijs in van 0 euro of meer."), "price_cents")
    if not details.delivery or not set(details.delivery) <= set(Delivery):
        raise Refused(_("Kies op locatie, online of allebei."), "delivery")
    if details.vat not in set(Vat):
        raise Refused(_("Kies vrijgesteld of 21 procent."), "vat")
    return {**asdict(details), "delivery": list(details.delivery)}


def _require_hours(details: ModuleDetails) -> None:
    if details.contact_minutes <= 0:
        raise Refused(_("Vul in hoeveel uur dit dagdeel duurt, zonder pauzes."), "contact_minutes")


def _require_period(valid_from: date | None, valid_until: date | None) -> None:
    if valid_from and valid_until and valid_until < valid_from:
        raise Refused(_("Vul een laatste dag in die na de eerste dag ligt."), "valid_until")

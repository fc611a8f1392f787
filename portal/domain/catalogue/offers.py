"""What courses consist of and bring: their modules and accreditations, read together.

The statements are built once: building one costs as much as running it, and every public page runs these."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, select

from portal.db import db
from portal.domain.catalogue import rules
from portal.domain.catalogue.facts import AccreditationRow, CourseFacts, ModuleRow
from portal.domain.catalogue.models import Accreditation, Module, Register

AnyRow = Row[*tuple[Any, ...]]
module = Module.__table__
accreditation = Accreditation.__table__
register = Register.__table__

MODULES = (
    select(*module.columns)
    .where(module.c.course_id.in_(bindparam("courses", expanding=True)))
    .order_by(module.c.course_id, module.c.position)
)
ACCREDITATIONS = (
    select(
        *accreditation.columns, accreditation.c.register_code.label("register"), register.c.name.label("register_name")
    )
    .join_from(accreditation, register, accreditation.c.register_code == register.c.code)
    .where(
        accreditation.c.course_id.in_(bindparam("courses", expanding=True))
        | accreditation.c.module_id.in_(bindparam("modules", expanding=True))
    )
    .order_by(accreditation.c.register_code, accreditation.c.module_id, accreditation.c.valid_from, accreditation.c.id)
)


def names_of(kind: Any, *, without: Collection[str] = ()) -> tuple[str, ...]:
    """The names of a dataclass's fields that a row of the database fills."""
    return tuple(field.name for field in fields(kind) if field.name not in without)


OF_COURSE = names_of(CourseFacts, without=("modules", "accreditations", "points"))
OF_MODULE = names_of(ModuleRow, without=("points",))
OF_ACCREDITATION = names_of(AccreditationRow)


def values(row: AnyRow, names: Collection[str]) -> dict[str, Any]:
    """The values of a row under these names."""
    return {name: getattr(row, name) for name in names}


class Offer:
    """Modules and accreditations of some courses, by course. Two queries."""

    def __init__(self, course_ids: Collection[int]) -> None:
        self.modules: dict[int, list[AnyRow]] = defaultdict(list)
        self.accreditations: dict[int, list[AccreditationRow]] = defaultdict(list)
        courses = list(course_ids)
        for row in db.session.execute(MODULES, {"courses": courses}):
            self.modules[row.course_id].append(row)
        course_of = {module.id: course_id for course_id, rows in self.modules.items() for module in rows}
        for row in db.session.execute(ACCREDITATIONS, {"courses": courses, "modules": list(course_of)}):
            owner = row.course_id if row.course_id is not None else course_of[row.module_id]
            self.accreditations[owner].append(AccreditationRow(**values(row, OF_ACCREDITATION)))
        self.grants = {course: [row.grant for row in rows] for course, rows in self.accreditations.items()}

    def points(self, course_id: int, chosen: dict[int, date]) -> dict[str, int]:
        """Points per register for these modules on these days."""
        grants = self.grants.get(course_id, [])
        return rules.points_on_offer(grants, chosen, [module.id for module in self.modules[course_id]])

    def course(self, row: AnyRow, on: date) -> CourseFacts:
        """All that is told about the course of a row; its points are those that hold on that day."""
        modules = self.modules[row.id]
        return CourseFacts(
            **values(row, OF_COURSE),
            modules=[ModuleRow(**values(m, OF_MODULE), points=self.points(row.id, {m.id: on})) for m in modules],
            accreditations=self.accreditations[row.id],
            points=self.points(row.id, {module.id: on for module in modules}),
        )

"""The registers' grants over all courses, by the day on which they end."""

from datetime import date

from sqlalchemy import case, func, select

from portal.db import Page, paged
from portal.domain.catalogue.models import Accreditation, Course, Module, Register


def list_accreditations(*, on: date, page: int = 1, per_page: int = 50) -> Page:
    """A page of all grants: those that end on or after the day first, by their last day; then those without an end;
    then the past, the latest first. Two queries.

    Rows: id, course_id, course, module (its title, None for the whole), position, register (its name), number, points,
    valid_from, valid_until."""
    past = Accreditation.valid_until < on
    rank = case((past, 2), (Accreditation.valid_until.is_(None), 1), else_=0)
    coming = case((past, None), else_=Accreditation.valid_until)
    wanted = (
        select(
            Accreditation.id,
            Course.id.label("course_id"),
            Course.title.label("course"),
            Module.title.label("module"),
            Module.position,
            Register.name.label("register"),
            Accreditation.number,
            Accreditation.points,
            Accreditation.valid_from,
            Accreditation.valid_until,
        )
        .join(Register, Register.code == Accreditation.register_code)
        .outerjoin(Module, Module.id == Accreditation.module_id)
        .join(Course, Course.id == func.coalesce(Accreditation.course_id, Module.course_id))
        .order_by(rank, coming, Accreditation.valid_until.desc(), Course.title, Module.position, Accreditation.id)
    )
    return paged(wanted, page=page, per_page=per_page)

"""How much of a meeting the registers ask."""

from datetime import date

from sqlalchemy import or_, select

from portal.db import db
from portal.domain.catalogue.models import Accreditation, Module


def thresholds_on(module_id: int, day: date) -> dict[str, int]:
    """The per cents of its net minutes that are needed for points of a module that is given on a day, by register in
    the order of the alphabet; where a module and its course both have a grant, the higher. One query."""
    rows = db.session.execute(
        select(Accreditation.register_code, Accreditation.threshold_percent)
        .join(Module, or_(Accreditation.module_id == Module.id, Accreditation.course_id == Module.course_id))
        .where(
            Module.id == module_id,
            or_(Accreditation.valid_from.is_(None), Accreditation.valid_from <= day),
            or_(Accreditation.valid_until.is_(None), Accreditation.valid_until >= day),
        )
        .order_by(Accreditation.register_code, Accreditation.threshold_percent)
    )
    return {row.register_code: row.threshold_percent for row in rows}

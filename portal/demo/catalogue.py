"""The real catalogue comes in, and gets the texts, prices and numbers that its file does not state."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from portal.audit import Actor
from portal.db import db
from portal.demo.texts import COURSES
from portal.domain.catalogue import commands as catalogue
from portal.domain.catalogue.models import Accreditation, Course, Module

SYSTEM = Actor.system("cli")
CATALOGUE = Path(__file__).parent.parent / "data" / "catalogue-2024.toml"


def offer(now: datetime) -> None:
    """Imports the catalogue of 2024, writes its texts and prices, and numbers its accreditations."""
    catalogue.import_catalogue(data=CATALOGUE.read_bytes(), actor=SYSTEM, now=now)
    for slug, texts in COURSES.items():
        course = course_by(slug)
        catalogue.edit_course(
            course_id=course.id,
            details=catalogue.CourseDetails(
                title=course.title,
                summary=texts.summary,
                outcome=texts.outcome,
                audience=texts.audience,
                delivery=tuple(course.delivery),
                separately_bookable=course.separately_bookable,
                price_cents=texts.price_cents,
                vat=course.vat,
            ),
            actor=SYSTEM,
            now=now,
        )
        for module in modules_of(course.id):
            catalogue.edit_module(
                module_id=module.id,
                details=catalogue.ModuleDetails(
                    title=module.title,
                    contact_minutes=module.contact_minutes,
                    preparation=module.preparation,
                    preparation_minutes=module.preparation_minutes,
                    price_cents=texts.module_price_cents,
                ),
                actor=SYSTEM,
                now=now,
            )
    _number_accreditations(now)


def course_by(slug: str) -> Course:
    """A course of the catalogue."""
    return db.session.scalars(select(Course).where(Course.slug == slug)).one()


def modules_of(course_id: int) -> list[Module]:
    """Its modules in order."""
    return list(db.session.scalars(select(Module).where(Module.course_id == course_id).order_by(Module.position)))


def _number_accreditations(now: datetime) -> None:
    """The reports name no ID numbers; a certificate has to, so the demo makes some up that say so."""
    for accreditation in db.session.scalars(select(Accreditation).order_by(Accreditation.id)):
        catalogue.edit_accreditation(
            accreditation_id=accreditation.id,
            number=f"DEMO-{accreditation.id:04d}",
            valid_until=accreditation.valid_until,
            actor=SYSTEM,
            now=now,
        )

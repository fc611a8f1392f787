"""Two of the office who answer one request at the very same moment: the database decides."""

from flask import Flask
from sqlalchemy import select

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import RoleGrant
from portal.domain.accounts.rules import Role
from portal.domain.catalogue.rules import EditionKind
from portal.domain.incompany import commands
from portal.domain.incompany.models import TrainingRequest
from portal.domain.incompany.queries import get_request
from portal.errors import Conflict
from portal.mail import OutgoingMail
from tests import factories
from tests.domain.enrolment.test_races import at_once

ROUNDS = 6
ANSWERS = {"incompany.planned", "incompany.declined"}


def asked(number: int) -> tuple[int, int]:
    """A request and the closed edition that would answer it."""
    course = factories.course_with_modules(1)
    client = factories.organisation()
    edition = factories.edition_with_meetings(course, kind=EditionKind.IN_COMPANY, organisation_id=client.id).edition
    db.session.commit()
    with transaction():
        request = commands.ask_for_training(
            course_id=course.course.id,
            organisation_name="Zorggroep De Brug",
            contact_name="Bo Visser",
            contact_email=f"bo{number}@zorg.example",
            language="nl",
            group_size=12,
            period="Voorjaar",
            place="Bij ons",
            goal="Samenwerken",
            actor=Actor.visitor(),
            now=clock.now(),
        )
    return request.id, edition.id


def test_a_request_is_answered_once_and_with_one_mail(app: Flask) -> None:
    for round_number in range(1, ROUNDS + 1):
        request_id, edition_id = asked(round_number)

        def answer(number: int, request_id: int = request_id, edition_id: int = edition_id) -> bool:
            try:
                with transaction():
                    request, actor, now = get_request(request_id), Actor.system(), clock.now()
                    if number:
                        commands.decline(request=request, reason="Vol", actor=actor, now=now)
                    else:
                        edition = db.session.get_one(factories.Edition, edition_id)
                        commands.link_to_edition(request=request, edition=edition, actor=actor, now=now)
            except Conflict:
                return False
            return True

        assert at_once(app, answer, workers=2) == 1
        answers = db.session.scalars(select(OutgoingMail.kind).where(OutgoingMail.kind.in_(ANSWERS))).all()
        assert len(answers) == round_number
        assert sum(audit.list_entries(tag=tag).total for tag in ANSWERS) == round_number
        db.session.expire_all()
        kept = db.session.get_one(TrainingRequest, request_id)
        has_role = select(RoleGrant.id).filter_by(person_id=kept.contact_id, role=Role.ORGANISATION)
        is_planned = kept.state == "planned"
        assert (kept.edition_id is not None, bool(db.session.scalar(has_role))) == (is_planned, is_planned)

"""Asking for, planning and declining in-company trainings."""

from datetime import datetime

from sqlalchemy import update

from portal import audit
from portal.audit import Actor, Private
from portal.clock import local_date
from portal.db import db
from portal.domain.accounts import commands as accounts
from portal.domain.accounts.rules import Role
from portal.domain.catalogue.models import Course, Edition
from portal.domain.catalogue.rules import EditionKind
from portal.domain.enrolment import commands as enrolment
from portal.domain.enrolment.participants import require_plain
from portal.domain.enrolment.queries import get_terms
from portal.domain.enrolment.rules import ContractParty
from portal.domain.incompany import mails
from portal.domain.incompany.events import TrainingDeclined, TrainingPlanned, TrainingRequested
from portal.domain.incompany.models import TrainingRequest
from portal.domain.incompany.rules import RequestState, may_become
from portal.errors import Conflict, NotFound, Refused
from portal.language import _


def ask_for_training(
    *,
    course_id: int,
    organisation_name: str,
    contact_name: str,
    contact_email: str,
    language: str,
    group_size: int,
    period: str,
    place: str,
    goal: str,
    actor: Actor,
    now: datetime,
) -> TrainingRequest:
    """Writes down what somebody asks for; tells them and the office. No account is needed first.

    Refuses a name with a web address in it: the answer goes to an address that anybody may have typed."""
    require_plain(contact_name, contact_email)
    course = db.session.get(Course, course_id)
    if course is None or not course.visible:
        raise NotFound
    contact = accounts.add_person(name=contact_name, email=contact_email, language=language, actor=actor, now=now)
    request = TrainingRequest(
        organisation_name=organisation_name,
        contact_id=contact.id,
        course_id=course.id,
        state=RequestState.REQUESTED,
        group_size=group_size,
        period=period,
        place=place,
        goal=goal,
        requested_at=now,
    )
    db.session.add(request)
    db.session.flush()
    happened = TrainingRequested(request_id=request.id, person_id=contact.id, course_id=course.id)
    audit.record(happened, actor=actor, at=now)
    mails.request_received(request, contact, course.title, now)
    return request


def enter_participant(*, edition: Edition, name: str, email: str, actor: Actor, now: datetime) -> None:
    """Enrols somebody of the client's in its closed edition, in every meeting. The organisation is the one that
    contracts, under the terms that hold today. Errors: as enrolment.enrol."""
    enrolment.enrol(
        edition_id=edition.id,
        module_ids=None,
        participant=enrolment.Participant(name=name, email=email),
        contract_party=ContractParty.ORGANISATION,
        organisation_id=edition.organisation_id,
        terms_version_id=get_terms(local_date(now)).id,
        actor=actor,
        now=now,
        trusted=True,
    )


def link_to_edition(*, request: TrainingRequest, edition: Edition, actor: Actor, now: datetime) -> None:
    """Answers a request with a closed edition that the office planned for the client. The asker becomes the client's
    contact in the portal. Refuses an open edition, or one of a course that was not asked for."""
    if edition.kind != EditionKind.IN_COMPANY or edition.organisation_id is None:
        raise Refused(_("Kies een besloten uitvoering, met een opdrachtgever."), "edition_id")
    if edition.course_id != request.course_id:
        raise Refused(_("Deze uitvoering is van een andere training dan gevraagd."), "edition_id")
    _answer(request, RequestState.PLANNED, now)
    request.edition_id, request.organisation_id = edition.id, edition.organisation_id
    accounts.grant_role(
        person_id=request.contact_id,
        role=Role.ORGANISATION,
        organisation_id=edition.organisation_id,
        actor=actor,
        now=now,
    )
    happened = TrainingPlanned(request_id=request.id, edition_id=edition.id, organisation_id=edition.organisation_id)
    audit.record(happened, actor=actor, at=now)
    mails.planned(request, request.contact, request.course.title, now)


def decline(*, request: TrainingRequest, reason: str, actor: Actor, now: datetime) -> None:
    """Answers a request with no, and says why."""
    _answer(request, RequestState.DECLINED, now)
    audit.record(TrainingDeclined(request_id=request.id, reason=Private(reason)), actor=actor, at=now)
    mails.declined(request, request.contact, request.course.title, reason, now)


def _answer(request: TrainingRequest, state: RequestState, now: datetime) -> None:
    """Of two answers at once the database takes one; whoever comes second has changed and mailed nothing."""
    before = [known for known in RequestState if may_become(known, state)]
    answered = db.session.execute(
        update(TrainingRequest)
        .where(TrainingRequest.id == request.id, TrainingRequest.state.in_(before))
        .values(state=state, answered_at=now)
        .returning(TrainingRequest.id)
    ).first()
    if answered is None:
        raise Conflict(_("Op deze aanvraag is al geantwoord. Ververs de pagina om te zien hoe."))

"""Issuing, revoking and replacing one certificate. A batch of them: issue_runs."""

import dataclasses
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from portal import audit
from portal.audit import Actor, Private
from portal.clock import local_date
from portal.db import db
from portal.documents.certificate import CertificateFacts, facts_from_json, facts_to_json, render_certificate
from portal.domain.accounts.models import Person
from portal.domain.accreditation.commands import settle_points
from portal.domain.catalogue.models import Course, Edition
from portal.domain.certificates import mails
from portal.domain.certificates.candidates import list_candidates
from portal.domain.certificates.events import CertificateIssued, CertificateReplaced, CertificateRevoked
from portal.domain.certificates.models import Certificate, CertificateYear
from portal.domain.certificates.printed_facts import Identity, gather
from portal.domain.certificates.rules import (
    REVOCATIONS,
    CertificateState,
    EndReason,
    Hindrance,
    Standing,
    certificate_number,
)
from portal.domain.certificates.wording import standing_in_words
from portal.domain.enrolment.models import Enrolment
from portal.errors import Conflict, NotFound, Refused
from portal.language import _
from portal.links import link


@dataclass(frozen=True)
class Draft:
    """A certificate that was printed before its transaction began, so that no lock waits for the printing. It is used
    when its facts are still true then, else it is printed again."""

    facts: str
    pdf: bytes


class _Holder(NamedTuple):
    enrolment: Enrolment
    person: Person
    course_title: str


def prepare(*, enrolment_id: int, code: str, now: datetime) -> Draft | None:
    """Prints what an enrolment would get now; None when it attended nothing. Reads only; call it outside
    transaction()."""
    year = local_date(now).year
    last = db.session.scalar(select(CertificateYear.last_serial).where(CertificateYear.year == year)) or 0
    facts = gather(enrolment_id, identity=Identity(certificate_number(year, last + 1), code), now=now)
    if not facts.rows:
        return None
    return Draft(facts_to_json(facts), render_certificate(facts))


def issue_certificate(
    *, enrolment_id: int, code: str, actor: Actor, now: datetime, draft: Draft | None = None, again: bool = False
) -> Certificate:
    """Gives an enrolment its certificate: facts and bytes frozen, holder mailed.

    `code`: from documents.codes.new_code. `again`: a deliberate new one after a revocation. NotFound without such an
    enrolment, Refused when it is not ready, Conflict when it has a valid one."""
    holder = _holder(enrolment_id)
    found = list_candidates([holder.enrolment.edition_id], enrolment_id)
    if not found:
        raise Refused(_("Deze inschrijving is geannuleerd."))
    standing = found[0].readiness
    if standing.standing is Standing.ISSUED:
        raise _has_one()
    if standing.standing is Standing.BLOCKED and not (again and standing.hindrance is Hindrance.REVOKED):
        raise Refused(standing_in_words(standing))
    settle_points(enrolment_id=enrolment_id, actor=actor, now=now)
    facts = gather(enrolment_id, identity=Identity(_next_number(now), code), now=now)
    certificate = _freeze(facts, enrolment_id=enrolment_id, actor=actor, now=now, draft=draft)
    _note_issued(certificate, holder, actor=actor, now=now)
    mails.issued(
        certificate, holder.person, course_title=holder.course_title, edition_id=holder.enrolment.edition_id, now=now
    )
    return certificate


def revoke_certificate(
    *, certificate_id: int, reason: EndReason, explanation: str, actor: Actor, now: datetime
) -> None:
    """Takes a valid certificate back. `reason` is shown to whoever checks it; `explanation` only to who may read the
    log. NotFound, or Conflict when it does not hold any more."""
    if reason not in REVOCATIONS:
        raise ValueError(f"not a reason to revoke: {reason}")
    certificate = _end(certificate_id, CertificateState.REVOKED, reason, now)
    holder = _holder(certificate.enrolment_id)
    audit.record(
        CertificateRevoked(
            certificate_id=certificate.id,
            enrolment_id=holder.enrolment.id,
            edition_id=holder.enrolment.edition_id,
            person_id=holder.person.id,
            number=certificate.number,
            reason=reason,
            explanation=Private(explanation),
        ),
        actor=actor,
        at=now,
    )
    mails.revoked(
        certificate, holder.person, course_title=holder.course_title, edition_id=holder.enrolment.edition_id, now=now
    )


def replace_certificate(*, certificate_id: int, name: str, code: str, actor: Actor, now: datetime) -> Certificate:
    """Issues the same certificate with the right name, under a new number and code; the old one leads to the new one.

    Training, dates and points are those of the old one. The enrolment takes the name over. NotFound, Conflict when it
    does not hold any more, Refused when the name is the same."""
    old = _end(certificate_id, CertificateState.REPLACED, EndReason.NAME_CORRECTED, now)
    was = facts_from_json(old.facts)
    if was.holder_name == name:
        raise Refused(_("Deze naam staat al op het certificaat. Vul de naam in zoals die moet zijn."), field="name")
    holder = _holder(old.enrolment_id)
    holder.enrolment.participant_name = name
    facts = dataclasses.replace(
        was,
        number=_next_number(now),
        code=code,
        check_url=link(f"/c/{code}"),
        holder_name=name,
        issued_on=local_date(now),
    )
    new = _freeze(facts, enrolment_id=old.enrolment_id, actor=actor, now=now)
    _replace(old, new, holder, actor=actor, now=now)
    mails.replaced(
        new, holder.person, course_title=holder.course_title, edition_id=holder.enrolment.edition_id, now=now
    )
    db.session.flush()
    return new


def renew_certificate(*, certificate_id: int, code: str, actor: Actor, now: datetime) -> Certificate:
    """Issues a certificate anew since a module was made up, with what was attended by now, under a new number and code;
    the old one leads to the new one.

    NotFound, Conflict when it does not hold any more, Refused when nothing was made up that is not on it, or the list
    of that is not finished."""
    known = db.session.get(Certificate, certificate_id)
    if known is None:
        raise NotFound
    holder = _holder(known.enrolment_id)
    found = list_candidates([holder.enrolment.edition_id], known.enrolment_id)
    if known.state == CertificateState.VALID and not any(one.readiness.outdated for one in found):
        raise Refused(_("Er is sinds dit certificaat niets ingehaald. Het blijft zoals het is."))
    old = _end(certificate_id, CertificateState.REPLACED, EndReason.MADE_UP, now)
    settle_points(enrolment_id=old.enrolment_id, actor=actor, now=now)
    facts = gather(old.enrolment_id, identity=Identity(_next_number(now), code), now=now)
    new = _freeze(facts, enrolment_id=old.enrolment_id, actor=actor, now=now)
    _replace(old, new, holder, actor=actor, now=now)
    mails.renewed(new, holder.person, course_title=holder.course_title, edition_id=holder.enrolment.edition_id, now=now)
    db.session.flush()
    return new


def _replace(old: Certificate, new: Certificate, holder: _Holder, *, actor: Actor, now: datetime) -> None:
    old.replaced_by_id = new.id
    _note_issued(new, holder, actor=actor, now=now, replaces=old.number)
    audit.record(
        CertificateReplaced(
            certificate_id=old.id,
            enrolment_id=holder.enrolment.id,
            edition_id=holder.enrolment.edition_id,
            person_id=holder.person.id,
            number=old.number,
            replaced_by=new.number,
        ),
        actor=actor,
        at=now,
    )


def _holder(enrolment_id: int) -> _Holder:
    row = db.session.execute(
        select(Enrolment, Person, Course.title)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Edition, Edition.id == Enrolment.edition_id)
        .join(Course, Course.id == Edition.course_id)
        .where(Enrolment.id == enrolment_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return _Holder(*row)


def _next_number(now: datetime) -> str:
    """The next number of the year. Its row stays locked until the commit, so numbers are neither lost nor doubled."""
    year = local_date(now).year
    count_up = (
        update(CertificateYear)
        .where(CertificateYear.year == year)
        .values(last_serial=CertificateYear.last_serial + 1)
        .returning(CertificateYear.last_serial)
        .execution_options(synchronize_session=False)
    )
    serial = db.session.scalar(count_up)
    if serial is None:
        try:
            with db.session.begin_nested():
                db.session.execute(insert(CertificateYear).values(year=year, last_serial=0))
        except IntegrityError:
            pass  # another transaction has just begun the year
        serial = db.session.execute(count_up).scalar_one()
    return certificate_number(year, serial)


def _freeze(
    facts: CertificateFacts, *, enrolment_id: int, actor: Actor, now: datetime, draft: Draft | None = None
) -> Certificate:
    text = facts_to_json(facts)
    pdf = draft.pdf if draft and draft.facts == text else render_certificate(facts)
    certificate = Certificate(
        number=facts.number,
        code=facts.code,
        enrolment_id=enrolment_id,
        state=CertificateState.VALID,
        facts=text,
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        issued_at=now,
        issued_by_id=actor.id,
    )
    db.session.add(certificate)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise _has_one() from error
    return certificate


def _end(certificate_id: int, state: CertificateState, reason: EndReason, now: datetime) -> Certificate:
    """Lets the database decide which of two people was first."""
    ended = db.session.execute(
        update(Certificate)
        .where(Certificate.id == certificate_id, Certificate.state == CertificateState.VALID)
        .values(state=state, end_reason=reason, ended_at=now)
        .returning(Certificate.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    certificate = db.session.get(Certificate, certificate_id, populate_existing=True)
    if certificate is None:
        raise NotFound
    if ended is None:
        raise Conflict(_("Dit certificaat geldt al niet meer. Op de pagina ervan lees je waarom."))
    return certificate


def _note_issued(
    certificate: Certificate, holder: _Holder, *, actor: Actor, now: datetime, replaces: str | None = None
) -> None:
    audit.record(
        CertificateIssued(
            certificate_id=certificate.id,
            enrolment_id=holder.enrolment.id,
            edition_id=holder.enrolment.edition_id,
            person_id=holder.person.id,
            number=certificate.number,
            sha256=certificate.sha256,
            replaces=replaces,
        ),
        actor=actor,
        at=now,
    )


def _has_one() -> Conflict:
    return Conflict(_("Deze deelnemer heeft al een geldig certificaat."))

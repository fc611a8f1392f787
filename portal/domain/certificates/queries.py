"""Finding certificates and batches of issuing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import aliased

from portal.db import Page, db, paged
from portal.documents.certificate import CertificateFacts, facts_from_json
from portal.domain.accounts.models import Person
from portal.domain.catalogue.models import Course, Edition
from portal.domain.certificates.initials import with_initials
from portal.domain.certificates.models import Certificate, IssueRun, IssueRunItem
from portal.domain.certificates.rules import CertificateState, ItemState, RunState
from portal.domain.enrolment.models import Enrolment
from portal.errors import NotFound

AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class CertificateView:
    """A certificate with all that its pages show, save the bytes. `shown_name`: as its holder wants strangers to read
    it. `replaced_by_*` are None unless it was replaced."""

    id: int
    state: CertificateState
    facts: CertificateFacts
    sha256: str
    issued_at: datetime
    ended_at: datetime | None
    end_reason: str
    enrolment_id: int
    edition_id: int
    person_id: int
    shown_name: str
    replaced_by_id: int | None
    replaced_by_code: str | None
    replaced_by_number: str | None


class Holding(NamedTuple):
    """Whose a certificate is, and under what number."""

    person_id: int
    edition_id: int
    number: str


class Progress(NamedTuple):
    """How far a batch is."""

    waiting: int
    issued: int
    refused: int

    @property
    def done(self) -> int:
        return self.issued + self.refused


def find_by_code(code: str) -> CertificateView | None:
    """The certificate with this code, written as it is stored; None when we never issued it. One query."""
    return _view(db.session.execute(_views().where(Certificate.code == code)).one_or_none())


def get_certificate(certificate_id: int) -> CertificateView:
    """The certificate, or NotFound. One query."""
    found = _view(db.session.execute(_views().where(Certificate.id == certificate_id)).one_or_none())
    if found is None:
        raise NotFound
    return found


def get_holding(certificate_id: int) -> Holding:
    """Whose it is, or NotFound."""
    row = db.session.execute(
        select(Enrolment.person_id, Enrolment.edition_id, Certificate.number)
        .join(Certificate, Certificate.enrolment_id == Enrolment.id)
        .where(Certificate.id == certificate_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Holding(*row)


def get_pdf(certificate_id: int) -> bytes:
    """The bytes as they were issued, the same for ever; NotFound when there is no such certificate."""
    pdf = db.session.scalar(select(Certificate.pdf).where(Certificate.id == certificate_id))
    if pdf is None:
        raise NotFound
    return pdf


def list_own(person_id: int, *, page: int = 1, per_page: int = 20) -> Page:
    """A page of somebody's certificates, the newest first.

    Rows: id, number, code, state, issued_at, ended_at, end_reason, facts, title."""
    wanted = (
        select(
            Certificate.id, Certificate.number, Certificate.code, Certificate.state, Certificate.issued_at,
            Certificate.ended_at, Certificate.end_reason, Certificate.facts, Course.title,
        )
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Edition, Edition.id == Enrolment.edition_id)
        .join(Course, Course.id == Edition.course_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
    )  # fmt: skip
    return paged(wanted, page=page, per_page=per_page)


def find_id_by_number(number: str) -> int | None:
    """The certificate with this number ('EKC-2027-0001'), whatever its capitals."""
    return db.session.scalar(select(Certificate.id).where(Certificate.number == number.strip().upper()))


def get_edition_heading(edition_id: int) -> AnyRow:
    """id, title, starts_on, place and delivery of an edition, or NotFound."""
    row = db.session.execute(
        select(Edition.id, Course.title, Edition.starts_on, Edition.place, Edition.delivery)
        .join(Course, Course.id == Edition.course_id)
        .where(Edition.id == edition_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def get_run(run_id: int) -> AnyRow:
    """id, edition_id, state, total, requested_at, finished_at of a batch, or NotFound."""
    row = db.session.execute(
        select(
            IssueRun.id, IssueRun.edition_id, IssueRun.state, IssueRun.total, IssueRun.requested_at,
            IssueRun.finished_at,
        ).where(IssueRun.id == run_id)
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound
    return row


def find_unfinished_run(edition_id: int) -> int | None:
    """The number of the batch of an edition that runs or was stopped."""
    return db.session.scalar(
        select(IssueRun.id).where(IssueRun.edition_id == edition_id, IssueRun.state != RunState.FINISHED)
    )


def progress_of(run_id: int) -> Progress:
    """How many of a batch wait, were issued, were refused."""
    rows = db.session.execute(
        select(IssueRunItem.state, func.count()).where(IssueRunItem.run_id == run_id).group_by(IssueRunItem.state)
    )
    counts = {row.state: row[1] for row in rows}
    return Progress(*(counts.get(state, 0) for state in (ItemState.WAITING, ItemState.ISSUED, ItemState.REFUSED)))


def list_items(run_id: int) -> Sequence[AnyRow]:
    """What became of everybody in a batch: the refused first, then by name.

    Rows: enrolment_id, name, state, sentence, certificate_id, number (None while there is none)."""
    refused_first = IssueRunItem.state != ItemState.REFUSED
    return db.session.execute(
        select(
            IssueRunItem.enrolment_id, Enrolment.participant_name.label("name"), IssueRunItem.state,
            IssueRunItem.sentence, Certificate.id.label("certificate_id"), Certificate.number,
        )
        .join(Enrolment, Enrolment.id == IssueRunItem.enrolment_id)
        .outerjoin(
            Certificate,
            (Certificate.enrolment_id == Enrolment.id) & (Certificate.state == CertificateState.VALID),
        )
        .where(IssueRunItem.run_id == run_id)
        .order_by(refused_first, Enrolment.participant_name, Enrolment.id)
    ).all()  # fmt: skip


def _views() -> Select[*tuple[Any, ...]]:
    newer = aliased(Certificate)
    return (
        select(
            Certificate.id, Certificate.state, Certificate.facts, Certificate.sha256, Certificate.issued_at,
            Certificate.ended_at, Certificate.end_reason, Certificate.enrolment_id, Enrolment.edition_id,
            Enrolment.person_id, Person.initials_only, newer.id.label("replaced_by_id"),
            newer.code.label("replaced_by_code"), newer.number.label("replaced_by_number"),
        )
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(newer, newer.id == Certificate.replaced_by_id)
    )  # fmt: skip


def _view(row: AnyRow | None) -> CertificateView | None:
    if row is None:
        return None
    columns = dict(row._mapping)
    facts = facts_from_json(columns.pop("facts"))
    initials_only = columns.pop("initials_only")
    shown = with_initials(facts.holder_name) if initials_only else facts.holder_name
    columns["state"] = CertificateState(columns["state"])
    return CertificateView(**columns, facts=facts, shown_name=shown)

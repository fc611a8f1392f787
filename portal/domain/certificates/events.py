"""What the audit log notes about certificates. Names, register numbers and codes are never in a payload."""

from dataclasses import dataclass
from typing import ClassVar

from portal.audit import Event, Private


@dataclass(frozen=True)
class CertificateIssued(Event):
    """`sha256` is that of the PDF: the log proves the bytes. `replaces`: the number of the one that it corrects."""

    tag: ClassVar[str] = "certificates.issued"
    certificate_id: int
    enrolment_id: int
    edition_id: int
    person_id: int
    number: str
    sha256: str
    replaces: str | None = None


@dataclass(frozen=True)
class CertificateRevoked(Event):
    tag: ClassVar[str] = "certificates.revoked"
    certificate_id: int
    enrolment_id: int
    edition_id: int
    person_id: int
    number: str
    reason: str
    explanation: Private


@dataclass(frozen=True)
class CertificateReplaced(Event):
    tag: ClassVar[str] = "certificates.replaced"
    certificate_id: int
    enrolment_id: int
    edition_id: int
    person_id: int
    number: str
    replaced_by: str


@dataclass(frozen=True)
class IssueRequested(Event):
    tag: ClassVar[str] = "certificates.run_requested"
    issue_run_id: int
    edition_id: int
    total: int


@dataclass(frozen=True)
class IssueStopped(Event):
    tag: ClassVar[str] = "certificates.run_stopped"
    issue_run_id: int
    edition_id: int
    waiting: int


@dataclass(frozen=True)
class IssueStarted(Event):
    """Started again after it was stopped."""

    tag: ClassVar[str] = "certificates.run_started"
    issue_run_id: int
    edition_id: int
    waiting: int


@dataclass(frozen=True)
class IssueFinished(Event):
    tag: ClassVar[str] = "certificates.run_finished"
    issue_run_id: int
    edition_id: int
    issued: int
    refused: int

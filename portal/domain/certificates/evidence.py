"""A certificate in the sealed log: which entry tells of its issue, and what proves it to others."""

from dataclasses import dataclass

from portal import audit
from portal.audit import Head, Proof
from portal.domain.certificates.events import CertificateIssued


@dataclass(frozen=True)
class Sealing:
    """The number of the entry that tells of the issue, and the newest head over it; None before the log was sealed."""

    seq: int
    head: Head | None


def find_sealing(certificate_id: int) -> Sealing | None:
    """Where the issue of a certificate stands in the log; None when the log does not tell of it. Two queries."""
    seq = audit.find_seq("certificate", certificate_id, CertificateIssued.tag)
    return Sealing(seq, audit.find_head_over(seq)) if seq is not None else None


def prove_issue(sealing: Sealing, *, number: str, sha256: str) -> Proof | None:
    """The proof that the issue of the certificate with this number and file is under the head. None when the log does
    not say so, or is no longer what was signed."""
    proof = audit.prove(sealing.seq, sealing.head) if sealing.head else None
    if proof is None:
        return None
    facts = proof.leaf["facts"]
    return proof if (facts.get("number"), facts.get("sha256")) == (number, sha256) else None

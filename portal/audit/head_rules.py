"""When the log is sealed, and what is signed then. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LONGEST = timedelta(days=1)
# A batch of certificates ends with an entry of its own; one certificate by itself waits for what comes with it.
SETTLED = timedelta(minutes=1)
# So many at once, so that a head over a long log is made in pieces; what waits beyond them is sealed at once.
MOST = 50_000
CERTIFICATES = ("certificates.issued", "certificates.replaced", "certificates.revoked")
BATCH_ENDS = "certificates.run_finished"


@dataclass(frozen=True)
class Head:
    """A signed head. `root` in hex, of the tree over the entries 1 to `size`; `signature` in hex, over signed_text()
    by the key `key_id`. `id` None: it was not stored yet."""

    size: int
    root: str
    signed_at: datetime
    key_id: str
    signature: str = ""
    id: int | None = None


@dataclass(frozen=True)
class Unsealed:
    """What the log holds after its newest head (`sealed_at` None: there is none): how many entries, when the oldest of
    certificates among them was written, and whether a batch ended among them."""

    entries: int
    sealed_at: datetime | None
    first_certificate_at: datetime | None = None
    batch_ended: bool = False


def is_due(found: Unsealed, now: datetime) -> bool:
    """Whether a new head is to be made: for new certificates, after a batch, for very many entries, and otherwise once
    a day. A log without entries has none."""
    if found.sealed_at is None:
        return found.entries > 0
    if found.entries >= MOST or found.batch_ended or now - found.sealed_at >= LONGEST:
        return True
    return found.first_certificate_at is not None and now - found.first_certificate_at >= SETTLED


def signed_text(head: Head) -> bytes:
    """The bytes that are signed: four lines, fixed for ever."""
    return f"leerkring-head-1\n{head.size}\n{head.root}\n{instant(head.signed_at)}\n".encode()


def instant(at: datetime) -> str:
    """'2027-03-01T09:00:00.000000Z': always of the same length."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

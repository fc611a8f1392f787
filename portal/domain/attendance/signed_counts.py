"""A number of people as it was signed: from the number as it stands, with the changes that the log tells undone."""

from dataclasses import dataclass

from portal import audit
from portal.domain.attendance.count_events import CountAmended
from portal.domain.attendance.models import AttendanceSheet
from portal.domain.attendance.signed_lists import get_facts
from portal.domain.attendance.signing import Verdict, count_text, hash_of, in_groups, verdict_on

MOST_AMENDMENTS = 1000


@dataclass(frozen=True)
class CountSignature:
    """A number that was signed and its hash. `people`: what was signed. `kept_hash` None: before hashes were kept."""

    kept_hash: str | None
    people: int
    verdict: Verdict
    amendments: int

    @property
    def groups(self) -> str:
        """The hash that was kept, for the eye."""
        return in_groups(self.kept_hash or "")


def sign_number(sheet: AttendanceSheet, people: int) -> str:
    """Gives a number that is being signed its hash. Returns the hash."""
    facts, _none = get_facts(sheet.meeting_id)
    sheet.sha256 = hash_of(count_text(facts, people))
    return sheet.sha256


def check_number(meeting_id: int, people: int) -> CountSignature:
    """Whether the number as it stands, `people`, comes of what was signed by the changes in the log; NotFound when
    nothing is signed. Four queries at most."""
    facts, kept_hash = get_facts(meeting_id)
    changes = audit.list_entries(
        tags=[CountAmended.tag], kind="meeting", thing_id=meeting_id, per_page=MOST_AMENDMENTS
    ).entries
    fits, signed = True, people
    for change in changes:
        fits = fits and change.facts["people"] == signed
        signed = change.facts["before"]
    verdict = verdict_on(kept_hash, count_text(facts, signed), fits=fits, amendments=len(changes))
    return CountSignature(kept_hash, signed, verdict, len(changes))

"""Who may look at an edition before it is anybody's."""

from collections.abc import Collection

from portal.domain.accounts.queries import SignedIn
from portal.domain.accounts.rules import Role
from portal.domain.catalogue.rules import EditionKind, EditionState

STAFF = frozenset({Role.OFFICE, Role.ADMIN, Role.AUDITOR})


def may_see_edition(
    person: SignedIn | None, *, state: str, kind: str, organisation_id: int | None, trainer_ids: Collection[int]
) -> bool:
    """Anybody sees an open edition that is or was published. A draft is for the staff and its trainers, an in-company
    edition besides for its own organisation's contacts."""
    if state != EditionState.DRAFT and kind == EditionKind.OPEN:
        return True
    if person is None:
        return False
    if person.roles & STAFF or person.id in trainer_ids:
        return True
    return state != EditionState.DRAFT and organisation_id in person.organisation_ids

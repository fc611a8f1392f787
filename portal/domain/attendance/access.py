"""Who may keep a meeting's list."""

from collections.abc import Collection

from portal.audit import Actor
from portal.domain.accounts.queries import SignedIn
from portal.domain.accounts.rules import Role


def may_keep_list(person: SignedIn, trainer_ids: Collection[int]) -> bool:
    """Who gives the meeting, and the office."""
    return person.id in trainer_ids or bool(person.roles & {Role.OFFICE, Role.ADMIN})


def keeper_id(actor: Actor) -> int:
    """The person who keeps a list. ValueError for the portal itself, which never does."""
    if actor.id is None:
        raise ValueError("attendance is kept by a person")
    return actor.id

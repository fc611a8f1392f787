"""States of an edition and the small arithmetic of what is on offer. Pure."""

from enum import StrEnum


class EditionState(StrEnum):
    """draft: only the office sees it. published: people can enrol. cancelled: it will not be given."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


TRANSITIONS: dict[EditionState, frozenset[EditionState]] = {
    EditionState.DRAFT: frozenset({EditionState.PUBLISHED, EditionState.CANCELLED}),
    EditionState.PUBLISHED: frozenset({EditionState.CANCELLED}),
    EditionState.CANCELLED: frozenset(),
}


class EditionKind(StrEnum):
    """open: anybody may enrol. in_company: closed, for one organisation, which enters its own people."""

    OPEN = "open"
    IN_COMPANY = "in_company"


class Delivery(StrEnum):
    ONSITE = "onsite"
    ONLINE = "online"


class Vat(StrEnum):
    """exempt: vocational training by a CRKBO-registered institution (art. 11-1-o Wet OB 1968). standard: 21 %."""

    EXEMPT = "exempt"
    STANDARD = "standard"


def may_become(now: EditionState, then: EditionState) -> bool:
    """Whether an edition in state `now` may go to `then`."""
    return then in TRANSITIONS[now]

"""Why a file that somebody sent cannot be read as a list."""

from enum import StrEnum


class Fault(StrEnum):
    """What is the matter with it."""

    EMPTY = "empty"
    DAMAGED = "damaged"
    OTHER_KIND = "other_kind"
    OLD_OR_LOCKED = "old_or_locked"
    LOCKED = "locked"
    TOO_LARGE = "too_large"
    NESTED = "nested"
    LINKED = "linked"


class Unreadable(ValueError):
    """`fault` says why; the caller finds the words."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault

"""States of an enrolment and who signs its contract. Pure."""

from enum import StrEnum


class EnrolmentState(StrEnum):
    """enrolled: holds seats. completed: every meeting it holds a seat in is finished and attended. cancelled: its seats
    are free again."""

    ENROLLED = "enrolled"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


TRANSITIONS: dict[EnrolmentState, frozenset[EnrolmentState]] = {
    EnrolmentState.ENROLLED: frozenset({EnrolmentState.COMPLETED, EnrolmentState.CANCELLED}),
    EnrolmentState.COMPLETED: frozenset({EnrolmentState.ENROLLED}),
    EnrolmentState.CANCELLED: frozenset(),
}


class ContractParty(StrEnum):
    """Who contracts. A participant who enrols has 14 days to withdraw, also when the employer pays; an organisation
    that contracts has none (source: CRKBO's quality code for institutions, consumer law)."""

    PARTICIPANT = "participant"
    ORGANISATION = "organisation"

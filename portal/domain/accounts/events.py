"""What the audit log notes about people and their signing in."""

from dataclasses import dataclass
from typing import ClassVar

from portal.audit import Event


@dataclass(frozen=True)
class PersonAdded(Event):
    tag: ClassVar[str] = "accounts.person_added"
    person_id: int


@dataclass(frozen=True)
class OrganisationAdded(Event):
    tag: ClassVar[str] = "accounts.organisation_added"
    organisation_id: int


@dataclass(frozen=True)
class RoleGranted(Event):
    tag: ClassVar[str] = "accounts.role_granted"
    person_id: int
    role: str
    organisation_id: int | None = None


@dataclass(frozen=True)
class SignedInEvent(Event):
    tag: ClassVar[str] = "accounts.signed_in"
    person_id: int


@dataclass(frozen=True)
class SignedOut(Event):
    tag: ClassVar[str] = "accounts.signed_out"
    person_id: int


@dataclass(frozen=True)
class RoleWithdrawn(Event):
    tag: ClassVar[str] = "accounts.role_withdrawn"
    person_id: int
    role: str
    organisation_id: int | None = None


@dataclass(frozen=True)
class PasswordSet(Event):
    tag: ClassVar[str] = "accounts.password_set"
    person_id: int


@dataclass(frozen=True)
class ApiTokenMade(Event):
    tag: ClassVar[str] = "accounts.api_token_made"
    person_id: int
    scope: str

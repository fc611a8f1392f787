"""Hashing and checking passwords with argon2id, at the cost that the settings name."""

import base64
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from portal.config import Argon2Cost


def hash_password(password: str) -> str:
    """The encoded argon2id hash of a password, with its salt and its cost."""
    return _hasher(_cost()).hash(_same_everywhere(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether a password is the one behind the hash. Without a hash the same work is done for nothing, so that time
    does not tell who has an account or a password."""
    try:
        return _hasher(_cost()).verify(password_hash or _nobodys_hash(_cost()), _same_everywhere(password))
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Whether a hash was made at another cost than the settings name today."""
    return _hasher(_cost()).check_needs_rehash(password_hash)


def _cost() -> Argon2Cost:
    cost: Argon2Cost = current_app.config["PORTAL"].argon2
    return cost


def _hasher(cost: Argon2Cost) -> PasswordHasher:
    return PasswordHasher(cost.time_cost, cost.memory_kib, cost.parallelism)


def _nobodys_hash(cost: Argon2Cost) -> str:
    """A hash of that cost that no password leads to. It is written down, not computed: a first check that had to
    compute it would take twice as long as the next."""
    salt, digest = (base64.b64encode(b"\0" * length).decode().rstrip("=") for length in (16, 32))
    return f"$argon2id$v=19$m={cost.memory_kib},t={cost.time_cost},p={cost.parallelism}${salt}${digest}"


def _same_everywhere(password: str) -> str:
    """One spelling for a password, whatever keyboard composed its accents (NIST SP 800-63B: NFKC)."""
    return unicodedata.normalize("NFKC", password)

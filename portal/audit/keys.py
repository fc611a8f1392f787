"""The key that signs heads: Ed25519, in a file outside the database, so that who can write in the database cannot sign.

Its public half is kept in the database at its first use, and stays published after the key was replaced."""

import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from flask import current_app

from portal.audit.chain import record
from portal.audit.events import Actor, Event
from portal.audit.models import AuditKey
from portal.db import db

ONLY_OWNER = 0o600


class KeyMissing(Exception):
    """There is no key to sign with, or it cannot be read; the message says where it was sought and how to make one."""


@dataclass(frozen=True)
class KeyAdded(Event):
    """`key` signs heads from now on."""

    tag: ClassVar[str] = "audit.key_added"
    key: str


@dataclass(frozen=True)
class SigningKey:
    """`id`: the first 16 hex digits of SHA-256 over the 32 bytes of the public key; `public_pem`: that key."""

    private: Ed25519PrivateKey

    @property
    def id(self) -> str:
        digest = hashes.Hash(hashes.SHA256())
        digest.update(self.private.public_key().public_bytes_raw())
        return digest.finalize().hex()[:16]

    @property
    def public_pem(self) -> str:
        return self.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def sign(self, text: bytes) -> str:
        """The signature in hex."""
        return self.private.sign(text).hex()


def make_key(file: Path) -> SigningKey:
    """Makes a key in a file that does not exist yet, readable by its owner only; of two who try at once, the first
    one's. Raises FileExistsError."""
    key = Ed25519PrivateKey.generate()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, ONLY_OWNER), "wb") as opened:
        opened.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    try:
        os.link(unfinished, file)
    finally:
        unfinished.unlink()
    return SigningKey(key)


def read_key() -> SigningKey:
    """The key of the settings. In the demo it is made when it is not there. Raises KeyMissing."""
    settings = current_app.config["PORTAL"]
    file: Path = settings.evidence_key
    if settings.demo and not file.exists():
        try:
            return make_key(file)
        except FileExistsError:
            pass
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as fault:
        raise KeyMissing(
            f"There is no key to sign the log with at {file} ({fault}). Put it back from where you keep it, set "
            "PORTAL_EVIDENCE_KEY to its place, or make the first one: flask --app wsgi evidence key"
        ) from fault
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMissing(f"The key at {file} is not of Ed25519. Make one that is: flask --app wsgi evidence key")
    return SigningKey(key)


def publish(key: SigningKey, *, now: datetime) -> None:
    """Keeps the public half at its first use, in the transaction of the caller."""
    if db.session.get(AuditKey, key.id) is None:
        db.session.add(AuditKey(id=key.id, public_pem=key.public_pem, added_at=now))
        record(KeyAdded(key=key.id), actor=Actor.system(), at=now)


def is_signed(public_pem: str, signature: str, text: bytes) -> bool:
    """Whether the signature (in hex) over this text is by this key."""
    key = load_pem_public_key(public_pem.encode())
    try:
        if not isinstance(key, Ed25519PublicKey):
            return False
        key.verify(bytes.fromhex(signature), text)
    except (InvalidSignature, ValueError):
        return False
    return True

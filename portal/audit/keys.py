"""The key that signs heads: Ed25519, in a file outside the database, so that who can write in the database cannot sign.

Its public half is kept in the database at its first use, and stays published after the key was replaced."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from flask import current_app

from portal.audit.chain import record
from portal.audit.events import Actor, Event
from portal.audit.models import AuditKey
from portal.db import db

SIGNER = Path(__file__).with_name("signer.py")
EXISTS = 2
SECONDS = 60


class KeyMissing(Exception):
    """There is no key to sign with, or it cannot be read; the message says where it was sought and how to make one."""


@dataclass(frozen=True)
class KeyAdded(Event):
    """`key` signs heads from now on."""

    tag: ClassVar[str] = "audit.key_added"
    key: str


@dataclass(frozen=True)
class SigningKey:
    """`id`: the first 16 hex digits of SHA-256 over the 32 bytes of the public key; `public_pem`: that key. The private
    half stays in its file, which only the process that signs reads."""

    file: Path
    id: str
    public_pem: str

    def sign(self, text: bytes) -> str:
        """The signature in hex. Raises KeyMissing."""
        return _ask("sign", self.file, text)["signature"]


def make_key(file: Path) -> SigningKey:
    """Makes a key in a file that does not exist yet, readable by its owner only. Raises FileExistsError."""
    made = _ask("make", file)
    return SigningKey(file, made["id"], made["public_pem"])


def read_key() -> SigningKey:
    """The key of the settings. In the demo it is made when it is not there. Raises KeyMissing."""
    settings = current_app.config["PORTAL"]
    file: Path = settings.evidence_key
    if settings.demo and not file.exists():
        try:
            return make_key(file)
        except FileExistsError:
            pass
    shown = _ask("show", file)
    return SigningKey(file, shown["id"], shown["public_pem"])


def _ask(command: str, file: Path, text: bytes = b"") -> dict[str, str]:
    # It needs none of our settings, and so gets none: among them are keys and passwords.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    asked = [sys.executable, "-P", str(SIGNER), command, str(file)]
    answer = subprocess.run(asked, input=text, env=environment, capture_output=True, check=False, timeout=SECONDS)
    if answer.returncode == EXISTS:
        raise FileExistsError(file)
    if answer.returncode:
        raise KeyMissing(
            f"There is no key to sign the log with at {file} ({answer.stderr.decode().strip()}). Put it back from "
            "where you keep it, set PORTAL_EVIDENCE_KEY to its place, or make the first one: "
            "flask --app wsgi evidence key"
        )
    return dict(json.loads(answer.stdout))


def publish(key: SigningKey, *, now: datetime) -> None:
    """Keeps the public half at its first use, in the transaction of the caller."""
    if db.session.get(AuditKey, key.id) is None:
        db.session.add(AuditKey(id=key.id, public_pem=key.public_pem, added_at=now))
        record(KeyAdded(key=key.id), actor=Actor.system(), at=now)


def is_signed(public_pem: str, signature: str, text: bytes) -> bool:
    """Whether the signature (in hex) over this text is by this key."""
    # Imported here: only who verifies needs it, and it takes nine megabytes.
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415

    key = load_pem_public_key(public_pem.encode())
    try:
        if not isinstance(key, Ed25519PublicKey):
            return False
        key.verify(bytes.fromhex(signature), text)
    except (InvalidSignature, ValueError):
        return False
    return True

"""The process that signs: run by keys.py, never imported. It knows the key and nothing of the portal.

Apart, so that the key never enters a process that speaks to the database or to a browser, and since what it takes to
sign would stay in the memory of each. `signer.py make|show|sign FILE`: makes a key in a file that does not exist yet,
shows the public half of one, or signs what comes in. Answers with JSON; 2: the file is there already; 1: the key cannot
be read, with the reason."""

import hashlib
import json
import os
import secrets
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

ONLY_OWNER = 0o600
UNREADABLE, EXISTS = 1, 2


def main(command: str, file: Path) -> int:
    try:
        key = _make(file) if command == "make" else _read(file)
    except FileExistsError:
        return EXISTS
    except (OSError, ValueError, TypeError) as fault:
        sys.stderr.write(f"{fault}\n")
        return UNREADABLE
    public = key.public_key()
    answer = {
        "id": hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16],
        "public_pem": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
    }
    if command == "sign":
        answer["signature"] = key.sign(sys.stdin.buffer.read()).hex()
    sys.stdout.write(json.dumps(answer))
    return 0


def _make(file: Path) -> Ed25519PrivateKey:
    """A key readable by its owner only; of two who try at once, the first one's. Raises FileExistsError."""
    key = Ed25519PrivateKey.generate()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, ONLY_OWNER), "wb") as opened:
        opened.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    try:
        os.link(unfinished, file)
    finally:
        unfinished.unlink()
    return key


def _read(file: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("it is not a key of Ed25519")
    return key


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))

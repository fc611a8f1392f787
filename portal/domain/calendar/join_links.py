"""The own way of a participant into an online meeting: an address that says who comes, in which meeting.

It is signed with the portal's key and kept nowhere, so an invitation that was mailed long ago stands in no table that
can be read. Whether it lets anybody in is asked when it is used: only who holds a seat then comes in."""

import base64
import hashlib
import hmac
import re
import struct
from typing import NamedTuple

from flask import current_app

from portal.language import DUTCH
from portal.links import link

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_WHO = struct.Struct(">II")
_SIGN_BYTES = 16


class Comer(NamedTuple):
    """Who comes in where."""

    meeting_id: int
    person_id: int


def join_address(meeting_id: int, person_id: int, language: str = DUTCH) -> str:
    """The address of one person into one meeting: always the same for the two of them."""
    return link(f"/meedoen/{join_token(Comer(meeting_id, person_id))}", language)


def join_token(comer: Comer) -> str:
    """32 signs: the two numbers, and 128 bits that only this portal can make of them."""
    who = _WHO.pack(*comer)
    return base64.urlsafe_b64encode(who + _sign(who)).decode()


def read_join_token(token: str) -> Comer | None:
    """Whose token it is; None for what this portal did not make."""
    if not _TOKEN.fullmatch(token):
        return None
    raw = base64.urlsafe_b64decode(token)
    who, sign = raw[: _WHO.size], raw[_WHO.size :]
    return Comer(*_WHO.unpack(who)) if hmac.compare_digest(sign, _sign(who)) else None


def _sign(who: bytes) -> bytes:
    key = current_app.config["PORTAL"].secret_key.encode()
    return hmac.new(key, b"join:" + who, hashlib.sha256).digest()[:_SIGN_BYTES]

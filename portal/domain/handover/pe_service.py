"""PE-online's web service over the line: one call, with bounds on time and size. TLS is verified; only a server on this
machine is spoken to without (for tests)."""

import http.client
import ssl
import time
from collections.abc import Sequence
from contextlib import closing
from urllib.parse import urlencode, urlsplit

from portal.config import PeOnline
from portal.domain.handover.pe_online import MOST_BYTES, Account, Answer, Attended, Fault, read_answer, to_xml

# A call with 1,000 rows may take a while; whoever takes longer has gone away.
SECONDS_TO_ANSWER = 60.0
SECONDS_OF_SILENCE = 20.0
CHUNK = 64 * 1024


def send(settings: PeOnline, rows: Sequence[Attended], *, within: float = SECONDS_TO_ANSWER) -> Answer:
    """Sends the rows and reads what became of them. Never raises for what the other side does: a service that cannot be
    reached, or does not answer in time, is a fault like its own. `within`: seconds."""
    account = Account(settings.user_id, settings.user_key, settings.org_id)
    try:
        status, body = _post(settings.url, urlencode({"sXML": to_xml(account, rows).decode()}).encode(), within)
    except (OSError, http.client.HTTPException):
        return Answer(fault=Fault.UNREACHABLE)
    if status in (401, 403):
        return Answer(fault=Fault.NO_ACCESS)
    if status != http.HTTPStatus.OK:
        return Answer(fault=Fault.UNREACHABLE)
    return read_answer(body, rows)


def _post(url: str, form: bytes, within: float) -> tuple[int, bytes]:
    """Status and body, of which no more is read than an answer can be. No redirect is followed: the key would go with
    it."""
    until = time.monotonic() + within
    with closing(_connection(url, min(within, SECONDS_OF_SILENCE))) as connection:
        path = urlsplit(url).path or "/"
        connection.request("POST", path, form, {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"})
        answer = connection.getresponse()
        body = b""
        while len(body) <= MOST_BYTES and (chunk := answer.read1(CHUNK)):
            body += chunk
            if time.monotonic() > until:
                raise TimeoutError
        if answer.length and len(body) <= MOST_BYTES:
            raise ConnectionError("the answer was cut off")
        return answer.status, body


def _connection(url: str, seconds: float) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    if parts.scheme == "https":
        return http.client.HTTPSConnection(
            parts.hostname or "", parts.port, timeout=seconds, context=ssl.create_default_context()
        )
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)

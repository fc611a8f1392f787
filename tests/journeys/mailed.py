"""What a reader of a mail sees and follows."""

from __future__ import annotations

import re
from email.message import EmailMessage


def text_of(mail: EmailMessage) -> str:
    return _part(mail, "plain")


def html_of(mail: EmailMessage) -> str:
    return _part(mail, "html")


def mailed_link(mail: EmailMessage, path: str) -> str:
    """The one address in a mail whose path begins like this."""
    found = set(re.findall(rf"https?://[^/\s]+{re.escape(path)}\S*", text_of(mail)))
    assert len(found) == 1, f"{len(found)} links to {path} in:\n{text_of(mail)}"
    return str(found.pop())


def _part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())

"""What a trainer's phone may keep, and for whom: the code of a person that names their part of its storage."""

import hashlib
import hmac

from flask import Flask, current_app
from werkzeug.wrappers import Response

from portal.domain.accounts.rules import Role
from portal.web.signing import current_person

# Theirs are the lists of who was there.
KEEPERS = frozenset({Role.TRAINER, Role.OFFICE, Role.ADMIN})
HEADER = "Leerkring-Person"
KEEP = "Leerkring-Keep"


def person_code(person_id: int) -> str:
    """The same for one person always, and their number to nobody."""
    key = current_app.secret_key
    if not isinstance(key, str):
        raise RuntimeError("the portal has a secret key, a text")
    return hmac.new(key.encode(), f"phone:{person_id}".encode(), hashlib.sha256).hexdigest()[:20]


def keep_on_phone(response: Response) -> Response:
    """Says that the phone of who asks may keep this page, until it asks again and the answer does not say so."""
    response.headers[KEEP] = "yes"
    return response


def init_phones(app: Flask) -> None:
    """Tells the pages of who is signed in whose they are, so that a phone keeps them apart."""

    @app.context_processor
    def names() -> dict[str, object]:
        person = current_person()
        if person is None or not person.roles & KEEPERS:
            return {}
        return {"keeps_lists": True, "person_code": person_code(person.id)}

    @app.after_request
    def say_whose(response: Response) -> Response:
        person = current_person()
        if person and response.mimetype == "text/html":
            response.headers[HEADER] = person_code(person.id)
        return response

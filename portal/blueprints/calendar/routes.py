"""Calendars that a program fetches: the public agenda, one edition's meetings, a person's own feed."""

import hashlib
import re

from flask import Blueprint, request
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from portal import clock
from portal.domain.calendar import feeds
from portal.domain.calendar.queries import find_feed_person
from portal.errors import NotFound
from portal.web.access import public
from portal.web.addresses import asked_ids
from portal.web.signing import current_person

blueprint = Blueprint("calendar", __name__)
WHEN_MADE = re.compile(rb"\r\nDTSTAMP:[^\r]*")


@blueprint.get("/agenda.ics")
@public
def public_agenda() -> Response:
    """The coming open meetings."""
    return _calendar(feeds.public_agenda(clock.now()), "leerkring.ics")


@blueprint.get("/agenda/<token>.ics")
@public
def own_agenda(token: str) -> Response:
    """A person's own meetings and those of the organisation they speak for, for who knows the address."""
    person_id = find_feed_person(token)
    if person_id is None:
        raise NotFound
    return _calendar(feeds.own_agenda(person_id, clock.now()), "mijn-leerkring.ics", private=True)


@blueprint.get("/uitvoeringen/<int:edition_id>/agenda.ics")
@public
def edition_agenda(edition_id: int) -> Response:
    """For who takes part and is signed in: their own meetings, as they were mailed. For others the meetings of an open
    edition; with ?module=.. only those of some modules."""
    person, now = current_person(), clock.now()
    module_ids = asked_ids("module") or None
    ics = feeds.invited_edition_agenda(person.id, edition_id, now) if person else None
    ics = ics or feeds.edition_agenda(edition_id, module_ids, now)
    if ics is None:
        raise NotFound
    return _calendar(ics, f"uitvoering-{edition_id}.ics")


def _calendar(ics: bytes, filename: str, *, private: bool = False) -> Response:
    """A program that has it already, as it knows by its ETag, gets 304. When a calendar was made is no change of it.

    Calendar programs keep the ETag beside the events they read; what stands between them and us keeps nothing that is
    somebody's own."""
    response = FlaskResponse(ics, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    response.headers["Cache-Control"] = "private, no-store" if private else "public, max-age=300"
    response.set_etag(hashlib.sha256(WHEN_MADE.sub(b"", ics)).hexdigest()[:32], weak=True)
    response.make_conditional(request)
    return response

"""Where invitations come from: their organiser, the host in their UIDs, the page they point to."""

from email.utils import parseaddr
from urllib.parse import urlsplit

from flask import current_app

from portal.documents.invitation import Mailbox
from portal.domain.calendar.rules import CalendarMeeting
from portal.language import DUTCH
from portal.links import link


def organiser() -> Mailbox:
    """The portal's own mailbox: a real one, since calendar programs show it and people answer to it."""
    name, address = parseaddr(current_app.config["PORTAL"].mail_from)
    return Mailbox(address=address, name=name)


def host() -> str:
    """The right-hand side of a UID: the host of the portal's configured address."""
    return urlsplit(current_app.config["PORTAL"].base_url).hostname or "localhost"


def edition_page(edition_id: int, language: str = DUTCH) -> str:
    """The public page of an edition."""
    return link(f"/uitvoeringen/{edition_id}", language)


def client_page(edition_id: int, language: str = DUTCH) -> str:
    """The page of an edition for the organisation that it is given for."""
    return link(f"/organisatie/uitvoeringen/{edition_id}", language)


def page_of(meeting: CalendarMeeting, gives_it: bool, language: str = DUTCH) -> str:
    """The page that an event points to: for its trainer the list of who is there, for others the edition."""
    if gives_it:
        return link(f"/bijeenkomsten/{meeting.meeting_id}/presentie", language)
    return edition_page(meeting.edition_id, language)

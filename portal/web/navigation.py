"""The main menu: at most seven items, by what the person is. Addresses are the contract's own."""

from dataclasses import dataclass

from flask import request

from portal.domain.accounts.rules import Role
from portal.language import _
from portal.web.signing import current_person


@dataclass(frozen=True)
class Item:
    label: str
    url: str
    current: bool


def navigation() -> list[Item]:
    """The menu for this request; the item of the page's own part is current."""
    items = [(label, request.script_root + path, path) for label, path in _items()]
    matching = [path for _label, _url, path in items if request.path == path or request.path.startswith(path + "/")]
    deepest = max(matching, key=len, default=None)
    return [Item(label, url, path == deepest) for label, url, path in items]


def start_path(roles: frozenset[Role]) -> str:
    """Where somebody with these roles begins."""
    for role, path in (
        (Role.ADMIN, "/bureau"),
        (Role.OFFICE, "/bureau"),
        (Role.TRAINER, "/trainer"),
        (Role.AUDITOR, "/audit"),
        (Role.ORGANISATION, "/organisatie"),
        (Role.REGIONAL_MANAGER, "/regio"),
        (Role.COORDINATOR, "/coordinator"),
    ):
        if role in roles:
            return path
    return "/mijn"


def _items() -> list[tuple[str, str]]:
    person = current_person()
    public = [(_("Trainingen"), "/trainingen"), (_("Agenda"), "/agenda"), (_("In-company"), "/in-company")]
    if person is None:
        return [*public, (_("Inloggen"), "/inloggen")]
    if person.roles & {Role.OFFICE, Role.ADMIN}:
        return [
            (_("Vandaag"), "/bureau"),
            (_("Trainingen"), "/bureau/trainingen"),
            (_("Mensen"), "/bureau/mensen"),
            (_("Aanvragen"), "/bureau/aanvragen"),
            (_("Accreditatie"), "/bureau/accreditatie"),
            (_("Post"), "/bureau/post"),
            (_("Logboek"), "/audit"),
        ]
    own = [(label, path) for role, label, path in _desks() if role in person.roles]
    return [public[0], *own, (_("Mijn leerkring"), "/mijn")]


def _desks() -> list[tuple[Role, str, str]]:
    return [
        (Role.TRAINER, _("Vandaag"), "/trainer"),
        (Role.ORGANISATION, _("Organisatie"), "/organisatie"),
        (Role.COORDINATOR, _("Mijn pad"), "/coordinator"),
        (Role.REGIONAL_MANAGER, _("Mijn regio"), "/regio"),
        (Role.AUDITOR, _("Audit"), "/audit"),
        (Role.AUDITOR, _("Evaluaties"), "/bureau/evaluaties"),
    ]

"""Who takes part, as given on a form, and what must not be given."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.documents.invitation import Mailbox
from portal.domain.accounts.rules import is_citizen_service_number, plain_number
from portal.domain.enrolment.queries import list_registers
from portal.domain.enrolment.rules import looks_like_advertising
from portal.errors import Refused
from portal.language import _


@dataclass(frozen=True)
class Participant:
    """Who takes part. `register_numbers`: register code to number, as typed."""

    name: str
    email: str
    language: str = "nl"
    employer: str = ""
    register_numbers: Mapping[str, str] = field(default_factory=dict)


def require_plain(name: str, email: str) -> None:
    """Raises Refused for a name or an address that must not end up in mail, calendars and certificates."""
    if not name.strip():
        raise Refused(_("Vul je naam in"), "name")
    if looks_like_advertising(name):
        raise Refused(_("Vul je naam in zonder webadres"), "name")
    try:
        Mailbox(address=email.strip())
    except ValueError:
        raise Refused(_("Vul je e-mailadres in zoals naam@organisatie.nl"), "email") from None


def plain_register_numbers(typed: Mapping[str, str]) -> dict[str, str]:
    """The numbers that were given, without the spaces between their digits. Raises Refused for one that passes the
    check of a BSN, and for a register that the portal does not know."""
    numbers = {code: plain_number(number) for code, number in typed.items()}
    given = {code: number for code, number in numbers.items() if number}
    for code, number in given.items():
        if is_citizen_service_number(number):
            raise Refused(_("Dit lijkt op een burgerservicenummer. Dat bewaren we niet"), f"register_{code}")
    if given and not set(given) <= {code for code, _name in list_registers()}:
        raise Refused(_("Dit register kennen we niet"))
    return given

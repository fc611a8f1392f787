"""Who enrols groups, where: anybody who is signed in, in open editions; a client's contact, in its own closed ones; the
office, in any. Each has addresses of its own and the same pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import url_for

from portal.domain.accounts.queries import SignedIn, list_organisations
from portal.domain.accounts.rules import Role
from portal.domain.catalogue.rules import ON_OFFER
from portal.domain.enrolment.queries import EditionOnOffer, get_edition, get_open_edition
from portal.domain.enrolment.seats import require_names
from portal.errors import NotFound
from portal.web.access import allow, note_view, signed_in

COLLEAGUES, ORGANISATION, OFFICE = "colleagues", "client_group", "office_group"


@dataclass(frozen=True)
class Desk:
    """`name` of its blueprint; `mark` says who may open its pages."""

    name: str
    prefix: str
    mark: Callable[[Any], Any]

    @property
    def trusted(self) -> bool:
        """May know who takes part and what people have done."""
        return self.name != COLLEAGUES

    def edition(self, edition_id: int, person: SignedIn) -> EditionOnOffer:
        """An edition on offer in which this desk enrols; NotFound for every other. Refused where people are counted
        only."""
        if self.name == COLLEAGUES:
            return get_open_edition(edition_id)
        edition = get_edition(edition_id)
        theirs = self.name == OFFICE or edition.organisation_id in person.organisation_ids
        if not theirs or edition.state not in ON_OFFER or not edition.meetings:
            raise NotFound
        require_names(edition.counted_only)
        return edition

    def note(self, edition_id: int) -> None:
        """Writes down that the office sees people's data. Call it before loading."""
        if self.name == OFFICE:
            note_view(edition_id=edition_id)

    def asked(self, edition: EditionOnOffer) -> set[str]:
        """Which fields the last step has."""
        if self.name == OFFICE:
            contract = set() if edition.in_company else {"organisation", "employer"}
            return contract | {"contact_name", "contact_email", "order_reference"}
        return {"order_reference"} if edition.in_company else {"organisation", "employer", "order_reference", "terms"}

    def organisations(self, edition: EditionOnOffer, person: SignedIn) -> list[tuple[int, str]]:
        """Who may contract: the clients that somebody speaks for; for the office any."""
        if edition.in_company:
            return []
        rows = [(row.id, row.name) for row in list_organisations()]
        return rows if self.name == OFFICE else [row for row in rows if row[0] in person.organisation_ids]

    def edition_url(self, edition_id: int) -> str:
        """The page that somebody comes from."""
        endpoint = {
            COLLEAGUES: "catalogue.edition",
            ORGANISATION: "incompany.edition",
            OFFICE: "office_editions.show",
        }[self.name]
        return url_for(endpoint, edition_id=edition_id)

    def done_url(self, edition_id: int, group_id: int) -> str:
        """The page after the last button, where those who were enrolled are listed."""
        if self.name == COLLEAGUES:
            return url_for("own_groups.group", group_id=group_id)
        return self.edition_url(edition_id)


DESKS = (
    Desk(COLLEAGUES, "/uitvoeringen/<int:edition_id>/collegas", signed_in),
    Desk(ORGANISATION, "/organisatie/uitvoeringen/<int:edition_id>/deelnemers/lijst", allow(Role.ORGANISATION)),
    Desk(OFFICE, "/bureau/uitvoeringen/<int:edition_id>/deelnemers/lijst", allow(Role.OFFICE)),
)

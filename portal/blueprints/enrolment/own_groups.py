"""The groups that somebody speaks for: which there are, and who is in one."""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.domain.enrolment.group_models import PlaceState
from portal.domain.enrolment.group_queries import get_group, list_groups, list_places
from portal.web.access import signed_in
from portal.web.addresses import asked_page
from portal.web.pages import page
from portal.web.signing import the_person

blueprint = Blueprint("own_groups", __name__, url_prefix="/mijn/groepen")


@blueprint.get("")
@signed_in
def index() -> Response:
    """The groups that they enrolled themselves, and those of an organisation that they are a contact of."""
    person = the_person()
    found = list_groups(person.id, person.organisation_ids, page=asked_page())
    return page("enrolment/own_groups.html", found=found, page_url=lambda number: url_for(".index", pagina=number))


@blueprint.get("/<int:group_id>")
@signed_in
def group(group_id: int) -> Response:
    """One group and its people."""
    person = the_person()
    found = get_group(group_id, person_id=person.id, organisation_ids=person.organisation_ids)
    places, still_open = list_places(group_id, page=asked_page()), found.is_open(clock.now())
    names_url = None
    # Where something is asked first, everybody names themselves, signed in.
    listed = found.edition.in_company or not found.edition.requires
    if listed and still_open and any(place.state == PlaceState.RESERVED for place in places.rows):
        desk = "client_group" if found.edition.in_company else "colleagues"
        names_url = url_for(f"{desk}.start", edition_id=found.edition.id, groep=group_id)
    return page(
        "enrolment/own_group.html",
        group=found,
        still_open=still_open,
        names_url=names_url,
        places=places,
        page_url=lambda number: url_for(".group", group_id=group_id, pagina=number),
    )

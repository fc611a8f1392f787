"""A place of a group without a name: naming somebody, a link by which they name themselves, giving it back."""

from flask import Blueprint, flash, url_for
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.enrolment.forms import PlainForm
from portal.blueprints.enrolment.group_forms import OwnPlaceForm, PlaceForm
from portal.db import transaction
from portal.domain.enrolment import places
from portal.domain.enrolment.group_models import PlaceState
from portal.domain.enrolment.group_queries import PlaceOfGroup, find_place_by_token, get_place
from portal.language import _, money
from portal.links import link
from portal.web.access import public, signed_in
from portal.web.limits import limit
from portal.web.pages import page, see_other
from portal.web.signing import current_actor, the_person

blueprint = Blueprint("own_places", __name__)
OF_GROUP = "/mijn/groepen/<int:group_id>/plekken/<int:place_id>"


@blueprint.after_request
def keep_no_copy(response: FlaskResponse) -> FlaskResponse:
    """These pages are somebody's own: no browser or proxy keeps a copy."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get(OF_GROUP)
@signed_in
def place(group_id: int, place_id: int) -> Response:
    """What can be done with a place."""
    return _place_page(_place(group_id, place_id), PlaceForm())


@blueprint.post(OF_GROUP)
@signed_in
@limit("enrolled")
def name(group_id: int, place_id: int) -> Response:
    """Names somebody."""
    found, form = _place(group_id, place_id), PlaceForm()
    if form.validate():
        with form.answering(), transaction():
            places.name_place(
                place_id=place_id,
                participant=form.participant(found.booking.employer),
                trusted=_may_know(found),
                actor=current_actor(),
                now=clock.now(),
            )
            flash(_("%(name)s is aangemeld en krijgt een mail met de uitnodigingen.", name=form.name.data), "good")
            return see_other(url_for("own_groups.group", group_id=group_id))
    return _place_page(_place(group_id, place_id), form)


@blueprint.post(f"{OF_GROUP}/link")
@signed_in
def make_link(group_id: int, place_id: int) -> Response:
    """A new link, shown this once."""
    found, form = _place(group_id, place_id), PlainForm()
    with form.answering(), transaction():
        token = places.make_fill_link(place_id=place_id, actor=current_actor(), now=clock.now())
        address = link(f"/plek/{token}")
    if form.errors:
        return _place_page(_place(group_id, place_id), form)
    return page("enrolment/own_place_link.html", group=found.group, place=found, address=address)


@blueprint.post(f"{OF_GROUP}/teruggeven")
@signed_in
def release(group_id: int, place_id: int) -> Response:
    """Gives the place back; what that costs stands on the page before."""
    _place(group_id, place_id)
    form = PlainForm()
    with form.answering(), transaction():
        cost = places.release_place(place_id=place_id, actor=current_actor(), now=clock.now())
        told = _("De plek is teruggegeven. Je betaalt niets.")
        if cost.cents:
            told = _("De plek is teruggegeven. Je betaalt %(amount)s.", amount=money(cost.cents))
        flash(told, "good")
        return see_other(url_for("own_groups.group", group_id=group_id))
    return _place_page(_place(group_id, place_id), form)


@blueprint.get("/plek/<token>")
@public
def fill(token: str) -> Response:
    """A place for whoever has the link: what it is for, and who comes."""
    return _fill_page(token, find_place_by_token(token), OwnPlaceForm())


@blueprint.post("/plek/<token>")
@public
@limit("enrolled")
def fill_done(token: str) -> Response:
    """Names whoever fills this in."""
    found, form = find_place_by_token(token), OwnPlaceForm()
    if form.validate():
        with form.answering(), transaction():
            places.name_place(
                place_id=found.id,
                participant=form.participant(found.booking.employer),
                by_link=True,
                actor=current_actor(),
                now=clock.now(),
            )
    if form.errors:
        return _fill_page(token, find_place_by_token(token), form)
    return page("enrolment/place_filled.html", group=found.group, email=form.email.data)


def _place(group_id: int, place_id: int) -> PlaceOfGroup:
    person = the_person()
    return get_place(place_id, group_id, person_id=person.id, organisation_ids=person.organisation_ids)


def _may_know(found: PlaceOfGroup) -> bool:
    """Whether who speaks for this group may know who takes part: in an organisation's own edition its contact."""
    return found.group.edition.in_company and found.booking.organisation_id in the_person().organisation_ids


def _place_page(found: PlaceOfGroup, form: PlaceForm | PlainForm) -> Response:
    now = clock.now()
    is_open = found.state == PlaceState.RESERVED and found.group.is_open(now)
    cost = places.cost_of_releasing(found.booking, now) if is_open else None
    template = "enrolment/own_place.html" if is_open and isinstance(form, PlaceForm) else "enrolment/place_closed.html"
    return page(template, form=form, place=found, group=found.group, cost=cost)


def _fill_page(token: str, found: PlaceOfGroup, form: OwnPlaceForm) -> Response:
    is_open = found.state == PlaceState.RESERVED and found.group.is_open(clock.now())
    template = "enrolment/place_fill.html" if is_open else "enrolment/place_closed.html"
    return page(template, form=form, token=token, place=found, group=found.group)

"""A participant's own details, and the address under which a calendar program reads their meetings."""

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.enrolment.forms import REGISTERS, OwnDetailsForm
from portal.db import transaction
from portal.domain.accounts.profile import change_profile, list_own_numbers
from portal.domain.accounts.queries import get_person
from portal.domain.accounts.rules import looks_unusual
from portal.domain.calendar import commands as calendar
from portal.domain.calendar.queries import has_feed
from portal.language import _
from portal.links import link
from portal.web.access import signed_in
from portal.web.pages import page, see_other
from portal.web.signing import current_actor, the_person

blueprint = Blueprint("own_details", __name__, url_prefix="/mijn/gegevens")


@blueprint.get("")
@signed_in
def details() -> Response:
    """The form, filled in."""
    person = get_person(the_person().id)
    numbers = list_own_numbers(person.id)
    known = {name: getattr(person, name) for name in ("name", "employer", "language", "initials_only")}
    form = OwnDetailsForm(data=known | {f"register_{code}": numbers.get(code, "") for code in REGISTERS})
    return _page(form)


@blueprint.post("")
@signed_in
def details_done() -> Response:
    """Keeps the details."""
    form = OwnDetailsForm()
    if form.validate():
        with form.answering(), transaction():
            change_profile(
                person_id=the_person().id,
                name=form.name.data or "",
                language=form.language.data,
                employer=form.employer.data or "",
                initials_only=form.initials_only.data,
                register_numbers={code: form[f"register_{code}"].data for code in REGISTERS},
                actor=current_actor(),
                now=clock.now(),
            )
    if form.errors:
        return _page(form)
    flash(_("Je gegevens zijn bewaard."), "good")
    unusual = [code for code in REGISTERS if (n := form[f"register_{code}"].data) and looks_unusual(code, n)]
    for code in unusual:
        flash(_("Je nummer van %(register)s ziet er anders uit dan de meeste. Klopt het?", register=code), "warning")
    return see_other(url_for(".details"))


@blueprint.post("/agenda")
@signed_in
def open_feed() -> Response:
    """A new secret address, shown this once."""
    with transaction():
        token = calendar.open_feed(person_id=the_person().id, actor=current_actor(), now=clock.now())
    return page("enrolment/own_feed.html", address=link(f"/agenda/{token}.ics"))


@blueprint.post("/agenda/intrekken")
@signed_in
def revoke_feed() -> Response:
    """Ends the address."""
    with transaction():
        calendar.revoke_feed(person_id=the_person().id, actor=current_actor(), now=clock.now())
    flash(_("Het adres werkt niet meer."), "good")
    return see_other(url_for(".details"))


def _page(form: OwnDetailsForm) -> Response:
    person = the_person()
    return page("enrolment/own_details.html", form=form, person=person, has_feed=has_feed(person.id))

"""The office looks people up; the administrator gives roles."""

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.accounts.forms import PeopleFilter, RoleForm
from portal.db import transaction
from portal.domain.accounts import commands, queries
from portal.domain.accounts.rules import Role
from portal.errors import DomainError, NotFound
from portal.language import _
from portal.web import signing
from portal.web.access import allow, note_view
from portal.web.addresses import asked_page
from portal.web.pages import page, see_other
from portal.web.role_names import ROLE_NAMES

blueprint = Blueprint("people", __name__, url_prefix="/bureau/mensen")
GRANTED = [role for role in Role if role != Role.PARTICIPANT]


@blueprint.get("")
@allow(Role.OFFICE)
def index() -> Response:
    """People by name, found by words and role."""
    note_view()
    form = PeopleFilter(request.args)
    form.role.choices = [("", _("Alle rollen")), *((role.value, ROLE_NAMES[role]) for role in GRANTED)]
    role = next((role for role in GRANTED if role == form.role.data), None)
    words = form.words.data or ""
    people = queries.list_people(words=words, role=role, page=asked_page())
    return page(
        "accounts/people.html",
        filters=form,
        people=people,
        roles=_names_of_roles([person.id for person in people.rows]),
        page_url=lambda number: url_for(".index", zoek=words or None, rol=role, pagina=number),
        is_filtered=bool(words or role),
    )


@blueprint.get("/<int:person_id>")
@allow(Role.OFFICE)
def show(person_id: int) -> Response:
    """One person; an administrator also gives a role here."""
    return _page_of(person_id, _role_form())


@blueprint.post("/<int:person_id>/rollen")
@allow(Role.ADMIN)
def grant(person_id: int) -> Response:
    """Gives a role."""
    queries.get_person(person_id)
    form = _role_form()
    if form.validate_on_submit():
        organisation = int(form.organisation.data) if form.organisation.data else None
        with form.answering(), transaction():
            commands.grant_role(
                person_id=person_id,
                role=Role(form.role.data),
                organisation_id=organisation,
                actor=signing.current_actor(),
                now=clock.now(),
            )
        if not form.errors:
            flash(_("De rol is toegekend."), "good")
            return see_other(url_for(".show", person_id=person_id))
    return _page_of(person_id, form)


@blueprint.post("/<int:person_id>/rollen/<int:grant_id>/intrekken")
@allow(Role.ADMIN)
def withdraw(person_id: int, grant_id: int) -> Response:
    """Takes a role back."""
    try:
        with transaction():
            commands.withdraw_role(
                person_id=person_id, grant_id=grant_id, actor=signing.current_actor(), now=clock.now()
            )
    except NotFound:
        raise
    except DomainError as refusal:
        flash(refusal.sentence, "error")
    else:
        flash(_("De rol is ingetrokken."), "good")
    return see_other(url_for(".show", person_id=person_id))


def _page_of(person_id: int, form: RoleForm) -> Response:
    note_view(person_id=person_id)
    person = queries.get_person(person_id)
    roles = [(grant, ROLE_NAMES[Role(grant.role)]) for grant in queries.list_roles([person_id])]
    may_grant = Role.ADMIN in signing.the_person().roles
    return page("accounts/person.html", form=form, person=person, roles=roles, may_grant=may_grant)


def _role_form() -> RoleForm:
    form = RoleForm()
    form.role.choices = [("", _("Kies een rol")), *((role.value, ROLE_NAMES[role]) for role in GRANTED)]
    organisations = [(str(each.id), each.name) for each in queries.list_organisations()]
    form.organisation.choices = [("", _("Geen")), *organisations]
    return form


def _names_of_roles(person_ids: list[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {person_id: [] for person_id in person_ids}
    for grant in queries.list_roles(person_ids):
        name = str(ROLE_NAMES[Role(grant.role)])
        if name not in names[grant.person_id]:
            names[grant.person_id].append(name)
    return names

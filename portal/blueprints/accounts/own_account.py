"""One's own account: roles, password, where one is signed in."""

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.accounts.forms import PasswordForm
from portal.db import transaction
from portal.domain.accounts import commands, queries
from portal.domain.accounts.rules import Role
from portal.domain.accounts.signing_in import asks_current_password
from portal.language import _
from portal.web import signing
from portal.web.access import signed_in
from portal.web.limits import limit
from portal.web.navigation import start_path
from portal.web.pages import page, see_other
from portal.web.role_names import ROLE_NAMES

blueprint = Blueprint("own_account", __name__, url_prefix="/account")


@blueprint.get("")
@signed_in
def show() -> Response:
    """Who one is to the portal, and where one is signed in."""
    person = signing.the_person()
    here = queries.hash_token(signing.current_token() or "")
    return page(
        "accounts/account.html",
        person=person,
        roles=[
            (ROLE_NAMES[role], request.script_root + start_path(frozenset([role])))
            for role in Role
            if role in person.roles
        ],
        has_password=queries.get_person(person.id).password_hash is not None,
        sessions=queries.list_sessions(person.id, clock.now()),
        here=here,
    )


@blueprint.route("/wachtwoord", methods=["GET", "POST"])
@signed_in
@limit("sign_in")
def password() -> Response:
    """Sets a password or changes it; elsewhere one is signed out."""
    person, token = signing.the_person(), signing.current_token()
    form = PasswordForm()
    asks_current = asks_current_password(queries.get_person(person.id), token or "")
    if form.validate_on_submit():
        with form.answering(), transaction():
            commands.set_password(
                person_id=person.id,
                current=form.current.data or "",
                password=form.password.data or "",
                token=token,
                actor=signing.current_actor(),
                now=clock.now(),
            )
        if not form.errors:
            flash(_("Je wachtwoord is bewaard. Op andere apparaten ben je uitgelogd."), "good")
            return see_other(url_for(".show"))
    return page("accounts/password.html", form=form, asks_current=asks_current)


@blueprint.post("/sessies/<int:session_id>/beeindigen")
@signed_in
def end_session(session_id: int) -> Response:
    """Signs one other browser out."""
    person = signing.the_person()
    with transaction():
        commands.end_one_session(
            person_id=person.id, session_id=session_id, actor=signing.current_actor(), now=clock.now()
        )
    flash(_("Die sessie is beëindigd."), "good")
    return see_other(url_for(".show"))


@blueprint.post("/overal-uitloggen")
@signed_in
def sign_out_everywhere() -> Response:
    """Ends every session of this person, this one too."""
    with transaction():
        commands.end_all_sessions(person_id=signing.the_person().id, actor=signing.current_actor(), now=clock.now())
    signing.end()
    flash(_("Je bent overal uitgelogd."), "good")
    return see_other(url_for("accounts.sign_in"))

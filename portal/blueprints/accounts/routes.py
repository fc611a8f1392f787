"""Signing in and out."""

import hashlib
import hmac
import logging

from flask import Blueprint, current_app, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.accounts.forms import SignInForm
from portal.config import Settings
from portal.db import transaction
from portal.domain.accounts import commands, queries
from portal.errors import NotFound
from portal.language import _, current_language
from portal.web import signing
from portal.web.access import public, signed_in
from portal.web.limits import limit
from portal.web.navigation import start_path
from portal.web.pages import page, see_other

blueprint = Blueprint("accounts", __name__)
log = logging.getLogger("portal.accounts")
DEMO_PASSWORD = "leerkring-demo"  # noqa: S105, of accounts that exist in the demo only
DEMO_ACCOUNTS = tuple(
    f"{name}@demo.example"
    for name in ("deelnemer", "trainer", "organisatie", "coordinator", "regio", "bureau", "auditor", "beheer")
)


def asks_no_mail() -> bool:
    """Whether this request to sign in comes with a password and so sends no mail."""
    return bool(request.form.get("password")) and "link" not in request.form


@blueprint.route("/inloggen", methods=["GET", "POST"])
@public
@limit("sign_in")
@limit("mail", unless=asks_no_mail)
def sign_in() -> Response:
    """One form for both ways: with a password you are in, without one a link comes by mail."""
    form = SignInForm()
    if form.validate_on_submit():
        if form.wants_link:
            with transaction():
                commands.ask_for_sign_in_link(email=form.address, language=current_language(), now=clock.now())
            return see_other(url_for(".link_sent"))
        checked = queries.check_password(email=form.address, password=form.password.data or "")
        if checked:
            with transaction():
                token = commands.sign_in_by_password(checked=checked, now=clock.now())
            return go_on(token)
        log.warning("sign-in refused: wrong password for %s", _in_short(form.address))
        form.password.errors = [
            _("Dit e-mailadres en wachtwoord horen niet bij elkaar. Kijk ze na, of vraag een link.")
        ]
    accounts = DEMO_ACCOUNTS if _is_demo() else ()
    return page("accounts/sign_in.html", form=form, demo_accounts=accounts, demo_password=DEMO_PASSWORD)


@blueprint.get("/inloggen/verstuurd")
@public
def link_sent() -> Response:
    """'Look in your mail', whoever asked."""
    return page("accounts/link_sent.html", demo=_is_demo())


@blueprint.get("/inloggen/link/<token>")
@public
def open_link(token: str) -> Response:
    """Only shows a button: mail scanners open every link, and would use it up."""
    return _unstored(page("accounts/open_link.html"))


@blueprint.post("/inloggen/link/<token>")
@public
@limit("sign_in")
def use_link(token: str) -> Response:
    """Signs in, once."""
    try:
        with transaction():
            session_token = commands.sign_in_by_link(token=token, now=clock.now())
    except NotFound:
        log.warning("sign-in refused: link used, expired or unknown")
        return _unstored(page("accounts/link_used.html", status=404))
    return go_on(session_token)


@blueprint.post("/uitloggen")
@signed_in
def sign_out() -> Response:
    """Ends this browser's session, here and on the server."""
    signing.end()
    return see_other(url_for("public.home"))


def go_on(token: str) -> Response:
    """Keeps the new session in the browser and goes to the page that was asked for, or to the person's own."""
    signing.remember(token)
    return see_other(signing.page_after_sign_in() or request.script_root + start_path(signing.the_person().roles))


def _in_short(address: str) -> str:
    """Shows in the log which refusals are of one address, and the address itself to nobody: keyed, since the
    addresses of a foundation's people are soon guessed."""
    settings: Settings = current_app.config["PORTAL"]
    return hmac.new(settings.secret_key.encode(), address.strip().lower().encode(), hashlib.sha256).hexdigest()[:10]


def _is_demo() -> bool:
    settings: Settings = current_app.config["PORTAL"]
    return settings.demo


def _unstored(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response

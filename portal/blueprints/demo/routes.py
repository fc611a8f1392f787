"""Only in the demo: the mail that was not sent, with its invitation.

A mail's HTML is shown in a frame of its own. Its answer carries a policy that allows nothing but the mail's own style,
and `sandbox`: no script, no form, and not our cookies."""

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from portal.blueprints.demo.invitation import read_invitation
from portal.mail import queries
from portal.web.access import public
from portal.web.addresses import asked_page
from portal.web.pages import page

blueprint = Blueprint("demo", __name__, url_prefix="/demo/post")
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "sandbox allow-top-navigation-by-user-activation"
)


@blueprint.get("")
@public
def index() -> Response:
    """The newest mail first."""
    mails = queries.list_mails(words=request.args.get("zoek", ""), page=asked_page())
    return page(
        "demo/post.html",
        mails=mails,
        words=request.args.get("zoek", ""),
        page_url=lambda number: url_for(".index", zoek=request.args.get("zoek") or None, pagina=number),
    )


@blueprint.get("/<int:mail_id>")
@public
def show(mail_id: int) -> Response:
    """One mail: to whom, what it says, and its invitation as a calendar would read it."""
    mail = queries.get_mail(mail_id)
    invitation = read_invitation(mail.calendar) if mail.calendar else None
    return page("demo/mail.html", mail=mail, invitation=invitation)


@blueprint.get("/<int:mail_id>/html")
@public
def body(mail_id: int) -> Response:
    """The mail's own HTML, for the frame."""
    # What the mail links to opens in the window: our pages refuse to be shown in a frame.
    html = queries.get_mail(mail_id).html_body.replace("<head>", '<head><base target="_top">', 1)
    answer = Response(html, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = MAIL_POLICY
    return answer


@blueprint.get("/<int:mail_id>/uitnodiging.ics")
@public
def calendar(mail_id: int) -> Response:
    """The invitation, to open in a calendar."""
    mail = queries.get_mail(mail_id)
    if mail.calendar is None:
        return Response("", status=404)
    return Response(mail.calendar, content_type=f"text/calendar; charset=utf-8; method={mail.calendar_method}")

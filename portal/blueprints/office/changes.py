"""What participants and contacts changed themselves, for the office to know."""

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from portal.blueprints.office import change_words
from portal.domain.accounts.rules import Role
from portal.domain.reporting.changes import ChangeKind, list_own_changes
from portal.web.access import allow, note_view
from portal.web.addresses import asked_page
from portal.web.pages import page

blueprint = Blueprint("office_changes", __name__, url_prefix="/bureau/wijzigingen")


@blueprint.get("")
@allow(Role.OFFICE)
def index() -> Response:
    """The newest first, of every kind or of one."""
    note_view()
    asked = request.args.get("soort", "")
    kind = ChangeKind(asked) if asked in list(ChangeKind) else None
    return page(
        "office/changes.html",
        found=list_own_changes(kind=kind, page=asked_page()),
        kind=kind,
        kinds=change_words.KINDS,
        title_of=change_words.title_of,
        notes_of=change_words.notes_of,
        edition_in_words=change_words.edition_in_words,
        page_url=lambda number: url_for(".index", soort=kind, pagina=number),
    )

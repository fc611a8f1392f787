"""Somebody's own certificates, and the file itself."""

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from portal.documents.certificate import facts_from_json
from portal.domain.accounts.rules import Role
from portal.domain.certificates import queries
from portal.domain.certificates.wording import end_in_words
from portal.errors import NotFound
from portal.links import link
from portal.web.access import note_view, signed_in
from portal.web.addresses import asked_page
from portal.web.pages import page
from portal.web.signing import the_person

blueprint = Blueprint("certificates", __name__)


@blueprint.get("/mijn/certificaten")
@signed_in
def own() -> AnyResponse:
    """The signed-in person's certificates, each with its file and the address by which others can check it."""
    found = queries.list_own(the_person().id, page=asked_page())
    return page(
        "certificates/own.html",
        found=found,
        certificates=[(row, facts_from_json(row.facts), link(f"/c/{row.code}")) for row in found.rows],
        end_in_words=end_in_words,
    )


@blueprint.get("/certificaten/<int:certificate_id>.pdf")
@signed_in
def download(certificate_id: int) -> Response:
    """The bytes as they were issued, for the holder and the office; for anybody else there is no such file."""
    person = the_person()
    holding = queries.get_holding(certificate_id)
    if holding.person_id != person.id:
        if not person.roles & {Role.OFFICE, Role.ADMIN}:
            raise NotFound
        note_view(certificate_id=certificate_id, person_id=holding.person_id, edition_id=holding.edition_id)
    response = Response(queries.get_pdf(certificate_id), mimetype="application/pdf")
    # The number is ours and plain ASCII; a name in a header is an invitation to trouble.
    response.headers["Content-Disposition"] = f'attachment; filename="certificaat-{holding.number}.pdf"'
    return response

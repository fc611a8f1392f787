"""The public check: is this certificate real, and does it still hold?"""

from flask import Blueprint, jsonify, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock
from portal.audit import LONGEST
from portal.blueprints.certificates.as_json import check_as_json
from portal.blueprints.certificates.forms import CheckForm
from portal.documents.codes import group_code, normalise_code
from portal.domain.certificates import queries
from portal.domain.certificates.evidence import find_sealing
from portal.domain.certificates.wording import end_in_words
from portal.web.access import public
from portal.web.limits import limit
from portal.web.pages import page, see_other

blueprint = Blueprint("checking", __name__)
JSON = "application/json"


@blueprint.get("/certificaat-controleren")
@public
def ask() -> AnyResponse:
    """A form for who has the code on paper; on to the check itself."""
    form = CheckForm(request.args, meta={"csrf": False})
    if "code" in request.args and form.validate():
        return see_other(url_for("checking.check", code=form.code.data))
    return page("certificates/ask.html", form=form)


@blueprint.get("/c/<code>")
@public
@limit("check")
def check(code: str) -> AnyResponse:
    """What we know of the certificate with this code, however it was typed: a page, or JSON for who asks for that.

    A code that cannot exist and one that we never gave look the same: 404, unknown."""
    found = queries.find_by_code(normalise_code(code))
    status = 200 if found else 404
    if request.accept_mimetypes.best_match(["text/html", JSON]) == JSON:
        response: AnyResponse = jsonify(check_as_json(found, find_sealing(found.id) if found else None, clock.now()))
        response.status_code = status
    else:
        response = page(
            "certificates/check.html",
            status=status,
            certificate=found,
            state=found.state if found else "unknown",
            code=group_code(found.facts.code) if found else "",
            end_reason=end_in_words(found.end_reason) if found else "",
            sealing=find_sealing(found.id) if found else None,
            sealed_within=LONGEST,
            checked_at=clock.now(),
        )
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept"
    return response

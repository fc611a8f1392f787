"""The proof that a certificate stands in the sealed log, for whoever has its code."""

from typing import Any

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from portal import audit
from portal.audit.published import proof_as_json
from portal.documents.codes import normalise_code
from portal.domain.certificates import queries
from portal.domain.certificates.evidence import find_sealing, prove_issue
from portal.web.access import public
from portal.web.limits import limit

blueprint = Blueprint("proving", __name__)


@blueprint.get("/c/<code>/bewijs.json")
@public
@limit("check")
def proof(code: str) -> Response:
    """The proof as a file. 404 for a code that we never gave and for a certificate that was not sealed yet; 409 when
    the log is no longer what was signed. Each says which in `state`."""
    found = queries.find_by_code(normalise_code(code))
    if found is None:
        return _answer({"state": "unknown"}, 404)
    sealing = find_sealing(found.id)
    if sealing is None or sealing.head is None:
        return _answer({"state": "not_sealed"}, 404)
    proved = prove_issue(sealing, number=found.facts.number, sha256=found.sha256)
    if proved is None:
        return _answer({"state": "not_as_signed"}, 409)
    response = _answer(proof_as_json(proved, audit.list_keys()), 200)
    response.headers["Content-Disposition"] = f'attachment; filename="bewijs-{found.facts.number}.json"'
    return response


def _answer(known: dict[str, Any], status: int) -> Response:
    response = jsonify(known)
    response.status_code = status
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response

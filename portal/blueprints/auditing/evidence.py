"""What proves the log to anybody: the heads, the keys that signed them, and how to check it."""

import hashlib
from functools import lru_cache

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from portal import audit
from portal.audit.published import consistency_as_json, heads_as_json, keys_as_json
from portal.errors import NotFound
from portal.links import link
from portal.web.access import public
from portal.web.addresses import asked_id, asked_page
from portal.web.pages import STATIC, page

blueprint = Blueprint("evidence", __name__, url_prefix="/bewijs")
VERIFIER = "bewijs/controleer.py"
PER_PAGE = 20
PER_FILE = 500


@blueprint.get("")
@public
def index() -> Response:
    """What the evidence is, the public keys, the newest heads, and the program that checks it."""
    heads, found = audit.list_heads(page=asked_page(), per_page=PER_PAGE)
    return page(
        "auditing/evidence.html",
        heads=heads,
        found=found,
        newest=audit.find_newest_head(),
        keys=audit.list_keys(),
        verifier=VERIFIER,
        verifier_sha256=_verifier_sha256(),
    )


@blueprint.get("/koppen.json")
@public
def heads() -> Response:
    """Every head, the newest first, with the address of the older ones."""
    listed, found = audit.list_heads(page=asked_page(), per_page=PER_FILE)
    older = link(f"/bewijs/koppen.json?pagina={found.number + 1}") if found.number < found.pages else None
    return jsonify(heads_as_json(listed, page=found.number, pages=found.pages, next_page=older))


@blueprint.get("/sleutels.json")
@public
def keys() -> Response:
    """Every key that ever signed a head."""
    return jsonify(keys_as_json(audit.list_keys()))


@blueprint.get("/samenhang.json")
@public
def consistency() -> Response:
    """The proof that the log under the newest head, or the one over `tot` entries, begins with that over `van`.

    NotFound when no head was signed over so many, or `tot` is less than `van`."""
    until = asked_id("tot")
    old = audit.find_head_of(asked_id("van") or 0)
    new = audit.find_newest_head() if until is None else audit.find_head_of(until)
    if old is None or new is None or new.size < old.size:
        raise NotFound
    found = audit.prove_consistency(old, new)
    if found is None:
        response = jsonify(state="not_as_signed")
        response.status_code = 409
        return response
    response = jsonify(consistency_as_json(found, audit.list_keys()))
    response.headers["Content-Disposition"] = 'attachment; filename="samenhang.json"'
    return response


@lru_cache
def _verifier_sha256() -> str:
    return hashlib.sha256((STATIC / VERIFIER).read_bytes()).hexdigest()

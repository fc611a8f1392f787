"""The general terms, and every version of them that somebody may have accepted."""

from datetime import date

from flask import Blueprint
from werkzeug.wrappers import Response

from portal import clock
from portal.domain.enrolment.models import TermsVersion
from portal.domain.enrolment.queries import get_terms
from portal.domain.enrolment.wording import policies_in_words
from portal.errors import NotFound
from portal.web.access import public
from portal.web.kept import kept
from portal.web.pages import page

blueprint = Blueprint("terms", __name__)


@blueprint.get("/voorwaarden")
@public
@kept
def now() -> Response:
    """The terms that hold today."""
    return _page(get_terms(clock.today()), current=True)


@blueprint.get("/voorwaarden/<effective_on>")
@public
def version(effective_on: str) -> Response:
    """The version that began to hold on a date, as in /voorwaarden/2026-01-01."""
    try:
        begun = date.fromisoformat(effective_on)
    except ValueError:
        raise NotFound from None
    terms = get_terms(begun)
    if terms.effective_on != begun:
        raise NotFound
    return _page(terms, current=terms.id == get_terms(clock.today()).id)


def _page(terms: TermsVersion, *, current: bool) -> Response:
    return page("enrolment/terms.html", terms=terms, policies=policies_in_words(terms.terms), current=current)

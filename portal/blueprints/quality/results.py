"""What came back: for the office and the auditor everything, for a trainer the means of what they gave."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.domain.accounts.rules import Role
from portal.domain.quality import results
from portal.domain.quality.rules import HIGHEST, LEAST_ANSWERS
from portal.domain.quality.wording import IN_SHORT, grade
from portal.web.access import allow, note_view
from portal.web.addresses import asked_page
from portal.web.pages import page
from portal.web.signing import the_person

blueprint = Blueprint("evaluation_results", __name__)
readers = allow(Role.OFFICE, Role.AUDITOR)


@blueprint.get("/bureau/evaluaties")
@readers
def index() -> Response:
    """The editions of which people were asked what they thought, the last one first."""
    found = results.list_results(page=asked_page())
    return page("quality/editions.html", found=found, page_url=_address_of(".index"), **_words())


@blueprint.get("/bureau/uitvoeringen/<int:edition_id>/evaluatie")
@readers
def edition(edition_id: int) -> Response:
    """One edition: how many were asked and answered, means, and what could be better. Words that people wrote may name
    somebody, so who read them is noted."""
    results.get_result(edition_id)
    note_view(edition_id=edition_id)
    result = results.get_result(edition_id)
    remarks = results.list_remarks(edition_id)
    return page("quality/edition.html", result=result, remarks=remarks, today=clock.today(), **_words())


@blueprint.get("/trainer/evaluaties")
@allow(Role.TRAINER)
def own() -> Response:
    """The means of what a trainer gave."""
    found = results.list_results_for_trainer(the_person().id, clock.now(), page=asked_page())
    return page("quality/own.html", found=found, page_url=_address_of(".own"), **_words())


def _address_of(endpoint: str) -> Callable[[int], str]:
    return lambda number: url_for(endpoint, pagina=number)


def _words() -> dict[str, Any]:
    return {"in_short": IN_SHORT, "grade": grade, "highest": HIGHEST, "least": LEAST_ANSWERS}

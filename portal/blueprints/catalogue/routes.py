"""The public catalogue: courses, editions, the agenda."""

from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.catalogue.forms import CatalogueFilter, month_in_words
from portal.domain.catalogue import access, queries
from portal.domain.catalogue.facts import EditionFacts, EditionFilter, EditionRow
from portal.domain.enrolment.closing import terms_and_closing
from portal.domain.enrolment.edition_people import count_people
from portal.domain.enrolment.prerequisite_words import asked_in_words
from portal.domain.enrolment.queries import get_terms
from portal.domain.enrolment.terms import Terms, cost_table
from portal.domain.enrolment.wording import policies_in_words
from portal.errors import NotFound
from portal.web.access import public
from portal.web.addresses import asked_page
from portal.web.kept import kept
from portal.web.pages import page
from portal.web.signing import current_person

blueprint = Blueprint("catalogue", __name__)


@blueprint.get("/trainingen")
@public
@kept
def courses() -> Response:
    """All courses with their next editions, narrowed by a filter."""
    now = clock.now()
    registers = [row.code for row in queries.list_registers()]
    form = CatalogueFilter(request.args, registers, clock.local_date(now))
    wanted = form.wanted()
    catalogue = queries.list_catalogue(wanted, now=now, page=asked_page())
    asked: dict[str, Any] = {name: value for name, value in request.args.items() if name in form and value}
    return page(
        "catalogue/courses.html",
        form=form,
        catalogue=catalogue,
        asked=asked,
        url_of=lambda number: url_for("catalogue.courses", pagina=number, **asked),
    )


@blueprint.get("/trainingen/<slug>")
@public
@kept
def course(slug: str) -> Response:
    """One course: what it is, what it brings, when it is given."""
    now = clock.now()
    facts = queries.get_course(slug, on=clock.local_date(now))
    editions = queries.list_editions(EditionFilter(course=slug), now=now, page=asked_page(), per_page=10)
    return page(
        "catalogue/course.html",
        course=facts,
        editions=editions,
        today=clock.local_date(now),
        asked=asked_in_words(facts.requires, queries.list_titles(facts.requires)),
        policies=policies_in_words(get_terms(clock.local_date(now)).terms),
        url_of=lambda number: url_for("catalogue.course", slug=slug, pagina=number),
    )


@blueprint.get("/uitvoeringen/<int:edition_id>")
@public
@kept
def edition(edition_id: int) -> Response:
    """One edition: when, where, by whom, what it costs, and whether there is room."""
    now = clock.now()
    facts = queries.get_edition(edition_id)
    if not access.may_see_edition(
        current_person(),
        state=facts.state,
        kind=facts.kind,
        organisation_id=facts.organisation_id,
        trainer_ids=facts.trainer_ids,
    ):
        raise NotFound
    terms, shut = terms_and_closing(now)
    return page(
        "catalogue/edition.html",
        edition=facts,
        standing=facts.standing(now, shut),
        lacking=max(0, facts.minimum - count_people(edition_id)) if facts.tentative else 0,
        begun={meeting.id for meeting in facts.meetings if meeting.starts_at <= now},
        shut={meeting.id for meeting in facts.meetings if meeting.starts_at <= shut},
        asked=asked_in_words(facts.requires, queries.list_titles(facts.requires)),
        free_until=free_until(facts, terms, clock.local_date(now)),
    )


@blueprint.get("/agenda")
@public
@kept
def agenda() -> Response:
    """The editions to come, by month."""
    editions = queries.list_editions(EditionFilter(), now=clock.now(), page=asked_page(), per_page=30)
    return page(
        "catalogue/agenda.html",
        editions=editions,
        months=[(words, list(rows)) for words, rows in groupby(editions.rows, key=month_of)],
        url_of=lambda number: url_for("catalogue.agenda", pagina=number),
    )


def free_until(edition: EditionFacts, terms: Terms, today: date) -> date | None:
    """The last day on which cancelling the whole edition costs nothing; None when it is past, or nothing costs."""
    if not edition.meetings or not edition.price_cents:
        return None
    first_on = clock.local_date(edition.meetings[0].starts_at)
    free = [part.until_on for part in cost_table(terms.cancelling, edition.price_cents, first_on) if part.cents == 0]
    return max((until_on for until_on in free if until_on >= today), default=None)


def month_of(row: EditionRow) -> str:
    """The month in which an edition begins, in words."""
    return month_in_words(clock.local_date(row.starts_at))

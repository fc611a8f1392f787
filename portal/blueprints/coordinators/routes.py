"""A coordinator's pathway and a regional manager's region."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.coordinators.forms import ConferenceForm
from portal.db import transaction
from portal.domain.accounts.rules import Role
from portal.domain.coordinators import commands, queries
from portal.domain.coordinators.models import Coordinator
from portal.domain.coordinators.rules import ConferenceKind, pathway
from portal.domain.enrolment.eligibility import course_eligibilities
from portal.domain.enrolment.prerequisites import Facts
from portal.domain.enrolment.queries import find_facts, list_facts
from portal.errors import NotFound
from portal.language import _
from portal.web.access import allow, note_view
from portal.web.addresses import asked_page
from portal.web.pages import page, see_other
from portal.web.signing import current_actor, the_person

blueprint = Blueprint("coordinators", __name__)

EK1, EK2 = "ek-1", "ek-2"


@blueprint.get("/coordinator")
@allow(Role.COORDINATOR)
def path() -> Response:
    """A coordinator's own way from EK-1 over two conferences to EK-2."""
    coordinator = queries.find_coordinator(the_person().id)
    if coordinator is None:
        raise NotFound
    return page("coordinators/path.html", **_way(coordinator, own=True))


@blueprint.get("/regio")
@allow(Role.REGIONAL_MANAGER)
def region() -> Response:
    """A regional manager's coordinators: how far each is, and who may go to EK-2."""
    manager = the_person()
    note_view(person_id=manager.id)
    found = queries.list_in_regions(manager.id, page=asked_page())
    people = [row.person_id for row in found.rows]
    facts = list_facts(people)
    eligible = course_eligibilities(EK2, people, clock.today())
    done = {
        row.id: {"ek1": _first(facts.get(row.person_id), EK1), "ek2": _first(facts.get(row.person_id), EK2)}
        for row in found.rows
    }
    ready = {row.id: eligible[row.person_id].met for row in found.rows}
    return page(
        "coordinators/region.html", found=found, done=done, ready=ready, regions=queries.list_regions(manager.id)
    )


@blueprint.route("/regio/coordinatoren/<int:coordinator_id>", methods=["GET", "POST"])
@allow(Role.REGIONAL_MANAGER)
def coordinator(coordinator_id: int) -> Response:
    """One coordinator of the manager's region: the pathway, and a form to record a conference."""
    queries.get_coordinator(coordinator_id, manager_id=the_person().id)
    note_view(person_id=queries.get_coordinator(coordinator_id).person_id)
    found = queries.get_coordinator(coordinator_id)
    form = ConferenceForm()
    if form.validate_on_submit():
        given = form.data
        with form.answering(), transaction():
            commands.record_conference(
                coordinator=queries.get_coordinator(coordinator_id),
                held_on=given["held_on"],
                kind=ConferenceKind(given["kind"]),
                actor=current_actor(),
                now=clock.now(),
            )
            flash(_("De conferentie is bijgeschreven."), "good")
            return see_other(url_for("coordinators.coordinator", coordinator_id=coordinator_id))
    return page("coordinators/coordinator.html", form=form, **_way(found, own=False))


@blueprint.post("/regio/coordinatoren/<int:coordinator_id>/conferenties/<int:conference_id>/verwijderen")
@allow(Role.REGIONAL_MANAGER)
def remove_conference(coordinator_id: int, conference_id: int) -> Response:
    """Takes back a conference that was recorded by mistake."""
    found = queries.get_coordinator(coordinator_id, manager_id=the_person().id)
    with transaction():
        commands.remove_conference(
            coordinator=found, conference_id=conference_id, actor=current_actor(), now=clock.now()
        )
    flash(_("De conferentie is weggehaald. In het logboek blijft staan dat ze er stond."), "good")
    return see_other(url_for("coordinators.coordinator", coordinator_id=coordinator_id))


def _way(coordinator: Coordinator, *, own: bool) -> dict[str, Any]:
    """What their page shows: the four steps, the conferences, and by the rule that decides when they enrol what EK-2
    still asks. `own`: said to themselves."""
    facts = find_facts(coordinator.person_id)
    eligible = course_eligibilities(EK2, [coordinator.person_id], clock.today(), own=own)
    return {
        "coordinator": coordinator,
        "conferences": queries.list_conferences(coordinator.id),
        "steps": pathway(ek1_on=_first(facts, EK1), conferences=list(facts.conferences), ek2_on=_first(facts, EK2)),
        "ek2": eligible[coordinator.person_id],
    }


def _first(facts: Facts | None, slug: str) -> date | None:
    """When a course was completed for the first time."""
    return min(facts.completed.get(slug, ()), default=None) if facts else None

"""A coordinator's pathway and a regional manager's region."""

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.coordinators.forms import ConferenceForm
from portal.db import transaction
from portal.domain.accounts.rules import Role
from portal.domain.coordinators import commands, queries
from portal.domain.coordinators.models import Coordinator
from portal.domain.coordinators.rules import ConferenceKind, PathStep, pathway, ready_for_ek2
from portal.domain.enrolment import queries as enrolment
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
    conferences = queries.list_conferences(coordinator.id)
    return page("coordinators/path.html", coordinator=coordinator, conferences=conferences, steps=_steps(coordinator))


@blueprint.get("/regio")
@allow(Role.REGIONAL_MANAGER)
def region() -> Response:
    """A regional manager's coordinators: how far each is, and who may go to EK-2."""
    manager = the_person()
    note_view(person_id=manager.id)
    found = queries.list_in_regions(manager.id, page=asked_page())
    completed = enrolment.completed_courses([row.person_id for row in found.rows])
    done = {
        row.id: {"ek1": completed.get((row.person_id, EK1)), "ek2": completed.get((row.person_id, EK2))}
        for row in found.rows
    }
    ready = {row.id: ready_for_ek2(ek1_on=done[row.id]["ek1"], conferences=row.conferences) for row in found.rows}
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
    conferences = queries.list_conferences(coordinator_id)
    return page(
        "coordinators/coordinator.html", form=form, coordinator=found, conferences=conferences, steps=_steps(found)
    )


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


def _steps(coordinator: Coordinator) -> list[PathStep]:
    completed = enrolment.completed_courses([coordinator.person_id])
    held = [conference.held_on for conference in queries.list_conferences(coordinator.id)]
    return pathway(
        ek1_on=completed.get((coordinator.person_id, EK1)),
        conferences=held,
        ek2_on=completed.get((coordinator.person_id, EK2)),
    )

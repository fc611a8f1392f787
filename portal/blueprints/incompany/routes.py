"""Asking for an in-company training, and a client's own pages."""

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal import clock
from portal.blueprints.incompany.forms import ParticipantForm, TrainingRequestForm
from portal.db import transaction
from portal.domain.accounts.rules import Role
from portal.domain.enrolment import commands as enrolment
from portal.domain.incompany import commands, queries
from portal.language import _, current_language
from portal.web.access import allow, public
from portal.web.addresses import asked_page
from portal.web.kept import kept
from portal.web.limits import limit
from portal.web.pages import page, see_other
from portal.web.signing import current_actor, current_person, the_person

blueprint = Blueprint("incompany", __name__)


@blueprint.get("/in-company")
@public
@kept
def about() -> Response:
    """What an in-company training is and how it goes."""
    return page("incompany/about.html")


@blueprint.route("/in-company/aanvragen", methods=["GET", "POST"])
@public
@limit("mail")
def ask() -> Response:
    """The request form; who is signed in finds their name filled in."""
    person = current_person()
    form = TrainingRequestForm(**({"name": person.name, "email": person.email} if person else {}))
    courses = [SelectChoice(number, title) for number, title in queries.list_course_choices()]
    form.course.choices = [SelectChoice("", _("Kies een training")), *courses]
    if form.validate_on_submit():
        given = form.data
        with form.answering(), transaction():
            commands.ask_for_training(
                course_id=given["course"],
                organisation_name=given["organisation"],
                contact_name=given["name"],
                contact_email=given["email"],
                language=current_language(),
                group_size=given["group_size"],
                period=given["period"],
                place=given["place"],
                goal=given["goal"],
                actor=current_actor(),
                now=clock.now(),
            )
            return see_other(url_for("incompany.received"))
    return page("incompany/ask.html", form=form)


@blueprint.get("/in-company/ontvangen")
@public
def received() -> Response:
    """Says that the request has arrived and what comes next."""
    return page("incompany/received.html")


@blueprint.get("/organisatie")
@allow(Role.ORGANISATION)
def overview() -> Response:
    """A client's start page: its requests and its editions."""
    person = the_person()
    number = asked_page()
    return page(
        "incompany/overview.html",
        requests=queries.list_requests(contact_id=person.id, per_page=10),
        editions=queries.list_client_editions(person.organisation_ids, page=number),
    )


@blueprint.route("/organisatie/uitvoeringen/<int:edition_id>", methods=["GET", "POST"])
@allow(Role.ORGANISATION)
def edition(edition_id: int) -> Response:
    """Who takes part in one closed edition, and a form to add one more."""
    found = queries.get_client_edition(edition_id, the_person().organisation_ids)
    form = ParticipantForm()
    if form.validate_on_submit():
        given = form.data
        with form.answering(), transaction():
            commands.enter_participant(
                edition=found, name=given["name"], email=given["email"], actor=current_actor(), now=clock.now()
            )
            flash(_("%(name)s doet mee en krijgt een mail met de uitnodigingen.", name=given["name"]), "good")
            return see_other(url_for("incompany.edition", edition_id=edition_id))
    number = asked_page()
    return page(
        "incompany/edition.html",
        form=form,
        edition=found,
        meetings=queries.list_meetings(edition_id),
        people=queries.list_participants(edition_id, page=number),
    )


@blueprint.post("/organisatie/uitvoeringen/<int:edition_id>/deelnemers/<int:enrolment_id>/afmelden")
@allow(Role.ORGANISATION)
def remove(edition_id: int, enrolment_id: int) -> Response:
    """Takes somebody off a closed edition; they get the withdrawal of their invitations."""
    queries.get_client_edition(edition_id, the_person().organisation_ids)
    queries.get_participant(edition_id, enrolment_id)
    with transaction():
        enrolment.cancel_enrolment(enrolment_id=enrolment_id, actor=current_actor(), now=clock.now())
    flash(_("De inschrijving is geannuleerd."), "good")
    return see_other(url_for("incompany.edition", edition_id=edition_id))

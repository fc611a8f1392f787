"""What is on offer: courses and their modules."""

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.office.course_forms import CourseForm, ModuleForm, NewCourseForm
from portal.blueprints.office.requirement_forms import requirements_form
from portal.db import transaction
from portal.domain.accounts.rules import Role
from portal.domain.catalogue import commands, queries
from portal.domain.catalogue.models import Course, Module
from portal.domain.catalogue.queries import get_row
from portal.domain.catalogue.requirements import parse
from portal.domain.enrolment.prerequisite_words import asked_in_words
from portal.errors import NotFound
from portal.language import _
from portal.web.access import allow
from portal.web.addresses import asked_page
from portal.web.pages import page, see_other
from portal.web.signing import current_actor

blueprint = Blueprint("office_courses", __name__, url_prefix="/bureau/trainingen")


@blueprint.get("")
@allow(Role.OFFICE)
def index() -> Response:
    """All courses, hidden ones too."""
    courses = queries.list_courses(page=asked_page())
    return page("office/courses.html", courses=courses, page_url=lambda number: url_for(".index", pagina=number))


@blueprint.get("/<int:course_id>")
@allow(Role.OFFICE)
def show(course_id: int) -> Response:
    """A course with its modules, its accreditations, and its next editions."""
    today = clock.today()
    course = queries.get_course(get_row(Course, course_id).slug, on=today, hidden_too=True)
    return page(
        "office/course.html",
        course=course,
        positions={module.id: module.position for module in course.modules},
        today=today,
        asked=asked_in_words(course.requires, queries.list_titles(course.requires)),
        editions=queries.list_planned(course_id=course_id, since=today, per_page=10),
    )


@blueprint.route("/nieuw", methods=["GET", "POST"])
@allow(Role.OFFICE)
def add() -> Response:
    """A new course."""
    form = NewCourseForm()
    if form.validate_on_submit():
        with form.answering(), transaction():
            course = commands.add_course(
                slug=form.slug.data or "", details=form.details(), actor=current_actor(), now=clock.now()
            )
            flash(_("De training staat erin. Voeg nu de dagdelen toe."), "good")
            return see_other(url_for(".show", course_id=course.id))
    return page("office/course_form.html", form=form, course=None)


@blueprint.route("/<int:course_id>/bewerken", methods=["GET", "POST"])
@allow(Role.OFFICE)
def edit(course_id: int) -> Response:
    """Another text, price or audience."""
    course = get_row(Course, course_id)
    form = CourseForm(obj=course)
    if form.validate_on_submit():
        with form.answering(), transaction():
            commands.edit_course(course_id=course_id, details=form.details(), actor=current_actor(), now=clock.now())
            flash(_("De training is bewaard."), "good")
            return see_other(url_for(".show", course_id=course_id))
    return page("office/course_form.html", form=form, course=course)


@blueprint.route("/<int:course_id>/vooraf", methods=["GET", "POST"])
@allow(Role.OFFICE)
def requirements(course_id: int) -> Response:
    """What the course asks first: ways of which one is enough, each of conditions."""
    course = get_row(Course, course_id)
    form = requirements_form(parse(course.requires), queries.list_other_courses(course_id))
    if not form.more.data and form.validate_on_submit():
        with form.answering(), transaction():
            commands.set_requirements(
                course_id=course_id, alternatives=form.alternatives(), actor=current_actor(), now=clock.now()
            )
            flash(_("Wat de training vooraf vraagt, is bewaard."), "good")
            return see_other(url_for(".show", course_id=course_id))
    return page("office/requirements.html", form=form, course=course)


@blueprint.route("/<int:course_id>/dagdelen/nieuw", methods=["GET", "POST"])
@allow(Role.OFFICE)
def add_module(course_id: int) -> Response:
    """One more module, after the last one."""
    course = get_row(Course, course_id)
    form = ModuleForm()
    if form.validate_on_submit():
        with form.answering(), transaction():
            commands.add_module(course_id=course_id, details=form.details(), actor=current_actor(), now=clock.now())
            flash(_("Het dagdeel staat erin."), "good")
            return see_other(url_for(".show", course_id=course_id))
    return page("office/module_form.html", form=form, course=course, module=None)


@blueprint.route("/<int:course_id>/dagdelen/<int:module_id>", methods=["GET", "POST"])
@allow(Role.OFFICE)
def edit_module(course_id: int, module_id: int) -> Response:
    """Another title, length, preparation or price of a module."""
    course, module = get_row(Course, course_id), _module(course_id, module_id)
    form = ModuleForm(obj=module)
    if form.validate_on_submit():
        with form.answering(), transaction():
            commands.edit_module(module_id=module_id, details=form.details(), actor=current_actor(), now=clock.now())
            flash(_("Het dagdeel is bewaard."), "good")
            return see_other(url_for(".show", course_id=course_id))
    return page("office/module_form.html", form=form, course=course, module=module)


def _module(course_id: int, module_id: int) -> Module:
    """The module, when it is one of this course."""
    module = get_row(Module, module_id)
    if module.course_id != course_id:
        raise NotFound
    return module

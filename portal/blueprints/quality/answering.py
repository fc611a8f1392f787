"""The evaluation as who was there fills it in: by a link of their own, without signing in, once.

An answer cannot be changed afterwards: then it would have to be known whose it is. A look stores nothing, so that mail
scanners use no link up."""

from flask import Blueprint, url_for
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.quality.forms import EvaluationForm
from portal.db import transaction
from portal.domain.quality.commands import answer
from portal.domain.quality.queries import find_link
from portal.domain.quality.rules import LinkState, Question
from portal.web.access import public
from portal.web.pages import page, see_other

blueprint = Blueprint("evaluation", __name__)


@blueprint.after_request
def keep_no_copy(response: FlaskResponse) -> FlaskResponse:
    """These pages are somebody's own: no browser or proxy keeps a copy."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/evaluatie/<token>")
@public
def questions(token: str) -> Response:
    """The questions; or that they were answered, or that it is too late, or that we do not know the link."""
    return _page(token, EvaluationForm())


@blueprint.post("/evaluatie/<token>")
@public
def answered(token: str) -> Response:
    """Keeps the answers."""
    form = EvaluationForm()
    if find_link(token, clock.now()) and form.validate():
        with form.answering(), transaction():
            answer(token=token, answers=form.answers, now=clock.now())
            return see_other(url_for(".questions", token=token))
    return _page(token, form)


def _page(token: str, form: EvaluationForm) -> Response:
    link = find_link(token, clock.now())
    if link is None:
        return page("quality/unknown.html", status=404)
    if link.state is LinkState.OPEN:
        return page("quality/questions.html", form=form, link=link, questions=Question)
    refused = bool(form.errors)
    return page("quality/no_more.html", link=link, status=409 if refused else 200)

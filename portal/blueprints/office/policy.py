"""What the office decides about enrolling: how long an offer holds, when names must be known, when reminders go out."""

from dataclasses import asdict, fields
from typing import Any

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.db import transaction
from portal.domain.accounts.rules import Role
from portal.domain.enrolment.decisions import decide
from portal.domain.enrolment.policy import BOUNDS, Policy, current_policy
from portal.language import _, _l
from portal.web.access import allow
from portal.web.fields import WholeNumberField
from portal.web.forms import Filled, PortalForm
from portal.web.pages import page, see_other
from portal.web.signing import current_actor

blueprint = Blueprint("office_policy", __name__, url_prefix="/bureau/instellingen")


def _number(name: str) -> WholeNumberField:
    sentence = _l("Vul een heel getal in")
    return WholeNumberField(BOUNDS[name].label, sentence=sentence, validators=[Filled(sentence)])


class PolicyForm(PortalForm):
    """A number for each field of a Policy, under the same name."""

    @property
    def policy(self) -> Policy:
        return Policy(**{field.name: self[field.name].data for field in fields(Policy)})


for each in fields(Policy):
    setattr(PolicyForm, each.name, _number(each.name))


@blueprint.route("", methods=["GET", "POST"])
@allow(Role.OFFICE)
def edit() -> Response:
    """What holds now, and another policy from now on."""
    given: dict[str, Any] = asdict(current_policy(clock.now()))
    form = PolicyForm(**given)
    if form.validate_on_submit():
        with form.answering(), transaction():
            decide(policy=form.policy, actor=current_actor(), now=clock.now())
            flash(_("De instellingen gelden vanaf nu."), "good")
            return see_other(url_for(".edit"))
    return page("office/policy.html", form=form, bounds=BOUNDS)

"""The office's certificates: who is ready, issuing for an edition at once, revoking and replacing one."""

import secrets

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.office.certificate_forms import FindForm, ReplaceForm, RevokeForm
from portal.db import transaction
from portal.documents.codes import group_code, new_code
from portal.domain.accounts.rules import Role
from portal.domain.certificates import commands, issue_runs, queries
from portal.domain.certificates.candidates import Counts, count_standings, list_candidates, list_editions_begun
from portal.domain.certificates.printed_facts import has_drifted
from portal.domain.certificates.queries import CertificateView
from portal.domain.certificates.rules import CertificateState, EndReason, RunState, Standing
from portal.domain.certificates.wording import end_in_words, standing_in_words
from portal.errors import Conflict
from portal.language import _
from portal.links import link
from portal.web.access import allow, note_view
from portal.web.addresses import asked_page
from portal.web.forms import PortalForm
from portal.web.pages import page, see_other
from portal.web.signing import current_actor

blueprint = Blueprint("office_certificates", __name__, url_prefix="/bureau/certificaten")


@blueprint.get("")
@allow(Role.OFFICE)
def editions() -> Response:
    """The editions that have begun, with how many people are ready, blocked and done; a way to one certificate."""
    form = FindForm(request.args, meta={"csrf": False})
    if "nummer" in request.args and form.validate():
        found_id = queries.find_id_by_number(form.nummer.data or "")
        if found_id:
            return see_other(url_for("office_certificates.certificate", certificate_id=found_id))
        form.nummer.errors = [_("We hebben geen certificaat met dit nummer. Kijk het nummer na.")]
    found = list_editions_begun(today=clock.today(), page=asked_page())
    counts = count_standings(list_candidates([row.id for row in found.rows]))
    return page("office/certificates/editions.html", form=form, found=found, counts=counts, nobody=Counts())


@blueprint.get("/uitvoeringen/<int:edition_id>")
@allow(Role.OFFICE)
def edition(edition_id: int) -> Response:
    """Everybody in an edition: blocked and why, ready and for what, done."""
    return _edition_page(edition_id)


@blueprint.post("/uitvoeringen/<int:edition_id>/uitgeven")
@allow(Role.OFFICE)
def issue(edition_id: int) -> Response:
    """Asks the worker to issue for everybody who is ready."""
    queries.get_edition_heading(edition_id)
    form = PortalForm()
    with form.answering(), transaction():
        run = issue_runs.request_issue(edition_id=edition_id, actor=current_actor(), now=clock.now())
        run_id = run.id
    if form.errors:
        return _edition_page(edition_id, form)
    return see_other(url_for("office_certificates.run", run_id=run_id))


@blueprint.get("/rondes/<int:run_id>")
@allow(Role.OFFICE)
def run(run_id: int) -> Response:
    """How far a batch is. While it runs the page shows counts only and loads itself again; names come at the end."""
    found = queries.get_run(run_id)
    is_running = found.state == RunState.RUNNING
    if not is_running:
        note_view(edition_id=found.edition_id)
    return page(
        "office/certificates/run.html",
        run=queries.get_run(run_id),
        progress=queries.progress_of(run_id),
        edition=queries.get_edition_heading(found.edition_id),
        items=[] if is_running else queries.list_items(run_id),
        is_running=is_running,
    )


@blueprint.post("/rondes/<int:run_id>/stoppen")
@allow(Role.OFFICE)
def stop(run_id: int) -> Response:
    """Stops a batch after the certificate that is being made."""
    try:
        with transaction():
            issue_runs.stop_run(run_id=run_id, actor=current_actor(), now=clock.now())
    except Conflict as refusal:
        return _back_to_run(run_id, refusal)
    return see_other(url_for("office_certificates.run", run_id=run_id))


@blueprint.post("/rondes/<int:run_id>/verder")
@allow(Role.OFFICE)
def start(run_id: int) -> Response:
    """Goes on with a batch that was stopped."""
    try:
        with transaction():
            issue_runs.start_run(run_id=run_id, actor=current_actor(), now=clock.now())
    except Conflict as refusal:
        return _back_to_run(run_id, refusal)
    return see_other(url_for("office_certificates.run", run_id=run_id))


@blueprint.get("/<int:certificate_id>")
@allow(Role.OFFICE)
def certificate(certificate_id: int) -> Response:
    """One certificate with all that is on it, and what can be done about it."""
    return _certificate_page(certificate_id)


@blueprint.post("/<int:certificate_id>/intrekken")
@allow(Role.OFFICE)
def revoke(certificate_id: int) -> Response:
    """Takes it back; the holder gets a mail."""
    queries.get_holding(certificate_id)
    form = RevokeForm()
    if form.validate():
        with form.answering(), transaction():
            commands.revoke_certificate(
                certificate_id=certificate_id,
                reason=EndReason(form.reason.data),
                explanation=form.explanation.data or "",
                actor=current_actor(),
                now=clock.now(),
            )
    if form.errors:
        return _certificate_page(certificate_id, revoke_form=form)
    flash(_("Het certificaat is ingetrokken. De houder krijgt een mail."), "good")
    return see_other(url_for("office_certificates.certificate", certificate_id=certificate_id))


@blueprint.post("/<int:certificate_id>/vervangen")
@allow(Role.OFFICE)
def replace(certificate_id: int) -> Response:
    """Issues it again with the right name; on to the new one."""
    queries.get_holding(certificate_id)
    form = ReplaceForm()
    new_id = certificate_id
    if form.validate():
        with form.answering(), transaction():
            new_id = commands.replace_certificate(
                certificate_id=certificate_id,
                name=form.name.data or "",
                code=new_code(secrets.token_bytes),
                actor=current_actor(),
                now=clock.now(),
            ).id
    if form.errors:
        return _certificate_page(certificate_id, replace_form=form)
    flash(_("Dit is het nieuwe certificaat. De houder krijgt een mail."), "good")
    return see_other(url_for("office_certificates.certificate", certificate_id=new_id))


@blueprint.post("/<int:certificate_id>/ingehaald")
@allow(Role.OFFICE)
def renew(certificate_id: int) -> Response:
    """A new certificate in place of one that lacks what was made up since."""
    queries.get_holding(certificate_id)
    form = PortalForm()
    new_id = certificate_id
    with form.answering(), transaction():
        new_id = commands.renew_certificate(
            certificate_id=certificate_id, code=new_code(secrets.token_bytes), actor=current_actor(), now=clock.now()
        ).id
    if form.errors:
        return _certificate_page(certificate_id, again_form=form)
    flash(_("Dit is het nieuwe certificaat. De houder krijgt een mail."), "good")
    return see_other(url_for("office_certificates.certificate", certificate_id=new_id))


@blueprint.post("/<int:certificate_id>/opnieuw")
@allow(Role.OFFICE)
def issue_again(certificate_id: int) -> Response:
    """A new certificate after a revocation, from the attendance as it is now."""
    found = queries.get_certificate(certificate_id)
    form = PortalForm()
    new_id = certificate_id
    with form.answering(), transaction():
        new_id = commands.issue_certificate(
            enrolment_id=found.enrolment_id,
            code=new_code(secrets.token_bytes),
            again=True,
            actor=current_actor(),
            now=clock.now(),
        ).id
    if form.errors:
        return _certificate_page(certificate_id, again_form=form)
    flash(_("Dit is het nieuwe certificaat. De houder krijgt een mail."), "good")
    return see_other(url_for("office_certificates.certificate", certificate_id=new_id))


def _edition_page(edition_id: int, form: PortalForm | None = None) -> Response:
    queries.get_edition_heading(edition_id)
    note_view(edition_id=edition_id)
    found = list_candidates([edition_id])
    return page(
        "office/certificates/edition.html",
        form=form,
        edition=queries.get_edition_heading(edition_id),
        blocked=[one for one in found if one.readiness.standing is Standing.BLOCKED],
        ready=[one for one in found if one.readiness.standing is Standing.READY],
        outdated=[one for one in found if one.readiness.outdated],
        issued=[one for one in found if one.readiness.standing is Standing.ISSUED and not one.readiness.outdated],
        in_words=standing_in_words,
        unfinished_run=queries.find_unfinished_run(edition_id),
    )


def _back_to_run(run_id: int, refusal: Conflict) -> Response:
    flash(refusal.sentence, "warning")
    return see_other(url_for("office_certificates.run", run_id=run_id))


def _certificate_page(
    certificate_id: int,
    *,
    revoke_form: RevokeForm | None = None,
    replace_form: ReplaceForm | None = None,
    again_form: PortalForm | None = None,
) -> Response:
    holding = queries.get_holding(certificate_id)
    note_view(certificate_id=certificate_id, person_id=holding.person_id, edition_id=holding.edition_id)
    found: CertificateView = queries.get_certificate(certificate_id)
    return page(
        "office/certificates/certificate.html",
        form=revoke_form or replace_form or again_form,
        certificate=found,
        outdated=any(
            one.readiness.outdated and one.certificate_id == certificate_id
            for one in list_candidates([found.edition_id], found.enrolment_id)
        ),
        drifted=found.state is CertificateState.VALID and has_drifted(found.enrolment_id, found.facts, clock.now()),
        code=group_code(found.facts.code),
        address=link(f"/c/{found.facts.code}"),
        end_reason=end_in_words(found.end_reason),
        revoke_form=revoke_form or RevokeForm(formdata=None),
        replace_form=replace_form or ReplaceForm(formdata=None, name=found.facts.holder_name),
    )

"""Enrolling a group: the list, what is not right in it, the last button. The list stays on the server meanwhile."""

from collections.abc import Callable
from functools import partial, update_wrapper
from typing import Any

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.enrolment import group_pages as pages
from portal.blueprints.enrolment.forms import SINGLE, WHOLE
from portal.blueprints.enrolment.group_desks import DESKS, Desk
from portal.blueprints.enrolment.group_forms import GroupForm, MendForm, mend_form
from portal.blueprints.enrolment.group_pages import Draft, list_form
from portal.db import transaction
from portal.domain.accounts.commands import add_person
from portal.domain.enrolment.group_drafts import begin_group_draft, get_group_draft, keep_in_group_draft
from portal.domain.enrolment.group_queries import get_group
from portal.domain.enrolment.groups import Order, book_group, name_places
from portal.domain.enrolment.people_lists import as_json, changed
from portal.domain.enrolment.queries import EditionOnOffer, get_edition, get_terms
from portal.language import _, current_language
from portal.web.limits import limit
from portal.web.pages import see_other
from portal.web.signing import current_actor, the_person


def start(desk: Desk, edition_id: int) -> Response:
    """The first step: which modules, and the list."""
    edition = desk.edition(edition_id, the_person())
    form = list_form(desk, edition, pages.asked_group(edition), {"choice": WHOLE if edition.gives_whole else SINGLE})
    return pages.list_page(desk, edition, form)


def start_done(desk: Desk, edition_id: int) -> Response:
    """Reads the list into a draft."""
    edition = desk.edition(edition_id, the_person())
    into = pages.asked_group(edition)
    form = list_form(desk, edition, into)
    if form.validate():
        with form.answering(), transaction():
            answers = pages.answers_of(edition, form, into)
            token = begin_group_draft(edition_id=edition_id, owner_id=the_person().id, answers=answers, now=clock.now())
            step = ".check" if form.without_names else ".mend"
            return see_other(url_for(step, edition_id=edition_id, token=token))
    return pages.list_page(desk, edition, form)


def mend(desk: Desk, edition_id: int, token: str) -> Response:
    """The list as it was read, with what is not right."""
    desk.note(edition_id)
    edition = desk.edition(edition_id, the_person())
    draft = pages.draft_of(get_group_draft(token, edition_id, the_person().id))
    if draft.group_id is not None:
        return see_other(url_for(".check", edition_id=edition_id, token=token))
    opened = [line for line in request.args.getlist("regel", type=int) if line in draft.lines]
    wrong = pages.what_is_wrong(desk, edition, draft.people)
    form = mend_form(draft.people, wrong, opened)
    form.status = 200
    return pages.mend_page(desk, edition, draft, form, wrong, opened)


def mend_done(desk: Desk, edition_id: int, token: str) -> Response:
    """Keeps what was mended; on when all is right."""
    desk.note(edition_id)
    edition = desk.edition(edition_id, the_person())
    draft = pages.draft_of(get_group_draft(token, edition_id, the_person().id))
    if draft.group_id is not None:
        return see_other(url_for(".check", edition_id=edition_id, token=token))
    rows = MendForm().rows
    left_out = {line for line, row in rows.items() if row.leave_out.data}
    people = tuple(
        changed(person, rows[person.line].typed) if person.line in rows else person
        for person in draft.people
        if person.line not in left_out
    )
    with transaction():
        keep_in_group_draft(draft_id=draft.id, answers={"people": as_json(people)})
    if not people and not draft.places:
        flash(_("Er staat niemand meer in de lijst. Begin opnieuw."), "warning")
        return see_other(url_for(".start", edition_id=edition_id))
    wrong = pages.what_is_wrong(desk, edition, people)
    if wrong:
        return pages.mend_page(desk, edition, draft.with_people(people), mend_form(people, wrong), wrong)
    return see_other(url_for(".check", edition_id=edition_id, token=token))


def check(desk: Desk, edition_id: int, token: str) -> Response:
    """Everything once more, who contracts, and what it costs."""
    desk.note(edition_id)
    edition = desk.edition(edition_id, the_person())
    draft = pages.draft_of(get_group_draft(token, edition_id, the_person().id))
    if draft.group_id is not None:
        return see_other(desk.done_url(edition_id, draft.group_id))
    if pages.what_is_wrong(desk, edition, draft.people) or not draft.size:
        return see_other(url_for(".mend", edition_id=edition_id, token=token))
    return pages.check_page(desk, edition, draft, pages.contract_form(desk, edition, draft))


def check_done(desk: Desk, edition_id: int, token: str) -> Response:
    """Enrols everybody, or nobody and says why. The same draft sent twice makes one group."""
    desk.note(edition_id)
    edition = desk.edition(edition_id, the_person())
    draft = pages.draft_of(get_group_draft(token, edition_id, the_person().id))
    form = pages.contract_form(desk, edition, draft)
    if draft.group_id is not None:
        return see_other(desk.done_url(edition_id, draft.group_id))
    if form.validate():
        with form.answering(), transaction():
            group_id = _name(desk, draft) if draft.into else _book(desk, edition, draft, form)
            flash(pages.sentence_of_enrolled(len(draft.people), draft.places), "good")
            return see_other(desk.done_url(edition_id, group_id))
    return pages.check_page(desk, get_edition(edition_id), draft, form)


def _book(desk: Desk, edition: EditionOnOffer, draft: Draft, form: GroupForm) -> int:
    now, actor = clock.now(), current_actor()
    given = {"organisation_id": edition.organisation_id, "employer": "", **pages.contract_of(form)}
    contact_id = the_person().id
    if contact := pages.contact_of(form):
        contact_id = add_person(**contact, language=current_language(), actor=actor, now=now).id
    terms = get_terms(clock.local_date(now))
    order = Order(edition.id, draft.module_ids, contact_id, terms.id, **given)
    return book_group(
        order=order,
        people=pages.participants(draft, given["employer"]),
        places=draft.places,
        draft_id=draft.id,
        trusted=desk.trusted,
        actor=actor,
        now=now,
    )


def _name(desk: Desk, draft: Draft) -> int:
    group_id = draft.into or 0
    person = the_person()
    group = get_group(group_id, person_id=person.id, organisation_ids=person.organisation_ids)
    name_places(
        group_id=group_id,
        people=pages.participants(draft, group.employer),
        draft_id=draft.id,
        trusted=desk.trusted,
        actor=current_actor(),
        now=clock.now(),
    )
    return group_id


VIEWS: tuple[tuple[str, str, str, Callable[..., Response], str], ...] = (
    ("", "start", "GET", start, ""),
    ("", "start_done", "POST", start_done, "enrol"),
    ("/<token>", "mend", "GET", mend, ""),
    ("/<token>", "mend_done", "POST", mend_done, "enrol"),
    ("/<token>/controleren", "check", "GET", check, ""),
    ("/<token>/controleren", "check_done", "POST", check_done, "enrolled"),
)


def blueprint_of(desk: Desk) -> Blueprint:
    """The pages at the addresses of a desk, for whom it is."""
    made = Blueprint(desk.name, __name__, url_prefix=desk.prefix)
    for path, name, method, view, limited in VIEWS:
        bound: Any = update_wrapper(partial(view, desk), view)
        if limited:
            bound = limit(limited)(bound)
        made.add_url_rule(path, name, desk.mark(bound), methods=[method])
    return made


blueprints = tuple(blueprint_of(desk) for desk in DESKS)

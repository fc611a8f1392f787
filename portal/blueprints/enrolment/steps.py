"""What the steps of enrolling show, from an edition and a draft."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup, escape
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal import clock
from portal.blueprints.enrolment.forms import REGISTERS, SINGLE, WHOLE, CheckForm, ChoiceForm
from portal.blueprints.enrolment.points import grants_in_words, points_in_words
from portal.clock import local_date
from portal.domain.accounts.profile import list_own_numbers
from portal.domain.accounts.queries import get_person
from portal.domain.accounts.rules import looks_unusual, plain_number
from portal.domain.catalogue import queries as catalogue
from portal.domain.catalogue.facts import EditionFacts
from portal.domain.catalogue.rules import points_on_offer
from portal.domain.enrolment.closing import closed_after
from portal.domain.enrolment.models import EnrolmentDraft
from portal.domain.enrolment.participants import Participant
from portal.domain.enrolment.queries import (
    EditionOnOffer,
    MeetingOnOffer,
    get_terms,
    list_other_editions,
)
from portal.domain.enrolment.rules import ContractParty
from portal.domain.enrolment.terms import withdraw_until
from portal.domain.enrolment.wording import costs_by_period
from portal.language import _, _n, current_language, day, money, period
from portal.web.filters import in_dutch
from portal.web.pages import page, see_other
from portal.web.signing import current_person


@dataclass(frozen=True)
class Answers:
    """A complete draft. `module_ids` None: the whole training."""

    module_ids: list[int] | None
    participant: Participant
    contract_party: ContractParty
    order_reference: str

    def for_command(self) -> dict[str, Any]:
        return vars(self).copy()


def answers_of(draft: EnrolmentDraft) -> Answers:
    """What was filled in, in the language of the page that it is sent from."""
    given: dict[str, Any] = draft.answers
    participant = Participant(
        name=given["name"],
        email=given["email"],
        language=current_language(),
        employer=given["employer"],
        register_numbers=given["register_numbers"],
    )
    party = ContractParty(given["contract_party"])
    return Answers(given["modules"], participant, party, given["order_reference"])


def bookable(edition: EditionOnOffer, trusted: bool = False) -> tuple[MeetingOnOffer, ...]:
    """The meetings for which enrolling is not closed; to who is `trusted` it closes when they begin. One query."""
    return _after(edition, clock.now() if trusted else closed_after(clock.now()))


def to_come(edition: EditionOnOffer) -> tuple[MeetingOnOffer, ...]:
    """The meetings that have not begun."""
    return _after(edition, clock.now())


def _after(edition: EditionOnOffer, moment: datetime) -> tuple[MeetingOnOffer, ...]:
    return tuple(meeting for meeting in edition.meetings if meeting.starts_at > moment)


def choice_form(
    edition: EditionOnOffer, draft: EnrolmentDraft | None, open_meetings: Collection[MeetingOnOffer]
) -> ChoiceForm:
    """The form with this edition's options. What was chosen before is chosen again."""
    before: Any = draft.answers.get("modules") if draft else None
    sold_out = edition.separately_bookable and any(meeting.free <= 0 for meeting in edition.meetings)
    options = choice_options(edition, open_meetings)
    first = SINGLE if sold_out else options[0].value if options else None
    form = ChoiceForm(data={"choice": SINGLE if before else first, "modules": before or []})
    offer_choices(form, edition, open_meetings)
    return form


def choice_options(edition: EditionOnOffer, open_meetings: Collection[MeetingOnOffer]) -> list[SelectChoice]:
    """The whole training, single modules, or both."""
    options = []
    if edition.gives_whole and len(open_meetings) == len(edition.meetings):
        options.append(SelectChoice(WHOLE, _("De hele training, %(price)s", price=money(edition.price_cents))))
    if edition.separately_bookable:
        options.append(SelectChoice(SINGLE, _("Losse dagdelen")))
    return options


def offer_choices(form: ChoiceForm, edition: EditionOnOffer, open_meetings: Collection[MeetingOnOffer]) -> None:
    """Gives a form of a choice what this edition offers: these meetings, which are not closed."""
    form.choice.choices = choice_options(edition, open_meetings)
    form.modules.choices = [SelectChoice(m.module_id, in_dutch(f"{m.position}. {m.title}")) for m in open_meetings]


def chosen(edition: EditionOnOffer, form: ChoiceForm) -> list[int] | None:
    """The chosen modules; None for the whole training, also when all of it was ticked one by one."""
    picked = set(form.modules.data or [])
    whole = form.choice.data == WHOLE or (edition.gives_whole and picked == edition.module_ids)
    return None if whole else sorted(picked)


def choice_page(edition: EditionOnOffer, form: ChoiceForm) -> Response:
    """The first step, or, when every seat is taken, what else there is."""
    now, choices = clock.now(), {module_id for module_id, *_words in form.modules.iter_choices()}
    open_meetings = [meeting for meeting in edition.meetings if meeting.module_id in choices]
    facts = catalogue.get_edition(edition.id)
    full = [meeting for meeting in open_meetings if meeting.free <= 0]
    others = list_other_editions(edition, now) if full or not open_meetings else []
    nothing_left = not form.choice.choices or all(meeting.free <= 0 for meeting in open_meetings)
    if not edition.separately_bookable and full:
        nothing_left = True
    template = "enrolment/full.html" if nothing_left else "enrolment/choose.html"
    return page(
        template,
        form=form,
        edition=edition,
        grants=grants_in_words(facts),
        full=full,
        others=others,
        begun=any(meeting.starts_at <= now for meeting in edition.meetings),
        shut=any(meeting.starts_at > now and meeting not in open_meetings for meeting in edition.meetings),
        hints=module_hints(edition, facts),
        choice_hints={WHOLE: _hint_of_whole(edition, facts), SINGLE: _("Je kiest hieronder welke")},
    )


def module_hints(edition: EditionOnOffer, facts: EditionFacts) -> dict[int, str]:
    """What there is to know of each module, by module."""
    return {meeting.module_id: _hint(edition, meeting, facts) for meeting in edition.meetings}


def known_details(draft: EnrolmentDraft) -> dict[str, Any]:
    """What to fill in already: what the draft has, else what the signed-in person's profile has."""
    given: dict[str, Any] = draft.answers
    if "email" in given:
        numbers = given["register_numbers"]
        known = {**given}
    else:
        signed_in = current_person()
        if signed_in is None:
            return {}
        person = get_person(signed_in.id)
        numbers = list_own_numbers(person.id)
        known = {"name": person.name, "email": person.email, "employer": person.employer}
    return known | {f"register_{code}": numbers.get(code, "") for code in REGISTERS}


def check_page(edition: EditionOnOffer, answers: Answers, form: CheckForm) -> Response:
    """Everything once more, with what it costs and what cancelling costs. A choice that is no longer on offer begins
    again."""
    today = clock.today()
    meetings = edition.meetings_of(answers.module_ids)
    if not meetings:
        return see_other(url_for(".choose", edition_id=edition.id))
    first_on = local_date(min(meeting.starts_at for meeting in meetings))
    price = edition.price_of(answers.module_ids)
    full = [meeting for meeting in meetings if meeting.free <= 0]
    version = get_terms(today)
    return page(
        "enrolment/check.html",
        form=form,
        edition=edition,
        answers=answers,
        meetings=meetings,
        price=price,
        warnings=_warnings(answers),
        terms=version,
        costs=costs_by_period(version.terms.cancelling, price, first_on, today),
        withdraw_until=withdraw_until(version.terms, answers.contract_party, clock.now()),
        full=full,
        others=list_other_editions(edition, clock.now()) if full else [],
    )


def done_page(facts: EditionFacts, draft: EnrolmentDraft) -> Response:
    """The confirmation, from the draft alone."""
    given: dict[str, Any] = draft.answers
    module_ids = given["modules"]
    meetings = [m for m in facts.meetings if module_ids is None or m.module_id in module_ids]
    meetings.sort(key=lambda meeting: meeting.starts_at)
    fullest = min(meetings, key=lambda meeting: meeting.left)
    dates = {meeting.module_id: local_date(meeting.starts_at) for meeting in meetings}
    grants = [accreditation.grant for accreditation in facts.accreditations]
    person = current_person()
    own = person is not None and person.email == given["email"].lower()
    return page(
        "enrolment/done.html",
        facts=facts,
        meetings=meetings,
        fullest=fullest,
        number=given["number"],
        email=given["email"],
        already=own and given.get("already", False),
        own_enrolment_id=draft.enrolment_id if own else None,
        points=points_on_offer(grants, dates, [meeting.module_id for meeting in facts.meetings]),
        calendar_url=url_for("calendar.edition_agenda", edition_id=facts.id, module=module_ids or []),
    )


def seats_in_words(free: int) -> str:
    if free <= 0:
        return str(_("Vol"))
    return str(_n("Nog %(num)s plek", "Nog %(num)s plekken", free))


def _hint(edition: EditionOnOffer, meeting: MeetingOnOffer, facts: EditionFacts) -> str:
    points = next((row.points for row in facts.meetings if row.id == meeting.id), {})
    parts = [
        f"{day(meeting.starts_at)}, {period(meeting.starts_at, meeting.ends_at)}",
        seats_in_words(meeting.free),
        money(meeting.price_cents),
        points_in_words(points),
        escape(_("Vooraf: %(preparation)s")) % {"preparation": in_dutch(meeting.preparation)}
        if meeting.preparation
        else "",
    ]
    return Markup(". ").join(part for part in parts if part)


def _hint_of_whole(edition: EditionOnOffer, facts: EditionFacts) -> str:
    parts = [
        _n("%(num)s dagdeel", "%(num)s dagdelen", len(edition.meetings)),
        seats_in_words(min((meeting.free for meeting in edition.meetings), default=0)),
        points_in_words(facts.points),
    ]
    return ". ".join(str(part) for part in parts if part)


def _warnings(answers: Answers) -> dict[str, str]:
    """Register code to what is unusual about its number: worth a look, never a refusal."""
    found = {}
    for code, typed in answers.participant.register_numbers.items():
        number = plain_number(typed)
        if number and looks_unusual(code, number):
            found[code] = str(_("Dit nummer ziet er anders uit dan de meeste. Klopt het?"))
    return found

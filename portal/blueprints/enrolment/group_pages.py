"""What the steps of enrolling a group show, from an edition and a draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.enrolment.forms import WHOLE
from portal.blueprints.enrolment.group_desks import Desk
from portal.blueprints.enrolment.group_forms import GroupForm, ListForm, MendForm, group_form
from portal.blueprints.enrolment.steps import bookable, module_hints, offer_choices
from portal.clock import local_date
from portal.domain.accounts.rules import REGISTERPLEIN, SKJ, looks_unusual, plain_number
from portal.domain.catalogue import queries as catalogue
from portal.domain.enrolment.group_models import GroupDraft
from portal.domain.enrolment.group_queries import get_group, who_cannot
from portal.domain.enrolment.groups import sentence_of_room
from portal.domain.enrolment.participants import Participant
from portal.domain.enrolment.people_lists import (
    CELLS,
    Listed,
    PeopleList,
    as_json,
    from_json,
    read_list,
    wrong_cells,
)
from portal.domain.enrolment.place_rules import last_naming_day
from portal.domain.enrolment.policy import current_policy
from portal.domain.enrolment.queries import EditionOnOffer, get_terms
from portal.domain.enrolment.wording import costs_by_period
from portal.errors import NotFound
from portal.language import _n, current_language
from portal.web.pages import page
from portal.web.signing import the_person


@dataclass(frozen=True)
class Draft:
    """A draft as the pages need it. `module_ids` None: the whole training. `into`: the group whose places these people
    get, when it is one that was booked before."""

    id: int
    group_id: int | None
    module_ids: list[int] | None
    people: tuple[Listed, ...]
    unread: tuple[str, ...]
    places: int
    into: int | None

    @property
    def size(self) -> int:
        """How many seats it takes in each meeting."""
        return len(self.people) + self.places

    @property
    def lines(self) -> set[int]:
        return {person.line for person in self.people}

    def with_people(self, people: tuple[Listed, ...]) -> "Draft":
        return replace(self, people=people)


def draft_of(row: GroupDraft) -> Draft:
    """The draft of a row; that of a booked group is empty."""
    kept: dict[str, Any] = row.answers
    people = from_json(kept.get("people", []))
    unread, places = tuple(kept.get("unread", [])), kept.get("places", 0)
    return Draft(row.id, row.group_id, kept.get("modules"), people, unread, places, kept.get("into"))


def asked_group(edition: EditionOnOffer) -> int | None:
    """The group whose places are to be named, as the address says; NotFound unless it is one that somebody speaks for,
    in this edition."""
    group_id = request.args.get("groep", type=int)
    if group_id is None:
        return None
    person = the_person()
    group = get_group(group_id, person_id=person.id, organisation_ids=person.organisation_ids)
    if group.edition.id != edition.id:
        raise NotFound
    return group.id


def list_form(
    desk: Desk, edition: EditionOnOffer, into: int | None, known: Mapping[str, Any] | None = None
) -> ListForm:
    """The form of the first step; single modules only where they are sold apart, and a list unless everybody has to
    show what they have done."""
    form = ListForm(data=known)
    if edition.requires and not desk.trusted:
        del form.people
        del form.file
    if into is not None:
        del form.places
    if into is not None or edition.in_company or not edition.separately_bookable:
        del form.choice
        del form.modules
    else:
        offer_choices(form, edition, bookable(edition, desk.trusted))
    return form


def chosen_modules(edition: EditionOnOffer, form: ListForm) -> list[int] | None:
    """The chosen modules; None for the whole training."""
    if "choice" not in form or form.choice.data == WHOLE:
        return None
    picked = set(form.modules.data or [])
    return None if edition.gives_whole and picked == edition.module_ids else sorted(picked)


def answers_of(edition: EditionOnOffer, form: ListForm, into: int | None) -> dict[str, object]:
    """What a draft keeps of the first step. Raises Refused for a list that cannot be read."""
    found = PeopleList(())
    if "people" in form and not form.without_names:
        data = form.file.data.read() if form.file.data else b""
        found = read_list(text=form.people.data or "", data=data)
    return {
        "modules": chosen_modules(edition, form),
        "people": as_json(found.people),
        "unread": list(found.unread),
        "places": form.reserved,
        "into": into,
    }


def what_is_wrong(desk: Desk, edition: EditionOnOffer, people: Sequence[Listed]) -> dict[int, dict[str, str]]:
    """Line to cell to what is not right; that somebody takes part already only for who may know."""
    wrong = wrong_cells(people)
    if desk.trusted:
        readable = [person for person in people if "email" not in wrong.get(person.line, {})]
        for line, cells in who_cannot(edition, readable, clock.now()).items():
            wrong[line] = {**cells, **wrong.get(line, {})}
    return wrong


def list_page(desk: Desk, edition: EditionOnOffer, form: ListForm) -> Response:
    """The first step."""
    hints = module_hints(edition, catalogue.get_edition(edition.id)) if "modules" in form else {}
    return page("enrolment/group_list.html", form=form, desk=desk, edition=edition, hints=hints)


def mend_page(
    desk: Desk,
    edition: EditionOnOffer,
    draft: Draft,
    form: MendForm,
    wrong: Mapping[int, object],
    opened: Sequence[int] = (),
) -> Response:
    """The second step: rows to mend as fields, the others folded."""
    shown = set(form.rows)
    return page(
        "enrolment/group_mend.html",
        form=form,
        desk=desk,
        edition=edition,
        draft=draft,
        by_line={person.line: person for person in draft.people},
        wrong=len(wrong),
        cells=CELLS if opened else _cells_in_use(draft.people),
        opened=opened,
        good=[person for person in draft.people if person.line not in wrong and person.line not in shown],
    )


def _cells_in_use(people: Sequence[Listed]) -> list[str]:
    """Name and address, and what else the list has of anybody."""
    in_use = {cell for person in people for cell in CELLS if getattr(person, cell) or cell in person.emptied}
    return [cell for cell in CELLS if cell in in_use | {"name", "email"}]


def contract_form(desk: Desk, edition: EditionOnOffer, draft: Draft) -> GroupForm:
    """The form of the last step; nothing is asked again for a group that was booked before."""
    if draft.into is not None:
        return group_form((), ())
    person = the_person()
    organisations = desk.organisations(edition, person)
    known = {"organisation": str(organisations[0][0])} if len(organisations) == 1 and not desk.trusted else {}
    return group_form(desk.asked(edition), organisations, **known)


def contract_of(form: GroupForm) -> dict[str, Any]:
    """Who contracts, as far as it was asked."""
    given: dict[str, Any] = {"order_reference": form.order_reference.data or ""}
    if "employer" in form:
        organisation_id = form.organisation_id
        given |= {"organisation_id": organisation_id, "employer": "" if organisation_id else form.employer.data or ""}
    return given


def contact_of(form: GroupForm) -> dict[str, str]:
    """Who speaks for the group, where it is not the one who fills this in."""
    if "contact_email" not in form:
        return {}
    return {"name": form.contact_name.data or "", "email": form.contact_email.data or ""}


def check_page(desk: Desk, edition: EditionOnOffer, draft: Draft, form: GroupForm) -> Response:
    """The third step: how many, when, for how much, under which terms."""
    today, people = clock.today(), draft.size
    meetings = edition.meetings_of(draft.module_ids)
    price = edition.price_of(draft.module_ids)
    version = get_terms(today)
    first_at = min(meeting.starts_at for meeting in meetings)
    short = next((meeting for meeting in meetings if meeting.free < people and draft.into is None), None)
    return page(
        "enrolment/group_check.html",
        form=form,
        desk=desk,
        edition=edition,
        draft=draft,
        meetings=meetings,
        price=price,
        terms=version,
        costs=costs_by_period(version.terms.cancelling, price, local_date(first_at), today),
        name_last_on=last_naming_day(first_at, current_policy(clock.now()).naming_days) if draft.places else None,
        short=sentence_of_room(short, people) if short and not form.errors else None,
        full=short is not None,
        unusual=[person.line for person in draft.people if _is_unusual(person)],
    )


def participants(draft: Draft, employer: str) -> list[Participant]:
    """The people of a list, who read the language of the page; `employer` where the list names none."""
    return [person.participant(language=current_language(), employer=employer) for person in draft.people]


def sentence_of_enrolled(people: int, places: int) -> str:
    """What has happened, for the next page."""
    enrolled = _n(
        "%(num)s persoon is aangemeld en krijgt een mail met de uitnodigingen.",
        "%(num)s mensen zijn aangemeld. Iedereen krijgt een mail met de uitnodigingen.",
        people,
    )
    reserved = _n("%(num)s plek is gereserveerd.", "%(num)s plekken zijn gereserveerd.", places)
    return " ".join(str(part) for part, number in ((enrolled, people), (reserved, places)) if number)


def _is_unusual(person: Listed) -> bool:
    numbers = {SKJ: plain_number(person.skj), REGISTERPLEIN: plain_number(person.registerplein)}
    return any(number and looks_unusual(code, number) for code, number in numbers.items())

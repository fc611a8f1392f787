"""Enrolling one person, from the rule to the mail."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select

from portal import audit
from portal.audit import Actor
from portal.clock import local_date
from portal.db import db
from portal.domain.accounts.commands import add_new_person, create_sign_in_link
from portal.domain.accounts.models import Person
from portal.domain.accounts.profile import add_numbers
from portal.domain.calendar import commands as calendar
from portal.domain.catalogue.models import Edition
from portal.domain.catalogue.rules import ON_OFFER, EditionKind, EditionState
from portal.domain.enrolment import mails, seats
from portal.domain.enrolment.closing import require_enrolling_open
from portal.domain.enrolment.drafts import lock_draft
from portal.domain.enrolment.eligibility import require_prerequisites
from portal.domain.enrolment.events import Enrolled, EnrolledAgain, SeatTaken
from portal.domain.enrolment.minimum import confirm_when_reached
from portal.domain.enrolment.models import (
    Enrolment,
    EnrolmentDraft,
    EnrolmentNumber,
    EnrolmentRegisterNumber,
    Seat,
)
from portal.domain.enrolment.off_list import Known, find_known, leave_since_enrolled
from portal.domain.enrolment.participants import Participant, plain_register_numbers, require_plain
from portal.domain.enrolment.promotion import offer_freed_seats
from portal.domain.enrolment.queries import EditionOnOffer, MeetingOnOffer, get_edition, with_meetings_now
from portal.domain.enrolment.rules import (
    ContractParty,
    EnrolmentState,
    enrolment_number,
    wrong_choice,
)
from portal.domain.enrolment.wording import sentence_of_choice
from portal.errors import NotFound, Refused
from portal.language import _, day

# The link in the confirmation signs its reader in once; a newer one can be asked for on the sign-in page.
SIGN_IN_LINK_LASTS = timedelta(days=7)


@dataclass(frozen=True)
class Outcome:
    """What came of enrolling. `already`: the person had an enrolment in this edition, and nothing changed. `number` is
    what the page shows; it is the enrolment's own unless `already`. `freed`: seats that were held came free."""

    enrolment_id: int
    number: str
    already: bool = False
    freed: bool = False


@dataclass(frozen=True)
class Held:
    """Seats that are held already: for a place of a group, at the price and under the agreement by which it was
    reserved, or for an offer to somebody who waited, who pays what it costs now.

    Of somebody who takes part already such a seat becomes free."""

    place_id: int | None = None
    offer_id: int | None = None
    price_cents: int | None = None
    contracted_at: datetime | None = None


@dataclass(frozen=True)
class _Contract:
    """With whom the agreement is, under which terms."""

    party: ContractParty
    organisation_id: int | None
    order_reference: str
    terms_version_id: int
    held: Held | None


def enrol(
    *,
    edition_id: int,
    module_ids: Collection[int] | None,
    participant: Participant,
    contract_party: ContractParty,
    terms_version_id: int,
    actor: Actor,
    now: datetime,
    organisation_id: int | None = None,
    order_reference: str = "",
    draft_id: int | None = None,
    trusted: bool = False,
    held: Held | None = None,
    offers_on: bool = True,
) -> Outcome:
    """Enrols somebody in an edition: in the whole (`module_ids` None, or all of them) or in single modules.

    Takes a seat in every meeting or in none, or those that were `held` before, freezes the price, adds the person when
    new, mails the confirmation with the invitations. The same draft sent twice makes one enrolment. Raises Refused for
    what the rules forbid, Conflict naming the meeting that is full, NotFound for an edition that is not open to this
    organisation.

    Who waited alone for these seats goes off the list, and what was held for them goes on to who waits next; unless
    `offers_on` is False: then the caller offers what came free, when all else of its change is done.

    Once enrolling is closed only who is `trusted` enrols somebody still, and whoever has a seat `held` from before.

    **Somebody who is enrolled already.** The address may be anybody's, so the answer to a visitor must not tell that
    its owner takes part: seats are asked first (a full meeting is refused to everybody alike) and given back, a number
    is drawn as always, and the owner reads in a mail that nothing changed. The caller shows the same page as after a
    success, unless the person is signed in or the caller may know. What stays is the count of free seats, which is
    public: comparing it before and after costs a stranger a real enrolment, and its owner a mail, for each wrong guess.
    For the same reason a course with prerequisites is enrolled in by its participant, signed in, unless the caller is
    `trusted` to know what people have done: the office, or an organisation in its own edition."""
    draft = lock_draft(draft_id) if draft_id is not None else None
    if draft is not None and draft.enrolment_id is not None:
        return Outcome(draft.enrolment_id, str(draft.answers["number"]), bool(draft.answers.get("already")))
    edition = get_edition(edition_id)
    known = hold_open(edition, participant.email, organisation_id)
    meetings = _require_choice(edition, module_ids, now, may_be_late=held is not None or trusted)
    require_plain(participant.name, participant.email)
    numbers = plain_register_numbers(participant.register_numbers)
    edition, meetings = _take(edition, meetings, held)
    person, is_new = _person(known.person, participant, numbers, edition, trusted, actor, now)
    earlier = None if is_new else find_active(edition.id, person)
    number = draw_number(now)
    contract = _Contract(contract_party, organisation_id, order_reference, terms_version_id, held)
    if earlier is not None:
        outcome = _enrolled_already(earlier, number, person, edition, meetings, held, actor, now)
    else:
        enrolment = _enrolment(number, person, participant, edition, meetings, contract, now)
        add_enrolment(enrolment, numbers, meetings, actor, now)
        sure = makes_it_sure(edition, person, actor, now)
        _tell(enrolment, person, edition, meetings, actor, now, confirmed=sure)
        outcome = Outcome(enrolment.id, number, freed=leaves_list(known, enrolment, edition, meetings, held, actor))
    if outcome.freed and offers_on:
        offer_freed_seats(edition.id, actor=actor, now=now)
    return _finish(draft, outcome)


def hold_open(edition: EditionOnOffer, email: str, organisation_id: int | None) -> Known:
    """Holds the edition, when it may be enrolled in, and says whom the address is known for."""
    known = find_known(edition.id, email)
    if known.waits:
        # Their offer may end: whoever frees seats does so alone, and locks the edition before anything else.
        seats.lock_editions([edition.id])
    _require_open(edition, organisation_id)
    return known


def _take(
    edition: EditionOnOffer, meetings: Sequence[MeetingOnOffer], held: Held | None
) -> tuple[EditionOnOffer, tuple[MeetingOnOffer, ...]]:
    """Takes a seat in each of these meetings, a free one or the one that is held; the edition and they as they are."""
    if held is None:
        seats.take(meetings)
    else:
        seats.take_held(meetings, place_id=held.place_id, offer_id=held.offer_id)
    # Taking a seat waits for whoever is moving the meeting: only now its time is the one that holds.
    edition = with_meetings_now(edition)
    return edition, edition.meetings_of([meeting.module_id for meeting in meetings])


def leaves_list(
    known: Known,
    enrolment: Enrolment,
    edition: EditionOnOffer,
    meetings: Sequence[MeetingOnOffer],
    held: Held | None,
    actor: Actor,
) -> bool:
    """Takes who waited for these seats off the list; whether others came free by it."""
    modules, offer_id = [meeting.module_id for meeting in meetings], held.offer_id if held else None
    now = enrolment.enrolled_at
    return known.waits and leave_since_enrolled(enrolment, edition, modules, actor=actor, now=now, offer_id=offer_id)


def makes_it_sure(edition: EditionOnOffer, person: Person, actor: Actor, now: datetime) -> bool:
    """Whether this enrolment confirmed its edition; only a tentative one still waits for that."""
    return edition.tentative and confirm_when_reached(edition_id=edition.id, actor=actor, now=now, told=person.id)


def _require_open(edition: EditionOnOffer, organisation_id: int | None) -> None:
    """NotFound for a draft, and for the closed edition of another organisation. Holds the edition until the transaction
    ends: who cancels it waits, and then finds this enrolment."""
    is_their_own = edition.organisation_id is not None and edition.organisation_id == organisation_id
    if edition.state == EditionState.DRAFT or (edition.kind == EditionKind.IN_COMPANY and not is_their_own):
        raise NotFound
    held = select(Edition.id).where(Edition.id == edition.id, Edition.state.in_(ON_OFFER))
    # In a tentative one people enrol one after the other, since the one who makes up its minimum confirms it.
    held = held.with_for_update(key_share=True) if edition.tentative else held.with_for_update(read=True)
    if db.session.scalar(held) is None:
        finished = edition.state == EditionState.FINISHED
        sentence = _("Deze uitvoering is geweest.") if finished else _("Deze uitvoering gaat niet door.")
        raise Refused(sentence + " " + _("Kies een andere datum."))


def _require_choice(
    edition: EditionOnOffer, module_ids: Collection[int] | None, now: datetime, *, may_be_late: bool
) -> tuple[MeetingOnOffer, ...]:
    """The meetings of the chosen modules; Refused when they cannot be chosen, when one has begun, or (unless it
    `may_be_late`) when enrolling is closed."""
    chosen = edition.module_ids if module_ids is None else module_ids
    wrong = wrong_choice(edition.module_ids, chosen, edition.separately_bookable)
    if wrong:
        raise Refused(sentence_of_choice(wrong), "modules")
    meetings = edition.meetings_of(chosen)
    for meeting in meetings:
        if meeting.starts_at <= now:
            raise Refused(
                _(
                    "Dagdeel %(position)s was op %(day)s. Kies een andere datum.",
                    position=meeting.position,
                    day=day(meeting.starts_at),
                ),
                "modules",
            )
    if not may_be_late:
        require_enrolling_open(meetings, now)
    return meetings


def _person(
    known: Person | None,
    participant: Participant,
    numbers: Mapping[str, str],
    edition: EditionOnOffer,
    trusted: bool,
    actor: Actor,
    now: datetime,
) -> tuple[Person, bool]:
    """The participant, and whether they were added just now: then nobody else sees them before the transaction ends,
    and they have no number and no enrolment. Of somebody whom the portal knows a stranger's typing changes nothing: it
    stays with the enrolment."""
    own = known is not None and actor.id == known.id
    require_prerequisites(edition, known, trusted or own, now, own=own)
    person, is_new = (
        (known, False)
        if known
        else add_new_person(
            name=participant.name,
            email=participant.email,
            language=participant.language,
            employer=participant.employer,
            actor=actor,
            now=now,
        )
    )
    if known is None or own:
        add_numbers(person_id=person.id, numbers=numbers, actor=actor, now=now, newly_added=is_new)
    return person, is_new


def find_active(edition_id: int, person: Person | None) -> Enrolment | None:
    """Their enrolment in this edition, if any. The person is held until the transaction ends, so that two enrolments of
    one person cannot both find that there is none."""
    if person is None:
        return None
    db.session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
    return db.session.scalar(
        select(Enrolment).where(
            Enrolment.edition_id == edition_id,
            Enrolment.person_id == person.id,
            Enrolment.state != EnrolmentState.CANCELLED,
        )
    )


def draw_number(now: datetime) -> str:
    """A number that was never given."""
    row = EnrolmentNumber(drawn_at=now)
    db.session.add(row)
    db.session.flush()
    return enrolment_number(row.id, local_date(now))


def _enrolled_already(
    earlier: Enrolment,
    number: str,
    person: Person,
    edition: EditionOnOffer,
    meetings: Sequence[MeetingOnOffer],
    held: Held | None,
    actor: Actor,
    now: datetime,
) -> Outcome:
    seats.give_back(meeting.id for meeting in meetings)
    happened = EnrolledAgain(enrolment_id=earlier.id, edition_id=edition.id, person_id=person.id)
    audit.record(happened, actor=actor, at=now)
    mails.enrolled_already(person, earlier.number, earlier.id, edition, now)
    return Outcome(earlier.id, number, already=True, freed=held is not None)


def _enrolment(
    number: str,
    person: Person,
    participant: Participant,
    edition: EditionOnOffer,
    meetings: Sequence[MeetingOnOffer],
    contract: _Contract,
    now: datetime,
) -> Enrolment:
    """The row, with the name, the employer and the price as they are on this day, or as they were reserved."""
    whole = edition.gives_whole and len(meetings) == len(edition.meetings)
    price_cents = edition.price_of(None if whole else [meeting.module_id for meeting in meetings])
    held = contract.held or Held()
    return Enrolment(
        number=number,
        edition_id=edition.id,
        person_id=person.id,
        state=EnrolmentState.ENROLLED,
        whole=whole,
        participant_name=participant.name,
        employer=participant.employer,
        contract_party=contract.party,
        organisation_id=contract.organisation_id,
        order_reference=contract.order_reference,
        price_cents=price_cents if held.price_cents is None else held.price_cents,
        terms_version_id=contract.terms_version_id,
        enrolled_at=now,
        contracted_at=held.contracted_at or now,
    )


def add_enrolment(
    enrolment: Enrolment,
    numbers: Mapping[str, str],
    meetings: Sequence[MeetingOnOffer],
    actor: Actor,
    now: datetime,
) -> None:
    """The rows of an enrolment whose seats are taken, and their entries in the log."""
    db.session.add(enrolment)
    db.session.flush()
    held = [{"enrolment_id": enrolment.id, "meeting_id": meeting.id} for meeting in meetings]
    db.session.execute(insert(Seat), held)
    db.session.add_all(
        EnrolmentRegisterNumber(enrolment_id=enrolment.id, register_code=code, number=number)
        for code, number in numbers.items()
    )
    db.session.flush()
    happened = Enrolled(
        enrolment_id=enrolment.id,
        edition_id=enrolment.edition_id,
        person_id=enrolment.person_id,
        organisation_id=enrolment.organisation_id,
        terms_version_id=enrolment.terms_version_id,
        number=enrolment.number,
        contract_party=enrolment.contract_party,
        price_cents=enrolment.price_cents,
        replaces=enrolment.replaces_id,
    )
    audit.record(happened, actor=actor, at=now)
    for meeting in meetings:
        taken = SeatTaken(enrolment_id=enrolment.id, edition_id=meeting.edition_id, meeting_id=meeting.id)
        audit.record(taken, actor=actor, at=now)


def _tell(
    enrolment: Enrolment,
    person: Person,
    edition: EditionOnOffer,
    meetings: Sequence[MeetingOnOffer],
    actor: Actor,
    now: datetime,
    *,
    confirmed: bool,
) -> None:
    """The confirmation with the invitations and a sign-in link. `confirmed`: it made the edition sure."""
    meeting_ids = [meeting.id for meeting in meetings]
    invitation = calendar.invite(person_id=person.id, meeting_ids=meeting_ids, actor=actor, now=now)
    token = create_sign_in_link(person_id=person.id, now=now, valid_for=SIGN_IN_LINK_LASTS)
    mails.enrolled(
        person,
        enrolment,
        edition,
        meetings,
        token=token,
        token_until=now + SIGN_IN_LINK_LASTS,
        confirmed=confirmed,
        invitation=invitation,
        now=now,
    )


def _finish(draft: EnrolmentDraft | None, outcome: Outcome) -> Outcome:
    if draft is not None:
        draft.enrolment_id = outcome.enrolment_id
        draft.answers = {**draft.answers, "number": outcome.number, "already": outcome.already}
    db.session.flush()
    return outcome

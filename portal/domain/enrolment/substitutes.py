"""Sending somebody else instead: the seats go over, the agreement stays with who made it."""

from datetime import datetime

from portal import audit
from portal.audit import Actor, Private
from portal.domain.accounts.commands import add_person, create_sign_in_link
from portal.domain.accounts.models import Person
from portal.domain.accounts.profile import add_numbers
from portal.domain.accounts.queries import find_by_email, get_person
from portal.domain.calendar import commands as calendar
from portal.domain.enrolment import change_mails, seats
from portal.domain.enrolment.eligibility import require_prerequisites
from portal.domain.enrolment.endings import contract_of, end, hold, note_released, withdraw_invitations
from portal.domain.enrolment.enrolling import (
    SIGN_IN_LINK_LASTS,
    add_enrolment,
    draw_number,
    find_active,
)
from portal.domain.enrolment.events import EnrolmentSubstituted
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.off_list import leave_since_enrolled
from portal.domain.enrolment.own_enrolments import OwnEnrolment, OwnMeeting
from portal.domain.enrolment.participants import Participant, plain_register_numbers, require_plain
from portal.domain.enrolment.promotion import offer_freed_seats
from portal.domain.enrolment.rules import EndedBy, EnrolmentState
from portal.domain.enrolment.terms import NOTHING, agreed, substitute_until
from portal.errors import Refused
from portal.language import _, moment


def require_replaceable(own: OwnEnrolment, now: datetime, *, by_office: bool = False) -> None:
    """Raises Refused when nobody else can come instead: it has ended, nothing is still to come, or by its terms it is
    too late, which only the office may pass over."""
    coming = any(meeting.starts_at > now for meeting in own.meetings)
    if own.state != EnrolmentState.ENROLLED or not coming:
        raise Refused(_("Op deze inschrijving kan niemand anders meer komen."))
    if not by_office and not own.may_substitute(now):
        until = substitute_until(own.terms, own.meetings[0].starts_at)
        raise Refused(_("Een collega sturen kon tot %(moment)s. Bel of mail ons.", moment=moment(until)))


def send_substitute(
    *,
    enrolment_id: int,
    colleague: Participant,
    actor: Actor,
    now: datetime,
    by_office: bool = False,
    reason: str = "",
    cost_cents: int | None = None,
) -> int:
    """Lets somebody else take over an enrolment with what is still to come of it: its seats go over without becoming
    free, its person's meetings leave their calendar, the colleague is invited and gets a link to sign in. Price, terms,
    reference and who contracts stay as they are; points and certificates stay with whom they were earned by.

    Prerequisites and whether the colleague takes part already are asked, but what somebody has done is told to the
    office alone. The office may also do it when the terms no longer allow it, or at a cost, and says why in `reason`.
    Raises Refused as require_replaceable and for a colleague who cannot come, Conflict when the enrolment was ended by
    somebody else, NotFound. Returns the id of the colleague's enrolment."""
    own, touched = hold(enrolment_id)
    cost = agreed(NOTHING, cost_cents)
    end(enrolment_id, EndedBy.SUBSTITUTED, cost.cents, now)
    require_replaceable(own, now, by_office=by_office)
    person = _person(own, colleague, actor, now, by_office=by_office)
    passed = seats.pass_on(own.id, now)
    note_released(own, passed, actor, now)
    meetings = [meeting for meeting in own.meetings if meeting.id in passed]
    enrolment = _goes_on(own, person, colleague, meetings, now)
    add_enrolment(enrolment, plain_register_numbers(colleague.register_numbers), meetings, actor, now)
    happened = EnrolmentSubstituted(
        enrolment_id=own.id,
        edition_id=own.edition.id,
        person_id=own.person_id,
        goes_on_as=enrolment.id,
        cost_cents=cost.cents,
        reason=Private(reason) if reason else None,
    )
    audit.record(happened, actor=actor, at=now)
    gone = withdraw_invitations(own, actor, now)
    change_mails.gave_place(get_person(own.person_id), own, cost, invitation=gone, now=now)
    _welcome(person, enrolment, own, meetings, actor, now)
    modules = [meeting.module_id for meeting in meetings if meeting.edition_id == own.edition.id]
    leave_since_enrolled(enrolment, own.edition, modules, actor=actor, now=now)
    # Who gave the place away may wait for another one, which they could not have before.
    offer_freed_seats(*touched, actor=actor, now=now)
    return enrolment.id


def _person(own: OwnEnrolment, colleague: Participant, actor: Actor, now: datetime, *, by_office: bool) -> Person:
    """The colleague, added when new; of somebody whom the portal knows nothing is changed."""
    require_plain(colleague.name, colleague.email)
    numbers = plain_register_numbers(colleague.register_numbers)
    known = find_by_email(colleague.email)
    if known is not None and known.id == own.person_id:
        raise Refused(_("Vul het e-mailadres van je collega in, niet dat van jezelf"), "email")
    try:
        require_prerequisites(own.edition, known, True, now, own=False)
        if find_active(own.edition.id, known) is not None:
            raise Refused(_("Deze collega doet al mee aan deze uitvoering."), "email")
    except Refused as refused:
        if by_office:
            raise
        # One sentence for every reason: what a colleague has done is theirs to tell.
        sentence = _("Deze collega kan deze plek niet overnemen. Bel of mail het bureau, dan zoeken we een oplossing.")
        raise Refused(sentence, "email") from refused
    if known is not None:
        return known
    person = add_person(
        name=colleague.name,
        email=colleague.email,
        language=colleague.language,
        employer=colleague.employer,
        actor=actor,
        now=now,
    )
    add_numbers(person_id=person.id, numbers=numbers, actor=actor, now=now)
    return person


def _goes_on(
    own: OwnEnrolment, person: Person, colleague: Participant, meetings: list[OwnMeeting], now: datetime
) -> Enrolment:
    return Enrolment(
        number=draw_number(now),
        edition_id=own.edition.id,
        person_id=person.id,
        state=EnrolmentState.ENROLLED,
        whole=own.whole and len(meetings) == len(own.meetings),
        participant_name=colleague.name,
        employer=colleague.employer,
        price_cents=own.price_cents,
        enrolled_at=now,
        **contract_of(own),
    )


def _welcome(
    person: Person,
    enrolment: Enrolment,
    own: OwnEnrolment,
    meetings: list[OwnMeeting],
    actor: Actor,
    now: datetime,
) -> None:
    meeting_ids = [meeting.id for meeting in meetings]
    invitation = calendar.invite(person_id=person.id, meeting_ids=meeting_ids, actor=actor, now=now)
    token = create_sign_in_link(person_id=person.id, now=now, valid_for=SIGN_IN_LINK_LASTS)
    change_mails.took_place(
        person,
        enrolment,
        own.edition,
        meetings,
        token=token,
        token_until=now + SIGN_IN_LINK_LASTS,
        invitation=invitation,
        now=now,
    )

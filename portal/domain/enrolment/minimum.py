"""The minimum of a tentative edition: what happens when it is reached, or when the office decides without."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from portal import audit
from portal.audit import Actor, Private
from portal.db import db
from portal.domain.catalogue.models import Edition
from portal.domain.catalogue.rules import EditionState
from portal.domain.enrolment import edition_mails
from portal.domain.enrolment.edition_people import count_people, list_coming_trainers, list_guests, list_taking_part
from portal.domain.enrolment.events import EditionConfirmed
from portal.domain.enrolment.queries import get_edition


def lock_tentative(edition_id: int) -> Edition | None:
    """The edition, held until the transaction ends, when it is tentative: of two who enrol at once the second counts
    the first. Without waiting None for any other."""
    found = select(Edition).where(Edition.id == edition_id, Edition.state == EditionState.TENTATIVE)
    if db.session.scalar(found.with_only_columns(Edition.id)) is None:
        return None
    return db.session.scalar(found.with_for_update(key_share=True).execution_options(populate_existing=True))


def confirm_when_reached(*, edition_id: int, actor: Actor, now: datetime, told: int | None = None) -> bool:
    """Confirms a tentative edition that has enough people; whether it did. Whoever adds people to an edition, or lowers
    its minimum, calls it. `told`: the person who reads it in a mail of their own."""
    edition = lock_tentative(edition_id)
    if edition is None or count_people(edition_id) < edition.minimum:
        return False
    confirm(edition, actor=actor, now=now, told=told)
    return True


def confirm(edition: Edition, *, actor: Actor, now: datetime, told: int | None = None, reason: str = "") -> None:
    """Confirms a tentative edition that is held, and tells its participants and trainers."""
    people = count_people(edition.id)
    edition.state, edition.decide_on, edition.confirmed_with = EditionState.CONFIRMED, None, people
    db.session.flush()
    offered = get_edition(edition.id)
    for person, enrolment_id in list_taking_part(edition.id):
        if person.id != told:
            edition_mails.confirmed(person, enrolment_id, offered, now)
    for person, enrolment_id, modules in list_guests(edition.id, now):
        edition_mails.confirmed(person, enrolment_id, replace(offered, meetings=offered.meetings_of(modules)), now)
    for person in list_coming_trainers(edition.id, now):
        edition_mails.confirmed_to_trainer(person, offered, people, now)
    why = Private(reason) if reason else None
    happened = EditionConfirmed(edition_id=edition.id, people=people, minimum=edition.minimum, reason=why)
    audit.record(happened, actor=actor, at=now)

"""Adding people and giving them roles. Signing in and out: see signing_in."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.domain.accounts.events import OrganisationAdded, PersonAdded, RoleGranted, RoleWithdrawn
from portal.domain.accounts.models import Organisation, Person, RoleGrant
from portal.domain.accounts.queries import find_by_email, get_by_email, get_person
from portal.domain.accounts.rules import Role
from portal.domain.accounts.signing_in import (
    ask_for_sign_in_link,
    create_sign_in_link,
    end_all_sessions,
    end_one_session,
    end_session,
    make_api_token,
    set_password,
    sign_in_by_link,
    sign_in_by_password,
    start_session,
)
from portal.errors import NotFound, Refused
from portal.language import _

__all__ = [
    "add_organisation",
    "add_person",
    "ask_for_sign_in_link",
    "create_sign_in_link",
    "end_all_sessions",
    "end_one_session",
    "end_session",
    "grant_role",
    "make_api_token",
    "set_password",
    "sign_in_by_link",
    "sign_in_by_password",
    "start_session",
    "withdraw_role",
]


def add_person(
    *, name: str, email: str, language: str = "nl", employer: str = "", actor: Actor, now: datetime
) -> Person:
    """The person with this address: the one who is there already, unchanged, or a new one."""
    known = find_by_email(email)
    if known:
        return known
    return add_new_person(name=name, email=email, language=language, employer=employer, actor=actor, now=now)[0]


def add_new_person(
    *, name: str, email: str, language: str, employer: str, actor: Actor, now: datetime
) -> tuple[Person, bool]:
    """As add_person, for who has just seen that nobody has this address. Whether it was added: somebody else may have
    been first."""
    values = {"name": name, "email": email.strip().lower(), "language": language, "employer": employer}
    try:
        with db.session.connection().begin_nested():
            added = insert(Person).values(**values, created_at=now).returning(Person)
            person = db.session.scalars(added).one()
    except IntegrityError:
        # Somebody added this address at the same moment, and has committed by now.
        return get_by_email(email), False
    audit.record(PersonAdded(person_id=person.id), actor=actor, at=now)
    return person, True


def add_organisation(*, name: str, sector: str = "", actor: Actor, now: datetime) -> Organisation:
    """The organisation of this name: the one that is there already, unchanged, or a new one."""
    known = db.session.scalar(select(Organisation).where(Organisation.name == name))
    if known:
        return known
    organisation = Organisation(name=name, sector=sector)
    db.session.add(organisation)
    db.session.flush()
    audit.record(OrganisationAdded(organisation_id=organisation.id), actor=actor, at=now)
    return organisation


def grant_role(*, person_id: int, role: Role, organisation_id: int | None = None, actor: Actor, now: datetime) -> None:
    """Gives a person a role; a second time changes nothing.

    Raises Refused when the role 'organisation' has no organisation, NotFound for a person or organisation that is not
    there."""
    get_person(person_id)
    # The unique key does not see two grants without an organisation as the same: who gives a role waits for whoever
    # gives one to the same person.
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    if role == Role.ORGANISATION:
        if organisation_id is None:
            raise Refused(_("Kies voor welke organisatie deze rol is."), field="organisation")
        if db.session.get(Organisation, organisation_id) is None:
            raise NotFound
    else:
        organisation_id = None
    has = select(RoleGrant.id).where(
        RoleGrant.person_id == person_id,
        RoleGrant.role == role,
        RoleGrant.organisation_id.is_not_distinct_from(organisation_id),
    )
    if db.session.scalar(has):
        return
    db.session.add(RoleGrant(person_id=person_id, role=role, organisation_id=organisation_id))
    db.session.flush()
    audit.record(RoleGranted(person_id=person_id, role=role, organisation_id=organisation_id), actor=actor, at=now)


def withdraw_role(*, person_id: int, grant_id: int, actor: Actor, now: datetime) -> None:
    """Takes a role from a person, at once: the next page that they open is asked without it.

    Nobody takes the administrator's role from themselves or from the only one who has it: an administrator is left."""
    # Two who withdraw one another would each see that somebody is left: whoever comes second waits, and looks after.
    administrators = db.session.scalars(
        select(RoleGrant.person_id).where(RoleGrant.role == Role.ADMIN).order_by(RoleGrant.id).with_for_update()
    ).all()
    grant = db.session.scalar(select(RoleGrant).where(RoleGrant.id == grant_id, RoleGrant.person_id == person_id))
    if grant is None:
        raise NotFound
    if grant.role == Role.ADMIN and actor.id == person_id:
        raise Refused(_("Je kunt je eigen rol van beheerder niet intrekken. Vraag het een andere beheerder."))
    if grant.role == Role.ADMIN and set(administrators) == {person_id}:
        raise Refused(_("Dit is de enige beheerder. Geef eerst iemand anders die rol."))
    db.session.delete(grant)
    db.session.flush()
    withdrawn = RoleWithdrawn(person_id=person_id, role=grant.role, organisation_id=grant.organisation_id)
    audit.record(withdrawn, actor=actor, at=now)

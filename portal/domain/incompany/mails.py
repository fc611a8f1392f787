"""Mail about in-company trainings."""

from datetime import datetime

from flask import current_app

from portal import mail
from portal.clock import local_date
from portal.domain.accounts.mails import recipient
from portal.domain.accounts.models import Person
from portal.domain.incompany.models import TrainingRequest
from portal.domain.incompany.rules import answer_by
from portal.language import DUTCH, _, day, speaking
from portal.links import link
from portal.mail import Letter, Recipient


def request_received(request: TrainingRequest, contact: Person, course_title: str, now: datetime) -> None:
    """To the asker: it has arrived, and when the answer comes. To the office: there is one."""
    with speaking(contact.language):
        letter = Letter(
            subject=_("Je aanvraag voor %(course)s is binnen", course=course_title),
            paragraphs=(
                _("Dag %(name)s,", name=contact.name),
                _("We hebben je vraag om een training voor je team gekregen."),
                _("Je hoort uiterlijk %(day)s van ons.", day=day(answer_by(local_date(now)))),
            ),
        )
    to = recipient(contact)
    mail.enqueue(letter, kind="incompany.received", to=to, dedupe_key=f"incompany.received:{request.id}", now=now)
    with speaking(DUTCH):
        notice = Letter(
            subject=_("Nieuwe aanvraag in-company: %(course)s", course=course_title),
            paragraphs=(_("Er is een nieuwe aanvraag voor een in-company training."),),
            button=(_("Bekijk de aanvraag"), link(f"/bureau/aanvragen/{request.id}")),
        )
    office = Recipient(current_app.config["PORTAL"].office_mail, _("Bureau"), DUTCH)
    mail.enqueue(notice, kind="incompany.notice", to=office, dedupe_key=f"incompany.notice:{request.id}", now=now)


def planned(request: TrainingRequest, contact: Person, course_title: str, now: datetime) -> None:
    """To the asker: it is planned, and where to enter who takes part."""
    with speaking(contact.language):
        letter = Letter(
            subject=_("%(course)s voor je team is gepland", course=course_title),
            paragraphs=(
                _("Dag %(name)s,", name=contact.name),
                _("De training voor je team staat gepland. Vul op je eigen pagina in wie er meedoen."),
            ),
            button=(
                _("Vul de deelnemers in"),
                link(f"/organisatie/uitvoeringen/{request.edition_id}", contact.language),
            ),
        )
    to = recipient(contact)
    mail.enqueue(
        letter,
        kind="incompany.planned",
        to=to,
        dedupe_key=f"incompany.planned:{request.id}",
        now=now,
        edition_id=request.edition_id,
    )


def declined(request: TrainingRequest, contact: Person, course_title: str, reason: str, now: datetime) -> None:
    """To the asker: it cannot be done, and why."""
    with speaking(contact.language):
        letter = Letter(
            subject=_("Over je aanvraag voor %(course)s", course=course_title),
            paragraphs=(
                _("Dag %(name)s,", name=contact.name),
                _("We kunnen de training voor je team helaas niet geven."),
                reason,
                _("Bel of mail ons gerust, dan kijken we samen wat wel kan."),
            ),
        )
    to = recipient(contact)
    mail.enqueue(letter, kind="incompany.declined", to=to, dedupe_key=f"incompany.declined:{request.id}", now=now)

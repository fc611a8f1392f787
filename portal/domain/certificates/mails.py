"""Mail to who holds a certificate. No attachment, no number, no points: the button leads to a page behind a login."""

from datetime import datetime

from portal import mail
from portal.domain.accounts.mails import recipient
from portal.domain.accounts.models import Person
from portal.domain.certificates.models import Certificate
from portal.language import _, speaking
from portal.links import link
from portal.mail import Letter

OWN_PAGE = "/mijn/certificaten"


def issued(certificate: Certificate, holder: Person, *, course_title: str, edition_id: int, now: datetime) -> None:
    """It is ready."""
    with speaking(holder.language):
        letter = Letter(
            subject=_("Je certificaat voor %(course)s staat klaar", course=course_title),
            paragraphs=(
                _("Dag %(name)s,", name=holder.name),
                _("Je certificaat staat klaar. Log in om het te bekijken en te downloaden."),
            ),
            button=(_("Bekijk je certificaat"), link(OWN_PAGE, holder.language)),
            after=(_("Op het certificaat staat een code. Daarmee kan iedereen nagaan dat het echt is."),),
        )
    _send(letter, "issued", certificate, holder, edition_id, now)


def replaced(certificate: Certificate, holder: Person, *, course_title: str, edition_id: int, now: datetime) -> None:
    """There is a corrected one in its place."""
    with speaking(holder.language):
        letter = Letter(
            subject=_("Je hebt een nieuw certificaat voor %(course)s", course=course_title),
            paragraphs=(
                _("Dag %(name)s,", name=holder.name),
                _("We hebben de naam op je certificaat verbeterd. Gebruik vanaf nu het nieuwe certificaat."),
                _("Het oude geldt niet meer. Wie het controleert, ziet dat het vervangen is."),
            ),
            button=(_("Bekijk je certificaat"), link(OWN_PAGE, holder.language)),
        )
    _send(letter, "replaced", certificate, holder, edition_id, now)


def renewed(certificate: Certificate, holder: Person, *, course_title: str, edition_id: int, now: datetime) -> None:
    """There is a new one, since something was made up."""
    with speaking(holder.language):
        letter = Letter(
            subject=_("Je hebt een nieuw certificaat voor %(course)s", course=course_title),
            paragraphs=(
                _("Dag %(name)s,", name=holder.name),
                _("Je hebt een dagdeel ingehaald. Dat staat nu op je nieuwe certificaat."),
                _("Het oude geldt niet meer. Wie het controleert, ziet dat het vervangen is."),
            ),
            button=(_("Bekijk je certificaat"), link(OWN_PAGE, holder.language)),
        )
    _send(letter, "renewed", certificate, holder, edition_id, now)


def revoked(certificate: Certificate, holder: Person, *, course_title: str, edition_id: int, now: datetime) -> None:
    """It does not hold any more."""
    with speaking(holder.language):
        letter = Letter(
            subject=_("Je certificaat voor %(course)s is ingetrokken", course=course_title),
            paragraphs=(
                _("Dag %(name)s,", name=holder.name),
                _("We hebben je certificaat ingetrokken. Het geldt niet meer."),
                _("Op je eigen pagina lees je waarom. Klopt het niet? Bel of mail ons, dan zoeken we het samen uit."),
            ),
            button=(_("Bekijk je certificaten"), link(OWN_PAGE, holder.language)),
        )
    _send(letter, "revoked", certificate, holder, edition_id, now)


def _send(
    letter: Letter, occasion: str, certificate: Certificate, holder: Person, edition_id: int, now: datetime
) -> None:
    mail.enqueue(
        letter,
        kind=f"certificates.{occasion}",
        to=recipient(holder),
        dedupe_key=f"certificates.{occasion}:{certificate.id}",
        now=now,
        edition_id=edition_id,
    )
